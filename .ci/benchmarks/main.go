// Command benchmarks runs every benchmark that compares codex-rpc with
// something else, and writes a table of the results.
//
//	go run ./.ci/benchmarks [-quick] [-skip-clients] [-hour] [-o conformance/BENCHMARKS.md]
//
// It takes about 45 minutes on Linux, on an otherwise idle machine. Python 3
// with venv, and npm, install the clients' competitors in temporary
// directories; without them or a network, use -skip-clients, which keeps the
// hour of the existing page. With -o it also draws the pictures.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
)

func main() {
	var o options
	flag.BoolVar(&o.quick, "quick", false, "run a fifth of the turns, to check that everything runs")
	flag.BoolVar(&o.skipClients, "skip-clients", false, "skip the Python and Node clients, which need a network")
	flag.BoolVar(&o.hour, "hour", false, "measure only the agent's hour, and keep the rest of the page")
	flag.StringVar(&o.out, "o", "", "write the page to this file (default: standard output)")
	flag.Parse()
	if err := o.run(); err != nil {
		fmt.Fprintln(os.Stderr, "benchmarks:", err)
		os.Exit(1)
	}
}

// options select what is measured, and the output.
type options struct {
	quick, skipClients, hour bool
	out                      string
}

func (o *options) run() error {
	about, err := describeMachine(!o.skipClients)
	if err != nil {
		return err
	}
	hour, parts, _ := strings.Cut(o.old(), "## In parts\n")
	var page bytes.Buffer
	if o.skipClients {
		page.WriteString(hour)
	} else {
		found, err := output(exec.Command("go", "run", "./.ci/benchmarks/hour", "-rounds", fmt.Sprint(o.turns(7))))
		if err != nil {
			return err
		}
		if err := writeHour(&page, about, found); err != nil {
			return err
		}
	}
	if o.hour {
		page.WriteString("## In parts\n" + parts)
	} else if err := o.measureParts(&page, about); err != nil {
		return err
	}
	if o.out == "" {
		_, err := page.WriteTo(os.Stdout)
		return err
	}
	if err := os.WriteFile(o.out, page.Bytes(), 0o644); err != nil {
		return err
	}
	_, err = output(exec.Command("go", "run", "./.ci/benchmarks/chart"))
	return err
}

// old returns the existing page, for the part that is not measured.
func (o *options) old() string {
	text, err := os.ReadFile("conformance/BENCHMARKS.md")
	if err != nil {
		return ""
	}
	return string(text)
}

// turns returns the number of turns, reduced by -quick.
func (o *options) turns(n int) int {
	if o.quick {
		return max(3, n/5)
	}
	return n
}

// measureParts measures and writes everything except the hour.
func (o *options) measureParts(page io.Writer, about string) error {
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
			return err
		}
		results = append(results, found...)
	}
	if !o.skipClients {
		found, err := clientBenchmarks(o.turns(15))
		if err != nil {
			return err
		}
		results = append(results, found...)
	}
	p := &parts{About: about}
	if err := p.add(rules, results); err != nil {
		return err
	}
	return templates.ExecuteTemplate(page, "parts.tmpl", p)
}
