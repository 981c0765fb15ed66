package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Limits of a schema that the library compiles in little time.
const (
	maxSchemaBytes  = 1 << 20
	maxSchemaValues = 50_000
	maxTupleValues  = 10_000 // in draft 2020-12, which takes quadratic time
	maxSchemaDepth  = 200
	maxSchemaPlace  = 4 << 10
	maxLoops        = 10
)

var errTooLarge = errors.New("the schema is too large")

const schemaURL = "urn:schema"

// document is a schema prepared for the library. It lacks keywords that are null,
// patterns that Go cannot parse, and references out of the schema.
type document struct {
	*json.Decoder
	root    any
	values  int
	objects []map[string]any    // the schemas
	order   map[string][]string // of properties, by the pointer to the object that declares them
	tuples  bool                // whether there are tuples of draft 2020-12
}

// compile returns the compiled schema, whose validations are counted by steps, and
// the order of its properties.
func compile(raw json.RawMessage, steps jsonschema.ExtCompiler) (*jsonschema.Schema, map[string][]string, error) {
	if len(raw) > maxSchemaBytes {
		return nil, nil, errTooLarge
	}
	d := document{Decoder: json.NewDecoder(bytes.NewReader(raw)), order: map[string][]string{}}
	d.UseNumber()
	var err error
	if d.root, err = d.read(aSchema, schemaURL+"#", 0); err != nil {
		return nil, nil, err
	}
	if d.tooLarge() {
		return nil, nil, errTooLarge
	}
	for _, object := range d.objects {
		if ref, ok := object["$ref"].(string); ok && d.find(ref) == nil {
			delete(object, "$ref")
		}
	}
	c := jsonschema.NewCompiler()
	c.ExtractAnnotations = true
	c.RegisterExtension("steps", nil, steps)
	if c.Draft = jsonschema.Draft2019; d.tuples {
		c.Draft = jsonschema.Draft2020
	}
	for range maxLoops {
		if err := c.AddResource(schemaURL, bytes.NewReader(encode(d.root))); err != nil {
			return nil, nil, err
		}
		schema, err := c.Compile(schemaURL)
		var loop jsonschema.InfiniteLoopError
		if !errors.As(err, &loop) {
			return schema, d.order, err
		}
		d.breakLoop(string(loop))
	}
	return nil, nil, errTooLarge
}

func (d *document) tooLarge() bool {
	return d.values > maxSchemaValues || d.tuples && d.values > maxTupleValues
}

// find returns the target of a reference, nil if it is not within the schema.
func (d *document) find(ref string) any {
	pointer, local := strings.CutPrefix(ref, "#")
	if !local && ref != "" {
		return nil
	}
	at := d.root
	for name := range strings.SplitSeq(pointer, "/") {
		at = child(at, name)
	}
	return at
}

// child returns the member or element for a token of a JSON Pointer.
func child(at any, name string) any {
	if name == "" {
		return at
	}
	if plain, err := url.PathUnescape(name); err == nil {
		name = strings.NewReplacer("~1", "/", "~0", "~").Replace(plain)
	}
	switch value := at.(type) {
	case map[string]any:
		return value[name]
	case []any:
		if i, err := strconv.Atoi(name); err == nil && 0 <= i && i < len(value) {
			return value[i]
		}
	}
	return nil
}

// breakLoop replaces the last reference of a loop, whose path the library reports,
// with an unsatisfiable schema, since the reference adds no values.
func (d *document) breakLoop(loop string) {
	_, pointer, _ := strings.Cut(loop, "#")
	at, last := d.root, map[string]any{}
	for name := range strings.SplitSeq(pointer, "/") {
		object, _ := at.(map[string]any)
		if ref, ok := object["$ref"].(string); ok && name == "$ref" {
			at, last = d.find(ref), object
		} else {
			at = child(at, name)
		}
	}
	clear(last)
	last["not"] = true
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
	"const": data, "enum": data, "default": data, "examples": data,
}

// read decodes the next value within the limits. Its place is the pointer at.
func (d *document) read(as role, at string, depth int) (any, error) {
	token, err := d.Token()
	if as != data {
		d.values++
	}
	number, _ := token.(json.Number)
	switch {
	case err != nil:
		return nil, err
	case depth > maxSchemaDepth || len(at) > maxSchemaPlace || !moderate(number) || d.tooLarge():
		return nil, errTooLarge
	case token == json.Delim('['):
		list := []any{}
		for d.More() {
			element, err := d.read(as, at+"/"+strconv.Itoa(len(list)), depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, element)
		}
		_, err = d.Token()
		return list, err
	case token != json.Delim('{'):
		return token, nil
	}
	object := map[string]any{}
	if delete(d.order, at); as == aSchema {
		d.objects = append(d.objects, object)
	}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, inner := token.(string), as
		switch as {
		case aSchema:
			inner = roles[name]
			d.tuples = d.tuples || name == "prefixItems"
		case byName:
			inner = aSchema
			d.order[at] = append(d.order[at], name)
		}
		value, err := d.read(inner, at+"/"+url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(name)), depth+1)
		if err != nil {
			return nil, err
		}
		if inner == data || value != nil {
			object[name] = value
		}
	}
	if as == aSchema {
		d.prune(object)
	}
	_, err = d.Token()
	return object, err
}

// prune removes the keywords that the library does not support, and those that
// refer out of the schema.
func (d *document) prune(schema map[string]any) {
	for _, keyword := range []string{"$schema", "$vocabulary", "$id", "$recursiveRef", "$dynamicRef"} {
		delete(schema, keyword)
	}
	if pattern, ok := schema["pattern"].(string); ok && !d.reads(pattern) {
		delete(schema, "pattern")
	}
	patterns, _ := schema["patternProperties"].(map[string]any)
	for pattern := range patterns {
		if !d.reads(pattern) {
			delete(patterns, pattern)
		}
	}
}

// reads reports whether Go can parse a pattern, and adds its cost.
func (d *document) reads(pattern string) bool {
	n := patternSize(pattern)
	d.values += 5 * n // instructions take longer than values
	return n > 0
}

// moderate reports whether computing with a number takes little time.
func moderate(number json.Number) bool {
	_, exponent, _ := strings.Cut(strings.ToLower(string(number)), "e")
	n, err := strconv.Atoi("0" + strings.TrimLeft(exponent, "+-"))
	return len(number) <= 1000 && err == nil && n <= 400
}

// Compile implements jsonschema.ExtCompiler. It adds an extension to each schema
// that counts the steps of its validations.
func (g *generator) Compile(_ jsonschema.CompilerContext, schema map[string]any) (jsonschema.ExtSchema, error) {
	step := step{g, 1}
	for keyword, value := range schema {
		switch value := value.(type) {
		case []any:
			step.cost += len(value) / 8
		case map[string]any:
			if keyword == "patternProperties" {
				for pattern := range value {
					step.cost += patternSize(pattern) / 16
				}
			}
		case string:
			if keyword == "pattern" {
				step.cost += patternSize(value) / 16
			}
		}
	}
	return step, nil
}

// step counts the validations of a schema.
type step struct {
	g    *generator
	cost int
}

// Validate implements jsonschema.ExtSchema.
func (s step) Validate(_ jsonschema.ValidationContext, v any) error {
	text, _ := v.(string)
	if s.g.budget -= s.cost * (1 + len(text)/64); s.g.budget < 0 {
		// The library recovers from this panic; there is no other way to stop it.
		panic(jsonschema.InfiniteLoopError("out of steps"))
	}
	return nil
}
