package methods

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

// TestOpenAIRequestTimeout checks that all paths use the timeout of the request, or
// else that of the session.
func TestOpenAIRequestTimeout(t *testing.T) {
	tests := []struct {
		request string
		timeout string
		want    time.Duration
	}{
		{`"method": "POST", "path": "/responses", "body": {"input": "x"}`, `2.5`, 2500 * time.Millisecond},
		{`"method": "POST", "path": "/responses", "body": {"input": "x", "stream": true}`, `2`, 2 * time.Second},
		{`"method": "POST", "path": "/responses", "body": {"model": "gpt-5.5", "input": "x", "timeout": 1}`, `30`, 30 * time.Second},
		{`"method": "POST", "path": "/chat/completions", "body": {"messages": [{"role": "user", "content": "x"}]}`, `2`, 2 * time.Second},
		{`"method": "POST", "path": "/embeddings", "body": {"model": "m", "input": "x"}`, `2`, 2 * time.Second},
		{`"method": "GET", "path": "/models"`, `2`, 2 * time.Second},
		{`"method": "POST", "path": "/responses", "body": {"input": "x"}`, ``, 10 * time.Second},
	}
	for _, test := range tests {
		synctest.Test(t, func(t *testing.T) {
			c := harnessOn(t, backend.Config{
				Credentials: fakeCredentials{token: func() backend.Token { return backend.Token{Access: "access", AccountID: "a"} }},
				Transport: transport(func(r *http.Request) (*http.Response, error) {
					<-r.Context().Done()
					return nil, r.Context().Err()
				}),
			})
			params := test.request
			if test.timeout != "" {
				params += `, "timeout": ` + test.timeout
			}
			begun := time.Now()
			_, result, failed := c.call("openai.request", "{"+params+"}")
			if failed == nil || failed.kind() != "timeout" {
				t.Errorf("{%s}: %s, %+v", params, result.Bytes(), failed)
			}
			if took := time.Since(begun); took != test.want {
				t.Errorf("{%s}: failed after %v, want %v", params, took, test.want)
			}
		})
	}
}

// TestOpenAIRequestPath checks that the prefix of a path is ignored, which is that
// of the base URL of the client.
func TestOpenAIRequestPath(t *testing.T) {
	c := harnessOn(t, backend.Config{Credentials: fakeCredentials{token: func() backend.Token { return backend.Token{Access: "access"} }}})
	for _, path := range []string{"/nowhere", "/v1/nowhere", "/gateway/openai/v1/nowhere"} {
		_, result, failed := c.call("openai.request", `{"method": "GET", "path": "`+path+`"}`)
		if !strings.Contains(string(result.Bytes()), "Unknown request URL: GET /nowhere.") {
			t.Errorf("%s: %s, %+v", path, result.Bytes(), failed)
		}
	}
}
