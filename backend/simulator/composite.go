package simulator

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// limits returns the limits that a pair of keywords sets in any part. A limit may be -1 for none.
func (f *flat) limits(of func(*jsonschema.Schema) (int, int)) (least, most int) {
	most = 1 << 30
	for _, s := range f.parts {
		low, high := of(s)
		least = max(least, low)
		if high >= 0 {
			most = min(most, high)
		}
	}
	return least, most
}

// object generates an object, with its optional members if full.
func (g *generator) object(to goal, f flat, full bool) value {
	var names []string
	required := map[string]bool{}
	open := false // whether there is a schema for unnamed members, as in a map
	for _, s := range f.parts {
		names = append(names, noteOf(s).order...)
		for _, name := range s.Required {
			required[name] = true
		}
		_, described := s.AdditionalProperties.(*jsonschema.Schema)
		open = open || described || s.PatternProperties != nil
	}
	for _, s := range f.parts {
		names = append(names, s.Required...)
	}
	least, most := f.limits(func(s *jsonschema.Schema) (int, int) { return s.MinProperties, s.MaxProperties })
	optional := most - len(required)

	made := map[string]any{}
	var members []member
	add := func(name string, must bool) {
		schema := f.member(name)
		if _, done := made[name]; done || !must && (!full || optional <= 0 || g.recursive(to.open, schema)) || g.budget < 0 {
			return
		}
		v, ok := g.value(to.child(name, 0, schema))
		if !ok && !must {
			return
		}
		if !must {
			optional--
		}
		made[name] = v.decoded
		members = append(members, member{name, v.text})
	}
	for _, name := range names {
		add(name, required[name])
	}
	if len(names) == 0 && open {
		add(g.key(f, 0), false)
	}
	for i := 0; len(made) < least && i < 2*least && g.budget > 0; i++ {
		add(g.key(f, i), true)
	}
	return value{join(members), made}
}

// schemaOf returns the schema of a keyword that is a schema, a boolean or absent. It is nil if that allows everything.
func schemaOf(keyword any) *jsonschema.Schema {
	if keyword == false {
		return &jsonschema.Schema{Always: new(false)}
	}
	s, _ := keyword.(*jsonschema.Schema)
	return s
}

// member returns the schema of a member.
func (f *flat) member(name string) *jsonschema.Schema {
	var all []*jsonschema.Schema
	for _, s := range f.parts {
		others := len(all)
		if own := s.Properties[name]; own != nil {
			all = append(all, own)
		}
		for _, pattern := range patterns(s) {
			if pattern.MatchString(name) {
				all = append(all, s.PatternProperties[pattern])
			}
		}
		if len(all) == others {
			all = append(all, schemaOf(s.AdditionalProperties))
		}
	}
	return allOf("", all...)
}

// patterns returns the patterns of patternProperties in a fixed order.
func patterns(s *jsonschema.Schema) []*regexp.Regexp {
	return slices.SortedFunc(maps.Keys(s.PatternProperties), func(a, b *regexp.Regexp) int { return strings.Compare(a.String(), b.String()) })
}

// key generates the name of a member.
func (g *generator) key(f flat, i int) string {
	var all []*jsonschema.Schema
	for _, s := range f.parts {
		all = append(all, s.PropertyNames)
		if list := patterns(s); len(list) > 0 {
			matching := allOf("")
			matching.Pattern = list[0]
			all = append(all, matching)
		}
	}
	v, _ := g.value(goal{name: "key", variant: i, schema: allOf("string", all...)})
	name, _ := v.decoded.(string)
	return name
}

// array generates an array, with at least one element if full, otherwise with as few as possible.
func (g *generator) array(to goal, f flat, full bool) value {
	least, most := f.limits(func(s *jsonschema.Schema) (int, int) { return s.MinItems, s.MaxItems })
	places, contains, unique := 0, 0, false
	for _, s := range f.parts {
		first, _ := tuple(s)
		places = max(places, len(first))
		if s.Contains != nil {
			contains = max(contains, s.MinContains)
		}
		unique = unique || s.UniqueItems
	}
	least = max(least, contains)
	n := least
	if full {
		n = max(n, places+contains, 1)
	}
	n = min(n, most)
	made := []any{}
	var elements []json.RawMessage
	seen := map[string]bool{}
	variant := 0
	for i := 0; i < n && g.budget >= 0; i++ {
		schema := f.element(i, i >= n-contains)
		if i >= least && g.recursive(to.open, schema) {
			break
		}
		v, ok := g.value(to.child(to.name, variant, schema))
		for variant++; unique && ok && seen[string(v.text)] && variant < i+variants; variant++ {
			v, ok = g.value(to.child(to.name, variant, schema))
		}
		seen[string(v.text)] = true
		made = append(made, v.decoded)
		elements = append(elements, v.text)
	}
	return value{list(elements), made}
}

// variants bounds the further proposals for the unique elements of an array.
const variants = 100

// element returns the schema of an array's element. Those for contains are the last ones, after those with their own schema.
func (f *flat) element(i int, contained bool) *jsonschema.Schema {
	var all []*jsonschema.Schema
	for _, s := range f.parts {
		first, rest := tuple(s)
		if i < len(first) {
			rest = first[i]
		}
		all = append(all, rest)
		if contained {
			all = append(all, s.Contains)
		}
	}
	return allOf("", all...)
}

// tuple returns the schemas of the first elements, and that of all others.
func tuple(s *jsonschema.Schema) (first []*jsonschema.Schema, rest *jsonschema.Schema) {
	if first, ok := s.Items.([]*jsonschema.Schema); ok {
		return first, schemaOf(s.AdditionalItems)
	}
	if s.Items2020 != nil {
		return s.PrefixItems, s.Items2020
	}
	return s.PrefixItems, schemaOf(s.Items)
}
