package rawschema

import (
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// FuzzForeign checks that compiling and checking take bounded time, and report
// a bounded number of faults, for any schema and text.
func FuzzForeign(f *testing.F) {
	for _, schema := range []string{
		`{"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"], "additionalProperties": false}`,
		`{"$defs": {"x": {"anyOf": [{"$ref": "#/$defs/x"}, {"type": "array", "items": {"$ref": "#/$defs/x"}}]}}, "$ref": "#/$defs/x"}`,
		`{"allOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}], "$defs": {"a": {"oneOf": [{"$dynamicRef": "#b"}, {"not": {"$anchor": "b"}}]}}}`,
		`{"patternProperties": {"^(a|b)*$": {"pattern": "((a{9}){9}){9}"}}, "unevaluatedProperties": {"type": "string"}, "if": {"minProperties": 1}, "then": false}`,
		`{"uniqueItems": true, "contains": {"const": 1.0}, "prefixItems": [{"multipleOf": 0.1}], "enum": [[1], {"a": 1e5}], "minItems": 1e9}`,
		`{"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 1, "exclusiveMinimum": true, "id": "x", "dependencies": {"a": ["b"], "b": {}}}`,
		`{"$recursiveRef": "#", "$recursiveAnchor": true, "items": [{"$id": "urn:a:b", "$ref": "#/items/0"}], "additionalItems": false}`,
	} {
		f.Add([]byte(schema), []byte(`{"a": {"a": [1, 1.0, 1e0, "ab", null]}, "b": {}, "a": 2}`))
	}
	f.Fuzz(func(t *testing.T, schemaText, text []byte) {
		schema, err := rawjson.Parse(schemaText)
		value, err2 := rawjson.Parse(text)
		if err != nil || err2 != nil {
			return
		}
		start := time.Now()
		s, err := CompileForeign(schema)
		if took := time.Since(start); took > tooLong {
			t.Fatalf("compiling %d bytes took %v", len(schemaText), took)
		}
		if err != nil {
			return
		}
		start = time.Now()
		faults, err := s.Check(t.Context(), value, Options{Budget: new(1<<20 + 8*len(text))})
		if took := time.Since(start); took > tooLong {
			t.Fatalf("checking %d bytes took %v", len(text), took)
		}
		if err != nil && err != ErrBudget || len(faults) > MaxFaults {
			t.Fatalf("%d faults, %v", len(faults), err)
		}
	})
}
