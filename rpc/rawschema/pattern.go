package rawschema

import (
	"regexp/syntax"
)

// Limits of patterns. Repetitions multiply: a pattern of 20 bytes can have
// millions of instructions.
const (
	maxPatternBytes = 4 << 10
	maxPatternSize  = 20_000
)

// patternSize returns the approximate number of instructions of a compiled
// pattern, or false if Go does not support it or it is too large.
func patternSize(pattern string) (int, bool) {
	if len(pattern) > maxPatternBytes {
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
