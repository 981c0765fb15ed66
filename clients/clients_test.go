// Package clients has no code: it is here so that go test ./... runs the tests
// of the Python and Node libraries, too, against the binary of this tree.
package clients

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestPython(t *testing.T) {
	python := "python3"
	if runtime.GOOS == "windows" {
		python = "python"
	}
	run(t, python, "-m", "unittest", "discover", "-s", "clients/python/tests")
}

func TestNode(t *testing.T) {
	run(t, "node", "--test", "clients/node/tests/")
}

// What is published has the license with it. Wheels can only take it from their
// own folder, so that has a copy; the npm packages are given the one of the root.
func TestLicense(t *testing.T) {
	license, err := os.ReadFile("../LICENSE")
	if err != nil {
		t.Fatal(err)
	}
	if copied, err := os.ReadFile("python/LICENSE"); err != nil || string(copied) != string(license) {
		t.Errorf("python/LICENSE is not the license: %v", err)
	}
}

// run runs a command in the root of the module. That it is not installed is a
// failure.
func run(t *testing.T, name string, args ...string) {
	t.Parallel()
	cmd := exec.Command(name, args...)
	cmd.Dir = ".."
	table := filepath.Join(t.TempDir(), "table")
	cmd.Env = append(os.Environ(), "CODEX_RPC_BIN="+build(t), "CODEX_HOME="+t.TempDir(), "CODEX_RPC_TEST_TABLE="+table)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
	}
	rows(t, table)
}

// rows adds to a table of the evidence what the tests of a client wrote to a file:
// a JSON object per line, with a fault and its outcome.
func rows(t *testing.T, path string) {
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var row struct{ Tried, Came string }
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		table := strings.ToLower(strings.TrimPrefix(t.Name(), "Test")) + "-client"
		t.Run(row.Tried, func(t *testing.T) {
			t.Attr("table", table)
			t.Attr("tried", row.Tried)
			t.Attr("came", row.Came)
		})
	}
}

func build(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "codex-rpc")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", path, "../cmd/codex-rpc").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}
