package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// A column is a figure of an hour.
type column struct {
	name  string
	form  string // of its value
	value func(*played) float64
}

var (
	sent     = column{"sent", "%.2f MB", func(p *played) float64 { return float64(p.up) / 1e6 }}
	requests = column{"requests", "%.0f", func(p *played) float64 { return float64(p.requests) }}
	cached   = column{"tokens found in the cache", "%.1f %%", func(p *played) float64 { return 100 * float64(p.Cached) / float64(p.Input) }}
	first    = column{"first event", "%.1f ms", func(p *played) float64 { return median(slices.Clone(p.First)) }}
	cpu      = column{"processor time", "%.2f s", func(p *played) float64 { return p.cpu.Seconds() }}
	peak     = column{"peak memory", "%.0f MB", func(p *played) float64 { return float64(p.peak) / 1e6 }}
)

var columns = []column{sent, requests, cached, first, cpu, peak}

// of returns the median of the rounds.
func (c column) of(rounds []*played) float64 {
	var values []float64
	for _, p := range rounds {
		values = append(values, c.value(p))
	}
	return median(values)
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// writeTable writes a row for each client.
func writeTable(w io.Writer, chosen []client, hours map[string][]*played) {
	fmt.Fprint(w, "| client |")
	for _, c := range columns {
		fmt.Fprintf(w, " %s |", c.name)
	}
	fmt.Fprintf(w, "\n|---|%s\n", strings.Repeat("---|", len(columns)))
	for _, row := range chosen {
		fmt.Fprintf(w, "| %s |", row.name)
		for _, c := range columns {
			fmt.Fprintf(w, " "+c.form+" |", c.of(hours[row.library]))
		}
		fmt.Fprintln(w)
	}
}

// A target is a ratio of two clients' figures.
type target struct {
	column
	ours, theirs string // libraries
	bound        float64
	least        bool   // the ratio is to be at least the bound
	missed       string // why it is, where it is
}

// The targets, by line of the list.
var targets = [][]target{
	{
		{sent, "codex_rpc+websocket", "codex_rpc", 0.1, false, ""},
		{sent, "codex_rpc+websocket+lite", "codex_rpc", 0.1, false, ""},
	},
	{{cached, "codex_rpc+websocket", "codex", 1, true, ""}},
	{{first, "codex_rpc+websocket", "codex", 1, false, ""}},
	{
		{cpu, "codex_rpc+websocket", "openai", 0.1, false, "a program passes its whole history with each call, so that 66 MB are written as JSON and read by the host"},
		{cpu, "codex-rpc+websocket", "openai-node", 0.2, false, "Node takes 0.3 s to write these 66 MB as JSON into the pipe, which is the target alone"},
	},
	{
		{peak, "codex_rpc+websocket", "openai", 0.5, false, "Python with the history takes 36 MB and the host 40 MB"},
		{peak, "codex-rpc+websocket", "openai-node", 0.5, false, "Node starts with 40 MB, the host takes 40 MB, and Node collects strings of a megabyte late"},
	},
}

// writeTargets writes the list of targets and their results.
func writeTargets(w io.Writer, hours map[string][]*played) {
	names := make(map[string]string)
	for _, c := range clients {
		names[c.library] = c.name
	}
	for _, line := range targets {
		var parts []string
		for _, t := range line {
			parts = append(parts, t.verdict(hours, names))
		}
		title := line[0].name
		fmt.Fprintf(w, "- **%s**: %s.\n", strings.ToUpper(title[:1])+title[1:], strings.Join(parts, "; "))
	}
	fmt.Fprintln(w)
}

func (t target) verdict(hours map[string][]*played, names map[string]string) string {
	ratio := t.of(hours[t.ours]) / t.of(hours[t.theirs])
	sign, verdict := "≤", "met"
	if t.least {
		sign = "≥"
	}
	if ratio > t.bound && !t.least || ratio < t.bound && t.least {
		verdict = "**missed**"
		if t.missed != "" {
			verdict += ", since " + t.missed
		}
	}
	return fmt.Sprintf("%s has %s × %s, target %s %g: %s", names[t.ours], strconv.FormatFloat(ratio, 'g', 3, 64), names[t.theirs], sign, t.bound, verdict)
}
