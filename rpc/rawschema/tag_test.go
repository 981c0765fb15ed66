package rawschema

import (
	"fmt"
	"strings"
	"testing"
)

// TestTaggedChoice checks that objects are checked against the alternative that
// their tag names, wherever the tag is.
func TestTaggedChoice(t *testing.T) {
	const (
		circle   = `{"type": "object", "properties": {"type": {"const": "circle"}, "radius": {"type": "number"}}, "required": ["type", "radius"]}`
		square   = `{"type": "object", "properties": {"type": {"enum": ["square", "box"]}, "side": {"type": "number"}, "color": {"type": "string"}}, "required": ["type"]}`
		plain    = `{"type": "object", "properties": {"type": {"type": "null"}, "side": {"type": "string"}}}`
		tomorrow = `{"type": "object", "properties": {"type": {"type": "string", "not": {"enum": ["circle", "square", "box"]}}}, "required": ["type"]}`
		text     = `{"type": ["string", "null"]}`
	)
	for _, test := range []struct {
		schemas []string
		value   string
		faults  string // path: message; …
	}{
		{[]string{circle, square}, `{"type": "circle", "radius": 1}`, ""},
		{[]string{circle, square}, `{"type": "circle", "radius": "1", "side": 1}`, "/radius: expected number, but got string"},
		{[]string{circle, square}, `{"type": "box", "side": "1", "color": 5}`, "/color: expected string, but got number; /side: expected number, but got string"},
		{[]string{circle, square, text}, `{"side": "1", "color": 5, "type": "square"}`, "/color: expected string, but got number; /side: expected number, but got string"},
		{[]string{circle, square}, `{"type": "circle"}`, ": missing properties: 'radius'"},
		{[]string{circle, square}, `{"type": "oval"}`, `/type: value must be one of "box", "circle", "square"`},
		{[]string{circle, square}, `{"type": 5}`, `/type: value must be one of "box", "circle", "square"`},
		{[]string{circle, square}, `{"radius": 1}`, ": missing properties: 'type'"},
		{[]string{circle, square}, `5`, ": expected object, but got number"},
		{[]string{circle, square, text}, `5`, ": expected null or object or string, but got number"},
		{[]string{text, circle, square}, `"x"`, ""},
		{[]string{circle, square, plain, tomorrow}, `{"side": 5}`, "/side: expected string, but got number"},
		{[]string{circle, square, plain, tomorrow}, `{"type": null, "side": 5}`, "/side: expected string, but got number"},
		{[]string{circle, square, plain, tomorrow}, `{"type": "oval", "side": 5, "radius": "x"}`, ""},
		{[]string{circle, square, plain, tomorrow}, `{"type": "square", "side": "x", "color": 1}`, "/color: expected string, but got number; /side: expected number, but got string"},
		// Of members with one name the last one counts.
		{[]string{circle, square}, `{"type": "circle", "radius": 1, "type": "circle"}`, ""},
		{[]string{circle, square}, `{"type": "circle", "type": "square", "side": "x"}`, "/side: expected number, but got string"},
		{[]string{circle, square}, `{"type": "circle", "radius": 1, "type": "oval"}`, `/type: value must be one of "box", "circle", "square"`},
		{[]string{circle, square, tomorrow}, `{"type": "oval", "type": "square", "side": "x"}`, "/side: expected number, but got string"},
		{[]string{circle, square, tomorrow}, `{"type": "square", "side": "x", "type": "oval"}`, ""},
		{[]string{circle, square}, `{"ty\u0070e": "circ\u006ce", "radius": "x"}`, "/radius: expected number, but got string"},
	} {
		for _, keyword := range []string{"anyOf", "oneOf"} {
			s, err := Compile("urn:x", []byte(`{"`+keyword+`": [`+strings.Join(test.schemas, ",")+`]}`))
			if err != nil {
				t.Fatal(err)
			}
			faults, err := s.Check(t.Context(), parse(t, test.value), Options{})
			if err != nil {
				t.Fatal(err)
			}
			var messages []string
			for _, f := range faults {
				messages = append(messages, f.Path+": "+f.Message)
			}
			if got := strings.Join(messages, "; "); got != test.faults {
				t.Errorf("%s of %s:\ngot  %s\nwant %s", keyword, test.value, got, test.faults)
			}
		}
	}
}

// TestTagBudget checks that searching for a tag at the end of an object counts
// towards the budget.
func TestTagBudget(t *testing.T) {
	s, err := CompileForeign(parse(t, `{"anyOf": [
		{"properties": {"kind": {"const": "a"}, "next": {"$ref": "#"}}, "required": ["kind"]},
		{"properties": {"kind": {"const": "b"}, "next": {"$ref": "#"}}, "required": ["kind"]}]}`))
	if err != nil {
		t.Fatal(err)
	}
	value := parse(t, nest(300, `{"next":`, fmt.Sprintf(`{"x":"%s","kind":"a"}`, strings.Repeat("x", 1<<20)), `,"kind":"b"}`))
	budget := 100_000
	if _, err := s.Check(t.Context(), value, Options{Budget: &budget}); err != ErrBudget {
		t.Errorf("Check: %v with %d steps left, want ErrBudget", err, budget)
	}
}
