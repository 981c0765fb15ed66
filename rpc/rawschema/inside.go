package rawschema

import (
	"crypto/sha256"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// object checks the members of an object. If a name is repeated, the last
// member counts.
func (c *checker) object(s *jsonschema.Schema, known *facts, at rawjson.Cursor, in *evaluated) (after rawjson.Cursor) {
	var few [8]bool
	given := few[:]
	if known.tracked > len(few) {
		given = make([]bool, known.tracked)
	}
	nullIsAbsent := c.options.NullIsAbsent && (at.Offset() == 0 || s.AdditionalProperties != nil)
	// Members with faults, by the digests of their names, which may be as long
	// as the text.
	var failed map[digest]span
	count := 0
	member, more := at.Enter()
	for more {
		key, value := member.Key()
		name := key.Decoded()
		if failed != nil {
			if earlier, again := failed[sha256.Sum256(name)]; again {
				c.forget(earlier)
			}
		}
		absent := nullIsAbsent && value.Kind() == 'n'
		about := known.members[string(name)]
		if about.number > 0 {
			given[about.number-1] = !absent
		}
		before := len(c.faults)
		var end rawjson.Cursor
		if !absent {
			count++
			end = c.member(s, about, name, member, value, in)
		}
		if !c.spend(1) {
			return after
		}
		if !end.Valid() {
			end = value.Skip()
		}
		if len(c.faults) > before {
			if failed == nil {
				failed = make(map[digest]span)
			}
			failed[sha256.Sum256(name)] = span{member.Offset(), end.Offset()}
		}
		member, more = end.Next()
	}
	after = member
	if s.AdditionalProperties != nil && in != nil {
		in.allMembers = true
	}
	c.count(s, "Properties", at, count, s.MinProperties, s.MaxProperties)
	for _, name := range s.Required {
		if !given[known.members[name].number-1] {
			c.add(fault{schema: s, keyword: "required", at: at.Offset(), name: name})
		}
	}
	if len(s.DependentRequired)+len(s.Dependencies)+len(s.DependentSchemas) > 0 {
		c.dependencies(s, known, at, given, in)
	}
	return after
}

// member checks one member of an object.
func (c *checker) member(s *jsonschema.Schema, about member, name []byte, key, at rawjson.Cursor, in *evaluated) (after rawjson.Cursor) {
	matched := about.schema != nil
	if matched {
		after = c.apply(about.schema, about.known, at, nil)
	}
	if s.PropertyNames != nil {
		c.value(s.PropertyNames, key)
	}
	if len(s.PatternProperties) > 0 {
		for pattern, schema := range s.PatternProperties {
			if !c.matches(pattern, string(name)) {
				continue
			}
			matched = true
			if end := c.value(schema, at); end.Valid() {
				after = end
			}
		}
	}
	if matched {
		if in != nil {
			in.members[string(name)] = true
		}
		return after
	}
	switch further := s.AdditionalProperties.(type) {
	case bool:
		if !further {
			c.fault(s, "additionalProperties", at)
		}
	case *jsonschema.Schema:
		after = c.value(further, at)
	}
	return after
}

// dependencies checks the requirements that depend on the presence of a member.
func (c *checker) dependencies(s *jsonschema.Schema, known *facts, at rawjson.Cursor, given []bool, in *evaluated) {
	require := func(name string, others []string) {
		for _, other := range others {
			if given[known.members[name].number-1] && !given[known.members[other].number-1] {
				c.add(fault{schema: s, keyword: "dependentRequired", at: at.Offset(), name: other})
			}
		}
	}
	for name, others := range s.DependentRequired {
		require(name, others)
	}
	for name, dependency := range s.Dependencies {
		switch dependency := dependency.(type) {
		case []string:
			require(name, dependency)
		case *jsonschema.Schema:
			if given[known.members[name].number-1] {
				c.required(dependency, at, in)
			}
		}
	}
	for name, schema := range s.DependentSchemas {
		if given[known.members[name].number-1] {
			c.required(schema, at, in)
		}
	}
}

// array checks the elements of an array.
func (c *checker) array(s *jsonschema.Schema, known *facts, at rawjson.Cursor, in *evaluated) (after rawjson.Cursor) {
	var distinct map[digest]int
	contained, i := 0, 0
	element, more := at.Enter()
	for ; more; i++ {
		schema, evaluates, allowed := elementSchema(s, i)
		if !allowed {
			c.fault(s, "additionalItems", element)
		}
		if evaluates && in != nil {
			in.elements[i] = true
		}
		var end rawjson.Cursor
		if known.items != nil && len(s.PrefixItems) == 0 {
			end = c.element(schema, known.items, element)
		} else {
			end = c.value(schema, element)
		}
		if s.Contains != nil {
			fits, b := c.try(s.Contains, element, nil)
			if !end.Valid() {
				end = b
			}
			if fits {
				if contained++; s.ContainsEval && in != nil {
					in.elements[i] = true
				}
			}
		}
		if s.UniqueItems {
			d, b := c.digest(element)
			end = b
			if first, again := distinct[d]; again {
				c.add(fault{schema: s, keyword: "uniqueItems", at: at.Offset(), first: first, second: i})
			} else if distinct == nil {
				distinct = make(map[digest]int)
			}
			distinct[d] = i
		}
		if !c.spend(1) {
			return after
		}
		if !end.Valid() {
			end = element.Skip()
		}
		element, more = end.Next()
	}
	after = element
	c.count(s, "Items", at, i, s.MinItems, s.MaxItems)
	if s.Contains != nil {
		c.count(s, "Contains", at, contained, s.MinContains, s.MaxContains)
	}
	return after
}

// A validity is noted about the elements that are valid by the schema of these
// facts, so that a history is checked from where it differs from that of the last
// request.
type validity struct {
	by           *facts
	nullIsAbsent bool
}

// element checks an element of an array against the schema of all elements.
func (c *checker) element(s *jsonschema.Schema, known *facts, at rawjson.Cursor) (after rawjson.Cursor) {
	e, valid := at.Element(), validity{known, c.options.NullIsAbsent}
	if e.Noted(valid) {
		return at.Skip()
	}
	faults := len(c.faults)
	after = c.apply(s, known, at, nil)
	if len(c.faults) == faults && c.err == nil && !c.full() {
		e.Note(valid)
	}
	return after
}

// count checks a number of things, such as Items, against the bounds of the
// keywords for it, which are negative if there are none.
func (c *checker) count(s *jsonschema.Schema, things string, at rawjson.Cursor, n, least, most int) {
	if least >= 0 && n < least {
		c.add(fault{schema: s, keyword: "min" + things, at: at.Offset(), first: least, second: n})
	}
	if most >= 0 && n > most {
		c.add(fault{schema: s, keyword: "max" + things, at: at.Offset(), first: most, second: n})
	}
}

// elementSchema returns the schema of an element, nil for any, whether a
// keyword evaluates it, and whether it is allowed.
func elementSchema(s *jsonschema.Schema, i int) (schema *jsonschema.Schema, evaluates, allowed bool) {
	switch {
	case i < len(s.PrefixItems):
		return s.PrefixItems[i], true, true
	case s.Items2020 != nil:
		return s.Items2020, true, true
	}
	switch items := s.Items.(type) {
	case *jsonschema.Schema:
		return items, true, true
	case []*jsonschema.Schema:
		if i < len(items) {
			return items[i], true, true
		}
		switch further := s.AdditionalItems.(type) {
		case *jsonschema.Schema:
			return further, true, true
		case bool:
			return nil, true, further
		}
	}
	return nil, false, true
}

// unevaluated checks the members or elements that no keyword has evaluated.
func (c *checker) unevaluated(s *jsonschema.Schema, at rawjson.Cursor, in *evaluated) {
	switch kind := at.Kind(); {
	case kind == '{' && s.UnevaluatedProperties != nil:
		member, more := at.Enter()
		for more && c.spend(1) {
			key, value := member.Key()
			if !in.allMembers && !in.members[string(key.Decoded())] {
				c.value(s.UnevaluatedProperties, value)
			}
			member, more = value.Skip().Next()
		}
		in.allMembers = true
	case kind == '[' && s.UnevaluatedItems != nil:
		element, more := at.Enter()
		for i := 0; more && c.spend(1); i++ {
			if !in.allElements && !in.elements[i] {
				c.value(s.UnevaluatedItems, element)
			}
			element, more = element.Skip().Next()
		}
		in.allElements = true
	}
}
