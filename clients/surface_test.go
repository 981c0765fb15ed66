package clients

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/methods"
)

// The methods that a client does not have, and why.
var (
	withoutClient = map[string]string{
		"openai.request": "only the transports under the official packages call it",
	}
	withoutCases = map[string]string{
		"authenticate":   "it calls the issuer, which the cases have not: methods and backend/auth test it",
		"account_info":   "it reads auth.json and asks nothing of the backend",
		"logout":         "it calls the issuer",
		"openai.request": "methods/openai tests it, and the official packages do on top of it",
	}
)

// The additional methods of the clients, by their names there.
var (
	ofPython = []string{"call", "close", "copy", "files.create", "is_closed", "responses.stream", "responses.turn", "with_options"}
	ofNode   = []string{"close", "files.create", "responses.stream", "responses.turn", "withOptions"}
)

// Each method has cases, and both clients have it.
func TestSurface(t *testing.T) {
	var declared []string
	for _, m := range methods.New(nil, nil, methods.Defaults{}, nil).All() {
		declared = append(declared, m.Name())
	}
	paths, err := filepath.Glob("../conformance/cases/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []string
	for _, path := range paths {
		cases = append(cases, strings.TrimSuffix(filepath.Base(path), ".json"))
	}
	same(t, "cases", cases, without(declared, withoutCases))

	var python, awaited, node []string
	for _, line := range pythonSurface(t) {
		switch name, rest, more := strings.Cut(line, " "); {
		case !more:
			python = append(python, name)
		case name == "await" || name == "async":
			if !strings.Contains(rest, " ") {
				awaited = append(awaited, rest)
			}
		}
	}
	for _, line := range nodeSurface(t) {
		if name, parameters, _ := strings.Cut(line, " "); strings.Trim(parameters, "0123456789") == "" && !slices.Contains(ofNode, name) {
			node = append(node, snake(name))
		}
	}
	ofClients := without(declared, withoutClient)
	same(t, "Python's client", python, append(ofPython, ofClients...))
	same(t, "Python's asynchronous client", awaited, append(ofPython, ofClients...))
	same(t, "Node's client", node, ofClients)
}

// Nothing is removed from the clients, and new parameters are optional: programs
// rely on each line of the files. A release adds lines.
func TestSurfaceStays(t *testing.T) {
	for name, surface := range map[string][]string{"python": pythonSurface(t), "node": nodeSurface(t)} {
		text, err := os.ReadFile("testdata/" + name + "-surface.txt")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSpace(line)
			if !slices.Contains(surface, line) {
				t.Errorf("%s: %q is gone", name, line)
			}
		}
	}
}

func pythonSurface(t *testing.T) []string {
	python := "python3"
	if runtime.GOOS == "windows" {
		python = "python"
	}
	return surface(t, python, "python/tests/surface.py")
}

func nodeSurface(t *testing.T) []string { return surface(t, "node", "node/tests/print-surface.js") }

// surface returns the lines that a program prints of a client.
func surface(t *testing.T, name, program string) []string {
	t.Helper()
	// What a program reads is unknown to go test, which would keep a result.
	err := filepath.WalkDir(strings.Split(program, "/")[0]+"/src", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			_, err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(name, program)
	cmd.Env = append(os.Environ(), "CODEX_RPC_BIN="+build(t), "PYTHONPATH=python/src")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v", name, program, err)
	}
	return strings.Split(strings.TrimSpace(strings.ReplaceAll(string(out), "\r\n", "\n")), "\n")
}

func without(names []string, exceptions map[string]string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return exceptions[name] != "" })
}

// same reports what one list of names lacks of another.
func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	for _, name := range want {
		if !slices.Contains(got, name) {
			t.Errorf("%s: lacks %s", what, name)
		}
	}
	for _, name := range got {
		if !slices.Contains(want, name) {
			t.Errorf("%s: has %s, which is not declared", what, name)
		}
	}
}

// snake returns the declared name for a name in Node.
func snake(name string) string {
	var text strings.Builder
	for i, r := range strings.ReplaceAll(name, "URL", "Url") {
		if 'A' <= r && r <= 'Z' && i > 0 {
			text.WriteByte('_')
		}
		text.WriteString(strings.ToLower(string(r)))
	}
	return text.String()
}
