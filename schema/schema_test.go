package schema

import (
	"encoding/json"
	"slices"
	"testing"
)

func TestFiles(t *testing.T) {
	names := Methods()
	if !slices.IsSorted(names) || !slices.Contains(names, "responses.create") {
		t.Errorf("Methods() = %q", names)
	}
	for _, name := range names {
		for kind, text := range map[string][]byte{"params": Params(name), "result": Result(name)} {
			if !json.Valid(text) {
				t.Errorf("the schema of the %s of %s is not JSON", kind, name)
			}
		}
	}
	if text := Params("openrpc"); text != nil {
		t.Errorf("Params of an unknown method: %s", text)
	}
}

// TestOpenRPC checks that the document describes every method that has schemas,
// and those of package rpc.
func TestOpenRPC(t *testing.T) {
	var document struct {
		Methods []struct{ Name string }
	}
	if err := json.Unmarshal(OpenRPC(), &document); err != nil {
		t.Fatal(err)
	}
	var described []string
	for _, m := range document.Methods {
		described = append(described, m.Name)
	}
	for _, name := range append(Methods(), "initialize", "shutdown", "rpc.discover") {
		if !slices.Contains(described, name) {
			t.Errorf("%s is not described", name)
		}
	}
}
