package simulator

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// generate returns a value that satisfies a JSON Schema, and is of the type kind unless that is empty. It is the same for
// each call: the first of the proposed values, likely ones first, that the schema accepts. If there is none within the
// budget, as for an unsatisfiable schema, generate returns the last proposed value and false. So it does for values of more
// than 40 levels, for tuples of more than 10,000 elements, and for schemas that depend on $dynamicRef or $anchor.
func generate(raw json.RawMessage, kind string) (json.RawMessage, bool) {
	if len(raw) == 0 || string(raw) == "null" {
		raw = json.RawMessage("true")
	}
	g := &generator{budget: maxSteps}
	made, ok := valueOf(nil), false
	if root, err := g.compile(raw); err == nil {
		made, ok = g.value(goal{schema: allOf(kind, root), open: []*jsonschema.Schema{root}})
	}
	if kind == "object" && made.text[0] != '{' { // the arguments of a call are an object, whatever their schema is
		return json.RawMessage("{}"), false
	}
	return made.text, ok
}

// generated is like generate with a cache of small values, since the schemas of an agent's tools are part of every
// request.
func generated(raw json.RawMessage, kind string) json.RawMessage {
	key := sha256.Sum256(slices.Concat([]byte(kind+"\n"), raw))
	kept.Lock()
	text, ok := kept.values[key]
	kept.Unlock()
	if ok {
		return text
	}
	text, _ = generate(raw, kind)
	kept.Lock()
	defer kept.Unlock()
	if len(text) <= 16<<10 {
		if len(kept.values) >= 1000 {
			clear(kept.values)
		}
		kept.values[key] = text
	}
	return text
}

var kept = struct {
	sync.Mutex
	values map[[sha256.Size]byte]json.RawMessage
}{values: map[[sha256.Size]byte]json.RawMessage{}}

// maxSteps bounds the number of schemas that values are validated against.
const maxSteps = 40_000

type generator struct {
	budget int // remaining steps, including those of the library
}

// value is a proposed value. The text has the members of objects in order.
type value struct {
	text    json.RawMessage
	decoded any
}

func valueOf(decoded any) value { return value{encode(decoded), decoded} }

// goal describes a value to generate.
type goal struct {
	schema  *jsonschema.Schema
	chosen  int                  // number of choices for which an alternative is part of the schema
	name    string               // of its property: the default text
	variant int                  // distinguishes the elements of an array
	open    []*jsonschema.Schema // of the values that contain this one
	depth   int
}

func (g goal) child(name string, variant int, schema *jsonschema.Schema) goal {
	return goal{schema: schema, name: name, variant: g.variant + variant, open: g.open, depth: g.depth + 1}
}

// flat is a schema with references and allOf resolved.
type flat struct {
	parts   []*jsonschema.Schema
	refs    []*jsonschema.Schema   // to those that may recur
	choices [][]*jsonschema.Schema // lists of alternatives
}

func (g *generator) flatten(s *jsonschema.Schema) (f flat) {
	seen := map[*jsonschema.Schema]bool{nil: true}
	var walk func(...*jsonschema.Schema)
	walk = func(list ...*jsonschema.Schema) {
		for _, s := range list {
			if seen[s] || g.budget < 0 {
				continue
			}
			g.budget--
			seen[s] = true
			f.parts = append(f.parts, s)
			if ref := noteOf(s).ref; ref != nil {
				f.refs = append(f.refs, ref)
				walk(ref)
			}
			walk(s.AllOf...)
			if s.AnyOf != nil {
				f.choices = append(f.choices, s.AnyOf)
			}
			if s.OneOf != nil {
				f.choices = append(f.choices, s.OneOf)
			}
			if s.If != nil {
				f.choices = append(f.choices, []*jsonschema.Schema{allOf("", s.If, s.Then), allOf("", s.Else)})
			}
		}
	}
	walk(s)
	return f
}

// recursive reports whether a schema refers to that of a containing value.
func (g *generator) recursive(open []*jsonschema.Schema, s *jsonschema.Schema) bool {
	return slices.ContainsFunc(g.flatten(s).refs, func(ref *jsonschema.Schema) bool { return slices.Contains(open, ref) })
}

// value proposes values until one satisfies the goal: first those in the schemas, then those for each alternative of the
// next choice, or if there is no choice left, those of each type.
func (g *generator) value(to goal) (v value, ok bool) {
	v = valueOf(nil)
	if g.budget--; g.budget < 0 || to.depth > 40 {
		return v, false
	}
	f := g.flatten(to.schema)
	to.open = slices.Concat(to.open, f.refs)
	propose := func(proposed value) (end bool) {
		v = proposed
		ok = g.budget >= 0 && to.schema.Validate(v.decoded) == nil
		return ok || g.budget < 0
	}
	proposeAny := func(list []any) (end bool) {
		return slices.ContainsFunc(list, func(decoded any) bool { return propose(valueOf(decoded)) })
	}
	if proposeAny(f.given(to.variant)) {
		return v, ok
	}
	if to.chosen < len(f.choices) {
		alternatives, outer := g.ranked(to.open, f.choices[to.chosen]), to.schema
		to.chosen++
		for _, alternative := range alternatives {
			to.schema = allOf("", outer, alternative)
			if v, ok = g.value(to); ok || g.budget < 0 {
				break
			}
		}
		return v, ok
	}
	for _, kind := range f.kinds() {
		end := false
		switch kind {
		case "object":
			end = propose(g.object(to, f, true)) || propose(g.object(to, f, false))
		case "array":
			end = propose(g.array(to, f, true)) || propose(g.array(to, f, false))
		case "string":
			end = proposeAny(f.texts(to.name, to.variant))
		case "number", "integer":
			end = proposeAny(f.numbers(to.variant, kind == "integer"))
		case "boolean":
			end = proposeAny([]any{to.variant%2 == 0, to.variant%2 == 1})
		case "null":
			end = proposeAny([]any{nil})
		}
		if end {
			break
		}
	}
	return v, ok
}

// ranked sorts alternatives: recursive ones last, and null before them.
func (g *generator) ranked(open, alternatives []*jsonschema.Schema) []*jsonschema.Schema {
	var others, null, recursive []*jsonschema.Schema
	for _, s := range alternatives {
		switch {
		case g.recursive(open, s):
			recursive = append(recursive, s)
		case slices.Equal(s.Types, []string{"null"}):
			null = append(null, s)
		default:
			others = append(others, s)
		}
	}
	return slices.Concat(others, null, recursive)
}

// given returns the values in the schemas: constants, enums, defaults and examples. A null default only means that the
// member is optional.
func (f *flat) given(variant int) (values []any) {
	for _, s := range f.parts {
		values = append(values, s.Constant...)
		if n := len(s.Enum); n > 0 {
			turn := variant % n
			values = slices.Concat(values, s.Enum[turn:], s.Enum[:turn])
		}
		if variant > 0 {
			continue
		}
		if s.Default != nil {
			values = append(values, s.Default)
		}
		values = append(values, s.Examples...)
	}
	return values
}

// kinds returns the types to try: those that all parts allow, or if none are declared, all, with those of the keywords
// first. Null is last.
func (f *flat) kinds() (kinds []string) {
	for _, s := range f.parts {
		kinds = append(kinds, s.Types...)
	}
	if kinds == nil {
		for _, s := range f.parts {
			kinds = append(kinds, constrained(s)...)
		}
		kinds = append(kinds, "string", "number", "boolean", "object", "array", "null")
	}
	tried := map[string]bool{}
	kinds = slices.DeleteFunc(kinds, func(kind string) bool {
		again := tried[kind]
		tried[kind] = true
		return again || slices.ContainsFunc(f.parts, func(s *jsonschema.Schema) bool {
			return s.Types != nil && !slices.Contains(s.Types, kind) && (kind != "integer" || !slices.Contains(s.Types, "number"))
		})
	})
	if i := slices.Index(kinds, "null"); i >= 0 {
		kinds = append(slices.Delete(kinds, i, i+1), "null")
	}
	return kinds
}

// constrained returns the types whose values the keywords constrain.
func constrained(s *jsonschema.Schema) (kinds []string) {
	if s.Minimum != nil || s.Maximum != nil || s.ExclusiveMinimum != nil || s.ExclusiveMaximum != nil || s.MultipleOf != nil {
		kinds = append(kinds, "number")
	}
	if s.Properties != nil || s.Required != nil || s.AdditionalProperties != nil || s.PatternProperties != nil || s.MinProperties > 0 {
		kinds = append(kinds, "object")
	}
	if s.Items != nil || s.Items2020 != nil || s.PrefixItems != nil || s.MinItems > 0 || s.Contains != nil {
		kinds = append(kinds, "array")
	}
	return kinds
}

// allOf returns the conjunction of schemas, of which any may be nil, and of a type unless that is empty.
func allOf(kind string, schemas ...*jsonschema.Schema) *jsonschema.Schema {
	schemas = slices.DeleteFunc(schemas, func(s *jsonschema.Schema) bool { return s == nil })
	all := &jsonschema.Schema{
		AllOf: schemas, MinProperties: -1, MaxProperties: -1, MinItems: -1, MaxItems: -1, MinLength: -1, MaxLength: -1,
	}
	if kind != "" {
		all.Types = []string{kind}
	}
	return all
}
