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
		schemas := f.member(name)
		if _, done := made[name]; done || !must && (!full || optional <= 0 || g.recursive(to.open, schemas)) || g.budget < 0 {
			return
		}
		v, ok := g.value(to.child(name, 0, schemas))
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

// never is the schema false.
var never = &jsonschema.Schema{Always: new(false)}

// schemasOf returns the schema of a keyword that is a schema, a boolean or absent.
func schemasOf(keyword any) []*jsonschema.Schema {
	if s, ok := keyword.(*jsonschema.Schema); ok && s != nil {
		return []*jsonschema.Schema{s}
	}
	if keyword == false {
		return []*jsonschema.Schema{never}
	}
	return nil
}

// member returns the schemas of a member.
func (f *flat) member(name string) (schemas []*jsonschema.Schema) {
	for _, s := range f.parts {
		own := schemasOf(s.Properties[name])
		for _, pattern := range patterns(s) {
			if pattern.MatchString(name) {
				own = append(own, s.PatternProperties[pattern])
			}
		}
		if own == nil {
			own = schemasOf(s.AdditionalProperties)
		}
		schemas = append(schemas, own...)
	}
	return schemas
}

// patterns returns the patterns of patternProperties in a fixed order.
func patterns(s *jsonschema.Schema) []*regexp.Regexp {
	return slices.SortedFunc(maps.Keys(s.PatternProperties), func(a, b *regexp.Regexp) int { return strings.Compare(a.String(), b.String()) })
}

// key generates the name of a member.
func (g *generator) key(f flat, i int) string {
	to := goal{name: "key", variant: i, schemas: []*jsonschema.Schema{ofType("string")}}
	for _, s := range f.parts {
		to.schemas = append(to.schemas, schemasOf(s.PropertyNames)...)
		if list := patterns(s); len(list) > 0 {
			matching := ofType("string")
			matching.Pattern = list[0]
			to.schemas = append(to.schemas, matching)
		}
	}
	v, _ := g.value(to)
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
		schemas := f.element(i, i >= n-contains)
		if i >= least && g.recursive(to.open, schemas) {
			break
		}
		v, ok := g.value(to.child(to.name, variant, schemas))
		for variant++; unique && ok && seen[string(v.text)] && variant < i+variants; variant++ {
			v, ok = g.value(to.child(to.name, variant, schemas))
		}
		seen[string(v.text)] = true
		made = append(made, v.decoded)
		elements = append(elements, v.text)
	}
	return value{list(elements), made}
}

// variants bounds the further proposals for the unique elements of an array.
const variants = 100

// element returns the schemas of an array's element. Those for contains are the last ones, after those with their own schema.
func (f *flat) element(i int, contained bool) (schemas []*jsonschema.Schema) {
	for _, s := range f.parts {
		first, rest := tuple(s)
		if i < len(first) {
			rest = first[i : i+1]
		}
		schemas = append(schemas, rest...)
		if s.Contains != nil && contained {
			schemas = append(schemas, s.Contains)
		}
	}
	return schemas
}

// tuple returns the schemas of the first elements, and that of all others.
func tuple(s *jsonschema.Schema) (first, rest []*jsonschema.Schema) {
	if first, ok := s.Items.([]*jsonschema.Schema); ok {
		return first, schemasOf(s.AdditionalItems)
	}
	return s.PrefixItems, append(schemasOf(s.Items), schemasOf(s.Items2020)...)
}
