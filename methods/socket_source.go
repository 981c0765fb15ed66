package methods

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// interruptTimeout is how long to wait for the backend's answer to an interrupt
// and the end of the response.
const interruptTimeout = 5 * time.Second

// A socketSource is a response on a connection.
type socketSource struct {
	*conversation
	ctx     context.Context
	sockets *sockets
	frame   *createFrame
	lane    lane
	release func() bool // stops ctx from closing the connection; false if it already has
	kept    bool        // ctx no longer closes the connection

	early [][]byte // messages that begin has read
	err   error    // returned by Next after those, if not nil
	event backend.Event

	mu       sync.Mutex
	id       string // of the response
	over     bool   // the response has ended
	asked    bool   // the backend was asked to interrupt the response
	answered bool   // the backend has accepted the interrupt
	timeout  *time.Timer
	sends    sync.WaitGroup
}

// isSideEvent reports whether an event is about the connection or the account.
// Such events may precede the first event of a response.
func isSideEvent(kind string) bool {
	return kind == "response.metadata" || kind != "" && kind != "error" && !strings.HasPrefix(kind, "response.")
}

// maxEarly and maxEarlyBytes bound the events that are buffered before a response
// starts.
const (
	maxEarly      = 64
	maxEarlyBytes = 1 << 20
)

// begin reads up to the first event of the response and returns it, absent if it
// is not JSON.
func (s *socketSource) begin() (first rawjson.Value, err error) {
	held := 0
	for {
		text, err := s.conversation.Next(s.ctx)
		if err != nil {
			return first, err
		}
		text = append([]byte(nil), text...)
		first, err = rawjson.Parse(text)
		if err != nil {
			s.early = append(s.early, text)
			return rawjson.Value{}, nil
		}
		kind := typeOf(first)
		if s.endedBefore(kind, first) {
			continue
		}
		s.early = append(s.early, text)
		held += len(text)
		if isSideEvent(kind) && len(s.early) < maxEarly && held < maxEarlyBytes {
			continue
		}
		s.id, _ = first.Get("response").Get("id").Text()
		return first, nil
	}
}

// Next implements source.
func (s *socketSource) Next() (*backend.Event, error) {
	switch {
	case len(s.early) > 0:
		s.event.Data = s.early[0]
		s.early = s.early[1:]
		return &s.event, nil
	case s.err != nil:
		return nil, s.err
	case s.complete():
		return nil, io.EOF
	}
	text, err := s.conversation.Next(s.ctx)
	if err != nil {
		return nil, err
	}
	s.event.Data = text
	return &s.event, nil
}

// endedBefore reports whether an event is a duplicate of the end of the previous
// response on the connection. It must not end this one.
func (s *socketSource) endedBefore(kind string, event rawjson.Value) bool {
	switch kind {
	case "response.completed", "response.incomplete", "response.done", "response.failed":
		id := textOf(event.Get("response"), "id")
		return id != "" && id == s.last && id != s.id
	}
	return false
}

func (s *socketSource) stray(e *event) bool { return s.endedBefore(string(e.kind), *e.Value) }

// complete reports whether no more messages belong to this response.
func (s *socketSource) complete() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over && (!s.asked || s.answered)
}

func (s *socketSource) onWait(f func() error) { s.OnWait = f }
func (s *socketSource) strict() bool          { return true }

func (s *socketSource) interruptAnswered(e *event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch string(e.kind) {
	case "response.interrupt.accepted":
		s.answered = true
	case "response.interrupt.failed":
		// The response continues, and may be interrupted again.
		if s.asked {
			s.asked = false
			s.timeout.Stop()
		}
	}
}

// ended implements source. From now on a cancellation of the call does not close
// the connection: clients may leave when they have seen the last event.
func (s *socketSource) ended(c *collector) {
	s.from, s.kept = nil, s.release()
	id := textOf(c.final, "id")
	s.last = cmp.Or(id, s.id)
	switch {
	case c.failure.Kind() != 0 && !strings.HasPrefix(typeOf(c.failure), "response."):
		// The error is not an event of the response, which may continue.
		s.conversation.Close()
	case c.isInterrupted():
		s.from = s.frame.after(id, s.asInput(c.final.Get("output")))
	case c.failure.Kind() == 0 && c.endStatus() == "completed":
		s.from = s.frame.after(id, s.asInput(c.finalOutput()))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
}

// asInput returns the items of an output in the form in which they are sent as
// input.
func (s *socketSource) asInput(output rawjson.Value) rawjson.Value {
	var items rawjson.Array
	itemForm{lane: s.lane}.appendItems(&items, output)
	return items.Value()
}

// interrupt implements source. The backend's answer may arrive before or after the
// end of the response.
func (s *socketSource) interrupt(leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.over || s.asked:
		return
	case s.id == "":
		leave()
		return
	}
	s.asked = true
	s.timeout = time.AfterFunc(interruptTimeout, leave)
	text, _ := json.Marshal(map[string]string{"type": "response.interrupt", "response_id": s.id, "mode": "discard_partial_items"})
	// If sending fails, the connection is closed, and Next returns the error. The
	// call may end before that, which must not close the connection.
	s.sends.Go(func() { s.Send(context.WithoutCancel(s.ctx), text) })
}

// Close keeps the connection for the next call of the conversation if the response
// is complete, and closes it otherwise.
func (s *socketSource) Close() error {
	s.mu.Lock()
	if s.timeout != nil {
		s.timeout.Stop()
	}
	s.mu.Unlock()
	s.OnWait = nil
	if (s.kept || s.release()) && s.complete() {
		s.sends.Wait()
		s.sockets.keep(s.conversation)
		return nil
	}
	return s.conversation.Close()
}
