package methods

import (
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// TestNullAnywhere checks that null is accepted at every depth of tools, items and
// formats, as the official packages send it, and is passed on.
func TestNullAnywhere(t *testing.T) {
	for _, test := range []struct{ member, given, sent string }{
		{"tools", `[{"type": "function", "name": "f", "description": null, "parameters": null, "strict": null}]`, ""},
		{"tools", `[{"type": "web_search", "name": null, "filters": null}]`, ""},
		{"tools", `[{"type": "namespace", "name": "n", "description": null, "tools": [{"type": "function", "name": "f", "strict": null}]}]`, ""},
		{"tools", `[{"type": "function", "name": "f", "parameters": {"type": "object", "properties": null}}]`, ""},
		{"tools", `[{"type": null, "name": "f"}]`, ""},
		{"text", `{"format": {"type": null}}`, ""},
		{"input", `[{"type": "message", "role": "user", "content": [null], "id": null}]`, ""},
		{"input", `[{"type": "function_call_output", "call_id": "c", "output": null, "id": null, "role": null, "content": null}]`, ""},
		{"input", `[{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "x", "annotations": null}]}]`, ""},
		{"input", `[{"type": null, "role": "user", "content": null}]`, `[{"type": "message", "role": "user", "content": null}]`},
		{"text", `{"verbosity": null, "format": null}`, ""},
		{"text", `{"format": {"type": "json_schema", "name": null, "schema": null, "strict": null, "description": null}}`,
			`{"format": {"type": "json_schema", "name": "output", "schema": null, "strict": null}}`},
	} {
		for _, method := range []string{"responses.create", "responses.compact"} {
			backend := script(events(`{"type": "response.output_item.done", "item": {"type": "compaction", "id": "c", "encrypted_content": "e"}}`, completed(`[]`)))
			input := `"input": [], `
			if test.member == "input" {
				input = ""
			}
			harness(t, backend).result(method, `{`+input+`"`+test.member+`": `+test.given+`}`)
			posted, err := rawjson.Parse([]byte(backend.Requests()[0].Text))
			if err != nil {
				t.Fatal(err)
			}
			want := test.sent
			if want == "" {
				want = test.given
			}
			if method == "responses.compact" && test.member == "input" {
				want = want[:len(want)-1] + `, {"type": "compaction_trigger"}]`
			}
			sameJSON(t, method+" with "+test.given, string(posted.Get(test.member).Bytes()), want)
		}
	}
}

// TestNullIsOmitted checks that null means omitted in the parameters of this
// protocol.
func TestNullIsOmitted(t *testing.T) {
	backend := script(
		events(completed(`[{"type": "message", "content": [{"type": "output_text", "text": "{}"}]}]`)),
		jsonReply(`{"output": []}`), jsonReply(`{"text": "t"}`), events(completed(`[]`)),
	)
	c := harness(t, backend)
	failed := c.failure("responses.parse", `{"input": "x", "text_format": {"name": null, "schema": {}}}`)
	if failed.Message != "Missing required parameter: `name`." {
		t.Error(failed.Message)
	}
	c.result("responses.parse", `{"input": "x", "text_format": {"name": "n", "schema": {}, "strict": null, "description": null}}`)
	c.result("codex.memories.trace_summarize", `{"model": "m", "traces": [{"id": null, "metadata": {"source_path": null}, "items": null}]}`)
	c.result("audio.transcriptions.create", `{"model": "m", "file": {"path": null, "name": "a.wav", "data": "UklG", "content_type": null}}`)
	c.result("responses.create", `{"input": "x", "extra_headers": {"X-A": null, "X-B": ""}, "extra_query": {"a": null, "b": "c"}}`)
	last := backend.Requests()[3]
	_, a := last.Header["X-A"]
	_, b := last.Header["X-B"]
	if a || !b || last.URL.RawQuery != "b=c" {
		t.Errorf("sent ?%s with %v", last.URL.RawQuery, last.Header)
	}
}
