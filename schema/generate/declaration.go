package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A selection is a type that a client gets a declaration of.
type selection struct {
	name string // what the client calls it
	of   reflect.Type
	base string // what it is derived from in the client, if anything
	doc  string // what is said of it, its doc comment if it is empty
	// The members that the client declares by hand.
	omit []string
}

// A member is a parameter, or a member of a result.
type member struct {
	name, doc string
	types     []string // one of them
	required  bool
	schema    rawjson.Value
}

// A notation is how a language writes types.
type notation struct {
	// By the names that JSON Schema has for types, and "any".
	simple map[string]string
	// The types of a constant in JSON, of a list, and of an object whose members
	// are all of a type.
	constant, list, dict func(string) string
	// What the client calls the types that schemas refer to; others are any object.
	names map[string]string
	// The types of the vocabulary, and what the client calls them.
	known      []string
	vocabulary func(name string) string
}

// namesOf returns what a client calls Go types.
func namesOf(selected []selection) map[string]string {
	names := make(map[string]string)
	for _, s := range selected {
		names[s.of.Name()] = s.name
	}
	return names
}

// describeType returns the doc comment of a selected type and its members.
func (n *notation) describeType(s selection, comments map[string]string, open bool) (doc string, members []member, err error) {
	text, err := schemaOf(s.of, comments, open)
	if err != nil {
		return "", nil, err
	}
	schema, err := rawjson.Parse(text)
	if err != nil {
		return "", nil, err
	}
	members = n.members(schema)
	for _, name := range s.omit {
		before := len(members)
		members = slices.DeleteFunc(members, func(m member) bool { return m.name == name })
		if len(members) == before {
			return "", nil, fmt.Errorf("%s has no member %s to be declared by hand", s.of, name)
		}
	}
	if s.doc != "" {
		return s.doc, members, nil
	}
	if doc = comments[s.of.PkgPath()+"."+s.of.Name()]; doc == "" {
		return "", nil, fmt.Errorf("%s has no doc comment", s.of)
	}
	return strings.ReplaceAll(doc, s.of.Name(), s.name), members, nil
}

// members returns the members that a schema names.
func (n *notation) members(schema rawjson.Value) (list []member) {
	var required []string
	for name := range schema.Get("required").Elements() {
		text, _ := name.Text()
		required = append(required, text)
	}
	for name, property := range schema.Get("properties").Members() {
		list = append(list, member{name, described(property), n.types(property), slices.Contains(required, name), property})
	}
	return list
}

// described returns what a schema, or that of what may also be null, says of
// itself.
func described(schema rawjson.Value) string {
	if text, ok := schema.Get("description").Text(); ok {
		return text
	}
	for alternative := range schema.Get("oneOf").Elements() {
		return described(alternative)
	}
	return ""
}

// types returns the types of what fits a schema.
func (n *notation) types(schema rawjson.Value) (list []string) {
	if ref, ok := schema.Get("$ref").Text(); ok {
		own := strings.TrimPrefix(ref, "#/$defs/")
		if name, ok := n.names[own]; ok {
			return []string{name}
		}
		if slices.Contains(n.known, own) {
			return []string{n.vocabulary(own)}
		}
		return []string{n.simple["object"]}
	}
	if schema.Get("not").Kind() == '{' { // nothing fits but what stands for nothing
		return []string{n.simple["null"]}
	}
	if v := schema.Get("const"); v.Kind() != 0 {
		return []string{n.constant(string(v.Bytes()))}
	}
	for v := range schema.Get("enum").Elements() {
		list = append(list, n.constant(string(v.Bytes())))
	}
	for _, alternatives := range []string{"anyOf", "oneOf"} {
		for alternative := range schema.Get(alternatives).Elements() {
			list = append(list, n.types(alternative)...)
		}
	}
	if len(list) > 0 {
		return unique(list)
	}
	kinds := []string{"any"}
	switch v := schema.Get("type"); v.Kind() {
	case '"':
		kinds[0], _ = v.Text()
	case '[':
		kinds = kinds[:0]
		for kind := range v.Elements() {
			text, _ := kind.Text()
			kinds = append(kinds, text)
		}
	}
	for _, kind := range kinds {
		list = append(list, n.typeOfKind(kind, schema))
	}
	return unique(list)
}

func (n *notation) typeOfKind(kind string, schema rawjson.Value) string {
	switch kind {
	case "array":
		return n.list(union(n.types(schema.Get("items"))))
	case "object":
		if further := schema.Get("additionalProperties"); further.Kind() == '{' {
			return n.dict(union(n.types(further)))
		}
	}
	return n.simple[kind]
}

// union returns the type of what is of one of the types, as both languages write
// it.
func union(types []string) string { return strings.Join(types, " | ") }

// unique returns a list without what was in it before.
func unique(list []string) (once []string) {
	for _, s := range list {
		if !slices.Contains(once, s) {
			once = append(once, s)
		}
	}
	return once
}

// wrap returns a text in lines of no more than so many bytes.
func wrap(text string, width int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
