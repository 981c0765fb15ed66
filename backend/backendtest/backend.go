// Package backendtest is the backend's end of the wire in tests, as package
// rpctest is the client's. A test states in steps what a request is answered
// with, be it an answer, a stream of events or a fault, and reads what was asked:
//
//	b := backendtest.New(backendtest.Once(
//		backendtest.Reply{Status: 503, Header: "Retry-After: 0"}.Play,
//		backendtest.Events(`{"type":"response.completed","response":{}}`).Play,
//	))
//	server := httptest.NewServer(b)
//	…
//	for _, r := range b.Requests() {
package backendtest

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// A Backend is an [http.Handler] that plays a step for each request, and keeps the
// requests.
type Backend struct {
	step Step

	mu       sync.Mutex
	requests []Request
}

// A Request is what a backend was sent.
type Request struct {
	*http.Request
	Text    string    // the body, once a step has read it
	Err     error     // of reading it
	Arrived time.Time // the head
}

// New returns a backend that answers by a step.
func New(step Step) *Backend { return &Backend{step: step} }

// Requests returns the requests so far, in the order in which they arrived.
func (b *Backend) Requests() []Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.requests)
}

// ServeHTTP plays the step.
func (b *Backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	b.requests = append(b.requests, Request{Request: r, Arrived: time.Now()})
	x := &Exchange{ResponseWriter: w, Request: r, Number: len(b.requests), backend: b}
	b.mu.Unlock()
	defer x.close()
	b.step(x)
}
