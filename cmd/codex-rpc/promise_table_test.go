package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// row reports a row of the table of faults of clients.
func row(t *testing.T, fault, framing, answer, then string) {
	t.Helper()
	t.Attr("table", "client-faults")
	t.Attr("fault", fault)
	t.Attr("framing", framing)
	t.Attr("answer", answer)
	t.Attr("then", then)
}

// sum summarizes outcomes: each once, with its number.
func sum(seen []string) string {
	if len(seen) == 0 {
		return "none"
	}
	slices.Sort(seen)
	var parts []string
	for i := 0; i < len(seen); {
		n := 1
		for i+n < len(seen) && seen[i+n] == seen[i] {
			n++
		}
		part := seen[i]
		if n > 1 {
			part = fmt.Sprintf("%d × %s", n, part)
		}
		parts = append(parts, part)
		i += n
	}
	return strings.Join(parts, ", ")
}
