package rpc

import (
	"context"
	"slices"
	"sync"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	// The number of bytes of events per write; a pipe holds 64 KiB.
	eventBatchBytes = 60 << 10
	// The size up to which a call has a buffer of its own. The events of a burst
	// are in a shared one.
	fewEventsBytes = 2 << 10
)

// A burst is a buffer for the events of one write. Calls share them, since they
// write in turn: their own ones would have to be grown, and all of them would not
// fit the processor's cache.
type burst [eventBatchBytes + 4<<10]byte

var bursts = sync.Pool{New: func() any { return new(burst) }}

// Events reports the events of a running call to its client: each event becomes a
// stream.event notification with the id of the request and a sequence number that
// starts at 0. Events are sent in order, without a gap, and before the response.
//
// Its methods must not be called concurrently. The events of a notification, which
// has no id, are discarded.
type Events struct {
	ctx     context.Context
	out     *output
	dialect dialect
	head    []byte // of the next notification, up to the event
	seq     int    // index in head of the sequence number
	batch   []byte // frames to write, in own or in burst
	own     []byte
	burst   *burst // nil while the frames are in own
	err     error
	report  Reporter // instead of out, for a call made in process
}

func newEvents(ctx context.Context, out *output, d dialect, id []byte) *Events {
	e := &Events{ctx: ctx, out: out, dialect: d}
	if len(id) > 0 {
		e.head = append(e.head, `{"jsonrpc":"2.0","method":"stream.event","params":{"id":`...)
		e.head = append(e.head, id...)
		e.head = append(e.head, `,"seq":`...)
		e.seq = len(e.head)
		e.head = append(e.head, `0,"event":`...)
	}
	return e
}

// count increments the sequence number in place, which takes a tenth of the time of
// formatting it.
func (e *Events) count() {
	last := len(e.head) - len(`,"event":`) - 1
	i := last
	for ; i >= e.seq && e.head[i] == '9'; i-- {
		e.head[i] = '0'
	}
	if i < e.seq {
		e.head = slices.Insert(e.head, e.seq, '1')
	} else {
		e.head[i]++
	}
}

// Send queues an event. It is written by the next [Events.Flush], at the latest when
// the call ends, or by Send when the buffer is full. Send blocks while the client
// does not read.
//
// It returns an error if the call has ended: it was cancelled or the client is gone.
func (e *Events) Send(event rawjson.Value) error {
	if e.err == nil && e.report != nil {
		e.err = e.report.Event(event)
	}
	if e.err != nil || e.head == nil {
		return e.err
	}
	const end = "}}"
	text, ascii := event.ASCII()
	start := len(e.batch)
	if n := start + len(e.head) + len(text) + len(end); n > cap(e.batch) {
		e.grow(n)
	}
	b := append(e.batch, e.head...)
	e.count()
	if ascii && len(text) >= separateBytes {
		e.batch = beginFrame(b, start, len(b)-start+len(text)+len(end), e.dialect)
		return e.write(text, []byte(end+e.dialect.end()))
	}
	b = event.AppendTo(b)
	b = append(b, end...)
	e.batch = endFrame(b, start, e.dialect)
	if len(e.batch) < eventBatchBytes {
		return nil
	}
	return e.Flush()
}

// grow moves the queued events to a burst if n bytes of them are many, but fit.
func (e *Events) grow(n int) {
	if e.burst == nil && fewEventsBytes < n && n <= len(e.burst) {
		e.burst, e.own = bursts.Get().(*burst), e.batch
		e.batch = append(e.burst[:0], e.batch...)
	}
}

// Flush writes the queued events. It returns when they are written to the client's
// pipe.
func (e *Events) Flush() error {
	if e.err == nil && e.report != nil {
		e.err = e.report.Flush()
	}
	if e.err != nil || len(e.batch) == 0 {
		return e.err
	}
	return e.write()
}

// write writes the buffered events, followed by more.
func (e *Events) write(more ...[]byte) error {
	if e.err = e.out.acquire(e.ctx, false); e.err != nil {
		return e.err
	}
	// The call may have been cancelled while it waited: nothing is partially
	// written yet.
	if e.err = context.Cause(e.ctx); e.err == nil {
		e.err = e.out.write(append([][]byte{e.batch}, more...)...)
	}
	e.out.release()
	if e.burst != nil {
		bursts.Put(e.burst)
		e.batch, e.burst = e.own, nil
	}
	if e.batch = e.batch[:0]; cap(e.batch) > 2*fewEventsBytes { // grown for a large event
		e.batch = nil
	}
	return e.err
}

// Emit sends the JSON of one value and flushes.
func (e *Events) Emit(event any) error {
	v, err := rawjson.Marshal(event)
	if err != nil {
		return err
	}
	if err := e.Send(v); err != nil {
		return err
	}
	return e.Flush()
}
