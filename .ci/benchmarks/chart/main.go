// Command chart draws the pictures of the README and of
// conformance/BENCHMARKS.md from the figures of that page:
//
//	go run ./.ci/benchmarks/chart
package main

import (
	"fmt"
	"html"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
)

const page = "conformance/BENCHMARKS.md"

// A bar is a row of the page with its labels in the picture.
type bar struct {
	what, benchmark, against string // as the page has them; the benchmark without a version
	label, other             string
}

var less = []bar{
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
}

var more = []bar{
	{"events a second", "Python/codex-backend-sdk", "the SDK, in process", "Python: events a second", "codex-backend-sdk"},
	{"events a second", "Node/openai", "the SDK, in process", "Node: events a second", "openai"},
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
type ratio struct{ median, q1, q3 float64 }

// find returns the ratio of a bar on the page.
func find(text string, b bar) (r ratio, err error) {
	row := fmt.Sprintf("| %s | `%s` | %s |", b.what, b.benchmark, b.against)
	found := regexp.MustCompile("(?m)^" + strings.Replace(regexp.QuoteMeta(row), "` ", "(?: [^`]*)?` ", 1) + " (.*)$").FindStringSubmatch(text)
	if found == nil {
		return r, fmt.Errorf("%s lacks the row %s", page, row)
	}
	cells := strings.SplitN(found[1], " | ", 3)
	q1, q3, _ := strings.Cut(cells[1], " to ")
	for text, v := range map[string]*float64{strings.TrimSuffix(cells[0], " ×"): &r.median, q1: &r.q1, q3: &r.q3} {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || n <= 0 {
			return r, fmt.Errorf("%s: %q is not a ratio", row, text)
		}
		*v = n
	}
	return r, nil
}

// Labels end at the left of the scale, which is logarithmic from lowest to
// highest.
const (
	width, left, right = 860, 390, 790
	line               = 26
	lowest, highest    = 0.05, 10
)

func x(v float64) float64 {
	return left + (right-left)*math.Log(v/lowest)/math.Log(highest/lowest)
}

// draw returns the picture of the page's figures.
func draw(text string) (string, error) {
	var body strings.Builder
	y := 30
	for _, group := range []struct {
		title string
		bars  []bar
		less  bool
	}{{"less is better", less, true}, {"more is better", more, false}} {
		fmt.Fprintf(&body, `<text class="title" x="%d" y="%d">codex-rpc against others: %s</text>`+"\n", 20, y, group.title)
		for _, b := range group.bars {
			r, err := find(text, b)
			if err != nil {
				return "", err
			}
			y += line
			kind := "worse"
			if (r.median < 1) == group.less {
				kind = "better"
			}
			from, to := min(x(1), x(r.median)), max(x(1), x(r.median))
			fmt.Fprintf(&body, `<text class="label" x="%d" y="%d">%s <tspan class="other">/ %s</tspan></text>`+"\n",
				left-12, y, html.EscapeString(b.label), html.EscapeString(b.other))
			fmt.Fprintf(&body, `<rect class="%s" x="%.1f" y="%d" width="%.1f" height="14"/>`+"\n", kind, from, y-11, to-from)
			fmt.Fprintf(&body, `<path class="spread" d="M%.1f %dH%.1f"/>`+"\n", x(r.q1), y-4, x(r.q3))
			fmt.Fprintf(&body, `<text x="%.1f" y="%d">%s ×</text>`+"\n", max(to, x(r.q3))+6, y, strconv.FormatFloat(r.median, 'g', 3, 64))
		}
		y += line + 14
	}
	var scale strings.Builder
	for _, tick := range []float64{0.1, 0.2, 0.5, 1, 2, 5, 10} {
		kind := "tick"
		if tick == 1 {
			kind = "one"
		}
		fmt.Fprintf(&scale, `<path class="%s" d="M%.1f 40V%d"/><text class="axis" x="%[2]g" y="%[4]d">%[5]g ×</text>`+"\n", kind, math.Round(x(tick)*10)/10, y-14, y+4, tick)
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%[1]d" height="%[2]d" role="img">
<title>codex-rpc against other programs, as ratios of medians with their quartiles</title>
<style>
%[5]s</style>
<rect width="%[1]d" height="%[2]d" rx="8" fill="#161b22"/>
%[3]s%[4]s</svg>
`, width, y+20, scale.String(), body.String(), style), nil
}

// style is the style of both pictures.
const style = `text { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #d0d7de; }
.title { font-weight: 600; }
.label { text-anchor: end; }
.other, .axis { fill: #8b949e; }
.axis { text-anchor: middle; font-size: 11px; }
.better { fill: #3fb950; }
.worse { fill: #d29922; }
.spread { stroke: #f0f6fc; stroke-width: 1.5; }
.tick { stroke: #30363d; }
.one { stroke: #8b949e; }
`
