package rawschema

import (
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// seen is what of a value some schema has dealt with: unevaluatedProperties and
// unevaluatedItems are about the rest.
type seen struct {
	allMembers, allElements bool
	members                 map[string]bool
	elements                map[int]bool
}

func (s *seen) member(name string) {
	if s.members == nil {
		s.members = make(map[string]bool)
	}
	s.members[name] = true
}

func (s *seen) element(i int) {
	if s.elements == nil {
		s.elements = make(map[int]bool)
	}
	s.elements[i] = true
}

func (s *seen) merge(other *seen) {
	s.allMembers = s.allMembers || other.allMembers
	s.allElements = s.allElements || other.allElements
	for name := range other.members {
		s.member(name)
	}
	for i := range other.elements {
		s.element(i)
	}
}

// combined holds a value to what other schemas say of it, by references and by
// keywords such as anyOf.
func (c *checker) combined(s *jsonschema.Schema, known *facts, at rawjson.Cursor, in *seen) (behind rawjson.Cursor) {
	end := func(b rawjson.Cursor) {
		if !behind.Valid() {
			behind = b
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
	return behind
}

// required holds a value to a schema, whose faults count.
func (c *checker) required(s *jsonschema.Schema, at rawjson.Cursor, in *seen) (behind rawjson.Cursor) {
	if s != nil {
		_, behind = c.branch(s, at, in)
	}
	return behind
}

// try reports whether a value fits a schema.
func (c *checker) try(s *jsonschema.Schema, at rawjson.Cursor, in *seen) (fits bool, behind rawjson.Cursor) {
	from, behind := c.branch(s, at, in)
	fits = len(c.faults) == from
	c.faults = c.faults[:from]
	return fits, behind
}

// branch holds a value to a schema by itself: the faults that come are those from
// an index on, and as many may come as in all. What it deals with counts if there
// are none.
func (c *checker) branch(s *jsonschema.Schema, at rawjson.Cursor, in *seen) (from int, behind rawjson.Cursor) {
	return c.knownBranch(s, c.facts[s], at, in)
}

// knownBranch does the same where the facts of the schema are at hand.
func (c *checker) knownBranch(s *jsonschema.Schema, known *facts, at rawjson.Cursor, in *seen) (from int, behind rawjson.Cursor) {
	var own *seen
	if in != nil {
		own = new(seen)
	}
	outer := c.base
	c.base = len(c.faults)
	from = c.base
	behind = c.known(s, known, at, own)
	c.base = outer
	if len(c.faults) == from && own != nil {
		in.merge(own)
	}
	return from, behind
}

// reference holds a value to a schema that is referred to. By references schemas
// and values can be multiplied without end; once a check has been more work than
// one that is meant, it makes no such visit twice.
func (c *checker) reference(target *jsonschema.Schema, at rawjson.Cursor, in *seen) (behind rawjson.Cursor) {
	if in != nil || c.spent < c.free {
		return c.required(target, at, in)
	}
	key := visit{target, at.Offset()}
	if faults, ok := c.visits[key]; ok {
		for _, f := range faults {
			c.add(f)
		}
		return behind
	}
	if c.visits == nil {
		c.visits = make(map[visit][]fault)
	}
	c.spend(50)
	from, behind := c.branch(target, at, nil)
	c.visits[key] = slices.Clone(c.faults[from:])
	return behind
}

func (c *checker) anyOf(s *jsonschema.Schema, t *tag, at rawjson.Cursor, in *seen) (behind rawjson.Cursor) {
	if t.name == "" || at.Kind() != '{' {
		return c.choose(s, "anyOf", t, t.others, at, in)
	}
	// Of two members with the tag's name the last one counts. That the first one
	// was not the only one shows as a fault, so that nothing else is looked through.
	value := c.tagValue(t, at, false)
	from := len(c.faults)
	behind = c.tagged(s, "anyOf", t, value, at, in)
	if len(c.faults) > from {
		if last := c.tagValue(t, at, true); last.Offset() != value.Offset() {
			c.faults = c.faults[:from]
			behind = c.tagged(s, "anyOf", t, last, at, in)
		}
	}
	return behind
}

func (c *checker) oneOf(s *jsonschema.Schema, t *tag, at rawjson.Cursor, in *seen) (behind rawjson.Cursor) {
	if t.name == "" || at.Kind() != '{' {
		return c.choose(s, "oneOf", t, t.others, at, in)
	}
	return c.tagged(s, "oneOf", t, c.tagValue(t, at, true), at, in)
}

// tagged holds an object to the alternatives that its tag admits.
func (c *checker) tagged(s *jsonschema.Schema, keyword string, t *tag, value, at rawjson.Cursor, in *seen) (behind rawjson.Cursor) {
	if list := t.admitted(value); len(list) > 0 {
		return c.choose(s, keyword, t, list, at, in)
	}
	if value.Valid() {
		c.add(fault{schema: s, keyword: "tag", at: value.Offset(), types: t.values})
	} else {
		c.add(fault{schema: s, keyword: "required", at: at.Offset(), name: t.name})
	}
	return behind
}

// choose holds a value to some of the alternatives of a choice, the others being
// those that it cannot fit.
func (c *checker) choose(s *jsonschema.Schema, keyword string, t *tag, list []int, at rawjson.Cursor, in *seen) (behind rawjson.Cursor) {
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
		from, b := c.knownBranch(alternatives[i], t.known[i], at, in)
		if b.Valid() {
			behind = b
		}
		switch {
		case len(c.faults) > from:
			chosen.failed(from)
		case first < 0:
			first, chosen.fits = i, true
		case keyword == "oneOf":
			chosen.end(s, keyword)
			c.add(fault{schema: s, keyword: keyword, at: at.Offset(), first: first, second: i})
			return behind
		}
		if chosen.fits && keyword == "anyOf" && in == nil {
			break
		}
	}
	chosen.end(s, keyword)
	return behind
}

// A choice finds out which alternative was meant where none fits: the one with
// the fewest faults of those that did not fail for the type of the value itself.
// If all did, the types are told together.
type choice struct {
	*checker
	at    rawjson.Cursor
	from  int  // the faults from here on are those of the best alternative
	best  int  // how many they are
	only  bool // there are no others
	types []string
	fits  bool
}

// failed takes the faults from an index on, which are those of one alternative.
func (c *choice) failed(from int) {
	faults := c.faults[from:]
	if wanted := typesAt(faults, c.at); wanted != nil && !c.only {
		c.types = append(c.types, wanted...)
	} else if c.best == 0 || len(faults) < c.best {
		c.best = copy(c.faults[c.from:], faults)
	}
	c.faults = c.faults[:c.from+c.best]
}

// end leaves the faults of the choice.
func (c *choice) end(s *jsonschema.Schema, keyword string) {
	switch {
	case c.fits:
		c.faults = c.faults[:c.from]
	case c.best == 0:
		c.add(fault{schema: s, keyword: keyword, at: c.at.Offset(), types: c.types})
	}
}

// typesAt returns the types that were wanted of the value itself, nil if none.
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
