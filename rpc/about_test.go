package rpc_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc"
)

type event struct{}

func TestAbout(t *testing.T) {
	plain := rpc.Call("m", "Do it.", fail)
	if plain.Examples() != nil || plain.Events() != nil || plain.Errors() != nil || plain.Since() != "" || !plain.Stable() {
		t.Errorf("documentation of a plain method: %+v", plain)
	}
	common := plain.Example("a", `{}`).Fails("x")
	method := common.Example("b", `{"n": 1}`).Reports(reflect.TypeFor[event]()).Fails("y", "z").AddedIn("1.1.0").Experimental()
	if got, want := method.Examples(), []rpc.Example{{Name: "a", Params: `{}`}, {Name: "b", Params: `{"n": 1}`}}; !slices.Equal(got, want) {
		t.Errorf("Examples() = %v", got)
	}
	if got := method.Events(); len(got) != 1 || got[0] != reflect.TypeFor[event]() {
		t.Errorf("Events() = %v", got)
	}
	if got := method.Errors(); !slices.Equal(got, []string{"x", "y", "z"}) {
		t.Errorf("Errors() = %v", got)
	}
	if method.Since() != "1.1.0" || method.Stable() {
		t.Errorf("since %q, stable: %t", method.Since(), method.Stable())
	}
	// Methods derived from the same one are independent.
	other := common.Example("c", `{}`)
	if common.Examples()[0].Name != "a" || len(common.Examples()) != 1 || method.Examples()[1].Name != "b" || other.Examples()[1].Name != "c" {
		t.Error("derived methods share documentation")
	}
}

// TestNearestOfAnotherLength checks that candidates that cannot be near for their
// length take no work: a batch may name 10,000 unknown methods.
func TestNearestOfAnotherLength(t *testing.T) {
	name, candidates := strings.Repeat("q", 99), slices.Repeat([]string{"codex.tasks.turns.sibling_turns"}, 100)
	if n := testing.AllocsPerRun(10, func() { rpc.Nearest(name, candidates, 3) }); n > 10 {
		t.Errorf("%v allocations", n)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"models.list", "models.retrieve", "codex.usage", "mode"}
	tests := []struct {
		name string
		n    int
		want []string
	}{
		{"model.list", 3, []string{"models.list"}},
		{"Models.Retreive", 3, []string{"models.retrieve"}},
		{"usage", 3, []string{"codex.usage"}},
		{"modle", 3, []string{"mode"}},
		{"models.list", 0, []string{}},
		{"something.else", 3, []string{}},
		{"", 3, []string{}},
		{strings.Repeat("m", 101), 3, []string{}},
	}
	for _, test := range tests {
		if got := rpc.Nearest(test.name, names, test.n); !reflect.DeepEqual(got, test.want) {
			t.Errorf("Nearest(%q) = %q, want %q", test.name, got, test.want)
		}
	}
}
