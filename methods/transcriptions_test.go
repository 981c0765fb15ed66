package methods

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const clip = `"file": {"name": "clip.wav", "data": "UklGRg==", "content_type": "audio/wav"}`

// parts returns the parts of a form as "name=text", the file as
// "name=filename (type) text".
func parts(t *testing.T, r backendtest.Request) (list []string) {
	t.Helper()
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	form := multipart.NewReader(strings.NewReader(r.Text), params["boundary"])
	for {
		part, err := form.NextPart()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		line := part.FormName() + "="
		if part.FileName() != "" {
			line += fmt.Sprintf("%s (%s) ", part.FileName(), part.Header.Get("Content-Type"))
		}
		list = append(list, line+string(text))
	}
}

func TestTranscriptionForm(t *testing.T) {
	dir := t.TempDir()
	name := `odd "näme".wav`
	if runtime.GOOS == "windows" { // quotes are not allowed
		name = `odd 'näme'.wav`
	}
	odd := filepath.Join(dir, name)
	if err := os.WriteFile(odd, []byte("RIFF"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		params string
		want   []string
	}{
		{clip, []string{"model=m", "file=clip.wav (audio/wav) RIFF"}},
		{`"file": {"path": ` + string(rawjson.AppendString(nil, odd)) + `}`, []string{"model=m", "file=" + strings.ReplaceAll(name, `"`, "%22") + " () RIFF"}},
		{clip + `, "stream": false, "temperature": 0.20, "language": null, "prompt": "h\u00e9 \"you\""`,
			[]string{"model=m", "prompt=hé \"you\"", "temperature=0.20", "file=clip.wav (audio/wav) RIFF"}},
		{`"file": {"name": "a.mov", "data": "SUQzBA=="}`, []string{"model=m", "file=a.mp3 (audio/mpeg) ID3\x04"}},
		{`"file": {"name": "a", "data": "UklGRgQAAABXRUJQ", "content_type": "image/webp"}`, []string{"model=m", "file=a (image/webp) RIFF\x04\x00\x00\x00WEBP"}},
		{`"file": {"name": "none.wav", "data": ""}`, []string{"model=m", "file=none.wav () "}},
		{clip + `, "extra_body": {"model": "other", "future": true, "none": null}`,
			[]string{"model=other", "future=true", "file=clip.wav (audio/wav) RIFF"}},
	}
	for _, test := range tests {
		backend := script(jsonReply(`{"text": "hi"}`))
		harness(t, backend).result("audio.transcriptions.create", `{"model": "m", `+test.params+`}`)
		request := backend.Requests()[0]
		if got := parts(t, request); !slices.Equal(got, test.want) {
			t.Errorf("%s\n got %q\nwant %q", test.params, got, test.want)
		}
		if request.ContentLength != int64(len(request.Text)) {
			t.Errorf("%s: announced %d bytes, sent %d", test.params, request.ContentLength, len(request.Text))
		}
	}
}

func TestTranscriptionAnswer(t *testing.T) {
	const html = "Content-Type: text/html; charset=utf-8"
	tests := []struct {
		name, params string
		reply        reply
		result       string // "" for an error
		code         int
		data         string // members of the error
	}{
		{name: "an object", reply: jsonReply(`{"text": "a", "usage": {"seconds": 2.0}}`), result: `{"text": "a", "usage": {"seconds": 2.0}}`},
		{name: "no text", reply: jsonReply(`{"words": []}`), result: `{"words": [], "text": ""}`},
		{name: "JSON for text", params: `, "response_format": "text"`, reply: jsonReply(`{"text": "héllo\n"}`), result: `"héllo\n"`},
		{name: "broken JSON", reply: jsonReply(`{"text"`), code: CodeConnectionError, data: `{"type": "connection_error", "retryable": false}`},
		{name: "no object", reply: jsonReply(`[]`), code: CodeConnectionError, data: `{"type": "connection_error", "retryable": false}`},
		{name: "the route is closed", reply: reply{Status: 403, Header: html, Body: "<html>blocked</html>"}, code: 403,
			data: `{"type": "api_error", "retryable": false, "status": 403, "message": "Forbidden", "body": "<html>blocked</html>"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, result, failed := harness(t, script(test.reply)).call("audio.transcriptions.create", `{"model": "m", `+clip+test.params+`}`)
			switch {
			case test.code != 0 && failed != nil:
				if failed.Code != test.code {
					t.Errorf("code %d, want %d", failed.Code, test.code)
				}
				sameJSON(t, "data", encoded(t, failed.Data), test.data)
			case test.code != 0:
				t.Errorf("no error, but %s", result.Bytes())
			case failed != nil:
				t.Errorf("%+v", failed)
			default:
				sameJSON(t, "result", string(result.Bytes()), test.result)
			}
		})
	}
}
