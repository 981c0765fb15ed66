package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

// A call is a request with its events and answers. The session's mutex guards it
// until it is answered.
type call struct {
	id        string // as JSON
	script    script
	exchange  *exchange
	cancelled bool
	due       int // number of answers expected: two if the request was sent twice
	events    int
	answers   []*rpctest.Message
	first     chan struct{} // closed with the first answer
	last      chan struct{} // closed with the last
}

func newCall(id string, s script, x *exchange) *call {
	return &call{id: id, script: s, exchange: x, due: 1, first: make(chan struct{}), last: make(chan struct{})}
}

// event checks one event.
func (c *call) event(l *ledger, m *rpctest.Message) {
	switch {
	case !c.script.stream:
		l.violate("call %s: an event without stream: true", c.id)
	case m.Params.Seq != c.events:
		l.violate("call %s: event %d, want %d", c.id, m.Params.Seq, c.events)
	case c.events >= c.script.total():
		l.violate("call %s: an event after the last: %.200q", c.id, m.Params.Event.Text)
	case !same(m.Params.Event.Text, c.script.event(c.events)):
		l.violate("call %s: event %d is %.200q, want %.200q", c.id, c.events, m.Params.Event.Text, c.script.event(c.events))
	}
	c.events++
}

// answer records an answer and reports whether it is the last.
func (c *call) answer(m *rpctest.Message) bool {
	c.answers = append(c.answers, m)
	if len(c.answers) == 1 {
		close(c.first)
	}
	if len(c.answers) < c.due {
		return false
	}
	close(c.last)
	return true
}

// check returns the first fault of the answers, or "". All of them have arrived.
func (c *call) check() string {
	answers := c.answers
	if c.due == 2 {
		// The backend answers only after the first answer has arrived, which
		// must therefore be the refusal of one of the two.
		switch kind := answers[0].Outcome(); {
		case kind == "-32600 duplicate_id", c.overloaded(0):
		default:
			return "two requests with one id: the first answer is " + kind
		}
		answers = answers[1:]
	}
	if fault := c.checkAnswer(answers[0]); fault != "" {
		return fmt.Sprintf("call %s, %s: %s", c.id, c.script.ending, fault)
	}
	return ""
}

// overloaded reports whether answer i is a retryable refusal.
func (c *call) overloaded(i int) bool {
	m := c.answers[i]
	return m.Error != nil && m.Outcome() == "-32001 overloaded" && *m.Error.Data.Retryable && m.Error.Data.RetryAfterMS > 0
}

func (c *call) checkAnswer(m *rpctest.Message) string {
	s, kind := &c.script, m.Outcome()
	_, attempts := c.exchange.idleAndAttempts()
	switch {
	case kind == "-32800 cancelled" && c.cancelled:
		return ""
	case c.overloaded(len(c.answers) - 1):
		if c.events > 0 || attempts > 0 {
			return "it was refused after it had begun"
		}
		return ""
	case s.ending == reset && kind == "-32010 connection_error" && attempts > 1:
		return "" // the reset overtook the response head
	}
	if want, tries := s.outcome(attempts); kind != want || attempts != tries {
		fault := fmt.Sprintf("the answer is %s after %d attempts, want %s after %d", kind, attempts, want, tries)
		if m.Error != nil {
			fault += ": " + m.Error.Message
		}
		return fault
	}
	switch {
	case kind == "result":
		return c.checkResult(m)
	case kind == "-32013 response_failed":
		if e := m.Error.Data.Error; e == nil || e.Message != s.failureMessage() {
			return "the backend's message is missing"
		}
		return c.checkEvents(s.total())
	case s.ending == reset: // which may overtake data sent before it
		return c.checkPartial(m, -1)
	case kind == "-32011 timeout", kind == "-32012 stream_interrupted":
		return c.checkPartial(m, s.sent)
	}
	return ""
}

func (c *call) checkEvents(want int) string {
	if c.script.stream && c.events != want {
		return fmt.Sprintf("%d events, want %d", c.events, want)
	}
	return ""
}

// checkResult checks the answer of a call that succeeds.
func (c *call) checkResult(m *rpctest.Message) string {
	if c.script.plain {
		if !same(m.Result, c.script.embedding()) {
			return fmt.Sprintf("the result is %.200q", m.Result)
		}
		return ""
	}
	var r struct {
		ID         string
		Status     ending
		OutputText string `json:"output_text"`
	}
	if err := json.Unmarshal(m.Result, &r); err != nil {
		return err.Error()
	}
	if r.ID != c.script.id() || r.Status != c.script.finalStatus() || r.OutputText != c.script.text(c.script.deltas) {
		return fmt.Sprintf("the result is %.200q", m.Result)
	}
	return c.checkEvents(c.script.total())
}

// checkPartial checks the answer of a stream that broke off after the given
// number of events, or after any number if sent is -1.
func (c *call) checkPartial(m *rpctest.Message, sent int) string {
	if m.Error.Data.Partial == nil {
		return "the partial response is missing"
	}
	text := m.Error.Data.Partial.OutputText
	switch {
	case sent >= 0:
	case c.script.stream:
		sent = c.events
	default:
		if !strings.HasPrefix(c.script.text(c.script.deltas), text) {
			return fmt.Sprintf("the partial response is %.200q", text)
		}
		return ""
	}
	if want := c.script.text(min(max(sent-1, 0), c.script.deltas)); text != want {
		return fmt.Sprintf("the partial response is %.200q, want %.200q", text, want)
	}
	return c.checkEvents(sent)
}

// same reports whether two JSON texts are equal except for escapes, white space
// and the order of members. Numbers are compared by their digits.
func same(a, b []byte) bool {
	x, errX := canonical(a)
	y, errY := canonical(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func canonical(text []byte) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return nil, err
	}
	return json.Marshal(v)
}
