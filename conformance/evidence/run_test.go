package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// lines returns the output of go test -json for the actions.
func lines(t *testing.T, actions ...action) string {
	t.Helper()
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	for _, a := range actions {
		if err := encoder.Encode(a); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

func attr(test, key, value string) action {
	return action{Action: "attr", Package: "p", Test: test, Key: key, Value: value}
}

func outcome(test, what string) action { return action{Action: what, Package: "p", Test: test} }

func says(test, text string) action {
	return action{Action: "output", Package: "p", Test: test, Output: text}
}

func TestRead(t *testing.T) {
	tests := []struct {
		name   string
		tables []string
		in     string
		page   string // after its head
		out    string
		faults []string
	}{
		{
			"rows, columns and escapes", []string{"a", "b"},
			lines(t,
				attr("T/1", "before", "x"), attr("T/1", "table", "b"), attr("T/1", "fault", "a|b\\c\n<d>"), outcome("T/1", "pass"),
				attr("T/2", "table", "a"), attr("T/2", "fault", "y"), outcome("T/2", "pass"),
				attr("T/3", "table", "b"), attr("T/3", "seen", "z"), outcome("T/3", "pass"),
				attr("U", "fault", "of no table"), outcome("U", "pass"), outcome("T", "pass"),
			),
			`3 of 3 rows pass.

## a

| fault | outcome |
| --- | --- |
| y | pass |

## b

| before | fault | seen | outcome |
| --- | --- | --- | --- |
| x | a\|b\\c &lt;d> |  | pass |
|  |  | z | pass |
`, "", nil,
		},
		{
			"a row that fails, and its parent without a table", []string{"a"},
			lines(t,
				says("T", "=== RUN   T\n"), attr("T/1", "table", "a"), says("T/1", "    why\n"), outcome("T/1", "fail"), outcome("T", "fail"),
				says("U", "    nobody wants to know\n"), outcome("U", "pass"), says("", "FAIL\tp\n"), outcome("", "fail"),
			),
			"0 of 1 rows pass.\n\n## a\n\n| outcome |\n| --- |\n| fail |\n",
			"    why\nFAIL\tp\n", []string{"3 tests or packages failed", "a: row 1: fail"},
		},
		{
			"a row that is cut short", []string{"a"},
			lines(t, attr("T", "table", "a"), says("T", "panic: x\n"), outcome("", "fail")),
			"0 of 1 rows pass.\n\n## a\n\n| outcome |\n| --- |\n| fail |\n",
			"panic: x\n", []string{"1 tests or packages failed", "a: row 1: fail"},
		},
		{
			"a row that is skipped", []string{"a"},
			lines(t, attr("T", "table", "a"), outcome("T", "skip")),
			"0 of 1 rows pass.\n\n## a\n\n| outcome |\n| --- |\n| skip |\n",
			"", []string{"a: row 1: skip"},
		},
		{
			"a table without rows, and one that is not required", []string{"a"},
			lines(t, attr("T", "table", "b"), outcome("T", "pass")),
			"1 of 1 rows pass.\n\n## a\n\n| outcome |\n| --- |\n\n## b\n\n| outcome |\n| --- |\n| pass |\n",
			"", []string{"no test belongs to the table a"},
		},
		{
			"two runs, and lines that are not JSON", nil,
			lines(t, attr("T", "table", "a"), attr("T", "n", "1"), outcome("T", "pass"), outcome("", "pass")) + "go: downloading\n{}\n" +
				lines(t, attr("T", "table", "a"), attr("T", "n", "2"), outcome("T", "pass"), outcome("", "pass")) + "no line end",
			"2 of 2 rows pass.\n\n## a\n\n| n | outcome |\n| --- | --- |\n| 1 | pass |\n| 2 | pass |\n",
			"go: downloading\n{}\nno line end", nil,
		},
		{
			"a package that does not build", nil,
			lines(t, action{Action: "build-output", ImportPath: "p", Output: "x.go:1: oh\n"}, action{Action: "build-fail", ImportPath: "p"}),
			"0 of 0 rows pass.\n", "x.go:1: oh\n", []string{"1 tests or packages failed"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRun(tt.tables)
			var out strings.Builder
			if err := r.read(strings.NewReader(tt.in), &out); err != nil {
				t.Fatal(err)
			}
			got, err := r.page("Here.")
			if _, body, _ := strings.Cut(got, "from a run of the tests. Here.\n"); err != nil || body != tt.page {
				t.Errorf("page:\n%s, %v, want at its end\n%s", got, err, tt.page)
			}
			if out.String() != tt.out {
				t.Errorf("passed on %q, want %q", out.String(), tt.out)
			}
			if got := r.faults(); !slices.Equal(got, tt.faults) {
				t.Errorf("faults %q, want %q", got, tt.faults)
			}
		})
	}
}

// TestToolchain checks the output of the real toolchain.
func TestToolchain(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module p\n\ngo 1.25\n",
		"p_test.go": `package p

import "testing"

func TestRows(t *testing.T) {
	t.Run("bad", func(t *testing.T) {
		t.Attr("table", "faults")
		t.Attr("fault", "a cut | a reset")
		t.Error("it broke")
	})
	t.Run("good", func(t *testing.T) {
		t.Attr("table", "faults")
		t.Attr("answer", "-32012 stream_interrupted")
		t.Log("unseen")
	})
}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	test := exec.Command("go", "test", "-json", ".")
	test.Dir = dir
	text, _ := test.Output() // it fails, as it should
	r := newRun([]string{"faults"})
	var out strings.Builder
	if err := r.read(strings.NewReader(string(text)), &out); err != nil {
		t.Fatal(err)
	}
	want := "## faults\n\n| fault | answer | outcome |\n| --- | --- | --- |\n| a cut \\| a reset |  | fail |\n|  | -32012 stream_interrupted | pass |\n"
	if page, err := r.page(""); err != nil || !strings.HasSuffix(page, want) {
		t.Errorf("page:\n%s, %v\nfrom %s", page, err, text)
	}
	if got := out.String(); !strings.Contains(got, "it broke") || !strings.Contains(got, "FAIL\tp\t") || strings.Contains(got, "unseen") {
		t.Errorf("passed on %q", got)
	}
	if where := environment(); !regexp.MustCompile(`^Commit \S+, \d{4}-\d\d-\d\d, \w+/\w+, go\S+\.$`).MatchString(where) {
		t.Errorf("environment = %q", where)
	}
}

// TestIntroduction checks that the head of the page in the tree is current.
func TestIntroduction(t *testing.T) {
	page, err := os.ReadFile("../RESULTS.md")
	if err != nil {
		t.Fatal(err)
	}
	if introduction, _, _ := strings.Cut(pageText, "{{"); !strings.HasPrefix(string(page), introduction) {
		t.Error("the introduction of RESULTS.md is out of date")
	}
}
