package rpctest

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	for _, test := range []struct{ text, err string }{
		{`{"jsonrpc":"2.0","id":1,"result":null}`, ""},
		{`{"jsonrpc":"2.0","method":"limits.changed","params":{"any":1}}`, ""},
		{`{"jsonrpc":"2.0","method":"stream.event","params":{"id":1,"seq":0,"event":{}}}`, ""},
		{`{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"m","data":{"type":"t","retryable":false,"more":1}}}`, ""},

		{`[]`, "cannot unmarshal"},
		{"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"\u00e9\"}", "byte 0xc3"},
		{`{"id":1,"result":1}`, "not a JSON-RPC 2.0 message"},
		{`{"jsonrpc":"2.0","id":1}`, "missing member result"},
		{`{"jsonrpc":"2.0","id":1,"result":1,"error":null}`, "unexpected member result"},
		{`{"jsonrpc":"2.0","id":1,"result":1,"x":1}`, "unexpected member x"},
		{`{"jsonrpc":"2.0","method":"m","params":{},"id":1}`, "unexpected member id"},
		{`{"jsonrpc":"2.0","method":"stream.event","params":{"id":1,"event":{}}}`, "missing member seq"},
		{`{"jsonrpc":"2.0","method":"stream.event","params":{"id":1,"seq":0,"event":{},"x":1}}`, "unexpected member x"},
		{`{"jsonrpc":"2.0","id":1,"error":null}`, "missing member code"},
		{`{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m"}}`, "missing member data"},
		{`{"jsonrpc":"2.0","id":1,"error":{"code":"1","message":"m","data":{"type":"t","retryable":false}}}`, "cannot unmarshal string"},
		{`{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m\nn","data":{"type":"t","retryable":false}}}`, "incomplete error"},
		{`{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m","data":{"type":"t"}}}`, "incomplete error"},
	} {
		m, err := Parse([]byte(test.text))
		if test.err == "" && (err != nil || m.Text != test.text) || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
			t.Errorf("%s: %v, want %q", test.text, err, test.err)
		}
	}
}

func TestCalls(t *testing.T) {
	event := func(seq string) string {
		return `{"jsonrpc":"2.0","method":"stream.event","params":{"id":1,"seq":` + seq + `,"event":{}}}`
	}
	const answer = `{"jsonrpc":"2.0","id":1,"result":1}`
	for _, test := range []struct {
		last string
		all  []string
		ok   bool
	}{
		{"an answer", []string{event("0"), event("1"), answer}, true},
		{"a gap", []string{event("0"), event("2")}, false},
		{"an event after the answer", []string{event("0"), answer, event("1")}, false},
		{"a second answer", []string{answer, answer}, false},
	} {
		var calls Calls
		for i, text := range test.all {
			m, err := Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if err := calls.Take(m); (err == nil) != (test.ok || i < len(test.all)-1) {
				t.Errorf("%s: message %d: %v", test.last, i, err)
			}
		}
	}
}
