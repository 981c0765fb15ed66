// Package peers runs JSON-RPC clients that know nothing of codex-rpc: libraries
// of three languages, and clients written without a library. It installs them
// from their registries.
//
// Every client takes the same steps: a call, a stream, a text with difficult
// characters, a cancel, an error with data, a batch if the client supports it,
// a burst of 1,000 deltas, an end, and, with another host, a kill -9 during a
// stream. It looks for processes in Linux's /proc.
package peers

import (
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// host is codex-rpc as this tree has it.
var host string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "codex-rpc-peers")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	host = filepath.Join(dir, "codex-rpc")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", host, "../../../cmd/codex-rpc").CombinedOutput(); err != nil {
		log.Fatalf("go build: %v\n%s", err, out)
	}
	return m.Run()
}

const (
	lines   = "lines"
	headers = "headers"

	steps        = "call, stream, text, cancel, error, burst, close, kill"
	stepsBatches = "call, stream, text, cancel, error, batch, burst, close, kill"
	stepsAsyncio = "call, stream, text, cancel, error, batch, burst, limit, close, kill"
)

func TestNode(t *testing.T) {
	t.Parallel()
	dir := copyOf(t, "node")
	install(t, dir, "npm", "ci", "--silent", "--no-audit", "--no-fund")
	for _, c := range []struct{ client, framing, steps string }{
		{"vscode-jsonrpc", headers, steps},
		{"json-rpc-2.0", lines, stepsBatches},
		{"readline", lines, stepsBatches},
	} {
		play(t, c.client, c.framing, c.steps, "node", filepath.Join(dir, c.client+".js"))
	}
}

func TestPython(t *testing.T) {
	t.Parallel()
	venv := t.TempDir()
	python := filepath.Join(venv, "bin", "python")
	install(t, ".", "python3", "-m", "venv", venv)
	install(t, ".", python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "python/requirements.txt")
	for _, c := range []struct{ client, framing, steps string }{
		{"pygls_client", headers, steps},
		{"pylsp_client", headers, steps},
		{"asyncio_client", lines, stepsAsyncio},
		{"asyncio_client", headers, stepsAsyncio},
		{"popen_client", lines, stepsBatches},
	} {
		play(t, c.client, c.framing, c.steps, python, "-B", filepath.Join("python", c.client+".py"))
	}
}

func TestGo(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "peers")
	install(t, "go", "go", "build", "-o", program, ".")
	for _, c := range []struct{ client, framing, steps string }{
		{"jrpc2", lines, stepsBatches},
		{"jrpc2", headers, stepsBatches},
		{"mcp", lines, steps},
		{"lsp.dev", lines, steps},
		{"lsp.dev", headers, steps},
		{"sourcegraph", lines, steps},
		{"sourcegraph", headers, steps},
	} {
		play(t, c.client, c.framing, c.steps, program, c.client)
	}
}

// copyOf returns a copy of a directory of the tree, to install into.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), filepath.Base(dir))
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return copied
}

func install(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}
