package rpc

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/rpc/rawschema"
)

func TestSchema(t *testing.T) {
	s, err := CompileSchema(t.Context(), rawjson.MustParse(`{"type":"object","required":["a","b"],"properties":{"n":{"items":{"minimum":1}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string][]Fault{
		`{"a":1,"b":2}`: nil,
		`[]`:            {{"", "expected object, but got array."}},
		`{"n":[1,0]}`:   {{"", "missing properties: 'a', 'b'."}, {"/n/1", "`n/1`: must be >= 1 but found 0."}},
	} {
		budget := 1000
		got := s.Check(t.Context(), rawjson.MustParse(value), &budget)
		if len(got) != len(want) {
			t.Fatalf("%s: %q, want %q", value, got, want)
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%s: %q, want %q", value, got[i], want[i])
			}
		}
		if budget == 1000 {
			t.Errorf("%s: the budget is unchanged", value)
		}
	}
	long := rawjson.MustParse(`{"n":[` + strings.Repeat("0,", 10_000) + `0]}`)
	if got := s.Check(t.Context(), long, new(int)); got != nil {
		t.Errorf("without a budget: %q", got)
	}
}

func TestSchemaErrors(t *testing.T) {
	_, err := CompileSchema(t.Context(), rawjson.MustParse(`{"type":"objekt"}`))
	if wrong, ok := errors.AsType[*rawschema.SchemaError](err); !ok || !wrong.Invalid || wrong.Path != "/type" {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := CompileSchema(ctx, rawjson.MustParse(`{}`)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
