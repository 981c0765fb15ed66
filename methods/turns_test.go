package methods

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

// TestTurnEviction checks the eviction of turns, on a fake clock.
func TestTurnEviction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var turns turns
		home := affinity{account: "a", session: "s"}
		enter := func(name string, a affinity) string {
			state := turns.join(name, a)
			turns.keep(name, a, "state of "+name+" in "+a.account)
			return state
		}
		check := func(what, got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		check("a new turn", enter("t", home), "")
		check("the same", enter("t", home), "state of t in a")
		time.Sleep(turnTimeout)
		check("after an hour", enter("t", home), "state of t in a")
		time.Sleep(turnTimeout + 1)
		check("after more than an hour", enter("t", home), "")
		check("another account", enter("t", affinity{account: "b", session: "s"}), "")
		check("the first one again", enter("t", home), "")
		for i := range maxTurns - 1 {
			time.Sleep(time.Nanosecond)
			enter(fmt.Sprint(i), home)
		}
		check("among 1,024", turns.join("t", home), "state of t in a")
		time.Sleep(time.Nanosecond)
		enter("one more", home)
		check("the one that was used least recently", turns.join("0", home), "")
		if len(turns.list) != maxTurns {
			t.Errorf("%d turns are kept, want %d", len(turns.list), maxTurns)
		}
	})
}

// TestTurnStates checks which states are kept.
func TestTurnStates(t *testing.T) {
	for state, kept := range map[string]bool{
		"plain": true, "": false, "a\r\nb: c": false, strings.Repeat("x", maxTurnState): true, strings.Repeat("x", maxTurnState+1): false,
	} {
		var turns turns
		turns.join("t", affinity{})
		turns.keep("t", affinity{}, state)
		if got := turns.join("t", affinity{}); (got == state && got != "") != kept {
			t.Errorf("%.20q is kept: %t, want %t", state, got != "", kept)
		}
	}
}

// TestTurnOfAnotherAccount checks that a state is not sent for another account, even
// if the account changes between the attempts of a call.
func TestTurnOfAnotherAccount(t *testing.T) {
	account := "a"
	state := events(completedReply).With(turnStateHeader + ": state")
	s := script(state, state, reply{Status: 401, Body: "{}"}, state)
	refreshed := fakeCredentials{func() backend.Token { return backend.Token{Access: "access of " + account, AccountID: account} }, func() { account = "b" }}
	c := harnessServed(t, s, backend.Config{Credentials: refreshed})
	var sent []string
	for range 3 {
		c.result("responses.create", `{"turn": "t"}`)
	}
	for _, r := range s.Requests() {
		sent = append(sent, r.Header.Get("Chatgpt-Account-Id")+":"+r.Header.Get(turnStateHeader))
	}
	if got, want := strings.Join(sent, " "), "a: a:state a:state b:"; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
}

// TestTurnStateOfTheCaller checks that a state given by the caller is sent, and kept
// if the turn has none.
func TestTurnStateOfTheCaller(t *testing.T) {
	own := func(state string) string {
		return `{"turn": "t", "extra_headers": {"x-codex-turn-state": "` + state + `"}}`
	}
	const none = `{"turn": "t"}`
	for _, test := range []struct {
		name  string
		calls []string
		sent  string
	}{
		{"it is the first", []string{own("mine"), none, own("other"), none}, "mine mine other mine"},
		{"the backend's is the first", []string{none, own("mine"), none}, "- mine state"},
		{"it is empty", []string{none, own(""), none}, "- - state"},
	} {
		s := script(slices.Repeat([]reply{events(completedReply).With(turnStateHeader + ": state")}, len(test.calls))...)
		c := harness(t, s)
		for _, params := range test.calls {
			c.result("responses.create", params)
		}
		var sent []string
		for _, r := range s.Requests() {
			sent = append(sent, cmp.Or(r.Header.Get(turnStateHeader), "-"))
		}
		if got := strings.Join(sent, " "); got != test.sent {
			t.Errorf("%s: sent %s, want %s", test.name, got, test.sent)
		}
	}
}

// TestSession checks that the session is the cache key that is sent.
func TestSession(t *testing.T) {
	for params, want := range map[string]string{
		`{"prompt_cache_key": "k"}`:                                                         "k",
		`{"prompt_cache_key": ""}`:                                                          "",
		`{"prompt_cache_key": "a\nb"}`:                                                      "",
		`{"prompt_cache_key": "k", "extra_headers": {"SESSION-ID": "mine"}}`:                "mine",
		`{"extra_body": {"prompt_cache_key": "own"}}`:                                       "own",
		`{"prompt_cache_key": "k", "extra_body": {"prompt_cache_key": "own"}}`:              "own",
		`{"prompt_cache_key": "k", "extra_body": {"prompt_cache_key": null}}`:               "",
		`{"extra_body": {"prompt_cache_key": "own"}, "extra_headers": {"session-id": "s"}}`: "s",
	} {
		for _, method := range []string{"responses.create", "responses.compact"} {
			s := script(events(completed(`[{"type": "compaction"}]`)))
			harness(t, s).result(method, `{"input": [], `+params[1:])
			if got := s.Requests()[0].Header.Get("Session-Id"); got != want {
				t.Errorf("%s %s: session-id is %q, want %q", method, params, got, want)
			}
		}
	}
}

// TestClientRequestID checks that each call has its own id, or the caller's.
func TestClientRequestID(t *testing.T) {
	s := script(events(completedReply), events(completedReply), events(completedReply))
	c := harness(t, s)
	for _, params := range []string{`{}`, `{}`, `{"extra_headers": {"x-client-request-id": "mine"}}`} {
		c.result("responses.create", params)
	}
	var ids []string
	for _, r := range s.Requests() {
		ids = append(ids, r.Header.Get("X-Client-Request-Id"))
	}
	if !uuidPattern().MatchString(ids[0]) || !uuidPattern().MatchString(ids[1]) || ids[0] == ids[1] || ids[2] != "mine" {
		t.Errorf("ids are %q", ids)
	}
}
