package methods

import (
	"net/http"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const completedReply = `{"type": "response.completed", "response": {"id": "resp_1", "status": "completed", "output": []}}`

// TestLanes checks the choice of the lane, and the form of the request.
func TestLanes(t *testing.T) {
	const function, wrapped = `{"type": "function", "name": "f"}`, `{"type": "namespace", "name": "functions", "description": "Tools of the client.", "tools": [{"type": "function", "name": "f"}]}`
	const user = `{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "x"}]}`
	tests := []struct {
		name, params string
		lite         bool
		want         string // members of the body
		absent       string // members that the body must not have
	}{
		{"a model of the full lane", `{"model": "gpt-5.5", "input": "x", "instructions": "I"}`, false, `{"instructions": "I", "tools": []}`, ""},
		{"an unknown model", `{"model": "other", "input": "x"}`, false, `{"instructions": ""}`, "reasoning"},
		{"a model of the lite lane", `{"model": "gpt-6.2-sol", "input": "x", "instructions": "I"}`, true,
			`{"input": [{"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "I"}]}, ` + user + `],
				"reasoning": {"context": "all_turns"}, "parallel_tool_calls": false, "tool_choice": "auto", "store": false, "stream": true}`, "instructions tools"},
		{"functions", `{"model": "gpt-5.6-luna", "input": "x", "tools": [` + function + `], "reasoning": {"effort": "low"}}`, true,
			`{"input": [{"type": "additional_tools", "role": "developer", "tools": [` + wrapped + `]}, ` + user + `], "reasoning": {"effort": "low", "context": "all_turns"}}`, "tools"},
		{"namespaces and functions", `{"model": "gpt-6-sol", "tools": [{"type": "namespace", "name": "n", "tools": []}, ` + function + `, {"type": "custom", "name": "c"}, {"type": "tool_search", "execution": "client"}]}`, true,
			`{"input": [{"type": "additional_tools", "role": "developer", "tools": [
				{"type": "namespace", "name": "functions", "description": "Tools of the client.", "tools": [` + function + `, {"type": "custom", "name": "c"}]},
				{"type": "namespace", "name": "n", "tools": []}, {"type": "tool_search", "execution": "client"}]}]}`, "tools"},
		{"a hosted tool", `{"model": "gpt-6-sol", "tools": [{"type": "web_search"}]}`, false, `{"tools": [{"type": "web_search"}]}`, ""},
		{"a hosted tool beside the parameters", `{"model": "gpt-6-sol", "extra_body": {"tools": [{"type": "web_search"}]}}`, false, `{"tools": [{"type": "web_search"}]}`, ""},
		{"parallel calls", `{"model": "gpt-6-sol", "tools": [` + function + `], "parallel_tool_calls": true}`, false, `{"parallel_tool_calls": true}`, ""},
		{"lite is false", `{"model": "gpt-6-sol", "lite": false}`, false, `{"instructions": ""}`, ""},
		{"lite is true", `{"model": "other", "lite": true}`, true, `{"input": []}`, "instructions"},
		{"images without detail", `{"model": "gpt-6-sol", "input": [
			{"role": "user", "content": [{"type": "input_image", "detail": "high", "image_url": "u"}, {"type": "input_text", "detail": "x"}]},
			{"type": "function_call_output", "call_id": "c", "output": [{"type": "input_image", "detail": "low", "image_url": "v"}]}]}`, true,
			`{"input": [{"type": "message", "role": "user", "content": [{"type": "input_image", "image_url": "u"}, {"type": "input_text", "detail": "x"}]},
				{"type": "function_call_output", "call_id": "c", "output": [{"type": "input_image", "image_url": "v"}]}]}`, ""},
		{"images with detail", `{"model": "gpt-5.5", "input": [{"role": "user", "content": [{"type": "input_image", "detail": "high"}]}]}`, false,
			`{"input": [{"type": "message", "role": "user", "content": [{"type": "input_image", "detail": "high"}]}]}`, ""},
	}
	for _, test := range tests {
		backend := script(events(completedReply))
		harness(t, backend).result("responses.create", test.params)
		sent := backend.Requests()[0]
		if got := sent.Header.Get(liteHeader) == "true"; got != test.lite {
			t.Errorf("%s: lite lane %t, want %t", test.name, got, test.lite)
		}
		body := parsed(t, sent.Text)
		holds(t, test.name, body, test.want)
		for name := range strings.FieldsSeq(test.absent) {
			if v := body.Get(name); v.Kind() != 0 {
				t.Errorf("%s: sent %s %s", test.name, name, v.Bytes())
			}
		}
	}
}

// TestLaneOfListedModel checks that the account's list overrides the catalog.
func TestLaneOfListedModel(t *testing.T) {
	backend := script(
		jsonReply(`{"models": [{"slug": "new", "use_responses_lite": true}, {"slug": "gpt-6-sol", "use_responses_lite": false}]}`),
		events(completedReply), events(completedReply),
	)
	c := harness(t, backend)
	c.result("models.list", `{}`)
	for i, test := range []struct {
		model string
		lite  string
	}{{"new", "true"}, {"gpt-6-sol", ""}} {
		c.result("responses.create", `{"model": "`+test.model+`"}`)
		if got := backend.Requests()[i+1].Header.Get(liteHeader); got != test.lite {
			t.Errorf("%s: %s is %q, want %q", test.model, liteHeader, got, test.lite)
		}
	}
	f := c.failure("responses.create", `{"model": "gpt-6-sol", "lite": true}`)
	if got := strings.Join(f.paths(), " "); got != "/lite" {
		t.Errorf("faults at %s, want /lite", got)
	}
}

// TestCompactionLane checks that a compaction uses the lane of its model, except for
// models that support both.
func TestCompactionLane(t *testing.T) {
	const done = `{"type": "response.completed", "response": {"id": "r", "status": "completed", "output": [{"type": "compaction", "encrypted_content": "x"}]}}`
	for model, lite := range map[string]string{"gpt-5.5": "", "gpt-5.6-sol": "", "gpt-6-sol": "true"} {
		backend := script(events(done))
		harness(t, backend).result("responses.compact", `{"model": "`+model+`", "input": [], "instructions": "I"}`)
		sent := backend.Requests()[0]
		if got := sent.Header.Get(liteHeader); got != lite {
			t.Errorf("%s: %s is %q, want %q", model, liteHeader, got, lite)
		}
		if !strings.HasSuffix(string(parsed(t, sent.Text).Get("input").Bytes()), `{"type":"compaction_trigger"}]`) {
			t.Errorf("%s: the trigger is not the last item: %s", model, sent.Text)
		}
	}
}

// TestCompactionHeaders checks that the ids in the headers and the body are the
// same, and that the caller's features are kept.
func TestCompactionHeaders(t *testing.T) {
	const session = "0d9af6a0-3a0c-4f0b-8a53-6a2f2f9f5c11"
	const done = `{"type": "response.completed", "response": {"status": "completed", "output": [{"type": "compaction"}]}}`
	backend := script(events(done))
	harness(t, backend).result("responses.compact", `{"input": [{"type": "compaction_trigger"}], "prompt_cache_key": "`+session+`",
		"extra_headers": {"x-codex-BETA-features": " mine, other,", "x-codex-turn-state": "s"}}`)
	sent := backend.Requests()[0]
	body := parsed(t, sent.Text)
	sameJSON(t, "input", string(body.Get("input").Bytes()), `[{"type": "compaction_trigger"}]`)
	metadata := body.Get("client_metadata")
	for name, want := range map[string]string{"session_id": session, "thread_id": session, "x-codex-window-id": session + ":1"} {
		if got, _ := metadata.Get(name).Text(); got != want {
			t.Errorf("client_metadata.%s is %q, want %q", name, got, want)
		}
	}
	turn, _ := metadata.Get("x-codex-turn-metadata").Text()
	for name, want := range map[string]string{
		"Session-Id": session, "X-Codex-Beta-Features": "mine,other,remote_compaction_v2", "X-Codex-Window-Id": session + ":1",
		"X-Codex-Turn-Metadata": turn, turnStateHeader: "",
	} {
		if got := sent.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// TestCompactionOfExtraBody checks that an input in extra_body is sent unchanged,
// with a trigger if it lacks one.
func TestCompactionOfExtraBody(t *testing.T) {
	const trigger = `{"type": "compaction_trigger"}`
	for own, want := range map[string]string{
		`[{"role": "user", "content": "raw"}]`:                  `[{"role": "user", "content": "raw"}, ` + trigger + `]`,
		`[{"role": "user", "content": "raw"}, ` + trigger + `]`: `[{"role": "user", "content": "raw"}, ` + trigger + `]`,
		`[]`: `[` + trigger + `]`,
	} {
		s := script(events(completed(`[{"type": "compaction"}]`)))
		harness(t, s).result("responses.compact", `{"input": [{"role": "user", "content": "x"}], "extra_body": {"input": `+own+`}}`)
		sameJSON(t, own, string(parsed(t, s.Requests()[0].Text).Get("input").Bytes()), want)
	}
}

// TestCompactionOutput checks that the output of a compaction consists of the done
// items of the stream, whichever of them the response has.
func TestCompactionOutput(t *testing.T) {
	const item, message = `{"type": "compaction", "encrypted_content": "x"}`, `{"type": "message", "role": "assistant", "content": []}`
	done := func(item string) string { return `{"type": "response.output_item.done", "item": ` + item + `}` }
	for name, test := range map[string]struct {
		events []string
		want   string
	}{
		"the response repeats nothing": {[]string{done(item), completed(`[]`)}, `[` + item + `]`},
		"it repeats a part":            {[]string{done(message), done(item), completed(`[` + item + `]`)}, `[` + message + `, ` + item + `]`},
		"it repeats another part":      {[]string{done(item), done(message), completed(`[` + message + `]`)}, `[` + item + `, ` + message + `]`},
		"it alone has it":              {[]string{completed(`[` + item + `]`)}, `[` + item + `]`},
	} {
		result := harness(t, script(events(test.events...))).result("responses.compact", `{"input": []}`)
		sameJSON(t, name, string(result.Get("output").Bytes()), test.want)
	}
}

// TestLaneOfExtraBody checks the lane for members of extra_body, which are sent
// unchanged.
func TestLaneOfExtraBody(t *testing.T) {
	const tools, hosted = `"tools": [{"type": "function", "name": "f"}]`, `"tools": [{"type": "web_search"}]`
	for _, test := range []struct {
		extra string
		lite  string // the header by default
		paths string // of the faults if lite is true
	}{
		{`"service_tier": "flex"`, "true", ""},
		{`"reasoning": {"context": "all_turns", "effort": "low"}`, "true", ""},
		{`"tools": [], "instructions": ""`, "true", ""},
		{tools, "", "/extra_body/tools"},
		{`"instructions": "I"`, "", "/extra_body/instructions"},
		{hosted + `, "parallel_tool_calls": true, "instructions": "I", "reasoning": {}`, "",
			"/extra_body/instructions /extra_body/parallel_tool_calls /extra_body/reasoning/context /extra_body/tools /extra_body/tools/0"},
		{`"reasoning": {"effort": "low"}`, "refused", "/extra_body/reasoning/context"},
		{`"model": "gpt-5.5"`, "", "/lite"},
		{`"model": "gpt-6-luna"`, "", ""},
	} {
		s := script(events(completedReply), events(completedReply))
		c := harness(t, s)
		lane := "refused"
		if _, _, failed := c.call("responses.create", `{"model": "gpt-6-sol", "extra_body": {`+test.extra+`}}`); failed == nil {
			lane = s.Requests()[0].Header.Get(liteHeader)
		}
		paths := ""
		if _, _, failed := c.call("responses.create", `{"model": "gpt-6-sol", "lite": true, "extra_body": {`+test.extra+`}}`); failed != nil {
			paths = strings.Join(failed.paths(), " ")
		}
		if lane != test.lite || paths != test.paths {
			t.Errorf("%s: by default %q, want %q; faults at %q, want %q", test.extra, lane, test.lite, paths, test.paths)
		}
	}
}

// TestCompactionFailures checks the errors for responses that are not a compaction.
func TestCompactionFailures(t *testing.T) {
	const item = `{"type": "response.output_item.done", "item": {"type": "compaction", "encrypted_content": "x"}}`
	tests := []struct {
		name   string
		reply  reply
		code   int
		kind   string
		phrase string
	}{
		{"incomplete", events(item, `{"type": "response.incomplete", "response": {"incomplete_details": {"reason": "max_output_tokens"}}}`), CodeResponseFailed, "response_failed", "ended as incomplete (max_output_tokens)"},
		{"cut off", events(item), CodeStreamInterrupted, "stream_interrupted", "before the response was complete"},
		{"failed", events(`{"type": "response.failed", "response": {"error": {"code": "server_error", "message": "Sorry."}}}`), CodeResponseFailed, "response_failed", "Remote compaction v2 failed: Sorry."},
		{"gone", reply{Status: 404, Body: `{"detail": "Not Found"}`}, http.StatusNotFound, "api_error", "Not Found"},
	}
	for _, test := range tests {
		f := harness(t, script(test.reply)).failure("responses.compact", `{"input": []}`)
		if f.Code != test.code || f.kind() != test.kind || !strings.Contains(f.Message, test.phrase) {
			t.Errorf("%s: %d %s %s", test.name, f.Code, f.kind(), f.Message)
		}
	}
}

// TestLooseTools checks that calls of tools outside any namespace have the host's
// namespace for the backend and none for the caller.
func TestLooseTools(t *testing.T) {
	const function = `{"type": "function", "name": "f", "parameters": {}}`
	call := func(namespace string) string {
		return `{"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"` + namespace + `}`
	}
	const ours, another = `, "namespace": "functions"`, `, "namespace": "n"`
	tests := []struct{ name, tools, given, sent, answered, returned string }{
		{"loose", function, "", ours, ours, ""},
		{"in a namespace of the caller", function + `, {"type": "namespace", "name": "n", "tools": []}`, another, another, another, another},
		{"in a namespace of the caller with the same name", `{"type": "namespace", "name": "functions", "tools": [` + function + `]}`, "", "", ours, ours},
	}
	for _, test := range tests {
		done := `{"type": "response.output_item.done", "item": ` + call(test.answered) + `}`
		backend := script(events(done, completedReply), events(done)) // the second stream is interrupted
		caller := harness(t, backend)
		request := `{"model": "gpt-6-sol", "tools": [` + test.tools + `], "input": [` + call(test.given) + `]}`
		result := caller.result("responses.create", request)
		var last rawjson.Value
		for item := range parsed(t, backend.Requests()[0].Text).Get("input").Elements() {
			last = item
		}
		sameJSON(t, test.name+": sent", string(last.Bytes()), call(test.sent))
		sameJSON(t, test.name+": output", string(result.Get("output").Bytes()), "["+call(test.returned)+"]")
		sameJSON(t, test.name+": tool_calls", string(result.Get("tool_calls").Bytes()), "["+call(test.returned)+"]")
		holdsData(t, test.name+": partial", caller.failure("responses.create", request), `{"partial": {"output": [`+call(test.returned)+`], "tool_calls": [`+call(test.returned)+`]}}`)
	}
}
