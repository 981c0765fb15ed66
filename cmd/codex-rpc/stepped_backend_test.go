package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
)

// A steppedBackend leaves each request to a test, which answers it step by
// step.
type steppedBackend struct {
	t        testing.TB
	url      string
	requests chan *pendingRequest
}

// A pendingRequest is the backend's side of a request.
type pendingRequest struct {
	*exchange
	t        testing.TB
	finished chan struct{}
}

func newSteppedBackend(t testing.TB) *steppedBackend {
	t.Helper()
	b := &steppedBackend{t: t, requests: make(chan *pendingRequest)}
	over := make(chan struct{})
	b.url = serveBackend(t, backendtest.New(func(x *exchange) {
		x.Body()
		u := &pendingRequest{exchange: x, t: t, finished: make(chan struct{})}
		select {
		case b.requests <- u:
		case <-x.Request.Context().Done():
			return
		}
		// Not when the host hangs up: the test may be writing just then.
		select {
		case <-u.finished:
		case <-over:
		}
	}))
	t.Cleanup(func() { close(over) })
	return b
}

// serveBackend returns the URL of a server for the duration of the test.
func serveBackend(t testing.TB, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func (b *steppedBackend) flags() []string { return using(b.url) }

// using returns the flags that make a host use one server for everything.
func using(url string) []string {
	return []string{"--chatgpt-base-url", url + "/backend-api", "--openai-base-url", url + "/v1", "--auth-issuer", url}
}

// next waits for a request.
func (b *steppedBackend) next() *pendingRequest {
	b.t.Helper()
	select {
	case u := <-b.requests:
		return u
	case <-time.After(patience):
		b.t.Fatal("the backend is sent nothing")
	}
	panic("unreachable")
}

// nextOf waits for a request whose body contains a text, and skips others,
// which are left over from cancelled calls.
func (b *steppedBackend) nextOf(text string) *pendingRequest {
	b.t.Helper()
	for {
		if u := b.next(); strings.Contains(u.Body(), text) {
			return u
		}
	}
}

const (
	someDelta = `{"type":"response.output_text.delta","delta":"x"}`
	lastEvent = `{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[]}}`
)

// finish ends the response.
func (u *pendingRequest) finish() { close(u.finished) }

// complete sends the rest of a stream.
func (u *pendingRequest) complete() {
	u.Event(lastEvent)
	u.finish()
}

// reply sends a response that is not a stream.
func (u *pendingRequest) reply(r backendtest.Reply) {
	r.Play(u.exchange)
	u.finish()
}

// closed waits until the host closes the connection.
func (u *pendingRequest) closed() {
	u.t.Helper()
	select {
	case <-u.Request.Context().Done():
	case <-time.After(patience):
		u.t.Fatal("the connection to the backend stays open")
	}
}
