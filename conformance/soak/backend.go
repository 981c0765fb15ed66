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
	"time"

	"github.com/coder/websocket"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
)

// A backend is a server on loopback that does with each call what its script
// says.
type backend struct {
	ledger *ledger
	server *httptest.Server

	mu        sync.Mutex
	exchanges map[int]*exchange // by the number of the call
	sockets   map[*websocket.Conn]bool
	open      int // requests that are being answered
}

// An exchange is what the backend knows of one call.
type exchange struct {
	script script
	// The backend answers when it is closed; nil: at once.
	gate chan struct{}

	mu        sync.Mutex
	attempts  int
	open      int           // attempts that are being answered
	idle      chan struct{} // closed when open is 0
	opened    time.Time     // the last attempt
	cancelled time.Time     // when the client said so
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

// disconnect closes the connections, of which none is in use.
func (b *backend) disconnect() {
	b.server.CloseClientConnections()
	b.mu.Lock()
	defer b.mu.Unlock()
	for c := range b.sockets {
		go c.CloseNow()
	}
}

// expect makes a call known before it is sent. It stays so: the request of one
// that is cancelled may arrive when the client has its answer.
func (b *backend) expect(s script, gate chan struct{}) *exchange {
	x := &exchange{script: s, gate: gate}
	x.idle = make(chan struct{})
	close(x.idle)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.exchanges[s.call] = x
	return x
}

// busy returns how many requests are being answered.
func (b *backend) busy() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.open
}

// enter notes an attempt and returns its number, from 1.
func (b *backend) enter(x *exchange) int {
	b.mu.Lock()
	b.open++
	b.mu.Unlock()
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
	b.mu.Lock()
	b.open--
	b.mu.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.open--; x.open == 0 {
		close(x.idle)
	}
}

// cancel notes that the client cancels the call now.
func (x *exchange) cancel() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.cancelled = time.Now()
}

// gone is called when the host has closed the connection of an attempt that is
// being answered.
func (x *exchange) gone(l *ledger) {
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

// over returns a channel that is closed when no attempt is being answered, and
// how many there were.
func (x *exchange) over() (<-chan struct{}, int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.idle, x.attempts
}

var callNumber = regexp.MustCompile(`call (\d+)\.`)

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Upgrade") == "websocket" {
		b.talk(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // cancelled while it was sent
	}
	var x *exchange
	if m := callNumber.FindSubmatch(body); m != nil {
		n, _ := strconv.Atoi(string(m[1]))
		b.mu.Lock()
		x = b.exchanges[n]
		b.mu.Unlock()
	}
	if x == nil {
		b.ledger.violate("the backend was sent a request of no call: %.200s", body)
		http.Error(w, "no such call", http.StatusBadRequest)
		return
	}
	attempt := b.enter(x)
	defer b.leave(x)
	stop := context.AfterFunc(r.Context(), func() { x.gone(b.ledger) })
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
			fmt.Fprintf(w, `{"error":{"message":%q}}`, s.complaint())
		} else {
			io.WriteString(w, "<html><title>An error of some proxy</title></html>")
		}
	case s.plain:
		s.answer(w)
	default:
		s.play(w, r)
	}
}

// answer answers a plain call.
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

// play answers with a stream.
func (s *script) play(w http.ResponseWriter, r *http.Request) {
	rng := rand.New(rand.NewPCG(s.seed, 1<<63))
	x := &backendtest.Exchange{ResponseWriter: w, Request: r}
	x.Begin()
	flush := w.(http.Flusher).Flush
	events := s.total()
	switch s.ending {
	case closed, cut, reset, stalled:
		events = s.sent
	}
	for seq := range events {
		text := fmt.Appendf(nil, "data: %s\n\n", s.event(seq))
		if rng.IntN(10) == 0 { // in two pieces
			half := rng.IntN(len(text))
			w.Write(text[:half])
			flush()
			text = text[half:]
		}
		if _, err := w.Write(text); err != nil {
			return
		}
		if s.pace == 0 {
			continue
		}
		flush()
		if !wait(r.Context(), time.Duration(rng.Int64N(2*int64(s.pace)))) {
			return
		}
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

// wait waits for d, false if ctx ends first.
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
