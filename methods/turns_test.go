package methods

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

// TestTurnsForget holds turns to what they forget, on a clock of their own.
func TestTurnsForget(t *testing.T) {
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
		time.Sleep(turnLife)
		check("after an hour", enter("t", home), "state of t in a")
		time.Sleep(turnLife + 1)
		check("after more than an hour", enter("t", home), "")
		check("another account", enter("t", affinity{account: "b", session: "s"}), "")
		check("the first one again", enter("t", home), "")
		for i := range maxTurns - 1 {
			time.Sleep(1)
			enter(fmt.Sprint(i), home)
		}
		check("among 1,024", turns.join("t", home), "state of t in a")
		time.Sleep(1)
		enter("one more", home)
		check("the one that was used least recently", turns.join("0", home), "")
		if len(turns.list) != maxTurns {
			t.Errorf("%d turns are kept, want %d", len(turns.list), maxTurns)
		}
	})
}

// TestTurnStates holds turns to the states that they take.
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

// TestTurnOfAnotherAccount holds a state to the account that it was given to:
// also where that changes between the tries of one call.
func TestTurnOfAnotherAccount(t *testing.T) {
	account := "a"
	s := &script{}
	for range 3 {
		r := events(completedReply)
		r.header += "\n" + turnStateHeader + ": state"
		s.replies = append(s.replies, r)
	}
	s.replies = append(s.replies, s.replies[0])
	s.replies[2] = reply{status: 401, body: "{}"}
	refreshed := refreshing(func() backend.Token { return backend.Token{Access: "access of " + account, AccountID: account} }, func() { account = "b" })
	c := harnessServed(t, s, refreshed)
	var sent []string
	for range 3 {
		c.result("responses.create", `{"turn": "t"}`)
	}
	for _, r := range s.sent() {
		sent = append(sent, r.Header.Get("Chatgpt-Account-Id")+":"+r.Header.Get(turnStateHeader))
	}
	if got, want := strings.Join(sent, " "), "a: a:state a:state b:"; got != want {
		t.Errorf("sent %s, want %s", got, want)
	}
}

// TestClientRequestID holds each call to an id of its own, or the caller's.
func TestClientRequestID(t *testing.T) {
	s := &script{replies: []reply{events(completedReply), events(completedReply), events(completedReply)}}
	c := harness(t, s)
	for _, params := range []string{`{}`, `{}`, `{"extra_headers": {"x-client-request-id": "mine"}}`} {
		c.result("responses.create", params)
	}
	var ids []string
	for _, r := range s.sent() {
		ids = append(ids, r.Header.Get("X-Client-Request-Id"))
	}
	if !uuidPattern().MatchString(ids[0]) || !uuidPattern().MatchString(ids[1]) || ids[0] == ids[1] || ids[2] != "mine" {
		t.Errorf("ids are %q", ids)
	}
}
