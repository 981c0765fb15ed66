// Package clients has no code: it is here so that go test ./... runs the tests
// of the Python and Node libraries, too, against the binary of this tree.
package clients

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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

// run runs a command in the root of the module. That it is not installed is a
// failure.
func run(t *testing.T, name string, args ...string) {
	t.Parallel()
	cmd := exec.Command(name, args...)
	cmd.Dir = ".."
	cmd.Env = append(os.Environ(), "CODEX_RPC_BIN="+build(t), "CODEX_HOME="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%s: %v\n%s", name, err, out)
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
