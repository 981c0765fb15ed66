package methods

import (
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	// A connection that no call uses is closed after so long, when the backend
	// may have forgotten what was said on it.
	socketIdle = 5 * time.Minute
	// The backend ends a connection after an hour; it is replaced before.
	socketLife = 55 * time.Minute
	// Of more idle connections the one that was used least recently is closed.
	maxIdleSockets = 128
	// What the backend takes as a message, unless its handshake says otherwise.
	maxSocketMessage = 16 << 20
	// So long auto uses HTTP after handshakes have failed.
	socketRest = 5 * time.Minute
)

// A conversation is a connection and what the backend knows on it.
type conversation struct {
	*backend.Socket
	key    conversationKey
	limit  int           // of a message, in bytes
	from   *continuation // nil: the next request has its whole input
	last   string        // the id of the response that came last
	used   time.Time
	expiry *time.Timer // while it is idle
}

// A conversationKey tells conversations apart, and with them connections that
// were opened in other ways. The zero conversationKey is of a connection that
// serves one call.
type conversationKey [sha256.Size]byte

// newConversationKey returns the key of the conversation that a call belongs to:
// that of its prompt cache key, else of its turn.
func newConversationKey(cacheKey, turn string, header http.Header, query url.Values) conversationKey {
	if cacheKey == "" && turn == "" {
		return conversationKey{}
	}
	name := [2]string{cacheKey}
	if cacheKey == "" {
		name[1] = turn
	}
	text, _ := json.Marshal([]any{name, header, query}) // strings and maps of them
	return sha256.Sum256(text)
}

func newConversation(socket *backend.Socket, key conversationKey) *conversation {
	c := &conversation{Socket: socket, key: key, limit: maxSocketMessage}
	if n, err := strconv.Atoi(socket.Header().Get("X-Codex-Websocket-Max-Message-Bytes")); err == nil && n > 0 {
		c.limit = n
	}
	return c
}

// usable reports whether the connection can serve another call that is signed
// with a token. It takes what came while it was idle: reports that belong to no
// response do not matter, anything else does.
func (c *conversation) usable(token backend.Token) bool {
	for {
		text, ok := c.Received()
		if !ok {
			return c.Err() == nil && c.Token() == token && time.Since(c.Opened()) < socketLife
		}
		v, err := rawjson.Parse(text)
		if kind, _ := v.Get("type").Text(); err != nil || !isSideEvent(kind) {
			return false
		}
	}
}

// sockets keeps the idle connections, one a conversation, and knows whether the
// backend takes any. The zero sockets is ready.
type sockets struct {
	mu      sync.Mutex
	idle    map[conversationKey]*conversation
	refused bool      // the backend said that it takes none
	taken   bool      // a handshake succeeded, and none failed since
	failed  time.Time // when one did
	told    bool      // it was logged that HTTP is used instead
}

// take returns the idle connection of a conversation, nil if there is none that
// is of use.
func (s *sockets) take(key conversationKey, token backend.Token) *conversation {
	s.mu.Lock()
	c := s.idle[key]
	delete(s.idle, key)
	s.mu.Unlock()
	if c == nil {
		return nil
	}
	c.expiry.Stop()
	if !c.usable(token) {
		c.Leave()
		return nil
	}
	return c
}

// keep makes a connection idle. It takes the place of another one of the same
// conversation.
func (s *sockets) keep(c *conversation) {
	if c.key == (conversationKey{}) || c.Err() != nil {
		c.Leave()
		return
	}
	s.mu.Lock()
	surplus := s.idle[c.key]
	if s.idle == nil {
		s.idle = make(map[conversationKey]*conversation)
	}
	if surplus == nil && len(s.idle) >= maxIdleSockets {
		for _, other := range s.idle {
			if surplus == nil || other.used.Before(surplus.used) {
				surplus = other
			}
		}
		delete(s.idle, surplus.key)
	}
	s.idle[c.key] = c
	c.used = time.Now()
	c.expiry = time.AfterFunc(socketIdle, func() { s.drop(c) })
	s.mu.Unlock()
	if surplus != nil {
		surplus.expiry.Stop()
		surplus.Leave()
	}
}

// drop closes a connection if it is still idle.
func (s *sockets) drop(c *conversation) {
	s.mu.Lock()
	idle := s.idle[c.key] == c
	if idle {
		delete(s.idle, c.key)
	}
	s.mu.Unlock()
	if idle {
		c.Leave()
	}
}

// closeIdle closes all idle connections.
func (s *sockets) closeIdle() {
	s.mu.Lock()
	idle := s.idle
	s.idle = nil
	s.mu.Unlock()
	for _, c := range idle {
		c.expiry.Stop()
		c.Leave()
	}
}

// opened notes that a handshake succeeded.
func (s *sockets) opened() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken, s.failed = true, time.Time{}
}

// fail notes that the backend could not be reached by a handshake, or refuses all
// of them, and reports whether it is the first time.
func (s *sockets) fail(refused bool) (first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	first = !s.told
	s.told = true
	s.refused = s.refused || refused
	s.taken, s.failed = false, time.Now()
	return first
}

// use reports whether a request is to go over a socket. The backend offers them
// for the model, or it is not known that it does.
func (s *sockets) use(transport string, offered bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.refused:
		return false
	case transport == transportWebSocket:
		return true
	}
	rests := !s.failed.IsZero() && time.Since(s.failed) < socketRest
	return transport == transportAuto && (offered || s.taken) && !rests
}
