package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
)

// The steps of scripts, as tables name them.
type (
	step     = backendtest.Step
	exchange = backendtest.Exchange
)

var (
	say    = backendtest.Raw
	steps  = backendtest.All
	inTurn = backendtest.InTurn
	take   = backendtest.Take
	reset  = backendtest.Reset
	hold   = backendtest.Hold
	sse    = backendtest.Stream
)

// A scriptedBackend answers codex.usage correctly and everything else by its
// script.
type scriptedBackend struct {
	*httptest.Server
	attempts atomic.Int32    // requests but those of codex.usage
	events   chan struct{}   // that the client has received
	flooded  chan struct{}   // receives when the host has received a lot
	test     context.Context // ends with the test
	// other is an origin of another host, for redirects.
	other string
}

const (
	usagePath   = "/backend-api/wham/usage"
	usageAnswer = `{"plan_type":"plus"}`
)

// listen starts a backend, over TLS if secure is set, and then over HTTP/2 if
// h2 is set.
func listen(t testing.TB, s step, h2 http2Script, secure *tls.Config) *scriptedBackend {
	t.Helper()
	b := &scriptedBackend{events: make(chan struct{}, 1<<14), flooded: make(chan struct{}, 1), test: t.Context()}
	script := backendtest.New(s)
	b.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == usagePath {
			io.WriteString(w, usageAnswer)
			return
		}
		b.attempts.Add(1)
		script.ServeHTTP(w, r)
	}))
	b.Config.ErrorLog = log.New(io.Discard, "", 0)
	b.Config.BaseContext = func(net.Listener) context.Context { return context.WithValue(b.test, scriptedBackend{}, b) }
	if h2 != nil {
		secure.NextProtos = []string{http2.NextProtoTLS}
		b.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){
			http2.NextProtoTLS: func(_ *http.Server, c *tls.Conn, _ http.Handler) { h2.serve(b, c) },
		}
	}
	if secure == nil || secure == inClear {
		b.Start()
	} else {
		b.TLS = secure
		b.StartTLS()
	}
	t.Cleanup(b.Close)
	return b
}

// inClear is the configuration of a backend that does not use TLS where it is
// expected.
var inClear = new(tls.Config)

// backendOf returns the backend that plays a step.
func backendOf(x *exchange) *scriptedBackend {
	return x.Request.Context().Value(scriptedBackend{}).(*scriptedBackend)
}

// host returns the host and port of its base URL.
func (b *scriptedBackend) host() string { return b.Listener.Addr().String() }

// blurt writes a text before it reads the request's body: closing a connection
// with unread input would reset it.
func blurt(text string) step {
	return func(x *exchange) {
		io.WriteString(x.Conn(), text)
		io.CopyN(io.Discard, x.Conn(), x.Request.ContentLength)
	}
}

// piecemeal is say in writes of a number of bytes.
func piecemeal(size int, text string) step {
	return func(x *exchange) {
		x.Body()
		for rest := text; rest != ""; rest = rest[min(size, len(rest)):] {
			io.WriteString(x.Conn(), rest[:min(size, len(rest))])
		}
	}
}

// endless repeats a text until the host closes the connection.
func endless(text string) step {
	text = strings.Repeat(text, max(1, 64<<10/len(text)))
	return func(x *exchange) {
		for taken := 0; ; taken += len(text) {
			if _, err := io.WriteString(x.Conn(), text); err != nil {
				return
			}
			if taken > 32<<20 {
				select {
				case backendOf(x).flooded <- struct{}{}:
				default:
				}
			}
		}
	}
}

// counting repeats a text with N replaced by the numbers from 0, until the host
// closes the connection.
func counting(text string) step {
	return func(x *exchange) {
		var piece []byte
		for n := 0; ; {
			for piece = piece[:0]; len(piece) < 64<<10; n++ {
				piece = append(piece, strings.ReplaceAll(text, "N", fmt.Sprint(n))...)
			}
			if _, err := x.Conn().Write(piece); err != nil {
				return
			}
		}
	}
}

// redirect responds with a Location, in which {other} is the other host.
func redirect(status int, location string) step {
	return func(x *exchange) {
		say(fmt.Sprintf("HTTP/1.1 %d Elsewhere\r\nLocation: %s\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
			status, strings.ReplaceAll(location, "{other}", backendOf(x).other)))(x)
	}
}

// received waits until the client has received a number of events, which later
// steps could otherwise overtake.
func (b *scriptedBackend) received(events int) {
	for range events {
		select {
		case <-b.events:
		case <-b.test.Done():
		}
	}
}

func received(events int) step {
	return func(x *exchange) { backendOf(x).received(events) }
}

// ignore keeps the connection open without reading from it.
func ignore(x *exchange) {
	x.Conn()
	<-x.Request.Context().Done()
}

// answer returns a whole response with its length.
func answer(status int, header, body string) string {
	return fmt.Sprintf("HTTP/1.1 %d %s\r\nDate: Mon, 02 Nov 2026 10:00:00 GMT\r\n%sConnection: close\r\nContent-Length: %d\r\n\r\n%s",
		status, http.StatusText(status), header, len(body), body)
}

// streamHead is the head of a stream that ends with the connection.
const streamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"

// jsonHead is the head of a JSON response that ends with the connection.
const jsonHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"

// Events of a short response.
const (
	created   = `{"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]}}`
	hel       = `{"type":"response.output_text.delta","delta":"Hel"}`
	lo        = `{"type":"response.output_text.delta","delta":"lo"}`
	completed = `{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[` +
		`{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hello"}]}]}}`
)

// hello is the whole response as events.
var hello = sse(created, hel, lo, completed)

const modelList = `{"models":[{"slug":"gpt-5.5","display_name":"GPT-5.5"},{"slug":"gpt-5.6-luna","display_name":"mini"}]}`
