// Package python runs Python programs that use the client like openai-python:
// on event loops other than asyncio's, and under frameworks. It installs their
// requirements from PyPI, each in its own environment.
package python

import (
	"bytes"
	"encoding/json"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// host is codex-rpc as this tree has it.
var host string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "codex-rpc-python")
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

const tests = "../../../clients/python/tests"

// The test files that need more than the standard library.
func TestLibraries(t *testing.T) {
	for _, test := range []struct{ file, packages string }{
		{"with_pydantic.py", "pydantic==2.14.4"},
		{"with_gevent.py", "gevent==26.9.0"},
		{"with_trio.py", "trio==0.35.0 anyio==4.16.0"},
		{"with_openai.py", "openai==3.57.0 trio==0.35.0"},       // on httpx2
		{"with_openai.py", "openai==3.57.0 httpx==0.28.1"},      // on both
		{"with_openai.py", "openai==1.109.1 pydantic==2.11.10"}, // on httpx alone
	} {
		t.Run(test.packages, func(t *testing.T) {
			t.Parallel()
			play(t, filepath.Join(tests, test.file), "python-client", strings.Fields(test.packages)...)
		})
	}
}

// Programs for the official package that know nothing of this one.
func TestPrograms(t *testing.T) {
	play(t, "with_programs.py", "python-client", "openai==3.57.0")
}

// The tests that openai-python has of these resources, generated from the
// description of its API. on_transport.py lists the known reasons; a test that
// fails for any other reason fails here.
func TestOfficialTests(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	python := environment(t, "openai==3.57.0", "pytest==9.2.0", "pytest-asyncio==1.5.0", "respx==0.23.1", "rich==15.0.0", "dirty-equals==0.11", "httpx==0.28.1")
	output(t, exec.Command(python, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", "openai", "--dest", dir, "openai==3.57.0"))
	output(t, exec.Command("tar", "-xzf", filepath.Join(dir, "openai-3.57.0.tar.gz"), "-C", dir))
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-m", "pytest", "-o", "addopts=", "-p", "on_transport", "-p", "no:cacheprovider", "-q", "--tb=short", "-k", "not aiohttp")
	for _, file := range []string{
		"responses.py", "embeddings.py", "models.py", "images.py", "files.py",
	} {
		cmd.Args = append(cmd.Args, "tests/api_resources/test_"+file)
	}
	cmd.Args = append(cmd.Args, "tests/api_resources/responses/test_input_items.py",
		"tests/api_resources/chat/test_completions.py", "tests/api_resources/audio/test_transcriptions.py")
	cmd.Dir = filepath.Join(dir, "openai-3.57.0")
	observe(t, cmd, "python-client", here)
}

// Frameworks on top of the official package, on top of this one.
func TestFrameworks(t *testing.T) {
	for _, test := range []struct{ file, packages string }{
		{"with_agents.py", "openai-agents==0.24.0 openai==3.57.0"},
		{"with_langchain.py", "langchain-openai==1.7.4 langgraph==1.2.24 openai==3.57.0"},
		{"with_pydantic_ai.py", "pydantic-ai-slim[openai]==2.68.0 openai==3.57.0"},
	} {
		t.Run(test.packages, func(t *testing.T) {
			t.Parallel()
			play(t, filepath.Join("frameworks", test.file), "python-frameworks", strings.Fields(test.packages)...)
		})
	}
}

// play runs a file of tests in its own environment.
func play(t *testing.T, file, table string, packages ...string) {
	t.Helper()
	observe(t, exec.Command(environment(t, packages...), "-B", "-W", "ignore", file), table)
}

// environment returns the Python of a new environment with packages.
func environment(t *testing.T, packages ...string) string {
	t.Helper()
	venv := t.TempDir()
	python := filepath.Join(venv, "bin", "python")
	output(t, exec.Command("python3", "-m", "venv", venv))
	output(t, exec.Command(python, append([]string{"-m", "pip", "install", "--quiet", "--disable-pip-version-check"}, packages...)...))
	return python
}

// observe runs tests and records their results as rows of a table. The tests can
// import the harness of the client's own tests and the modules in the folders.
func observe(t *testing.T, cmd *exec.Cmd, table string, folders ...string) {
	t.Helper()
	rows := filepath.Join(t.TempDir(), "table")
	harness, err := filepath.Abs(tests)
	if err != nil {
		t.Fatal(err)
	}
	path := strings.Join(append(folders, harness), string(os.PathListSeparator))
	cmd.Env = append(os.Environ(), "PYTHONPATH="+path, "CODEX_RPC_BIN="+host, "CODEX_RPC_TEST_TABLE="+rows)
	output(t, cmd)
	text, _ := os.ReadFile(rows) // none if there are no rows
	for line := range bytes.Lines(text) {
		var row struct{ Tried, Came string }
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		t.Run(row.Tried, func(t *testing.T) {
			t.Attr("table", table)
			t.Attr("tried", row.Tried)
			t.Attr("came", row.Came)
		})
	}
}

func output(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}
