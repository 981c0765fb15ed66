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

// formBody returns a body of the type multipart/form-data, with the members of
// an object as fields and a file as the last part, which is read while it is
// sent.
func formBody(fields rawjson.Value, file *content) backend.Body {
	// Nothing here can fail: a buffer takes everything.
	var frame bytes.Buffer
	w := multipart.NewWriter(&frame)
	for name, value := range fields.Members() {
		if value.Kind() == 'n' {
			continue
		}
		w.WriteField(name, formText(value))
	}
	header := textproto.MIMEHeader{"Content-Disposition": {multipart.FileContentDisposition("file", strings.ReplaceAll(file.name, `"`, "%22"))}} // a quote as in browsers and httpx
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

// formText returns a value as a field holds it: a string as it is, all else as
// JSON.
func formText(v rawjson.Value) string {
	if text, ok := v.Text(); ok {
		return text
	}
	return string(appendSpaced(nil, v))
}

// appendSpaced appends JSON to the letter as Python's json.dumps writes it, as
// the fields of the Python SDK are.
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
