package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The page opens with the hour, which can be measured alone.
const (
	title = "# Benchmarks\n\n"

	hourIntroduction = `## An agent's hour

![What an agent's hour costs on codex-rpc and on other clients](hour.svg)

A coding agent works for 50 turns on the strict embedded backend, with a history that grows to 1 MB, tools of 40 KB, parallel calls, two images,
a connection that breaks, a cancelled answer and a compaction. A client's figures include all its processes, and are medians of the rounds, in
which the clients take turns. The first event is that of a turn; for the official app server it is the first tool call or the first text.
The script itself uses no HTTP library; Python alone and Node alone are the interpreters with the script in memory, without a client.
Lite is Responses Lite, the form of newer models. Over a WebSocket codex-rpc compresses its requests. The hour's texts are generated and
shrink to less than a tenth; the schemas of this repository shrink to a fifth, its sources to two fifths.

Written by ` + "`go run ./.ci/benchmarks`" + `, this part alone by ` + "`go run ./.ci/benchmarks -hour`" + `.

`

	introduction = `## In parts

Each row compares codex-rpc with the program in the column "against": plain Go code that does the same work on the same
backend, or an SDK. 2 × means twice as much: less is better for CPU, latency, time and memory, more for events
and throughput. Each turn runs both in sequence; a figure is the median of the turns, and the quartiles are
their spread. A row without "against" is an absolute figure, comparable only on the machine described below.
The figures are those of the commit and the day named below.

Written by ` + "`go run ./.ci/benchmarks`" + `.

`
)

// writeHour writes the results of the hour.
func writeHour(w io.Writer, about string, found []byte) {
	fmt.Fprintf(w, "%s%s%s\n\n%s\n", title, hourIntroduction, about, found)
}

// writeParts writes the table of all other benchmarks.
func writeParts(w io.Writer, about string, results []result) error {
	var rows, missed strings.Builder
	targets, met, err := writeRows(&rows, &missed, rules, results)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, introduction+`%s

%d of %d targets are met. Below the table is why the others are missed.

| what | benchmark | against | median | quartiles | | target | |
|---|---|---|---|---|---|---|---|
%s
%s
%s`, about, met, targets, rows.String(), missed.String(), peers)
	return err
}

// writeRows writes the rows, and the reasons for missed targets to a list. It returns
// the number of targets and of those met. A rule without a result is an error, except
// for skipped clients.
func writeRows(w, missed io.Writer, rules []rule, results []result) (targets, met int, err error) {
	for _, rule := range rules {
		rows := 0
		var short []string // the benchmarks that missed the target
		for _, r := range results {
			f, ok := r.figures[rule.unit]
			if !strings.HasPrefix(r.name, rule.prefix) || !ok {
				continue
			}
			rows++
			beside := ""
			if rule.beside != "" {
				beside = quantity(r.figures[rule.beside].median, rule.beside)
			}
			verdict := rule.target.verdict(f.median)
			switch verdict {
			case "met":
				met++
				targets++
			case "**missed**":
				short = append(short, "`"+r.name+"`")
				targets++
			}
			fmt.Fprintf(w, "| %s | `%s` | %s | %s | %s to %s | %s | %s | %s |\n", rule.what, r.name, rule.against,
				rule.value(f.median), number(f.q1), number(f.q3), beside, rule.target, verdict)
		}
		if rows == 0 && !clientRule(rule, results) {
			return 0, 0, fmt.Errorf("no result for %s in %s", rule.prefix, rule.unit)
		}
		if len(short) > 0 {
			against, reason := "", "for a reason that is not known"
			if rule.target.missed != "" {
				reason = "since " + rule.target.missed
			}
			if rule.against != "" {
				against = " against " + rule.against
			}
			fmt.Fprintf(missed, "- **%s**%s, target %s, in %s: missed, %s.\n", rule.what, against, rule.target,
				strings.Join(short, ", "), reason)
		}
	}
	return targets, met, nil
}

// clientRule reports whether a rule is about clients that were skipped.
func clientRule(r rule, results []result) bool {
	if !strings.HasPrefix(r.prefix, "Python") && !strings.HasPrefix(r.prefix, "Node") {
		return false
	}
	for _, found := range results {
		if strings.HasPrefix(found.name, r.prefix) {
			return false
		}
	}
	return true
}

func (r rule) value(v float64) string {
	if r.against != "" {
		return number(v) + " ×"
	}
	return quantity(v, r.unit)
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

func (t target) verdict(v float64) string {
	switch {
	case t.bound == 0:
		return ""
	case t.least && v >= t.bound, !t.least && v <= t.bound:
		return "met"
	default:
		return "**missed**"
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
