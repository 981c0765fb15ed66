package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// A scriptedBackend answers on bare connections, so that it can do what no HTTP
// server would. What it is asked for it plays by its script; but codex.usage it
// always answers well.
type scriptedBackend struct {
	listener net.Listener
	attempts atomic.Int32 // requests but those of codex.usage
	begun    sync.WaitGroup
	events   chan struct{} // that the client has received
	flooded  chan struct{} // told when the host has taken a lot
	over     chan struct{} // closed at the end of the test
	// other is an origin of another host, for redirects.
	other string
}

// A script is how a backend speaks on one connection.
type script interface {
	serve(b *scriptedBackend, c net.Conn)
}

const (
	usagePath   = "/backend-api/wham/usage"
	usageAnswer = `{"plan_type":"plus"}`
)

// listen starts a backend, on TLS if there is a config for that.
func listen(t testing.TB, s script, secure *tls.Config) *scriptedBackend {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b := &scriptedBackend{listener: listener, events: make(chan struct{}, 1<<14), flooded: make(chan struct{}, 1), over: make(chan struct{})}
	b.begun.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			b.begun.Go(func() {
				defer c.Close()
				if secure != nil {
					c = tls.Server(c, secure)
				}
				s.serve(b, c)
			})
		}
	})
	t.Cleanup(func() {
		close(b.over)
		listener.Close()
		b.begun.Wait() // the host is gone, and with it all connections
	})
	return b
}

// host is what stands in its base URL.
func (b *scriptedBackend) host() string { return b.listener.Addr().String() }

// A step is a part of a script in HTTP/1.1.
type step func(x *exchange)

// An exchange is one request and its connection.
type exchange struct {
	net.Conn
	backend *scriptedBackend
	request *http.Request
	number  int  // of the request, from 1
	keep    bool // the connection, for a further request
}

func (s step) serve(b *scriptedBackend, c net.Conn) {
	in := bufio.NewReader(c)
	for {
		request, err := http.ReadRequest(in)
		if err != nil {
			if err != io.EOF {
				io.WriteString(c, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
			}
			return
		}
		x := &exchange{Conn: c, backend: b, request: request}
		if request.URL.Path == usagePath {
			x.keep = true
			fmt.Fprintf(c, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(usageAnswer), usageAnswer)
		} else {
			x.number = int(b.attempts.Add(1))
			s(x)
		}
		if !x.keep {
			return
		}
	}
}

// steps are played one after the other; then the connection is closed, unless
// one of them is keep.
func steps(all ...step) step {
	return func(x *exchange) {
		for _, s := range all {
			s(x)
		}
	}
}

// inTurn plays the first step for the first request, and so on, and the last
// for all that follow.
func inTurn(each ...step) step {
	return func(x *exchange) { each[min(x.number, len(each))-1](x) }
}

// say takes the whole request and writes a text.
func say(text string) step {
	return func(x *exchange) {
		io.Copy(io.Discard, x.request.Body)
		io.WriteString(x, text)
	}
}

// blurt writes a text before the request's body is looked at, and takes that
// afterwards: what is unread when a connection closes would undo the answer.
func blurt(text string) step {
	return func(x *exchange) {
		io.WriteString(x, text)
		io.Copy(io.Discard, x.request.Body)
	}
}

// piecemeal is say in writes of so many bytes.
func piecemeal(size int, text string) step {
	return func(x *exchange) {
		io.Copy(io.Discard, x.request.Body)
		for rest := text; rest != ""; rest = rest[min(size, len(rest)):] {
			io.WriteString(x, rest[:min(size, len(rest))])
		}
	}
}

// endless writes a text over and over until the host has enough of it.
func endless(text string) step {
	text = strings.Repeat(text, max(1, 64<<10/len(text)))
	return func(x *exchange) {
		for taken := 0; ; taken += len(text) {
			if _, err := io.WriteString(x, text); err != nil {
				return
			}
			if taken > 32<<20 {
				select {
				case x.backend.flooded <- struct{}{}:
				default:
				}
			}
		}
	}
}

// counting writes a text over and over, with the numbers from 0 on in place of
// N, until the host has enough of it.
func counting(text string) step {
	return func(x *exchange) {
		var piece []byte
		for n := 0; ; {
			for piece = piece[:0]; len(piece) < 64<<10; n++ {
				piece = append(piece, strings.ReplaceAll(text, "N", fmt.Sprint(n))...)
			}
			if _, err := x.Write(piece); err != nil {
				return
			}
		}
	}
}

// redirect sends elsewhere; {other} is the other host.
func redirect(status int, location string) step {
	return func(x *exchange) {
		say(fmt.Sprintf("HTTP/1.1 %d Elsewhere\r\nLocation: %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
			status, strings.ReplaceAll(location, "{other}", x.backend.other)))(x)
	}
}

// reset tears the connection down.
func reset(x *exchange) {
	x.Conn.(*net.TCPConn).SetLinger(0)
	x.Close()
}

// received waits until the client has received so many events: what follows
// could else overtake them.
func (b *scriptedBackend) received(events int) {
	for range events {
		select {
		case <-b.events:
		case <-b.over:
		}
	}
}

func received(events int) step {
	return func(x *exchange) { x.backend.received(events) }
}

// hold keeps the connection open, in silence, until the host closes it.
func hold(x *exchange) { io.Copy(io.Discard, x) }

// ignore keeps the connection open and reads nothing from it.
func ignore(x *exchange) { <-x.backend.over }

// keep lets a further request come on the connection.
func keep(x *exchange) { x.keep = true }

// take reads so much of the request's body.
func take(size int64) step {
	return func(x *exchange) { io.CopyN(io.Discard, x.request.Body, size) }
}

// answer is a whole answer of a length that is told.
func answer(status int, header, body string) string {
	return fmt.Sprintf("HTTP/1.1 %d %s\r\nDate: Mon, 02 Nov 2026 10:00:00 GMT\r\n%sConnection: close\r\nContent-Length: %d\r\n\r\n%s",
		status, http.StatusText(status), header, len(body), body)
}

// streamHead begins an answer of events that ends with the connection.
const streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

// jsonHead begins an answer of JSON that ends with the connection.
const jsonHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"

// Events of a short response.
const (
	created   = `{"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]}}`
	hel       = `{"type":"response.output_text.delta","delta":"Hel"}`
	lo        = `{"type":"response.output_text.delta","delta":"lo"}`
	completed = `{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[` +
		`{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello"}]}]}}`
)

// sse is events as they are sent.
func sse(events ...string) string {
	var text strings.Builder
	for _, event := range events {
		text.WriteString("data: " + event + "\n\n")
	}
	return text.String()
}

// hello is the whole response in events.
var hello = sse(created, hel, lo, completed)

const modelList = `{"models":[{"slug":"gpt-5.5","display_name":"GPT-5.5"},{"slug":"gpt-5.6-luna","display_name":"mini"}]}`
