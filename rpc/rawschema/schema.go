// Package rawschema validates JSON text against a JSON Schema without decoding
// it.
//
//	schema, err := rawschema.Compile("urn:example", text)
//	if err != nil { … }
//	faults, err := schema.Check(ctx, value, rawschema.Options{})
//
// Schemas are compiled by github.com/santhosh-tekuri/jsonschema/v5, except the
// program's own if they only use common keywords. The library's Validate needs
// the decoded value, collects all errors, computes with fractions and cannot be
// cancelled: a few kilobytes can take seconds, and a few megabytes all memory.
// So this package applies the compiled schema to the text: time is linear in
// its bytes, memory holds only the faults, and validation ends with its context
// or when its budget is exhausted.
//
// Foreign schemas are compiled by [CompileForeign], which bounds their size.
//
// All keywords of drafts 4 to 2020-12 are supported except format,
// contentMediaType and contentSchema, which are annotations in the newest
// draft. A $dynamicRef is treated as a $ref.
package rawschema

import (
	"bytes"
	"maps"
	"regexp"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A Schema is a compiled schema. It is safe for concurrent use.
type Schema struct {
	root     *jsonschema.Schema
	facts    map[*jsonschema.Schema]*facts
	patterns map[*regexp.Regexp]int // to the number of their instructions
}

// Compile compiles the text of a trusted schema. The name, an absolute URI,
// identifies it in errors.
func Compile(name string, text []byte) (*Schema, error) {
	if root, ok := read(name, text); ok {
		return newSchema(root), nil
	}
	return compile(name, text)
}

// compile compiles a schema with the library.
func compile(name string, text []byte) (*Schema, error) {
	compiler := jsonschema.NewCompiler()
	compiler.LoadURL = refuseToLoad
	if err := compiler.AddResource(name, bytes.NewReader(text)); err != nil {
		return nil, err
	}
	root, err := compiler.Compile(name)
	if err != nil {
		return nil, err
	}
	return newSchema(root), nil
}

// newSchema collects the facts of all schemas reachable from the root.
func newSchema(root *jsonschema.Schema) *Schema {
	s := &Schema{root, make(map[*jsonschema.Schema]*facts), make(map[*regexp.Regexp]int)}
	for found := []*jsonschema.Schema{root}; len(found) > 0; {
		schema := found[len(found)-1]
		found = found[:len(found)-1]
		if schema == nil || s.facts[schema] != nil {
			continue
		}
		s.facts[schema] = factsOf(schema)
		for _, pattern := range patternsOf(schema) {
			if _, ok := s.patterns[pattern]; !ok {
				size, _ := patternSize(pattern.String())
				s.patterns[pattern] = size
			}
		}
		found = append(append(found, sameValue(schema)...), innerValues(schema)...)
	}
	for schema, f := range s.facts {
		f.connect(schema, s.facts)
	}
	return s
}

func patternsOf(s *jsonschema.Schema) []*regexp.Regexp {
	patterns := slices.Collect(maps.Keys(s.PatternProperties))
	if s.Pattern != nil {
		patterns = append(patterns, s.Pattern)
	}
	return patterns
}

// sameValue returns the subschemas that apply to the same value.
func sameValue(s *jsonschema.Schema) []*jsonschema.Schema {
	list := given(s.Ref, s.RecursiveRef, s.DynamicRef, s.Not, s.If, s.Then, s.Else)
	list = append(append(append(list, s.AllOf...), s.AnyOf...), s.OneOf...)
	for _, dependency := range s.Dependencies {
		if schema, ok := dependency.(*jsonschema.Schema); ok {
			list = append(list, schema)
		}
	}
	return slices.AppendSeq(list, maps.Values(s.DependentSchemas))
}

// innerValues returns the subschemas that apply to members, their names, or
// elements.
func innerValues(s *jsonschema.Schema) []*jsonschema.Schema {
	list := given(s.PropertyNames, s.UnevaluatedProperties, s.Items2020, s.Contains, s.UnevaluatedItems)
	list = slices.AppendSeq(list, maps.Values(s.Properties))
	list = slices.AppendSeq(list, maps.Values(s.PatternProperties))
	for _, one := range []any{s.AdditionalProperties, s.Items, s.AdditionalItems} {
		if schema, ok := one.(*jsonschema.Schema); ok {
			list = append(list, schema)
		}
	}
	if items, ok := s.Items.([]*jsonschema.Schema); ok {
		list = append(list, items...)
	}
	return append(list, s.PrefixItems...)
}

// given returns the schemas that are not nil.
func given(schemas ...*jsonschema.Schema) (list []*jsonschema.Schema) {
	for _, schema := range schemas {
		if schema != nil {
			list = append(list, schema)
		}
	}
	return list
}
