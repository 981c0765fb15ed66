package backend

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestErrorBodies(t *testing.T) {
	for _, test := range []struct {
		name, body          string
		code, message, kept string
	}{
		{"an object", `{"error":{"message":"Bad\n  model","code":"model_not_found","type":"t"}}`,
			"model_not_found", "Bad model", `{"error":{"message":"Bad\n  model","code":"model_not_found","type":"t"}}`},
		{"type for code", `{"error":{"message":"m","type":"server_error","code":null}}`, "server_error", "m", ""},
		{"a number for code", `{"error":{"message":"m","code":1302}}`, "1302", "m", ""},
		{"code beside the object", `{"error":{"message":"m"},"code":"c"}`, "c", "m", ""},
		{"a string", `{"error":"busy"}`, "", "busy", ""},
		{"error and description", `{"error":"busy","message":"other"}`, "", "busy", ""},
		{"detail", `{"detail":"Unsupported parameter: foo"}`, "", "Unsupported parameter: foo", ""},
		{"details", `{"detail":[{"loc":["a"],"msg":"field required"},{"msg":"too long"},3]}`, "", "field required; too long", ""},
		{"an object of detail", `{"detail":{"x":1}}`, "", "Bad Gateway", ""},
		{"message", `{"message":"m","code":"c"}`, "c", "m", ""},
		{"nothing known", `{"e":1}`, "", "Bad Gateway", `{"e":1}`},
		{"blank message", `{"error":{"message":" "}}`, "", "Bad Gateway", ""},
		{"digits and order are kept", ` {"z":1.50,"a":12345678901234567890} `, "", "Bad Gateway", `{"z":1.50,"a":12345678901234567890}`},
		{"an array", `[1]`, "", "Bad Gateway", `[1]`},
		{"a JSON string", `"denied"`, "", "denied", `"denied"`},
		{"text", "upstream\n connect error", "", "upstream connect error", `"upstream\n connect error"`},
		{"a page", "<html><body>Just a moment…</body></html>", "", "Bad Gateway", ""},
		{"cut JSON", `{"error":{"message":"m`, "", `{"error":{"message":"m`, ""},
		{"no UTF-8", "a\xffb", "", "a\uFFFDb", "\"a\uFFFDb\""},
		{"control characters", "a\x1b[31mb\u2028c", "", "a [31mb c", ""},
		{"control characters alone", "\x01\x02", "", "Bad Gateway", ""},
		{"empty", " \n", "", "Bad Gateway", "none"},
	} {
		t.Run(test.name, func(t *testing.T) {
			e := StatusError(502, http.Header{}, []byte(test.body))
			if e.Code != test.code || e.Message != test.message {
				t.Errorf("code %q, message %q, want %q, %q", e.Code, e.Message, test.code, test.message)
			}
			if test.kept == "none" && e.Body != nil || test.kept != "none" && !json.Valid(e.Body) {
				t.Errorf("body %s", e.Body)
			} else if test.kept != "" && test.kept != "none" && string(e.Body) != test.kept {
				t.Errorf("body %s, want %s", e.Body, test.kept)
			}
			if want := "HTTP 502: " + test.message; e.Error() != want {
				t.Errorf("%q, want %q", e.Error(), want)
			}
		})
	}
}

func TestErrorBounds(t *testing.T) {
	e := StatusError(500, http.Header{}, []byte(strings.Repeat("é", 1<<19)))
	if len(e.Body) > errorTextBytes+2 || len(e.Message) > excerptBytes+len("…") || !json.Valid(e.Body) {
		t.Errorf("body of %d bytes, message of %d", len(e.Body), len(e.Message))
	}
	e = StatusError(500, http.Header{}, []byte(`{"message":"`+strings.Repeat("x", 1<<19)+`"}`))
	if len(e.Message) > messageBytes+len("…") || len(e.Body) < 1<<19 {
		t.Errorf("body of %d bytes, message of %d", len(e.Body), len(e.Message))
	}
}

func TestUsageLimit(t *testing.T) {
	header := http.Header{"Retry-After": {"3600"}, "Cf-Ray": {"ray-1"}, "X-Oai-Request-Id": {"req_1"}}
	e := StatusError(429, header, []byte(`{"error":{"type":"usage_limit_reached","message":"m","plan_type":"plus","resets_at":1790000000}}`))
	if e.Retryable || e.Code != "usage_limit_reached" || e.PlanType != "plus" || e.ResetsAt.Unix() != 1790000000 {
		t.Errorf("%+v", e)
	}
	if e.RetryAfter == nil || *e.RetryAfter != time.Hour || e.RequestID != "req_1" {
		t.Errorf("%+v", e)
	}
	for text, want := range map[string]int64{`1790000000.9`: 1790000000, `"1790000000"`: 1790000000, `1790000000123`: 1790000000, `"2026-09-21T13:33:20Z"`: 1789997600} {
		e := StatusError(429, http.Header{}, []byte(`{"detail":{"code":"usage_limit_reached","resets_at":`+text+`}}`))
		if got := e.ResetsAt.Unix(); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
	for _, odd := range []string{`"soon"`, `null`, `-1`, `1e300`, `{}`} {
		e := StatusError(429, http.Header{}, []byte(`{"error":{"resets_at":`+odd+`}}`))
		if !e.ResetsAt.IsZero() || !e.Retryable || e.RetryAfter != nil {
			t.Errorf("%s: %+v", odd, e)
		}
	}
}

func TestKinds(t *testing.T) {
	cause := errors.New("cause")
	err := fmt.Errorf("context: %w", &Error{Kind: ErrTimeout, Message: "m", cause: cause})
	for _, test := range []struct {
		target error
		want   bool
	}{{ErrTimeout, true}, {cause, true}, {ErrConnection, false}, {ErrStatus, false}} {
		if got := errors.Is(err, test.target); got != test.want {
			t.Errorf("is %v: %v", test.target, got)
		}
	}
	if got := ErrTimeout.Error(); got != "backend: timeout" {
		t.Errorf("%q", got)
	}
}

func FuzzStatusError(f *testing.F) {
	for _, seed := range []string{`{"error":{"message":"secret-token"}}`, `{"detail":[{"msg":"m"}]}`, "text", "<p>", `{"secret\u002dtoken":1}`, "secret-\x01token"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		e := StatusError(429, http.Header{"X-Request-Id": {body}}, []byte(body))
		if e.Body != nil && !json.Valid(e.Body) {
			t.Errorf("body is not JSON: %q", e.Body)
		}
		if e.Message == "" || strings.ContainsAny(e.Message+e.RequestID, "\r\n\x00\u2028") {
			t.Errorf("message %q, request id %q", e.Message, e.RequestID)
		}
	})
}
