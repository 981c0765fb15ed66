// Package readme keeps the tables of the README and other documents that are
// generated from the code.
// Each stands between two lines:
//
//	<!-- begin generated: NAME -->
//	<!-- end generated -->
//
// A program that writes one reads the file, replaces the section, and writes the
// file; a test does the same without writing and compares.
//
//	text, err = readme.Replace(text, "errors", readme.Table("code", "when").Row("401", "Sign in."))
package readme

import (
	"fmt"
	"strings"
)

// A Rows is a table as Markdown has it.
type Rows string

// Table returns a table that has a head and no rows yet.
func Table(head ...string) Rows {
	return Rows("").Row(head...) + Rows("|"+strings.Repeat("---|", len(head))+"\n")
}

// Row returns the table with one more row. What the cells hold is Markdown on
// one line; a vertical bar in it is escaped.
func (t Rows) Row(cells ...string) Rows {
	for _, cell := range cells {
		t += "| " + Rows(strings.ReplaceAll(cell, "|", `\|`)) + " "
	}
	return t + "|\n"
}

const end = "<!-- end generated -->"

// Replace returns the text of a document with the named section replaced.
func Replace(text []byte, section string, table Rows) ([]byte, error) {
	begin := fmt.Sprintf("<!-- begin generated: %s -->\n", section)
	before, rest, found := strings.Cut(string(text), begin)
	if !found {
		return nil, fmt.Errorf("the document lacks %q", strings.TrimSpace(begin))
	}
	_, after, found := strings.Cut(rest, end)
	if !found {
		return nil, fmt.Errorf("the document lacks %q after %q", end, strings.TrimSpace(begin))
	}
	return []byte(before + begin + string(table) + end + after), nil
}
