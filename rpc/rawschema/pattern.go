package rawschema

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of patterns. Repetitions multiply: a pattern of 20 bytes can have
// millions of instructions.
const (
	maxPatternCost = 4 << 10 // of parsing
	maxPatternSize = 20_000
)

// parsingCost estimates the time to parse a pattern, in bytes of an ordinary one.
// Of a few bytes, \pL has 600 ranges, and (?i:[ā-𐀀]) is parsed letter by letter.
func parsingCost(pattern string) int {
	cost := len(pattern) + 200*(strings.Count(pattern, `\p`)+strings.Count(pattern, `\P`))
	if setsFlags(pattern) {
		for _, end := range strings.Split(pattern, "-")[1:] { // of a range
			last, _ := utf8.DecodeRuneInString(end)
			if strings.HasPrefix(end, `\x{`) {
				last = utf8.MaxRune
			}
			cost += int(last) / 20
		}
	}
	return cost
}

// setsFlags reports whether a pattern sets flags, of which i folds case.
func setsFlags(pattern string) bool {
	return slices.ContainsFunc(strings.Split(pattern, "(?")[1:], func(group string) bool {
		return group != "" && strings.Contains("imsU-", group[:1])
	})
}

// patternSize returns the approximate number of instructions of a compiled
// pattern, or false if Go does not support it or it is too large.
func patternSize(pattern string) (int, bool) {
	if parsingCost(pattern) > maxPatternCost {
		return 0, false
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0, false
	}
	size := sizeOf(parsed)
	return size, size <= maxPatternSize
}

func sizeOf(r *syntax.Regexp) int {
	size := 1 + len(r.Rune)
	for _, sub := range r.Sub {
		size += sizeOf(sub)
	}
	if r.Op == syntax.OpRepeat {
		size *= max(r.Min, r.Max, 1)
	}
	return min(size, maxPatternSize+1)
}

// isDisputed reports whether a text may match a pattern elsewhere that it does not
// match in Go, whose classes are ASCII: \s is larger in ECMA-262, which JSON Schema
// names, and all of them are in Python and Rust, by which Pydantic checks.
func isDisputed(pattern, text string) bool {
	isForeign := func(r rune) bool { return r == '\v' || r >= utf8.RuneSelf }
	return strings.ContainsFunc(text, isForeign) &&
		slices.ContainsFunc(strings.Split(pattern, `\`)[1:], func(class string) bool {
			return class != "" && strings.Contains("dDsSwWbB", class[:1])
		})
}
