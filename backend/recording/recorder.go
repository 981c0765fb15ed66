package recording

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	// queueLimit bounds the bytes that wait to be written.
	queueLimit = 64 << 20
	// recordCost is the overhead of a queued record.
	recordCost = 512
	// writeBytes is the size of a write if enough is queued.
	writeBytes = 256 << 10
	// closeTime is how long Close waits for one write.
	closeTime = time.Second
)

// Options describe the recorded session.
type Options struct {
	Version        string // of this program
	ChatGPTBaseURL string
	OpenAIBaseURL  string
	Logger         *slog.Logger // logs if the recording ends early; default none
}

// A Recorder writes a recording. It is safe for concurrent use; only
// [Recorder.Close] blocks.
type Recorder struct {
	secrets   redactor
	file      io.WriteCloser
	logger    *slog.Logger
	started   time.Time
	exchanges atomic.Int64 // the number of the last one

	mu      sync.Mutex
	filled  *sync.Cond
	queue   []entry
	queued  int // bytes, including those being written
	closed  bool
	stopped chan struct{} // not nil after stop; closed when that was logged
	writing time.Time     // start of the current write; zero for none
	done    chan struct{}
}

// An entry is a record whose bytes are not yet redacted.
type entry struct {
	record
	head []byte // of a frame: the headers
	data []byte
}

// Create creates a recording in a new file with mode 0600. If the file exists,
// the first free name with a number is used instead, such as bug.2.jsonl, and
// this is logged. Devices and pipes are written to.
func Create(path string, o Options) (*Recorder, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		file, err := openSpecial(path, info.Mode())
		if err != nil {
			return nil, err
		}
		return newRecorder(file, o), nil
	}
	file, err := createNew(path)
	if err != nil {
		return nil, err
	}
	// Regardless of the umask.
	if err := file.Chmod(0o600); err != nil {
		file.Close()
		return nil, err
	}
	r := newRecorder(file, o)
	if file.Name() != path {
		r.logger.Warn("the recording's file already exists; writing to another", "file", path, "recording", file.Name())
	}
	return r, nil
}

// readerTime is the time for a reader of a pipe to open it, as where a shell starts
// both.
const readerTime = 2 * time.Second

// openSpecial opens a device or a pipe for writing.
func openSpecial(path string, mode fs.FileMode) (*os.File, error) {
	for started := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		file, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NONBLOCK, 0)
		if mode&fs.ModeNamedPipe == 0 || !errors.Is(err, syscall.ENXIO) {
			return file, err
		}
		if time.Since(started) > readerTime {
			return nil, &fs.PathError{Op: "open", Path: path, Err: errors.New("the pipe has no reader")}
		}
	}
}

// maxNumber is the last number that createNew tries.
const maxNumber = 9999

// createNew creates a file that did not exist before.
func createNew(path string) (*os.File, error) {
	name, ending := path, filepath.Ext(path)
	for n := 2; ; n++ {
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if !errors.Is(err, os.ErrExist) || n > maxNumber {
			return file, err
		}
		name = fmt.Sprintf("%s.%d%s", strings.TrimSuffix(path, ending), n, ending)
	}
}

func newRecorder(file io.WriteCloser, o Options) *Recorder {
	r := &Recorder{
		file: file, logger: cmp.Or(o.Logger, slog.New(slog.DiscardHandler)), started: time.Now(), done: make(chan struct{}),
	}
	r.filled = sync.NewCond(&r.mu)
	r.put(entry{record: record{
		Type: typeHeader, Format: format, Version: o.Version, OS: runtime.GOOS + "/" + runtime.GOARCH,
		Time: r.started.UTC().Format(time.RFC3339), ChatGPTBaseURL: o.ChatGPTBaseURL, OpenAIBaseURL: o.OpenAIBaseURL,
	}})
	go r.write()
	return r
}

// A Frame is a message between the host and its client, as on the wire.
type Frame struct {
	From string // "client" or "host"
	// Head is the headers of a frame, if any. Their length is corrected if
	// redaction changes it.
	Head []byte
	Body []byte // at most FrameLimit bytes of it
	Size int64  // of the complete frame
}

// FrameLimit is the number of recorded bytes of a frame.
const FrameLimit = 16 << 20

// Frame records a frame. The recorder takes ownership of the slices.
func (r *Recorder) Frame(f Frame) {
	e := entry{record: record{Type: typeFrame, From: f.From}, head: f.Head, data: f.Body}
	if kept := int64(len(f.Head) + len(f.Body)); kept < f.Size {
		e.Size, e.Truncated = f.Size, true
	}
	r.put(e)
}

// Hide redacts secrets, in addition to the credentials of requests, from now on.
func (r *Recorder) Hide(secrets ...string) {
	for _, secret := range secrets {
		r.secrets.hide(secret)
	}
}

// put queues an entry.
func (r *Recorder) put(e entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped != nil || r.closed {
		return
	}
	if r.queued > queueLimit {
		r.stop(errors.New("it cannot be written as fast as it grows"))
		return
	}
	e.At = secondsOf(time.Since(r.started))
	r.queue = append(r.queue, e)
	r.queued += e.cost()
	r.filled.Signal()
}

func (e *entry) cost() int { return len(e.head) + len(e.data) + recordCost }

// stop ends the recording early. The caller holds the lock.
func (r *Recorder) stop(err error) {
	if r.stopped != nil {
		return
	}
	logged := make(chan struct{})
	r.stopped, r.queue = logged, nil
	r.filled.Signal()
	go func() { // logging may block
		r.logger.Warn("recording stopped", "error", err)
		close(logged)
	}()
}

// Close writes queued data and closes the file. It does not wait more than a
// second for a blocked write.
func (r *Recorder) Close() {
	r.mu.Lock()
	r.closed = true
	r.filled.Signal()
	r.mu.Unlock()
	for open := true; open; {
		select {
		case <-r.done:
			open = false
		case <-time.After(closeTime):
			if r.stuck() {
				return
			}
		}
	}
	r.mu.Lock()
	logged := r.stopped
	r.mu.Unlock()
	if logged != nil {
		select {
		case <-logged:
		case <-time.After(closeTime):
		}
	}
}

// stuck reports whether a write is blocked.
func (r *Recorder) stuck() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.writing.IsZero() && time.Since(r.writing) >= closeTime
}

// write writes the queue until the end.
func (r *Recorder) write() {
	defer close(r.done)
	defer r.file.Close()
	answers := make(map[int]*answer)
	var lines bytes.Buffer
	for {
		entries := r.take()
		if entries == nil {
			return
		}
		cost := 0
		for i := range entries {
			cost += entries[i].cost()
			r.encode(&lines, &entries[i], answers)
			entries[i] = entry{} // releases its memory
			if lines.Len() < writeBytes && i < len(entries)-1 {
				continue
			}
			if !r.flush(&lines, cost) {
				return // the last line may be incomplete
			}
			cost = 0
		}
	}
}

// take waits for entries and returns them, nil at the end.
func (r *Recorder) take() []entry {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.queue) == 0 {
		if r.closed || r.stopped != nil {
			return nil
		}
		r.filled.Wait()
	}
	entries := r.queue
	r.queue = nil
	return entries
}

// flush writes lines, removes their cost from the queue, and reports whether it
// succeeded.
func (r *Recorder) flush(lines *bytes.Buffer, cost int) bool {
	r.mu.Lock()
	r.writing = time.Now()
	r.mu.Unlock()
	_, err := r.file.Write(lines.Bytes())
	lines.Reset()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.writing = time.Time{}
	r.queued -= cost
	if err != nil {
		r.stop(err)
	}
	return err == nil
}

// encode appends an entry to lines. A chunk may be held back in its answer.
func (r *Recorder) encode(lines *bytes.Buffer, e *entry, answers map[int]*answer) {
	switch e.Type {
	case typeFrame:
		body := r.secrets.bytes(e.data)
		if len(body) != len(e.data) && !e.Truncated {
			e.head = withLength(e.head, len(body))
		}
		e.setBytes(append(e.head, body...))
	case typeRequest:
		e.URL, e.Header = r.secrets.address(e.URL), r.secrets.requestHeader(e.Header)
		e.setBytes(r.secrets.bytes(e.data))
	case typeResponse:
		answers[e.Exchange] = &answer{exchange: e.Exchange, redact: r.secrets.bytes, stream: isEventStream(e.Header) || e.Status == http.StatusSwitchingProtocols}
		e.Header = r.secrets.header(e.Header)
	case typeChunk:
		if a := answers[e.Exchange]; a != nil {
			a.add(lines, piece{e.At, e.data})
		}
		return
	case typeEnd:
		if a := answers[e.Exchange]; a != nil {
			a.end(lines)
			delete(answers, e.Exchange)
		}
		e.Error = r.secrets.text(e.Error)
	}
	e.appendTo(lines)
}

// withLength returns the headers of a frame with another length.
func withLength(head []byte, length int) []byte {
	from := bytes.IndexAny(head, "0123456789")
	if from < 0 {
		return head
	}
	digits := len(head[from:]) - len(bytes.TrimLeft(head[from:], "0123456789"))
	return fmt.Appendf(bytes.Clone(head[:from]), "%d%s", length, head[from+digits:])
}
