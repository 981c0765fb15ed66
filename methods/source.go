package methods

import (
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

// A source is where the events of a response come from: a stream over HTTP, or a
// socket.
type source interface {
	// Next returns the next event, valid until the next call, and io.EOF behind
	// the last one.
	Next() (*backend.Event, error)
	// onWait has a function called each time before Next waits.
	onWait(func() error)
	// strict reports whether a text that is no event ends the response.
	strict() bool
	// stray reports whether an event belongs to another response.
	stray(*event) bool
	// hear is told of each event that is about the exchange and not of the
	// response.
	hear(*event)
	// ended is called when the response is over, before its last event is
	// reported.
	ended(*collector)
	// interrupt has the response end, with what there is of it: by asking for
	// that, or by leave, which has the events end. It may be called while Next
	// waits.
	interrupt(leave func())
	Close() error
}

// lateEvents is how long the end of a stream is waited for after the event that
// completes the response. The backend ends it at once; to see that lets its
// connection be used again, and what it may say after all is passed on.
const lateEvents = 250 * time.Millisecond

// An httpSource is a stream of events over HTTP.
type httpSource struct {
	*backend.EventStream
	over bool
	late *time.Timer
}

func (h *httpSource) onWait(f func() error)  { h.OnWait = f }
func (h *httpSource) strict() bool           { return false }
func (h *httpSource) stray(*event) bool      { return false }
func (h *httpSource) hear(*event)            {}
func (h *httpSource) interrupt(leave func()) { leave() }

func (h *httpSource) ended(*collector) { h.over = true }

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
