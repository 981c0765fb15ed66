package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
)

// callsUnderWay are calls that must finish after the end of input or a signal.
// Each play makes the call 1, or several, and returns a function that lets the
// backend finish them.
var callsUnderWay = []struct {
	name  string
	calls int
	play  func(*client, *steppedBackend) (finish func())
}{
	{"before the backend's headers", 1, func(c *client, b *steppedBackend) func() {
		c.call("1")
		u := b.next()
		return u.complete
	}},
	{"in mid-stream", 1, func(c *client, b *steppedBackend) func() {
		u := streaming(c, b)
		return func() {
			for range 100 {
				u.Event(someDelta)
			}
			u.complete()
		}
	}},
	{"while a retry waits", 1, func(c *client, b *steppedBackend) func() {
		c.call("1")
		b.next().reply(backendtest.Reply{Status: http.StatusServiceUnavailable})
		return func() { b.next().complete() }
	}},
	{"while the token is refreshed", 1, func(c *client, b *steppedBackend) func() {
		writeAuth(c.t, c.cmd.Env, expiredToken, "refresh-1")
		c.call("1")
		u := b.next()
		return func() {
			u.reply(backendtest.JSON(`{"access_token":"fresh","refresh_token":"refresh-2"}`))
			b.next().complete()
		}
	}},
	{"in the middle of a batch", 2, func(c *client, b *steppedBackend) func() {
		c.say("[" + usage + "," + strings.Replace(usage, `"id":1`, `"id":2`, 1) + "]")
		b.next().reply(backendtest.JSON(`{}`))
		u := b.next()
		return func() { u.reply(backendtest.JSON(`{}`)) }
	}},
}

// TestEndOfInputWithCallsUnderWay checks that running calls finish after the
// end of input.
func TestEndOfInputWithCallsUnderWay(t *testing.T) {
	finishCallsUnderWay(t, "end of input", func(c *client) { c.in.Close() })
}

// finishCallsUnderWay checks that running calls finish after something happens,
// and that the host then exits.
func finishCallsUnderWay(t *testing.T, what string, happen func(*client)) {
	t.Helper()
	for _, framing := range framings {
		for _, call := range callsUnderWay {
			t.Run(framing+"/"+call.name, func(t *testing.T) {
				b := newSteppedBackend(t)
				c := connect(t, framing, b.flags()...)
				finish := call.play(c, b)
				happen(c)
				finish()
				seen := sum(c.outcomes(call.calls))
				c.ends(0)
				row(t, what+" "+call.name, framing, seen, "exit 0")
				if want := sum(slices.Repeat([]string{"result"}, call.calls)); seen != want {
					t.Errorf("got %s, want %s", seen, want)
				}
			})
		}
	}
}

// TestEndOfInput checks that, wherever the input ends, all of it is answered
// and the host exits.
func TestEndOfInput(t *testing.T) {
	framed := frame("headers", usage)
	for _, tt := range []struct {
		where, framing, text string
		want                 []string
	}{
		{"before anything", "none", "", nil},
		{"after a blank line", "none", "\r\n", nil},
		{"after a byte order mark", "lines", "\ufeff", nil},
		{"in mid-message", "lines", usage[:20], []string{parseError}},
		{"in the middle of a batch's text", "lines", "[" + usage + `,{"jso`, []string{parseError}},
		{"after a message without a line end", "lines", usage, []string{served}},
		{"in a line of 1 MB", "lines", "[" + hugeID, []string{parseError}},
		{"in the first header", "lines", framed[:10], []string{parseError}},
		{"in a later header", "headers", framed + framed[:10], []string{served, parseError}},
		{"after the first header", "headers", "Content-Length: 10\r\n", []string{parseError}},
		{"after the headers", "headers", "Content-Length: 10\r\n\r\n", []string{parseError}},
		{"in the body", "headers", framed[:len(framed)-1], []string{parseError}},
		{"after a Content-Length of 2^63-1", "headers", "Content-Length: 9223372036854775807\r\n\r\n" + usage, []string{tooLarge}},
		{"in garbage for a first message", "lines", strings.Repeat("x", 1<<20), []string{parseError}},
		{"in garbage for a header", "headers", framed + strings.Repeat("x", 1<<20), []string{served, parseError}},
	} {
		t.Run(tt.framing+"/"+tt.where, func(t *testing.T) {
			c := connect(t, strings.Replace(tt.framing, "none", "lines", 1), "--mock")
			go func() {
				c.in.Write([]byte(tt.text))
				c.in.Close()
			}()
			var seen []string
			for range tt.want {
				m := c.answer()
				seen = append(seen, m.Outcome()+" to "+string(m.ID))
			}
			c.ends(0)
			row(t, "end of input "+tt.where, tt.framing, sum(seen), "exit 0")
			if got, want := sum(seen), sum(tt.want); got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}
