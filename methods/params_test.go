package methods

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/schema"
)

// TestBadParams checks the paths and the messages of faults, and that nothing is
// sent to the backend.
func TestBadParams(t *testing.T) {
	tests := []struct {
		method, params string
		kind           string
		paths          string // of all faults
		message        string // a part of it
	}{
		{"authenticate", `{"method": "sms", "workspace_id": 1}`, "invalid_params", "/method /workspace_id", "(And 1 more"},
		{"authenticate", `{"interactive": false, "force": true}`, "invalid_params", "/force", "Cannot pass force=true with interactive=false."},
		{"authenticate", `{"timeout": 0}`, "invalid_params", "/timeout", "must be > 0"},
		{"account_info", `{"x": 1}`, "invalid_params", "/x", "Unknown parameter: `x`."},
		{"logout", `{"everywhere": true}`, "invalid_params", "/everywhere", "Unknown parameter: `everywhere`."},
		{"responses.create", `{"input": 1}`, "invalid_params", "/input", "expected array or null or object or string, but got number"},
		{"responses.create", `{"inptu": "x"}`, "invalid_params", "/inptu", "Did you mean `input`?"},
		{"responses.create", `{"input": "x", "top_p": 1, "temperature": 0}`, "unsupported_parameter", "/temperature /top_p", "these official Responses parameters: temperature, top_p."},
		{"responses.create", `{"input": "x", "store": true}`, "unsupported_parameter", "/store", "The Codex backend only accepts store=False."},
		{"responses.create", `{"input": "x", "timeout": 0}`, "invalid_params", "/timeout", "must be > 0"},
		{"responses.create", `{"input": "x", "extra_headers": {"Authorization": "x"}}`, "invalid_params", "", "Authorization"},
		{"responses.parse", `{"text_format": {}}`, "invalid_params", "/text_format/name /text_format/schema", "Missing required parameter: `name`. (And 1 more"},
		{"responses.parse", `{"text_format": {"name": "", "schema": {}}}`, "invalid_params", "/text_format/name", "Expected a non-empty value for `name`"},
		{"responses.parse", `{"text_format": {"name": "n", "schema": true}}`, "invalid_params", "/text_format/schema", "expected object, but got boolean"},
		{"responses.parse", `{"text_format": {"name": "n", "schema": {"type": "objekt"}}}`, "invalid_params", "/text_format/schema/type", "The schema of text_format is invalid: `type`: "},
		{"responses.parse", `{"text_format": {"name": "n", "schema": {"$ref": "file:///etc/passwd"}}}`, "invalid_params", "/text_format/schema", "file:///etc/passwd is not within the schema"},
		{"responses.parse", `{"text_format": {"name": "n", "schema": {"$ref": "#/$defs/absent"}}}`, "invalid_params", "/text_format/schema", "/$defs/absent"},
		{"responses.parse", `{"text_format": {"name": "n", "schema": {}}, "text": {"format": {"type": "text"}}}`, "invalid_params", "/text/format", "Cannot pass both text_format and text.format."},
		{"responses.parse", `{"text_format": {"name": "n", "schema": {}}, "moderation": "low", "prompt_cache_options": {}}`, "unsupported_parameter", "/moderation /prompt_cache_options", "parameters: moderation, prompt_cache_options."},
		{"responses.compact", `{"input": [], "extra_body": {"input": "x"}}`, "invalid_params", "/extra_body/input", "must be a list"},
		{"responses.create", `{"model": "gpt-5.5", "lite": true, "parallel_tool_calls": true, "reasoning": {"context": "x"}, "tools": [{"type": "function", "name": "f"}, {"type": "web_search"}, {"type": "namespace", "name": "n", "tools": [{"type": "custom", "name": "c"}, {"type": "mcp"}]}]}`, "invalid_params",
			"/lite /parallel_tool_calls /reasoning/context /tools/1 /tools/2/tools/1", "Responses Lite"},
		{"audio.transcriptions.create", `{"model": "m", "file": {"name": "a", "data": ""}, "stream": true, "keywords": "a"}`, "unsupported_parameter", "/keywords /stream", "The ChatGPT transcription backend does not support: keywords, stream"},
		{"images.generate", `{"prompt": "p", "stream": true}`, "unsupported_parameter", "/stream", "The Codex image backend does not stream images."},
		{"images.edit", `{"prompt": "p", "image": {"image_url": "u", "file_id": "f"}}`, "invalid_params", "/image", "exactly one non-empty"},
		{"images.generate", `{"prompt": "p", "model": ""}`, "invalid_params", "/model", "non-empty"},
		{"images.edit", `{"prompt": "p", "image": ""}`, "invalid_params", "/image", "non-empty"},
		{"codex.web_search.search", `{"id": " ", "model": "m", "input": {}, "originator": " ", "turn_metadata": " "}`, "invalid_params", "/id /input /originator /turn_metadata", "pattern"},
		{"codex.rate_limit_reset_credits.history", `{"cursor": ""}`, "invalid_params", "/cursor", "non-empty"},
		{"images.edit", `{"prompt": "p", "image": ["u", {"name": "a.png", "data": "?"}]}`, "invalid_params", "/image/1/data", "value is not base64"},
		{"images.edit", `{"prompt": "p", "image": "u", "mask": {"path": "/nowhere/m.png"}}`, "file_error", "", "mask file `/nowhere/m.png` does not exist"},
		{"images.edit", `{"prompt": "p", "image": "u", "input_fidelity": "low"}`, "unsupported_parameter", "/input_fidelity", "high input fidelity"},
		{"codex.rate_limit_reset_credits.list", `{"x": 1}`, "invalid_params", "/x", "Unknown parameter"},
		{"codex.rate_limit_reset_credits.history", `{"cursor": 1}`, "invalid_params", "/cursor", "expected string"},
		{"codex.rate_limit_reset_credits.consume", `{"credit_id": ""}`, "invalid_params", "/credit_id", "non-empty when provided"},
		{"codex.accounts.check", `{"x": 1}`, "invalid_params", "/x", "Unknown parameter"},
		{"codex.web_search.search", `{"id": "i", "model": "m", "max_output_tokens": 0}`, "invalid_params", "/max_output_tokens", "positive integer"},
		{"codex.tasks.create", `{"environment_id": "e"}`, "invalid_params", "/input", "Missing required parameter: `input`."},
		{"codex.tasks.create", `{"input": "x"}`, "invalid_params", "/environment_id", "Missing required parameter: `environment_id`."},
		{"codex.tasks.cancel", `{}`, "invalid_params", "/task_id", "Missing required parameter"},
		{"codex.tasks.archive", `{}`, "invalid_params", "/task_id", "Missing required parameter"},
		{"codex.tasks.recover", `{}`, "invalid_params", "/task_id", "Missing required parameter"},
		{"codex.tasks.mark_read", `{}`, "invalid_params", "/task_id", "Missing required parameter"},
		{"codex.tasks.turns.retrieve", `{"task_id": "t"}`, "invalid_params", "/turn_id", "Missing required parameter"},
		{"codex.tasks.turns.logs", `{"task_id": "t"}`, "invalid_params", "/turn_id", "Missing required parameter"},
		{"codex.tasks.turns.pull_request", `{"task_id": "t", "turn_id": "u", "body": 1}`, "invalid_params", "/body", "expected object"},
		{"codex.environments.retrieve", `{"environment_id": ""}`, "invalid_params", "/environment_id", "non-empty"},
		{"codex.environments.search", `{"limit": "x"}`, "invalid_params", "/limit", "expected"},
		{"codex.environments.by_repo", `{"provider": "p", "owner": "o", "repo": ""}`, "invalid_params", "/repo", "non-empty"},
		{"realtime.calls.create_v3", `{"sdp": "", "session": {}}`, "invalid_params", "/sdp", "non-empty"},
		{"openai.request", `{"method": "POST"}`, "invalid_params", "/path", "Missing required parameter: `path`."},
		{"openai.request", `{"method": "POST", "path": "responses"}`, "invalid_params", "/path", "must begin with a slash"},
		{"openai.request", `{"method": "POST", "path": "/files", "body_base64": "?"}`, "invalid_params", "/body_base64", "not base64"},
		{"openai.request", `{"method": "GET", "path": "/models", "unsupported": "x"}`, "invalid_params", "/unsupported", "must be one of"},
		{"models.list", `{"extra_body": {"a": 1}}`, "unsupported_parameter", "/extra_body", "The Codex model catalog does not support a GET request body."},
		{"responses.compact", `{"input": "x"}`, "invalid_params", "/input", "expected array, but got string"},
		{"responses.compact", `{"input": [1], "tools": [{}]}`, "invalid_params", "/input/0 /tools/0/type", "(And 1 more"},
		{"models.list", `{"force_refresh": "yes"}`, "invalid_params", "/force_refresh", "expected boolean, but got string"},
		{"models.retrieve", `{"model": ""}`, "invalid_params", "/model", "Expected a non-empty value for `model` but received ''"},
		{"embeddings.create", `{"model": ""}`, "invalid_params", "/input /model", "(And 1 more"},
		{"embeddings.create", `{"model": "m", "input": [{}], "dimensions": 0}`, "invalid_params", "/dimensions /input/0", "(And 1 more"},
		{"embeddings.create", `{"model": "m", "input": "x", "extra_body": []}`, "invalid_params", "/extra_body", "expected object, but got array"},
		{"audio.transcriptions.create", `{"model": "m"}`, "invalid_params", "/file", "Missing required parameter: `file`."},
		{"audio.transcriptions.create", `{"model": "m", "file": {"path": ""}}`, "invalid_params", "/file/path", "Expected a non-empty value for `path`"},
		{"audio.transcriptions.create", `{"model": "m", "file": {"name": "a", "data": "?"}}`, "invalid_params", "/file/data", "`file/data`: value is not base64"},
		{"audio.transcriptions.create", `{"model": "m", "file": {"name": "a", "data": "", "content_type": "a\r\nb: c"}}`, "invalid_params", "/file/content_type", "does not match pattern"},
		{"audio.transcriptions.create", `{"model": "m", "file": {"path": "/nowhere/a.wav"}}`, "file_error", "", "path `/nowhere/a.wav` does not exist"},
		{"realtime.calls.create", `{"sdp": ""}`, "invalid_params", "/sdp", "Expected a non-empty value for `sdp` but received ''"},
		{"realtime.calls.create", `{"sdp": "v=0", "session": "s"}`, "invalid_params", "/session", "expected object, but got string"},
		{"realtime_websocket_url", `{"model": ""}`, "invalid_params", "/model", "Expected a non-empty value for `model` but received ''"},
		{"realtime_websocket_headers", `{"session_id": 1}`, "invalid_params", "/session_id", "expected string, but got number"},
		{"files.upload", `{}`, "invalid_params", "/path", "Missing required parameter: `path`."},
		{"files.upload", `{"path": "/nowhere/a\nb.csv"}`, "file_error", "", "path `/nowhere/a b.csv` "},
		{"files.upload", `{"path": "a", "finalize_timeout": -1, "finalize_retry_delay": "1"}`, "invalid_params", "/finalize_retry_delay /finalize_timeout", "(And 1 more"},
		{"codex.usage", `{"x": 1}`, "invalid_params", "/x", "Unknown parameter: `x`."},
		{"codex.config.requirements", `{"x": 1}`, "invalid_params", "/x", "Unknown parameter: `x`."},
		{"codex.tasks.list", `{"limit": 1.5, "cursor": 2}`, "invalid_params", "/cursor /limit", "(And 1 more"},
		{"codex.tasks.retrieve", `{"task_id": ""}`, "invalid_params", "/task_id", "Expected a non-empty value for `task_id` but received ''"},
		{"codex.tasks.retrieve", `{"task_id": ".."}`, "invalid_params", "", `".." cannot be used in a path`},
		{"codex.tasks.turns.list", `{}`, "invalid_params", "/task_id", "Missing required parameter: `task_id`."},
		{"codex.tasks.turns.sibling_turns", `{"task_id": "", "turn_id": ""}`, "invalid_params", "/task_id /turn_id", "Expected a non-empty value for `task_id`"},
		{"codex.environments.list", `{"x": 1}`, "invalid_params", "/x", "Unknown parameter: `x`."},
		{"codex.memories.list", `{"timeout": "1"}`, "invalid_params", "/timeout", "expected number, but got string"},
		{"codex.memories.trace_summarize", `{"model": "m", "traces": {}}`, "invalid_params", "/traces", "expected array, but got object"},
		{"codex.memories.trace_summarize", `{"model": "", "traces": [{"items": 1}]}`, "invalid_params", "/model /traces/0/items", "(And 1 more"},
		{"codex.user_system_messages.retrieve", `{"x": 1}`, "invalid_params", "/x", "Unknown parameter: `x`."},
	}
	backend := script()
	c := harness(t, backend)
	for _, m := range c.service.All() {
		params := string(parsed(t, m.Examples()[0].Params).With("unknown", rawjson.Bool(true)).Bytes())
		failed := c.failure(m.Name(), params)
		if failed.Code != -32602 || !slices.Equal(failed.paths(), []string{"/unknown"}) {
			t.Errorf("%s %s\n got %d at %q, want -32602 at /unknown", m.Name(), params, failed.Code, failed.paths())
		}
	}
	for _, test := range tests {
		failed := c.failure(test.method, test.params)
		if failed.Code != -32602 || failed.kind() != test.kind || !strings.Contains(failed.Message, test.message) {
			t.Errorf("%s %s\n got %d %s %s\nwant %s", test.method, test.params, failed.Code, failed.kind(), failed.Message, test.message)
		}
		if strings.ContainsAny(failed.Message, "\r\n") {
			t.Errorf("%s %s: more than one line: %q", test.method, test.params, failed.Message)
		}
		if got, want := failed.paths(), strings.Fields(test.paths); !slices.Equal(got, want) {
			t.Errorf("%s %s: faults at %q, want %q", test.method, test.params, got, want)
		}
	}
	if n := len(backend.Requests()); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// TestWholeNumberParams checks that whole numbers are accepted in any notation. For
// that, package rpc must set the field, which it does for direct fields of the type
// int.
func TestWholeNumberParams(t *testing.T) {
	var find func(of reflect.Type, path string, direct bool)
	seen := make(map[reflect.Type]bool)
	find = func(of reflect.Type, path string, direct bool) {
		switch of.Kind() {
		case reflect.Pointer:
			find(of.Elem(), path, direct)
		case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
			t.Errorf("%s is of the type %s; only int accepts all notations", path, of)
		case reflect.Int:
			if !direct {
				t.Errorf("%s is an int inside another parameter, where 20.0 is not accepted", path)
			}
		case reflect.Slice, reflect.Map:
			find(of.Elem(), path, false)
		case reflect.Struct:
			raw, ok := reflect.New(of).Interface().(interface{ JSONSchemaAlias() any })
			if ok && reflect.TypeOf(raw.JSONSchemaAlias()) == reflect.TypeFor[int]() {
				t.Errorf("%s is an int that is sent in the notation of the caller", path)
			}
			if ok || seen[of] {
				return
			}
			seen[of] = true
			for i := range of.NumField() {
				field := of.Field(i)
				find(field.Type, path+"."+field.Name, direct && (field.Anonymous || field.Type.Kind() != reflect.Struct))
			}
		}
	}
	for _, method := range New(nil, nil, Defaults{}, nil).All() {
		find(method.Params(), method.Name(), true)
	}
	backend := script(reply{Body: `{"items": []}`}, reply{Body: `{"items": []}`})
	c := harness(t, backend)
	for _, limit := range []string{"20.0", "2e1"} {
		if _, _, failed := c.call("codex.tasks.list", `{"limit": `+limit+`}`); failed != nil {
			t.Errorf("limit %s: %+v", limit, failed)
		}
	}
	for _, sent := range backend.Requests() {
		if !strings.Contains(sent.URL.String(), "limit=20") {
			t.Errorf("requested %s", sent.URL)
		}
	}
}

// TestParamsOfAll checks that all methods have the common parameters.
func TestParamsOfAll(t *testing.T) {
	for _, m := range harness(t, script()).service.All() {
		for _, name := range []string{"timeout", "include_headers"} {
			var params struct {
				Properties map[string]any `json:"properties"`
			}
			if err := json.Unmarshal(schema.Params(m.Name()), &params); err != nil {
				t.Fatal(err)
			}
			if params.Properties[name] == nil {
				t.Errorf("%s lacks %s", m.Name(), name)
			}
		}
	}
}
