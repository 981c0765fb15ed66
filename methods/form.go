package methods

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/textproto"
	"strings"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// formBody returns a multipart/form-data body with the members of an object as
// fields. The file is the last part and is read while the body is sent.
func formBody(fields rawjson.Value, file *content) backend.Body {
	var frame bytes.Buffer // to which writes do not fail
	w := multipart.NewWriter(&frame)
	for name, value := range fields.Members() {
		if value.Kind() != 'n' {
			w.WriteField(name, formText(value))
		}
	}
	name := strings.ReplaceAll(file.name, `"`, "%22") // like browsers and httpx
	header := textproto.MIMEHeader{"Content-Disposition": {multipart.FileContentDisposition("file", name)}}
	if file.contentType != "" {
		header.Set("Content-Type", file.contentType)
	}
	w.CreatePart(header)
	split := frame.Len()
	w.Close()
	head, tail := frame.Bytes()[:split], frame.Bytes()[split:]
	return backend.Body{
		ContentType: w.FormDataContentType(),
		Size:        int64(frame.Len()) + file.size,
		Open: func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(bytes.NewReader(head), file.reader(), bytes.NewReader(tail))), nil
		},
	}
}

// formText returns the text of a field: that of a string, or JSON.
func formText(v rawjson.Value) string {
	if text, ok := v.Text(); ok {
		return text
	}
	return string(appendSpaced(nil, v))
}

// appendSpaced appends JSON in the format of Python's json.dumps, which the Python
// SDK uses for fields.
func appendSpaced(dst []byte, v rawjson.Value) []byte {
	separator := ""
	switch v.Kind() {
	case '[':
		dst = append(dst, '[')
		for element := range v.Elements() {
			dst = appendSpaced(append(dst, separator...), element)
			separator = ", "
		}
		return append(dst, ']')
	case '{':
		dst = append(dst, '{')
		for name, value := range v.Members() {
			dst = append(rawjson.AppendString(append(dst, separator...), name), ": "...)
			dst = appendSpaced(dst, value)
			separator = ", "
		}
		return append(dst, '}')
	}
	return v.AppendTo(dst)
}
