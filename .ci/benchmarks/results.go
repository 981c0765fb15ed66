package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A result holds the figures of one benchmark by unit.
type result struct {
	Name    string // Relay/events=1/writes=32KB/http
	figures map[string]figure
}

// A figure is the median of the turns with their quartiles.
type figure struct{ Median, Q1, Q3 float64 }

// goBenchmark runs a benchmark of cmd/codex-rpc.
func goBenchmark(name string, turns int) ([]result, error) {
	out, err := output(exec.Command("go", "test", "-run", "^$", "-bench", "^Benchmark"+name+"$",
		"-benchtime", fmt.Sprintf("%dx", turns), "-timeout", "2h", "./cmd/codex-rpc"))
	if err != nil {
		return nil, err
	}
	return parse(string(out))
}

// output runs a command and returns its output, which is also copied to stderr.
func output(cmd *exec.Cmd) ([]byte, error) {
	fmt.Fprintln(os.Stderr, "==", strings.Join(cmd.Args, " "))
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.MultiWriter(&out, os.Stderr), os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w", strings.Join(cmd.Args, " "), err)
	}
	return out.Bytes(), nil
}

// processors is the suffix that go test adds to the name of a benchmark.
var processors = regexp.MustCompile(`-\d+$`)

// parse parses the output of go test -bench: a name, the number of turns, and
// values with their units. UNIT:q1 and UNIT:q3 are the quartiles of UNIT.
func parse(out string) ([]result, error) {
	var results []result
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := processors.ReplaceAllString(strings.TrimPrefix(fields[0], "Benchmark"), "")
		r := result{Name: name, figures: make(map[string]figure)}
		for pair := range slices.Chunk(fields[2:], 2) {
			value, err := strconv.ParseFloat(pair[0], 64)
			if err != nil || len(pair) != 2 {
				return nil, fmt.Errorf("malformed result: %s", line)
			}
			unit, part, _ := strings.Cut(pair[1], ":")
			f := r.figures[unit]
			switch part {
			case "q1":
				f.Q1 = value
			case "q3":
				f.Q3 = value
			default:
				f.Median = value
			}
			r.figures[unit] = f
		}
		results = append(results, r)
	}
	if len(results) == 0 {
		return nil, fmt.Errorf("no results in %q", out)
	}
	return results, nil
}

// summary returns the figure of the values of all turns.
func summary(values []float64) figure {
	slices.Sort(values)
	last := len(values) - 1
	return figure{values[last/2], values[last/4], values[last-last/4]}
}
