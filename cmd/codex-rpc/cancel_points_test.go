package main

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
)

const cancelled = "-32800 cancelled"

// A cancelPoint is a moment in the life of a call. Its play cancels the call
// "1" then, once or several times, and returns the answer and the request that
// must be closed, if any.
type cancelPoint struct {
	name string
	play func(*client, *steppedBackend) (answer string, open *pendingRequest)
}

var cancelPoints = []cancelPoint{
	{"cancel before its request", func(c *client, b *steppedBackend) (string, *pendingRequest) {
		c.say(cancellation("1"), creation("1"))
		b.next().complete()
		return c.expect("1", "result"), nil
	}},
	{"cancel in the same write", func(c *client, b *steppedBackend) (string, *pendingRequest) {
		c.say(creation("1"), cancellation("1"))
		return c.expect("1", cancelled), nil
	}},
	{"cancel in the same batch", func(c *client, b *steppedBackend) (string, *pendingRequest) {
		c.say("[" + creation("1") + "," + cancellation("1") + "]")
		return c.expect("1", cancelled), nil
	}},
	{"cancel before the backend's headers", func(c *client, b *steppedBackend) (string, *pendingRequest) {
		c.call("1")
		u := b.next()
		c.cancel("1")
		return c.expect("1", cancelled), u
	}},
	{"cancel after the headers, before an event", func(c *client, b *steppedBackend) (string, *pendingRequest) {
		c.call("1")
		u := b.next()
		u.Begin()
		c.cancel("1")
		return c.expect("1", cancelled), u
	}},
	{"cancel in mid-stream", func(c *client, b *steppedBackend) (string, *pendingRequest) {
		u := streaming(c, b)
		c.cancel("1")
		return c.expect("1", cancelled), u
	}},
	{"cancel in mid-event", func(c *client, b *steppedBackend) (string, *pendingRequest) {
		u := streaming(c, b)
		fmt.Fprint(u, `data: {"type":`)
		u.ResponseWriter.(http.Flusher).Flush()
		c.cancel("1")
		return c.expect("1", cancelled), u
	}},
	{"cancel twice", func(c *client, b *steppedBackend) (string, *pendingRequest) {
		u := streaming(c, b)
		c.cancel("1", "1")
		return c.expect("1", cancelled), u
	}},
	{"cancel of one in a batch", func(c *client, b *steppedBackend) (string, *pendingRequest) {
		c.say("[" + creation("1") + "," + strings.Replace(creation("2"), `"input":"x"`, `"input":"other"`, 1) + "]")
		u, other := b.next(), b.next()
		if strings.Contains(u.Body(), "other") {
			u, other = other, u
		}
		c.cancel("1")
		u.closed()
		other.complete()
		answers := map[string]string{}
		for range 2 {
			m := c.answer()
			answers[string(m.ID)] = m.Outcome()
		}
		if answers["2"] != "result" {
			c.t.Errorf("the other: %s", answers["2"])
		}
		return answers["1"], u
	}},
	{"cancel while a retry waits", func(c *client, b *steppedBackend) (string, *pendingRequest) {
		c.call("1")
		b.next().reply(backendtest.Reply{Status: http.StatusServiceUnavailable, Header: "Retry-After: 20"})
		c.cancel("1")
		return c.expect("1", cancelled), nil
	}},
	{"cancel as the terminal event is read", func(c *client, b *steppedBackend) (string, *pendingRequest) {
		u := streaming(c, b)
		u.Event(lastEvent)
		for c.hear().Params.Event.Type != "response.completed" {
		}
		c.cancel("1")
		c.expect("1", cancelled, "result")
		return "one of the result and " + cancelled, nil
	}},
	{"cancel after the answer", func(c *client, b *steppedBackend) (string, *pendingRequest) {
		c.call("1")
		b.next().complete()
		answer := c.expect("1", "result")
		c.cancel("1")
		return answer, nil
	}},
	{"cancel with an id of another type", func(c *client, b *steppedBackend) (string, *pendingRequest) {
		u := streaming(c, b)
		c.cancel(`"1"`, "null", "[1]", "10")
		// Answered in turn, so they have been seen.
		c.say(`{"jsonrpc":"2.0","id":"seen","method":"rpc.discover"}`)
		c.expect(`"seen"`, "result")
		u.complete()
		return c.expect("1", "result"), nil
	}},
}

// streaming makes the call 1 and returns after its first event.
func streaming(c *client, b *steppedBackend) *pendingRequest {
	c.t.Helper()
	c.call("1")
	u := b.next()
	u.Begin()
	u.Event(someDelta)
	if m := c.hear(); m.Params.Event.Type == "" {
		c.t.Fatalf("no event but %+v", m)
	}
	return u
}

// TestCancelPoints checks that a cancel at any point of a call results in one
// answer, closes the request, and leaves the id free for another call.
func TestCancelPoints(t *testing.T) {
	for _, framing := range framings {
		b := newSteppedBackend(t)
		c := connect(t, framing, b.flags()...)
		for _, point := range cancelPoints {
			t.Run(framing+"/"+point.name, func(t *testing.T) {
				c.t, b.t = t, t
				answer := point.cancel(c, b)
				c.calls.Renew("1")
				c.say(strings.Replace(creation("1"), `"input":"x"`, `"input":"again"`, 1)) // the id is free, and the cancel spent
				b.nextOf("again").complete()
				c.expect("1", "result")
				row(t, point.name, framing, answer, "session continues")
			})
		}
		c.t = t
		c.end(0)
	}
}

// closingTime is the time within which the backend's connection must be closed.
const closingTime = 100 * time.Millisecond

// cancel plays the point until the connection is closed in time. It retries,
// since the machine may be busy.
func (p cancelPoint) cancel(c *client, b *steppedBackend) string {
	c.t.Helper()
	for tries := 5; ; tries-- {
		c.calls.Renew("1")
		answer, open := p.play(c, b)
		if open == nil {
			return answer
		}
		open.t = c.t
		open.closed()
		took := time.Since(c.cancelled)
		if took <= closingTime {
			return answer + ", backend's connection closed"
		}
		if tries == 0 {
			c.t.Fatalf("the backend's connection is closed after %v", took)
		}
	}
}

// TestCancelDuringRefresh checks that cancelling a call that waits for a token
// refresh does not cancel the refresh, which later calls need.
func TestCancelDuringRefresh(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			b := newSteppedBackend(t)
			p := connect(t, framing, b.flags()...)
			writeAuth(t, p.cmd.Env, expiredToken, "refresh-1")
			p.call("1")
			refresh := b.next()
			p.cancel("1")
			answer := p.expect("1", cancelled)
			refresh.reply(backendtest.JSON(`{"access_token":"fresh","refresh_token":"refresh-2"}`))
			p.call("1")
			u := b.next()
			if got := u.Request.Header.Get("Authorization"); got != "Bearer fresh" {
				t.Errorf("the next call goes with %q", got)
			}
			u.complete()
			p.expect("1", "result")
			p.end(0)
			row(t, "cancel while the token is refreshed", framing, answer, "session continues with the new token")
		})
	}
}

// expiredToken has an expiry in 2001.
var expiredToken = tokenUntil(time.Unix(1000000000, 0))

func tokenUntil(end time.Time) string {
	return "e30." + base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, `{"exp":%d}`, end.Unix())) + ".e30"
}

// writeAuth writes credentials to the home in an environment.
func writeAuth(t testing.TB, environment []string, access, refresh string) (path string) {
	t.Helper()
	for _, variable := range environment {
		if home, ok := strings.CutPrefix(variable, "CODEX_HOME="); ok {
			path = filepath.Join(home, "auth.json")
		}
	}
	text := fmt.Sprintf(`{"auth_mode":"chatgpt","tokens":{"id_token":"e30.e30.e30","access_token":%q,"refresh_token":%q,"account_id":"acct-1"}}`, access, refresh)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
