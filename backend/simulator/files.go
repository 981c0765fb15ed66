package simulator

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// upload is a file being uploaded. Its content is not kept.
type upload struct {
	name     string
	size     int64
	complete bool // the whole content was received
	retried  bool // the first attempt to finalize was answered "retry"
}

const maxFile = 512 << 20

func (s *Server) createFile(c *call) error {
	var r struct {
		Name    string `json:"file_name"`
		Size    *int64 `json:"file_size"`
		UseCase string `json:"use_case"`
	}
	if err := c.decode(&r); err != nil {
		return err
	}
	switch {
	case r.Name == "" || r.Size == nil || r.UseCase == "":
		return refuse(http.StatusUnprocessableEntity, "file_name, file_size and use_case are required")
	case *r.Size < 0 || *r.Size > maxFile:
		return refuse(http.StatusRequestEntityTooLarge, "file_size must be from 0 to %d", maxFile)
	}
	id := c.id("file", 0)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[id] = &upload{name: r.Name, size: *r.Size}
	return c.reply(fill("upload", "id", id, "url", c.origin()+"/upload/"+id+"?"+url.Values{"sig": {signature(id)}}.Encode()))
}

// signature authenticates an upload URL. It contains characters that change if a client decodes and encodes the URL.
func signature(id string) string { return hash(id) + "+/=" }

func (c *call) origin() string { return "http://" + c.Host }

// putFile simulates the blob store behind signed URLs, which is independent of accounts.
func (s *Server) putFile(c *call) error {
	id := c.PathValue("file")
	s.mu.Lock()
	file := s.files[id]
	s.mu.Unlock()
	switch {
	case c.Header.Get("Authorization") != "":
		return refuse(http.StatusForbidden, "A signed URL accepts no Authorization header: the token was sent to another host")
	case file == nil || c.URL.Query().Get("sig") != signature(id):
		return refuse(http.StatusForbidden, "Signature did not match")
	case c.Header.Get("x-ms-blob-type") != "BlockBlob":
		return refuse(http.StatusBadRequest, "The header x-ms-blob-type must be BlockBlob")
	case c.ContentLength < 0:
		return refuse(http.StatusLengthRequired, "Content-Length is required")
	case c.ContentLength != file.size:
		return refuse(http.StatusBadRequest, "Content-Length is %d, but the file was announced with %d bytes", c.ContentLength, file.size)
	}
	if _, err := io.Copy(io.Discard, c.Body); err != nil {
		return refuse(http.StatusBadRequest, "The upload was interrupted")
	}
	s.mu.Lock()
	file.complete = true
	s.mu.Unlock()
	c.write(http.StatusCreated, "text/plain", nil)
	return nil
}

// finalizeFile answers "retry" once before it succeeds, as the real backend may while it scans the file.
func (s *Server) finalizeFile(c *call) error {
	id := c.PathValue("file")
	file := s.files[id]
	if file == nil {
		return refuse(http.StatusNotFound, "File not found")
	}
	ready := file.retried
	file.retried = file.complete
	if !ready {
		return c.reply(map[string]string{"status": "retry"})
	}
	return c.reply(fill("file", "name", file.name, "type", mimeType(file.name),
		"url", fmt.Sprintf("%s/download/%s?sig=%s", c.origin(), id, hash(id))))
}

// mimeTypes are independent of the system's table, which differs between machines.
var mimeTypes = map[string]string{
	".csv": "text/csv", ".txt": "text/plain", ".log": "text/plain", ".md": "text/markdown", ".json": "application/json",
	".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
}

func mimeType(name string) string {
	return cmp.Or(mimeTypes[strings.ToLower(path.Ext(name))], "application/octet-stream")
}
