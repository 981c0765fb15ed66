package main

import (
	"os"
	"strings"
	"testing"
)

// The picture in the tree is that of the page in the tree.
func TestPicture(t *testing.T) {
	text, err := os.ReadFile("../../../" + page)
	if err != nil {
		t.Fatal(err)
	}
	want, err := draw(string(text))
	if err != nil {
		t.Fatal(err)
	}
	const path = "../../../.github/recording/benchmarks.svg"
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("%s is out of date (%v): run go run ./.ci/benchmarks/chart >.github/recording/benchmarks.svg", path, err)
	}
}

// A row that the page lacks, or that has no ratio, is an error.
func TestFind(t *testing.T) {
	b := bar{what: "CPU", benchmark: "B", against: "Go"}
	for row, want := range map[string]string{
		"\n| CPU | `B` | Go | 2 × | 1.5 to 2.5 | 9 | | |\n": "",
		"\n| CPU | `B` | Go | 2 ms | 1 to 2 |  | | |\n":     "not a ratio",
		"\n| CPU | `B` | Go | 2 × | 1 |  | | |\n":           "not a ratio",
		"\n| CPU | `C` | Go | 2 × | 1 to 2 |  | | |\n":      "lacks the row",
	} {
		r, err := find(row, b)
		if want == "" && (err != nil || r != ratio{2, 1.5, 2.5}) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, %v", row, r, err)
		}
	}
}
