package simulator

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"iter"
	"slices"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// generate returns a value that satisfies a JSON Schema, and is of the type kind unless that is empty. It is the same for
// each call: the first of the proposed values, likely ones first, that the schema accepts. If there is none within the
// budget, as for an unsatisfiable schema, generate returns the last proposed value and false.
func generate(raw json.RawMessage, kind string) (json.RawMessage, bool) {
	if len(raw) == 0 || string(raw) == "null" {
		raw = json.RawMessage("true")
	}
	g := &generator{budget: maxSteps}
	root, order, err := compile(raw, g)
	if err != nil {
		return json.RawMessage("null"), false
	}
	g.order = order
	to := goal{schemas: []*jsonschema.Schema{root}, open: []*jsonschema.Schema{root}}
	if kind != "" {
		to.schemas = append(to.schemas, ofType(kind))
	}
	made, ok := g.value(to)
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

// ofType returns a schema for a type.
func ofType(name string) *jsonschema.Schema {
	return &jsonschema.Schema{
		Types: []string{name}, MinProperties: -1, MaxProperties: -1, MinItems: -1, MaxItems: -1, MinLength: -1, MaxLength: -1,
	}
}

// maxSteps bounds the number of schemas that values are validated against.
const maxSteps = 40_000

type generator struct {
	order  map[string][]string
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
	schemas []*jsonschema.Schema // it must satisfy all of them
	name    string               // of its property: the default text
	variant int                  // distinguishes the elements of an array
	open    []*jsonschema.Schema // of the values that contain this one
	depth   int
}

func (g goal) with(schemas []*jsonschema.Schema) goal {
	g.schemas = slices.DeleteFunc(slices.Concat(g.schemas, schemas), func(s *jsonschema.Schema) bool { return s == nil })
	return g
}

func (g goal) child(name string, variant int, schemas []*jsonschema.Schema) goal {
	return goal{schemas, name, g.variant + variant, g.open, g.depth + 1}
}

func (g *generator) accepts(to goal, v value) bool {
	return !slices.ContainsFunc(to.schemas, func(s *jsonschema.Schema) bool { return g.budget < 0 || s.Validate(v.decoded) != nil })
}

// flat is a conjunction of schemas, with references and allOf resolved.
type flat struct {
	parts   []*jsonschema.Schema
	refs    []*jsonschema.Schema
	choices [][][]*jsonschema.Schema // each is a list of alternative conjunctions
}

func (g *generator) flatten(schemas []*jsonschema.Schema) (f flat) {
	seen := map[*jsonschema.Schema]bool{}
	var walk func(*jsonschema.Schema)
	walk = func(s *jsonschema.Schema) {
		if s == nil || seen[s] || g.budget < 0 {
			return
		}
		g.budget--
		seen[s] = true
		f.parts = append(f.parts, s)
		if s.Ref != nil {
			f.refs = append(f.refs, s.Ref)
			walk(s.Ref)
		}
		for _, part := range s.AllOf {
			walk(part)
		}
		for _, list := range [][]*jsonschema.Schema{s.AnyOf, s.OneOf} {
			if list != nil {
				f.choices = append(f.choices, slices.Collect(slices.Chunk(list, 1)))
			}
		}
		if s.If != nil {
			f.choices = append(f.choices, [][]*jsonschema.Schema{{s.If, s.Then}, {s.Else}})
		}
	}
	for _, s := range schemas {
		walk(s)
	}
	return f
}

// recursive reports whether these schemas refer to the schema of a containing value.
func (g *generator) recursive(open, schemas []*jsonschema.Schema) bool {
	return slices.ContainsFunc(g.flatten(schemas).refs, func(ref *jsonschema.Schema) bool { return slices.Contains(open, ref) })
}

func (g *generator) value(to goal) (value, bool) {
	if to.depth > 40 {
		return valueOf(nil), false
	}
	return g.search(to, 0)
}

// search generates a value. The alternatives of the first choices, as many as chosen, are part of the goal's schemas.
func (g *generator) search(to goal, chosen int) (v value, ok bool) {
	v = valueOf(nil)
	if g.budget--; g.budget < 0 {
		return v, false
	}
	f := g.flatten(to.schemas)
	to.open = slices.Concat(to.open, f.refs)
	propose := func(values iter.Seq[value]) bool {
		for v = range values {
			if ok = g.accepts(to, v); ok || g.budget < 0 {
				return true
			}
		}
		return false
	}
	if propose(f.given(to.variant)) {
		return v, ok
	}
	if chosen < len(f.choices) {
		for _, alternative := range g.ranked(to.open, f.choices[chosen]) {
			if v, ok = g.search(to.with(alternative), chosen+1); ok || g.budget < 0 {
				break
			}
		}
		return v, ok
	}
	for _, kind := range f.kinds() {
		if propose(g.candidates(to, f, kind)) {
			break
		}
	}
	return v, ok
}

// ranked sorts alternatives: recursive ones last, and null before them.
func (g *generator) ranked(open []*jsonschema.Schema, alternatives [][]*jsonschema.Schema) [][]*jsonschema.Schema {
	return sortedBy(alternatives, func(alternative []*jsonschema.Schema) int {
		switch {
		case g.recursive(open, alternative):
			return 2
		case alternative[0] != nil && slices.Equal(alternative[0].Types, []string{"null"}):
			return 1
		}
		return 0
	})
}

func sortedBy[T any](list []T, rank func(T) int) []T {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(rank(a), rank(b)) })
	return list
}

// given returns the values in the schemas: constants, enums, defaults and examples.
func (f *flat) given(variant int) iter.Seq[value] {
	var values []any
	for _, s := range f.parts {
		values = append(values, s.Constant...)
		if n := len(s.Enum); n > 0 {
			turn := variant % n
			values = slices.Concat(values, s.Enum[turn:], s.Enum[:turn])
		}
	}
	for _, s := range f.parts {
		// A null default only means that the member is optional.
		if variant == 0 && s.Default != nil {
			values = append(values, s.Default)
		}
		if variant == 0 {
			values = append(values, s.Examples...)
		}
	}
	return func(yield func(value) bool) {
		for _, v := range values {
			if !yield(valueOf(v)) {
				return
			}
		}
	}
}

// kinds returns the types to try: those that all parts allow, or if none are declared, all, with those of the keywords
// first. Null is last.
func (f *flat) kinds() []string {
	kinds := []string{"string", "number", "integer", "boolean", "object", "array", "null"}
	declared, about := false, map[string]bool{}
	for _, s := range f.parts {
		if s.Types != nil {
			var both []string
			for _, t := range s.Types {
				for _, kind := range kinds {
					if kind == t || kind == "integer" && t == "number" {
						both = append(both, kind)
					}
				}
			}
			kinds, declared = both, true
		}
		for kind, is := range map[string]bool{
			"object": s.Properties != nil || s.Required != nil || s.AdditionalProperties != nil || s.PatternProperties != nil || s.MinProperties > 0,
			"array":  s.Items != nil || s.Items2020 != nil || s.PrefixItems != nil || s.MinItems > 0 || s.Contains != nil,
			"number": s.Minimum != nil || s.Maximum != nil || s.ExclusiveMinimum != nil || s.ExclusiveMaximum != nil || s.MultipleOf != nil,
		} {
			about[kind] = about[kind] || is
		}
	}
	return sortedBy(kinds, func(kind string) int {
		switch {
		case kind == "null":
			return 2
		case declared || about[kind]:
			return 0
		}
		return 1
	})
}

// candidates proposes values of one type.
func (g *generator) candidates(to goal, f flat, kind string) iter.Seq[value] {
	return func(yield func(value) bool) {
		switch kind {
		case "null":
			yield(valueOf(nil))
		case "boolean":
			_ = yield(valueOf(to.variant%2 == 0)) && yield(valueOf(to.variant%2 == 1))
		case "integer", "number":
			g.numbers(to, f, kind == "integer")(yield)
		case "string":
			for _, text := range f.texts(to.name, to.variant) {
				if !yield(valueOf(text)) {
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
