// Package rpctest is the client's side of a session in tests. It reads the
// output of a server more strictly than any client would, and checks the form
// of every message. It does not depend on package rpc.
package rpctest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
)

// A Message is a response or a notification from a server.
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

// An Event is the event of a stream.event notification.
type Event struct {
	Type string
	URL  string
	Text json.RawMessage
}

// UnmarshalJSON keeps the text. Members may be of any type, since events are
// passed on unchanged.
func (e *Event) UnmarshalJSON(text []byte) error {
	var members struct{ Type, URL any }
	err := json.Unmarshal(text, &members)
	e.Text = bytes.Clone(text)
	e.Type, _ = members.Type.(string)
	e.URL, _ = members.URL.(string)
	return err
}

// An Error is the error of a response, with the members of its data that tests
// check.
type Error struct {
	Code    int
	Message string
	Data    Data
}

// Data is the data of an error.
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

// A Fault is a fault of the parameters.
type Fault struct{ Path, Message string }

// Parse parses a message and checks its form: printable ASCII, exactly the
// members of its kind, and a complete error.
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
		return nil, fmt.Errorf("not a JSON-RPC 2.0 message: %.300q", text)
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

// only returns an error unless an object has exactly the named members.
func only(object json.RawMessage, names ...string) error {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(object, &members); err != nil {
		return err
	}
	for _, name := range names {
		if members[name] == nil {
			return fmt.Errorf("missing member %s", name)
		}
		delete(members, name)
	}
	for name := range members {
		return fmt.Errorf("unexpected member %s", name)
	}
	return nil
}

func (e *Error) check() error {
	if e == nil || e.Code == 0 || e.Message == "" || strings.ContainsAny(e.Message, "\r\n") || e.Data.Type == "" || e.Data.Retryable == nil {
		return fmt.Errorf("incomplete error: %+v", e)
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

// Calls checks the order of the messages of each call: its events without a
// gap, then one answer. The zero Calls is ready to use.
type Calls struct {
	events map[string]int
	ended  map[string]bool
}

// Take checks the next message.
func (c *Calls) Take(m *Message) error {
	if c.events == nil {
		c.events, c.ended = make(map[string]int), make(map[string]bool)
	}
	if m.Method == "stream.event" {
		id := string(m.Params.ID)
		if c.ended[id] || m.Params.Seq != c.events[id] {
			return fmt.Errorf("event %d of %s, want event %d; answered: %v", m.Params.Seq, id, c.events[id], c.ended[id])
		}
		c.events[id]++
		return nil
	}
	if id := string(m.ID); m.Method == "" && id != "null" {
		// A request with an id in use is refused, and so the id answered twice.
		if c.ended[id] && m.Error == nil {
			return fmt.Errorf("a second answer to %s", id)
		}
		c.ended[id] = m.Error == nil || m.Error.Data.Type != "duplicate_id"
	}
	return nil
}

// Events returns the number of events of a call.
func (c *Calls) Events(id string) int { return c.events[id] }

// Renew allows an id to be used again after its answer.
func (c *Calls) Renew(id string) {
	delete(c.ended, id)
	delete(c.events, id)
}
