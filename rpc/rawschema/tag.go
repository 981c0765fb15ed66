package rawschema

import (
	"maps"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A tag is the member that distinguishes the alternatives of a choice, such as
// type: several of them restrict it to constants, each to its own. An object is
// then checked only against the alternatives that its tag admits, so that its
// faults are those of the alternative that was meant, and many alternatives
// cost no more than few. The object would fail all others.
type tag struct {
	name    string
	values  []string         // the constants of all alternatives, sorted
	named   map[string][]int // the alternatives for objects with one of these
	unnamed []int            // for objects with another string
	odd     []int            // for objects with a value that is not a string
	absent  []int            // for objects without the tag
	others  []int            // for values that are not objects
	known   []*facts         // of the alternatives
}

// Beyond these limits the alternatives of a foreign schema are not
// distinguished.
const (
	maxTagMembers      = 256     // of an alternative
	maxTagAlternatives = 256     // of a choice
	maxTagEntries      = 1 << 16 // alternatives times values
)

// tagOf returns the tag of the alternatives of a choice. Its name is empty if
// no member distinguishes them, and all apply to every value.
func tagOf(alternatives []*jsonschema.Schema) *tag {
	if len(alternatives) == 0 {
		return nil
	}
	count := make(map[string]int)
	if len(alternatives) > maxTagAlternatives {
		return untagged(alternatives)
	}
	for _, alternative := range alternatives {
		for name, s := range memberSchemas(alternative) {
			if len(stringsOf(s)) > 0 {
				count[name]++
			}
		}
	}
	t := &tag{named: make(map[string][]int)}
	for _, name := range slices.Sorted(maps.Keys(count)) {
		if count[name] > 1 && count[name] > count[t.name] {
			t.name = name
		}
	}
	if t.name == "" {
		return untagged(alternatives)
	}
	known := make(map[string]bool)
	for _, alternative := range alternatives {
		for _, text := range stringsOf(memberSchemas(alternative)[t.name]) {
			known[text] = true
		}
	}
	if len(alternatives)*len(known) > maxTagEntries {
		return untagged(alternatives)
	}
	t.values = slices.Sorted(maps.Keys(known))
	for i, alternative := range alternatives {
		t.place(i, alternative)
	}
	return t
}

// untagged returns a tag without a name.
func untagged(alternatives []*jsonschema.Schema) *tag {
	t := new(tag)
	for i := range alternatives {
		t.others = append(t.others, i)
	}
	return t
}

// place adds an alternative to the lists that it belongs to.
func (t *tag) place(i int, alternative *jsonschema.Schema) {
	target := alternative
	for target.Ref != nil && len(target.Types) == 0 {
		target = target.Ref
	}
	if len(target.Types) != 1 || target.Types[0] != "object" {
		t.others = append(t.others, i)
	}
	if len(target.Types) > 0 && !slices.Contains(target.Types, "object") {
		return
	}
	member := memberSchemas(alternative)[t.name]
	if !slices.Contains(target.Required, t.name) {
		t.absent = append(t.absent, i)
	}
	if member == nil {
		member = new(jsonschema.Schema)
	}
	if !onlyStrings(member) {
		t.odd = append(t.odd, i)
	}
	if len(member.Types) > 0 && !slices.Contains(member.Types, "string") {
		return
	}
	constant := len(member.Constant)+len(member.Enum) > 0
	if !constant {
		t.unnamed = append(t.unnamed, i)
	}
	texts, refused := set(stringsOf(member)...), set(excludedStrings(member)...)
	for _, value := range t.values {
		if texts[value] || !constant && !refused[value] {
			t.named[value] = append(t.named[value], i)
		}
	}
}

// onlyStrings reports whether a schema admits only strings.
func onlyStrings(s *jsonschema.Schema) bool {
	constants := slices.Concat(s.Constant, s.Enum)
	return slices.Equal(s.Types, []string{"string"}) || len(constants) > 0 && len(stringsOf(s)) == len(constants)
}

// memberSchemas returns the schemas of the properties of a schema or of the one
// it refers to.
func memberSchemas(s *jsonschema.Schema) map[string]*jsonschema.Schema {
	for len(s.Properties) == 0 && s.Ref != nil {
		s = s.Ref
	}
	if len(s.Properties) > maxTagMembers {
		return nil
	}
	return s.Properties
}

// stringsOf returns the strings among the constants of a schema.
func stringsOf(s *jsonschema.Schema) (texts []string) {
	if s == nil {
		return nil
	}
	for _, value := range slices.Concat(s.Constant, s.Enum) {
		if text, ok := value.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// excludedStrings returns the strings that a schema excludes by not.
func excludedStrings(s *jsonschema.Schema) []string {
	not := s.Not
	if not == nil || (len(not.Enum) > 0) == (len(not.Constant) > 0) || len(not.Types) > 0 || len(sameValue(not)) > 0 ||
		not.MinLength >= 0 || not.MaxLength >= 0 || not.Pattern != nil || not.ContentEncoding != "" {
		return nil // it excludes them only under further conditions
	}
	return stringsOf(not)
}

// tagValue returns the position of the tag's value in the object, in the first
// or the last member of its name. It is invalid if there is none.
func (c *checker) tagValue(t *tag, at rawjson.Cursor, last bool) (value rawjson.Cursor) {
	member, more := at.Enter()
	for more {
		key, v := member.Key()
		if string(key.Decoded()) == t.name {
			if value = v; !last {
				break
			}
		}
		member, more = v.Skip().Next()
	}
	c.spend(1 + (member.Offset()-at.Offset())/64)
	return value
}

// admitted returns the alternatives that an object with the tag's value may
// match.
func (t *tag) admitted(value rawjson.Cursor) []int {
	switch {
	case !value.Valid():
		return t.absent
	case value.Kind() != '"':
		return t.odd
	}
	if list, ok := t.named[string(value.Value().Decoded())]; ok {
		return list
	}
	return t.unnamed
}
