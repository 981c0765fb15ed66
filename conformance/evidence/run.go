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

// An action is a line of go test -json, see go doc test2json.
type action struct {
	Action, Package, Test, Output string
	ImportPath                    string
	Key, Value                    string
}

// A row is a test that belongs to a table.
type row struct {
	cells   []cell // in the order in which they were told
	outcome string
}

type cell struct{ column, value string }

// A run is all that the tests tell.
type run struct {
	names  []string // of the tables, those that must be there first
	tables map[string][]*row
	failed int // tests and packages, rows or not

	open map[[2]string]*test // by package and name
}

// A test is one that runs. The name "" is that of the package itself.
type test struct {
	row
	output bytes.Buffer
}

func newRun(tables []string) *run {
	return &run{names: slices.Clone(tables), tables: make(map[string][]*row), open: make(map[[2]string]*test)}
}

// read takes the output of go test -json, and passes on what a reader of it
// wants to see. A line that is not JSON is passed on.
func (r *run) read(in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		var a action
		if len(line) > 0 && (json.Unmarshal(line, &a) != nil || a.Action == "") {
			out.Write(line)
		} else if len(line) > 0 {
			r.take(a, out)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *run) take(a action, out io.Writer) {
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
		t = &test{row: row{outcome: "fail"}} // until it is known better
		r.open[key] = t
	}
	switch a.Action {
	case "output":
		if a.Test == "" {
			io.WriteString(out, a.Output)
		} else if !strings.HasPrefix(a.Output, "=== ") { // what -v adds
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

// end prints what a failed test said. With a package fail those of its tests
// that were cut short.
func (r *run) end(pkg, name string, out io.Writer) {
	for key, t := range r.open {
		if key[0] == pkg && (name == "" || key[1] == name) {
			out.Write(t.output.Bytes())
			delete(r.open, key)
		}
	}
}

// faults says why the tables cannot be relied on.
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

// introduction is what the page opens with.
const introduction = `# Results

Each row is one test of codex-rpc against something that it does not control: a foreign client or editor, a fault of the backend or of a
client, hostile input, a damaged auth.json, a sign-in. The first columns say what was tried, the others what was seen, and
the last one whether that is what is promised. A row that fails or is skipped fails the run that writes this page. The
tables show what was run and where; they say nothing of speed, which is in BENCHMARKS.md, nor of other systems, which are
in PLATFORMS.md. PROMISES.md names the test behind each promise.

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

// columnsOf returns the columns of a table in the order in which they were first
// told.
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

// under returns the values for the columns, of which the last is the outcome.
// What a test told twice counts as it was told last.
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
