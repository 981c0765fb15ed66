package openai

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A host is a fake of the host's methods. It answers calls in order, except
// models.list.
type host struct {
	mu      sync.Mutex
	answers []answer
	calls   []call
}

// An answer is the outcome of a call: events, and a result or an error.
type answer struct {
	events []string
	result string
	err    error
}

type call struct{ method, params string }

const modelList = `{"object": "list", "data": [{"id": "gpt-5.5"}, {"id": "gpt-6-sol"}]}`

func (h *host) call(ctx context.Context, method string, params rawjson.Value, report rpc.Reporter) (rawjson.Value, error) {
	if method == "models.list" && len(h.answers) == 0 {
		return parse(modelList), nil
	}
	h.mu.Lock()
	if method == "models.list" && !strings.Contains(h.answers[0].result, "list") {
		h.mu.Unlock()
		return parse(modelList), nil
	}
	h.calls = append(h.calls, call{method, string(params.Bytes())})
	next := h.answers[0]
	h.answers = h.answers[1:]
	h.mu.Unlock()
	if report != nil { // like a stream that waits for its first event
		if err := report.Flush(); err != nil {
			return rawjson.Value{}, err
		}
	}
	for _, event := range next.events {
		if report == nil {
			break
		}
		if err := report.Event(parse(event)); err != nil {
			return rawjson.Value{}, err
		}
		if err := report.Flush(); err != nil {
			return rawjson.Value{}, err
		}
	}
	if next.err != nil {
		return rawjson.Value{}, next.err
	}
	return parse(next.result), nil
}

func parse(text string) rawjson.Value {
	v, err := rawjson.Parse([]byte(text))
	if err != nil {
		panic(fmt.Sprintf("%v: %s", err, text))
	}
	return v
}

func (h *host) api(preferences Preferences) *API {
	return New(Options{Call: h.call, DefaultModel: func() string { return "gpt-5.5" }, Preferences: preferences})
}

// do sends a request to an API as a client over HTTP does.
func do(api http.Handler, method, path, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	func() {
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				panic(p)
			} else if p != nil {
				w.Header().Set("Aborted", "true")
			}
		}()
		api.ServeHTTP(w, r)
	}()
	return w
}

// same reports two JSON texts that differ in value.
func same(t *testing.T, what, got, want string) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal([]byte(got), &g); err != nil {
		t.Errorf("%s: %v: %s", what, err, got)
		return
	}
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		t.Fatalf("%s: %v: %s", what, err, want)
	}
	if !reflect.DeepEqual(g, w) {
		t.Errorf("%s\n got %s\nwant %s", what, got, want)
	}
}

// events returns the data of the events of a stream.
func events(w *httptest.ResponseRecorder) (list []string) {
	text, _ := io.ReadAll(w.Body)
	for line := range strings.Lines(string(text)) {
		if data, ok := strings.CutPrefix(line, "data: "); ok {
			list = append(list, strings.TrimSpace(data))
		}
	}
	return list
}

const message = `{"id": "resp_1", "object": "response", "created_at": 1790000000.5, "model": "gpt-5.5", "status": "completed", "output": [
	{"type": "message", "id": "msg_1", "role": "assistant", "content": [{"type": "output_text", "text": "Hello", "annotations": []}]}],
	"usage": {"input_tokens": 3, "input_tokens_details": {"cached_tokens": 2}, "output_tokens": 1, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 4},
	"output_text": "Hello", "reasoning_summary": null, "tool_calls": []}`
