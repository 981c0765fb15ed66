package main

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// A shape is a type of the vocabulary in the form that all documents use.
type shape struct {
	name, Doc string
	// The values of the member type, nil for an object without one, and whether
	// it may be absent.
	Tags     []string
	untagged bool
	Members  []shapeMember
	// The alternatives, if the type is a union.
	union []any
}

// A shapeMember is a member of an object.
type shapeMember struct {
	Name, doc string
	of        reflect.Type
	known     []string // known values, among others
	Optional  bool
	nullable  bool // may be null even if it is not optional
}

var (
	otherType = reflect.TypeFor[vocabulary.Other]()
	ownType   = otherType.PkgPath()
)

// isShape reports whether a type belongs to the vocabulary.
func isShape(t reflect.Type) bool {
	return t.PkgPath() == ownType && t.Kind() == reflect.Struct || t.Implements(reflect.TypeFor[vocabulary.Union]())
}

// shapeOf returns the shape of a type. It panics if the type is not declared in the
// way of the vocabulary.
func shapeOf(t reflect.Type, comments map[string]string) shape {
	s := shape{name: t.Name(), Doc: comments[t.PkgPath()+"."+t.Name()]}
	if union, ok := reflect.Zero(t).Interface().(vocabulary.Union); ok {
		s.union = union.Union()
	} else {
		s.add(t, comments)
	}
	return s
}

// add adds the members of a struct, including those of embedded structs.
func (s *shape) add(t reflect.Type, comments map[string]string) {
	for i := range t.NumField() {
		field := t.Field(i)
		if tag, ok := field.Tag.Lookup("type"); ok {
			values, options, _ := strings.Cut(tag, ",")
			s.Tags, s.untagged = strings.Split(values, "|"), options == "optional"
		}
		switch name, options, _ := strings.Cut(field.Tag.Get("json"), ","); {
		case field.Anonymous:
			s.add(field.Type, comments)
		case field.Name == "_":
		case name == "":
			panic(fmt.Sprintf("%s.%s has no name in JSON", t, field.Name))
		default:
			m := shapeMember{
				Name: name, doc: comments[t.PkgPath()+"."+t.Name()+"."+field.Name], of: field.Type,
				Optional: options == "omitempty", nullable: strings.Contains(field.Tag.Get("jsonschema"), "nullable"),
			}
			if known := field.Tag.Get("known"); known != "" {
				m.known = strings.Split(known, "|")
			}
			if m.of.Kind() == reflect.Pointer {
				m.of, m.nullable = m.of.Elem(), true
			}
			s.Members = append(s.Members, m)
		}
	}
}

// isNamed reports whether documents refer to a type by name: objects, and
// unions that are open to undeclared objects. Other unions are inlined.
func isNamed(t reflect.Type) bool {
	union, ok := reflect.Zero(t).Interface().(vocabulary.Union)
	if !ok {
		return t.PkgPath() == ownType && t.Kind() == reflect.Struct
	}
	return slices.ContainsFunc(union.Union(), func(v any) bool { return reflect.TypeOf(v) == otherType })
}

// knownTexts returns the known values of a string type.
func knownTexts(t reflect.Type) []string {
	if words, ok := reflect.Zero(t).Interface().(interface{ Known() []string }); ok {
		return words.Known()
	}
	return nil
}

// kindOf returns the name in JSON Schema of a type that is not a shape, "any" if it
// has any values.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int:
		return "integer"
	case reflect.Float64:
		return "number"
	case reflect.Map:
		return "object"
	case reflect.Slice:
		return "array"
	case reflect.Interface:
		return "any"
	}
	panic(fmt.Sprintf("%s is not a type of the vocabulary", t))
}

// nameOf returns the name of a named type.
func (n *notation) nameOf(t reflect.Type) string {
	return cmp.Or(n.names[t.Name()], strings.TrimSuffix(t.Name(), n.suffix)+n.suffix)
}

// alternatives returns the types of the alternatives of a union.
func (n *notation) alternatives(union []any) (list []string) {
	for _, alternative := range union {
		if other, ok := alternative.(vocabulary.Other); ok {
			list = append(list, n.other(other)...)
		} else {
			list = append(list, n.typesOf(reflect.TypeOf(alternative), nil)...)
		}
	}
	return list
}

// typesOf returns the alternatives of the type of a value, given its known values.
func (n *notation) typesOf(t reflect.Type, known []string) []string {
	switch {
	case isNamed(t), n.names[t.Name()] != "":
		return []string{n.nameOf(t)}
	case isShape(t):
		return n.alternatives(shapeOf(t, nil).union)
	}
	kind := kindOf(t)
	if kind == "array" {
		return []string{n.list(union(n.typesOf(t.Elem(), known)))}
	}
	if known == nil {
		known = knownTexts(t)
	}
	if known != nil {
		return n.knownTexts(quoted(known))
	}
	return []string{n.simple[kind]}
}

// shape returns the class of a type of the vocabulary. If given, its optional
// members may be null.
func (n *notation) shape(t reflect.Type, given bool, comments map[string]string) class {
	s := shapeOf(t, comments)
	c := class{Name: n.nameOf(t), Doc: s.Doc, Alternatives: n.alternatives(s.union)}
	if s.Tags != nil {
		c.Members = append(c.Members, member{Name: "type", Types: n.constants(quoted(s.Tags)...), Required: !s.untagged})
	}
	for _, m := range s.Members {
		types := n.typesOf(m.of, m.known)
		if (m.nullable || m.Optional && given) && !slices.Contains(types, n.simple["any"]) {
			types = append(types, n.simple["null"])
		}
		c.Members = append(c.Members, member{Name: m.Name, Doc: m.doc, Types: types, Required: !m.Optional})
	}
	return c
}

// quoted returns texts without special characters in JSON.
func quoted(texts []string) (json []string) {
	for _, text := range texts {
		json = append(json, `"`+text+`"`)
	}
	return json
}

// shapesFrom returns the named types that are reachable from the roots, sorted
// by name.
func shapesFrom(roots ...reflect.Type) (found []reflect.Type) {
	seen := make(map[reflect.Type]bool)
	var visit func(t reflect.Type)
	visit = func(t reflect.Type) {
		for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if !isShape(t) || t == otherType || seen[t] {
			return
		}
		seen[t] = true
		if isNamed(t) {
			found = append(found, t)
		}
		s := shapeOf(t, nil)
		for _, alternative := range s.union {
			visit(reflect.TypeOf(alternative))
		}
		for _, m := range s.Members {
			visit(m.of)
		}
	}
	for _, root := range roots {
		visit(root)
	}
	slices.SortFunc(found, func(a, b reflect.Type) int { return strings.Compare(a.Name(), b.Name()) })
	return found
}

// vocabularyNames returns the names of the types that are reachable from the
// roots.
func vocabularyNames(comments map[string]string, roots ...reflect.Type) (names []string, err error) {
	for _, t := range shapesFrom(roots...) {
		if comments[t.PkgPath()+"."+t.Name()] == "" {
			return nil, fmt.Errorf("%s has no doc comment", t)
		}
		names = append(names, t.Name())
	}
	return names, nil
}

// vocabularyRoots returns the types of the vocabulary in parameters, and those
// in results and events.
func vocabularyRoots(all []rpc.Method) (given, returned []reflect.Type) {
	for _, m := range all {
		given = append(given, rootsIn(m.Params())...)
		returned = append(returned, rootsIn(m.Result())...)
		for _, event := range m.Events() {
			returned = append(returned, rootsIn(event)...)
		}
	}
	return given, returned
}

// rootsIn returns the types of the vocabulary that a type contains.
func rootsIn(t reflect.Type) (roots []reflect.Type) {
	for t = shownType(t); t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer; {
		t = shownType(t.Elem())
	}
	if isShape(t) && !strings.HasSuffix(t.Name(), "Fields") {
		return []reflect.Type{t}
	}
	if t.Kind() == reflect.Struct && strings.HasPrefix(t.PkgPath(), module) {
		for i := range t.NumField() {
			roots = append(roots, rootsIn(t.Field(i).Type)...)
		}
	}
	return roots
}
