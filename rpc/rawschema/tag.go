package rawschema

import (
	"maps"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A tag is the member by which the alternatives of a choice are told apart, such
// as type: several of them hold it to constants, each to its own. An object is
// then held to those alone that its tag admits, so that its faults are those of
// the alternative that was meant, and a choice among many costs what one among
// few does. Alternatives that are passed over would have failed.
type tag struct {
	name    string
	values  []string         // that some alternative names, sorted
	named   map[string][]int // the alternatives for objects with one of these
	unnamed []int            // with another text
	odd     []int            // with what is no text
	absent  []int            // without the tag
	others  []int            // for values that are not objects
	known   []*facts         // those of the alternatives
}

// A foreign schema can have more alternatives, members and constants than are
// worth telling apart. There is no tag then.
const (
	maxTagMembers      = 256     // of an alternative
	maxTagAlternatives = 256     // of a choice
	maxTagEntries      = 1 << 16 // alternatives times values
)

// tagOf returns the tag of the alternatives of a choice. It has no name if there
// is nothing to tell them apart by: all of them are for everything then.
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
			if len(textsOf(s)) > 0 {
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
		for _, text := range textsOf(memberSchemas(alternative)[t.name]) {
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

// untagged returns the tag without a name.
func untagged(alternatives []*jsonschema.Schema) *tag {
	t := new(tag)
	for i := range alternatives {
		t.others = append(t.others, i)
	}
	return t
}

// place enters an alternative into the lists that it belongs to.
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
	if !onlyTexts(member) {
		t.odd = append(t.odd, i)
	}
	if len(member.Types) > 0 && !slices.Contains(member.Types, "string") {
		return
	}
	constant := len(member.Constant)+len(member.Enum) > 0
	if !constant {
		t.unnamed = append(t.unnamed, i)
	}
	texts, refused := set(textsOf(member)...), set(refusedTexts(member)...)
	for _, value := range t.values {
		if texts[value] || !constant && !refused[value] {
			t.named[value] = append(t.named[value], i)
		}
	}
}

// onlyTexts reports whether nothing but texts fits a schema.
func onlyTexts(s *jsonschema.Schema) bool {
	constants := slices.Concat(s.Constant, s.Enum)
	return slices.Equal(s.Types, []string{"string"}) || len(constants) > 0 && len(textsOf(s)) == len(constants)
}

// memberSchemas returns the schemas of the members that a schema names, or the
// one that it refers to.
func memberSchemas(s *jsonschema.Schema) map[string]*jsonschema.Schema {
	for len(s.Properties) == 0 && s.Ref != nil {
		s = s.Ref
	}
	if len(s.Properties) > maxTagMembers {
		return nil
	}
	return s.Properties
}

// textsOf returns the texts among the only values that a schema admits.
func textsOf(s *jsonschema.Schema) (texts []string) {
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

// refusedTexts returns the texts that a schema excludes by not.
func refusedTexts(s *jsonschema.Schema) []string {
	not := s.Not
	if not == nil || (len(not.Enum) > 0) == (len(not.Constant) > 0) || len(not.Types) > 0 || len(sameValue(not)) > 0 ||
		not.MinLength >= 0 || not.MaxLength >= 0 || not.Pattern != nil || not.ContentEncoding != "" {
		return nil // or some of them, under conditions
	}
	return textsOf(not)
}

// tagValue returns the place of the tag's value in the object here: that in the
// first member of its name, or in the last one. It is no place if there is none.
func (c *checker) tagValue(t *tag, at rawjson.Cursor, last bool) (value rawjson.Cursor) {
	member, more := at.Enter()
	for more {
		key, v := member.Key()
		if string(nameOf(key)) == t.name {
			if value = v; !last {
				break
			}
		}
		member, more = v.Skip().Next()
	}
	c.spend(1 + (member.Offset()-at.Offset())/64)
	return value
}

// admitted returns the alternatives that fit objects whose tag is the value here.
func (t *tag) admitted(value rawjson.Cursor) []int {
	switch {
	case !value.Valid():
		return t.absent
	case value.Kind() != '"':
		return t.odd
	}
	if list, ok := t.named[string(nameOf(value.Value()))]; ok {
		return list
	}
	return t.unnamed
}
