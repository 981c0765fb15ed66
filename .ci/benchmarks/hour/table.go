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

// The host's part of the last two.
var (
	hostCPU  = column{"", "%.2f s", func(p *played) float64 { return p.host.cpu.Seconds() }}
	hostPeak = column{"", "%.0f MB", func(p *played) float64 { return float64(p.host.peak) / 1e6 }}
)

// text returns the median of the rounds with its unit.
func (c column) text(rounds []*played) string { return fmt.Sprintf(c.form, c.of(rounds)) }

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
			text := "–"
			if rounds := hours[row.library]; !rounds[0].isAlone() || c.name == cpu.name || c.name == peak.name {
				text = c.text(rounds)
			}
			fmt.Fprintf(w, " %s |", text)
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
	alone        string // the interpreter of the client, for the reason if the target is missed
	part         column // the host's part of the figure, for the same
}

// The targets, by line of the list.
var targets = [][]target{
	{
		{column: sent, ours: "codex_rpc+websocket", theirs: "codex_rpc", bound: 0.1},
		{column: sent, ours: "codex_rpc+websocket+lite", theirs: "codex_rpc", bound: 0.1},
	},
	{{column: cached, ours: "codex_rpc+websocket", theirs: "codex", bound: 1, least: true}},
	{{column: first, ours: "codex_rpc+websocket", theirs: "codex", bound: 1}},
	{
		{column: cpu, ours: "codex_rpc+websocket", theirs: "openai", bound: 0.1, alone: "python", part: hostCPU},
		{column: cpu, ours: "codex-rpc+websocket", theirs: "openai-node", bound: 0.2, alone: "node", part: hostCPU},
	},
	{
		{column: peak, ours: "codex_rpc+websocket", theirs: "openai", bound: 0.5, alone: "python", part: hostPeak},
		{column: peak, ours: "codex-rpc+websocket", theirs: "openai-node", bound: 0.5, alone: "node", part: hostPeak},
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
		if t.alone != "" {
			verdict += fmt.Sprintf(", as %s takes %s and the host, which reads the whole history with each call, %s of %s",
				names[t.alone], t.column.text(hours[t.alone]), t.part.text(hours[t.ours]), t.column.text(hours[t.ours]))
		}
	}
	return fmt.Sprintf("%s has %s × %s, target %s %g: %s", names[t.ours], strconv.FormatFloat(ratio, 'g', 3, 64), names[t.theirs], sign, t.bound, verdict)
}
