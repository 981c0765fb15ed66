package main

import (
	"cmp"
	"reflect"
	"slices"
	"strings"

	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// byHand are the methods that both clients implement by hand, since they
// involve more than JSON, such as files, streams and classes.
var byHand = []string{
	"authenticate", "responses.create", "responses.parse", "responses.compact",
	"audio.transcriptions.create", "files.upload", "images.edit", "openai.request",
}

// A group is the set of methods whose names begin with a path, such as
// codex.tasks. A client has an object for it.
type group struct {
	path, doc string // "" for the client itself
	Methods   []operation
	Groups    []*group
}

// An operation is a method of a client.
type operation struct {
	Name, Summary string
	// Positional and named parameters. Neither includes those that the client
	// sets by itself or that the backend rejects.
	byPosition, byName []member
	extras             bool // takes extra_headers and extra_query
	rejected           []string
	params             reflect.Type
	result             string // its type
}

// own returns the last part of the method's name.
func (o operation) own() string { return o.Name[strings.LastIndexByte(o.Name, '.')+1:] }

// Own returns the last part of the group's path.
func (g *group) Own() string { return g.path[strings.LastIndexByte(g.path, '.')+1:] }

// About returns the description of the group.
func (g *group) About() string { return cmp.Or(g.doc, "The methods "+g.path+".*.") }

// Class returns the name of the group's class in the clients, such as
// CodexTasks.
func (g *group) Class() string {
	if g.path == "" {
		return "Methods"
	}
	return typeName(g.path, "")
}

// A language determines how a client writes types, and which methods and
// parameters it implements by hand.
type language struct {
	given, returned *notation
	byHand          []string // methods
	// Parameters that are not passed by name.
	omit []string
}

// surface returns the tree of all methods except hand-written ones. It includes
// groups whose methods are all hand-written.
func (l *language) surface(all []rpc.Method, comments map[string]string) *group {
	root := &group{doc: "The methods of a client, and the groups of those."}
	for _, m := range all {
		if m.Name() == "openai.request" {
			continue
		}
		g, docs := root, methods.Groups()
		for i, r := range m.Name() {
			if r != '.' {
				continue
			}
			path := m.Name()[:i]
			at := slices.IndexFunc(g.Groups, func(g *group) bool { return g.path == path })
			if at < 0 {
				at = len(g.Groups)
				g.Groups = append(g.Groups, &group{path: path, doc: docs[path]})
			}
			g = g.Groups[at]
		}
		if slices.Contains(l.byHand, m.Name()) {
			continue
		}
		g.Methods = append(g.Methods, l.operation(m, comments))
	}
	return root
}

func (l *language) operation(m rpc.Method, comments map[string]string) operation {
	o := operation{Name: m.Name(), Summary: m.Summary(), params: m.Params(), result: l.resultOf(m.Result(), comments)}
	byPosition := positional(m.Params())
	for _, p := range l.given.members(parsedSchema(m.Params(), comments, false)) {
		switch {
		case isRejected(p.schema):
			if p.Name != "extra_body" { // requests without a body reject it
				o.rejected = append(o.rejected, p.Name)
			}
		case p.Name == "extra_headers":
			o.extras = true
		case slices.Contains(byPosition, p.Name):
			o.byPosition = append(o.byPosition, p)
		case !slices.Contains(l.omit, p.Name):
			o.byName = append(o.byName, p)
		}
	}
	if o.extras { // which include the timeout
		o.byName = slices.DeleteFunc(o.byName, func(m member) bool { return m.Name == "timeout" })
	}
	slices.SortStableFunc(o.byPosition, func(a, b member) int {
		return slices.Index(byPosition, a.Name) - slices.Index(byPosition, b.Name)
	})
	return o
}

// resultOf returns the type of a result: its name in the client, or the type of
// its schema.
func (l *language) resultOf(t reflect.Type, comments map[string]string) string {
	t = shownType(t)
	if name, ok := l.returned.names[t.Name()]; ok && t.PkgPath() != "" {
		return name
	}
	return union(l.returned.types(parsedSchema(t, comments, true)))
}

// positional returns the parameters that are positional in the SDK: those with
// the tag sdk:"positional".
func positional(params reflect.Type) (names []string) {
	for _, f := range reflect.VisibleFields(params) {
		if f.Tag.Get("sdk") == "positional" {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			names = append(names, name)
		}
	}
	return names
}

// isRejected reports whether a parameter is declared only to be rejected with
// an explanation.
func isRejected(schema rawjson.Value) bool {
	return schema.Get("not").Kind() == '{' || schema.Get("x-unsupported").Kind() != 0
}

// supporting returns the names of the methods with a parameter.
func supporting(all []rpc.Method, parameter string) (names []string) {
	for _, m := range all {
		if parsedSchema(m.Params(), nil, false).Get("properties").Get(parameter).Kind() != 0 {
			names = append(names, m.Name())
		}
	}
	return names
}

// explained returns the description of a parameter with its default.
func (m member) explained() string {
	v := m.schema.Get("default")
	if v.Kind() == 0 {
		return m.Doc
	}
	return strings.TrimSpace(m.Doc + " " + string(v.Bytes()) + " by default.")
}
