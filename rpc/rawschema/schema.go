// Package rawschema holds JSON text to a JSON Schema without decoding it.
//
//	schema, err := rawschema.Compile("urn:example", text)
//	if err != nil { … }
//	faults, err := schema.Check(ctx, value, rawschema.Options{})
//
// Schemas are compiled by github.com/santhosh-tekuri/jsonschema/v5, but for the
// program's own where they have the common keywords alone. The library's own
// Validate wants the whole value decoded, gathers every error there is, computes
// numbers as fractions and cannot be stopped: a message of a few kilobytes costs it
// seconds, and one of a few megabytes all memory. So the compiled schema is read
// here, with the text as it is: the time is linear in its bytes, what is held in
// memory are the faults alone, and a check ends with its context, or when the
// steps are used up that it was given.
//
// A foreign schema is made fit for that by [Prepare].
//
// All keywords of drafts 4 to 2020-12 are heeded but for those that say what a
// text stands for, which are annotations in the newest: format, and where the
// draft has that, contentMediaType and contentSchema. A $dynamicRef leads where a
// $ref would.
package rawschema

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A Schema is compiled and may be used by many goroutines at once.
type Schema struct {
	root     *jsonschema.Schema
	facts    map[*jsonschema.Schema]*facts
	patterns map[*regexp.Regexp]int // to the number of their instructions
}

// Compile compiles the text of a schema, which the name, an absolute URI, stands
// for in errors. The schema is one of the program's own, not a foreign one.
func Compile(name string, text []byte) (*Schema, error) {
	if root, ok := read(name, text); ok {
		return learned(root)
	}
	return compile(name, text)
}

// compile has the library compile a schema.
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
	return learned(root)
}

func learned(root *jsonschema.Schema) (*Schema, error) {
	s := &Schema{root, make(map[*jsonschema.Schema]*facts), make(map[*regexp.Regexp]int)}
	return s, s.learn()
}

// learn gathers the facts of all schemas that the root leads to.
func (s *Schema) learn() error {
	for found := []*jsonschema.Schema{s.root}; len(found) > 0; {
		schema := found[len(found)-1]
		found = found[:len(found)-1]
		if schema == nil || s.facts[schema] != nil {
			continue
		}
		f, err := factsOf(schema)
		if err != nil {
			return err
		}
		s.facts[schema] = f
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
	return nil
}

func patternsOf(s *jsonschema.Schema) (patterns []*regexp.Regexp) {
	if s.Pattern != nil {
		patterns = append(patterns, s.Pattern)
	}
	for pattern := range s.PatternProperties {
		patterns = append(patterns, pattern)
	}
	return patterns
}

// sameValue returns the schemas that a schema holds the same value to.
func sameValue(s *jsonschema.Schema) []*jsonschema.Schema {
	list := []*jsonschema.Schema{s.Ref, s.RecursiveRef, s.DynamicRef, s.Not, s.If, s.Then, s.Else}
	list = slices.Concat(list, s.AllOf, s.AnyOf, s.OneOf)
	for _, dependency := range s.Dependencies {
		if schema, ok := dependency.(*jsonschema.Schema); ok {
			list = append(list, schema)
		}
	}
	for _, schema := range s.DependentSchemas {
		list = append(list, schema)
	}
	return slices.DeleteFunc(list, func(s *jsonschema.Schema) bool { return s == nil })
}

// innerValues returns the schemas that a schema holds the members and elements of
// a value to, or their names.
func innerValues(s *jsonschema.Schema) []*jsonschema.Schema {
	list := []*jsonschema.Schema{s.PropertyNames, s.UnevaluatedProperties, s.Items2020, s.Contains, s.UnevaluatedItems}
	for _, schema := range s.Properties {
		list = append(list, schema)
	}
	for _, schema := range s.PatternProperties {
		list = append(list, schema)
	}
	for _, one := range []any{s.AdditionalProperties, s.Items, s.AdditionalItems} {
		if schema, ok := one.(*jsonschema.Schema); ok {
			list = append(list, schema)
		}
	}
	if items, ok := s.Items.([]*jsonschema.Schema); ok {
		list = append(list, items...)
	}
	list = append(list, s.PrefixItems...)
	return slices.DeleteFunc(list, func(s *jsonschema.Schema) bool { return s == nil })
}
