package simulator

import (
	"encoding/json"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"unicode/utf8"
)

// matches tells whether the value satisfies the schema. Formats are not looked at: values are made to have them.
func (d *document) matches(raw, value json.RawMessage, depth int) bool {
	d.budget--
	if len(raw) == 0 || string(raw) == "true" {
		return true
	}
	s := d.parse(raw)
	d.budget -= len(s.Enum) / 8 // each is compared
	if s.never || depth > 64 || d.budget < 0 {
		return false
	}
	is := func(sub, value json.RawMessage) bool { return d.matches(sub, value, depth+1) }
	count := func(list []json.RawMessage) (n int) {
		for _, sub := range list {
			if is(sub, value) {
				n++
			}
		}
		return n
	}
	if types := s.types(); types != nil && !slices.ContainsFunc(types, func(t string) bool { return hasType(value, t) }) {
		return false
	}
	if s.Enum != nil && !slices.ContainsFunc(s.Enum, func(e json.RawMessage) bool { return equal(e, value) }) ||
		s.Const != nil && !equal(s.Const, value) ||
		s.Ref != "" && !is(d.resolve(s.Ref), value) ||
		s.Not != nil && is(s.Not, value) ||
		count(s.AllOf) < len(s.AllOf) ||
		s.AnyOf != nil && count(s.AnyOf) == 0 ||
		s.OneOf != nil && count(s.OneOf) != 1 {
		return false
	}
	if s.If != nil {
		branch := s.Else
		if is(s.If, value) {
			branch = s.Then
		}
		if !is(branch, value) {
			return false
		}
	}
	switch value[0] {
	case '{':
		return d.matchesObject(s, value, is)
	case '[':
		return d.matchesArray(s, value, is)
	case '"':
		return matchesString(s, value)
	case 't', 'f', 'n':
		return true
	}
	return matchesNumber(s, rational(value))
}

type check func(sub, value json.RawMessage) bool

func (d *document) matchesObject(s *schema, value json.RawMessage, is check) bool {
	list := members(value)
	has := func(name string) bool {
		return slices.ContainsFunc(list, func(m member) bool { return m.name == name })
	}
	for _, name := range s.Required {
		if !has(name) {
			return false
		}
	}
	for name, needs := range s.DependentRequired {
		for _, need := range needs {
			if has(name) && !has(need) {
				return false
			}
		}
	}
	for name, sub := range s.DependentSchemas {
		if has(name) && !is(sub, value) {
			return false
		}
	}
	properties := members(s.Properties)
	for _, m := range list {
		known := false
		for _, p := range properties {
			if p.name == m.name {
				known = true
				if !is(p.value, m.value) {
					return false
				}
			}
		}
		for pattern, sub := range s.PatternProperties {
			if re, err := regexp.Compile(pattern); err == nil && re.MatchString(m.name) {
				known = true
				if !is(sub, m.value) {
					return false
				}
			}
		}
		if !known && !is(s.AdditionalProperties, m.value) || !is(s.PropertyNames, encode(m.name)) {
			return false
		}
	}
	return within(len(list), s.MinProperties, s.MaxProperties)
}

func (d *document) matchesArray(s *schema, value json.RawMessage, is check) bool {
	var list []json.RawMessage
	_ = json.Unmarshal(value, &list)
	found := 0
	for i, v := range list {
		if !is(s.item(i), v) {
			return false
		}
		if s.Contains != nil && is(s.Contains, v) {
			found++
		}
		if s.UniqueItems && slices.ContainsFunc(list[:i], func(w json.RawMessage) bool { return equal(v, w) }) {
			return false
		}
	}
	if s.Contains != nil {
		least := s.MinContains
		if least == nil {
			least = new(1)
		}
		if !within(found, least, s.MaxContains) {
			return false
		}
	}
	return within(len(list), s.MinItems, s.MaxItems)
}

func matchesString(s *schema, value json.RawMessage) bool {
	var text string
	_ = json.Unmarshal(value, &text)
	if s.Pattern != "" {
		if re, err := regexp.Compile(s.Pattern); err == nil && !re.MatchString(text) {
			return false
		}
	}
	return within(utf8.RuneCountInString(text), s.MinLength, s.MaxLength)
}

func matchesNumber(s *schema, n *big.Rat) bool {
	if n == nil {
		return false
	}
	if low := rational(s.Minimum); low != nil && n.Cmp(low) < 0 {
		return false
	}
	if high := rational(s.Maximum); high != nil && n.Cmp(high) > 0 {
		return false
	}
	if low := rational(s.ExclusiveMinimum); low != nil && n.Cmp(low) <= 0 {
		return false
	}
	if high := rational(s.ExclusiveMaximum); high != nil && n.Cmp(high) >= 0 {
		return false
	}
	step := rational(s.MultipleOf)
	return step == nil || step.Sign() == 0 || new(big.Rat).Quo(n, step).IsInt()
}

func within(n int, low, high *int) bool {
	return (low == nil || n >= *low) && (high == nil || n <= *high)
}

func hasType(value json.RawMessage, t string) bool {
	switch value[0] {
	case '{':
		return t == "object"
	case '[':
		return t == "array"
	case '"':
		return t == "string"
	case 't', 'f':
		return t == "boolean"
	case 'n':
		return t == "null"
	}
	if t == "integer" {
		n := rational(value)
		return n != nil && n.IsInt()
	}
	return t == "number"
}

// equal compares by value: 1 and 1.0 are equal, and so are objects in any order.
func equal(a, b json.RawMessage) bool {
	if x, y := rational(a), rational(b); x != nil && y != nil {
		return x.Cmp(y) == 0
	}
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}
