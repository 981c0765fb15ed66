package methods

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc"
)

// TestErrorTypes checks the errors for failures of the backend, and that their kinds
// are declared.
func TestErrorTypes(t *testing.T) {
	tests := []struct {
		name   string
		reply  reply
		code   int
		kind   string
		holds  string // of the data
		retry  bool
		saying string
	}{
		{"an error in JSON", reply{Status: 429, Header: "Retry-After: 7\nX-Request-Id: req_1", Body: `{"error": {"code": "usage_limit_reached", "message": "used up", "plan_type": "plus", "resets_at": 1790000000}}`}, 429, "api_error",
			`{"status": 429, "code": "usage_limit_reached", "message": "used up", "request_id": "req_1", "retry_after": 7, "plan_type": "plus", "resets_at": 1790000000, "body": {"error": {"code": "usage_limit_reached"}}}`, false, "used up"},
		{"an overload", reply{Status: 503}, 503, "api_error", `{"status": 503}`, true, "Service Unavailable"},
		{"a refused token", reply{Status: 401, Body: `{"detail": "no"}`}, 401, "api_error", `{"status": 401}`, false, "no (Run `codex-rpc login` to sign in again.)"},
		{"a page", reply{Header: "Content-Type: text/html", Body: "<p>"}, CodeConnectionError, "connection_error", `{}`, false, "not JSON"},
		{"a redirect", reply{Status: 304}, CodeConnectionError, "connection_error", `{}`, false, ""},
	}
	declared := make(map[string]int)
	for _, e := range ErrorKinds() {
		if _, twice := declared[e.Type]; twice || e.When == "" {
			t.Errorf("%s is declared twice, or without a description", e.Type)
		}
		declared[e.Type] = e.Code
	}
	for _, test := range tests {
		failed := harness(t, script(test.reply)).failure("codex.usage", `{}`)
		if failed.Code != test.code || failed.kind() != test.kind || failed.Data["retryable"] != test.retry || !strings.Contains(failed.Message, test.saying) {
			t.Errorf("%s: %+v", test.name, failed)
		}
		if code, ok := declared[failed.kind()]; !ok || code != 0 && code != failed.Code {
			t.Errorf("%s: %s with code %d is not declared", test.name, failed.kind(), failed.Code)
		}
		holdsData(t, test.name, failed, test.holds)
	}
}

// TestRedactKeepsTypes checks that redaction keeps the Go types of the data.
func TestRedactKeepsTypes(t *testing.T) {
	c := harness(t, script())
	c.service.client.Secrets().Add("hidden-token")
	e := APIError.Errorf("m hidden-token").With("code", "hidden-token").With("status", 500).With("retry_after", 1.5).
		With("body", json.RawMessage(`{"hidden-token":1}`)).With("partial", parsed(t, `["hidden\u002dtoken",1.50]`)).
		With("errors", []rpc.Fault{{Path: "/a", Message: "hidden-token"}}).With("kept", []rpc.Fault{{Path: "/a"}}).With("none", nil)
	got := c.service.Redact(e)
	want := map[string]any{
		"code": "[redacted]", "status": 500, "retry_after": 1.5, "body": json.RawMessage(`{"[redacted]":1}`), "partial": parsed(t, `["[redacted]",1.50]`),
		"errors": []rpc.Fault{{Path: "/a", Message: "[redacted]"}}, "kept": []rpc.Fault{{Path: "/a"}}, "none": nil,
	}
	if got.Message != "m [redacted]" || !reflect.DeepEqual(got.Data, want) {
		t.Errorf("%q %#v", got.Message, got.Data)
	}
}
