package rawschema

import (
	"encoding/base64"
	"math/big"
	"regexp"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// maxCheckedText bounds the checked beginning of a string: more than any
// pattern is about, and little enough that a file in base64 is not held in
// memory a second time.
const maxCheckedText = 64 << 10

// text checks a string.
func (c *checker) text(s *jsonschema.Schema, at rawjson.Cursor) {
	base64Wanted := s.ContentEncoding == "base64" && checksContentEncoding(s.Draft)
	if s.MinLength < 0 && s.MaxLength < 0 && s.Pattern == nil && !base64Wanted {
		return
	}
	v := at.Value()
	if size := len(v.Bytes()); s.MinLength >= 0 || s.MaxLength >= 0 {
		// A character takes twelve bytes at most.
		if c.spend(size / 64); s.MaxLength >= 0 || size/12 <= s.MinLength {
			whole, _ := v.Text()
			c.count(s, "Length", at, utf8.RuneCountInString(whole), s.MinLength, s.MaxLength)
		}
	}
	if s.Pattern == nil && !base64Wanted {
		return
	}
	beginning := v.Beginning(maxCheckedText)
	if s.Pattern != nil && !c.matches(s.Pattern, beginning) && (c.trying || !isDisputed(s.Pattern.String(), beginning)) {
		c.fault(s, "pattern", at)
	}
	if base64Wanted {
		if _, err := base64.StdEncoding.DecodeString(beginning); err != nil {
			c.fault(s, "contentEncoding", at)
		}
	}
}

// checksContentEncoding reports whether a draft requires the content to match
// contentEncoding, which later drafts made an annotation.
func checksContentEncoding(d *jsonschema.Draft) bool {
	return d == jsonschema.Draft4 || d == jsonschema.Draft6 || d == jsonschema.Draft7
}

// matches reports whether a text matches a pattern, or true if the budget does
// not suffice to find out.
func (c *checker) matches(pattern *regexp.Regexp, text string) bool {
	// In the worst case package regexp takes some 10 ns per instruction and byte.
	if !c.spend(1 + len(text)*c.patterns[pattern]/8) {
		return true
	}
	return pattern.MatchString(text)
}

// number checks a number.
func (c *checker) number(s *jsonschema.Schema, at rawjson.Cursor) {
	if s.Minimum == nil && s.Maximum == nil && s.ExclusiveMinimum == nil && s.ExclusiveMaximum == nil && s.MultipleOf == nil {
		return
	}
	v := at.Value()
	c.spend(10 + len(v.Bytes())/16)
	n := v.Decimal()
	for _, bound := range [...]struct {
		keyword string
		limit   *big.Rat
		passes  func(order int) bool
	}{
		{"minimum", s.Minimum, func(order int) bool { return order >= 0 }},
		{"exclusiveMinimum", s.ExclusiveMinimum, func(order int) bool { return order > 0 }},
		{"maximum", s.Maximum, func(order int) bool { return order <= 0 }},
		{"exclusiveMaximum", s.ExclusiveMaximum, func(order int) bool { return order < 0 }},
	} {
		if bound.limit != nil && !bound.passes(n.Cmp(bound.limit)) {
			c.fault(s, bound.keyword, at)
		}
	}
	if s.MultipleOf != nil && s.MultipleOf.Sign() != 0 {
		// Numbers that are too large to compute with are taken for multiples.
		if r, ok := n.Rat(); ok && !r.Quo(r, s.MultipleOf).IsInt() {
			c.fault(s, "multipleOf", at)
		}
	}
}
