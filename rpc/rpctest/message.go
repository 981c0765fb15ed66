// Package rpctest is the client's side of a session in tests: it reads what a
// server writes as strictly as nobody else would, and holds it to the form that
// every message has. It knows nothing of package rpc.
package rpctest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
)

// A Message is what a server says: a response, or a notification.
type Message struct {
	Text   string `json:"-"`
	ID     json.RawMessage
	Result json.RawMessage
	Error  *Error
	Method string
	Params struct {
		ID    json.RawMessage
		Seq   int
		Event Event
	}
}

// An Event is what a notification stream.event reports.
type Event struct {
	Type string
	URL  string
	Text json.RawMessage
}

// UnmarshalJSON keeps the text. The members may be of any kind: events are passed
// on as they came.
func (e *Event) UnmarshalJSON(text []byte) error {
	var members struct{ Type, URL any }
	err := json.Unmarshal(text, &members)
	e.Text = bytes.Clone(text)
	e.Type, _ = members.Type.(string)
	e.URL, _ = members.URL.(string)
	return err
}

// An Error is why a call failed, with what of its data tests look at.
type Error struct {
	Code    int
	Message string
	Data    Data
}

// Data is what an error has for programs.
type Data struct {
	Type         string
	Code         string
	Retryable    *bool
	RetryAfter   *float64 `json:"retry_after"`
	Errors       []Fault
	Suggestions  []string
	RetryAfterMS int `json:"retry_after_ms"`
	Error        *struct{ Message string }
	Partial      *struct {
		OutputText string `json:"output_text"`
	}
	Text json.RawMessage `json:"-"`
}

// UnmarshalJSON keeps the text.
func (d *Data) UnmarshalJSON(text []byte) error {
	type plain Data
	d.Text = bytes.Clone(text)
	return json.Unmarshal(text, (*plain)(d))
}

// A Fault is one thing that is wrong with parameters.
type Fault struct{ Path, Message string }

// Parse reads a message and holds it to its form: ASCII that can be printed, the
// members that belong to it and no others, and of an error all that each has.
func Parse(text []byte) (*Message, error) {
	for _, c := range text {
		if (c < ' ' || c > '~') && c != '\t' {
			return nil, fmt.Errorf("byte 0x%02x in %.300q", c, text)
		}
	}
	m := &Message{Text: string(text)}
	if err := json.Unmarshal(text, m); err != nil {
		return nil, fmt.Errorf("%w in %.300q", err, text)
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil || string(members["jsonrpc"]) != `"2.0"` {
		return nil, fmt.Errorf("no message of JSON-RPC 2.0: %.300q", text)
	}
	var err error
	switch {
	case members["method"] != nil:
		err = only(text, "jsonrpc", "method", "params")
		if err == nil && m.Method == "stream.event" {
			err = only(members["params"], "id", "seq", "event")
		}
	case members["error"] != nil:
		if err = only(text, "jsonrpc", "id", "error"); err == nil {
			err = cmp.Or(only(members["error"], "code", "message", "data"), m.Error.check())
		}
	default:
		err = only(text, "jsonrpc", "id", "result")
	}
	if err != nil {
		return nil, fmt.Errorf("%w in %.300q", err, text)
	}
	return m, nil
}

// only returns an error unless an object has these members and no others.
func only(object json.RawMessage, names ...string) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		return err
	}
	for _, name := range names {
		if members[name] == nil {
			return fmt.Errorf("no member %s", name)
		}
		delete(members, name)
	}
	for name := range members {
		return fmt.Errorf("a member %s that does not belong there", name)
	}
	return nil
}

func (e *Error) check() error {
	if e == nil || e.Code == 0 || e.Message == "" || strings.ContainsAny(e.Message, "\r\n") || e.Data.Type == "" || e.Data.Retryable == nil {
		return fmt.Errorf("an error that lacks something: %+v", e)
	}
	return nil
}

// Outcome returns "result", or the code and the type of an error.
func (m *Message) Outcome() string {
	if m.Error == nil {
		return "result"
	}
	return fmt.Sprintf("%d %s", m.Error.Code, m.Error.Data.Type)
}

// Calls hold messages to the order in which those of a call come: its events
// without a gap, and then one answer. The zero Calls have seen none.
type Calls struct {
	events map[string]int
	over   map[string]bool
}

// Take takes the next message.
func (c *Calls) Take(m *Message) error {
	if c.events == nil {
		c.events, c.over = make(map[string]int), make(map[string]bool)
	}
	if m.Method == "stream.event" {
		id := string(m.Params.ID)
		if c.over[id] || m.Params.Seq != c.events[id] {
			return fmt.Errorf("event %d of %s where %d is next, after the answer: %v", m.Params.Seq, id, c.events[id], c.over[id])
		}
		c.events[id]++
		return nil
	}
	if id := string(m.ID); m.Method == "" && id != "null" {
		// An id that is refused because it is in use is answered twice.
		if c.over[id] && m.Error == nil {
			return fmt.Errorf("a second answer to %s", id)
		}
		c.over[id] = m.Error == nil || m.Error.Data.Type != "duplicate_id"
	}
	return nil
}

// Events returns how many events of a call came.
func (c *Calls) Events(id string) int { return c.events[id] }

// Renew says that an id which was answered is about to be used again.
func (c *Calls) Renew(id string) {
	delete(c.over, id)
	delete(c.events, id)
}
