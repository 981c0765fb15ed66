package rpc

import (
	"cmp"
	"slices"
	"strings"
)

// Nearest returns at most n candidates similar to a misspelled name, the most similar
// first.
func Nearest(name string, candidates []string, n int) []string {
	if len(name) > 100 {
		return []string{} // too long for a typo
	}
	type guess struct {
		text     string
		distance int
	}
	var guesses []guess
	lower := strings.ToLower(name)
	for _, c := range candidates {
		farthest := max(1, min(len(name), len(c))/3)
		last := c[strings.LastIndexByte(c, '.')+1:]
		isLast := last != c && strings.EqualFold(last, name) // "usage" for "codex.usage"
		if more := len(lower) - len(c); max(more, -more) > farthest && !isLast {
			continue // so is their distance
		}
		if d := distance(lower, strings.ToLower(c)); d <= farthest || isLast {
			guesses = append(guesses, guess{c, d})
		}
	}
	slices.SortStableFunc(guesses, func(a, b guess) int { return cmp.Compare(a.distance, b.distance) })
	found := []string{}
	for _, g := range guesses[:min(n, len(guesses))] {
		found = append(found, g.text)
	}
	return found
}

// distance returns the number of insertions, deletions, replacements and swaps of
// neighbours that turn a into b (optimal string alignment).
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
