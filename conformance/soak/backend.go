package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
)

// A backend is a server on loopback that answers each call by its script.
type backend struct {
	ledger *ledger
	server *httptest.Server
	open   atomic.Int64 // requests in progress

	mu        sync.Mutex
	exchanges map[int]*exchange // by the number of the call
	sockets   map[*websocket.Conn]bool
}

// An exchange is the backend's record of one call.
type exchange struct {
	script script
	// The backend answers once gate is closed, or at once if it is nil.
	gate chan struct{}

	mu        sync.Mutex
	attempts  int
	open      int           // attempts in progress
	idle      chan struct{} // closed when open is 0
	opened    time.Time     // start of the last attempt
	cancelled time.Time     // when the client sent the cancel request
}

func serveBackend(l *ledger) *backend {
	b := &backend{ledger: l, exchanges: make(map[int]*exchange), sockets: make(map[*websocket.Conn]bool)}
	b.server = httptest.NewServer(b)
	return b
}

func (b *backend) close() {
	b.disconnect()
	b.server.Close()
}

// disconnect closes all connections. None may be in use.
func (b *backend) disconnect() {
	b.server.CloseClientConnections()
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.sockets {
		go c.CloseNow()
	}
}

// expect registers a call before it is sent. It is never removed, because the
// request of a cancelled call may arrive after the client has its answer.
func (b *backend) expect(s script, gate chan struct{}) *exchange {
	x := &exchange{script: s, gate: gate}
	x.idle = make(chan struct{})
	close(x.idle)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.exchanges[s.call] = x
	return x
}

// enter records the start of an attempt and returns its number, from 1.
func (b *backend) enter(x *exchange) int {
	b.open.Add(1)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.open == 0 {
		x.idle = make(chan struct{})
	}
	x.open++
	x.attempts++
	x.opened = time.Now()
	return x.attempts
}

func (b *backend) leave(x *exchange) {
	b.open.Add(-1)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.open--; x.open == 0 {
		close(x.idle)
	}
}

// cancel records that the client is cancelling the call.
func (x *exchange) cancel() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.cancelled = time.Now()
}

// connectionClosed records that the host has closed the connection of an
// attempt in progress.
func (x *exchange) connectionClosed(l *ledger) {
	now := time.Now()
	x.mu.Lock()
	from := x.cancelled
	if !from.IsZero() && x.opened.After(from) {
		from = x.opened
	}
	x.mu.Unlock()
	if !from.IsZero() {
		l.closing(from, now)
	}
}

// idleAndAttempts returns a channel that is closed when no attempt is in
// progress, and the number of attempts so far.
func (x *exchange) idleAndAttempts() (<-chan struct{}, int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.idle, x.attempts
}

// exchangeOf returns the exchange of the last call that a request names, or nil.
func (b *backend) exchangeOf(request []byte) (x *exchange) {
	if calls := callNumber.FindAllSubmatch(request, -1); calls != nil {
		n, _ := strconv.Atoi(string(calls[len(calls)-1][1]))
		b.mu.Lock()
		x = b.exchanges[n]
		b.mu.Unlock()
	}
	if x == nil {
		b.ledger.violate("the backend received a request of an unknown call: %.200s", request)
	}
	return x
}

var callNumber = regexp.MustCompile(`call (\d+)\.`)

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") == "websocket" {
		b.serveSocket(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // cancelled during the upload
	}
	x := b.exchangeOf(body)
	if x == nil {
		http.Error(w, "no such call", http.StatusBadRequest)
		return
	}
	attempt := b.enter(x)
	defer b.leave(x)
	stop := context.AfterFunc(r.Context(), func() { x.connectionClosed(b.ledger) })
	defer stop()

	s := &x.script
	if x.gate != nil {
		select {
		case <-x.gate:
		case <-r.Context().Done():
			return
		}
	}
	if !wait(r.Context(), s.delay) {
		return
	}
	switch {
	case s.ending == unanswered:
		panic(http.ErrAbortHandler)
	case s.ending == page:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, "<!doctype html><title>Sign in to this network</title>")
	case s.ending == refused && attempt <= s.tries:
		if s.status == http.StatusTooManyRequests {
			w.Header().Set("Retry-After", "0.05")
		}
		w.WriteHeader(s.status)
		if s.call%2 == 0 {
			fmt.Fprintf(w, `{"error":{"message":%q}}`, s.failureMessage())
		} else {
			io.WriteString(w, "<html><title>Proxy error</title></html>")
		}
	case s.plain:
		s.answer(w)
	default:
		s.respond(w, r)
	}
}

// answer writes the response of a plain call.
func (s *script) answer(w http.ResponseWriter) {
	body := s.embedding()
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if s.ending != cut {
		w.Write(body)
		return
	}
	w.Write(body[:len(body)/2])
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

// respond writes the stream of a response.
func (s *script) respond(w http.ResponseWriter, r *http.Request) {
	rng := rand.New(rand.NewPCG(s.seed, 1<<62))
	x := &backendtest.Exchange{ResponseWriter: w, Request: r}
	x.Begin()
	flush := w.(http.Flusher).Flush
	if !s.play(r.Context(), func(event []byte) bool {
		text := fmt.Appendf(nil, "data: %s\n\n", event)
		if rng.IntN(10) == 0 { // in two pieces
			half := rng.IntN(len(text))
			w.Write(text[:half])
			flush()
			text = text[half:]
		}
		_, err := w.Write(text)
		if s.pace > 0 {
			flush()
		}
		return err == nil
	}) {
		return
	}
	flush()
	switch {
	case s.ending == reset:
		x.Reset()
	case s.ending == cut:
		panic(http.ErrAbortHandler)
	case s.ending == stalled, s.lingers && s.ending != closed:
		<-r.Context().Done()
	}
}

// play sends the events of a stream, unless it breaks off before, and reports
// whether it could.
func (s *script) play(ctx context.Context, send func(event []byte) bool) bool {
	rng := rand.New(rand.NewPCG(s.seed, 1<<63))
	events := s.total()
	switch s.ending {
	case closed, cut, reset, stalled:
		events = s.sent
	}
	for seq := range events {
		if !send(s.event(seq)) {
			return false
		}
		if s.pace > 0 && !wait(ctx, time.Duration(rng.Int64N(2*int64(s.pace)))) {
			return false
		}
	}
	return true
}

// wait waits for d. It returns false if ctx ends first.
func wait(ctx context.Context, d time.Duration) bool {
	if d == 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
