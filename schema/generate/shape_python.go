package main

import (
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
		for _, t := range shapesFrom(roots...) {
			if pythonOwn[t.Name()] == "" {
				c := pythonShape(t, i == 1, comments)
				sides[i] = append(sides[i], c)
				names = append(names, c.Name)
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

// pythonShapes returns the notation of the vocabulary in Python, of results or
// of parameters.
func pythonShapes(given bool) *notation {
	n := pythonNotation("dict[str, Any]", "list", pythonOwn)
	n.other = func(vocabulary.Other) []string { return []string{"UnknownObject"} }
	if given {
		n = pythonNotation("Mapping[str, Any]", "Iterable", pythonOwn)
		n.suffix = "Param"
		n.other = func(vocabulary.Other) []string { return []string{"Mapping[str, Any]", "CodexBaseModel"} }
	}
	return n
}

// pythonShape returns the class of a type.
func pythonShape(t reflect.Type, given bool, comments map[string]string) class {
	c := pythonShapes(given).shape(t, given, comments)
	keyword := slices.IndexFunc(c.Members, func(m member) bool { return m.Name == "async" })
	switch {
	case given && keyword >= 0:
		c.Base = "_Async, total=False"
		c.Members = slices.Delete(c.Members, keyword, keyword+1)
	case given:
		c.Base = "TypedDict, total=False"
	case strings.HasSuffix(t.Name(), "Event"):
		c.Base = "_Event"
	default:
		c.Base = "_Item"
	}
	for i := range c.Members {
		switch m := &c.Members[i]; {
		case given && m.Required:
			m.Types = []string{"Required[" + union(m.Types) + "]"}
		case given:
			m.Required = true
		case i == keyword:
			m.Name = "async_"
		}
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
		if s.Tags == nil && pythonOwn[s.name] == "" {
			s.Tags = []string{""}
		}
		for _, tag := range s.Tags {
			for _, m := range s.Members {
				if m.Name == "async" {
					m.Name = "async_"
				}
				if m.Optional {
					optional[tag] = append(optional[tag], m.Name)
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
