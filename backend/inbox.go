package backend

import (
	"context"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// The size of the messages that may be pending before reading stops.
	inboxBytes = 64 << 10
	// The size of the reads of a message.
	readBytes = 16 << 10
)

// An inbox is a queue of messages between the goroutine that reads them and the
// one that consumes them. It hands over all pending messages at once, and large
// ones without a copy.
type inbox struct {
	arrived chan struct{} // of capacity 1: there is a message, or the end
	emptied chan struct{} // of capacity 1: there is room, or the end
	ended   chan struct{} // closed at the end
	born    time.Time
	moved   atomic.Int64 // time of the last read, counted from born

	reading []byte // the message being read; only for the reader

	mu      sync.Mutex
	batch   messages // pending
	blocked bool     // the reader waits for room
	err     error    // why the inbox has ended

	taking messages    // being consumed; only for the consumer
	timer  *time.Timer // only for the consumer
}

// messages are concatenated messages.
type messages struct {
	text  []byte
	ends  []int // of each message in text
	taken int   // number of messages consumed
}

func newInbox() *inbox {
	return &inbox{arrived: make(chan struct{}, 1), emptied: make(chan struct{}, 1), ended: make(chan struct{}), born: time.Now()}
}

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// now returns the time since the inbox was created.
func (b *inbox) now() time.Duration { return time.Since(b.born) }

// receive reads a message and adds it, when there is room.
func (b *inbox) receive(r io.Reader) error {
	text := b.reading[:0]
	for {
		if len(text) == cap(text) {
			text = slices.Grow(text, max(len(text), 1<<10))
		}
		n, err := r.Read(text[len(text):min(cap(text), len(text)+readBytes)])
		text = text[:len(text)+n]
		b.moved.Store(int64(b.now()))
		if err == io.EOF {
			break
		} else if err != nil {
			return err
		}
	}
	b.reading = text
	for {
		done, err := b.put()
		if done || err != nil {
			return err
		}
		<-b.emptied
	}
}

// put adds the message in reading, unless there is no room.
func (b *inbox) put() (done bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	empty := len(b.batch.ends) == 0
	b.blocked = !empty && len(b.batch.text)+len(b.reading) > inboxBytes
	if b.blocked || b.err != nil {
		return false, b.err
	}
	if empty && len(b.reading) > readBytes {
		b.batch.text, b.reading = b.reading, b.batch.text
	} else {
		b.batch.text = append(b.batch.text, b.reading...)
	}
	b.batch.ends = append(b.batch.ends, len(b.batch.text))
	if cap(b.reading) > eventBufferKept {
		b.reading = nil
	}
	signal(b.arrived)
	return true, nil
}

// end ends the inbox with an error. Only the first call has an effect.
func (b *inbox) end(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return
	}
	b.err = err
	close(b.ended)
	signal(b.arrived)
	signal(b.emptied)
}

// failure returns the error that the inbox ended with, or nil.
func (b *inbox) failure() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// full reports whether the reader waits for room.
func (b *inbox) full() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.blocked
}

// take returns the next pending message, which is valid until the next call.
func (b *inbox) take() ([]byte, bool) {
	t := &b.taking
	if t.taken == len(t.ends) {
		if cap(t.text) > eventBufferKept {
			t.text = nil
		}
		*t = messages{text: t.text[:0], ends: t.ends[:0]}
		b.mu.Lock()
		b.taking, b.batch = b.batch, b.taking
		b.mu.Unlock()
		if len(t.ends) == 0 {
			return nil, false
		}
		signal(b.emptied)
	}
	from := 0
	if t.taken > 0 {
		from = t.ends[t.taken-1]
	}
	t.taken++
	return t.text[from:t.ends[t.taken-1]], true
}

// wait returns the next message, or an error: that of the context, errSilence if
// no byte was received for the limit, or that of the end.
func (b *inbox) wait(ctx context.Context, limit time.Duration) ([]byte, error) {
	var late <-chan time.Time
	start := b.now()
	if limit > 0 {
		if b.timer == nil {
			b.timer = time.NewTimer(limit)
		} else {
			b.timer.Reset(limit)
		}
		defer b.timer.Stop()
		late = b.timer.C
	}
	for {
		err := b.failure() // before take: messages received before the end are returned first
		if message, ok := b.take(); ok {
			return message, nil
		}
		if err != nil {
			return nil, err
		}
		select {
		case <-b.arrived:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-late:
			since := b.now() - max(start, time.Duration(b.moved.Load()))
			if since >= limit {
				return nil, errSilence
			}
			b.timer.Reset(limit - since)
		}
	}
}
