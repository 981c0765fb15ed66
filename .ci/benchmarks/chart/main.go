// Command chart draws the pictures of the README and of
// conformance/BENCHMARKS.md from the figures of that page:
//
//	go run ./.ci/benchmarks/chart
package main

import (
	"embed"
	"fmt"
	"math"
	"os"
	"strings"
	"text/template"
)

const page = "conformance/BENCHMARKS.md"

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

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "chart:", err)
		os.Exit(1)
	}
}

func run() error {
	text, err := os.ReadFile(page)
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

// A ratio is a median with its quartiles.
type ratio struct{ Median, Q1, Q3 float64 }

// find returns the ratio of a bar on the page.
func find(text string, b bar) (r ratio, err error) {
	for line := range strings.Lines(text) {
		cells := cellsOf(line)
		if len(cells) < 5 || cells[0] != b.what || cells[2] != b.against {
			continue
		}
		if name, _, _ := strings.Cut(strings.Trim(cells[1], "`"), " "); name != b.benchmark {
			continue
		}
		_, err := fmt.Sscanf(cells[3]+", "+cells[4], "%g ×, %g to %g", &r.Median, &r.Q1, &r.Q3)
		if err != nil || min(r.Median, r.Q1, r.Q3) <= 0 {
			return r, fmt.Errorf("%s: not a ratio in %q", page, line)
		}
		return r, nil
	}
	return r, fmt.Errorf("%s lacks the row | %s | `%s` | %s |", page, b.what, b.benchmark, b.against)
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

func (r ratio) From() float64   { return min(x(1), x(r.Median)) }
func (r ratio) Length() float64 { return math.Abs(x(r.Median) - x(1)) }
func (r ratio) End() float64    { return max(x(1), x(r.Median), x(r.Q3)) + 6 }

// draw returns the picture of the page's ratios.
func draw(text string) (string, error) {
	bottom := 16
	for _, g := range groups {
		bottom += 26*len(g.Bars) + 40
	}
	return render("benchmarks.svg", template.FuncMap{"ratio": func(b bar) (ratio, error) { return find(text, b) }},
		map[string]any{"Bottom": bottom, "Groups": groups, "Ticks": []float64{0.1, 0.2, 0.5, 1, 2, 5, 10}})
}

//go:embed templates
var templates embed.FS

// render returns the picture of a template.
func render(file string, functions template.FuncMap, data any) (string, error) {
	t := template.New("").Funcs(functions).Funcs(template.FuncMap{
		"add": func(a, b int) int { return a + b },
		"mul": func(a, b int) int { return a * b },
		"x":   x,
	})
	var text strings.Builder
	err := template.Must(t.ParseFS(templates, "templates/style.tmpl", "templates/"+file+".tmpl")).ExecuteTemplate(&text, file+".tmpl", data)
	return text.String(), err
}
