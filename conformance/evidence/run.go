package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// An action is a line of the output of go test -json, see go doc test2json.
type action struct {
	Action, Package, Test, Output string
	ImportPath                    string
	Key, Value                    string
}

// A row is a test that belongs to a table.
type row struct {
	cells   []cell // in the order of the attributes
	outcome string
}

type cell struct{ column, value string }

// A run collects the output of the tests.
type run struct {
	names  []string // of the tables, the required ones first
	tables map[string][]*row
	failed int // number of failed tests and packages

	open map[[2]string]*test // by package and name
}

// A test is a running test. The name "" is that of the package itself.
type test struct {
	row
	output bytes.Buffer
}

func newRun(tables []string) *run {
	return &run{names: slices.Clone(tables), tables: make(map[string][]*row), open: make(map[[2]string]*test)}
}

// read reads the output of go test -json and passes on what go test prints
// without -json, and lines that are not JSON.
func (r *run) read(in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		var a action
		if len(line) > 0 && (json.Unmarshal(line, &a) != nil || a.Action == "") {
			out.Write(line)
		} else if len(line) > 0 {
			r.handle(a, out)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *run) handle(a action, out io.Writer) {
	key := [2]string{a.Package, a.Test}
	switch a.Action {
	case "build-output":
		io.WriteString(out, a.Output)
		return
	case "build-fail":
		r.failed++
		return
	}
	t := r.open[key]
	if t == nil {
		t = &test{row: row{outcome: "fail"}} // until it ends otherwise
		r.open[key] = t
	}
	switch a.Action {
	case "output":
		if a.Test == "" {
			io.WriteString(out, a.Output)
		} else if !strings.HasPrefix(a.Output, "=== ") { // added by -v
			t.output.WriteString(a.Output)
		}
	case "attr":
		if a.Key != "table" {
			t.cells = append(t.cells, cell{a.Key, a.Value})
			return
		}
		if !slices.Contains(r.names, a.Value) {
			r.names = append(r.names, a.Value)
		}
		r.tables[a.Value] = append(r.tables[a.Value], &t.row)
	case "pass", "skip":
		t.outcome = a.Action
		delete(r.open, key)
	case "fail":
		r.failed++
		r.end(a.Package, a.Test, out)
	}
}

// end prints the output of a failed test or, if a package fails, of its tests
// that were cut short.
func (r *run) end(pkg, name string, out io.Writer) {
	for key, t := range r.open {
		if key[0] == pkg && (name == "" || key[1] == name) {
			out.Write(t.output.Bytes())
			delete(r.open, key)
		}
	}
}

// faults returns the reasons why the tables are not valid.
func (r *run) faults() (faults []string) {
	if r.failed > 0 {
		faults = append(faults, fmt.Sprintf("%d tests or packages failed", r.failed))
	}
	for _, name := range r.names {
		if len(r.tables[name]) == 0 {
			faults = append(faults, "no test belongs to the table "+name)
		}
		for i, row := range r.tables[name] {
			if row.outcome != "pass" {
				faults = append(faults, fmt.Sprintf("%s: row %d: %s", name, i+1, row.outcome))
			}
		}
	}
	return faults
}

// introduction is the head of the page.
const introduction = `# Results

Each row is one test of codex-rpc against something that it does not control: a foreign client or editor, a fault of the backend or of a
client, hostile input, a damaged auth.json, a sign-in. The first columns describe the test, the others what was observed, and
the last one whether it is what is promised. A row that fails or is skipped fails the run that writes this page. Speed is in
BENCHMARKS.md, other systems are in PLATFORMS.md, and PROMISES.md names the test behind each promise.

`

// page returns the tables in Markdown.
func (r *run) page(where string) string {
	var rows, passed int
	var body strings.Builder
	for _, name := range r.names {
		fmt.Fprintf(&body, "\n## %s\n\n", name)
		columns := append(columnsOf(r.tables[name]), "outcome")
		line(&body, columns)
		line(&body, slices.Repeat([]string{"---"}, len(columns)))
		for _, row := range r.tables[name] {
			line(&body, row.under(columns))
			rows++
			if row.outcome == "pass" {
				passed++
			}
		}
	}
	return introduction + fmt.Sprintf("Written by conformance/evidence from a run of the tests. %s\n%d of %d rows pass.\n%s", where, passed, rows, body.String())
}

// columnsOf returns the columns of a table in the order in which they first
// occur.
func columnsOf(rows []*row) (columns []string) {
	for _, r := range rows {
		for _, c := range r.cells {
			if !slices.Contains(columns, c.column) {
				columns = append(columns, c.column)
			}
		}
	}
	return columns
}

// under returns the values for the columns, the last of which is the outcome.
// The last value of an attribute counts.
func (r *row) under(columns []string) []string {
	values := make([]string, len(columns))
	for _, c := range r.cells {
		values[slices.Index(columns, c.column)] = c.value
	}
	values[len(values)-1] = r.outcome
	return values
}

var escape = strings.NewReplacer("\\", "\\\\", "|", "\\|", "\r\n", " ", "\n", " ", "\r", " ", "<", "&lt;")

func line(b *strings.Builder, cells []string) {
	for _, text := range cells {
		b.WriteString("| " + escape.Replace(text) + " ")
	}
	b.WriteString("|\n")
}
