package methods

import (
	"bytes"
	"encoding/base64"
	"io"
)

// File is a file on the server's machine, or one whose content is sent with the
// call.
type File struct {
	Path        string `json:"path"`
	Name        string `json:"name"`
	Data        string `json:"data"`
	ContentType string `json:"content_type"`
}

// JSONSchemaText is the schema of a File.
func (File) JSONSchemaText() string {
	return `{
		"anyOf": [{
			"type": "object",
			"properties": {
				"path": {"type": "string", "minLength": 1, "description": "The file's path on the machine of the server."}
			},
			"required": ["path"],
			"additionalProperties": false
		}, {
			"type": "object",
			"properties": {
				"name": {"type": "string", "minLength": 1, "description": "The name of the file. Its extension determines the format."},
				"data": {"type": "string", "contentEncoding": "base64", "description": "The content of the file in base64."},
				"content_type": {"type": "string", "pattern": "^[!-~]+( [!-~]+)*$", "description": "The media type."}
			},
			"required": ["name", "data"],
			"additionalProperties": false
		}],
		"examples": [{"path": "meeting.wav"}, {"name": "clip.wav", "data": "UklGRg==", "content_type": "audio/wav"}]
	}`
}

// content opens the content of the file. The caller closes it.
func (f *File) content(root fileRoot) (*content, error) {
	if f.Path != "" {
		return root.open(f.Path)
	}
	data, err := base64.StdEncoding.DecodeString(f.Data)
	if err != nil {
		return nil, invalidParam("/file/data", "`file/data` is not base64: %v.", err)
	}
	return &content{
		ReaderAt: bytes.NewReader(data), Closer: io.NopCloser(nil),
		name: f.Name, contentType: f.ContentType, size: int64(len(data)),
	}, nil
}

// A content is the content of a file. It can be read any number of times.
type content struct {
	io.ReaderAt
	io.Closer
	path        string // empty if the content was sent with the call
	name        string
	contentType string // "" if unknown
	size        int64
}

// maxFileBytes is the limit of the backend.
const maxFileBytes = 512 << 20

// reader returns a reader of the content from its start. Data that is appended to
// the file later is not read.
func (c *content) reader() io.Reader {
	return &contentReader{io.NewSectionReader(c.ReaderAt, 0, c.size), c.path}
}

// open implements [backend.Body].Open.
func (c *content) open() (io.ReadCloser, error) { return io.NopCloser(c.reader()), nil }

type contentReader struct {
	*io.SectionReader
	path string
}

// Read fails if the file has become shorter than its announced size.
func (r *contentReader) Read(p []byte) (int, error) {
	n, err := r.SectionReader.Read(p)
	if err == nil {
		return n, nil
	}
	if at, _ := r.Seek(0, io.SeekCurrent); err == io.EOF && at < r.Size() {
		return n, fileError("file `%s` was truncated while it was being read", r.path)
	}
	if err != io.EOF {
		err = fileError("path `%s` cannot be read: %v", r.path, cause(err))
	}
	return n, err
}
