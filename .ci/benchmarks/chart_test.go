package main

import (
	"os"
	"strings"
	"testing"
)

// TestPictures checks that the pictures in the tree are up to date with the
// page.
func TestPictures(t *testing.T) {
	text, err := os.ReadFile("../../" + pagePath)
	if err != nil {
		t.Fatal(err)
	}
	for path, draw := range pictures {
		want, err := draw(string(text))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile("../../" + path); err != nil || string(got) != want {
			t.Errorf("%s is out of date (%v): run go run ./.ci/benchmarks -draw", path, err)
		}
	}
}

// TestHourTable checks that a table without the required figures is an error.
func TestHourTable(t *testing.T) {
	const header = "| client | sent | first event | processor time | peak memory |\n|---|---|---|---|---|\n"
	for text, want := range map[string]string{
		header + "| codex-rpc | 1 MB | 2 ms | 3 s | 4 MB |\n":                  "",
		header + "| codex-rpc | 1 MB |\n":                                      "has 2 cells",
		header + "| codex-rpc | 1 MB | 2 ms | - | 4 MB |\n":                    "no figures",
		strings.Replace(header, "sent", "cost", 1) + "| c | 1 | 2 | 3 | 4 |\n": "no column",
		"no table": "lacks the table",
	} {
		if _, err := drawHour("\n" + text); want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestFind checks that a missing row, or one without a ratio, is an error.
func TestFind(t *testing.T) {
	b := bar{what: "CPU", benchmark: "B", against: "Go"}
	for row, want := range map[string]string{
		"\n| CPU | `B` | Go | 2 × | 1.5 to 2.5 | 9 | | |\n":  "",
		"\n| CPU | `B` | Go | 2 ms | 1 to 2 |  | | |\n":      "not a ratio",
		"\n| CPU | `B` | Go | 2 × | 1 |  | | |\n":            "not a ratio",
		"\n| CPU | `C` | Go | 2 × | 1 to 2 |  | | |\n":       "lacks the row",
		"\n| CPU | `BB` | Go | 2 × | 1 to 2 |  | | |\n":      "lacks the row",
		"\n| CPU | `B 1.2` | Go | 2 × | 1.5 to 2.5 |  | |\n": "",
	} {
		r, err := find(row, b)
		if want == "" && (err != nil || r != figure{2, 1.5, 2.5}) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, %v", row, r, err)
		}
	}
}
