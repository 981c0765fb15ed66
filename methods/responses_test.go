package methods

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	begun   = `{"type": "response.created", "response": {"id": "resp_1", "status": "in_progress", "model": "served"}}`
	ended   = `{"type": "response.completed", "response": {"id": "resp_1"}}`
	hello   = `{"type": "response.output_text.delta", "delta": "h\u00e9"}`
	message = `{"type": "response.output_item.done", "item": {"type": "message", "content": [{"type": "output_text", "text": "done"}]}}`
)

// TestCollect checks the responses that are collected from streams. Members that
// want does not have are not compared.
func TestCollect(t *testing.T) {
	tests := []struct {
		name   string
		events []string
		want   string
	}{
		{"only the end", []string{ended},
			`{"id": "resp_1", "object": "response", "status": "completed", "model": "gpt-5.5", "instructions": "", "tools": [], "tool_choice": "none",
				"parallel_tool_calls": false, "output": [], "output_text": "", "reasoning_summary": null, "tool_calls": [],
				"usage": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0,
					"input_tokens_details": {"cached_tokens": null, "cache_write_tokens": 0, "reasoning_tokens": 0},
					"output_tokens_details": {"cached_tokens": null, "cache_write_tokens": 0, "reasoning_tokens": 0}}}`},
		{"an end without a response", []string{`{"type": "response.completed"}`}, `{"id": "", "status": "completed"}`},
		{"the end overrides earlier events", []string{begun, hello, message, `{"type": "response.completed", "response": {"id": "resp_2", "future": 9007199254740993, "model": null, "output": [{"type": "other"}]}}`},
			`{"id": "resp_2", "future": 9007199254740993, "model": null, "output": [{"type": "other"}], "output_text": ""}`},
		{"deltas alone", []string{hello, `{"type": "response.content_part.delta", "delta": {"text": "\n\"x\""}}`, `{"type": "response.output_text.delta"}`, ended},
			`{"output": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "hé\n\"x\""}]}], "output_text": "hé\n\"x\""}`},
		{"deltas and their message", []string{hello, message, ended}, `{"output_text": "done"}`},
		{"a message and deltas without one", []string{message, hello, ended}, `{"output_text": "done"}`},
		{"all kinds of items", []string{
			`{"type": "response.output_item.done", "item": {"type": "reasoning", "summary": [{"type": "summary_text", "text": "a\\"}, {"text": ""}, {"text": "b"}]}}`,
			`{"type": "response.output_item.done", "item": {"type": "function_call", "name": "f", "call_id": "c"}}`,
			`{"type": "response.output_item.done", "item": null}`,
			message,
			`{"type": "response.output_item.done", "item": {"type": "function_call", "name": "g"}}`, ended},
			`{"output_text": "done", "reasoning_summary": "a\\\nb", "tool_calls": [{"type": "function_call", "name": "f", "call_id": "c"}, {"type": "function_call", "name": "g"}]}`},
		{"an incomplete one", []string{`{"type": "response.incomplete", "response": {"incomplete_details": {"reason": "max_output_tokens"}}}`},
			`{"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}`},
		{"derived members sent by the backend", []string{`{"type": "response.completed", "response": {"output_text": "x", "tool_calls": 1, "usage": null}}`},
			`{"output_text": "", "tool_calls": [], "usage": {"total_tokens": 0}}`},
		{"invalid and unknown events", []string{`[]`, `not JSON`, `{"type": 1}`, `{"type": "response.new"}`, hello, ended}, `{"output_text": "hé"}`},
		{"escaped names and types", []string{`{"\u0074ype": "response.output_text\u002edelta", "d\u0065lta": "h\u00e9"}`, `{"\u0074ype": "response\u002ecompleted"}`},
			`{"output_text": "hé", "status": "completed"}`},
		{"events after the end", []string{ended, message, `{"type": "error"}`}, `{"output_text": "", "status": "completed"}`},
	}
	for _, test := range tests {
		for _, params := range []string{`{"input": "x"}`, `{"input": "x", "stream": true}`} {
			_, result, failed := harness(t, script(events(test.events...))).call("responses.create", params)
			if failed != nil {
				t.Errorf("%s: %+v", test.name, failed)
				continue
			}
			holds(t, test.name, result, test.want)
		}
	}
}

// holds reports members of want that are missing in got or have another value.
func holds(t *testing.T, what string, got rawjson.Value, want string) {
	t.Helper()
	v, err := rawjson.Parse([]byte(want))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range v.Members() {
		switch have := got.Get(name); {
		case have.Kind() == 0:
			t.Errorf("%s: no %s", what, name)
		case value.Kind() == '{':
			holds(t, what+": "+name, have, string(value.Bytes()))
		default:
			sameJSON(t, what+": "+name, string(have.Bytes()), string(value.Bytes()))
		}
	}
}

// holdsData does the same for the data of an error.
func holdsData(t *testing.T, what string, failed *failure, want string) {
	t.Helper()
	data, err := rawjson.Parse([]byte(encoded(t, failed.Data)))
	if err != nil {
		t.Fatal(err)
	}
	holds(t, what, data, want)
}

func TestCollectFailures(t *testing.T) {
	tests := []struct {
		name    string
		events  []string
		code    int
		message string
		data    string
	}{
		{"cut off", []string{begun, message, hello}, CodeStreamInterrupted, "The backend's stream ended before the response was complete.",
			`{"type": "stream_interrupted", "retryable": true, "partial": {"id": "resp_1", "status": "in_progress", "model": "served", "output_text": "donehé"}}`},
		{"empty", nil, CodeStreamInterrupted, "The backend's stream ended before the response was complete.",
			`{"partial": {"id": "", "status": "in_progress", "output": []}}`},
		{"failed", []string{`{"type": "response.failed", "response": {"error": {"code": "server_error", "message": "sor\nry"}}}`}, CodeResponseFailed, "sor ry",
			`{"type": "response_failed", "retryable": true, "error": {"code": "server_error", "message": "sor\nry"}}`},
		{"failed permanently", []string{`{"type": "response.failed", "response": {"error": {"code": "context_length_exceeded", "message": "too long"}}}`}, CodeResponseFailed, "too long",
			`{"retryable": false}`},
		{"an error as the backend sends it", []string{hello, `{"type": "error", "error": {"message": "no"}}`}, CodeResponseFailed, "no", `{"error": {"message": "no"}}`},
		{"an error as the API documents it", []string{`{"type": "error", "code": "invalid_prompt", "message": "no"}`}, CodeResponseFailed, "no", `{"retryable": false, "error": {"code": "invalid_prompt"}}`},
		{"an error that is a string", []string{`{"type": "error", "error": "no"}`}, CodeResponseFailed, "no", `{"error": "no"}`},
		{"an error without details", []string{`{"type": "response.failed"}`}, CodeResponseFailed, "Response failed", `{"retryable": true}`},
		{"an error that echoes a key", []string{`{"type": "error", "error": {"message": "bad key sk-abcdefgh"}}`}, CodeResponseFailed, "bad key [redacted]", `{}`},
	}
	for _, test := range tests {
		seen, _, failed := harness(t, script(events(test.events...))).call("responses.create", `{"input": "x", "stream": true}`)
		if failed == nil || failed.Code != test.code || failed.Message != test.message {
			t.Errorf("%s: %+v", test.name, failed)
			continue
		}
		if len(seen) != len(test.events) {
			t.Errorf("%s: %d events, want %d", test.name, len(seen), len(test.events))
		}
		holdsData(t, test.name, failed, test.data)
	}
}

// TestEndlessStream checks that an endless stream is ended.
func TestEndlessStream(t *testing.T) {
	event := "data: {\"type\": \"response.output_text.delta\", \"delta\": \"" + strings.Repeat("x", 8<<20) + "\"}\n\n"
	endless := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for r.Context().Err() == nil {
			io.WriteString(w, event)
		}
	})
	_, _, failed := harness(t, endless).call("responses.create", `{"input": "x"}`)
	if failed == nil || failed.kind() != "connection_error" || !strings.Contains(failed.Message, "128 MiB") {
		t.Errorf("got %+v", failed)
	}
}

func TestEventTypes(t *testing.T) {
	stream := reply{Header: "Content-Type: text/event-stream", Body: "event: response.output_text.delta\ndata: {\"delta\": \"a\"}\n\n" +
		"data: {\"delta\": \"b\"}\n\nevent: other\ndata: {\"type\": null}\n\nevent: response.completed\ndata: {}\n\n"}
	seen, result, failed := harness(t, script(stream)).call("responses.create", `{"stream": true}`)
	if failed != nil {
		t.Fatalf("%+v", failed)
	}
	var got []string
	for _, event := range seen {
		got = append(got, string(event.Bytes()))
	}
	sameJSON(t, "events", "["+strings.Join(got, ",")+"]",
		`[{"type": "response.output_text.delta", "delta": "a"}, {"type": "message", "delta": "b"}, {"type": null}, {"type": "response.completed"}]`)
	holds(t, "result", result, `{"output_text": "a"}`)
}

func TestNormalize(t *testing.T) {
	tests := []struct{ name, params, want string }{ // want: members of the request
		{"nothing", `{}`, `{"model": "gpt-5.5", "instructions": "", "input": [], "tools": [], "tool_choice": "none", "parallel_tool_calls": false, "store": false, "stream": true, "include": []}`},
		{"nulls", `{"model": null, "input": null, "tools": null, "tool_choice": null, "store": null, "temperature": null}`, `{"model": "gpt-5.5", "input": [], "tools": [], "tool_choice": "none"}`},
		{"a text", `{"input": "h\u00e9"}`, `{"input": [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hé"}]}]}`},
		{"a message", `{"input": {"role": "developer", "content": ["a", {"type": "input_image"}]}}`,
			`{"input": [{"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "a"}, {"type": "input_image"}]}]}`},
		{"an output message", `{"input": [{"role": "assistant", "content": "a", "id": "msg_1"}]}`,
			`{"input": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}], "id": "msg_1"}]}`},
		{"a message without content", `{"input": [{"role": "user"}, {"role": "user", "type": "message", "content": null}]}`,
			`{"input": [{"type": "message", "role": "user", "content": []}, {"type": "message", "role": "user", "content": null}]}`},
		{"other items", `{"input": [{"type": "function_call_output", "call_id": "c", "output": "1"}, {"type": "reasoning", "role": "x"}, {"content": "y"}]}`,
			`{"input": [{"type": "function_call_output", "call_id": "c", "output": "1"}, {"type": "reasoning", "role": "x"}, {"content": "y"}]}`},
		{"tools", `{"tools": [{"type": "web_search", "size": 1.0}, {"type": "function", "name": "f"}], "parallel_tool_calls": true}`,
			`{"tools": [{"type": "web_search", "size": 1.0}, {"type": "function", "name": "f"}], "tool_choice": "auto", "parallel_tool_calls": true}`},
		{"tools with nulls", `{"tools": [{"type": "function", "name": "f", "description": null, "parameters": null, "strict": null}]}`,
			`{"tools": [{"type": "function", "name": "f", "description": null, "parameters": null, "strict": null}]}`},
		{"a choice of tools", `{"tools": [{"type": "custom"}], "tool_choice": {"type": "custom"}}`, `{"tool_choice": {"type": "custom"}, "parallel_tool_calls": false}`},
		{"a choice without tools", `{"tools": [], "tool_choice": "required", "parallel_tool_calls": true}`, `{"tool_choice": "none", "parallel_tool_calls": false}`},
		{"reasoning", `{"reasoning": {"effort": "low", "summary": null, "future": 1}}`, `{"reasoning": {"effort": "low", "future": 1}}`},
		{"a format named by itself", `{"text": {"format": {"type": "json_schema", "name": "N", "schema": {"type": "object"}, "strict": false}}}`,
			`{"text": {"format": {"type": "json_schema", "name": "N", "schema": {"type": "object", "title": "N"}, "strict": false}}}`},
		{"a format named by its schema", `{"text": {"format": {"type": "json_schema", "schema": {"title": "T"}}}}`, `{"text": {"format": {"type": "json_schema", "name": "T", "schema": {"title": "T"}, "strict": true}}}`},
		{"a format without a name", `{"text": {"verbosity": "low", "format": {"type": "json_schema", "schema": {}}}}`,
			`{"text": {"verbosity": "low", "format": {"type": "json_schema", "name": "output", "schema": {}, "strict": true}}}`},
		{"another format", `{"text": {"format": {"type": "json_object", "x": 1}}}`, `{"text": {"format": {"type": "json_object", "x": 1}}}`},
		{"the rest", `{"model": "m", "instructions": "i", "include": ["a"], "prompt_cache_key": "k", "service_tier": "flex"}`,
			`{"model": "m", "instructions": "i", "include": ["a"], "prompt_cache_key": "k", "service_tier": "flex"}`},
	}
	for _, test := range tests {
		backend := script(events(ended))
		harness(t, backend).result("responses.create", test.params)
		posted, err := rawjson.Parse([]byte(backend.Requests()[0].Text))
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		holds(t, test.name, posted, test.want)
	}
}

func TestDefaults(t *testing.T) {
	backend := script(events(ended), events(ended), events(ended))
	c := harness(t, backend)
	c.service.SetDefaults(Defaults{Model: "n", Instructions: "Be brief."})
	for _, test := range []struct{ params, want string }{
		{`{}`, `{"model": "n", "instructions": "Be brief."}`},
		{`{"model": "m", "instructions": ""}`, `{"model": "m", "instructions": ""}`},
		{`{"instructions": null}`, `{"instructions": "Be brief."}`},
	} {
		result := c.result("responses.create", test.params)
		sent := backend.Requests()
		posted, err := rawjson.Parse([]byte(sent[len(sent)-1].Text))
		if err != nil {
			t.Fatal(err)
		}
		holds(t, test.params, posted, test.want)
		holds(t, test.params, result, test.want)
	}
}

// TestFailureHidesSecrets checks that a secret in the report of a failure is
// redacted.
func TestFailureHidesSecrets(t *testing.T) {
	failed := `{"type": "response.failed", "response": {"error": {"code": "x", "message": "no\naccess", "detail": {"sent": "Bearer abcdefghij"}}}}`
	_, _, failure := harness(t, script(events(failed))).call("responses.create", `{"input": "x"}`)
	if failure == nil || failure.Message != "no [redacted]" {
		t.Fatalf("%+v", failure)
	}
	holdsData(t, "error", failure, `{"error": {"code": "x", "message": "no\n[redacted]", "detail": {"sent": "Bearer [redacted]"}}}`)
}
