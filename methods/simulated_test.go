package methods

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/schema"
)

// A simulatedCall is a call, and the value of a member of its result, or of the
// result if member is "".
type simulatedCall struct{ method, params, member, value string }

// TestSimulated calls each method on the simulator and checks that the result
// matches its schema.
func TestSimulated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "report.csv")
	if err := os.WriteFile(path, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	quoted := string(rawjson.AppendString(nil, path))
	c := harness(t, simulated(t, ""))
	tests := []simulatedCall{
		{"responses.create", `{"input": "Hello"}`, "status", `"completed"`},
		{"responses.parse", `{"input": "x", "text_format": {"name": "N", "schema": {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}}}`, "output_parsed", ""},
		{"responses.compact", `{"input": [{"role": "user", "content": "x"}]}`, "object", `"response.compacted"`},
		{"models.list", `{}`, "object", `"list"`},
		{"models.retrieve", `{"model": "gpt-5.5"}`, "id", `"gpt-5.5"`},
		{"embeddings.create", `{"model": "m", "input": "x", "dimensions": 2}`, "model", `"m"`},
		{"embeddings.create", `{"model": "m", "input": ["x", "y"], "encoding_format": "base64"}`, "object", `"list"`},
		{"audio.transcriptions.create", `{"model": "m", "file": {"path": ` + quoted + `}}`, "text", `"This is a mock transcript of report.csv, 8 bytes."`},
		{"audio.transcriptions.create", `{"model": "m", "file": {"name": "a", "data": "AA=="}, "response_format": "text"}`, "", ""},
		{"openai.request", `{"method": "POST", "path": "/v1/chat/completions", "body": {"model": "gpt-4o", "messages": [{"role": "user", "content": "x"}]}}`, "status", `200`},
		{"openai.request", `{"method": "GET", "path": "/none"}`, "status", `404`},
		{"openai.request", `{"method": "POST", "path": "/images/generations", "body": {"prompt": "p"}}`, "status", `200`},
		{"images.generate", `{"prompt": "p", "n": 2}`, "output_format", `"png"`},
		{"images.edit", `{"prompt": "p", "image": [{"path": ` + quoted + `}, "https://example.com/i.png"], "mask": {"file_id": "file_1"}}`, "output_format", `"png"`},
		{"realtime.calls.create_v3", `{"sdp": "v=0\r\n", "session": {"type": "realtime"}}`, "content_type", `"application/sdp"`},
		{"codex.rate_limit_reset_credits.list", `{}`, "available_count", `1`},
		{"codex.rate_limit_reset_credits.consume", `{}`, "code", `"reset"`},
		{"codex.rate_limit_reset_credits.history", `{"cursor": "c"}`, "cursor", `null`},
		{"codex.accounts.check", `{}`, "accounts", ""},
		{"codex.web_search.search", `{"id": "0199a1b2-0000-7000-8000-000000000001", "model": "gpt-5.5", "commands": {"search_query": [{"q": "x"}]}, "max_output_tokens": 100}`, "output", ""},
		{"codex.tasks.create", `{"environment_id": "env_1", "input": "Fix it.", "branch": "main", "best_of_n": 2, "patch": "--- a"}`, "task", ""},
		{"codex.tasks.create", `{"body": {"new_task": {"environment_id": "env_1", "branch": "main"}, "input_items": [{"type": "message", "role": "user", "content": [{"content_type": "text", "text": "x"}]}]}}`, "task", ""},
		{"codex.tasks.cancel", `{"task_id": "task_1"}`, "", ""},
		{"codex.tasks.archive", `{"task_id": "task_1"}`, "", ""},
		{"codex.tasks.recover", `{"task_id": "task_1"}`, "", ""},
		{"codex.tasks.mark_read", `{"task_id": "task_1"}`, "", ""},
		{"codex.tasks.turns.retrieve", `{"task_id": "task_1", "turn_id": "task_1_turn_2"}`, "", ""},
		{"codex.tasks.turns.logs", `{"task_id": "task_1", "turn_id": "task_1_turn_2"}`, "", ""},
		{"codex.tasks.turns.pull_request", `{"task_id": "task_1", "turn_id": "task_1_turn_2"}`, "", ""},
		{"codex.environments.retrieve", `{"environment_id": "env_1"}`, "", ""},
		{"codex.environments.search", `{"query": "e", "limit": 1, "cursor": "c"}`, "items", ""},
		{"codex.environments.by_repo", `{"provider": "github", "owner": "o", "repo": "r"}`, "", ""},
		{"realtime.calls.create", `{"sdp": "v=0\r\n"}`, "content_type", `"application/sdp"`},
		{"realtime_websocket_url", `{"model": "a b&c"}`, "", `"wss://api.openai.com/v1/realtime?model=a+b%26c"`},
		{"realtime_websocket_headers", `{"session_id": "s"}`, "", `{"Authorization": "Bearer key", "OpenAI-Beta": "realtime=v1"}`},
		{"files.upload", `{"file": {"name": "a.csv", "data": "YSxi"}, "finalize_retry_delay": 0}`, "file_size_bytes", `3`},
		{"openai.request", `{"method": "POST", "path": "/files", "headers": {"content-type": "multipart/form-data; boundary=b"},
			"body_base64": "LS1iDQpDb250ZW50LURpc3Bvc2l0aW9uOiBmb3JtLWRhdGE7IG5hbWU9ImZpbGUiOyBmaWxlbmFtZT0iYS5jc3YiDQoNCmEsYg0KLS1iLS0NCg=="}`, "status", `200`},
		{"files.upload", `{"path": ` + quoted + `, "finalize_retry_delay": 0}`, "file_size_bytes", `8`},
		{"codex.usage", `{}`, "plan_type", `"plus"`},
		{"codex.config.requirements", `{}`, "requirements", ""},
		{"codex.tasks.list", `{"limit": 1, "task_filter": "archived", "environment_id": "env_2"}`, "cursor", "null"},
		{"codex.tasks.retrieve", `{"task_id": "task_1"}`, "task", ""},
		{"codex.tasks.turns.list", `{"task_id": "task_1"}`, "current_turn_id", `"task_1_turn_2"`},
		{"codex.tasks.turns.sibling_turns", `{"task_id": "task_1", "turn_id": "task_1_turn_1"}`, "sibling_turns", "[]"},
		{"codex.environments.list", `{}`, "", ""},
		{"codex.memories.list", `{}`, "memory_num_tokens", "12"},
		{"codex.memories.trace_summarize", `{"model": "gpt-5.5", "traces": [{"id": "t", "metadata": {"source_path": "p"}, "items": []}]}`, "output", ""},
		{"codex.user_system_messages.retrieve", `{}`, "enabled", "true"},
		{"authenticate", `{}`, "authenticated", "true"},
		{"account_info", `{}`, "account_id", `"account"`},
		{"logout", `{}`, "", `{"revoked": true}`},
		{"account_info", `{}`, "", `{"authenticated": false, "account_id": null, "email": null, "plan_type": null, "expires_at": null, "auth_mode": null}`},
	}
	for _, m := range c.service.All() { // others are called with their examples
		if !slices.ContainsFunc(tests, func(test simulatedCall) bool { return test.method == m.Name() }) {
			for _, e := range m.Examples() {
				tests = slices.Insert(tests, 0, simulatedCall{m.Name(), e.Params, "", ""}) // the last ones sign out
			}
		}
	}
	for _, test := range tests {
		result := c.result(test.method, test.params)
		if err := fits(schema.Result(test.method), result); err != nil {
			t.Errorf("%s: the result does not match its schema: %v\n%s", test.method, err, result.Bytes())
		}
		got := result
		if test.member != "" {
			got = result.Get(test.member)
		}
		if got.Kind() == 0 {
			t.Errorf("%s: no %s in %s", test.method, test.member, result.Bytes())
		} else if test.value != "" {
			sameJSON(t, test.method, string(got.Bytes()), test.value)
		}
	}
}

func fits(schema []byte, v rawjson.Value) error {
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("urn:result", bytes.NewReader(schema)); err != nil {
		return err
	}
	compiled, err := compiler.Compile("urn:result")
	if err != nil {
		return err
	}
	return compiled.Validate(v.Any())
}

// TestStrictConversation has a conversation with the simulator, which enforces the
// rules of the backend of November 2026 for turns, sessions, compaction and lanes.
func TestStrictConversation(t *testing.T) {
	const (
		tool = `{"type": "function", "name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}`
		one  = `{"role": "user", "content": "What is the weather in Rome?"}`
		two  = one + `, {"role": "assistant", "content": "Sunny."}, {"role": "user", "content": "And tomorrow?"}`
	)
	c := harness(t, simulated(t, ""))
	for _, test := range []struct {
		name, method, params string
		want                 map[string]string
	}{
		{"the start of a turn", "responses.create", `{"input": [` + one + `], "turn": "t", "prompt_cache_key": "k"}`, map[string]string{cached: "0"}},
		{"a continued turn", "responses.create", `{"input": [` + two + `], "turn": "t", "prompt_cache_key": "k"}`, map[string]string{cached: "26"}},
		{"another session", "responses.create", `{"input": [` + two + `], "turn": "t", "prompt_cache_key": "l"}`, map[string]string{cached: "0"}},
		{"compaction in its session", "responses.compact", `{"input": [` + two + `], "prompt_cache_key": "k"}`, map[string]string{"output.0.type": `"compaction"`}},
		{"a system message", "responses.create", `{"input": [{"role": "system", "content": "Be brief."}, ` + one + `]}`, map[string]string{"status": `"completed"`}},
		{"the lite lane", "responses.create", `{"model": "gpt-6.2-sol", "instructions": "Be brief.", "input": [` + one + `], "tools": [` + tool + `]}`,
			map[string]string{"tool_calls.0.name": `"get_weather"`}},
		{"a turn on the lite lane", "responses.create", `{"model": "gpt-5.6-luna", "input": [` + one + `], "turn": "u", "prompt_cache_key": "k"}`, map[string]string{"status": `"completed"`}},
		{"a continued turn on the lite lane", "responses.create", `{"model": "gpt-5.6-luna", "input": [` + two + `], "turn": "u", "prompt_cache_key": "k"}`, map[string]string{cached: "26"}},
		{"compaction on the lite lane", "responses.compact", `{"model": "gpt-6.2-sol", "input": [` + two + `]}`, map[string]string{"output.0.type": `"compaction"`}},
		{"parameters that need the full lane", "responses.create", `{"model": "gpt-5.6-sol", "input": [` + one + `], "tools": [{"type": "web_search"}], "parallel_tool_calls": true}`,
			map[string]string{"output.0.type": `"web_search_call"`}},
	} {
		result := c.result(test.method, test.params)
		for path, want := range test.want {
			if got := string(within(result, path).Bytes()); got != want {
				t.Errorf("%s: %s is %s, want %s", test.name, path, got, want)
			}
		}
	}
	aged := harness(t, simulated(t, "retired=gpt-5.5"))
	aged.service.SetDefaults(Defaults{})
	if got := string(aged.result("responses.create", `{"input": "x"}`).Get("model").Bytes()); got != `"gpt-6.2-sol"` {
		t.Errorf("the substitute for the retired default model is %s", got)
	}
	aged.failure("responses.create", `{"model": "gpt-5.5", "input": "x"}`)
}

const cached = "usage.input_tokens_details.cached_tokens"

// within returns the value at a path of names and indexes separated by dots.
func within(v rawjson.Value, path string) rawjson.Value {
	for step := range strings.SplitSeq(path, ".") {
		if v.Kind() != '[' {
			v = v.Get(step)
			continue
		}
		i, _ := strconv.Atoi(step)
		for element := range v.Elements() {
			if i--; i < 0 {
				v = element
				break
			}
		}
	}
	return v
}
