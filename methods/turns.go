package methods

import (
	"cmp"
	"net/http"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	// turnStateHeader carries a token by which the backend finds the machine
	// that a turn began on. It comes with an answer, and goes with the later
	// requests of the same turn.
	turnStateHeader = "X-Codex-Turn-State"
	// A turn that was not used for so long is over.
	turnLife = time.Hour
	// Of more turns the one that was used least recently is forgotten.
	maxTurns = 1024
	// A state is some hundred bytes.
	maxTurnState = 16 << 10
)

// turns keeps the state of each turn by the caller's name for it. The zero
// turns is empty.
type turns struct {
	mu   sync.Mutex
	list map[string]*turn
}

// A turn is what one turn of an agent is known by.
type turn struct {
	affinity
	state string // "" until the backend gave one
	used  time.Time
}

// An affinity is what a state belongs to: it is of no use, and must not be shown,
// to another account, nor in another session.
type affinity struct{ account, session, cacheKey string }

// join returns the state to send with a request of a turn, "" if there is none
// yet. A turn that changes its affinity begins anew.
func (t *turns) join(name string, a affinity) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := t.list[name]
	if known == nil || known.affinity != a || time.Since(known.used) > turnLife {
		known = &turn{affinity: a}
		t.add(name, known)
	}
	known.used = time.Now()
	return known.state
}

// keep gives a turn the state that the backend sent for it. The first one stays.
func (t *turns) keep(name string, a affinity, state string) {
	if !usableState(state) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if known := t.list[name]; known != nil && known.affinity == a && known.state == "" {
		known.state, known.used = state, time.Now()
	}
}

// add makes room for a turn. The caller holds mu.
func (t *turns) add(name string, added *turn) {
	if t.list == nil {
		t.list = make(map[string]*turn)
	}
	if t.list[name] == nil && len(t.list) >= maxTurns {
		oldest := ""
		for name, known := range t.list {
			if oldest == "" || known.used.Before(t.list[oldest].used) {
				oldest = name
			}
		}
		delete(t.list, oldest)
	}
	t.list[name] = added
}

func usableState(state string) bool {
	return state != "" && len(state) <= maxTurnState && httpguts.ValidHeaderFieldValue(state)
}

// accountOf returns the identity of an account: its id, or the token if it has
// no id.
func accountOf(token backend.Token) string { return cmp.Or(token.AccountID, token.Access) }

// A turnCall is one call's part in a turn. The zero turnCall has none.
type turnCall struct {
	turns    *turns
	name     string
	affinity affinity // of the last try
}

// state returns what goes with a try that is signed with a token: the state that
// the caller gives, if it gives one, else that of the turn.
func (c *turnCall) state(token backend.Token, given []string) string {
	state := ""
	if c.turns != nil {
		c.affinity.account = accountOf(token)
		state = c.turns.join(c.name, c.affinity)
	}
	if len(given) == 0 {
		return state
	}
	if c.turns != nil { // it is a state like any other
		c.turns.keep(c.name, c.affinity, given[0])
	}
	return given[0]
}

// sign puts the state into the header of a try.
func (c *turnCall) sign(token backend.Token, header http.Header) {
	if state := c.state(token, header[turnStateHeader]); state != "" {
		header.Set(turnStateHeader, state)
	}
}

// hear takes the state from the header of an answer.
func (c *turnCall) hear(header http.Header) {
	if c.turns != nil {
		c.turns.keep(c.name, c.affinity, header.Get(turnStateHeader))
	}
}

// hearEvent takes the state from an event response.metadata.
func (c *turnCall) hearEvent(event rawjson.Value) {
	if c.turns == nil {
		return
	}
	for name, value := range event.Get("headers").Members() {
		if strings.EqualFold(name, turnStateHeader) {
			state, _ := value.Text()
			c.turns.keep(c.name, c.affinity, state)
		}
	}
}
