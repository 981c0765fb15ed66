package stdio

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"time"
)

// logLimit bounds the buffered lines while standard error is not read.
const logLimit = 256 << 10

// A Log is a writer of log lines that never blocks. When its buffer is full,
// lines are dropped, and their number is logged later.
type Log struct {
	w io.Writer

	mu      sync.Mutex
	pending bytes.Buffer
	dropped int
	writing bool
	idle    chan struct{} // closed when nothing is pending
}

// NewLog returns a Log that writes to w.
func NewLog(w io.Writer) *Log { return &Log{w: w} }

// Write writes a line. It always succeeds.
func (l *Log) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pending.Len()+len(line) > logLimit {
		l.dropped++
		return len(line), nil
	}
	l.pending.Write(line)
	if !l.writing {
		l.writing = true
		l.idle = make(chan struct{})
		go l.write()
	}
	return len(line), nil
}

func (l *Log) write() {
	for {
		l.mu.Lock()
		if l.dropped > 0 && l.pending.Len() < logLimit/2 {
			fmt.Fprintf(&l.pending, "level=WARN msg=\"log lines were dropped: stderr was not read\" lines=%d\n", l.dropped)
			l.dropped = 0
		}
		lines := bytes.Clone(l.pending.Bytes())
		l.pending.Reset()
		if len(lines) == 0 {
			l.writing = false
			close(l.idle)
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		l.w.Write(lines)
	}
}

// Flush waits until buffered lines are written, at most for the limit.
func (l *Log) Flush(limit time.Duration) {
	l.mu.Lock()
	writing, idle := l.writing, l.idle
	l.mu.Unlock()
	if !writing {
		return
	}
	select {
	case <-idle:
	case <-time.After(limit):
	}
}
