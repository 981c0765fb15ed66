package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestImports checks that imports go one way: cmd → methods → {rpc, backend}.
// rpc and backend import nothing else of this module.
func TestImports(t *testing.T) {
	const module = "github.com/codex-rpc/codex-rpc/"
	for pkg, allowed := range map[string][]string{
		"rpc/...":     {"rpc"},
		"backend/...": {"backend"},
		"methods":     {"methods", "rpc", "backend"},
		"schema":      {"schema"},
	} {
		out, err := exec.Command("go", "list", "-deps", module+pkg).Output()
		if err != nil {
			t.Fatalf("go list %s: %v", pkg, err)
		}
		for _, dep := range strings.Fields(string(out)) {
			ours, found := strings.CutPrefix(dep, module)
			if !found {
				continue
			}
			top, _, _ := strings.Cut(ours, "/")
			if !strings.Contains(" "+strings.Join(allowed, " ")+" ", " "+top+" ") {
				t.Errorf("%s depends on %s", pkg, ours)
			}
		}
	}
}

// TestNotLinked checks that packages which would slow down every start are not
// linked.
func TestNotLinked(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range []string{"github.com/invopop/jsonschema", "go/parser", "testing"} {
		for _, dep := range strings.Fields(string(out)) {
			if dep == pkg {
				t.Errorf("the binary links %s", pkg)
			}
		}
	}
	binary, err := os.ReadFile(built(t, "."))
	if err != nil {
		t.Fatal(err)
	}
	// It calls methods by name, so that all methods of all types would be linked:
	// a fifth of the binary.
	if bytes.Contains(binary, []byte("text/template.(*Template).Execute")) {
		t.Error("the binary links text/template")
	}
}
