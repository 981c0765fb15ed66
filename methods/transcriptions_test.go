package methods

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const clip = `"file": {"name": "clip.wav", "data": "UklGRg==", "content_type": "audio/wav"}`

// parts returns the parts of a form as "name=text", the file as
// "name=filename (type) text".
func parts(t *testing.T, r sentRequest) (list []string) {
	t.Helper()
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	form := multipart.NewReader(strings.NewReader(r.body), params["boundary"])
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
	odd := filepath.Join(dir, `odd "näme".wav`)
	if err := os.WriteFile(odd, []byte("RIFF"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		params string
		want   []string
	}{
		{clip, []string{"model=m", "file=clip.wav (audio/wav) RIFF"}},
		{`"file": {"path": ` + string(rawjson.AppendString(nil, odd)) + `}`, []string{"model=m", `file=odd "näme".wav () RIFF`}},
		{clip + `, "stream": false, "temperature": 0.20, "language": null, "prompt": "h\u00e9 \"you\""`,
			[]string{"model=m", "prompt=hé \"you\"", "stream=false", "temperature=0.20", "file=clip.wav (audio/wav) RIFF"}},
		{clip + `, "timestamp_granularities":["word","segment"], "chunking_strategy":{"type":"server_vad","threshold":1,"é":[]}, "include": []`,
			[]string{"model=m", `chunking_strategy={"type": "server_vad", "threshold": 1, "\u00e9": []}`, "include=[]", `timestamp_granularities=["word", "segment"]`, "file=clip.wav (audio/wav) RIFF"}},
		{clip + `, "extra_body": {"model": "other", "future": true, "none": null}`,
			[]string{"model=other", "future=true", "file=clip.wav (audio/wav) RIFF"}},
	}
	for _, test := range tests {
		backend := &script{replies: []reply{jsonReply(`{"text": "hi"}`)}}
		harness(t, backend).result("audio.transcriptions.create", `{"model": "m", `+test.params+`}`)
		request := backend.sent()[0]
		if got := parts(t, request); !slices.Equal(got, test.want) {
			t.Errorf("%s\n got %q\nwant %q", test.params, got, test.want)
		}
		if request.ContentLength != int64(len(request.body)) {
			t.Errorf("%s: announced %d bytes, sent %d", test.params, request.ContentLength, len(request.body))
		}
	}
}

func TestTranscriptionAnswer(t *testing.T) {
	const done = `{"type": "transcript.text.done", "text": "hello", "usage": {"type": "tokens"}}`
	const plain, html = "Content-Type: text/plain", "Content-Type: text/html; charset=utf-8"
	tests := []struct {
		name, params string
		reply        reply
		events       int
		result       string // or
		code         int
		data         string // with these members of the error
	}{
		{name: "an object", reply: jsonReply(`{"text": "a", "usage": {"seconds": 2.0}}`), result: `{"text": "a", "usage": {"seconds": 2.0}}`},
		{name: "no text", reply: jsonReply(`{"words": []}`), result: `{"words": [], "text": ""}`},
		{name: "a text for text", params: `, "response_format": "text"`, reply: reply{header: plain, body: "héllo\n"}, result: `"héllo\n"`},
		{name: "JSON for text", params: `, "response_format": "vtt"`, reply: jsonReply(`{}`), result: `"{}"`},
		{name: "a text for JSON", reply: reply{header: plain, body: "a"}, result: `"a"`},
		{name: "bytes that are no UTF-8", params: `, "response_format": "srt"`, reply: reply{header: plain, body: "a\xff"}, result: `"a\ufffd"`},
		{name: "broken JSON", reply: jsonReply(`{"text"`), code: CodeConnectionError, data: `{"type": "connection_error", "retryable": false}`},
		{name: "no object", reply: jsonReply(`[]`), code: CodeConnectionError, data: `{"type": "connection_error", "retryable": false}`},
		{name: "a web page", params: `, "response_format": "text"`, reply: reply{header: html, body: "<p>"}, code: CodeConnectionError, data: `{"type": "connection_error", "retryable": false}`},
		{name: "a web page for a stream", params: `, "stream": true`, reply: reply{header: html, body: "<p>"}, code: CodeConnectionError, data: `{"type": "connection_error", "retryable": false}`},
		{name: "a stream", params: `, "stream": true`, reply: events(`{"type": "transcript.text.delta", "delta": "hel"}`, done, "[DONE]"), events: 2,
			result: `{"text": "hello", "usage": {"type": "tokens"}}`},
		{name: "an object for a stream", params: `, "stream": true`, reply: jsonReply(`{"text": "a"}`), result: `{"text": "a"}`},
		{name: "a stream that ends early", params: `, "stream": true`, reply: events(`{"type": "transcript.text.delta", "delta": "h\u00e9"}`, `{"type": "transcript.text.delta", "delta": "l"}`), events: 2,
			code: CodeStreamInterrupted, data: `{"type": "stream_interrupted", "retryable": true, "partial": {"text": "hél"}}`},
		{name: "a stream that fails", params: `, "stream": true`, reply: events(`{"type": "error", "error": {"code": "server_error", "message": "sorry"}}`), events: 1,
			code: CodeResponseFailed, data: `{"type": "response_failed", "retryable": true, "code": "server_error", "error": {"code": "server_error", "message": "sorry"}}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			seen, result, failed := harness(t, &script{replies: []reply{test.reply}}).call("audio.transcriptions.create", `{"model": "m", `+clip+test.params+`}`)
			if len(seen) != test.events {
				t.Errorf("%d events, want %d", len(seen), test.events)
			}
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
