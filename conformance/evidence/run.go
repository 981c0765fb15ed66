package main

import (
	"bufio"
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/template"
)

// An action is a line of the output of go test -json, see go doc test2json.
type action struct {
	Action, Package, Test, Output string
	ImportPath                    string
	Key, Value                    string
}

// A run collects the output of the tests.
type run struct {
	names  []string // of the tables, the required ones first
	tables map[string][]*test
	failed int // number of failed tests and packages

	open map[[2]string]*test // by package and name
}

// A test may be a row of a table. The name "" is that of the package itself.
type test struct {
	attributes [][2]string // names and values
	outcome    string
	output     bytes.Buffer // while it runs
}

func newRun(tables []string) *run {
	return &run{names: slices.Clone(tables), tables: make(map[string][]*test), open: make(map[[2]string]*test)}
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
		t = &test{outcome: "fail"} // until it ends otherwise
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
			t.attributes = append(t.attributes, [2]string{a.Key, a.Value})
			return
		}
		if !slices.Contains(r.names, a.Value) {
			r.names = append(r.names, a.Value)
		}
		r.tables[a.Value] = append(r.tables[a.Value], t)
	case "pass", "skip":
		t.outcome, t.output = a.Action, bytes.Buffer{}
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

//go:embed page.md.tmpl
var pageText string

var pageTemplate = template.Must(template.New("").Funcs(template.FuncMap{
	"escape": strings.NewReplacer("\\", "\\\\", "|", "\\|", "\r\n", " ", "\n", " ", "\r", " ", "<", "&lt;").Replace,
}).Parse(pageText))

// A table is a table of the page. Its columns are the attributes of its tests,
// in the order in which they first occur, and the outcome.
type table struct {
	Name    string
	Columns []string
	Rows    [][]string
}

func newTable(name string, tests []*test) table {
	t := table{Name: name}
	for _, test := range tests {
		for _, a := range test.attributes {
			if !slices.Contains(t.Columns, a[0]) {
				t.Columns = append(t.Columns, a[0])
			}
		}
	}
	last := len(t.Columns)
	for _, test := range tests {
		row := make([]string, last+1)
		for _, a := range test.attributes { // the last value counts
			row[slices.Index(t.Columns, a[0])] = a[1]
		}
		row[last] = test.outcome
		t.Rows = append(t.Rows, row)
	}
	t.Columns = append(t.Columns, "outcome")
	return t
}

// page returns the tables in Markdown.
func (r *run) page(where string) (string, error) {
	var tables []table
	var rows, passed int
	for _, name := range r.names {
		for _, test := range r.tables[name] {
			rows++
			if test.outcome == "pass" {
				passed++
			}
		}
		tables = append(tables, newTable(name, r.tables[name]))
	}
	var page strings.Builder
	err := pageTemplate.Execute(&page, map[string]any{"Where": where, "Passed": passed, "Rows": rows, "Tables": tables})
	return page.String(), err
}
