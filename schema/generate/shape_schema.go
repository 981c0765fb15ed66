package main

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"

	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A definer writes the schemas of the vocabulary's types. They require only the
// type and allow null everywhere: the backend decides what else an object
// needs, and objects of the backend may be incomplete. In results, the members
// that the host adds are required.
type definer struct {
	comments map[string]string
	returned bool           // whether the types are those of results
	declared bool           // whether the schemas are those of [declaredFrom]
	defs     map[string]any // by name
}

// declaredFrom returns the schemas, by name, of the named types that are reachable
// from the roots, for the types of the clients. Unlike published schemas they
// require all members that cannot be absent, mark undeclared objects and known
// values, name maps, and describe references.
func declaredFrom(comments map[string]string, roots ...reflect.Type) map[string]rawjson.Value {
	d := &definer{comments: comments, returned: true, declared: true, defs: make(map[string]any)}
	for _, root := range roots {
		d.plain(root)
	}
	schemas := make(map[string]rawjson.Value)
	for name, definition := range d.defs {
		schemas[name] = rawjson.MustParse(string(encode(definition)))
	}
	return schemas
}

// reference returns the schema of a type and defines the types it refers to.
func (d *definer) reference(t reflect.Type) map[string]any {
	if t.Kind() == reflect.Pointer {
		return orNull(d.plain(t.Elem()))
	}
	return d.plain(t)
}

func (d *definer) plain(t reflect.Type) map[string]any {
	if isShape(t) {
		if !isNamed(t) {
			return d.union(t)
		}
		if _, ok := d.defs[t.Name()]; !ok {
			d.defs[t.Name()] = nil // it may refer to itself
			d.defs[t.Name()] = d.define(t)
		}
		return map[string]any{"$ref": "#/$defs/" + t.Name()}
	}
	switch kind := kindOf(t); {
	case kind == "any":
		return map[string]any{}
	case d.declared && kind == "object":
		return map[string]any{"type": kind, "x-type": t.Name()}
	case kind == "array":
		return map[string]any{"type": kind, "items": d.member(shapeMember{of: t.Elem()}, d.returned)}
	default:
		return d.withKnown(map[string]any{"type": kind}, knownTexts(t))
	}
}

// define returns the schema of a named type.
func (d *definer) define(t reflect.Type) map[string]any {
	s := shapeOf(t, d.comments)
	schema := map[string]any{"type": "object"}
	if s.union != nil {
		schema = d.union(t)
	} else if d.members(schema, s, d.declared || d.returned && completed(t)); s.Tags == nil && !d.returned {
		schema = orNull(schema)
	}
	if s.Doc != "" {
		schema["description"] = s.Doc
	}
	return schema
}

// completed reports whether the host fills in missing members of a type.
func completed(t reflect.Type) bool {
	return t == reflect.TypeFor[vocabulary.ResponseUsage]() || t == reflect.TypeFor[vocabulary.TokenDetails]()
}

// members adds the members of an object to its schema, in order of declaration.
func (d *definer) members(schema map[string]any, s shape, complete bool) {
	var properties rawjson.Object
	var required []string
	add := func(name string, schema map[string]any, must bool) {
		properties.Set(name, rawjson.MustParse(string(encode(schema))))
		if must {
			required = append(required, name)
		}
	}
	if s.Tags != nil {
		add("type", tagSchema(s.Tags, s.untagged && !d.declared), !s.untagged)
	}
	for _, m := range s.Members {
		add(m.Name, d.member(m, complete), complete && !m.Optional)
	}
	schema["properties"] = json.RawMessage(properties.Value().Bytes())
	if required != nil {
		schema["required"] = required
	}
}

// member returns the schema of a member, which may be absent unless the object is
// complete.
func (d *definer) member(m shapeMember, complete bool) map[string]any {
	schema := d.plain(m.of)
	if items, ok := schema["items"].(map[string]any); ok {
		d.withKnown(items, m.known)
	} else {
		d.withKnown(schema, m.known)
	}
	union := m.of.Implements(reflect.TypeFor[vocabulary.Union]())
	if m.nullable || m.Optional || !complete {
		if d.returned || !union || !isNamed(m.of) { // a union of parameters already allows null
			schema = orNull(schema)
		}
	}
	if m.doc != "" && (d.declared || schema["$ref"] == nil) { // draft 7 ignores keywords beside it
		schema["description"] = m.doc
	}
	return schema
}

// union returns the schema of a union: that of its simple types, and those of
// objects.
func (d *definer) union(t reflect.Type) map[string]any {
	var objects []any
	var known []string
	simple := map[string]any{}
	if isNamed(t) && !d.returned {
		simple = orNull(map[string]any{"type": "null"})
	}
	for _, alternative := range shapeOf(t, nil).union {
		if other, ok := alternative.(vocabulary.Other); ok {
			schema := otherSchema(known, other.Untyped, !d.returned)
			if d.declared {
				schema["x-given"] = other.Given
			}
			objects = append(objects, schema)
			continue
		}
		schema := d.plain(reflect.TypeOf(alternative))
		if schema["$ref"] == nil {
			simple = merge(simple, schema)
			continue
		}
		objects = append(objects, schema)
		known = append(known, shapeOf(reflect.TypeOf(alternative), nil).Tags...)
	}
	schema := simple
	if objects != nil {
		if len(simple) > 0 {
			objects = append([]any{simple}, objects...)
		}
		schema = map[string]any{"anyOf": objects}
	}
	if own, ok := reflect.Zero(t).Interface().(interface{ Examples() []any }); ok {
		schema["examples"] = own.Examples()
	}
	return schema
}

// merge returns the union of two schemas for different types of values.
func merge(a, b map[string]any) map[string]any {
	merged := maps.Clone(a)
	maps.Copy(merged, b)
	merged["type"] = append(kindsOf(a), kindsOf(b)...)
	if list := merged["type"].([]any); len(list) == 1 {
		merged["type"] = list[0]
	}
	return merged
}

func kindsOf(schema map[string]any) []any {
	switch kinds := schema["type"].(type) {
	case string:
		return []any{kinds}
	case []any:
		return slices.Clone(kinds)
	}
	return nil
}

// tagSchema returns the schema of the member type.
func tagSchema(tags []string, nullable bool) map[string]any {
	if len(tags) == 1 && !nullable {
		return map[string]any{"const": tags[0]}
	}
	var values []any
	for _, value := range tags {
		values = append(values, value)
	}
	if !nullable {
		return map[string]any{"enum": values}
	}
	return map[string]any{"type": []any{"string", "null"}, "enum": append(values, nil)}
}

// otherSchema returns the schema of objects with none of the known types. It
// includes objects without a type if untyped, and those whose type is null if
// nullable.
func otherSchema(known []string, untyped, nullable bool) map[string]any {
	tag := map[string]any{"type": "string", "not": map[string]any{"enum": known}}
	schema := map[string]any{"type": "object", "properties": map[string]any{"type": tag}, "description": "An object of an undeclared type."}
	if untyped || nullable {
		tag["type"] = []any{"string", "null"}
	}
	if !untyped {
		schema["required"] = []string{"type"}
	}
	return schema
}

// withKnown adds the known values of a string to a schema.
func (d *definer) withKnown(schema map[string]any, known []string) map[string]any {
	switch {
	case known == nil:
	case d.declared:
		schema["x-known"] = known
	default:
		schema["examples"] = known
	}
	return schema
}
