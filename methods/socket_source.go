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

// interruptTime is how long the backend has to end a response that is
// interrupted, and to say so.
const interruptTime = 5 * time.Second

// A socketSource is a response on a connection.
type socketSource struct {
	*conversation
	ctx     context.Context
	sockets *sockets
	frame   *createFrame
	lane    lane
	release func() bool // of what closes the connection when ctx ends; false if it was
	kept    bool        // the end of ctx no longer closes the connection

	early [][]byte // messages that were read before those of the connection
	err   error    // that stands in place of further messages
	event backend.Event

	mu       sync.Mutex
	id       string // of the response
	over     bool   // it has ended
	asked    bool   // the backend is asked to interrupt it
	answered bool   // and has answered
	patience *time.Timer
	sends    sync.WaitGroup
}

// isSideEvent reports whether an event is about the connection or the account, and
// may come before the first event of a response.
func isSideEvent(kind string) bool {
	return kind == "response.metadata" || kind != "" && kind != "error" && !strings.HasPrefix(kind, "response.")
}

// maxEarly and maxEarlyBytes bound the events that are held until a response
// begins.
const (
	maxEarly      = 64
	maxEarlyBytes = 1 << 20
)

// begin reads up to the first event of the response and returns it, if it can be
// read as one.
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
		kind, _ := first.Get("type").Text()
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

// endedBefore reports whether an event ends the response that came before on the
// connection, and has come again. Were it taken, that response would be returned
// for this one.
func (s *socketSource) endedBefore(kind string, event rawjson.Value) bool {
	switch kind {
	case "response.completed", "response.incomplete", "response.done", "response.failed":
		id, _ := event.Get("response").Get("id").Text()
		return id != "" && id == s.last && id != s.id
	}
	return false
}

func (s *socketSource) stray(e *event) bool { return s.endedBefore(string(e.kind), *e.Value) }

// complete reports whether nothing more belongs to this response.
func (s *socketSource) complete() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.over && (!s.asked || s.answered)
}

func (s *socketSource) onWait(f func() error) { s.OnWait = f }
func (s *socketSource) strict() bool          { return true }

func (s *socketSource) hear(e *event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch string(e.kind) {
	case "response.interrupt.accepted":
		s.answered = true
	case "response.interrupt.failed":
		// The response goes on, and what is said of it is not lost. It may be
		// interrupted again.
		if s.asked {
			s.asked = false
			s.patience.Stop()
		}
	}
}

// ended implements source. A client may leave the call once it has seen the last
// event; the connection is then still good for the next one.
func (s *socketSource) ended(c *collector) {
	s.from, s.kept = nil, s.release()
	id, _ := c.final.Get("id").Text()
	s.last = cmp.Or(id, s.id)
	switch {
	case c.failure.Kind() != 0 && !strings.HasPrefix(typeOf(c.failure), "response."):
		// An error that is not of the response: whether more of that comes is
		// not known.
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

// asInput returns items of an output as they are sent when they come back.
func (s *socketSource) asInput(output rawjson.Value) rawjson.Value {
	var items rawjson.Array
	appendItems(&items, output, s.lane)
	return items.Value()
}

// interrupt implements source. The backend's answer and the event that ends the
// response come in any order.
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
	s.patience = time.AfterFunc(interruptTime, leave)
	text, _ := json.Marshal(map[string]string{"type": "response.interrupt", "response_id": s.id, "mode": "discard_partial_items"})
	// If it fails, the connection is closed, and Next says so. The call may be over
	// before it returns, and does not end the connection then.
	s.sends.Go(func() { s.Send(context.WithoutCancel(s.ctx), text) })
}

// Close keeps the connection for the next call of the conversation, if nothing
// more is to come on it, and closes it otherwise.
func (s *socketSource) Close() error {
	s.mu.Lock()
	if s.patience != nil {
		s.patience.Stop()
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
