// Package node runs Node programs and frameworks written for OpenAI's API on
// codex-rpc/fetch, otherwise unchanged. It installs them, and other runtimes,
// from npm, for Linux on x64.
package node

import (
	"bytes"
	"encoding/json"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// host is the path of codex-rpc, project a directory in which the client and
// the frameworks are installed.
var host, project string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "codex-rpc-node")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	host, project = filepath.Join(dir, "codex-rpc"), filepath.Join(dir, "project")
	must(exec.Command("go", "build", "-trimpath", "-o", host, "../../../cmd/codex-rpc"))
	if err := os.CopyFS(project, os.DirFS(".")); err != nil {
		log.Fatal(err)
	}
	install := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
	install.Dir = project
	must(install)
	client := filepath.Join(project, "node_modules", "codex-rpc")
	for _, part := range []string{"src", "types"} {
		if err := os.CopyFS(filepath.Join(client, part), os.DirFS(filepath.Join("../../../clients/node", part))); err != nil {
			log.Fatal(err)
		}
	}
	manifest, err := os.ReadFile("../../../clients/node/package.json")
	if err == nil {
		err = os.WriteFile(filepath.Join(client, "package.json"), manifest, 0o644)
	}
	if err != nil {
		log.Fatal(err)
	}
	return m.Run()
}

func must(cmd *exec.Cmd) {
	if out, err := cmd.CombinedOutput(); err != nil {
		log.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

func TestFrameworks(t *testing.T) {
	for _, program := range []string{"openai.mjs", "ai-sdk.mjs", "agents.mjs", "langchain.mjs"} {
		t.Run(program, func(t *testing.T) { play(t, "node", program) })
	}
}

// TestPrograms runs small programs that only use the official package.
func TestPrograms(t *testing.T) {
	for name, want := range map[string]string{
		"chat":          `You said: "Say it again"`,
		"chat-tools":    "tool_calls 1 The tool answered: 18 degrees",
		"errors":        "NotFoundError 404\nBadRequestError 400",
		"hello":         `You said: "Say hello"`,
		"history":       `3 true You said: "Say hello"`,
		"json-mode":     "number",
		"search":        "Dogs chase cats.",
		"stream":        "You said: \"Say hello\"\ncounted",
		"structured":    "name date participants",
		"tool-loop":     `after 1 call: The tool answered: {"city":"city","temperature":18}`,
		"transcription": "string",
		"vision":        "seen",
		"web":           `You said: "Say hello"`,
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command("node", "--import", "./transport.mjs", "programs/"+name+".mjs")
			cmd.Dir = project
			cmd.Env = append(os.Environ(), "CODEX_RPC_BIN="+host, "CODEX_HOME="+t.TempDir())
			out, err := cmd.CombinedOutput()
			if got := strings.TrimSpace(string(out)); err != nil || got != want {
				t.Fatalf("%v, printed %q, want %q", err, got, want)
			}
			t.Attr("table", "openai-node")
			t.Attr("client", "programs/"+name+".mjs")
			t.Attr("runtime", "Node 20 or later")
			t.Attr("steps", "runs unchanged")
		})
	}
}

// TestRuntimes runs programs on other runtimes, which npm installs.
func TestRuntimes(t *testing.T) {
	runtimes := map[string][]string{
		"Bun":     {"node_modules/@oven/bun-linux-x64/bin/bun"},
		"Deno":    {"node_modules/@deno/linux-x64-glibc/deno", "run", "--allow-all"},
		"Node 22": {"node_modules/node22/bin/node"},
		"Node 24": {"node_modules/node24/bin/node"},
	}
	for name, command := range runtimes {
		t.Run(name, func(t *testing.T) {
			for _, program := range []string{"client.mjs", "openai.mjs", "ai-sdk.mjs"} {
				play(t, append(slices.Clip(command), program)...)
			}
		})
	}
}

// play runs a program and records a row for each step that it reports.
func play(t *testing.T, command ...string) {
	t.Helper()
	rows := filepath.Join(t.TempDir(), "table")
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Dir = project
	cmd.Env = append(os.Environ(), "CODEX_RPC_BIN="+host, "CODEX_HOME="+t.TempDir(), "CODEX_RPC_TEST_TABLE="+rows)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", command, err, out)
	}
	text, err := os.ReadFile(rows)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		var row struct{ Client, Runtime, Steps string }
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		t.Run(row.Client, func(t *testing.T) {
			t.Attr("table", "openai-node")
			t.Attr("client", row.Client)
			t.Attr("runtime", row.Runtime)
			t.Attr("steps", row.Steps)
		})
	}
}
