package simulator

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"strings"
)

const (
	turnStateHeader    = "x-codex-turn-state"
	turnMetadataHeader = "x-codex-turn-metadata"
)

// turnState returns the state for the answer to a turn's first request, as it is sent in a header over HTTP and in an
// event; "" for others. A state needs no memory: it contains hashes of its account and its session, and a checksum.
func (c *call) turnState(r *request) (header, event string) {
	if c.scenario.Lenient || c.Header.Get(turnStateHeader) != "" || len(r.triggers()) > 0 {
		return "", ""
	}
	state := strings.Join([]string{"mock", c.id("turn", 0), hash(c.account()), hash(c.session(r))}, ".")
	state += "." + hash(state)
	switch where := c.scenario.TurnState; {
	case where == "none":
		return "", ""
	case where == "header" || where == "" && c.over == overHTTP && c.Header.Get("session-id") == "":
		return state, ""
	case where == "event":
		return "", state
	}
	return state, state
}

// checkTurnState returns a fault if the request's state was not issued to its
// account and session.
func (c *call) checkTurnState(r *request) error {
	given := c.Header.Get(turnStateHeader)
	if given == "" {
		return nil
	}
	fault := func(why string) error {
		return invalid(turnStateHeader, "invalid_value", "The %s %s.", turnStateHeader, why)
	}
	at := strings.LastIndexByte(given, '.')
	switch parts := strings.Split(given, "."); {
	case len(parts) != 5 || parts[4] != hash(given[:at]):
		return fault("was not issued by this backend")
	case parts[2] != hash(c.account()):
		return fault("belongs to another account")
	case parts[3] != hash(c.session(r)):
		return fault("belongs to another session-id or prompt_cache_key")
	}
	return nil
}

func (c *call) account() string { return c.Header.Get("chatgpt-account-id") }

// session identifies the requests that belong together.
func (c *call) session(r *request) string {
	return c.Header.Get("session-id") + "\n" + *cmp.Or(r.PromptCacheKey, new(""))
}

// maxPrefixes bounds the cache of prompts.
const maxPrefixes = 1 << 16

// cached returns how many tokens of the prompt are in the cache, and adds the
// prompt to it. The cache has every prefix of whole items. Without a session
// there is no caching.
func (s *Server) cached(c *call, r *request) int {
	session := c.session(r)
	var items []json.RawMessage
	if session == "\n" || json.Unmarshal(r.items, &items) != nil {
		return 0
	}
	// Tools and instructions count as the first item.
	head := string(r.Tools) + r.Instructions
	items = append([]json.RawMessage{json.RawMessage(head)}, items...)
	prefix := sha256.Sum256([]byte(c.account() + "\n" + session + "\n" + r.Model))
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.prefixes) > maxPrefixes {
		clear(s.prefixes)
	}
	length, matched := 0, 0
	for _, item := range items {
		length += len(item)
		prefix = sha256.Sum256(append(prefix[:], prompted(item)...))
		if s.prefixes[prefix] {
			matched = length
		}
		s.prefixes[prefix] = true
	}
	return matched / 4
}

// prompted returns an item without its id and status: an item from a socket's
// history has them, and the same item sent by a client need not.
func prompted(item json.RawMessage) []byte {
	var members map[string]json.RawMessage
	if json.Unmarshal(item, &members) != nil {
		return item
	}
	delete(members, "id")
	delete(members, "status")
	return encode(members)
}
