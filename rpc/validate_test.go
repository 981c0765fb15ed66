package rpc_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc"
)

// TestLongParams checks that validation, which reads only the beginning of a
// long string, does not truncate it.
func TestLongParams(t *testing.T) {
	p := connect(t, "lines", options(nil))
	long := strings.Repeat(`é\n`, 1<<20)
	p.send(request("1", "count", `{"events":1,"text":"`+long+`"}`))
	p.expectResult("1", "1")
	p.send(request("2", "count", `{"events":1,"mode":"`+long+`"}`))
	p.expectError("2", rpc.CodeInvalidParams, "invalid_params")
}

func TestParamsErrors(t *testing.T) {
	tests := []struct {
		params, kind, message string
		faults                []rpc.Fault
	}{
		{`{"event":1,"foo":2,"events":1}`, "invalid_params", "Unknown parameter: `event`. Did you mean `events`? (And 1 more, see data.errors.)", []rpc.Fault{
			{"/event", "Unknown parameter: `event`. Did you mean `events`?"},
			{"/foo", "Unknown parameter: `foo`."},
		}},
		{`{}`, "invalid_params", "Missing required parameter: `events`.", []rpc.Fault{{"/events", "Missing required parameter: `events`."}}},
		{`{"events":null}`, "invalid_params", "Missing required parameter: `events`.", []rpc.Fault{{"/events", "Missing required parameter: `events`."}}},
		{`{"events":"3"}`, "invalid_params", "`events`: expected integer, but got string.", []rpc.Fault{{"/events", "`events`: expected integer, but got string."}}},
		{`{"events":1.5}`, "invalid_params", "`events`: expected integer, but got number.", []rpc.Fault{{"/events", "`events`: expected integer, but got number."}}},
		{`{"events":-1}`, "invalid_params", "`events`: must be >= 0 but found -1.", []rpc.Fault{{"/events", "`events`: must be >= 0 but found -1."}}},
		{`{"events":1e999999999}`, "invalid_params", "", []rpc.Fault{{"/events", "`events`: the number is out of range."}}},
		{`{"events":1,"text":""}`, "invalid_params", "Expected a non-empty value for `text` but received ''", []rpc.Fault{{"/text", "Expected a non-empty value for `text` but received ''"}}},
		{`{"events":1,"mode":"left"}`, "invalid_params", "`mode`: value must be one of \"up\", \"down\".", []rpc.Fault{{"/mode", "`mode`: value must be one of \"up\", \"down\"."}}},
		{`{"events":1,"input":5}`, "invalid_params", "`input`: expected array or string, but got number.", []rpc.Fault{{"/input", "`input`: expected array or string, but got number."}}},
		{`{"events":1,"input":[{"role":"a"},{"rol":"b","content":5},7]}`, "invalid_params", "", []rpc.Fault{
			{"/input/1/content", "`input/1/content`: expected array or string, but got number."},
			{"/input/1/rol", "Unknown parameter: `input/1/rol`. Did you mean `role`?"},
			{"/input/1/role", "Missing required parameter: `input/1/role`."},
			{"/input/2", "`input/2`: expected object, but got number."},
		}},
		{`{"events":1,"a/b~c d":5}`, "invalid_params", "", []rpc.Fault{{"/a~1b~0c d", "`a~1b~0c d`: expected string, but got number."}}},
		{`{"events":1,"a/b~c e":5}`, "invalid_params", "", []rpc.Fault{{"/a~1b~0c e", "Unknown parameter: `a/b~c e`. Did you mean `a/b~c d`?"}}},
		{`{"events":1,"heat":0.5}`, "unsupported_parameter", "Refused: heat.", []rpc.Fault{{"/heat", "Refused: heat."}}},
		{`{"events":1,"heat":0.5,"color":"red","foo":1,"keep":true}`, "unsupported_parameter", "Refused: color, heat.", []rpc.Fault{
			{"/color", "Refused: color."},
			{"/foo", "Unknown parameter: `foo`."},
			{"/heat", "Refused: heat."},
			{"/keep", "Only false is kept."},
		}},
		{`{"events":1,"keep":true}`, "unsupported_parameter", "Only false is kept.", []rpc.Fault{{"/keep", "Only false is kept."}}},
		{`{"events":1,"events":null}`, "invalid_params", "Missing required parameter: `events`.", []rpc.Fault{{"/events", "Missing required parameter: `events`."}}},
		{`{"events":1,"heat":0.5,"heat":null}`, "", "", nil},
		{`{"events":1,"heat":null,"color":null,"keep":null,"keep":false}`, "", "", nil},
	}
	p := connect(t, "lines", options(nil))
	for _, tt := range tests {
		p.send(request("1", "count", tt.params))
		r := p.receive()
		if tt.kind == "" {
			if r.Error != nil {
				t.Errorf("%s: %s, want no error", tt.params, r.Text)
			}
			continue
		}
		if r.Error == nil || r.Error.Code != rpc.CodeInvalidParams || r.Error.Data.Type != tt.kind {
			t.Errorf("%s: got %s", tt.params, r.Text)
			continue
		}
		if tt.message != "" && r.Error.Message != tt.message {
			t.Errorf("%s: message %q, want %q", tt.params, r.Error.Message, tt.message)
		}
		var faults []rpc.Fault
		for _, f := range r.Error.Data.Errors {
			faults = append(faults, rpc.Fault(f))
		}
		if tt.faults != nil && !reflect.DeepEqual(faults, tt.faults) {
			t.Errorf("%s: faults %q, want %q", tt.params, faults, tt.faults)
		}
	}
	p.end(nil)
}

// TestTooDeep checks that a message nested too deeply is an invalid request,
// not a parse error, since it may be JSON.
func TestTooDeep(t *testing.T) {
	p := connect(t, "lines", options(nil))
	p.send(strings.Repeat("[", 10001) + strings.Repeat("]", 10001))
	p.expectError("null", rpc.CodeInvalidRequest, "invalid_request")
	p.send("[")
	p.expectError("null", rpc.CodeParseError, "parse_error")
	p.end(nil)
}

func TestBrokenSchema(t *testing.T) {
	o := options(nil)
	o.Schema = func(string) []byte { return []byte(`{"type": 5}`) }
	p := connect(t, "lines", o)
	p.send(request("1", "sum", `[]`))
	p.expectError("1", rpc.CodeInternalError, "internal_error")
	p.end(nil)
}

func TestErrorWith(t *testing.T) {
	e := (rpc.Kind{Code: 5, Type: "kind"}).Errorf("%d%%", 7)
	with := e.With("a", 1)
	if e.Data != nil || with.Data["a"] != 1 || with.Error() != "7%" {
		t.Errorf("%+v, %+v", e, with)
	}
}

func TestRawKeepsText(t *testing.T) {
	var v struct{ A rpc.Raw[string] }
	text := []byte(`{"A":{"b":1.50}}`)
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	copy(text, "xxxxxxxxxxxxxxxx")
	if back, err := json.Marshal(v); err != nil || string(back) != `{"A":{"b":1.50}}` {
		t.Errorf("%s, %v", back, err)
	}
	if _, ok := v.A.JSONSchemaAlias().(string); !ok {
		t.Error("the alias is not a string")
	}
}

// TestManyFaults checks that a call reports at most a thousand faults of any
// kind, and repeats at most a megabyte of its text.
func TestManyFaults(t *testing.T) {
	p := connect(t, "lines", options(nil))
	for name, items := range map[string]string{
		"elements of a wrong type": strings.Repeat(`7,`, 5000) + "7",
		"missing parameters":       strings.Repeat(`{},`, 5000) + "{}",
		"wrong types":              strings.Repeat(`{"role":1},`, 5000) + "{}",
		"unknown parameters":       strings.Repeat(`{"role":"a","x":1},`, 5000) + "{}",
	} {
		p.send(request("1", "count", `{"events":1,"input":[`+items+`]}`))
		if r := p.expectError("1", rpc.CodeInvalidParams, "invalid_params"); len(r.Error.Data.Errors) != 1000 || !strings.Contains(r.Error.Message, "(And 999 more") {
			t.Errorf("%s: %d faults: %s", name, len(r.Error.Data.Errors), r.Error.Message)
		}
	}
	long := strings.Repeat("n", 100_000)
	var unknown strings.Builder
	for i := range 100 {
		fmt.Fprintf(&unknown, `"%s%d":1,`, long, i)
	}
	p.send(request("1", "count", `{`+unknown.String()+`"events":1}`))
	r := p.expectError("1", rpc.CodeInvalidParams, "invalid_params")
	if len(r.Text) > 2<<20 {
		t.Errorf("response of %d bytes", len(r.Text))
	}
	if strings.Contains(r.Text, `"path":""`) || strings.Contains(r.Text, "``") {
		t.Errorf("a fault without the parameter's name: %.200s", r.Text)
	}
	p.end(nil)
}

// TestWholeNumbers checks that an integer may be written with a fraction or an
// exponent, both in validation and in decoding.
func TestWholeNumbers(t *testing.T) {
	p := connect(t, "lines", options(nil))
	for text, want := range map[string]string{"20": "20", "20.0": "20", "2e1": "20", "0.2E+2": "20", "200e-1": "20", "-0.0": "0"} {
		p.send(request("1", "count", `{"events":`+text+`}`))
		p.expectResult("1", want)
	}
	for _, text := range []string{"20.5", "1e-1", "1e999", `"20"`} {
		p.send(request("1", "count", `{"events":`+text+`}`))
		p.expectError("1", rpc.CodeInvalidParams, "invalid_params")
	}
	p.end(nil)
}
