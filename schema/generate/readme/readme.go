// Package readme updates the generated tables of the README and other
// documents. Each table is between two lines:
//
//	<!-- begin generated: NAME -->
//	<!-- end generated -->
//
// A generator reads the file, replaces the section, and writes the file; a test
// does the same and compares.
//
//	text, err = readme.Replace(text, "errors", readme.Table("code", "when").Row("401", "Sign in."))
package readme

import (
	"fmt"
	"strings"
)

// Rows is a table in Markdown.
type Rows string

// Table returns a table with a head and without rows.
func Table(head ...string) Rows {
	return Rows("").Row(head...) + Rows("|"+strings.Repeat("---|", len(head))+"\n")
}

// Row returns the table with an additional row. Cells are Markdown on one line;
// vertical bars are escaped.
func (t Rows) Row(cells ...string) Rows {
	for _, cell := range cells {
		t += "| " + Rows(strings.ReplaceAll(cell, "|", `\|`)) + " "
	}
	return t + "|\n"
}

const end = "<!-- end generated -->"

// Replace replaces the named section of a document.
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
