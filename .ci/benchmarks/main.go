// Command benchmarks runs every benchmark that holds codex-rpc against
// something else, and writes one table of what they find.
//
//	go run ./.ci/benchmarks [-quick] [-skip-clients] [-o conformance/BENCHMARKS.md]
//
// It takes about half an hour on Linux, and a machine with nothing else to do. Python 3 with venv, and npm, install what the clients are held against
// into folders that are removed; without them or a network there is -skip-clients.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
)

func main() {
	quick := flag.Bool("quick", false, "a fifth of the turns, which shows that all run, and little more")
	skipClients := flag.Bool("skip-clients", false, "leave out the Python and Node clients, which need a network")
	out := flag.String("o", "", "file for the table, stdout without it")
	flag.Parse()
	if err := run(*quick, *skipClients, *out); err != nil {
		fmt.Fprintln(os.Stderr, "benchmarks:", err)
		os.Exit(1)
	}
}

func run(quick, skipClients bool, out string) error {
	about, err := describeMachine(!skipClients)
	if err != nil {
		return err
	}
	turns := func(n int) int {
		if quick {
			return max(3, n/5)
		}
		return n
	}
	var results []result
	for _, benchmark := range []struct {
		name  string
		turns int
	}{
		{"Relay", 15}, {"Allocations", 5}, {"Latency", 11}, {"Streams", 11}, {"OpenStreams", 7},
		{"LargeEvent", 11}, {"Request", 11}, {"Collect", 11}, {"Start", 41}, {"Idle", 15}, {"StalledReader", 7},
		{"AgentLoop", 5},
	} {
		found, err := goBenchmark(benchmark.name, turns(benchmark.turns))
		if err != nil {
			return err
		}
		results = append(results, found...)
	}
	if !skipClients {
		found, err := clientBenchmarks(turns(15))
		if err != nil {
			return err
		}
		results = append(results, found...)
	}
	var page bytes.Buffer
	if err := writePage(&page, about, results); err != nil {
		return err
	}
	if out == "" {
		_, err := page.WriteTo(os.Stdout)
		return err
	}
	return os.WriteFile(out, page.Bytes(), 0o644)
}
