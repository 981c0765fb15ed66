// Package rawschema holds JSON text to a JSON Schema without decoding it.
//
//	schema, err := rawschema.Compile("urn:example", text)
//	if err != nil { … }
//	faults, err := schema.Check(ctx, value, rawschema.Options{})
//
// Schemas are compiled by github.com/santhosh-tekuri/jsonschema/v5. Its own
// Validate wants the whole value decoded, gathers every error there is, computes
// numbers as fractions and cannot be stopped: a message of a few kilobytes costs it
// seconds, and one of a few megabytes all memory. So the compiled schema is read
// here, with the text as it is: the time is linear in its bytes, what is held in
// memory are the faults alone, and a check ends with its context, or when the
// steps are used up that it was given.
//
// A schema of somebody else is made fit for that by [Prepare].
//
// All keywords of drafts 4 to 2020-12 are heeded but for those that say what a
// text stands for, which are annotations in the newest: format, and where the
// draft has that, contentMediaType and contentSchema. A $dynamicRef leads where a
// $ref would.
package rawschema

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A Schema is compiled and may be used by many goroutines at once.
type Schema struct {
	root     *jsonschema.Schema
	facts    map[*jsonschema.Schema]*facts
	patterns map[*regexp.Regexp]int // to the number of their instructions
}

// facts are what a check wants to know of a schema without working it out again.
type facts struct {
	enum     values
	constant values
	members  map[string]member
	wanted   int // names that required and its like ask for
	anyOf    *tag
	oneOf    *tag
}

// A member is what a schema says of the members of a name.
type member struct {
	schema *jsonschema.Schema // or nil
	wanted int                // the number of the name, counted from 1, or 0
}

// values are some that are looked for.
type values struct {
	texts   map[string]bool
	digests map[digest]bool // of what is no text
	kinds   [128]bool       // that they are of
}

// Compile compiles the text of a schema, which the name, an absolute URI, stands
// for in errors. The schema is one of the program's own, not of somebody else.
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
		f := new(facts)
		if len(schema.AnyOf) > 0 {
			f.anyOf = tagOf(schema.AnyOf)
		}
		if len(schema.OneOf) > 0 {
			f.oneOf = tagOf(schema.OneOf)
		}
		s.facts[schema] = f
		var err error
		if f.enum, err = valuesOf(schema.Enum); err != nil {
			return err
		}
		if f.constant, err = valuesOf(schema.Constant); err != nil {
			return err
		}
		f.learnMembers(schema)
		for _, pattern := range patternsOf(schema) {
			if _, ok := s.patterns[pattern]; !ok {
				size, _ := patternSize(pattern.String())
				s.patterns[pattern] = size
			}
		}
		found = append(append(found, sameValue(schema)...), innerValues(schema)...)
	}
	return nil
}

func (f *facts) learnMembers(s *jsonschema.Schema) {
	names := wantedNames(s)
	if len(s.Properties)+len(names) == 0 {
		return
	}
	f.members = make(map[string]member, len(s.Properties))
	for name, schema := range s.Properties {
		f.members[name] = member{schema: schema}
	}
	for _, name := range names {
		if m := f.members[name]; m.wanted == 0 {
			f.wanted++
			m.wanted = f.wanted
			f.members[name] = m
		}
	}
}

func valuesOf(decoded []any) (vs values, err error) {
	if len(decoded) == 0 {
		return vs, nil
	}
	vs.texts, vs.digests = make(map[string]bool), make(map[digest]bool)
	for _, value := range decoded {
		if text, ok := value.(string); ok {
			vs.texts[text], vs.kinds['"'] = true, true
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			return vs, err
		}
		v, err := rawjson.Parse(text)
		if err != nil {
			return vs, err
		}
		d, _ := digestOf(v.Cursor())
		vs.digests[d], vs.kinds[v.Kind()] = true, true
	}
	return vs, nil
}

// wantedNames returns the names of members that a schema must know the presence
// of.
func wantedNames(s *jsonschema.Schema) []string {
	names := slices.Clone(s.Required)
	for name, list := range s.DependentRequired {
		names = append(append(names, name), list...)
	}
	for name := range s.DependentSchemas {
		names = append(names, name)
	}
	for name, dependency := range s.Dependencies {
		names = append(names, name)
		if list, ok := dependency.([]string); ok {
			names = append(names, list...)
		}
	}
	return names
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
