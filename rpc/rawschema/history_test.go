package rawschema

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A history is parameters with a list, of which each text repeats a part.
type history struct {
	parser rawjson.Parser
	items  []string
}

// parse returns the parameters as a Parser of requests reads them.
func (h *history) parse(t *testing.T) rawjson.Value {
	t.Helper()
	text := fmt.Sprintf(`{"params":{"list":[%s],"text":%q}}`, strings.Join(h.items, ","), strings.Repeat("x", 8<<10))
	request, err := h.parser.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return request.Get("params")
}

// TestHistory checks histories by random schemas, and compares the faults with
// those of a text that is parsed on its own.
func TestHistory(t *testing.T) {
	valid := 0
	for seed := range 300 {
		r := generator{rand.New(rand.NewPCG(uint64(seed), 2))}
		var schemas []*Schema
		for range 2 {
			text := `{"$schema": "http://json-schema.org/draft-07/schema#", "$defs": {"A": ` + r.schema(2) + `, "B": ` + r.schema(2) + `}, "properties": {"list": {"items": ` + r.schema(3) + `}}}`
			if s, err := Compile("urn:x", []byte(text)); err == nil {
				schemas = append(schemas, s)
			}
		}
		var h history
		for turn := range 12 {
			switch h.items = append(h.items, r.value(2)); {
			case turn%4 == 3:
				h.items[r.IntN(len(h.items))] = r.value(2)
			case turn%5 == 4:
				h.items = slices.Delete(h.items, 0, 1)
			}
			params := h.parse(t)
			alone, err := rawjson.Parse(params.Bytes())
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range schemas {
				for _, o := range []Options{{}, {NullIsAbsent: true}} {
					got, failed := s.Check(t.Context(), params, o)
					want, failed2 := s.Check(t.Context(), alone, o)
					if failed != nil || failed2 != nil || !slices.EqualFunc(got, want, sameFault) {
						t.Fatalf("seed %d: %s\ngot  %v %v\nwant %v %v", seed, params.Bytes(), got, failed, want, failed2)
					}
					if len(want) == 0 {
						valid++
					}
				}
			}
		}
	}
	if valid < 1000 {
		t.Errorf("only %d histories are valid", valid)
	}
}

func sameFault(a, b Fault) bool {
	return a.Path == b.Path && a.Schema == b.Schema && a.Message == b.Message
}

// TestHistoryIsCheckedOnce counts the steps of checks: elements that were valid
// before are not checked again, those with faults are.
func TestHistoryIsCheckedOnce(t *testing.T) {
	s, err := Compile("urn:x", []byte(`{"properties": {"list": {"items": {"properties": {"n": {"items": {"type": "integer"}}}}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	item := `{"n":[` + strings.Repeat("1,", 1000) + `1]}`
	h := history{items: []string{item, item, item, item}}
	steps := func(wrong int) int {
		t.Helper()
		budget := 1 << 20
		faults, err := s.Check(t.Context(), h.parse(t), Options{Budget: &budget})
		if err != nil || len(faults) != wrong {
			t.Fatalf("faults %v, %v", faults, err)
		}
		return 1<<20 - budget
	}
	first := steps(0)
	if again := steps(0); again > first/100 {
		t.Errorf("%d steps for the same text, %d at first", again, first)
	}
	h.items = append(h.items, `{"n":[`+strings.Repeat("1,", 1000)+`"x"]}`)
	for range 2 {
		if one := steps(1); one < first/5 || one > first/3 {
			t.Errorf("%d steps with one more element, %d for four", one, first)
		}
	}
	clone := h.parse(t).Clone()
	budget := 1 << 20
	if _, err := s.Check(t.Context(), clone, Options{Budget: &budget}); err != nil || 1<<20-budget > first/3 {
		t.Errorf("%d steps for a copy: %v", 1<<20-budget, err)
	}
}

// TestHistoryByOptions checks that an element that is valid with some options is
// checked again with others.
func TestHistoryByOptions(t *testing.T) {
	s, err := Compile("urn:x", []byte(`{"properties": {"list": {"items": {"additionalProperties": {}, "required": ["a"]}}}}`))
	if err != nil {
		t.Fatal(err)
	}
	h := history{items: []string{`{"a":null}`}}
	for range 2 {
		for _, o := range []Options{{}, {NullIsAbsent: true}} {
			if faults, err := s.Check(t.Context(), h.parse(t), o); err != nil || (len(faults) > 0) != o.NullIsAbsent {
				t.Errorf("%+v: %v, %v", o, faults, err)
			}
		}
	}
}
