package main

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A steppedBackend answers no request by itself: a test takes each as it comes
// and answers it step by step.
type steppedBackend struct {
	t        testing.TB
	url      string
	requests chan *pendingRequest
}

// A pendingRequest is the backend's end of one request.
type pendingRequest struct {
	t        testing.TB
	w        http.ResponseWriter
	r        *http.Request
	body     string
	finished chan struct{}
}

func newSteppedBackend(t testing.TB) *steppedBackend {
	t.Helper()
	b := &steppedBackend{t: t, requests: make(chan *pendingRequest)}
	over := make(chan struct{})
	b.url = serveBackend(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		u := &pendingRequest{t: t, w: w, r: r, body: string(body), finished: make(chan struct{})}
		select {
		case b.requests <- u:
		case <-r.Context().Done():
			return
		}
		// Not when the host hangs up: the test may be writing just then.
		select {
		case <-u.finished:
		case <-over:
		}
	})
	t.Cleanup(func() { close(over) })
	return b
}

// serveBackend returns the URL of a server that lasts as long as the test.
func serveBackend(t testing.TB, handler http.HandlerFunc) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	go server.Serve(listener)
	t.Cleanup(func() { server.Close() })
	return "http://" + listener.Addr().String()
}

func (b *steppedBackend) flags() []string { return using(b.url) }

// using are the flags that make a host use one server for everything.
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

// nextOf waits for a request with that in its body, and passes others over:
// what is left of calls that were cancelled.
func (b *steppedBackend) nextOf(text string) *pendingRequest {
	b.t.Helper()
	for {
		if u := b.next(); strings.Contains(u.body, text) {
			return u
		}
	}
}

// head sends the head of a stream.
func (u *pendingRequest) head() {
	u.w.Header().Set("Content-Type", "text/event-stream")
	u.w.WriteHeader(http.StatusOK)
	u.w.(http.Flusher).Flush()
}

// event sends one event of a stream.
func (u *pendingRequest) event(text string) {
	io.WriteString(u.w, "data: "+text+"\n\n")
	u.w.(http.Flusher).Flush()
}

const (
	someDelta = `{"type":"response.output_text.delta","delta":"x"}`
	lastEvent = `{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[]}}`
)

// complete answers with the rest of a stream.
func (u *pendingRequest) complete() {
	u.w.Header().Set("Content-Type", "text/event-stream")
	u.event(lastEvent)
	close(u.finished)
}

// answer answers with something else than a stream.
func (u *pendingRequest) answer(status int, text string, headers ...string) {
	u.w.Header().Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		u.w.Header().Set(headers[i], headers[i+1])
	}
	u.w.WriteHeader(status)
	io.WriteString(u.w, text)
	close(u.finished)
}

// closed waits until the host closes the connection.
func (u *pendingRequest) closed() {
	u.t.Helper()
	select {
	case <-u.r.Context().Done():
	case <-time.After(patience):
		u.t.Fatal("the connection to the backend stays open")
	}
}
