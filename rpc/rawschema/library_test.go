package rawschema

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A generator generates related schemas and values.
type generator struct{ *rand.Rand }

func (r generator) oneOf(choices ...string) string { return choices[r.IntN(len(choices))] }

func (r generator) name() string { return r.oneOf("a", "b", "c", "x1", "é", `q\"`) }

func (r generator) value(depth int) string {
	n := 8
	if depth <= 0 {
		n = 6
	}
	switch r.IntN(n) {
	case 0:
		return r.oneOf("null", "true", "false")
	case 1, 2:
		return r.oneOf("0", "1", "-1", "1.0", "1e0", "2.5", "25e-1", "3", "100", "7e2", "0.1")
	case 3, 4, 5:
		return `"` + r.oneOf("", "a", "abc", `\u0061`, "é", "x1", "aaaa") + `"`
	case 6:
		var elements []string
		for range r.IntN(4) {
			elements = append(elements, r.value(depth-1))
		}
		return "[" + strings.Join(elements, ", ") + "]"
	}
	var members []string
	used := map[string]bool{}
	for range r.IntN(4) {
		name := r.name()
		if !used[name] { // the faults of a repeated name cannot be compared
			members = append(members, fmt.Sprintf(`"%s": %s`, name, r.value(depth-1)))
		}
		used[name] = true
	}
	return "{" + strings.Join(members, ",") + "}"
}

func (r generator) list(depth int) string {
	var schemas []string
	for range 1 + r.IntN(3) {
		schemas = append(schemas, r.schema(depth-1))
	}
	return "[" + strings.Join(schemas, ",") + "]"
}

// tagged returns alternatives that are distinguished by a member, or nearly so.
func (r generator) tagged(depth int) string {
	var schemas []string
	for range 2 + r.IntN(3) {
		tag := r.oneOf(`{"const": "a"}`, `{"const": "abc"}`, `{"enum": ["a", "é", null]}`, `{"enum": ["x1", 1]}`, `{"const": 1}`, `{"type": "string"}`,
			`{"type": "string", "not": {"enum": ["a", "abc"]}}`, `{"not": {"const": "é"}}`, `{"not": {"enum": ["a"], "minLength": 2}}`, "{}")
		schema := `{"properties": {"` + r.oneOf("a", "a", "a", "b") + `": ` + tag + `, "x1": ` + r.schema(depth-2) + `}`
		schema += r.oneOf("", `, "required": ["a"]`, `, "required": ["a", "x1"]`) + r.oneOf("", `, "type": "object"`, `, "type": ["object", "string"]`) + "}"
		if r.IntN(4) == 0 {
			schema = r.schema(depth - 1)
		}
		schemas = append(schemas, schema)
	}
	return "[" + strings.Join(schemas, ",") + "]"
}

func (r generator) named(depth int, names ...string) string {
	var schemas []string
	for _, name := range names {
		if r.IntN(2) == 0 {
			schemas = append(schemas, fmt.Sprintf(`"%s": %s`, name, r.schema(depth-1)))
		}
	}
	return "{" + strings.Join(schemas, ",") + "}"
}

func (r generator) schema(depth int) string {
	if depth <= 0 || r.IntN(12) == 0 {
		return r.oneOf("true", "true", "false", "{}", `{"type": "string"}`, `{"type": "integer"}`, `{"$ref": "#/$defs/A"}`, `{"$ref": "#/$defs/B"}`)
	}
	keywords := map[string]string{}
	for range 1 + r.IntN(3) {
		switch r.IntN(26) {
		case 0:
			keywords["type"] = r.oneOf(`"object"`, `"array"`, `"string"`, `"integer"`, `"number"`, `["string", "null"]`, `["object", "array", "boolean"]`)
		case 1, 2:
			keywords["properties"] = r.named(depth, "a", "b", "é", `q\"`)
		case 3:
			keywords["required"] = r.oneOf(`["a"]`, `["a", "b"]`, `["é"]`)
		case 4:
			keywords["additionalProperties"] = r.schema(depth - 1)
		case 5:
			keywords["patternProperties"] = r.named(depth, "^x", "[ab]")
		case 6:
			keywords["propertyNames"] = r.schema(depth - 1)
		case 7:
			keywords[r.oneOf("minProperties", "maxProperties", "minItems", "maxItems", "minLength", "maxLength")] = r.oneOf("0", "1", "2", "3")
		case 8, 9:
			keywords["items"] = r.schema(depth - 1)
		case 10:
			keywords["prefixItems"] = r.list(depth)
		case 11:
			keywords["contains"] = r.schema(depth - 1)
			keywords[r.oneOf("minContains", "maxContains", "title")] = r.oneOf("0", "1", "2")
			if keywords["title"] != "" {
				keywords["title"] = `"t"`
			}
		case 12:
			keywords["uniqueItems"] = "true"
		case 13:
			keywords[r.oneOf("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")] = r.oneOf("0", "1", "2.5", "1e2", "-1.0")
		case 14:
			keywords["multipleOf"] = r.oneOf("1", "0.5", "0.1", "2e0")
		case 15:
			keywords["pattern"] = r.oneOf(`"^a"`, `"[a-z]{2}"`, `"1$"`)
		case 16:
			keywords["enum"] = "[" + r.value(2) + "," + r.value(1) + "]"
		case 17:
			keywords["const"] = r.value(2)
		case 18:
			keywords[r.oneOf("anyOf", "oneOf", "allOf")] = r.list(depth)
		case 19:
			keywords["not"] = r.schema(depth - 1)
		case 20:
			keywords["if"] = r.schema(depth - 1)
			keywords[r.oneOf("then", "else")] = r.schema(depth - 1)
		case 21:
			keywords["$ref"] = r.oneOf(`"#/$defs/A"`, `"#/$defs/B"`)
		case 22:
			keywords[r.oneOf("unevaluatedProperties", "unevaluatedItems")] = r.schema(depth - 1)
		case 24, 25:
			keywords[r.oneOf("anyOf", "oneOf")] = r.tagged(depth)
		case 23:
			if r.IntN(2) == 0 {
				keywords["dependentRequired"] = `{"a": ["b"]}`
			} else {
				keywords["dependentSchemas"] = r.named(depth, "a", "b")
			}
		}
	}
	var members []string
	for keyword, value := range keywords {
		members = append(members, fmt.Sprintf("%q: %s", keyword, value))
	}
	return "{" + strings.Join(members, ",") + "}"
}

// TestAgreesWithLibrary compares validity with the library, for schemas that it
// can check.
func TestAgreesWithLibrary(t *testing.T) {
	n := 600
	if testing.Short() {
		n = 200
	}
	decided := map[bool]int{}
	for seed := range n {
		r := generator{rand.New(rand.NewPCG(uint64(seed), 1))}
		root := strings.TrimPrefix(r.schema(3), "{")
		if root == "true" || root == "false" || root == "}" {
			continue
		}
		draft := ""
		if seed%2 == 0 {
			draft = `"$schema": "http://json-schema.org/draft-07/schema#", `
		}
		text := `{` + draft + `"$defs": {"A": ` + r.schema(2) + `, "B": ` + r.schema(2) + `}, ` + root
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource("urn:x", strings.NewReader(text)); err != nil {
			t.Fatal(err, text)
		}
		library, err := compiler.Compile("urn:x")
		v, err2 := rawjson.Parse([]byte(text))
		if err2 != nil {
			t.Fatal(err2, text)
		}
		foreign, err2 := CompileForeign(v)
		if err != nil {
			continue // cyclic references
		}
		if err2 != nil {
			t.Fatalf("%s: %v", text, err2)
		}
		own, err := Compile("urn:x", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for range 8 {
			text2 := r.value(3)
			value, err := rawjson.Parse([]byte(text2))
			if err != nil {
				t.Fatal(err)
			}
			err = library.Validate(value.Any())
			if _, cyclic := err.(jsonschema.InfiniteLoopError); cyclic {
				continue
			}
			decided[err == nil]++
			for _, s := range []*Schema{own, foreign} {
				faults, failed := s.Check(t.Context(), value, Options{})
				if failed != nil || (err == nil) != (len(faults) == 0) {
					t.Fatalf("seed %d: schema %s\nvalue %s\nlibrary: %v\nfaults: %+v %v", seed, text, text2, err, faults, failed)
				}
				for _, f := range faults {
					checkPath(t, value, f)
				}
			}
		}
	}
	if decided[true] < n || decided[false] < n {
		t.Errorf("too few valid or invalid values: %v", decided)
	}
}

// checkPath compares the value of a fault with the value at its path.
func checkPath(t *testing.T, root rawjson.Value, f Fault) {
	t.Helper()
	found, ok := resolve(root.Any(), f.Path)
	if !ok {
		t.Fatalf("no value at %q in %s", f.Path, root.Bytes())
	}
	if want, _ := json.Marshal(found); f.Value.Kind() != 0 {
		got, _ := json.Marshal(f.Value.Any())
		if string(got) != string(want) && f.Value.Kind() != '"' { // or it is a name
			t.Fatalf("the fault at %q has the value %s", f.Path, got)
		}
	}
}
