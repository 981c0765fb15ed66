package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

func TestDiff(t *testing.T) {
	now := time.Now().Unix()
	for _, tc := range []struct {
		want, got string
		open      bool
		faults    []string
	}{
		{want: `{"a":[1,"x",null,true]}`, got: `{"a":[1.0,"x",null,true]}`},
		{want: `{"a":1}`, got: `{"a":1,"b":2}`, open: true},
		{want: `{"a":1}`, got: `{"a":1,"b":2}`, faults: []string{`v.b: unexpected: 2`}},
		{want: `{"a":{"b":1}}`, got: `{"a":{}}`, open: true, faults: []string{`v.a.b: missing, want 1`}},
		{want: `{"a":null}`, got: `{}`, open: true},
		{want: `{"a":null}`, got: `{"a":null}`},
		{want: `{"a":null}`, got: `{}`, faults: []string{`v.a: missing, want null`}},
		{want: `{"a":null}`, got: `{"a":0}`, open: true, faults: []string{`v.a: want null, got 0`}},
		{want: `{"a":""}`, got: `{"a":null}`, open: true, faults: []string{`v.a: want "", got null`}},
		{want: `[1,2]`, got: `[1]`, open: true, faults: []string{`v: want 2 elements, got 1: [1]`}},
		{want: `[{"a":1}]`, got: `[{"a":2}]`, faults: []string{`v[0].a: want 1, got 2`}},
		{want: `[]`, got: `{}`, faults: []string{`v: want [], got {}`}},
		{want: `{}`, got: `null`, open: true, faults: []string{`v: want {}, got null`}},
		{want: `true`, got: `"true"`, faults: []string{`v: want true, got "true"`}},
		{want: `1`, got: `"1"`, faults: []string{`v: want 1, got "1"`}},
		{want: `12345678901234567890`, got: `12345678901234567891`,
			faults: []string{`v: want 12345678901234567890, got 12345678901234567891`}},
		{want: `"{{now}}"`, got: fmt.Sprint(now)},
		{want: `"{{now}}"`, got: fmt.Sprintf("%d.5", now)},
		{want: `"{{now}}"`, got: fmt.Sprintf("%d", now-3600), faults: []string{fmt.Sprintf(`v: want "{{now}}", got %d`, now-3600)}},
		{want: `"{{now}}"`, got: `"{{now}}"`, faults: []string{`v: want "{{now}}", got "{{now}}"`}},
		{want: `"{{version}}"`, got: `"0.171.0"`},
		{want: `"{{version}}"`, got: `"1.2-beta.1"`},
		{want: `"{{version}}"`, got: `"new"`, faults: []string{`v: want "{{version}}", got "new"`}},
		{want: `"{{version}}"`, got: `171`, faults: []string{`v: want "{{version}}", got 171`}},
		{want: `"{{uuid}}"`, got: `"0199a1b2-0000-7000-8000-00000000000a"`},
		{want: `"{{uuid}}"`, got: `"0199a1b2-0000-7000-8000"`, faults: []string{`v: want "{{uuid}}", got "0199a1b2-0000-7000-8000"`}},
		{want: `"{{uuid}}:1"`, got: `"0199a1b2-0000-7000-8000-00000000000a:1"`},
		{want: `"{{uuid}}:1"`, got: `"0199a1b2-0000-7000-8000-00000000000a:12"`,
			faults: []string{`v: want "{{uuid}}:1", got "0199a1b2-0000-7000-8000-00000000000a:12"`}},
		{want: `"a.b{{x}}"`, got: `"a.b{{x}}"`},
		{want: `"a.b{{x}}"`, got: `"acb{{x}}"`, faults: []string{`v: want "a.b{{x}}", got "acb{{x}}"`}},
		{want: `{"a":{"{{has}}":{"b":{"c":1}}}}`, got: `{"a":{"b":{"c":1,"d":2},"e":3}}`},
		{want: `{"a":{"{{has}}":{"b":1}}}`, got: `{"a":{"b":1},"e":3}`, faults: []string{`v.e: unexpected: 3`}},
		{want: `{"a":{"{{has}}":{"b":1}}}`, got: `{"a":{"b":2}}`, faults: []string{`v.a.b: want 1, got 2`}},
		{want: `{"a":{"{{has}}":{"b":1}}}`, got: `{"a":1}`, faults: []string{`v.a: want {"b":1}, got 1`}},
		{want: `{"{{json}}":{"a":"{{uuid}}","b":2}}`, got: `"{\"c\":[],\"b\":2.0,\"a\":\"0199a1b2-0000-7000-8000-00000000000a\"}"`},
		{want: `{"{{json}}":{"a":1}}`, got: `"{\"a\":2}"`, faults: []string{`v.a: want 1, got 2`}},
		{want: `{"{{json}}":{"a":1}}`, got: `"{"`, faults: []string{`v: want a string with JSON, got "{"`}},
		{want: `{"{{json}}":{"a":1}}`, got: `{"a":1}`, faults: []string{`v: want a string with JSON, got {"a":1}`}},
		{want: `1`, got: `{`, faults: []string{`v: not JSON: unexpected EOF: {`}},
	} {
		if got := diff("v", json.RawMessage(tc.want), json.RawMessage(tc.got), tc.open); !slices.Equal(got, tc.faults) {
			t.Errorf("diff(%s, %s, open %v):\n want %q\n got  %q", tc.want, tc.got, tc.open, tc.faults, got)
		}
	}
}

func TestEqual(t *testing.T) {
	for _, same := range [][]string{
		{"0", "-0", "0.0", "0e5"},
		{"1790000000", "1790000000.0", "1.79e9", "179E+7", "17900000000e-1"},
		{"0.25", "2.5e-1", "25e-2", "0.250"},
		{"-1", "-1.0", "-10e-1"},
		{"9007199254740993", "9007199254740993.0"},
		{"1e99999999999999999999", "1e99999999999999999999"},
	} {
		for _, n := range same {
			if !equal(json.Number(n), json.Number(same[0])) {
				t.Errorf("%s and %s are not equal", n, same[0])
			}
		}
	}
	for _, pair := range [][2]string{
		{"9007199254740993", "9007199254740992"}, {"1", "-1"}, {"1", "10"}, {"0.1", "0.10000000000000001"},
		{"1e99999999999999999999", "1e99999999999999999998"},
	} {
		if equal(json.Number(pair[0]), json.Number(pair[1])) {
			t.Errorf("%s and %s are equal", pair[0], pair[1])
		}
	}
}

func TestPauses(t *testing.T) {
	start := time.Unix(0, 0)
	at := func(seconds ...float64) (times []time.Time) {
		for _, s := range seconds {
			times = append(times, start.Add(time.Duration(s*float64(time.Second))))
		}
		return times
	}
	for _, tc := range []struct {
		want     []float64
		arrivals []time.Time
		faults   int
	}{
		{[]float64{0.25, 0.5}, at(0, 0.25, 1.5), 0},
		{[]float64{0.25}, at(0, 0.2), 1},
		{[]float64{0.25}, at(0, 1.75), 1},
		{[]float64{0.25, 0.5}, at(0, 0.3), 0}, // the missing request is another fault
		{nil, at(0, 9), 0},
	} {
		if got := pauseFaults(tc.want, tc.arrivals); len(got) != tc.faults {
			t.Errorf("pauses %v, arrivals %v: %q", tc.want, tc.arrivals, got)
		}
	}
}

func TestExpectedError(t *testing.T) {
	got, err := rpctest.Parse([]byte(strings.ReplaceAll(`{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params: two faults.","data":{"type":"invalid_params","retryable":false,
		"errors":[{"path":"/model","message":"Expected a non-empty value for model"}],"n":1}}}`, "\n", "")))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		want   Error
		faults string
	}{
		{Error{}, ""},
		{Error{Code: -32602, Message: "Invalid params: two faults.", Sentence: "a non-empty value",
			Data: json.RawMessage(`{"type":"invalid_params"}`)}, ""},
		{Error{Sentence: "two faults"}, ""},
		{Error{Code: 404}, "error.code: want 404"},
		{Error{Message: "Invalid params"}, `error.message: want "Invalid params"`},
		{Error{Sentence: "three faults"}, `want the sentence "three faults"`},
		{Error{Data: json.RawMessage(`{"type":"file_error"}`)}, `error.data.type: want "file_error"`},
	} {
		faults := strings.Join(tc.want.faults(got), "\n")
		if (faults == "") != (tc.faults == "") || !strings.Contains(faults, tc.faults) {
			t.Errorf("%+v: want %q, got %q", tc.want, tc.faults, faults)
		}
	}
}
