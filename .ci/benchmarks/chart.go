package main

import (
	"fmt"
	"math"
	"os"
	"strings"
)

// A bar is a row of the page with its labels in the picture.
type bar struct {
	what, benchmark, against string // as the page has them; the benchmark without a version
	Label, Other             string
}

// A group is the bars of which a shorter one is better, or a longer one.
type group struct {
	Title string
	Less  bool
	Bars  []bar
}

var groups = []group{
	{"less is better", true, []bar{
		{"CPU to relay", "Relay/events=100000/writes=32KB/http", "io.Copy", "CPU to relay events in bursts", "io.Copy"},
		{"CPU to relay", "Relay/events=100000/writes=event/http", "io.Copy", "CPU to relay events one by one", "io.Copy"},
		{"latency, median, 1,000 events/s", "Latency/streams=1/rate=1000", "a client without host", "latency of an event", "Go client without host"},
		{"CPU of a call without a stream", "Collect/events=100000", "Go, decoded by encoding/json", "CPU to collect a response", "Go, encoding/json"},
		{"a request, until it is answered", "Request/size=1MiB/text=prose", "Go, checked by json.Valid and posted", "time of a 1 MiB request, prose", "Go, json.Valid"},
		{"a request, until it is answered", "Request/size=1MiB/text=code", "Go, checked by json.Valid and posted", "time of a 1 MiB request, code", "Go, json.Valid"},
		{"start to the first answer", "Start/warm/http", "a program that links net/http", "start to the first answer", "Go, prints a line"},
		{"start to the first delta, over TLS", "Start/first-delta/tls1", "Go, net/http", "start to the first delta", "Go, net/http"},
		{"cold start to the first delta", "Python/codex-backend-sdk", "the SDK, in process", "Python: start to the first delta", "codex-backend-sdk"},
		{"cold start to the first delta", "Node/openai", "the SDK, in process", "Node: start to the first delta", "openai"},
	}},
	{"more is better", false, []bar{
		{"events a second", "Python/codex-backend-sdk", "the SDK, in process", "Python: events a second", "codex-backend-sdk"},
		{"events a second", "Node/openai", "the SDK, in process", "Node: events a second", "openai"},
	}},
}

// pictures maps files to the functions that draw them.
var pictures = map[string]func(page string) (string, error){
	".github/recording/benchmarks.svg": draw,
	"conformance/hour.svg":             drawHour,
}

// drawAll draws the pictures from the figures of the page.
func drawAll() error {
	text, err := os.ReadFile(pagePath)
	if err != nil {
		return err
	}
	for path, draw := range pictures {
		picture, err := draw(string(text))
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(picture), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// find returns the ratio of a bar on the page.
func find(text string, b bar) (f figure, err error) {
	for line := range strings.Lines(text) {
		cells := cellsOf(line)
		if len(cells) < 5 || cells[0] != b.what || cells[2] != b.against {
			continue
		}
		if name, _, _ := strings.Cut(strings.Trim(cells[1], "`"), " "); name != b.benchmark {
			continue
		}
		_, err := fmt.Sscanf(cells[3]+", "+cells[4], "%g ×, %g to %g", &f.Median, &f.Q1, &f.Q3)
		if err != nil || min(f.Median, f.Q1, f.Q3) <= 0 {
			return f, fmt.Errorf("%s: not a ratio in %q", pagePath, line)
		}
		return f, nil
	}
	return f, fmt.Errorf("%s lacks the row | %s | `%s` | %s |", pagePath, b.what, b.benchmark, b.against)
}

// cellsOf returns the cells of a line of a table.
func cellsOf(line string) []string {
	cells := strings.Split(strings.Trim(line, "| \n"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

// The scale is logarithmic.
const (
	left, right     = 390, 790
	lowest, highest = 0.05, 10
)

// x returns the place of a ratio on the scale.
func x(v float64) float64 {
	return left + (right-left)*math.Log(v/lowest)/math.Log(highest/lowest)
}

// From, Length and End return the place of the bar from 1 to a ratio.
func (f figure) From() float64   { return min(x(1), x(f.Median)) }
func (f figure) Length() float64 { return math.Abs(x(f.Median) - x(1)) }
func (f figure) End() float64    { return max(x(1), x(f.Median), x(f.Q3)) + 6 }

// ratios are the page's, in the picture of the README.
type ratios struct {
	page   string
	Groups []group
	Ticks  []float64
}

// Bottom returns the place of the end of the scale, by the distances of the template.
func (r ratios) Bottom() int {
	bottom := 16
	for _, g := range r.Groups {
		bottom += 26*len(g.Bars) + 40
	}
	return bottom
}

// Find returns the ratio of a bar.
func (r ratios) Find(b bar) (figure, error) { return find(r.page, b) }

// draw returns the picture of the page's ratios.
func draw(page string) (string, error) {
	return render("benchmarks.svg.tmpl", ratios{page, groups, []float64{0.1, 0.2, 0.5, 1, 2, 5, 10}})
}
