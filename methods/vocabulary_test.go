package methods

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/rpc/rawschema"
	"github.com/codex-rpc/codex-rpc/schema"
)

// faultsOf returns a function that checks parameters with the schema of
// responses.create.
func faultsOf(t *testing.T) func(params string) string {
	s, err := rawschema.Compile("urn:responses.create", schema.Params("responses.create"))
	if err != nil {
		t.Fatal(err)
	}
	return func(params string) string {
		v, err := rawjson.Parse([]byte(params))
		if err != nil {
			t.Fatalf("%s: %v", params, err)
		}
		faults, err := s.Check(t.Context(), v, rawschema.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, f := range faults {
			list = append(list, f.Path+": "+f.Message)
		}
		return strings.Join(list, "; ")
	}
}

// TestVocabularyFaults checks that a fault is that of the item, part or tool with the
// given type, at its path.
func TestVocabularyFaults(t *testing.T) {
	faults := faultsOf(t)
	for _, test := range []struct{ params, faults string }{
		{`{"input": [{"role": "user", "content": [{"type": "input_text", "text": 5}]}]}`,
			"/input/0/content/0/text: expected null or string, but got number"},
		{`{"input": {"role": "user", "content": [{"text": {}, "type": "input_text"}, {"type": "input_image", "image_url": 1, "detail": []}]}}`,
			"/input/content/0/text: expected null or string, but got object; /input/content/1/detail: expected null or string, but got array; /input/content/1/image_url: expected null or string, but got number"},
		{`{"input": [{"type": "message", "role": 1, "content": 2}]}`,
			"/input/0/content: expected array or null or string, but got number; /input/0/role: expected null or string, but got number"},
		{`{"input": [{"content": "x"}, {"type": 5}]}`,
			"/input/1/type: expected null or string, but got number"},
		{`{"input": [{"type": "function_call", "call_id": "c", "name": "f", "arguments": {}}]}`,
			"/input/0/arguments: expected null or string, but got object"},
		{`{"input": [{"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": 1}]}]}`,
			"/input/0/output/0/text: expected null or string, but got number"},
		{`{"input": [{"type": "function_call_output", "call_id": 7, "output": {"a": 1}}]}`,
			"/input/0/call_id: expected null or string, but got number; /input/0/output: expected array or null or string, but got object"},
		{`{"input": [{"type": "reasoning", "summary": [{"type": "summary_text", "text": false}]}]}`,
			"/input/0/summary/0/text: expected null or string, but got boolean"},
		{`{"input": "x", "tools": [{"type": "function", "name": ["f"], "parameters": "{}"}]}`,
			"/tools/0/name: expected null or string, but got array; /tools/0/parameters: expected null or object, but got string"},
		{`{"input": "x", "tools": [{"type": "custom", "name": "p", "format": {"type": "grammar", "definition": 1}}]}`,
			"/tools/0/format/definition: expected null or string, but got number"},
		{`{"input": "x", "tools": [{"type": "namespace", "name": "n", "tools": [{"type": "function", "strict": "yes"}]}]}`,
			"/tools/0/tools/0/strict: expected boolean or null, but got string"},
		{`{"input": "x", "tools": [{"name": "f"}]}`, "/tools/0: missing properties: 'type'"},
		{`{"input": "x", "tool_choice": {"type": "function", "name": 1}}`, "/tool_choice/name: expected null or string, but got number"},
		{`{"input": "x", "text": {"format": {"type": "json_schema", "name": 1, "schema": []}}}`,
			"/text/format/name: expected null or string, but got number; /text/format/schema: expected null or object, but got array"},
		{`{"input": "x", "reasoning": {"effort": true, "summary": 1}}`,
			"/reasoning/effort: expected null or number or string, but got boolean; /reasoning/summary: expected null or string, but got number"},
		{`{"input": [{"type": "additional_tools", "tools": [{"type": "function", "name": 1}]}]}`,
			"/input/0/tools/0/name: expected null or string, but got number"},
	} {
		if got := faults(test.params); got != test.faults {
			t.Errorf("%s\ngot  %s\nwant %s", test.params, got, test.faults)
		}
	}
}

// TestVocabularyIsOpen checks that declared members may be null or omitted, and that
// types and members that are not declared are accepted.
func TestVocabularyIsOpen(t *testing.T) {
	faults := faultsOf(t)
	accepts := func(params string) {
		t.Helper()
		if got := faults(params); got != "" {
			t.Errorf("%s: %s", params, got)
		}
	}
	count := 0
	for place, union := range map[string]vocabulary.Union{
		`{"input": [%s]}`: vocabulary.ResponseInputItem{},
		`{"input": %s}`:   vocabulary.ResponseInputItem{},
		`{"input": [{"role": "user", "content": [%s]}]}`:                                             vocabulary.ResponseContent{},
		`{"input": [{"type": "function_call_output", "output": [%s]}]}`:                              vocabulary.ResponseInputContent{},
		`{"input": [{"type": "message", "content": [{"type": "output_text", "annotations":[%s]}]}]}`: vocabulary.Annotation{},
		`{"tools": [%s]}`: vocabulary.Tool{},
		`{"input": [{"type": "additional_tools", "tools": [%s]}]}`: vocabulary.Tool{},
		`{"tools": [{"type": "namespace", "tools": [%s]}]}`:        vocabulary.GroupedTool{},
		`{"tools": [{"type": "custom", "format": %s}]}`:            vocabulary.CustomToolFormat{},
		`{"tool_choice": %s}`:                                      vocabulary.ToolChoice{},
		`{"text": {"format": %s}}`:                                 vocabulary.ResponseTextFormat{},
	} {
		for _, alternative := range union.Union() {
			of := reflect.TypeOf(alternative)
			if of.Kind() != reflect.Struct || of == reflect.TypeFor[vocabulary.Other]() {
				continue
			}
			tags, _, _ := strings.Cut(of.Field(0).Tag.Get("type"), ",")
			for tag := range strings.SplitSeq(tags, "|") {
				bare := fmt.Sprintf(`{"type": %q}`, tag)
				object := bare[:len(bare)-1]
				for i := 1; i < of.NumField(); i++ {
					name, _, _ := strings.Cut(of.Field(i).Tag.Get("json"), ",")
					object += fmt.Sprintf(`, %q: null`, name)
				}
				accepts(fmt.Sprintf(place, bare))
				accepts(fmt.Sprintf(place, object+`, "tomorrow": [{"a": 1}]}`))
				count++
			}
		}
		accepts(fmt.Sprintf(place, `{"type": "tomorrow", "text": 5, "name": [1], "content": {}}`))
		accepts(fmt.Sprintf(place, `null`))
	}
	if count < 80 {
		t.Errorf("only %d types", count)
	}
	for _, params := range []string{
		`{"input": [{"role": "user", "content": "x"}, {"id": "rs_1"}, {"type": null, "content": null}, {}]}`,
		`{"input": [{"role": "user", "content": ["a", null, {"text": "x"}, {"type": null}]}]}`,
		`{"tools": [{"type": "image_generation", "partial_images": 2.0, "output_compression": 1e2}, {"type": "file_search", "vector_store_ids": [null]}]}`,
		`{"tools": [{"type": "function", "parameters": {"type": "object", "properties": null, "required": null}}]}`,
		`{"tool_choice": "auto"}`, `{"tool_choice": "tomorrow"}`, `{"tool_choice": {}}`, `{"tool_choice": {"type": null}}`,
		`{"reasoning": {"effort": "max", "tomorrow": 1}}`, `{"reasoning": {"effort": 20.0}}`, `{"reasoning": {"effort": null, "summary": null}}`,
		`{"text": {"verbosity": "tomorrow", "format": {"type": "tomorrow", "schema": 1}}}`,
		`{"input": [{"role": "tomorrow", "phase": "x", "content": [{"type": "input_image", "detail": "original"}]}]}`,
	} {
		accepts(params)
	}
}

// TestEventsAreDeclared checks that the events of the embedded backend are declared
// and match their schemas.
func TestEventsAreDeclared(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("urn:openrpc", bytes.NewReader(schema.OpenRPC())); err != nil {
		t.Fatal(err)
	}
	declared, err := compiler.Compile("urn:openrpc#/components/schemas/ResponseStreamEvent")
	if err != nil {
		t.Fatal(err)
	}
	known := make(map[string]bool)
	for _, alternative := range (vocabulary.ResponseStreamEvent{}).Union() {
		known[reflect.TypeOf(alternative).Field(0).Tag.Get("type")] = true
	}
	c := harness(t, simulated(t, ""))
	seen := make(map[string]bool)
	for _, params := range []string{
		`{"input": "Say hello", "stream": true, "reasoning": {"effort": "low", "summary": "auto"}}`,
		`{"input": "What is the weather in Rome?", "stream": true, "tools": [{"type": "function", "name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}]}`,
		`{"input": "Patch it", "stream": true, "tools": [{"type": "custom", "name": "apply_patch"}]}`,
	} {
		events, _, failed := c.call("responses.create", params)
		if failed != nil {
			t.Fatal(failed)
		}
		for _, event := range events {
			kind, _ := event.Get("type").Text()
			if err := declared.Validate(event.Any()); err != nil || !known[kind] {
				t.Errorf("%s: %v\n%s", kind, err, event.Bytes())
			}
			seen[kind] = true
		}
	}
	if len(seen) < 10 {
		t.Errorf("only %d types of events", len(seen))
	}
	for text, fits := range map[string]bool{
		`{"type": "response.output_text.delta", "delta": "x"}`:                                      true,
		`{"type": "response.output_text.delta", "delta": 5}`:                                        false,
		`{"type": "response.created", "response": {"id": "resp_1", "status": "in_progress"}}`:       true,
		`{"type": "response.output_item.done", "item": {"type": "compaction", "id": 5}}`:            false,
		`{"type": "response.output_item.done", "item": {"type": "tomorrow", "id": 5}}`:              true,
		`{"type": "response.tomorrow", "delta": 5}`:                                                 true,
		`{"type": "error", "status": 429, "error": {"code": "usage_limit_reached", "message": ""}}`: true,
	} {
		v, err := rawjson.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := declared.Validate(v.Any()); (err == nil) != fits {
			t.Errorf("%s: %v", text, err)
		}
	}
}
