// Command benchmarks runs every benchmark that compares codex-rpc with
// something else, and writes a table of the results.
//
//	go run ./.ci/benchmarks [-quick] [-skip-clients] [-hour] [-o conformance/BENCHMARKS.md]
//	go run ./.ci/benchmarks -draw
//
// It takes about 45 minutes on Linux, on an otherwise idle machine. Python 3
// with venv, and npm, install the clients' competitors in temporary
// directories; without them or a network, use -skip-clients, which keeps the
// hour of the existing page. With -o it also draws the pictures, and with -draw
// nothing else: they show the figures of the page in the tree.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

func main() {
	var o options
	flag.BoolVar(&o.quick, "quick", false, "run a fifth of the turns, to check that everything runs")
	flag.BoolVar(&o.skipClients, "skip-clients", false, "skip the Python and Node clients, which need a network")
	flag.BoolVar(&o.hour, "hour", false, "measure only the agent's hour, and keep the rest of the page")
	flag.BoolVar(&o.draw, "draw", false, "only draw the pictures")
	flag.StringVar(&o.out, "o", "", "write the page to this file (default: standard output)")
	flag.Parse()
	if err := o.run(); err != nil {
		fmt.Fprintln(os.Stderr, "benchmarks:", err)
		os.Exit(1)
	}
}

// options select what is measured, and the output.
type options struct {
	quick, skipClients, hour, draw bool
	out                            string
}

const pagePath = "conformance/BENCHMARKS.md"

func (o *options) run() error {
	if o.draw {
		return drawAll()
	}
	about, err := describeMachine(!o.skipClients)
	if err != nil {
		return err
	}
	old, _ := os.ReadFile(pagePath) // for the part that is not measured
	hour, parts, _ := strings.Cut(string(old), "## In parts\n")
	if !o.skipClients {
		found, err := output(exec.Command("go", "run", "./.ci/benchmarks/hour", "-rounds", fmt.Sprint(o.turns(7))))
		if err != nil {
			return err
		}
		if hour, err = render("hour.tmpl", map[string]string{"About": about, "Found": string(found)}); err != nil {
			return err
		}
	}
	if o.hour {
		parts = "## In parts\n" + parts
	} else if parts, err = o.measureParts(about); err != nil {
		return err
	}
	if o.out == "" {
		_, err := os.Stdout.WriteString(hour + parts)
		return err
	}
	if err := os.WriteFile(o.out, []byte(hour+parts), 0o644); err != nil {
		return err
	}
	return drawAll()
}

// turns returns the number of turns, reduced by -quick.
func (o *options) turns(n int) int {
	if o.quick {
		return max(3, n/5)
	}
	return n
}

// measureParts measures everything except the hour, and returns its part of the page.
func (o *options) measureParts(about string) (string, error) {
	var results []result
	for _, benchmark := range []struct {
		name  string
		turns int
	}{
		{"Relay", 15}, {"Allocations", 5}, {"Latency", 11}, {"Streams", 11}, {"OpenStreams", 7},
		{"LargeEvent", 11}, {"Request", 11}, {"Collect", 11}, {"Start", 41}, {"Idle", 15}, {"StalledReader", 7},
		{"AgentLoop", 5},
	} {
		found, err := goBenchmark(benchmark.name, o.turns(benchmark.turns))
		if err != nil {
			return "", err
		}
		results = append(results, found...)
	}
	if !o.skipClients {
		found, err := clientBenchmarks(o.turns(15))
		if err != nil {
			return "", err
		}
		results = append(results, found...)
	}
	p := &parts{About: about}
	if err := p.add(rules, results); err != nil {
		return "", err
	}
	return render("parts.tmpl", p)
}
