package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// TestDiscover runs every example of a host's OpenRPC document on the host and
// validates the results with the document's schemas.
func TestDiscover(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "report.csv"), []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	call := func(method, params string) rawjson.Value {
		t.Helper()
		cmd := exec.Command(built(t, "."), "call", "--mock", method, params)
		cmd.Dir = dir
		var said bytes.Buffer
		cmd.Stderr = &said
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("call %s %s: %v: %s", method, params, err, &said)
		}
		lines := bytes.Split(bytes.TrimSpace(out), []byte("\n")) // events come before the result
		result, err := rawjson.Parse(lines[len(lines)-1])
		if err != nil {
			t.Fatalf("call %s %s: %v: %s", method, params, err, out)
		}
		return result
	}
	discovered := call("rpc.discover", "{}")
	var document struct {
		Info    struct{ Version string }
		Methods []struct {
			Name     string
			Examples []struct {
				Name   string
				Params []struct {
					Name  string
					Value json.RawMessage
				}
			}
		}
	}
	if err := discovered.Decode(&document); err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("urn:openrpc", bytes.NewReader(discovered.Bytes())); err != nil {
		t.Fatal(err)
	}
	examples := 0
	for i, m := range document.Methods {
		schema, err := compiler.Compile(fmt.Sprintf("urn:openrpc#/methods/%d/result/schema", i))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range m.Examples {
			params := make(map[string]json.RawMessage)
			for _, p := range e.Params {
				params[p.Name] = p.Value
			}
			text, err := json.Marshal(params)
			if err != nil {
				t.Fatal(err)
			}
			result := call(m.Name, string(text))
			if err := schema.Validate(result.Any()); err != nil {
				t.Errorf("%s, %s: %v", m.Name, e.Name, err)
			}
			examples++
			if m.Name != "initialize" {
				continue
			}
			major, _, _ := strings.Cut(document.Info.Version, ".")
			if spoken := result.Get("protocolVersion").Bytes(); string(spoken) != major {
				t.Errorf("version %s of the protocol is described, and %s is spoken", document.Info.Version, spoken)
			}
		}
	}
	if examples < len(document.Methods)-1 { // all but rpc.discover have one
		t.Errorf("%d examples of %d methods", examples, len(document.Methods))
	}
}
