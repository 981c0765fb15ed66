package conformance

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

var binary = flag.String("binary", "", "absolute path of the host to test (default: build ./cmd/codex-rpc)")

// TestHost plays every case in both framings.
func TestHost(t *testing.T) {
	host := Host{Command: []string{hostBinary(t)}}
	var pending pendingList // of this tree's host, not of another
	if *binary == "" {
		pending = readPending(t)
	}
	processes := make(chan struct{}, 4)
	for _, framing := range []rpctest.Framing{"lines", "headers"} {
		t.Run(string(framing), func(t *testing.T) {
			for _, path := range caseFiles(t) {
				group := strings.TrimSuffix(filepath.Base(path), ".json")
				if filepath.Dir(path) == "sockets" {
					group += "_on_sockets"
				}
				t.Run(group, func(t *testing.T) {
					for _, c := range load(t, path) {
						t.Run(c.ID, func(t *testing.T) {
							t.Parallel()
							processes <- struct{}{}
							defer func() { <-processes }()
							faults, err := host.Run(t.Context(), c, framing)
							if err != nil {
								t.Fatalf("%s: %v", c.ID, err)
							}
							reason, listed := pending.Host[c.ID]
							switch {
							case listed && len(faults) == 0:
								t.Errorf("%s passes: remove it from pending.json", c.ID)
							case listed:
								t.Skipf("pending: %s", reason)
							case len(faults) > 0:
								t.Errorf("%s: %d faults\n  %s", c.ID, len(faults), strings.Join(faults, "\n  "))
							}
						})
					}
				})
			}
		})
	}
}

// A pendingList names the cases that are known to fail, with the reasons: for
// the host, or for a client of a host that passes.
type pendingList struct {
	Host   map[string]string `json:"host"`
	Python map[string]string `json:"python"`
	Node   map[string]string `json:"node"`
}

func readPending(t *testing.T) (list pendingList) {
	t.Helper()
	text, err := os.ReadFile("pending.json")
	if err == nil {
		err = decodeStrict(text, &list)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestPendingCasesExist(t *testing.T) {
	known := map[string]bool{}
	for _, path := range caseFiles(t) {
		for _, c := range load(t, path) {
			known[c.ID] = true
		}
	}
	list := readPending(t)
	for player, cases := range map[string]map[string]string{"host": list.Host, "python": list.Python, "node": list.Node} {
		for id, reason := range cases {
			if !known[id] {
				t.Errorf("pending.json: %s: unknown case %s", player, id)
			}
			if reason == "" {
				t.Errorf("pending.json: %s: %s has no reason", player, id)
			}
			if player != "host" && list.Host[id] != "" {
				t.Errorf("pending.json: %s: %s is already listed for the host", player, id)
			}
		}
	}
}

// hostBinary returns the path of the given host, or builds that of this tree.
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

func caseFiles(t *testing.T) []string {
	t.Helper()
	var paths []string
	for _, folder := range []string{"cases", "sockets"} {
		some, err := filepath.Glob(folder + "/*.json")
		if err != nil || len(some) == 0 {
			t.Fatalf("no case files in %s: %v", folder, err)
		}
		paths = append(paths, some...)
	}
	return paths
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
