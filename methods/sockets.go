package methods

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	// socketIdleTimeout is how long an unused connection is kept. After that the
	// backend may have dropped its history.
	socketIdleTimeout = 5 * time.Minute
	// maxSocketAge is the age at which a connection is replaced. The backend closes
	// connections after an hour.
	maxSocketAge = 55 * time.Minute
	// maxIdleSockets bounds the idle connections.
	maxIdleSockets = 128
	// maxSocketMessage is the default limit of the backend for a message.
	maxSocketMessage = 16 << 20
	// socketBackoff is how long auto uses HTTP after failed handshakes.
	socketBackoff = 5 * time.Minute
)

// A conversation is a connection with the state of the conversation on it.
type conversation struct {
	*backend.Socket
	key    conversationKey
	limit  int           // of a message, in bytes
	from   *continuation // nil if the next request must have its whole input
	last   string        // the id of the last response
	used   time.Time
	expiry *time.Timer // while the connection is idle
}

// A conversationKey identifies a conversation and the way in which its connection
// was opened. Connections with the zero key are used for one call.
type conversationKey [sha256.Size]byte

// newConversationKey returns the key of the conversation of a call, which is
// identified by its prompt cache key, or else by its turn.
func newConversationKey(cacheKey, turn string, header http.Header, query url.Values) conversationKey {
	if cacheKey == "" && turn == "" {
		return conversationKey{}
	}
	name := [2]string{cacheKey}
	if cacheKey == "" {
		name[1] = turn
	}
	text, _ := json.Marshal([]any{name, header, query})
	return sha256.Sum256(text)
}

func newConversation(socket *backend.Socket, key conversationKey) *conversation {
	c := &conversation{Socket: socket, key: key, limit: maxSocketMessage}
	if n, err := strconv.Atoi(socket.Header().Get("X-Codex-Websocket-Max-Message-Bytes")); err == nil && n > 0 {
		c.limit = n
	}
	return c
}

// usable reports whether the connection can be used for another call with a
// token. It is not usable if it has received events of a response while idle.
func (c *conversation) usable(token backend.Token) bool {
	for {
		text, ok := c.Received()
		if !ok {
			return c.Err() == nil && c.Token() == token && time.Since(c.Opened()) < maxSocketAge
		}
		v, err := rawjson.Parse(text)
		if err != nil || !isSideEvent(typeOf(v)) {
			return false
		}
	}
}

// sockets keeps one idle connection per conversation, and tracks whether the
// backend accepts connections. The zero sockets is ready for use.
type sockets struct {
	mu      sync.Mutex
	idle    map[conversationKey]*conversation
	refused bool      // the backend does not support WebSockets
	working bool      // the last handshake succeeded
	failed  time.Time // when the last handshake failed, zero if it succeeded
	logged  bool      // the use of HTTP instead was logged
}

// take removes and returns the idle connection of a conversation, nil if there is
// no usable one.
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

// keep adds an idle connection. It replaces another one of the same conversation,
// or else the least recently used one if there are too many.
func (s *sockets) keep(c *conversation) {
	if c.key == (conversationKey{}) || c.Err() != nil {
		c.Leave()
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	surplus := s.idle[c.key]
	if s.idle == nil {
		s.idle = make(map[conversationKey]*conversation)
	}
	if surplus == nil && len(s.idle) >= maxIdleSockets {
		surplus = slices.MinFunc(slices.Collect(maps.Values(s.idle)), func(a, b *conversation) int { return a.used.Compare(b.used) })
		delete(s.idle, surplus.key)
	}
	s.idle[c.key] = c
	c.used = time.Now()
	c.expiry = time.AfterFunc(socketIdleTimeout, func() { s.drop(c) })
	if surplus != nil {
		surplus.expiry.Stop()
		surplus.Leave()
	}
}

// drop closes a connection if it is still idle.
func (s *sockets) drop(c *conversation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.idle[c.key] == c {
		delete(s.idle, c.key)
		c.Leave()
	}
}

// closeIdle closes all idle connections in the background. The channels are closed
// when the close frames have been sent.
func (s *sockets) closeIdle() (sent []<-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.idle {
		c.expiry.Stop()
		sent = append(sent, c.Leave())
	}
	s.idle = nil
	return sent
}

// opened records a successful handshake.
func (s *sockets) opened() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.working, s.failed = true, time.Time{}
}

// fail records a failed handshake, and whether the backend does not support
// WebSockets. It reports whether to log it, which is done once.
func (s *sockets) fail(refused bool) (first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	first = !s.logged
	s.logged = true
	s.refused = s.refused || refused
	s.working, s.failed = false, time.Now()
	return first
}

// use reports whether to send a request over a WebSocket, given whether the
// backend prefers that for the model.
func (s *sockets) use(transport string, offered bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.refused:
		return false
	case transport == transportWebSocket:
		return true
	}
	return transport == transportAuto && (offered || s.working) && time.Since(s.failed) >= socketBackoff
}
