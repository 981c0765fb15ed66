package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// object makes an object with its optional members (full) or without.
func (g *generator) object(to goal, f flat, full bool) json.RawMessage {
	var names, required []string
	most, least := 1<<30, 0
	open := false // whether members without a name are described, as in a map
	for _, s := range f.parts {
		for _, p := range members(s.Properties) {
			names = append(names, p.name)
		}
		required = append(required, s.Required...)
		if s.MinProperties != nil {
			least = max(least, *s.MinProperties)
		}
		if s.MaxProperties != nil {
			most = min(most, *s.MaxProperties)
		}
		open = open || bytes.HasPrefix(s.AdditionalProperties, []byte("{")) || s.PatternProperties != nil
	}
	names = append(names, required...)
	slices.Sort(required)
	required = slices.Compact(required)
	optional := most - len(required)

	var b bytes.Buffer
	made := map[string]bool{}
	add := func(name string, must bool) {
		raws := f.member(name)
		if made[name] || !must && (!full || optional <= 0 || g.recursive(to.open, raws)) || g.budget < 0 {
			return
		}
		value, ok := g.value(to.child(name, 0, raws))
		if !ok && !must {
			return
		}
		if !must {
			optional--
		}
		if made[name] = true; len(made) > 1 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "%s:%s", encode(name), value)
	}
	for _, name := range names {
		add(name, slices.Contains(required, name))
	}
	if len(names) == 0 && open {
		add(g.key(f, 0), false)
	}
	for i := 0; len(made) < least && i < 2*least && g.budget > 0; i++ {
		add(g.key(f, i), true)
	}
	return slices.Concat([]byte("{"), b.Bytes(), []byte("}"))
}

// member gathers what the parts say about one member.
func (f *flat) member(name string) []json.RawMessage {
	var raws []json.RawMessage
	for _, s := range f.parts {
		known := false
		for _, p := range members(s.Properties) {
			if p.name == name {
				known = true
				raws = append(raws, p.value)
			}
		}
		for pattern, sub := range s.PatternProperties {
			if re, err := regexp.Compile(pattern); err == nil && re.MatchString(name) {
				known = true
				raws = append(raws, sub)
			}
		}
		if !known && s.AdditionalProperties != nil {
			raws = append(raws, s.AdditionalProperties)
		}
	}
	return raws
}

// key makes a member's name where the schema has none.
func (g *generator) key(f flat, i int) string {
	to := goal{name: "key", variant: i, raws: []json.RawMessage{json.RawMessage(`{"type":"string"}`)}}
	for _, s := range f.parts {
		if s.PropertyNames != nil {
			to.raws = append(to.raws, s.PropertyNames)
		}
		if patterns := slices.Sorted(maps.Keys(s.PatternProperties)); len(patterns) > 0 {
			to.raws = append(to.raws, encode(map[string]string{"pattern": patterns[0]}))
		}
	}
	raw, _ := g.value(to)
	var name string
	_ = json.Unmarshal(raw, &name)
	return name
}

// array makes an array with an element or more (full), or with as few as are allowed.
func (g *generator) array(to goal, f flat, full bool) json.RawMessage {
	least, tuple, contains, most := 0, 0, 0, 1<<30
	for _, s := range f.parts {
		first, _ := s.tuple()
		tuple = max(tuple, len(first))
		if s.MinItems != nil {
			least = max(least, *s.MinItems)
		}
		if s.MaxItems != nil {
			most = min(most, *s.MaxItems)
		}
		if s.Contains != nil {
			contains = max(contains, 1)
			if s.MinContains != nil {
				contains = max(contains, *s.MinContains)
			}
		}
	}
	n := max(least, contains)
	if full {
		n = max(n, tuple+contains, 1)
	}
	n = min(n, most)
	var b bytes.Buffer
	for i := 0; i < n && g.budget >= 0; i++ {
		var raws []json.RawMessage
		for _, s := range f.parts {
			if sub := s.item(i); sub != nil {
				raws = append(raws, sub)
			}
			// Elements with a place of their own come first; what must be contained somewhere follows them.
			if s.Contains != nil && i >= n-contains {
				raws = append(raws, s.Contains)
			}
		}
		if i >= max(least, contains) && g.recursive(to.open, raws) {
			break
		}
		value, _ := g.value(to.child(to.name, i, raws))
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(value)
	}
	return slices.Concat([]byte("["), b.Bytes(), []byte("]"))
}
