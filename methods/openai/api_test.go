package openai

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"mime/multipart"
	"runtime"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc"
)

// TestResponsesRequest checks the call for a request of a response, and the
// headers of the answer that name the model and the dropped parameters.
func TestResponsesRequest(t *testing.T) {
	tests := []struct{ name, body, want, dropped, model string }{
		{"as it is", `{"model": "gpt-6-sol", "input": [{"role": "user", "content": "x", "n": 1.50}], "instructions": "I", "reasoning": {"effort": "low"}}`,
			`{"model": "gpt-6-sol", "input": [{"role": "user", "content": "x", "n": 1.50}], "instructions": "I", "reasoning": {"effort": "low"}}`, "", "gpt-6-sol"},
		{"a model that the account does not have", `{"model": "gpt-4o", "input": "x"}`, `{"input": [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "x"}]}]}`, "", "gpt-5.5"},
		{"an alias", `{"model": "gpt-4.1", "input": []}`, `{"model": "gpt-6-sol", "input": []}`, "", "gpt-6-sol"},
		{"no model", `{}`, `{}`, "", "gpt-5.5"},
		{"what is dropped", `{"temperature": 0.2, "top_p": 1, "max_output_tokens": 5, "store": true, "metadata": {"a": "b"}, "user": "u", "truncation": "auto", "background": false, "service_tier": "default", "include": ["reasoning.encrypted_content", "file_search_call.results"]}`,
			`{"include": ["reasoning.encrypted_content"]}`, "max_output_tokens, metadata, store, temperature, top_p, truncation, user, include: file_search_call.results", "gpt-5.5"},
	}
	for _, test := range tests {
		h := &host{answers: []answer{{result: message}}}
		w := do(h.api(Preferences{Aliases: map[string]string{"gpt-4.1": "gpt-6-sol"}}), "POST", "/v1/responses", test.body)
		if w.Code != 200 || len(h.calls) != 1 {
			t.Errorf("%s: %d %s", test.name, w.Code, w.Body)
			continue
		}
		same(t, test.name, h.calls[0].params, test.want)
		if got := w.Header().Get("X-Codex-Rpc-Dropped"); got != test.dropped {
			t.Errorf("%s: dropped %q, want %q", test.name, got, test.dropped)
		}
		if got := w.Header().Get("X-Codex-Rpc-Model"); got != test.model {
			t.Errorf("%s: model %q, want %q", test.name, got, test.model)
		}
		if got := parse(w.Body.String()); got.Get("output_text").Kind() != 0 || stringOf(got, "id") != "resp_1" {
			t.Errorf("%s: answered %s", test.name, got.Bytes())
		}
	}
}

// TestRefusals checks the errors for requests that are not supported.
func TestRefusals(t *testing.T) {
	strict := Preferences{RefuseUnknownModels: true, RefuseUnsupported: true}
	tests := []struct {
		name, method, path, body string
		options                  Preferences
		status                   int
		code, param              string
	}{
		{"another path", "GET", "/v1/assistants", "", Preferences{}, 404, "unknown_url", ""},
		{"another method", "GET", "/v1/embeddings", "", Preferences{}, 404, "unknown_url", ""},
		{"background", "POST", "/v1/responses", `{"background": true}`, Preferences{}, 400, "unsupported_parameter", "background"},
		{"log probabilities", "POST", "/v1/responses", `{"include": ["message.output_text.logprobs"]}`, Preferences{}, 400, "unsupported_parameter", "include"},
		{"a conversation", "POST", "/v1/responses", `{"conversation": "conv_1"}`, Preferences{}, 404, "conversation_not_found", "conversation"},
		{"an unknown response", "POST", "/v1/responses", `{"previous_response_id": "resp_0"}`, Preferences{}, 400, "previous_response_not_found", "previous_response_id"},
		{"an unknown item", "POST", "/v1/responses", `{"input": [{"role": "user", "content": "x"}, {"type": "item_reference", "id": "msg_0"}]}`, Preferences{}, 404, "item_not_found", "input[1]"},
		{"messages that are no array", "POST", "/v1/chat/completions", `{"messages": "x"}`, Preferences{}, 400, "invalid_type", "messages"},
		{"an empty list of messages", "POST", "/v1/chat/completions", `{"messages": []}`, Preferences{}, 400, "empty_array", "messages"},
		{"a model that is no name", "POST", "/v1/responses", `{"model": ["gpt-5.5"]}`, Preferences{}, 400, "invalid_type", "model"},
		{"a previous response that is no id", "POST", "/v1/responses", `{"previous_response_id": 1}`, Preferences{}, 400, "invalid_type", "previous_response_id"},
		{"strict: an unknown parameter", "POST", "/v1/chat/completions", `{"messages": [{"role": "user", "content": "x"}], "top_k": 1}`, strict, 400, "unsupported_parameter", "top_k"},
		{"no such response", "GET", "/v1/responses/resp_0", "", Preferences{}, 404, "response_not_found", ""},
		{"no such response to delete", "DELETE", "/v1/responses/resp_0", "", Preferences{}, 404, "response_not_found", ""},
		{"strict: a model", "POST", "/v1/responses", `{"model": "gpt-4o"}`, strict, 404, "model_not_found", "model"},
		{"strict: a parameter", "POST", "/v1/responses", `{"user": "u"}`, strict, 400, "unsupported_parameter", "user"},
		{"a form without a file", "POST", "/v1/audio/transcriptions", `x`, Preferences{}, 400, "", ""},
	}
	for _, test := range tests {
		w := do((&host{}).api(test.options), test.method, test.path, test.body)
		e := parse(w.Body.String()).Get("error")
		if w.Code != test.status || stringOf(e, "code") != test.code || stringOf(e, "param") != test.param || stringOf(e, "type") != "invalid_request_error" {
			t.Errorf("%s: %d %s", test.name, w.Code, e.Bytes())
		}
		if id := w.Header().Get("X-Request-Id"); !strings.HasPrefix(id, "req_") {
			t.Errorf("%s: the request id is %q", test.name, id)
		}
	}
}

// TestErrors checks the conversion of the host's errors.
func TestErrors(t *testing.T) {
	apiError := func(status int, retryable bool, data map[string]any) *rpc.Error {
		return &rpc.Error{Code: status, Type: "api_error", Message: "M", Retryable: retryable, Data: data}
	}
	tests := []struct {
		name        string
		err         *rpc.Error
		status      int
		kind, code  string
		param, once string // x-should-retry
		after       string // retry-after
	}{
		{"a limit", apiError(429, true, map[string]any{"code": "rate_limit_exceeded", "retry_after": 1.5}), 429, "rate_limit_error", "rate_limit_exceeded", "", "false", "1.5"},
		{"the backend's own type", apiError(400, false, map[string]any{"code": "c", "body": json.RawMessage(`{"error": {"type": "t"}}`)}), 400, "t", "c", "", "", ""},
		{"parameters", rpc.InvalidParams.Errorf("M").With("errors", []rpc.Fault{{Path: "/input/0/content"}}), 400, "invalid_request_error", "", "input[0].content", "", ""},
		{"not signed in", (rpc.Kind{Code: 401, Type: "not_authenticated"}).Errorf("M"), 401, "authentication_error", "not_authenticated", "", "", ""},
		{"too many calls", rpc.Overloaded.Errorf("M").With("retry_after_ms", int64(100)), 429, "rate_limit_error", "overloaded", "", "", "0.1"},
		{"a failed response", (rpc.Kind{Code: -32013, Type: "response_failed"}).Errorf("M").With("code", "context_length_exceeded"), 400, "invalid_request_error", "context_length_exceeded", "", "", ""},
		{"an event of failure", (rpc.Kind{Code: -32013, Type: "response_failed"}).Errorf("M").With("code", "c").With("error", parse(`{"type":"error","code":"c","message":"M"}`)), 400, "invalid_request_error", "c", "", "", ""},
		{"a transient failure", &rpc.Error{Code: -32013, Type: "response_failed", Message: "M", Retryable: true}, 500, "server_error", "response_failed", "", "false", ""},
		{"the backend's fault", apiError(503, true, nil), 503, "server_error", "", "", "false", ""},
		{"an internal error", rpc.InternalError.Errorf("M"), 500, "server_error", "internal_error", "", "false", ""},
		{"no connection", (rpc.Kind{Code: -32010, Type: "connection_error"}).Errorf("M"), 502, "server_error", "connection_error", "", "false", ""},
		{"no answer in time", (rpc.Kind{Code: -32011, Type: "timeout"}).Errorf("M"), 504, "server_error", "timeout", "", "false", ""},
	}
	for _, test := range tests {
		h := &host{answers: []answer{{err: test.err}}}
		w := do(h.api(Preferences{}), "POST", "/v1/responses", `{}`)
		e := parse(w.Body.String()).Get("error")
		if w.Code != test.status || stringOf(e, "message") != "M" || stringOf(e, "type") != test.kind || stringOf(e, "code") != test.code || stringOf(e, "param") != test.param {
			t.Errorf("%s: %d %s", test.name, w.Code, e.Bytes())
		}
		if got := w.Header().Get("X-Should-Retry"); got != test.once {
			t.Errorf("%s: x-should-retry %q", test.name, got)
		}
		if id := w.Header().Get("X-Request-Id"); !strings.HasPrefix(id, "req_") {
			t.Errorf("%s: the request id is %q", test.name, id)
		}
		if got := w.Header().Get("Retry-After"); got != test.after {
			t.Errorf("%s: retry-after %q", test.name, got)
		}
	}
}

// TestStreams checks that a stream ends normally only if it is complete.
func TestStreams(t *testing.T) {
	created, delta := `{"type": "response.created", "response": {}}`, `{"type": "response.output_text.delta", "item_id": "m", "delta": "h\u00e9\u2028"}`
	failed := `{"type": "response.failed", "response": {"error": {"code": "server_error"}}}`
	cut := (rpc.Kind{Code: -32012, Type: "stream_interrupted"}).Errorf("It broke off.")
	tests := []struct {
		name, path string
		answer     answer
		want       []string // parts of the events
		aborted    bool
	}{
		{"whole", "/v1/responses", answer{events: []string{created, delta}, result: message}, []string{created, delta}, false},
		{"with events of the backend's own", "/v1/responses", answer{events: []string{`{"type": "codex.rate_limits"}`, created, delta, `{"type": "response.metadata", "headers": {}}`}, result: message}, []string{created, delta}, false},
		{"cut", "/v1/responses", answer{events: []string{created}, err: cut}, []string{created, `{"error":{"message":"It broke off."`}, true},
		{"failed in the backend's words", "/v1/responses", answer{events: []string{created, failed}, err: (rpc.Kind{Code: -32013, Type: "response_failed"}).Errorf("M")}, []string{created, failed}, false},
		{"chat, cut", "/v1/chat/completions", answer{events: []string{created, delta}, err: cut}, []string{`"role":"assistant"`, `"content":"h`, `{"error":{"message":"It broke off."`}, true},
		{"chat, failed", "/v1/chat/completions", answer{events: []string{created, failed}, err: (rpc.Kind{Code: -32013, Type: "response_failed"}).Errorf("M").With("code", "c")}, []string{`{"error":{"message":"M"`}, false},
		{"cut before it began", "/v1/responses", answer{err: cut}, nil, false},
	}
	for _, test := range tests {
		h := &host{answers: []answer{test.answer}}
		w := do(h.api(Preferences{}), "POST", test.path, `{"messages": `+hi+`, "input": "x", "stream": true}`)
		if test.want == nil {
			if w.Code != 502 {
				t.Errorf("%s: %d %s", test.name, w.Code, w.Body)
			}
			continue
		}
		list := events(w)
		if len(list) != len(test.want) {
			t.Errorf("%s: %q", test.name, list)
			continue
		}
		for i, want := range test.want {
			if got := string(parse(list[i]).AppendTo(nil)); !strings.Contains(got, want) && got != string(parse(pad(want)).AppendTo(nil)) {
				t.Errorf("%s: event %d is %s, want %s", test.name, i, got, want)
			}
		}
		if got := w.Header().Get("Aborted") == "true"; got != test.aborted {
			t.Errorf("%s: aborted %t", test.name, got)
		}
	}
}

// pad returns a part of an event as JSON.
func pad(text string) string {
	if strings.HasSuffix(text, "}") {
		return text
	}
	return `""`
}

// TestMemory checks requests that refer to earlier responses and items.
func TestMemory(t *testing.T) {
	answered := func(id, previous string) answer {
		return answer{result: fmt.Sprintf(`{"id": %q, "model": "m", "output": [{"type": "message", "id": "msg_of_%s", "content": [{"type": "output_text", "text": "a"}]}]}`, id, id)}
	}
	h := &host{answers: []answer{answered("r1", ""), answered("r2", "r1"), answered("r3", "")}}
	api := h.api(Preferences{})
	for _, body := range []string{
		`{"input": "one"}`,
		`{"input": [{"role": "user", "content": "two"}], "previous_response_id": "r1"}`,
		`{"input": [{"type": "item_reference", "id": "msg_of_r1"}, {"id": "msg_of_r2"}], "previous_response_id": null}`,
	} {
		if w := do(api, "POST", "/v1/responses", body); w.Code != 200 {
			t.Fatalf("%s: %s", body, w.Body)
		}
	}
	const one, ofR1, ofR2 = `{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "one"}]}`,
		`{"type": "message", "id": "msg_of_r1", "content": [{"type": "output_text", "text": "a"}]}`, `{"type": "message", "id": "msg_of_r2", "content": [{"type": "output_text", "text": "a"}]}`
	same(t, "after a response", h.calls[1].params, `{"input": [`+one+`, `+ofR1+`, {"role": "user", "content": "two"}]}`)
	same(t, "references", h.calls[2].params, `{"input": [`+ofR1+`, `+ofR2+`]}`)

	w := do(api, "GET", "/v1/responses/r2", "")
	if got := parse(w.Body.String()); stringOf(got, "previous_response_id") != "r1" || stringOf(got, "id") != "r2" {
		t.Errorf("r2 is %s", got.Bytes())
	}
	items := parse(do(api, "GET", "/v1/responses/r2/input_items?limit=1", "").Body.String())
	if id := stringOf(items, "first_id"); !strings.HasPrefix(id, "msg_") || items.Get("has_more").Kind() != 'f' {
		t.Errorf("items are %s", items.Bytes())
	}
	for item := range items.Get("data").Elements() {
		same(t, "a short message, listed", string(item.Without("id").Bytes()), `{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "two"}]}`)
	}
	same(t, "deleted", do(api, "DELETE", "/v1/responses/r1", "").Body.String(), `{"id": "r1", "object": "response", "deleted": true}`)
	if w := do(api, "POST", "/v1/responses", `{"input": "x", "previous_response_id": "r2"}`); w.Code != 400 || !strings.Contains(w.Body.String(), "'r1' not found") {
		t.Errorf("after a deletion in its history: %d %s", w.Code, w.Body)
	}
}

// TestMemoryOfSharedItem checks that an item is found as long as one response has
// it, whichever was deleted before.
func TestMemoryOfSharedItem(t *testing.T) {
	const item = `{"role": "user", "content": "x", "id": "msg_1"}`
	for _, order := range [][]string{{"r0", "r1", "r2"}, {"r2", "r1", "r0"}, {"r1", "r2", "r0"}} {
		h := &host{answers: []answer{{result: `{"id": "r0", "output": []}`}, {result: `{"id": "r1", "output": []}`}, {result: `{"id": "r2", "output": []}`}}}
		api := h.api(Preferences{})
		for range h.answers {
			do(api, "POST", "/v1/responses", `{"input": [`+item+`, `+item+`]}`)
		}
		for i, id := range order {
			if found := api.memory.item("msg_1"); string(found.Bytes()) != item {
				t.Errorf("%v: with %d deleted the item is %q", order, i, found.Bytes())
			}
			do(api, "DELETE", "/v1/responses/"+id, "")
		}
		if found := api.memory.item("msg_1"); found.Kind() != 0 || len(api.memory.byItem) != 0 {
			t.Errorf("%v: all are deleted, and the item is %s", order, found.Bytes())
		}
	}
}

// TestMemoryOfLongConversation checks that a conversation keeps its whole history
// when its first responses are evicted, and that both are freed together.
func TestMemoryOfLongConversation(t *testing.T) {
	const turns = maxRemembered + 10
	h := &host{}
	api := h.api(Preferences{})
	for i := range turns {
		h.answers = append(h.answers, answer{result: fmt.Sprintf(`{"id": "r%d", "output": [{"id": "m%d"}]}`, i, i)})
		body := fmt.Sprintf(`{"input": "q", "previous_response_id": "r%d"}`, i-1)
		if i == 0 {
			body = `{"input": "q"}`
		}
		if w := do(api, "POST", "/v1/responses", body); w.Code != 200 {
			t.Fatalf("turn %d: %s", i, w.Body)
		}
	}
	items := 0
	for range parse(h.calls[turns-1].params).Get("input").Elements() {
		items++
	}
	if items != 2*turns-1 {
		t.Errorf("the last turn sent %d items of %d", items, 2*turns-1)
	}
	if w := do(api, "GET", "/v1/responses/r0", ""); w.Code != 404 || len(api.memory.byID) != maxRemembered {
		t.Errorf("the first response: %d, of %d that are remembered", w.Code, len(api.memory.byID))
	}
	for id := range api.memory.byID {
		api.memory.delete(id)
	}
	if api.memory.bytes != 0 || len(api.memory.texts) != 0 || len(api.memory.byItem) != 0 {
		t.Errorf("%d bytes, %d texts, %d items are left", api.memory.bytes, len(api.memory.texts), len(api.memory.byItem))
	}
}

// TestMemoryIsBounded checks the bounds of the memory, and that the least recently
// used responses are evicted.
func TestMemoryIsBounded(t *testing.T) {
	var m memory
	response := func(id string, size int) *entry {
		return &entry{id: id, response: parse(`{"id": "` + id + `", "output": [{"id": "item_of_` + id + `", "x": "` + strings.Repeat("x", size) + `"}]}`)}
	}
	for i := range maxRemembered + 10 {
		m.add(response(fmt.Sprint(i), 10))
		m.find("0")
	}
	if m.find("0") == nil || m.find("5") != nil || m.recent.Len() != maxRemembered || m.item("item_of_5").Kind() != 0 {
		t.Errorf("%d are remembered", m.recent.Len())
	}
	for i := range 100 {
		m.add(response(fmt.Sprint("large", i), 1<<20))
	}
	if m.bytes > maxRememberedBytes || m.find("large99") == nil || m.find("0") != nil {
		t.Errorf("%d bytes in %d responses", m.bytes, m.recent.Len())
	}
	m.add(response("too large", maxRememberedBytes))
	if m.find("too large") != nil || m.find("large99") == nil {
		t.Error("a response that is too large evicts others")
	}
	for m.recent.Len() > 0 {
		m.delete(m.recent.Front().Value.(*entry).id)
	}
	if m.bytes != 0 || len(m.byID) != 0 || len(m.byItem) != 0 {
		t.Errorf("%d bytes, %d responses, %d items are left", m.bytes, len(m.byID), len(m.byItem))
	}
}

// TestMemoryOfOneConversation checks that items that a program sends with every
// turn are stored once, and remain as long as an entry has them.
func TestMemoryOfOneConversation(t *testing.T) {
	const turns, size = 50, 10 << 10
	var m memory
	var sent []string
	for i := range turns {
		sent = append(sent, fmt.Sprintf(`{"id": "msg_%d", "x": "%s"}`, i, strings.Repeat("x", size)))
		e := &entry{id: fmt.Sprint(i), response: parse(`{"output": []}`)}
		for n, text := range sent {
			item := inputItem{Value: parse(text)}
			if item.id = fmt.Sprintf("msg_%d", n); n == 0 && i%2 == 1 {
				item.Value = parse(strings.Replace(text, "x", "y", 1)) // differs from the shared one
			}
			e.input = append(e.input, item)
		}
		m.add(e)
	}
	if most := (turns + 2) * size * 2; m.bytes > most {
		t.Errorf("%d bytes for a conversation of %d", m.bytes, turns*size)
	}
	for i := range turns - 1 {
		m.delete(fmt.Sprint(i))
	}
	last, history, missing := m.history(fmt.Sprint(turns - 1))
	if len(history) != turns {
		t.Fatalf("%d items, %s is missing", len(history), missing)
	}
	m.release(last)
	for i, item := range history[1:] {
		same(t, "item", string(item.Bytes()), sent[i+1])
	}
	m.delete(fmt.Sprint(turns - 1))
	if m.bytes != 0 || len(m.texts) != 0 || len(m.byItem) != 0 {
		t.Errorf("%d bytes, %d texts and %d items are left", m.bytes, len(m.texts), len(m.byItem))
	}
}

// TestMemorySize compares the counted bytes with the heap. The items
// are short, so that most of the memory is overhead.
func TestMemorySize(t *testing.T) {
	heap := func() int {
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return int(stats.HeapAlloc)
	}
	const turns, items = 200, 200
	for name, step := range map[string]int{"the same items": 0, "new items": items} {
		before := heap()
		var m memory
		for i := range turns {
			e := &entry{id: fmt.Sprint(i), response: parse(`{"output": []}`)}
			for n := range items {
				item := parse(fmt.Sprintf(`{"n": %d}`, i*step+n))
				e.input = append(e.input, inputItem{Value: item, id: idOf(item)})
			}
			m.add(e)
		}
		if held := heap() - before; held > m.bytes+m.bytes/4 {
			t.Errorf("%s: %d bytes are held, %d counted", name, held, m.bytes)
		}
		runtime.KeepAlive(&m)
	}
}

// TestForms checks the parameters that forms with files are converted to.
func TestForms(t *testing.T) {
	tests := []struct {
		path           string
		fields         [][2]string
		result         string
		method, params string
		answer         string
	}{
		{"/v1/audio/transcriptions", [][2]string{{"file", "RIFF"}, {"model", "whisper-1"}, {"temperature", "0.5"}, {"response_format", "text"}}, `"said"`,
			"audio.transcriptions.create", `{"model": "whisper-1", "temperature": 0.5, "response_format": "text", "file": {"name": "a.bin", "data": "UklGRg=="}}`, `"said"`},
		{"/v1/audio/transcriptions", [][2]string{{"file", "RIFF"}, {"model", "m"}, {"stream", "true"}}, `{"text": "said", "usage": {"type": "tokens", "total_tokens": 3}}`,
			"audio.transcriptions.create", `{"model": "m", "file": {"name": "a.bin", "data": "UklGRg=="}}`,
			"data: {\"type\":\"transcript.text.delta\",\"delta\":\"said\"}\n\n" +
				"data: {\"type\":\"transcript.text.done\",\"text\":\"said\",\"usage\":{\"type\": \"tokens\", \"total_tokens\": 3}}\n\n"},
		{"/v1/audio/transcriptions", [][2]string{{"file", "RIFF"}, {"model", "m"}, {"stream", "true"}, {"response_format", "text"}}, `"said"`,
			"audio.transcriptions.create", `{"model": "m", "response_format": "text", "file": {"name": "a.bin", "data": "UklGRg=="}}`,
			"data: {\"type\":\"transcript.text.delta\",\"delta\":\"said\"}\n\n" +
				"data: {\"type\":\"transcript.text.done\",\"text\":\"said\"}\n\n"},
		{"/v1/audio/transcriptions", [][2]string{{"file", "RIFF"}, {"model", "m"}, {"stream", "false"}}, `{"text": "said"}`,
			"audio.transcriptions.create", `{"model": "m", "stream": false, "file": {"name": "a.bin", "data": "UklGRg=="}}`, `{"text": "said"}`},
		{"/v1/images/edits", [][2]string{{"image[]", "A"}, {"image[]", "B"}, {"mask", "M"}, {"prompt", "p"}, {"n", "2"}, {"user", "somebody"}, {"input_fidelity", "high"}}, `{"data": []}`,
			"images.edit", `{"prompt": "p", "n": 2, "mask": {"name": "a.bin", "data": "TQ=="}, "image": [{"name": "a.bin", "data": "QQ=="}, {"name": "a.bin", "data": "Qg=="}]}`, `{"data": []}`},
		{"/v1/files", [][2]string{{"purpose", "user_data"}, {"file", "x"}, {"expires_after[anchor]", "created_at"}, {"expires_after[seconds]", "3600"}}, `{"file_id": "file_1", "file_size_bytes": 1, "file_name": "a.bin"}`,
			"files.upload", `{"file": {"name": "a.bin", "data": "eA=="}}`, ""},
	}
	for _, test := range tests {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		for _, field := range test.fields {
			if len(field[1]) <= 4 && strings.ToUpper(field[1]) == field[1] && field[0] != "n" && field[0] != "temperature" || field[0] == "file" {
				part, _ := form.CreateFormFile(field[0], "a.bin")
				part.Write([]byte(field[1]))
				continue
			}
			form.WriteField(field[0], field[1])
		}
		form.Close()
		h := &host{answers: []answer{{result: test.result}}}
		w := do(h.api(Preferences{}), "POST", test.path, body.String(), "Content-Type", form.FormDataContentType())
		if w.Code != 200 || len(h.calls) != 1 || h.calls[0].method != test.method {
			t.Errorf("%s: %d %s", test.path, w.Code, w.Body)
			continue
		}
		same(t, test.path, h.calls[0].params, test.params)
		if test.path == "/v1/files" {
			if got := parse(w.Body.String()); stringOf(got, "id") != "file_1" || stringOf(got, "object") != "file" {
				t.Errorf("%s: %s", test.path, got.Bytes())
			}
			if got := w.Header().Get(droppedHeader); got != "expires_after" {
				t.Errorf("%s: dropped %q", test.path, got)
			}
		} else if got := w.Body.String(); strings.Trim(test.answer, `"`) != got {
			t.Errorf("%s: %s", test.path, got)
		}
	}
}

// TestMediaDropped checks that unsupported parameters of images are dropped.
func TestMediaDropped(t *testing.T) {
	const body = `{"prompt": "p", "user": "u", "moderation": "low", "style": "vivid", "output_compression": 80, "safety_identifier": "s", "n": 2}`
	h := &host{answers: []answer{{result: `{"data": []}`}}}
	w := do(h.api(Preferences{}), "POST", "/v1/images/generations", body)
	if got := w.Header().Get(droppedHeader); w.Code != 200 || got != "moderation, output_compression, safety_identifier, style, user" {
		t.Fatalf("%d %s, dropped %q", w.Code, w.Body, got)
	}
	same(t, "an image", h.calls[0].params, `{"prompt": "p", "n": 2}`)
	if w := do(h.api(Preferences{RefuseUnsupported: true}), "POST", "/v1/images/generations", body); w.Code != 400 {
		t.Errorf("strict: %d %s", w.Code, w.Body)
	}
}

// TestLoggedOnce checks that each dropped parameter and replaced model is logged
// once.
func TestLoggedOnce(t *testing.T) {
	var log bytes.Buffer
	h := &host{}
	api := New(Options{Call: h.call, DefaultModel: func() string { return "gpt-5.5" }, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	for range 3 {
		h.answers = []answer{{result: message}}
		do(api, "POST", "/v1/responses", `{"model": "gpt-4o", "user": "u"}`)
	}
	if got := log.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, "parameter=user") || !strings.Contains(got, "model=gpt-4o default=gpt-5.5") {
		t.Errorf("the log is %s", got)
	}
}

// TestLooseTools checks that calls in a stream have the namespace that the program
// gave their tools.
func TestLooseTools(t *testing.T) {
	const item, bare = `{"type": "function_call", "name": "f", "namespace": "functions"}`, `{"type": "function_call", "name": "f"}`
	tests := []struct{ tools, want string }{
		{`{"type": "function", "name": "f"}`, bare},
		{`{"type": "namespace", "name": "functions", "tools": []}`, item},
	}
	for _, test := range tests {
		h := &host{answers: []answer{{result: message, events: []string{
			`{"type": "response.output_item.done", "item": ` + item + `}`,
			`{"type": "response.completed", "response": {"id": "r", "output": [` + item + `, {"type": "message", "namespace": "n"}]}}`,
		}}}}
		list := events(do(h.api(Preferences{}), "POST", "/v1/responses", `{"stream": true, "tools": [`+test.tools+`]}`))
		same(t, "an item", list[0], `{"type": "response.output_item.done", "item": `+test.want+`}`)
		same(t, "a response", list[1], `{"type": "response.completed", "response": {"id": "r", "output": [`+test.want+`, {"type": "message", "namespace": "n"}]}}`)
	}
}
