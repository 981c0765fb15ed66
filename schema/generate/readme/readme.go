// Package readme updates the generated tables of the README and other
// documents. Each table is between two lines:
//
//	<!-- begin generated: NAME -->
//	<!-- end generated -->
//
// A generator reads the file, replaces the section, and writes the file; a test
// does the same and compares.
//
//	text, err = readme.Replace(text, "errors", "| code | when |\n|---|---|\n| 401 | Sign in. |\n")
package readme

import (
	"fmt"
	"strings"
)

// Cell returns Markdown on one line as the cell of a table.
func Cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

const end = "<!-- end generated -->"

// Replace replaces the named section of a document.
func Replace(text []byte, section, table string) ([]byte, error) {
	begin := fmt.Sprintf("<!-- begin generated: %s -->\n", section)
	before, rest, found := strings.Cut(string(text), begin)
	if !found {
		return nil, fmt.Errorf("the document lacks %q", strings.TrimSpace(begin))
	}
	_, after, found := strings.Cut(rest, end)
	if !found {
		return nil, fmt.Errorf("the document lacks %q after %q", end, strings.TrimSpace(begin))
	}
	return []byte(before + begin + table + end + after), nil
}
