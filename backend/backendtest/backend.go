// Package backendtest is a scripted backend for tests, as package rpctest is a
// client. Steps describe the answers, which are responses, streams of events or
// faults, and the test inspects the requests:
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

// A Backend is an [http.Handler] that plays a step for each request, and records
// the requests.
type Backend struct {
	step Step

	mu       sync.Mutex
	requests []Request
}

// A Request is a request to a Backend.
type Request struct {
	*http.Request
	Text    string    // the body, after a step has read it
	Err     error     // of reading the body
	Arrived time.Time // when the header was received
}

// New returns a backend that answers each request with a step.
func New(step Step) *Backend { return &Backend{step: step} }

// Requests returns the requests so far, in the order of their arrival.
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
