package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// row tells what a test has seen, for the table of what clients can do wrong.
func row(t *testing.T, fault, framing, answer, then string) {
	t.Helper()
	t.Attr("table", "client-faults")
	t.Attr("fault", fault)
	t.Attr("framing", framing)
	t.Attr("answer", answer)
	t.Attr("then", then)
}

// sum is a short account of many things seen: each once, with how often.
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
