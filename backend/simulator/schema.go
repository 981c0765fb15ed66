package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Limits of a schema that the library compiles in little time.
const (
	maxSchemaBytes  = 1 << 20
	maxSchemaValues = 50_000
	maxTupleValues  = 10_000  // in draft 2020-12, which takes quadratic time
	maxSchemaPlace  = 4 << 10 // bytes in the path of a value, each of whose levels counts levelBytes more
	levelBytes      = 20
	maxReferences   = 2_000 // to different places, which take quadratic time
)

// decoder decodes a schema and prepares it for the library.
type decoder struct {
	*json.Decoder
	left     int             // number of further values, negative if the schema is too large
	patterns int             // size of the patterns
	places   map[string]bool // that are referred to
	draft    *jsonschema.Draft
}

// compile returns the compiled schema, with a note on each schema in it.
func (g *generator) compile(raw json.RawMessage) (*jsonschema.Schema, error) {
	d := decoder{Decoder: json.NewDecoder(bytes.NewReader(raw)), left: maxSchemaValues, places: make(map[string]bool), draft: jsonschema.Draft2019}
	d.UseNumber()
	if len(raw) > maxSchemaBytes || !json.Valid(raw) {
		return nil, errors.New("the schema is too large or invalid")
	}
	root, _ := d.read(aSchema, 0)
	if d.left < 0 {
		return nil, errors.New("the schema is too large")
	}
	const url = "urn:schema"
	c := jsonschema.NewCompiler()
	c.Draft = d.draft
	c.ExtractAnnotations = true
	c.LoadURL = func(string) (io.ReadCloser, error) { return nil, errors.New("the schema is elsewhere") }
	c.RegisterExtension(noteName, nil, g)
	if err := c.AddResource(url, bytes.NewReader(encode(root))); err != nil {
		return nil, err
	}
	return c.Compile(url)
}

// role is the role of a value within a schema.
type role int

const (
	aSchema role = iota // or a list of them
	byName              // an object of them
	data
)

var roles = map[string]role{
	"properties": byName, "patternProperties": byName, "$defs": byName, "definitions": byName, "dependentSchemas": byName,
	"dependencies": byName, "dependentRequired": data, "const": data, "enum": data, "default": data, "examples": data,
}

// read decodes the next value, and returns the names of an object's members, too. It stops early if the schema is too large.
func (d *decoder) read(as role, place int) (value any, names []string) {
	token, _ := d.Token() // the text is valid
	number, _ := token.(json.Number)
	if as != data {
		d.left--
	}
	if place > maxSchemaPlace || !moderate(number) {
		d.left = -1
	}
	switch token {
	case json.Delim('['):
		list := []any{}
		for d.left >= 0 && d.More() {
			element, _ := d.read(as, place+levelBytes)
			list = append(list, element)
		}
		value = list
	case json.Delim('{'):
		object := map[string]any{}
		for d.left >= 0 && d.More() {
			token, _ := d.Token()
			name, inner := token.(string), as
			switch as {
			case aSchema:
				inner = roles[name]
			case byName:
				inner = aSchema
			}
			member, order := d.read(inner, place+len(name)+levelBytes)
			names = append(names, name)
			if inner == data || member != nil {
				object[name] = member
			}
			if as == aSchema && name == "properties" {
				object[orderKeyword] = order
			}
		}
		if as == aSchema {
			d.prepare(object)
		}
		value = object
	default:
		return token, nil
	}
	_, _ = d.Token() // the closing delimiter
	return value, names
}

// prepare removes the keywords that the library does not support, and renames the reference.
func (d *decoder) prepare(schema map[string]any) {
	if ref, ok := schema["$ref"].(string); ok {
		schema[refKeyword] = ref
		if d.places[ref] = true; len(d.places) > maxReferences {
			d.left = -1
		}
	}
	for _, keyword := range []string{"$schema", "$vocabulary", "$id", "$ref", "$recursiveRef", "$dynamicRef"} {
		delete(schema, keyword)
	}
	d.splitPattern(schema)
	byPattern, _ := schema["patternProperties"].(map[string]any)
	for _, pattern := range patternsOf(schema) {
		if d.takes(pattern) {
			continue
		}
		if delete(byPattern, pattern); schema["pattern"] == pattern {
			delete(schema, "pattern")
		}
	}
	if schema["prefixItems"] != nil && d.draft != jsonschema.Draft2020 {
		d.draft = jsonschema.Draft2020
		d.left -= maxSchemaValues - maxTupleValues
	}
}

// moderate reports whether computing with a number takes little time.
func moderate(number json.Number) bool {
	_, exponent, _ := strings.Cut(strings.ToLower(string(number)), "e")
	n, err := strconv.Atoi("0" + strings.TrimLeft(exponent, "+-"))
	return len(number) <= 1000 && err == nil && n <= 400
}

// note is the library's extension of a schema. It counts the steps of validations, and follows the reference: the library
// refuses a schema with a reference to nothing, or one that leads back to itself.
type note struct {
	g     *generator
	cost  int                // of a validation, in steps
	order []string           // of the properties
	ref   *jsonschema.Schema // nil if there is none within the schema
}

const (
	noteName     = "note"
	refKeyword   = "note reference"
	orderKeyword = "note order"
)

func noteOf(s *jsonschema.Schema) *note {
	if n, ok := s.Extensions[noteName].(*note); ok {
		return n
	}
	return &note{} // the schema is a boolean
}

// Compile implements jsonschema.ExtCompiler.
func (g *generator) Compile(c jsonschema.CompilerContext, schema map[string]any) (jsonschema.ExtSchema, error) {
	n := &note{g: g, cost: 1}
	for _, value := range schema {
		if list, ok := value.([]any); ok {
			n.cost += len(list) / 8
		}
	}
	for _, pattern := range patternsOf(schema) {
		n.cost += patternSize(pattern) / 16
	}
	order, _ := schema[orderKeyword].([]any)
	for _, name := range order {
		text, _ := name.(string)
		n.order = append(n.order, text)
	}
	if ref, ok := schema[refKeyword].(string); ok && (ref == "" || ref == "#" || strings.HasPrefix(ref, "#/")) {
		n.ref = referred(c, ref)
	}
	return n, nil
}

// referred returns the schema that a reference leads to, nil if there is none. The library panics if the value there is
// neither an object nor a boolean.
func referred(c jsonschema.CompilerContext, ref string) (target *jsonschema.Schema) {
	defer func() {
		if recover() != nil {
			target = nil
		}
	}()
	target, err := c.CompileRef(ref, refKeyword, false)
	if err != nil {
		return nil
	}
	return target
}

// Validate implements jsonschema.ExtSchema.
func (n *note) Validate(c jsonschema.ValidationContext, v any) (err error) {
	text, _ := v.(string)
	if n.g.budget -= n.cost * (1 + len(text)/64); n.g.budget < 0 {
		// The library recovers from this panic; there is no other way to stop it.
		panic(jsonschema.InfiniteLoopError("out of steps"))
	}
	if n.ref == nil {
		return nil
	}
	defer func() {
		fault := recover()
		if _, loop := fault.(jsonschema.InfiniteLoopError); loop && n.g.budget >= 0 {
			err = c.Error("$ref", "refers to itself, which adds no values")
		} else if fault != nil {
			panic(fault)
		}
	}()
	return c.Validate(n.ref, "$ref", nil, "")
}
