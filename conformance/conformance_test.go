package conformance

import (
	"flag"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

var binary = flag.String("binary", "", "absolute path of the host to hold to the cases (default: build ./cmd/codex-rpc)")

// methods are the case files that the host is held to. A method joins as soon as the host has it.
var methods = []string{
	"responses.create",
	"responses.parse",
	"responses.compact",
	"models.list",
	"models.retrieve",
	"embeddings.create",
	"audio.transcriptions.create",
	"realtime.calls.create",
	"realtime_websocket_url",
	"realtime_websocket_headers",
	"files.upload",
	"codex.usage",
	"codex.config.requirements",
	"codex.tasks.list",
	"codex.tasks.retrieve",
	"codex.tasks.turns.list",
	"codex.tasks.turns.sibling_turns",
	"codex.environments.list",
	"codex.memories.list",
	"codex.memories.trace_summarize",
	"codex.user_system_messages.retrieve",
}

// TestHost plays every case in both framings.
func TestHost(t *testing.T) {
	host := Host{Command: []string{hostBinary(t)}}
	processes := make(chan struct{}, 4)
	for _, framing := range []Framing{Lines, Headers} {
		t.Run(string(framing), func(t *testing.T) {
			for _, method := range methods {
				t.Run(method, func(t *testing.T) {
					for _, c := range load(t, casesOf(method)) {
						t.Run(c.ID, func(t *testing.T) {
							t.Parallel()
							processes <- struct{}{}
							defer func() { <-processes }()
							faults, err := host.Run(t.Context(), c, framing)
							if err != nil {
								t.Fatalf("%s: %v", c.ID, err)
							}
							if len(faults) > 0 {
								t.Errorf("%s: %d faults\n  %s", c.ID, len(faults), strings.Join(faults, "\n  "))
							}
						})
					}
				})
			}
		})
	}
}

// hostBinary is the host that was asked for, or codex-rpc as this tree has it.
func hostBinary(t *testing.T) string {
	t.Helper()
	if *binary != "" {
		return *binary
	}
	path := filepath.Join(t.TempDir(), "codex-rpc")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	build := exec.Command("go", "build", "-o", path, "../cmd/codex-rpc")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("no host to test: go build ./cmd/codex-rpc: %v\n%s", err, out)
	}
	return path
}

func casesOf(method string) string { return filepath.Join("cases", method+".json") }

func load(t *testing.T, path string) []*Case {
	t.Helper()
	cases, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return cases
}
