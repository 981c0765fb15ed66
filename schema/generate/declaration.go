package main

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A selection is a Go type to declare in a client.
type selection struct {
	name string // in the client
	of   reflect.Type
	base string // its base class in the client, if any
	doc  string // its description; the doc comment if empty
	open bool   // may have other members
	// Members that the client declares by hand.
	omit []string
	// Members that the client declares as the first of their alternatives, as
	// the OpenAI SDK does.
	first []string
}

// results are the results that both clients declare, named as in the OpenAI SDK.
var results = []selection{
	{name: "CompactedResponse", of: reflect.TypeFor[methods.CompactedResponse]()},
	{name: "Model", of: reflect.TypeFor[methods.Model]()},
	{name: "Embedding", of: reflect.TypeFor[methods.Embedding](), first: []string{"embedding"}},
	{name: "EmbeddingUsage", of: reflect.TypeFor[methods.EmbeddingUsage]()},
	{name: "CreateEmbeddingResponse", of: reflect.TypeFor[methods.Embeddings]()},
	{name: "Transcription", of: reflect.TypeFor[methods.Transcription]()},
	{name: "UploadedFile", of: reflect.TypeFor[methods.UploadedFile]()},
	{name: "MemorySummarizeOutput", of: reflect.TypeFor[methods.TraceSummary]()},
	{name: "MemorySummarizeResponse", of: reflect.TypeFor[methods.TraceSummaries]()},
	{name: "RealtimeCallResponse", of: reflect.TypeFor[methods.RealtimeCall]()},
	{name: "ImagesResponse", of: reflect.TypeFor[methods.Images]()},
}

// A class is a type that a client declares.
type class struct {
	Name, Doc, Base string
	Members         []member
	Alternatives    []string // types, if the class is their union
}

// A member is a parameter, or a member of a result.
type member struct {
	Name, Doc string
	Types     []string // the alternatives of its type
	Required  bool
	schema    rawjson.Value
}

// A notation writes types in a language.
type notation struct {
	// Maps JSON Schema's type names, and "any".
	simple map[string]string
	// The types of values given in JSON.
	constants func(json ...string) []string
	// The type of texts beside known ones.
	otherText string
	// The types of a list, and of an object whose members all have one type.
	list, dict func(string) string
	// Maps the types that schemas refer to. Types without a name are plain
	// objects.
	names map[string]string
	// The names of the types of package vocabulary, and their suffix in the client.
	known  []string
	suffix string
	// The types of undeclared objects, in parameters or not.
	other func(given bool) []string
}

// namesOf returns the names of the selected Go types in a client.
func namesOf(selected []selection) map[string]string {
	names := make(map[string]string)
	for _, s := range selected {
		names[s.of.Name()] = s.name
	}
	return names
}

// classes returns the classes of selected types.
func (n *notation) classes(selected []selection, comments map[string]string, open bool) (list []class, err error) {
	for _, s := range selected {
		c, err := n.class(s, comments, open)
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, nil
}

func (n *notation) class(s selection, comments map[string]string, open bool) (class, error) {
	doc := cmp.Or(s.doc, comments[s.of.PkgPath()+"."+s.of.Name()])
	if doc == "" {
		return class{}, fmt.Errorf("%s has no doc comment", s.of)
	}
	members := n.members(parsedSchema(s.of, comments, open))
	for _, name := range s.omit {
		before := len(members)
		members = slices.DeleteFunc(members, func(m member) bool { return m.Name == name })
		if len(members) == before {
			return class{}, fmt.Errorf("%s has no member %s to omit", s.of, name)
		}
	}
	for _, name := range s.first {
		i := slices.IndexFunc(members, func(m member) bool { return m.Name == name })
		if i < 0 || len(members[i].Types) < 2 {
			return class{}, fmt.Errorf("%s has no member %s with alternatives", s.of, name)
		}
		members[i].Types = members[i].Types[:1]
	}
	return class{Name: s.name, Doc: doc, Base: s.base, Members: members}, nil
}

// members returns the members that a schema declares.
func (n *notation) members(schema rawjson.Value) (list []member) {
	required := requiredOf(schema)
	for name, property := range schema.Get("properties").Members() {
		list = append(list, member{name, described(property), n.types(property), slices.Contains(required, name), property})
	}
	return list
}

// requiredOf returns the names of the members that a schema requires.
func requiredOf(schema rawjson.Value) []string { return textsOf(schema.Get("required")) }

// textsOf returns a string, or the strings in a list.
func textsOf(v rawjson.Value) (texts []string) {
	if text, ok := v.Text(); ok {
		return []string{text}
	}
	for element := range v.Elements() {
		texts = append(texts, textsOf(element)...)
	}
	return texts
}

// described returns the description of a schema, or that of its first
// alternative.
func described(schema rawjson.Value) string {
	if text, ok := schema.Get("description").Text(); ok {
		return text
	}
	for alternative := range schema.Get("oneOf").Elements() {
		return described(alternative)
	}
	return ""
}

// types returns the alternatives of the type of a schema.
func (n *notation) types(schema rawjson.Value) (list []string) {
	if ref, ok := schema.Get("$ref").Text(); ok {
		return []string{n.typeOf(strings.TrimPrefix(ref, "#/$defs/"))}
	}
	if given := schema.Get("x-given"); given.Kind() != 0 {
		return n.other(given.Kind() == 't')
	}
	if schema.Get("not").Kind() == '{' { // only null, which counts as absent
		return []string{n.simple["null"]}
	}
	if v := schema.Get("const"); v.Kind() != 0 {
		return n.constants(string(v.Bytes()))
	}
	if values := elementsOf(schema.Get("enum")); values != nil {
		list = n.constants(values...)
	}
	for _, alternatives := range []string{"anyOf", "oneOf"} {
		for alternative := range schema.Get(alternatives).Elements() {
			list = append(list, n.types(alternative)...)
		}
	}
	if len(list) > 0 {
		return unique(list)
	}
	kinds := textsOf(schema.Get("type"))
	if kinds == nil {
		kinds = []string{"any"}
	}
	known := elementsOf(schema.Get("x-known"))
	// Several examples that are texts are the known values.
	if examples := elementsOf(schema.Get("examples")); len(examples) > 1 && !slices.ContainsFunc(examples, func(json string) bool { return json[0] != '"' }) {
		known = examples
	}
	for _, kind := range kinds {
		if kind == "string" && known != nil {
			list = append(append(list, n.constants(known...)...), n.otherText)
		} else {
			list = append(list, n.typeOfKind(kind, schema))
		}
	}
	return unique(list)
}

// typeOf returns the type with a name in Go.
func (n *notation) typeOf(name string) string {
	switch own := n.names[name]; {
	case own != "":
		return own
	case slices.Contains(n.known, name):
		return strings.TrimSuffix(name, n.suffix) + n.suffix
	}
	return n.simple["object"]
}

// declared returns the class of a type of the vocabulary, given its schema.
func (n *notation) declared(name string, schema rawjson.Value) class {
	c := class{Name: n.typeOf(name), Doc: described(schema), Members: n.members(schema)}
	if schema.Get("anyOf").Kind() != 0 {
		c.Alternatives = n.types(schema)
	}
	return c
}

// elementsOf returns the elements of a list as JSON.
func elementsOf(list rawjson.Value) (json []string) {
	for v := range list.Elements() {
		json = append(json, string(v.Bytes()))
	}
	return json
}

func (n *notation) typeOfKind(kind string, schema rawjson.Value) string {
	switch kind {
	case "array":
		return n.list(union(n.types(schema.Get("items"))))
	case "object":
		name, _ := schema.Get("x-type").Text()
		if own := n.names[name]; own != "" {
			return own
		}
		if further := schema.Get("additionalProperties"); further.Kind() == '{' {
			return n.dict(union(n.types(further)))
		}
	}
	return n.simple[kind]
}

// union returns the union of types, which both languages write alike.
func union(types []string) string { return strings.Join(types, " | ") }

// unique returns a list without duplicates, in order.
func unique(list []string) (once []string) {
	for _, s := range list {
		if !slices.Contains(once, s) {
			once = append(once, s)
		}
	}
	return once
}

// wrap breaks a text into lines of at most width bytes.
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
