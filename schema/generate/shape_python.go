package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// pythonVocabulary returns the types of the vocabulary for type checkers: of
// results and of parameters.
func pythonVocabulary(returned, given map[string]rawjson.Value) (stub, module []byte) {
	names := []string{"UnknownObject", "ParsedResponseStreamEvent"}
	var sides [2][]class
	for i, declared := range []map[string]rawjson.Value{returned, given} {
		for _, name := range slices.Sorted(maps.Keys(declared)) {
			if pythonOwn[name] == "" {
				c := pythonShape(name, declared, i == 1)
				sides[i] = append(sides[i], c)
				names = append(names, c.Name)
			}
		}
	}
	parsed, events := pythonParsed(returned)
	for _, c := range parsed {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	stub = render("types.pyi", nil, map[string]any{"Sides": sides, "Parsed": parsed, "ParsedEvents": events})
	return stub, render("types.py", nil, names)
}

// pythonParsed returns the events of a stream that is parsed as it arrives: the
// classes of those that differ from others, and the names of all.
func pythonParsed(returned map[string]rawjson.Value) (classes []class, events []string) {
	parsed := map[string]member{
		"ResponseTextDeltaEvent":                  {Name: "snapshot", Types: []string{"str"}},
		"ResponseFunctionCallArgumentsDeltaEvent": {Name: "snapshot", Types: []string{"str"}},
		"ResponseTextDoneEvent":                   {Name: "parsed", Types: []string{"Any"}},
		"ResponseCompletedEvent":                  {Name: "response", Types: []string{"ParsedResponse[Any]"}},
	}
	events = pythonShapes(returned, false).types(returned["ResponseStreamEvent"])
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
func pythonShapes(declared map[string]rawjson.Value, given bool) *notation {
	n := pythonNotation("dict[str, Any]", "list", pythonOwn)
	other := []string{"UnknownObject"}
	if given {
		n = pythonNotation("Mapping[str, Any]", "Iterable", pythonOwn)
		n.suffix = "Param"
		other = []string{"Mapping[str, Any]", "CodexBaseModel"}
	}
	n.known = slices.Collect(maps.Keys(declared))
	n.other = func(bool) []string { return other }
	return n
}

// pythonShape returns the class of a type.
func pythonShape(name string, declared map[string]rawjson.Value, given bool) class {
	c := pythonShapes(declared, given).declared(name, declared[name])
	keyword := slices.IndexFunc(c.Members, func(m member) bool { return m.Name == "async" })
	switch {
	case given && keyword >= 0:
		c.Base = "_Async, total=False"
		c.Members = slices.Delete(c.Members, keyword, keyword+1)
	case given:
		c.Base = "TypedDict, total=False"
	case strings.HasSuffix(name, "Event"):
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
func pythonOptional(declared map[string]rawjson.Value) []byte {
	optional := make(map[string][]string)
	for name, schema := range declared {
		kind := schema.Get("properties").Get("type")
		tags := append(textsOf(kind.Get("const")), textsOf(kind.Get("enum"))...)
		tagged := tags != nil
		if !tagged && pythonOwn[name] == "" {
			tags = []string{""}
		}
		required := requiredOf(schema)
		for member := range schema.Get("properties").Members() {
			if member == "type" && tagged || slices.Contains(required, member) {
				continue
			}
			if member == "async" {
				member = "async_"
			}
			for _, tag := range tags {
				optional[tag] = append(optional[tag], member)
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
