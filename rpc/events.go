package rpc

import (
	"context"
	"strconv"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	// So many bytes of events are written at once; a pipe takes 64 KiB.
	eventBatchBytes = 60 << 10
	// A buffer that one large event made grow is given back beyond this.
	eventBatchKept = 128 << 10
)

// Events is how a running call reports to its client: each event becomes a
// notification stream.event that carries the id of the request and a number
// that counts from 0. They arrive in order and without a gap, and all of them
// before the response.
//
// Its methods must not be called from two goroutines at once. A call that came
// as a notification has no id to report to; its events go nowhere.
type Events struct {
	ctx     context.Context
	out     *output
	dialect dialect
	prefix  []byte // of a notification, up to the number
	seq     uint64
	batch   []byte // frames that are not yet written
	err     error
	report  Reporter // in place of out, for a call that is made in process
}

func newEvents(ctx context.Context, out *output, d dialect, id []byte) *Events {
	e := &Events{ctx: ctx, out: out, dialect: d}
	if len(id) > 0 {
		e.prefix = append(e.prefix, `{"jsonrpc":"2.0","method":"stream.event","params":{"id":`...)
		e.prefix = append(e.prefix, id...)
		e.prefix = append(e.prefix, `,"seq":`...)
	}
	return e
}

// Send queues an event. It is written by the next [Events.Flush], at the latest
// when the call ends, and by Send itself when much has gathered. While the
// client does not read, it waits, and with it whatever the events come from.
//
// The error says that the call is over: it was cancelled or the client is gone.
func (e *Events) Send(event rawjson.Value) error {
	if e.err == nil && e.report != nil {
		e.err = e.report.Event(event)
	}
	if e.err != nil || e.prefix == nil {
		return e.err
	}
	start := len(e.batch)
	b := append(e.batch, e.prefix...)
	b = strconv.AppendUint(b, e.seq, 10)
	b = append(b, `,"event":`...)
	e.seq++
	if text, ascii := event.ASCII(); ascii && len(text) >= separateBytes {
		const end = "}}"
		e.batch = beginFrame(b, start, len(b)-start+len(text)+len(end), e.dialect)
		return e.write(text, []byte(end+e.dialect.end()))
	}
	b = event.AppendTo(b)
	b = append(b, "}}"...)
	e.batch = endFrame(b, start, e.dialect)
	if len(e.batch) < eventBatchBytes {
		return nil
	}
	return e.Flush()
}

// Flush writes what was sent. It returns when the client's pipe has taken it.
func (e *Events) Flush() error {
	if e.err == nil && e.report != nil {
		e.err = e.report.Flush()
	}
	if e.err != nil || len(e.batch) == 0 {
		return e.err
	}
	return e.write()
}

// write writes what was sent, and behind it some more.
func (e *Events) write(more ...[]byte) error {
	if e.err = e.out.acquire(e.ctx, false); e.err != nil {
		return e.err
	}
	// A cancel may have come while the turn did: nothing was written yet, so
	// there is nothing to complete.
	if e.err = context.Cause(e.ctx); e.err == nil {
		e.err = e.out.write(append([][]byte{e.batch}, more...)...)
	}
	e.out.release()
	if e.batch = e.batch[:0]; cap(e.batch) > eventBatchKept {
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
