package main

import (
	"embed"
	"fmt"
	"strconv"
	"strings"
	"text/template"
)

//go:embed templates
var files embed.FS

// templates are those of the page and of its pictures. The page opens with the hour,
// which can be measured alone.
var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"add":    func(a, b int) int { return a + b },
	"mul":    func(a, b int) int { return a * b },
	"number": number,
	"ours":   func(client string) bool { return strings.HasPrefix(client, "codex-rpc") },
	"x":      x,
}).ParseFS(files, "templates/*"))

// render returns the text of a template.
func render(name string, data any) (string, error) {
	var text strings.Builder
	err := templates.ExecuteTemplate(&text, name, data)
	return text.String(), err
}

// parts are the results of all other benchmarks.
type parts struct {
	About        string
	Targets, Met int // numbers
	Rows         []row
	Missed       [][]row // of each rule, the rows that missed its target
}

// A row is a result of a rule.
type row struct {
	rule
	result
	figure
}

// add adds the rows of the rules. A rule without a result is an error, except for
// skipped clients.
func (p *parts) add(rules []rule, results []result) error {
	for _, rule := range rules {
		var missed []row
		before, measured := len(p.Rows), false
		for _, r := range results {
			if !strings.HasPrefix(r.Name, rule.prefix) {
				continue
			}
			measured = true
			f, ok := r.figures[rule.unit]
			if !ok {
				continue
			}
			row := row{rule, r, f}
			p.Rows = append(p.Rows, row)
			switch row.Verdict() {
			case "met":
				p.Met++
				p.Targets++
			case "**missed**":
				p.Targets++
				missed = append(missed, row)
			}
		}
		client := strings.HasPrefix(rule.prefix, "Python") || strings.HasPrefix(rule.prefix, "Node")
		if len(p.Rows) == before && (measured || !client) {
			return fmt.Errorf("no result for %s in %s", rule.prefix, rule.unit)
		}
		if missed != nil {
			p.Missed = append(p.Missed, missed)
		}
	}
	return nil
}

// Value returns the median.
func (r row) Value() string {
	if r.Against != "" {
		return number(r.Median) + " ×"
	}
	return quantity(r.Median, r.unit)
}

// Beside returns the other figure of the row.
func (r row) Beside() string {
	if r.beside == "" {
		return ""
	}
	return quantity(r.figures[r.beside].Median, r.beside)
}

// Verdict compares the median with the target, if there is one.
func (r row) Verdict() string {
	switch t := r.Target; {
	case t.bound == 0:
		return ""
	case t.least && r.Median >= t.bound, !t.least && r.Median <= t.bound:
		return "met"
	default:
		return "**missed**"
	}
}

func (t target) String() string {
	switch {
	case t.bound == 0:
		return ""
	case t.least:
		return "≥ " + number(t.bound)
	default:
		return "≤ " + number(t.bound)
	}
}

// quantity formats a value with its unit, without the prefix of the name:
// used-MB is in MB.
func quantity(v float64, unit string) string {
	if _, short, ok := strings.Cut(unit, "-"); ok {
		unit = short
	}
	return number(v) + " " + unit
}

// number formats a value with three significant digits, and commas.
func number(v float64) string {
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 3, 64), 64)
	digits := strconv.FormatFloat(rounded, 'f', -1, 64)
	if rounded >= 1000 { // it is a whole one
		for i := len(digits) - 3; i > 0; i -= 3 {
			digits = digits[:i] + "," + digits[i:]
		}
	}
	return digits
}
