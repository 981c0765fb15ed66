package main

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
)

// pythonVocabulary returns the types of the vocabulary for type checkers: of
// results and of parameters.
func pythonVocabulary(comments map[string]string, returned, given []reflect.Type) (stub, module []byte) {
	names := []string{"UnknownObject", "ParsedResponseStreamEvent"}
	var sides [2][]class
	for i, roots := range [][]reflect.Type{returned, given} {
		p := pythonShapes(i == 1)
		for _, t := range shapesFrom(roots...) {
			if s := shapeOf(t, comments); pythonOwn[s.name] == "" {
				sides[i] = append(sides[i], p.class(t, s))
				names = append(names, p.name(t))
			}
		}
	}
	parsed, events := pythonParsed()
	for _, c := range parsed {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	stub = render("types.pyi", nil, map[string]any{"Sides": sides, "Parsed": parsed, "ParsedEvents": events})
	return stub, render("types.py", nil, names)
}

// pythonParsed returns the events of a stream that is parsed as it arrives: the
// classes of those that differ from others, and the names of all.
func pythonParsed() (classes []class, events []string) {
	parsed := map[string]member{
		"ResponseTextDeltaEvent":                  {Name: "snapshot", Types: []string{"str"}},
		"ResponseFunctionCallArgumentsDeltaEvent": {Name: "snapshot", Types: []string{"str"}},
		"ResponseTextDoneEvent":                   {Name: "parsed", Types: []string{"Any"}},
		"ResponseCompletedEvent":                  {Name: "response", Types: []string{"ParsedResponse[Any]"}},
	}
	events = pythonShapes(false).alternatives(vocabulary.ResponseStreamEvent{}.Union())
	for i, name := range events {
		if m, ok := parsed[name]; ok {
			m.Required = true
			events[i] = "Parsed" + name
			classes = append(classes, class{Name: events[i], Base: name, Members: []member{m}})
		}
	}
	return classes, events
}

// pythonOwn are the types with classes at run time.
var pythonOwn = map[string]string{"ResponseSnapshot": "Response", "ResponseUsage": "ResponseUsage", "TokenDetails": "TokenDetails"}

// pythonTypes writes the types of results, or of parameters.
type pythonTypes struct {
	shapeNotation
	given bool
}

// pythonShapes returns the notation of the vocabulary in Python.
func pythonShapes(given bool) *pythonTypes {
	p := &pythonTypes{given: given}
	p.notation = pythonNotation("dict[str, Any]", "list", nil)
	p.other = func(vocabulary.Other) []string { return []string{"UnknownObject"} }
	if given {
		p.notation = pythonNotation("Mapping[str, Any]", "Iterable", nil)
		p.other = func(vocabulary.Other) []string { return []string{"Mapping[str, Any]", "CodexBaseModel"} }
	}
	p.name = func(t reflect.Type) string {
		name := t.Name()
		if given {
			name = strings.TrimSuffix(name, "Param") + "Param"
		}
		return cmp.Or(pythonOwn[t.Name()], name)
	}
	return p
}

// class returns the class of a type.
func (p *pythonTypes) class(t reflect.Type, s shape) class {
	c := class{Name: p.name(t), Doc: s.doc, Base: "_Item", Alternatives: p.alternatives(s.union)}
	switch {
	case p.given && slices.ContainsFunc(s.members, func(m shapeMember) bool { return m.name == "async" }):
		c.Base = "_Async, total=False"
	case p.given:
		c.Base = "TypedDict, total=False"
	case strings.HasSuffix(s.name, "Event"):
		c.Base = "_Event"
	}
	add := func(name, doc string, types []string, optional bool) {
		if p.given && !optional {
			types = []string{"Required[" + union(types) + "]"}
		}
		c.Members = append(c.Members, member{Name: name, Doc: doc, Types: types, Required: p.given || !optional})
	}
	if s.tags != nil {
		add("type", "", p.constants(quoted(s.tags)...), s.untagged)
	}
	for _, m := range s.members {
		name := m.name
		if name == "async" { // a keyword
			if p.given {
				continue // in _Async
			}
			name = "async_"
		}
		types := p.typesOf(m.of, m.known)
		if (m.nullable || p.given && m.optional) && !slices.Contains(types, "Any") {
			types = append(types, "None")
		}
		add(name, m.doc, types, m.optional)
	}
	return c
}

// pythonAdded are the members that the Python client adds to objects, or
// defaults where the backend omits them, by type.
var pythonAdded = map[string][]string{
	"function_call": {"parsed_arguments"}, "output_text": {"annotations", "parsed"}, "response.output_text.done": {"parsed"},
}

// pythonOptional returns the module with the names of optional members.
func pythonOptional(roots ...reflect.Type) []byte {
	optional := make(map[string][]string)
	for _, t := range shapesFrom(roots...) {
		s := shapeOf(t, nil)
		if s.tags == nil && pythonOwn[s.name] == "" {
			s.tags = []string{""}
		}
		for _, tag := range s.tags {
			for _, m := range s.members {
				if m.name == "async" {
					m.name = "async_"
				}
				if m.optional {
					optional[tag] = append(optional[tag], m.name)
				}
			}
		}
	}
	for tag, names := range pythonAdded {
		optional[tag] = append(optional[tag], names...)
	}
	var rows []string
	for _, tag := range slices.Sorted(maps.Keys(optional)) {
		names := slices.Compact(slices.Sorted(slices.Values(optional[tag])))
		list := `"` + strings.Join(names, `", "`) + `"`
		row := fmt.Sprintf("    %q: (%s),", tag, list)
		if len(names) == 1 {
			row = fmt.Sprintf("    %q: (%s,),", tag, list)
		} else if len(row) > lineLength {
			row = fmt.Sprintf("    %q: (\n        %s,\n    ),", tag, strings.ReplaceAll(list, ", ", ",\n        "))
		}
		rows = append(rows, row)
	}
	return render("vocabulary.py", nil, rows)
}
