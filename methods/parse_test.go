package methods

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

func TestStrictSchema(t *testing.T) {
	tests := []struct{ name, schema, want string }{
		{"an object", `{"type": "object"}`, `{"type": "object", "additionalProperties": false}`},
		{"an open object", `{"type": "object", "additionalProperties": true}`, `{"type": "object", "additionalProperties": true}`},
		{"an object or null", `{"type": ["object", "null"]}`, `{"type": ["object", "null"]}`},
		{"no object", `{"type": "string", "title": "T"}`, `{"type": "string", "title": "T"}`},
		{"properties", `{"type": "object", "properties": {"a": {"type": "object"}, "b": true}}`,
			`{"type": "object", "properties": {"a": {"type": "object", "additionalProperties": false}, "b": true}, "additionalProperties": false}`},
		{"properties without a type", `{"properties": {"a": {"type": "object"}}}`, `{"properties": {"a": {"type": "object"}}}`},
		{"items", `{"type": "array", "items": {"type": "object"}}`, `{"type": "array", "items": {"type": "object", "additionalProperties": false}}`},
		{"a list of items", `{"items": [{"type": "object"}]}`, `{"items": [{"type": "object"}]}`},
		{"choices", `{"anyOf": [{"type": "object"}, true], "oneOf": [{"type": "object"}], "allOf": {}}`,
			`{"anyOf": [{"type": "object", "additionalProperties": false}, true], "oneOf": [{"type": "object", "additionalProperties": false}], "allOf": {}}`},
		{"definitions", `{"$defs": {"A": {"type": "object"}, "B": false}, "definitions": {"A": {"type": "object"}}}`,
			`{"$defs": {"A": {"type": "object", "additionalProperties": false}, "B": false}, "definitions": {"A": {"type": "object"}}}`},
		{"an escaped name", `{"type": "object", "properties": {"a\"b\u00e9": {"type": "object"}}}`,
			`{"type": "object", "properties": {"a\"bé": {"type": "object", "additionalProperties": false}}, "additionalProperties": false}`},
	}
	for _, test := range tests {
		v, err := rawjson.Parse([]byte(test.schema))
		if err != nil {
			t.Fatal(err)
		}
		sameJSON(t, test.name, string(strictSchema(v).Bytes()), test.want)
	}
}

func FuzzStrictSchema(f *testing.F) {
	for _, seed := range []string{`{}`, `{"type":"object","properties":{"a":{"items":{"type":"object"}}}}`, `{"anyOf":[1,{"$defs":{"x":[]}}]}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := rawjson.Parse(text)
		if err != nil || len(text) > 1<<12 {
			return
		}
		once, err := rawjson.Parse(strictSchema(v).Bytes())
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		twice, err := rawjson.Parse(strictSchema(once).Bytes())
		if err != nil || string(twice.Bytes()) != string(once.Bytes()) {
			t.Fatalf("%q: a strict schema changes again: %s, then %s", text, once.Bytes(), twice.Bytes())
		}
	})
}

// completed returns the event that ends a response with the output.
func completed(output string) string {
	return `{"type": "response.completed", "response": {"id": "resp_1", "status": "completed", "output": ` + output + `}}`
}

func messageOf(text string) string {
	return `[{"type": "message", "content": [{"type": "output_text", "text": ` + strconv.QuoteToASCII(text) + `}]}]`
}

const adaText = `{"name": "Ada", "age": 37}`

// phased returns a message with a phase, or without one if it is "".
func phased(phase, text string) string {
	member := ""
	if phase != "" {
		member = `"phase": "` + phase + `", `
	}
	return `{"type": "message", ` + member + `"content": [{"type": "output_text", "text": ` + strconv.QuoteToASCII(text) + `}]}`
}

func TestParseOutput(t *testing.T) {
	const person = `{"name": "Person", "schema": {"type": "object", "properties": {"name": {"type": "string"}, "age": {"type": "integer"}}, "required": ["name", "age"]}}`
	tests := []struct {
		name, event string
		parsed      string // output_parsed, "" for an error
		message     string // of the error
		retryable   bool
		paths       []string // of the faults in the text
	}{
		{name: "valid", event: completed(messageOf(`{"name": "Ada", "age": 37}`)), parsed: `{"name": "Ada", "age": 37}`},
		{name: "valid, with a member that the given schema allows", event: completed(messageOf(` {"name": "\u0041da", "age": 1e1, "x": 9007199254740993} `)),
			parsed: `{"name": "Ada", "age": 1e1, "x": 9007199254740993}`},
		{name: "lacks a member", event: completed(messageOf(`{"name": "Ada"}`)), message: "does not match the schema of text_format: missing properties: 'age'.", retryable: true, paths: []string{""}},
		{name: "two wrong types", event: completed(messageOf(`{"name": 1, "age": "x"}`)), message: "expected", retryable: true, paths: []string{"/age", "/name"}},
		{name: "a huge number", event: completed(messageOf(`{"name": "", "age": 1e99999999999}`)), parsed: `{"name": "", "age": 1e99999999999}`},
		{name: "a tiny number", event: completed(messageOf(`{"name": "", "age": 1e-99999999999}`)), message: "`age`: expected integer, but got number.", retryable: true, paths: []string{"/age"}},
		{name: "no JSON", event: completed(messageOf(`Ada is 37.`)), message: "The text is not valid JSON: invalid JSON at byte 0", retryable: true},
		{name: "nothing", event: completed(`[]`), message: "There is no text to parse: the response is empty."},
		{name: "a refusal", event: completed(`[{"type": "message", "content": [{"type": "refusal", "refusal": "I\nwill not"}]}]`), message: "the model refused: I will not."},
		{name: "a call", event: completed(`[{"type": "function_call", "name": "f"}]`), parsed: `null`},
		{name: "a call of a custom tool", event: completed(`[{"type": "custom_tool_call", "name": "f"}]`), parsed: `null`},
		{name: "a call after a text", event: completed(`[{"type": "message", "content": [{"type": "output_text", "text": "I look."}]}, {"type": "function_call", "name": "f"}]`), parsed: `null`},
		{name: "a call and commentary", event: completed(`[` + phased("commentary", "{}") + `, {"type": "function_call", "name": "f"}]`), parsed: `null`},
		{name: "a call and a final answer", event: completed(`[{"type": "function_call", "name": "f"}, ` + phased("final_answer", adaText) + `]`), parsed: adaText},
		{name: "a call and an invalid final answer", event: completed(`[{"type": "function_call", "name": "f"}, ` + phased("final_answer", "{}") + `]`),
			message: "does not match the schema", retryable: true, paths: []string{""}},
		{name: "a hosted tool call without a text", event: completed(`[{"type": "web_search_call"}]`), message: "There is no text to parse: the response is empty."},
		{name: "commentary before the answer", event: completed(`[` + phased("commentary", "I will check.") + `, ` + phased("final_answer", adaText) + `]`), parsed: adaText},
		{name: "valid commentary", event: completed(`[` + phased("commentary", `{"name": "Bob", "age": 1}`) + `, ` + phased("final_answer", adaText) + `]`), parsed: adaText},
		{name: "commentary after the answer", event: completed(`[` + phased("final_answer", adaText) + `, ` + phased("commentary", "Done.") + `]`), parsed: adaText},
		{name: "commentary alone", event: completed(`[` + phased("commentary", adaText) + `]`), message: "only commentary"},
		{name: "two equal messages", event: completed(`[` + phased("", adaText) + `, ` + phased("", adaText) + `]`), parsed: adaText},
		{name: "a text without a phase before the answer", event: completed(`[` + phased("", "I will check.") + `, ` + phased("", adaText) + `]`), parsed: adaText},
		{name: "a message in parts", event: completed(`[{"type": "message", "content": [{"type": "output_text", "text": "{\"name\": \"Ada\","}, {"type": "output_text", "text": "\"age\": 37}"}]}]`), parsed: adaText},
		{name: "a text split into two messages", event: completed(`[` + phased("", `{"name": "Ada",`) + `, ` + phased("", `"age": 37}`) + `]`), message: "not valid JSON", retryable: true},
		{name: "incomplete", event: `{"type": "response.incomplete", "response": {"incomplete_details": {"reason": "content_filter"}, "output": ` + messageOf(`{"na`) + `}}`,
			message: "the response is incomplete (content_filter)"},
		{name: "incomplete without a text", event: `{"type": "response.incomplete", "response": {"incomplete_details": {"reason": "max_output_tokens"}}}`,
			message: "There is no text to parse: the response is incomplete (max_output_tokens)."},
	}
	for _, test := range tests {
		backend := script(events(test.event))
		_, result, failed := harness(t, backend).call("responses.parse", `{"input": "x", "text_format": `+person+`}`)
		if test.parsed != "" {
			if failed != nil {
				t.Errorf("%s: %+v", test.name, failed)
				continue
			}
			if got, _ := rawjson.Parse([]byte(test.parsed)); fmt.Sprint(result.Get("output_parsed").Any()) != fmt.Sprint(got.Any()) {
				t.Errorf("%s: parsed as %s", test.name, result.Get("output_parsed").Bytes())
			}
			if id, _ := result.Get("response").Get("id").Text(); id != "resp_1" {
				t.Errorf("%s: response is %s", test.name, result.Get("response").Bytes())
			}
			continue
		}
		if failed == nil {
			t.Errorf("%s: no error, but %s", test.name, result.Bytes())
			continue
		}
		if failed.Code != CodeResponseFailed || failed.kind() != "response_failed" || !strings.Contains(failed.Message, test.message) {
			t.Errorf("%s: %+v", test.name, failed)
		}
		if failed.Data["retryable"] != test.retryable {
			t.Errorf("%s: retryable is %v", test.name, failed.Data["retryable"])
		}
		if got := failed.paths(); !slices.Equal(got, test.paths) {
			t.Errorf("%s: faults at %q, want %q", test.name, got, test.paths)
		}
		if response, ok := failed.Data["response"].(map[string]any); !ok || response["object"] != "response" {
			t.Errorf("%s: the error has no response: %v", test.name, failed.Data)
		}
	}
}

func TestParseRequest(t *testing.T) {
	backend := script(events(completed(messageOf("1"))), events(`{"type": "response.failed", "response": {"error": {"code": "invalid_prompt", "message": "no"}}}`))
	c := harness(t, backend)
	seen, _, failed := c.call("responses.parse", `{"stream": true, "text": {"verbosity": "low", "format": null},
		"text_format": {"name": "N", "schema": {"title": "T", "type": "object", "properties": {"a": {"type": "object"}}}}}`)
	if failed == nil || len(seen) != 1 { // the text is no object
		t.Errorf("%d events, then %+v", len(seen), failed)
	}
	posted, err := rawjson.Parse([]byte(backend.Requests()[0].Text))
	if err != nil {
		t.Fatal(err)
	}
	sameJSON(t, "text", string(posted.Get("text").Bytes()), `{"verbosity": "low", "format": {"type": "json_schema", "name": "N", "strict": true, "schema":
		{"title": "T", "type": "object", "properties": {"a": {"type": "object", "additionalProperties": false}}, "additionalProperties": false}}}`)

	seen, _, failed = c.call("responses.parse", `{"input": "x", "text_format": {"name": "N", "schema": {}}}`)
	if failed == nil || failed.Message != "no" || failed.Data["retryable"] != false || len(seen) != 0 {
		t.Errorf("%d events, then %+v", len(seen), failed)
	}
}

// TestParseUncheckedKeywords checks that keywords that cannot be checked, such as
// some patterns, are ignored, and that the schema is sent unchanged.
func TestParseUncheckedKeywords(t *testing.T) {
	for _, member := range []struct{ schema, text, fault string }{
		{`{"type": "string", "pattern": "^[\\u4e00-\\u9fa5]+$"}`, `"x"`, ""},
		{`{"type": "string", "pattern": "^(a)\\1$"}`, `"ab"`, ""},
		{`{"type": "string", "pattern": "^(?!x)a$"}`, `"b"`, ""},
		{`{"type": "string", "pattern": "("}`, `"b"`, ""},
		{`{"type": "string", "pattern": "((a{1000}){1000}){1000}"}`, `"b"`, ""},
		{`{"type": "string", "pattern": "^[\\w\\s]+$"}`, `"Zo\u00eb M\u00fcller"`, ""},
		{`{"type": "string", "pattern": "^\\d+\\s€$"}`, `"10\u00a0€"`, ""},
		{`{"anyOf": [{"type": "string", "pattern": "^\\w+$"}, {"type": "null"}]}`, `"Zoë"`, ""},
		{`{"type": "string", "pattern": "^\\w+$"}`, `"Jo Ann"`, "does not match pattern"},
		{`{"type": "string", "pattern": "^[a-z]+$"}`, `"zoë"`, "does not match pattern"},
		{`{"type": "string", "not": {"pattern": "\\s"}}`, `"Zoë"`, ""},
		{`{"type": "string", "pattern": "^a$"}`, `"b"`, "does not match pattern '^a$'"},
		{`{"type": "object", "patternProperties": {"(?=x)": {"type": "string"}}, "additionalProperties": false}`, `{"x": 1}`, ""},
		{`{"type": "object", "patternProperties": {"^x": {"type": "string"}}, "additionalProperties": false}`, `{"y": 1}`, "no such property is allowed"},
		{`{"type": "string", "format": "date-time"}`, `"2026-11-26T10:00:00"`, ""},
		{`{"type": "string", "format": "uuid", "contentEncoding": "base64"}`, `"?"`, ""},
		{`{"$schema": "http://json-schema.org/draft-07/schema#", "type": "string", "format": "time", "contentEncoding": "base64"}`, `"10:00:00"`, ""},
		{`{"type": "number", "maximum": 1e999999}`, `5`, ""},
		{`{"type": "number", "multipleOf": 1e-999999, "maximum": 4}`, `5`, "must be <= 4 but found 5"},
		{`{"enum": [1e999999, 1]}`, `5`, ""},
		{`{"type": "string", "title": null, "enum": null, "minLength": null, "anyOf": null, "$ref": null, "$defs": null}`, `"x"`, ""},
		{`{"type": null, "properties": {"a": {"type": "string", "pattern": null}, "b": null}, "required": null}`, `{"a": 1}`, "expected string, but got number"},
		{`{"const": null}`, `5`, "value must be null"},
		{`{"type": "array", "items": null, "enum": [null, []]}`, `[1]`, "value must be one of"},
		{`{"$schema": "https://example.com/a-dialect-of-ours", "type": "string"}`, `5`, "expected string, but got number"},
		{`{"type": "array", "items": {"$ref": "#"}}`, `[[], [[]]]`, ""},
		{`{"type": "array", "items": {"$ref": "#"}}`, `[[], [5]]`, "expected array, but got number"},
		{`{"$ref": "#/$defs/list", "$defs": {"list": {"anyOf": [{"type": "null"}, {"type": "object", "properties": {"next": {"$ref": "#/$defs/list"}}, "required": ["next"]}]}}}`,
			`{"next": {"next": null}}`, ""},
		{`{"$ref": "#/$defs/list", "$defs": {"list": {"anyOf": [{"type": "null"}, {"type": "object", "properties": {"next": {"$ref": "#/$defs/list"}}, "required": ["next"]}]}}}`,
			`{"next": {"nest": null}}`, "missing properties: 'next'"},
	} {
		backend := script(events(completed(messageOf(member.text))))
		_, result, failed := harness(t, backend).call("responses.parse", `{"input": "x", "text_format": {"name": "N", "schema": `+member.schema+`}}`)
		if member.fault == "" && failed != nil || member.fault != "" && (failed == nil || !strings.Contains(failed.Message, member.fault)) {
			t.Errorf("%s by %s: got %s, %+v, want %q", member.text, member.schema, result.Bytes(), failed, member.fault)
			continue
		}
		var posted rawjson.Value
		if sent := backend.Requests(); len(sent) == 1 {
			posted, _ = rawjson.Parse([]byte(sent[0].Text))
		}
		given, _ := rawjson.Parse([]byte(member.schema))
		for name, value := range given.Members() {
			if got := posted.Get("text").Get("format").Get("schema").Get(name); name != "$defs" && fmt.Sprint(got.Any()) != fmt.Sprint(value.Any()) {
				t.Errorf("%s is sent with %s as %s", member.schema, name, got.Bytes())
			}
		}
	}
}

// TestParseTooLarge checks that a schema that is too large to check is refused.
func TestParseTooLarge(t *testing.T) {
	var doubled strings.Builder
	for i := range 24 {
		fmt.Fprintf(&doubled, `"a%d": {"allOf": [{"$ref": "#/$defs/a%d"}, {"$ref": "#/$defs/a%d"}]}, `, i, i+1, i+1)
	}
	for name, schema := range map[string]string{
		"references expand": `{"$ref": "#/$defs/a0", "$defs": {` + doubled.String() + `"a24": {}}}`,
		"nested schemas":    strings.Repeat(`{"items": `, 5000) + "{}" + strings.Repeat("}", 5000),
		"2097171 bytes":     `{"description": "` + strings.Repeat("x", 2<<20) + `"}`,
	} {
		backend := script()
		failed := harness(t, backend).failure("responses.parse", `{"input": "x", "text_format": {"name": "N", "schema": `+schema+`}}`)
		if failed.Code != -32602 || !strings.Contains(failed.Message, "The schema of text_format cannot be used: it is too large to check: ") || !strings.Contains(failed.Message, name) {
			t.Errorf("%s: %+v", name, failed)
		}
		if len(backend.Requests()) > 0 {
			t.Errorf("%s: it was sent", name)
		}
	}
}
