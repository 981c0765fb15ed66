package rawschema

import (
	"maps"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// read reads a schema of draft 7, or returns false if it has keywords or
// references that it leaves to the library. The library decodes the text,
// validates it against the draft's own schema, and keeps a schema for each
// reference: for a schema of some hundred parts that takes ten times as long,
// and each reference costs every check a step.
func read(name string, text []byte) (*jsonschema.Schema, bool) {
	v, err := rawjson.Parse(text)
	if err != nil {
		return nil, false
	}
	if draft, _ := v.Get("$schema").Text(); draft != "http://json-schema.org/draft-07/schema#" {
		return nil, false
	}
	r := reader{name: name, definitions: make(map[string]rawjson.Value), read: make(map[string]*jsonschema.Schema), short: make(map[string]*jsonschema.Schema)}
	maps.Insert(r.definitions, v.Get("$defs").Members())
	schema := r.schema(v, "")
	return schema, !r.failed
}

type reader struct {
	name        string
	definitions map[string]rawjson.Value
	read        map[string]*jsonschema.Schema // definitions
	short       map[string]*jsonschema.Schema // by text: many short schemas are equal
	failed      bool
}

// maxShortText bounds the texts by which schemas are shared.
const maxShortText = 200

// schema reads a schema, whose pointer identifies it in faults.
func (r *reader) schema(v rawjson.Value, pointer string) *jsonschema.Schema {
	switch v.Kind() {
	case 't', 'f':
		always := v.Kind() == 't'
		return &jsonschema.Schema{Always: &always}
	case '{':
	default:
		r.failed = true
		return nil
	}
	if ref, ok := v.Get("$ref").Text(); ok {
		return r.reference(ref)
	}
	text := v.Bytes()
	if len(text) <= maxShortText && r.short[string(text)] != nil {
		return r.short[string(text)]
	}
	s := &jsonschema.Schema{
		Location: r.name + "#" + pointer, Draft: jsonschema.Draft7,
		MinProperties: -1, MaxProperties: -1, MinItems: -1, MaxItems: -1, MinContains: -1, MaxContains: -1, MinLength: -1, MaxLength: -1,
	}
	if len(text) <= maxShortText {
		r.short[string(text)] = s
	}
	for keyword, value := range v.Members() {
		r.keyword(s, keyword, value, pointer+"/"+keyword)
	}
	return s
}

// reference returns the definition that a reference names.
func (r *reader) reference(ref string) *jsonschema.Schema {
	name, ok := strings.CutPrefix(ref, "#/$defs/")
	target := r.definitions[name]
	if !ok || target.Kind() != '{' || target.Get("$ref").Kind() != 0 {
		r.failed = true
		return nil
	}
	if r.read[name] == nil {
		r.read[name] = new(jsonschema.Schema) // it may refer to itself
		*r.read[name] = *r.schema(target, "/$defs/"+name)
	}
	return r.read[name]
}

// keyword reads one keyword.
func (r *reader) keyword(s *jsonschema.Schema, keyword string, v rawjson.Value, pointer string) {
	if annotationKeywords[keyword] && keyword != "contentEncoding" || strings.HasPrefix(keyword, "x-") {
		return
	}
	var fits bool
	switch keyword {
	case "$schema", "$defs":
		fits = pointer == "/"+keyword
	case "type":
		if s.Types, fits = texts(v); v.Kind() == '"' {
			kind, _ := v.Text()
			s.Types, fits = []string{kind}, true
		}
	case "required":
		s.Required, fits = texts(v)
	case "properties":
		fits = v.Kind() == '{'
		s.Properties = make(map[string]*jsonschema.Schema)
		for name, value := range v.Members() {
			r.failed = r.failed || strings.ContainsAny(name, "~/%#")
			s.Properties[name] = r.schema(value, pointer+"/"+name)
		}
	case "additionalProperties":
		switch fits = true; v.Kind() {
		case 't', 'f':
			s.AdditionalProperties = v.Kind() == 't'
		default:
			s.AdditionalProperties = r.schema(v, pointer)
		}
	case "items":
		fits = v.Kind() == '{'
		s.Items = r.schema(v, pointer)
	case "not":
		fits, s.Not = true, r.schema(v, pointer)
	case "anyOf":
		s.AnyOf, fits = r.list(v, pointer)
	case "oneOf":
		s.OneOf, fits = r.list(v, pointer)
	case "allOf":
		s.AllOf, fits = r.list(v, pointer)
	case "const":
		s.Constant, fits = []any{v.Any()}, true
	case "enum":
		fits = v.Kind() == '['
		for element := range v.Elements() {
			s.Enum = append(s.Enum, element.Any())
		}
	case "pattern":
		text, _ := v.Text()
		pattern, err := regexp.Compile(text)
		s.Pattern, fits = pattern, err == nil && v.Kind() == '"'
	case "contentEncoding":
		s.ContentEncoding, fits = v.Text()
	case "minLength":
		fits = v.Decode(&s.MinLength) == nil
	case "maxLength":
		fits = v.Decode(&s.MaxLength) == nil
	case "minItems":
		fits = v.Decode(&s.MinItems) == nil
	case "maxItems":
		fits = v.Decode(&s.MaxItems) == nil
	case "minimum":
		s.Minimum, fits = bound(v)
	case "maximum":
		s.Maximum, fits = bound(v)
	case "exclusiveMinimum":
		s.ExclusiveMinimum, fits = bound(v)
	case "exclusiveMaximum":
		s.ExclusiveMaximum, fits = bound(v)
	}
	r.failed = r.failed || !fits
}

func (r *reader) list(v rawjson.Value, pointer string) (list []*jsonschema.Schema, ok bool) {
	for element := range v.Elements() {
		list = append(list, r.schema(element, pointer+"/"+strconv.Itoa(len(list))))
	}
	return list, v.Kind() == '[' && len(list) > 0
}

func texts(v rawjson.Value) (list []string, ok bool) {
	for element := range v.Elements() {
		text, isText := element.Text()
		if !isText {
			return nil, false
		}
		list = append(list, text)
	}
	return list, v.Kind() == '['
}

func bound(v rawjson.Value) (*big.Rat, bool) {
	if v.Kind() != '0' || len(v.Bytes()) > 20 {
		return nil, false
	}
	return new(big.Rat).SetString(string(v.Bytes()))
}
