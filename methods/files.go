package methods

import (
	"cmp"
	"context"
	"errors"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync/atomic"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// FilesUploadParams are the parameters of files.upload.
type FilesUploadParams struct {
	// The path of the file on the server's machine.
	Path string `json:"path,omitempty" jsonschema:"minLength=1,example=report.csv" sdk:"positional"`
	// The file given by content, instead of path.
	File *File `json:"file,omitempty"`
	// Send upload.progress events, at most ten per second.
	Stream bool `json:"stream,omitempty"`
	// Seconds to wait for the backend to accept the file after it was sent.
	FinalizeTimeout *float64 `json:"finalize_timeout,omitempty" jsonschema:"minimum=0,default=30"`
	// Seconds between checks of whether the backend has accepted the file.
	FinalizeRetryDelay *float64 `json:"finalize_retry_delay,omitempty" jsonschema:"minimum=0,default=0.25"`
	CallTimeout
}

// UploadedFile is a file for use by tools.
type UploadedFile struct {
	FileID string `json:"file_id" jsonschema:"example=file_123"`
	// The URI of the file for tools.
	URI           string `json:"uri" jsonschema:"example=sediment://file_123"`
	DownloadURL   string `json:"download_url"`
	FileName      string `json:"file_name" jsonschema:"example=report.csv"`
	FileSizeBytes int64  `json:"file_size_bytes"`
	// The media type reported by the backend, or else derived from the file name.
	MIMEType *string `json:"mime_type" jsonschema:"nullable,example=text/csv"`
	Path     string  `json:"path" jsonschema:"example=report.csv"`
}

// UploadProgress is the event that reports how much of a file has been sent.
type UploadProgress struct {
	Type       string `json:"type" jsonschema:"enum=upload.progress"`
	BytesSent  int64  `json:"bytes_sent"`
	TotalBytes int64  `json:"total_bytes"`
}

// progressInterval is the time between UploadProgress events.
const progressInterval = 100 * time.Millisecond

func (s *Service) uploadFile(ctx context.Context, p *FilesUploadParams, events *rpc.Events) (*rpc.Raw[UploadedFile], error) {
	if !p.Stream {
		events = nil
	}
	given := cmp.Or(p.File, &File{Path: p.Path})
	if given.Path == "" && given.Name == "" {
		return nil, invalidParam("/path", "Missing required parameter: `path`.")
	}
	file, err := given.content(s.files)
	if err != nil {
		return nil, err
	}
	defer file.Close()

	var announced rawjson.Object
	announced.SetString("file_name", file.name)
	announced.Set("file_size", rawjson.Int(file.size))
	announced.SetString("use_case", "codex")
	created, err := s.fetchObject(ctx, post(p.chatGPT("files"), announced.Value()))
	if err != nil {
		return nil, err
	}
	id, target := textOf(created, "file_id"), textOf(created, "upload_url")
	if id == "" || target == "" {
		return nil, unexpected("it has no file_id or no upload_url")
	}
	err = s.send(ctx, &backend.Upload{
		URL:     target,
		Header:  http.Header{"X-Ms-Blob-Type": {"BlockBlob"}},
		Body:    backend.Body{Size: file.size, Open: file.open},
		Timeout: p.duration(),
	}, events)
	var failed *rpc.Error
	switch {
	case errors.As(err, &failed) && failed.Is(rpc.InvalidParams): // the invalid URL is the backend's, not the caller's
		return nil, unexpected("%s", failed.Message)
	case err != nil:
		return nil, err
	}
	accepted, err := s.finalizeUpload(ctx, id, p)
	if err != nil {
		return nil, err
	}
	return rpc.RawOf[UploadedFile](rawjson.MustMarshal(&UploadedFile{
		FileID: id, URI: "sediment://" + id, DownloadURL: textOf(accepted, "download_url"), Path: given.Path,
		FileName: cmp.Or(textOf(accepted, "file_name"), file.name), FileSizeBytes: file.size,
		MIMEType: known(cmp.Or(textOf(accepted, "mime_type"), guessMIMEType(file.name))),
	})), nil
}

// send uploads a body and reports the progress, unless events is nil.
func (s *Service) send(ctx context.Context, upload *backend.Upload, events *rpc.Events) error {
	if events == nil {
		return errorOf(s.client.Upload(ctx, upload))
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// A client that reads slowly must not slow down the upload.
	var sent atomic.Int64
	upload.Progress = sent.Store
	result := make(chan error, 1)
	go func() { result <- s.client.Upload(ctx, upload) }()

	report := func() error {
		return events.Emit(UploadProgress{"upload.progress", sent.Load(), upload.Body.Size})
	}
	tick := time.NewTicker(progressInterval)
	defer tick.Stop()
	for {
		select {
		case err := <-result:
			if err != nil {
				return errorOf(err)
			}
			return report()
		case <-tick.C:
			if err := report(); err != nil {
				cancel()
				<-result // until then the file is read
				return err
			}
		}
	}
}

// finalizeUpload polls the backend until it has processed the uploaded file,
// and returns its response.
func (s *Service) finalizeUpload(ctx context.Context, id string, p *FilesUploadParams) (rawjson.Value, error) {
	deadline := time.Now().Add(seconds(*cmp.Or(p.FinalizeTimeout, new(30.0))))
	delay := seconds(*cmp.Or(p.FinalizeRetryDelay, new(0.25)))
	for {
		v, err := s.fetchObject(ctx, post(p.chatGPT("files", id, "uploaded"), emptyObject))
		if err != nil {
			return v, err
		}
		switch textOf(v, "status") {
		case "success":
			if textOf(v, "download_url") == "" {
				return v, uploadFailed(id, "missing download_url", v)
			}
			return v, nil
		case "retry":
		default:
			return v, uploadFailed(id, cmp.Or(textOf(v, "error_message"), "upload finalization returned an error"), v)
		}
		if !time.Now().Before(deadline) {
			e := Timeout.Errorf("OpenAI file upload for `%s` is not ready yet", brief(id))
			e.Retryable = true
			return v, e
		}
		select {
		case <-time.After(delay):
		case <-ctx.Done():
			return v, context.Cause(ctx)
		}
	}
}

func uploadFailed(id, reason string, report rawjson.Value) *rpc.Error {
	return ResponseFailed.Errorf("OpenAI file upload for `%s` failed: %s", brief(id), brief(reason)).With("error", report)
}

// mimeTypes are the types of common documents. The table of the system is only
// used for others, since it differs between machines.
var mimeTypes = map[string]string{
	".csv":  "text/csv",
	".doc":  "application/msword",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".gif":  "image/gif",
	".htm":  "text/html",
	".html": "text/html",
	".jpeg": "image/jpeg",
	".jpg":  "image/jpeg",
	".json": "application/json",
	".md":   "text/markdown",
	".mp3":  "audio/mpeg",
	".mp4":  "video/mp4",
	".pdf":  "application/pdf",
	".png":  "image/png",
	".ppt":  "application/vnd.ms-powerpoint",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	".py":   "text/x-python",
	".svg":  "image/svg+xml",
	".tar":  "application/x-tar",
	".tsv":  "text/tab-separated-values",
	".txt":  "text/plain",
	".wav":  "audio/x-wav",
	".webp": "image/webp",
	".xls":  "application/vnd.ms-excel",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".xml":  "text/xml",
	".zip":  "application/zip",
}

// guessMIMEType returns the type for a file name, "" if unknown.
func guessMIMEType(name string) string {
	extension := strings.ToLower(path.Ext(name))
	kind, ok := mimeTypes[extension]
	if !ok {
		kind, _, _ = mime.ParseMediaType(mime.TypeByExtension(extension))
	}
	return kind
}
