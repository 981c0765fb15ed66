package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
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

// kinds are the names in JSON Schema of types that are not shapes, "any" for any
// values.
var kinds = map[reflect.Kind]string{
	reflect.String: "string", reflect.Bool: "boolean", reflect.Int: "integer", reflect.Float64: "number",
	reflect.Map: "object", reflect.Slice: "array", reflect.Interface: "any",
}

func kindOf(t reflect.Type) string {
	kind, ok := kinds[t.Kind()]
	if !ok {
		panic(fmt.Sprintf("%s is not a type of the vocabulary", t))
	}
	return kind
}

// quoted returns texts without special characters in JSON.
func quoted(texts []string) (json []string) {
	for _, text := range texts {
		json = append(json, `"`+text+`"`)
	}
	return json
}

// declaredIn returns the schemas, by name, of the types of the vocabulary in
// parameters, and of those in results and events.
func declaredIn(all []rpc.Method, comments map[string]string) (given, returned map[string]rawjson.Value) {
	var inParams, inResults []reflect.Type
	for _, m := range all {
		inParams = append(inParams, rootsIn(m.Params())...)
		inResults = append(inResults, rootsIn(m.Result())...)
		for _, event := range m.Events() {
			inResults = append(inResults, rootsIn(event)...)
		}
	}
	return declaredFrom(comments, inParams...), declaredFrom(comments, inResults...)
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
