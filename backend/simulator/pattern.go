package simulator

import (
	"maps"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxPatternSize bounds the size of all patterns of a schema. Further ones are ignored.
const maxPatternSize = 100_000

// splitPattern replaces the lookaheads with which a pattern starts, which Go does not support, by patterns of their own.
func (d *decoder) splitPattern(schema map[string]any) {
	pattern, _ := schema["pattern"].(string)
	list, isList := schema["allOf"].([]any)
	rest, ok := strings.CutPrefix(pattern, "^")
	if !ok || !isList && schema["allOf"] != nil {
		return
	}
	for d.left >= 0 && (strings.HasPrefix(rest, "(?=") || strings.HasPrefix(rest, "(?!")) {
		end := groupEnd(rest)
		ahead := "^" + rest[len("(?="):end]
		switch {
		case !d.takes(ahead):
		case rest[2] == '=':
			list = append(list, map[string]any{"pattern": ahead})
		default:
			list = append(list, map[string]any{"not": map[string]any{"type": "string", "pattern": ahead}})
		}
		rest = strings.TrimPrefix(rest[end:], ")")
		d.left--
	}
	if len(rest) < len(pattern)-1 {
		schema["pattern"], schema["allOf"] = "^"+rest, list
	}
}

// groupEnd returns the position of the parenthesis that closes the first group of a pattern.
func groupEnd(pattern string) int {
	depth, class := 0, false
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\':
			i++
		case c == '[' || c == ']':
			class = c == '['
		case c == '(' && !class:
			depth++
		case c == ')' && !class:
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(pattern)
}

// takes reports whether Go can parse a pattern and its size is within the limit.
func (d *decoder) takes(pattern string) bool {
	if d.patterns += parsingCost(pattern); d.patterns > maxPatternSize {
		return false
	}
	n := patternSize(pattern)
	if n == 0 || d.patterns+n > maxPatternSize {
		return false
	}
	d.patterns += n
	return true
}

// patternsOf returns the patterns of strings and of names.
func patternsOf(schema map[string]any) (list []string) {
	if pattern, ok := schema["pattern"].(string); ok {
		list = append(list, pattern)
	}
	byPattern, _ := schema["patternProperties"].(map[string]any)
	return append(list, slices.Sorted(maps.Keys(byPattern))...)
}

// parsingCost estimates the time to parse a pattern, in bytes of an ordinary one. Of a few bytes, \pL has 600 ranges, and
// (?i:[ā-𐀀]) is parsed letter by letter.
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

// patternSize returns the approximate number of instructions of a compiled pattern, 0 for one that Go cannot parse.
func patternSize(pattern string) int {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return 0
	}
	return size(re)
}

func size(re *syntax.Regexp) int {
	n := 1 + len(re.Rune)
	if re.Op == syntax.OpCharClass { // one instruction, with a table
		n = 1 + len(re.Rune)/16
	}
	for _, sub := range re.Sub {
		n += size(sub)
	}
	if re.Op == syntax.OpRepeat {
		n *= max(re.Min, re.Max, 1)
	}
	return min(n, maxPatternSize+1)
}
