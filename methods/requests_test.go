package methods

import (
	"context"
	"testing"

	"github.com/codex-rpc/codex-rpc/backend"
)

// TestRequests checks requests and results that the cases of package conformance do
// not cover.
func TestRequests(t *testing.T) {
	tests := []struct {
		name, method, params string
		reply                reply
		target, body         string // of the request, "" for no body
		result               string
	}{
		{"embeddings: missing members", "embeddings.create", `{"model": "m", "input": [[1, 2]], "extra_body": {"model": "n"}, "extra_query": {"a": [1, "b"]}}`,
			jsonReply(`{"data": [{"embedding": [1.50], "index": 0}], "model": "n", "more": 1}`),
			"/v1/embeddings?a=1&a=b", `{"input": [[1, 2]], "model": "n"}`,
			`{"data": [{"embedding": [1.50], "index": 0, "object": "embedding"}], "model": "n", "more": 1, "object": "list", "usage": {"prompt_tokens": 0, "total_tokens": 0}}`},
		{"summaries: both names", "codex.memories.trace_summarize", `{"model": "m", "traces": [], "reasoning": {"effort": "low", "summary": null}}`,
			jsonReply(`{"output": [{"trace_summary": "a"}, {"raw_memory": "b", "memory_summary": "c", "d": 1}], "e": 2}`),
			"/backend-api/codex/memories/trace_summarize", `{"model": "m", "traces": [], "reasoning": {"effort": "low", "summary": null}}`,
			`{"output": [{"trace_summary": "a", "raw_memory": "a", "memory_summary": ""}, {"trace_summary": "b", "raw_memory": "b", "memory_summary": "c", "d": 1}], "e": 2}`},
		{"a call with a session", "realtime.calls.create", `{"sdp": "v=0", "session": {"a": 1}, "extra_body": {"b": 2}}`,
			reply{Status: 201, Header: "Content-Type: application/sdp\nLocation: https://h/v1/realtime/calls/rtc_1?x=/rtc_2", Body: "v=0\r\n"},
			"/backend-api/codex/realtime/calls", `{"sdp": "v=0", "session": {"a": 1}, "b": 2}`,
			`{"text": "v=0\r\n", "content_type": "application/sdp", "call_id": "rtc_1"}`},
		{"a call of version 3 with extra_body", "realtime.calls.create_v3", `{"sdp": "v=0", "session": {"id": "x", "a": 1}, "extra_body": {"b": 2}}`,
			reply{Status: 201, Header: "Content-Type: application/sdp\nLocation: /v1/live/rtc_1/?x=1", Body: "v=0"},
			"/backend-api/codex/realtime/calls?architecture=avas&intent=quicksilver", `{"sdp": "v=0", "session": {"a": 1}, "b": 2}`,
			`{"text": "v=0", "content_type": "application/sdp", "call_id": "rtc_1"}`},
		{"a list of models with an empty extra_body", "models.list", `{"extra_body": {}}`, jsonReply(`{"models": []}`),
			"/backend-api/codex/models?client_version=0.171.0", "", `{"object": "list", "data": [], "etag": null}`},
		{"environments: the default limit of the SDK", "codex.environments.search", `{"query": ""}`, jsonReply(`{"items": []}`),
			"/backend-api/wham/environments/search?limit=20", "", `{"items": []}`},
		{"a call without an id", "realtime.calls.create", `{"sdp": "v=0", "session": {}}`,
			reply{Header: "Content-Type: application/sdp; charset=utf-8\nLocation: /v1/realtime/calls/other", Body: "v=0"},
			"/backend-api/codex/realtime/calls", `{"sdp": "v=0", "session": {}}`,
			`{"text": "v=0", "content_type": "application/sdp; charset=utf-8"}`},
		{"escaped ids", "codex.tasks.turns.sibling_turns", `{"task_id": "a/b?c", "turn_id": "ü"}`, jsonReply(`{"sibling_turns": []}`),
			"/backend-api/wham/tasks/a%2Fb%3Fc/turns/%C3%BC/sibling_turns", "", `{"sibling_turns": []}`},
		{"empty filters", "codex.tasks.list", `{"limit": 5, "cursor": "", "task_filter": null}`, jsonReply(`{"items": []}`),
			"/backend-api/wham/tasks/list?cursor=&limit=5", "", `{"items": []}`},
	}
	for _, test := range tests {
		backend := script(test.reply)
		result := harness(t, backend).result(test.method, test.params)
		sameJSON(t, test.name+": result", string(result.Bytes()), test.result)
		request := backend.Requests()[0]
		if got := request.URL.RequestURI(); got != test.target {
			t.Errorf("%s: sent to %s, want %s", test.name, got, test.target)
		}
		if request.Text == "" || test.body == "" {
			if request.Text != test.body {
				t.Errorf("%s: sent %q, want %q", test.name, request.Text, test.body)
			}
			continue
		}
		sameJSON(t, test.name+": request", request.Text, test.body)
	}
}

func TestUnusableAnswers(t *testing.T) {
	page := reply{Header: "Content-Type: text/html", Body: "<p>Sign in</p>"}
	tests := []struct {
		method, params string
		reply          reply
	}{
		{"responses.compact", `{"input": []}`, jsonReply(`[]`)},
		{"responses.compact", `{"input": []}`, page},
		{"embeddings.create", `{"model": "m", "input": "x"}`, jsonReply(`null`)},
		{"codex.memories.trace_summarize", `{"model": "m", "traces": []}`, jsonReply(`"x"`)},
		{"codex.memories.list", `{}`, page},
		{"realtime.calls.create", `{"sdp": "v=0"}`, page},
	}
	for _, test := range tests {
		failed := harness(t, script(test.reply)).failure(test.method, test.params)
		if failed.Code != CodeConnectionError || failed.kind() != "connection_error" {
			t.Errorf("%s on %s: %+v", test.method, test.reply.Body, failed)
		}
	}
}

func TestRealtimeHeadersWithoutKey(t *testing.T) {
	c := harnessOn(t, backend.Config{Credentials: backend.StaticCredentials(backend.Token{Access: "access", AccountID: "account"})})
	failed := c.failure("realtime_websocket_headers", `{}`)
	if failed.Code != CodeNotAuthenticated || failed.kind() != "not_authenticated" {
		t.Errorf("%+v", failed)
	}
	c = harnessOn(t, backend.Config{Credentials: signedOut{}})
	if failed = c.failure("realtime_websocket_headers", `{}`); failed.Code != CodeNotAuthenticated || failed.Message != "signed out" {
		t.Errorf("%+v", failed)
	}
}

// signedOut is the state without credentials.
type signedOut struct{}

func (signedOut) Token(context.Context) (backend.Token, error) {
	return backend.Token{}, &backend.Error{Kind: backend.ErrNotAuthenticated, Message: "signed out"}
}

func (s signedOut) Refresh(ctx context.Context, _ backend.Token) (backend.Token, error) {
	return s.Token(ctx)
}
