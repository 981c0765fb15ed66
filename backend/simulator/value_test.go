package simulator

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// referenceSchema compiles a schema independently of the generator.
func referenceSchema(raw string) (*jsonschema.Schema, error) {
	c := jsonschema.NewCompiler()
	c.AssertFormat = true
	if err := c.AddResource("urn:schema", strings.NewReader(raw)); err != nil {
		return nil, err
	}
	return c.Compile("urn:schema")
}

func validate(t *testing.T, raw string, value []byte) error {
	t.Helper()
	schema, err := referenceSchema(raw)
	if err != nil {
		t.Fatalf("schema does not compile: %v", err)
	}
	var v any
	d := json.NewDecoder(strings.NewReader(string(value)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return fmt.Errorf("not JSON: %w", err)
	}
	return schema.Validate(v)
}

var satisfiable = map[string]string{
	"empty":                 `{}`,
	"types":                 `{"type":["null","integer"]}`,
	"only null":             `{"type":"null"}`,
	"enum":                  `{"enum":[null,{"a":1}]}`,
	"enum of type":          `{"type":"string","enum":[1,"two"]}`,
	"const":                 `{"const":{"a":[1,null]}}`,
	"const null":            `{"const":null}`,
	"default":               `{"type":"integer","default":7}`,
	"default invalid":       `{"type":"integer","default":"seven","minimum":3}`,
	"examples":              `{"type":"string","examples":[5,"five"]}`,
	"strict object":         `{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}`,
	"optional impossible":   `{"type":"object","properties":{"a":false,"b":{"type":"string"}},"additionalProperties":false}`,
	"required undeclared":   `{"type":"object","required":["x"],"additionalProperties":{"type":"boolean"}}`,
	"map":                   `{"type":"object","additionalProperties":{"type":"integer","minimum":4}}`,
	"pattern properties":    `{"type":"object","patternProperties":{"^n_[0-9]{2}$":{"type":"null"}},"additionalProperties":false,"minProperties":2}`,
	"pattern of a prefix":   `{"type":"object","patternProperties":{"^x_":{"type":"integer"}},"additionalProperties":false,"minProperties":3}`,
	"unique prefixes":       `{"type":"array","items":{"type":"string","pattern":"^x-[0-9]"},"minItems":12,"uniqueItems":true}`,
	"property names":        `{"type":"object","propertyNames":{"pattern":"^[A-Z]{3}$"},"minProperties":3}`,
	"max properties":        `{"type":"object","properties":{"a":{},"b":{},"c":{}},"required":["c"],"maxProperties":2}`,
	"dependent":             `{"properties":{"a":{"type":"string"},"b":{"type":"string"}},"dependentRequired":{"a":["b","c"]},"type":"object"}`,
	"array":                 `{"type":"array","items":{"type":"string"},"minItems":3,"uniqueItems":true}`,
	"array empty":           `{"type":"array","items":false}`,
	"tuple":                 `{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"items":false,"minItems":2}`,
	"old tuple":             `{"$schema":"http://json-schema.org/draft-07/schema#","type":"array","items":[{"type":"string"},{"const":2}],"additionalItems":false}`,
	"contains":              `{"type":"array","items":{"type":"integer"},"contains":{"minimum":50},"minContains":2,"uniqueItems":true}`,
	"unique objects":        `{"type":"array","minItems":3,"uniqueItems":true,"items":{"type":"object","properties":{"on":{"type":"boolean"},"id":{"type":"integer","minimum":10}},"required":["id","on"]}}`,
	"unique enum":           `{"type":"array","minItems":3,"maxItems":3,"uniqueItems":true,"items":{"enum":["a","b","c"]}}`,
	"unique short":          `{"type":"array","minItems":20,"uniqueItems":true,"items":{"type":"string","maxLength":1}}`,
	"anyOf":                 `{"anyOf":[{"type":"null"},{"type":"string","minLength":30}]}`,
	"anyOf beside type":     `{"type":"object","anyOf":[{"required":["a"]},{"required":["b"]}],"properties":{"a":false,"b":{"type":"integer"}}}`,
	"oneOf exclusive":       `{"oneOf":[{"type":"integer"},{"type":"integer","minimum":0},{"type":"boolean"}]}`,
	"oneOf tagged":          `{"type":"object","required":["kind"],"properties":{"kind":{"enum":["a","b"]}},"oneOf":[{"properties":{"kind":{"const":"b"},"n":{"type":"integer"}},"required":["n"]},{"properties":{"kind":{"const":"c"}}}]}`,
	"allOf":                 `{"allOf":[{"type":"object","properties":{"a":{"type":"integer","minimum":5}},"required":["a"]},{"properties":{"a":{"maximum":5},"b":{"type":"string"}},"required":["b"]}]}`,
	"two anyOf":             `{"allOf":[{"anyOf":[{"type":"string"},{"type":"integer"}]},{"anyOf":[{"type":"boolean"},{"type":"integer"}]}]}`,
	"nested anyOf":          `{"anyOf":[{"anyOf":[{"const":1,"type":"string"},{"not":{}}]},{"anyOf":[{"type":"array","minItems":2}]}]}`,
	"not":                   `{"not":{"type":["string","integer","number"]}}`,
	"if then":               `{"type":"object","properties":{"a":{"type":"integer"}},"required":["a"],"if":{"properties":{"a":{"minimum":3}}},"then":{"required":["b"]},"else":false}`,
	"if else":               `{"type":"string","if":{"minLength":3},"then":false,"else":{"pattern":"^q"}}`,
	"ref":                   `{"$ref":"#/$defs/a~1b","$defs":{"a/b":{"type":"integer","minimum":9}}}`,
	"ref with siblings":     `{"$ref":"#/definitions/n","maximum":3,"definitions":{"n":{"type":"integer","minimum":2}}}`,
	"ref unevaluated":       `{"$ref":"#/$defs/a","unevaluatedProperties":false,"properties":{"b":{"type":"string"}},"required":["b"],"$defs":{"a":{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"]}}}`,
	"equal bounds":          `{"type":"array","minItems":2,"items":{"type":"number","minimum":0.5,"maximum":0.5}}`,
	"list":                  `{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"v":{"type":"integer"},"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}},"required":["v","next"],"additionalProperties":false}}}`,
	"tree":                  `{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#"}},"parent":{"$ref":"#"}},"required":["children"],"additionalProperties":false}`,
	"expression":            `{"$ref":"#/$defs/e","$defs":{"e":{"anyOf":[{"$ref":"#/$defs/sum"},{"type":"number"}]},"sum":{"type":"object","properties":{"l":{"$ref":"#/$defs/e"},"r":{"$ref":"#/$defs/e"}},"required":["l","r"]}}}`,
	"mutual":                `{"$ref":"#/$defs/a","$defs":{"a":{"type":"object","properties":{"b":{"$ref":"#/$defs/b"}},"required":["b"]},"b":{"type":"object","properties":{"a":{"oneOf":[{"$ref":"#/$defs/a"},{"const":"end"}]}},"required":["a"]}}}`,
	"integer range":         `{"type":"integer","exclusiveMinimum":9,"exclusiveMaximum":11}`,
	"negative":              `{"type":"integer","maximum":-5}`,
	"number between":        `{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":0.001}`,
	"multiple":              `{"type":"number","multipleOf":0.1,"minimum":0.25,"maximum":0.35}`,
	"whole multiple":        `{"type":"integer","multipleOf":2.5,"minimum":6}`,
	"two multiples":         `{"allOf":[{"multipleOf":6},{"multipleOf":4}],"type":"integer","exclusiveMinimum":12}`,
	"big":                   `{"type":"integer","minimum":123456789012345678901234567890}`,
	"numbers unique":        `{"type":"array","minItems":5,"uniqueItems":true,"items":{"type":"number","minimum":0,"maximum":1}}`,
	"length":                `{"type":"string","minLength":12,"maxLength":12}`,
	"no length":             `{"type":"string","maxLength":0}`,
	"pattern":               `{"type":"string","pattern":"^(?:[A-Z]{2}-)?\\d{4,6}(\\.[a-f]+)?$"}`,
	"pattern with length":   `{"type":"string","pattern":"^[a-z]+$","minLength":9,"maxLength":10}`,
	"pattern alternatives":  `{"type":"string","pattern":"^(cat|dog)s?$","minLength":4}`,
	"pattern with classes":  `{"type":"object","required":["a","b"],"properties":{"a":{"type":"string","pattern":"^[\\p{L}\\p{M}\\p{Z}\\p{S}\\p{N}\\p{P}]+$"},"b":{"type":"string","pattern":"^([\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]{1,128}|arn(:[a-z0-9-]{1,63}){5})$"}}}`,
	"start, middle, end":    `{"type":"string","allOf":[{"pattern":".*\\.pdf$"},{"pattern":"^https://.*"},{"pattern":"/files/"}]}`,
	"two patterns":          `{"allOf":[{"pattern":"^a"},{"pattern":"^[a-c]{3}$"}],"type":"string"}`,
	"property named keys":   `{"type":"object","properties":{"type":{"type":"string"},"$ref":{"type":"string"},"enum":{"type":"integer"}},"required":["type","$ref","enum"]}`,
	"escapes":               `{"type":"object","properties":{"a\"b\\c é <>":{"const":"<\u2028>"}},"required":["a\"b\\c é <>"]}`,
	"deep":                  strings.Repeat(`{"type":"object","required":["a"],"properties":{"a":`, 20) + `{"type":"integer"}` + strings.Repeat(`}}`, 20),
	"optional with default": `{"type":"object","properties":{"a":{"anyOf":[{"type":"string"},{"type":"null"}],"default":null}},"required":["a"]}`,
}

func TestGenerate(t *testing.T) {
	for _, format := range []string{"date-time", "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uuid", "uri", "uri-reference", "json-pointer", "relative-json-pointer", "regex"} {
		satisfiable["format "+format] = fmt.Sprintf(`{"type":"array","minItems":30,"uniqueItems":true,"items":{"type":"string","format":%q}}`, format)
	}
	for name, raw := range satisfiable {
		t.Run(name, func(t *testing.T) {
			value, ok := generate(json.RawMessage(raw), "")
			if err := validate(t, raw, value); err != nil || !ok {
				t.Errorf("schema %s\nvalue %s (ok %v)\n%v", raw, value, ok, err)
			}
			if again, _ := generate(json.RawMessage(raw), ""); string(again) != string(value) {
				t.Errorf("not deterministic: %s, then %s", value, again)
			}
		})
	}
}

func TestGenerateExact(t *testing.T) {
	for _, c := range []struct{ schema, want string }{
		{`{"type":"object","properties":{"z":{"type":"string"},"a":{"type":"integer"},"m":{"type":"array","items":{"type":"boolean"}}}}`, `{"z":"z","a":1,"m":[true]}`},
		{`{"type":["null","string"]}`, `"text"`},
		{`{"type":"integer","default":7}`, `7`},
		{`{"type":"object","properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]}},"required":["next"]}`, `{"next":null}`},
		{`{"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"},{"type":"string"}]}}}`, `"text"`},
		{`{"$ref":"#/$defs/a0","$defs":{` + each(40, `"a#":{"anyOf":[{"$ref":"#/$defs/a+"},{"$ref":"#/$defs/a0"}]},`) + `"a40":{"type":"integer"}}}`, `1`},
		{`{"properties":{"a":{"$ref":"#/required/0"},"b":{"$ref":"#/required/0"}},"required":["a"]}`, `{"a":"a","b":"b"}`}, // not a schema
		{`{"type":"number","multipleOf":0.1,"minimum":0.25,"maximum":0.35}`, `0.3`},
		{`{"type":"string","pattern":"^(?=.*\\d)(?=.*[!)])[a-z\\d!)]{4,8}$"}`, `"x0x!aaaa"`},
		{`{"type":"string","pattern":"^(?!text)(?![\\-)(])[a-z]+\\d$"}`, `"a0"`},
	} {
		if value, _ := generate(json.RawMessage(c.schema), ""); string(value) != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.schema, value, c.want)
		}
	}
}

// Unsatisfiable schemas are reported within the budget.
func TestGenerateUnsatisfiable(t *testing.T) {
	for _, raw := range []string{
		`false`,
		`{"type":"string","maxLength":1,"minLength":2}`,
		`{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}`,
		`{"allOf":[{"type":"string"},{"type":"integer"}]}`,
		`{"type":"array","minItems":2000000000,"items":{"type":"object","required":["a"]}}`,
		strings.Repeat(`{"anyOf":[{"const":1},`, 30) + `false` + strings.Repeat(`],"const":2}`, 30),
	} {
		if value, ok := generate(json.RawMessage(raw), ""); ok {
			t.Errorf("%.80s: reported that %.80s satisfies it", raw, value)
		} else if !json.Valid(value) {
			t.Errorf("%.80s: %.80s is not JSON", raw, value)
		}
	}
}

func TestGenerateOfKind(t *testing.T) {
	for _, raw := range []string{``, `null`, `{}`, `{"properties":{"a":{"type":"string"}}}`} {
		if value, ok := generate(json.RawMessage(raw), "object"); !ok || value[0] != '{' {
			t.Errorf("%q: got %s, %v", raw, value, ok)
		}
	}
	for _, raw := range []string{`false`, `{"type": "banana"}`, `{"type": "string"}`, `[`} {
		if value, ok := generate(json.RawMessage(raw), "object"); ok || string(value) != "{}" {
			t.Errorf("%q: got %s, %v", raw, value, ok)
		}
	}
}

// FuzzGenerate validates generated values against the unmodified schemas.
func FuzzGenerate(f *testing.F) {
	for _, raw := range satisfiable {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		if !json.Valid([]byte(raw)) || !strings.HasPrefix(raw, "{") {
			return
		}
		value, ok := generate(json.RawMessage(raw), "")
		if !json.Valid(value) {
			t.Fatalf("not JSON: %s", value)
		}
		// Other dialects and unsupported keywords are excluded.
		for _, beyond := range []string{"$schema", "$id", "\"id\"", "nchor", "ecursive", "ynamic", "nevaluated", "format", "dependencies", "vocabulary", "content", "\\"} {
			if strings.Contains(raw, beyond) {
				return
			}
		}
		if !ok {
			return
		}
		schema, err := referenceSchema(raw)
		if err != nil {
			return
		}
		var v any
		d := json.NewDecoder(strings.NewReader(string(value)))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("schema %s\nvalue %s\n%v", raw, value, err)
		}
	})
}
