package methods

import (
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

// A source is a stream of the events of a response, over HTTP or a WebSocket.
type source interface {
	// Next returns the next event, valid until the next call, or io.EOF.
	Next() (*backend.Event, error)
	// onWait sets a function that Next calls before it waits.
	onWait(func() error)
	// strict reports whether a message that is not an event ends the stream.
	strict() bool
	// stray reports whether an event belongs to another response.
	stray(*event) bool
	// interruptAnswered handles the backend's answer to an interrupt.
	interruptAnswered(*event)
	// ended is called when the response has ended, before its last event is
	// reported.
	ended(*collector)
	// interrupt ends the response early: through the backend, or with leave, which
	// ends the stream. It may be called concurrently with Next.
	interrupt(leave func())
	Close() error
}

// lateEvents bounds the wait for the end of a stream after the event that ends
// the response. The backend usually ends the stream at once. Reading that end
// allows the connection to be reused, and late events are passed on.
const lateEvents = 250 * time.Millisecond

// An httpSource is a stream of events over HTTP.
type httpSource struct {
	*backend.EventStream
	over bool
	late *time.Timer
}

func (h *httpSource) onWait(f func() error)    { h.OnWait = f }
func (h *httpSource) strict() bool             { return false }
func (h *httpSource) stray(*event) bool        { return false }
func (h *httpSource) interruptAnswered(*event) {}
func (h *httpSource) ended(*collector)         { h.over = true }
func (h *httpSource) interrupt(leave func())   { leave() }

// Next implements source.
func (h *httpSource) Next() (*backend.Event, error) {
	if h.over && h.late == nil {
		h.late = time.AfterFunc(lateEvents, func() { h.EventStream.Close() })
	}
	return h.EventStream.Next()
}

// Close implements io.Closer.
func (h *httpSource) Close() error {
	if h.late != nil {
		h.late.Stop()
	}
	return h.EventStream.Close()
}
