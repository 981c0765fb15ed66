package methods

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	// turnStateHeader has a token that routes the requests of a turn to the same
	// machine. The backend returns it in a response, and it is sent with the later
	// requests of the turn.
	turnStateHeader = "X-Codex-Turn-State"
	// turnTimeout is how long an unused turn is kept.
	turnTimeout = time.Hour
	// maxTurns bounds the turns that are kept.
	maxTurns = 1024
	// maxTurnState bounds a state, which usually has some hundred bytes.
	maxTurnState = 16 << 10
)

// turns keeps the states of turns by the names that callers give them. The zero
// turns is empty.
type turns struct {
	mu   sync.Mutex
	list map[string]*turn
}

// A turn is a turn of an agent.
type turn struct {
	affinity
	state string // "" until the backend has sent one
	used  time.Time
}

// An affinity is the scope of a state. It must not be sent for another account or
// in another session.
type affinity struct{ account, session, cacheKey string }

// join returns the state to send with a request of a turn, "" if there is none
// yet. If the affinity changes, a new turn starts.
func (t *turns) join(name string, a affinity) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := t.list[name]
	if known == nil || known.affinity != a || time.Since(known.used) > turnTimeout {
		known = &turn{affinity: a}
		t.add(name, known)
	}
	known.used = time.Now()
	return known.state
}

// keep sets the state of a turn, unless it has one.
func (t *turns) keep(name string, a affinity, state string) {
	if state == "" || len(state) > maxTurnState || !httpguts.ValidHeaderFieldValue(state) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if known := t.list[name]; known != nil && known.affinity == a && known.state == "" {
		known.state, known.used = state, time.Now()
	}
}

// add adds a turn, in place of the least recently used one if there are too many.
// The caller holds mu.
func (t *turns) add(name string, added *turn) {
	if t.list == nil {
		t.list = make(map[string]*turn)
	}
	if t.list[name] == nil && len(t.list) >= maxTurns {
		delete(t.list, slices.MinFunc(slices.Collect(maps.Keys(t.list)), func(a, b string) int {
			return t.list[a].used.Compare(t.list[b].used)
		}))
	}
	t.list[name] = added
}

// accountOf returns the id of an account, or the token if it has no id.
func accountOf(token backend.Token) string { return cmp.Or(token.AccountID, token.Access) }

// A turnCall is a call of a turn. The zero turnCall is not part of one.
type turnCall struct {
	turns    *turns
	name     string
	affinity affinity // of the last attempt
}

// state returns the state to send with an attempt: the first one given by the
// caller, or else that of the turn.
func (c *turnCall) state(token backend.Token, given []string) string {
	state := ""
	if c.turns != nil {
		c.affinity.account = accountOf(token)
		state = c.turns.join(c.name, c.affinity)
	}
	if len(given) > 0 {
		state = given[0]
		c.keep(state)
	}
	return state
}

// keep keeps a state for later calls of the turn.
func (c *turnCall) keep(state string) {
	if c.turns != nil {
		c.turns.keep(c.name, c.affinity, state)
	}
}

// sign sets the state in the headers of an attempt.
func (c *turnCall) sign(token backend.Token, header http.Header) {
	if state := c.state(token, header[turnStateHeader]); state != "" {
		header.Set(turnStateHeader, state)
	}
}

// keepEvent keeps the state in an event response.metadata.
func (c *turnCall) keepEvent(event rawjson.Value) {
	for name, value := range event.Get("headers").Members() {
		if strings.EqualFold(name, turnStateHeader) {
			state, _ := value.Text()
			c.keep(state)
		}
	}
}
