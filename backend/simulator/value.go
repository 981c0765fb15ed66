package simulator

import (
	"cmp"
	"encoding/json"
	"iter"
	"slices"
)

// generate makes a value that satisfies a JSON Schema, always the same one. It proposes values, the likeliest first, and
// keeps the first that the schema accepts. Where none is found within the budget, as for a schema that nothing satisfies,
// it gives the last one proposed and false. A type given as kind is demanded besides.
func generate(raw json.RawMessage, kind string) (json.RawMessage, bool) {
	g := generator{document{root: raw, budget: 5_000}}
	goal := goal{open: []string{"#"}}
	if len(raw) > 0 && string(raw) != "null" {
		goal.raws = append(goal.raws, raw)
	}
	if kind != "" {
		goal.raws = append(goal.raws, encode(map[string]string{"type": kind}))
	}
	return g.value(goal)
}

type generator struct{ document }

// goal is one value to make.
type goal struct {
	raws    []json.RawMessage // the schemas it has to satisfy, all of them
	name    string            // of the property it is for: what a string without other traits says
	variant int               // makes the elements of one array differ
	open    []string          // references being followed: one met again would go on for ever
	depth   int
}

func (g goal) with(raws ...json.RawMessage) goal {
	g.raws = slices.Concat(g.raws, raws)
	return g
}

func (g goal) child(name string, variant int, raws []json.RawMessage) goal {
	return goal{raws, name, g.variant + variant, g.open, g.depth + 1}
}

// flat is a conjunction of schemas after references and allOf are followed.
type flat struct {
	parts   []*schema
	refs    []string
	choices [][]json.RawMessage // of each list, one has to hold as well
}

func (g *generator) flatten(raws []json.RawMessage) flat {
	var f flat
	var walk func(raw json.RawMessage)
	walk = func(raw json.RawMessage) {
		if g.budget < 0 {
			return
		}
		s := g.parse(raw)
		f.parts = append(f.parts, s)
		if s.Ref != "" && !slices.Contains(f.refs, s.Ref) {
			f.refs = append(f.refs, s.Ref)
			walk(g.resolve(s.Ref))
		}
		for _, sub := range s.AllOf {
			walk(sub)
		}
		for _, list := range [][]json.RawMessage{s.AnyOf, s.OneOf} {
			if list != nil {
				f.choices = append(f.choices, list)
			}
		}
		if s.If != nil {
			then := encode(map[string]any{"allOf": []json.RawMessage{s.If, orTrue(s.Then)}})
			f.choices = append(f.choices, []json.RawMessage{then, orTrue(s.Else)})
		}
	}
	for _, raw := range raws {
		walk(raw)
	}
	return f
}

func orTrue(raw json.RawMessage) json.RawMessage {
	if raw == nil {
		return json.RawMessage("true")
	}
	return raw
}

// recursive tells whether a value for these schemas would contain a value of a kind it is itself to be part of.
func (g *generator) recursive(open []string, raws []json.RawMessage) bool {
	return slices.ContainsFunc(g.flatten(raws).refs, func(ref string) bool { return slices.Contains(open, ref) })
}

func (g *generator) accepts(to goal, value json.RawMessage) bool {
	return !slices.ContainsFunc(to.raws, func(raw json.RawMessage) bool { return !g.matches(raw, value, 0) })
}

func (g *generator) value(to goal) (json.RawMessage, bool) {
	if to.depth > 40 {
		return json.RawMessage("null"), false
	}
	return g.search(to, 0)
}

// search makes a value after as many choices as chosen have been made; what was chosen has been added to the schemas.
func (g *generator) search(to goal, chosen int) (value json.RawMessage, ok bool) {
	value = json.RawMessage("null")
	if g.budget--; g.budget < 0 {
		return value, false
	}
	f := g.flatten(to.raws)
	for _, value = range f.given(to.variant) {
		if g.accepts(to, value) {
			return value, true
		}
		if g.budget < 0 {
			return value, false
		}
	}
	open := slices.Concat(to.open, f.refs)
	if chosen < len(f.choices) {
		for _, alternative := range g.ranked(open, f.choices[chosen]) {
			if value, ok = g.search(to.with(alternative), chosen+1); ok || g.budget < 0 {
				break
			}
		}
		return value, ok
	}
	to.open = open
	for _, kind := range f.kinds() {
		for value = range g.candidates(to, f, kind) {
			if g.accepts(to, value) {
				return value, true
			}
			if g.budget < 0 {
				return value, false
			}
		}
	}
	return value, false
}

// ranked puts those alternatives first that come to an end, and null after what says more.
func (g *generator) ranked(open []string, alternatives []json.RawMessage) []json.RawMessage {
	rank := func(raw json.RawMessage) int {
		switch {
		case g.recursive(open, []json.RawMessage{raw}):
			return 2
		case slices.Equal(g.parse(raw).types(), []string{"null"}):
			return 1
		}
		return 0
	}
	alternatives = slices.Clone(alternatives)
	slices.SortStableFunc(alternatives, func(a, b json.RawMessage) int { return cmp.Compare(rank(a), rank(b)) })
	return alternatives
}

// given are the values that the schemas themselves name.
func (f *flat) given(variant int) []json.RawMessage {
	var values []json.RawMessage
	for _, s := range f.parts {
		if s.Const != nil {
			values = append(values, s.Const)
		}
		if n := len(s.Enum); n > 0 {
			turn := variant % n
			values = slices.Concat(values, s.Enum[turn:], s.Enum[:turn])
		}
	}
	if variant > 0 {
		return values
	}
	for _, s := range f.parts {
		// A null default says only that the member may be left out.
		if s.Default != nil && string(s.Default) != "null" {
			values = append(values, s.Default)
		}
		values = append(values, s.Examples...)
	}
	return values
}

var allKinds = []string{"string", "integer", "number", "boolean", "object", "array", "null"}

// kinds are the types to try: those all parts allow, or where none is declared, those the keywords suggest first. Null
// is last.
func (f *flat) kinds() []string {
	var kinds []string
	declared := false
	for _, s := range f.parts {
		types := s.types()
		switch {
		case types == nil:
		case !declared:
			kinds, declared = types, true
		default:
			kinds = both(kinds, types)
		}
	}
	if !declared {
		kinds = allKinds
	}
	suggested := func(kind string) bool {
		return slices.ContainsFunc(f.parts, func(s *schema) bool {
			switch kind {
			case "object":
				return s.Properties != nil || s.Required != nil || s.AdditionalProperties != nil || s.PatternProperties != nil || s.MinProperties != nil
			case "array":
				return s.Items != nil || s.PrefixItems != nil || s.MinItems != nil || s.Contains != nil
			case "number":
				return s.Minimum != nil || s.Maximum != nil || s.ExclusiveMinimum != nil || s.ExclusiveMaximum != nil || s.MultipleOf != nil
			}
			return false
		})
	}
	rank := func(kind string) int {
		switch {
		case kind == "null":
			return 2
		case declared || suggested(kind):
			return 0
		}
		return 1
	}
	kinds = slices.Clone(kinds)
	slices.SortStableFunc(kinds, func(a, b string) int { return cmp.Compare(rank(a), rank(b)) })
	return kinds
}

// both are the types allowed by two lists; an integer is a number.
func both(a, b []string) []string {
	var kinds []string
	for _, k := range a {
		switch {
		case slices.Contains(b, k):
			kinds = append(kinds, k)
		case k == "integer" && slices.Contains(b, "number"), k == "number" && slices.Contains(b, "integer"):
			kinds = append(kinds, "integer")
		}
	}
	return kinds
}

// candidates proposes values of one type.
func (g *generator) candidates(to goal, f flat, kind string) iter.Seq[json.RawMessage] {
	return func(yield func(json.RawMessage) bool) {
		switch kind {
		case "null":
			yield(json.RawMessage("null"))
		case "boolean":
			values := []json.RawMessage{json.RawMessage("true"), json.RawMessage("false")}
			_ = yield(values[to.variant%2]) && yield(values[1-to.variant%2])
		case "integer", "number":
			yield(f.number(kind == "integer", to.variant))
		case "string":
			for text := range f.texts(to.name, to.variant) {
				if !yield(encode(text)) {
					return
				}
			}
		case "object":
			_ = yield(g.object(to, f, true)) && yield(g.object(to, f, false))
		case "array":
			_ = yield(g.array(to, f, true)) && yield(g.array(to, f, false))
		}
	}
}
