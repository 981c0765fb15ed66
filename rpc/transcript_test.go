package rpc_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// TestTranscripts plays each transcript in both framings. Expected messages may
// omit members; ids must be equal byte for byte.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) < 3 {
		t.Fatalf("transcripts: %v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, framing := range framings {
			t.Run(filepath.Base(file)+"/"+framing, func(t *testing.T) {
				p := connect(t, framing, options(nil))
				for n, line := range strings.Split(string(text), "\n") {
					if message, ok := strings.CutPrefix(line, "--> "); ok {
						p.send(message)
					} else if want, ok := strings.CutPrefix(line, "<-- "); ok {
						got := p.raw()
						if err := matchMessage(got, want); err != nil {
							t.Fatalf("line %d: %v\n got %s\nwant %s", n+1, err, got, want)
						}
					}
				}
				p.end(nil)
			})
		}
	}
}

// matchMessage compares a message, or a batch in any order.
func matchMessage(got, want string) error {
	var wants []json.RawMessage
	if json.Unmarshal([]byte(want), &wants) != nil {
		return matchOne(got, want)
	}
	var gots []json.RawMessage
	if err := json.Unmarshal([]byte(got), &gots); err != nil || len(gots) != len(wants) {
		return fmt.Errorf("%d responses, %v", len(gots), err)
	}
	for _, w := range wants {
		found := false
		for i, g := range gots {
			if found = g != nil && matchOne(string(g), string(w)) == nil; found {
				gots[i] = nil
				break
			}
		}
		if !found {
			return fmt.Errorf("missing %s", w)
		}
	}
	return nil
}

func matchOne(got, want string) error {
	r, err := check(got)
	if err != nil {
		return err
	}
	var w reply
	if err := json.Unmarshal([]byte(want), &w); err != nil {
		return err
	}
	if string(r.ID) != string(w.ID) || string(r.Params.ID) != string(w.Params.ID) {
		return fmt.Errorf("id differs")
	}
	if w.Result != nil && json.Valid(w.Result) && w.Result[0] != '{' && string(r.Result) != string(w.Result) && !sameJSON(r.Result, w.Result) {
		return fmt.Errorf("result differs")
	}
	var g, x any
	json.Unmarshal([]byte(got), &g)
	json.Unmarshal([]byte(want), &x)
	if e, ok := x.(map[string]any)["error"].(map[string]any); ok && e["data"] == nil {
		delete(e, "message") // the specification's own wording
	}
	return holds(g, x, "")
}

func sameJSON(a, b []byte) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// holds returns an error if a member of want is missing or different in got.
func holds(got, want any, path string) error {
	w, ok := want.(map[string]any)
	g, isObject := got.(map[string]any)
	if !ok || !isObject {
		if !reflect.DeepEqual(got, want) {
			return fmt.Errorf("%s is %v, want %v", path, got, want)
		}
		return nil
	}
	for name, member := range w {
		if _, ok := g[name]; !ok {
			return fmt.Errorf("%s/%s is missing", path, name)
		}
		if err := holds(g[name], member, path+"/"+name); err != nil {
			return err
		}
	}
	return nil
}
