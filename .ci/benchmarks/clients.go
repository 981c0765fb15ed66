package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// clientBenchmarks runs the comparisons of the Python and Node clients with the
// SDKs that they are shaped like.
func clientBenchmarks(rounds int) ([]result, error) {
	scratch, err := os.MkdirTemp("", "codex-rpc-benchmarks")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(scratch)
	binary := filepath.Join(scratch, "codex-rpc")
	python := filepath.Join(scratch, "python", "bin", "python")
	for _, install := range [][]string{
		{"env", "CGO_ENABLED=0", "go", "build", "-trimpath", "-o", binary, "./cmd/codex-rpc"}, // as it is released
		{"npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", scratch, "openai"},
		{"python3", "-m", "venv", filepath.Join(scratch, "python")},
		{python, "-m", "pip", "install", "--quiet", "openai"},
	} {
		if _, err := output(exec.Command(install[0], install[1:]...)); err != nil {
			return nil, err
		}
	}
	var results []result
	for _, client := range []struct {
		name string
		args []string
	}{
		{"Python", []string{"python3", "clients/python/benchmarks/compare.py"}},
		{"Node", []string{"node", "clients/node/benchmarks/openai.js", scratch}},
		{"Node fetch", []string{"node", "clients/node/benchmarks/openai.js", scratch, "--fetch"}},
		{"Python transport", []string{python, "clients/python/benchmarks/transport.py", "--through", "transport"}},
		{"Python http", []string{python, "clients/python/benchmarks/transport.py", "--through", "http"}},
	} {
		cmd := exec.Command(client.args[0], append(client.args[1:], "--json", "--rounds", fmt.Sprint(rounds))...)
		cmd.Env = append(os.Environ(), "CODEX_RPC_BIN="+binary)
		out, err := output(cmd)
		if err != nil {
			return nil, err
		}
		r, err := clientResult(client.name, out)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}

// clientResult parses the output of a comparison: pairs of figures of the
// client and of the SDK.
func clientResult(name string, out []byte) (result, error) {
	var measured struct {
		Against         string
		Cold, CPU, Rate [][2]float64 // to the first delta in ms; ms; events a second
	}
	if err := json.Unmarshal(out, &measured); err != nil {
		return result{}, fmt.Errorf("%s: %w", name, err)
	}
	r := result{Name: name + "/" + measured.Against, figures: make(map[string]figure)}
	for _, part := range []struct {
		ratio, unit string
		pairs       [][2]float64
	}{
		{"cold/sdk", "cold-ms", measured.Cold},
		{"cpu/sdk", "cpu-ms", measured.CPU},
		{"rate/sdk", "events/s", measured.Rate},
	} {
		if len(part.pairs) == 0 {
			continue
		}
		var ratios, ours []float64
		for _, pair := range part.pairs {
			ratios = append(ratios, pair[0]/pair[1])
			ours = append(ours, pair[0])
		}
		r.figures[part.ratio], r.figures[part.unit] = summary(ratios), summary(ours)
	}
	return r, nil
}
