package rawschema

import (
	"maps"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// evaluated is the set of members and elements of a value that some keyword has
// evaluated: unevaluatedProperties and unevaluatedItems apply to the others.
type evaluated struct {
	allMembers, allElements bool
	members                 map[string]bool
	elements                map[int]bool
}

func newEvaluated() *evaluated {
	return &evaluated{members: make(map[string]bool), elements: make(map[int]bool)}
}

// take adds another set, which must not be used afterwards.
func (s *evaluated) take(other *evaluated) {
	s.allMembers = s.allMembers || other.allMembers
	s.allElements = s.allElements || other.allElements
	s.members = union(s.members, other.members)
	s.elements = union(s.elements, other.elements)
}

// union adds the smaller map to the larger one: a set passes unchanged through a
// chain of references, however long.
func union[K comparable](a, b map[K]bool) map[K]bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	maps.Copy(a, b)
	return a
}

// combined checks a value against the schemas of references and of keywords
// such as anyOf.
func (c *checker) combined(s *jsonschema.Schema, known *facts, at rawjson.Cursor, in *evaluated) (after rawjson.Cursor) {
	end := func(b rawjson.Cursor) {
		if !after.Valid() {
			after = b
		}
	}
	for _, target := range [...]*jsonschema.Schema{s.Ref, s.RecursiveRef, s.DynamicRef} {
		if target != nil {
			end(c.reference(target, at, in))
		}
	}
	for _, part := range s.AllOf {
		end(c.required(part, at, in))
	}
	if len(s.AnyOf) > 0 {
		end(c.anyOf(s, known.anyOf, at, in))
	}
	if len(s.OneOf) > 0 {
		end(c.oneOf(s, known.oneOf, at, in))
	}
	if s.Not != nil {
		fits, b := c.try(s.Not, at, nil)
		if end(b); fits {
			c.fault(s, "not", at)
		}
	}
	if s.If != nil {
		fits, b := c.try(s.If, at, in)
		if end(b); fits {
			end(c.required(s.Then, at, in))
		} else {
			end(c.required(s.Else, at, in))
		}
	}
	return after
}

// required checks a value against a schema and keeps the faults.
func (c *checker) required(s *jsonschema.Schema, at rawjson.Cursor, in *evaluated) (after rawjson.Cursor) {
	if s != nil {
		_, after = c.branch(s, c.facts[s], at, in)
	}
	return after
}

// try reports whether a value is valid against a schema.
func (c *checker) try(s *jsonschema.Schema, at rawjson.Cursor, in *evaluated) (fits bool, after rawjson.Cursor) {
	outer := c.trying
	c.trying = true
	from, after := c.branch(s, c.facts[s], at, in)
	c.trying = outer
	fits = len(c.faults) == from
	c.faults = c.faults[:from]
	return fits, after
}

// branch checks a value against a schema with its own limit of faults, and
// returns the index of the first of them. The schema evaluates members and
// elements only if there are none.
func (c *checker) branch(s *jsonschema.Schema, known *facts, at rawjson.Cursor, in *evaluated) (from int, after rawjson.Cursor) {
	var own *evaluated
	if in != nil {
		own = newEvaluated()
	}
	outer := c.base
	c.base = len(c.faults)
	from = c.base
	after = c.apply(s, known, at, own)
	c.base = outer
	if len(c.faults) == from && own != nil {
		in.take(own)
	}
	return from, after
}

// reference checks a value against the target of a reference. Since references
// can multiply schemas and values without bound, results are memoized once a
// check has taken more work than an ordinary one.
func (c *checker) reference(target *jsonschema.Schema, at rawjson.Cursor, in *evaluated) (after rawjson.Cursor) {
	if in != nil || c.spent < c.free {
		return c.required(target, at, in)
	}
	key := visit{target, at.Offset()}
	if faults, ok := c.visits[key]; ok {
		for _, f := range faults {
			c.add(f)
		}
		return after
	}
	if c.visits == nil {
		c.visits = make(map[visit][]fault)
	}
	c.spend(50)
	from, after := c.branch(target, c.facts[target], at, nil)
	c.visits[key] = slices.Clone(c.faults[from:])
	return after
}

func (c *checker) anyOf(s *jsonschema.Schema, t *tag, at rawjson.Cursor, in *evaluated) (after rawjson.Cursor) {
	if t.name == "" || at.Kind() != '{' {
		return c.choose(s, "anyOf", t, t.others, at, in)
	}
	// The last of several members with the tag's name counts. A repetition
	// results in a fault with the first, so that valid objects are not searched
	// to their end.
	value := c.tagValue(t, at, false)
	from := len(c.faults)
	after = c.tagged(s, "anyOf", t, value, at, in)
	if len(c.faults) > from {
		if last := c.tagValue(t, at, true); last.Offset() != value.Offset() {
			c.faults = c.faults[:from]
			after = c.tagged(s, "anyOf", t, last, at, in)
		}
	}
	return after
}

func (c *checker) oneOf(s *jsonschema.Schema, t *tag, at rawjson.Cursor, in *evaluated) (after rawjson.Cursor) {
	if t.name == "" || at.Kind() != '{' {
		return c.choose(s, "oneOf", t, t.others, at, in)
	}
	return c.tagged(s, "oneOf", t, c.tagValue(t, at, true), at, in)
}

// tagged checks an object against the alternatives that its tag admits.
func (c *checker) tagged(s *jsonschema.Schema, keyword string, t *tag, value, at rawjson.Cursor, in *evaluated) (after rawjson.Cursor) {
	if list := t.admitted(value); len(list) > 0 {
		return c.choose(s, keyword, t, list, at, in)
	}
	if value.Valid() {
		c.add(fault{schema: s, keyword: "tag", at: value.Offset(), types: t.values})
	} else {
		c.add(fault{schema: s, keyword: "required", at: at.Offset(), name: t.name})
	}
	return after
}

// choose checks a value against the listed alternatives of a choice. It cannot
// be valid against the others.
func (c *checker) choose(s *jsonschema.Schema, keyword string, t *tag, list []int, at rawjson.Cursor, in *evaluated) (after rawjson.Cursor) {
	alternatives := s.AnyOf
	if keyword == "oneOf" {
		alternatives = s.OneOf
	}
	chosen := choice{checker: c, at: at, from: len(c.faults), only: len(list) == 1}
	if len(list) < len(alternatives) && at.Kind() != '{' {
		chosen.only, chosen.types = false, []string{"object"}
	}
	first := -1
	for _, i := range list {
		from, b := c.branch(alternatives[i], t.known[i], at, in)
		if b.Valid() {
			after = b
		}
		switch {
		case len(c.faults) > from:
			chosen.failed(from)
		case first < 0:
			first, chosen.fits = i, true
		case keyword == "oneOf":
			chosen.end(s, keyword)
			c.add(fault{schema: s, keyword: keyword, at: at.Offset(), first: first, second: i})
			return after
		}
		if chosen.fits && keyword == "anyOf" && in == nil {
			break
		}
	}
	chosen.end(s, keyword)
	return after
}

// A choice determines which alternative was meant if none is valid: the one
// with the fewest faults among those that do not fail for the type of the value
// itself. If all do, the expected types are reported together.
type choice struct {
	*checker
	at    rawjson.Cursor
	from  int  // index of the faults of the best alternative
	best  int  // number of these faults
	only  bool // whether there is only one alternative
	types []string
	fits  bool
}

// failed records the faults of one alternative, which start at an index.
func (c *choice) failed(from int) {
	faults := c.faults[from:]
	if wanted := typesAt(faults, c.at); wanted != nil && !c.only {
		c.types = append(c.types, wanted...)
	} else if c.best == 0 || len(faults) < c.best {
		c.best = copy(c.faults[c.from:], faults)
	}
	c.faults = c.faults[:c.from+c.best]
}

// end keeps the faults of the choice.
func (c *choice) end(s *jsonschema.Schema, keyword string) {
	switch {
	case c.fits:
		c.faults = c.faults[:c.from]
	case c.best == 0:
		c.add(fault{schema: s, keyword: keyword, at: c.at.Offset(), types: c.types})
	}
}

// typesAt returns the types that were expected of the value itself, or nil.
func typesAt(faults []fault, at rawjson.Cursor) []string {
	for _, f := range faults {
		if f.at != at.Offset() {
			continue
		}
		if f.keyword == "type" {
			return f.schema.Types
		}
		if f.types != nil {
			return f.types
		}
	}
	return nil
}
