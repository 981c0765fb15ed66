package backend

import (
	"bytes"
	"io"
	"sync"
)

// MaxEventBytes bounds the size of a server-sent event. The largest known ones, a
// response.completed that repeats a long output, are far smaller.
const MaxEventBytes = 64 << 20

// ErrEventTooLarge is returned by [EventReader.Next] for an event of more than
// MaxEventBytes.
var ErrEventTooLarge = &Error{Kind: ErrConnection, Message: "the backend sent an event larger than 64 MiB"}

const (
	// The buffer is small as long as it is enough, as for a stream at the speed of
	// a model, and grows if a burst fills it, for fewer and larger reads. Servers
	// write 32 KiB at once; the rest is for an event that started in the previous
	// write.
	eventBufferBytes = 2 << 10
	burstBufferBytes = 36 << 10
	// After as many small reads a burst is over. The reads of one whose events are
	// written separately vary.
	slowReads = 16
	// A buffer beyond this, grown for one large event, is released.
	eventBufferKept = 256 << 10
	// A buffer below this grows fourfold, so that a large event is copied less.
	eventBufferSteep = 1 << 20
	maxOpening       = 256 // length of the longest opening that is remembered
)

// A readBuffer is the buffer of a burst. Streams share them.
type readBuffer [burstBufferBytes]byte

var readBuffers = sync.Pool{New: func() any { return new(readBuffer) }}

const bom = "\xef\xbb\xbf" // the byte order mark

// An Event is one server-sent event that carries data.
type Event struct {
	Name []byte // the event field, empty if there was none
	Data []byte // the data lines, joined by a line feed

	fromReader bool
}

// Kept reports whether the data of the event stays valid after the next call,
// so that it need not be copied, as for large events of an [EventReader].
func (e *Event) Kept() bool { return e.fromReader && len(e.Data) > eventBufferKept }

// An EventReader reads server-sent events by the rules of the WHATWG HTML
// standard, section 9.2: an optional byte order mark, lines ended by CR, LF or
// CRLF, comments, data on several lines, and no event for a truncated one at
// the end of the stream. The fields id and retry are ignored: a response stream
// cannot be resumed.
//
// Reading an event whose data is on one line neither allocates nor copies, and
// takes time linear in the bytes, however they are split into reads.
type EventReader struct {
	// OnWait, if set, is called before each read of the underlying reader,
	// after all buffered events were returned; it is the place to flush output.
	// An error ends the reading and is returned by Next.
	OnWait func() error

	r   io.Reader
	err error // sticky read error

	// buf[start:end] is the unread part of the buffer; start is the first byte of
	// the current event. The offsets below count from start, so that they stay
	// valid when the bytes move within buf.
	buf        []byte
	start, end int
	own        []byte      // the small buffer
	shared     *readBuffer // the array of buf, or nil
	slow       int         // number of last reads that would have fit the small buffer

	pos     int  // start of the current line
	scanned int  // there is no line end between pos and here
	skipLF  bool // the last line ended in CR: a following LF belongs to it
	cr      bool // buf[start:end] may contain a CR
	began   bool // the first line, which may start with a byte order mark, was read

	name   span
	data   span
	lines  int    // data lines of the current event
	joined []byte // data of more than one line

	event   Event  // the last one returned
	opening []byte // the bytes before its data, empty if repeat cannot use them
}

type span struct{ from, to int }

// NewEventReader returns an EventReader that reads from r.
func NewEventReader(r io.Reader) *EventReader {
	own := make([]byte, eventBufferBytes)
	return &EventReader{r: r, buf: own, own: own}
}

// Next returns the next event, which is valid until the next call. At the end
// of the stream the error is io.EOF; an incomplete event is dropped, as the
// standard requires.
func (e *EventReader) Next() (*Event, error) {
	e.discard()
	for {
		if e.repeat() {
			return &e.event, nil
		}
		line, ok := e.line()
		if !ok {
			if err := e.fill(); err != nil {
				return nil, err
			}
			continue
		}
		if line.from < line.to {
			e.field(line)
			if e.lines == 0 && e.name.to == 0 {
				e.discard() // a comment
			}
			continue
		}
		if e.lines == 0 {
			e.discard() // an event without data is not dispatched
			continue
		}
		e.event = Event{e.bytes(e.name), e.bytes(e.data), true}
		if e.lines > 1 {
			e.event.Data = e.joined
		}
		e.remember()
		return &e.event, nil
	}
}

// remember keeps the opening of the current event if repeat can read another one
// with the same opening: the data is one line after the name, if any, and a space
// precedes it, since that is not part of the data.
func (e *EventReader) remember() {
	opening := e.buf[e.start : e.start+e.data.from]
	e.opening = e.opening[:0]
	if e.lines == 1 && e.name.to <= e.data.from && len(opening) <= maxOpening &&
		bytes.HasSuffix(opening, []byte(" ")) && !bytes.HasPrefix(opening, []byte(bom)) {
		e.opening = append(e.opening, opening...)
		e.event.Name = e.opening[e.name.from:e.name.to]
	}
}

// repeat reads the next event, nothing of which was scanned yet, if it is complete
// in the buffer and differs from the last one only in its data, as most events of
// a stream do.
func (e *EventReader) repeat() bool {
	b := e.buf[e.start:e.end]
	if len(e.opening) == 0 || e.scanned > 0 || e.cr || e.skipLF || !bytes.HasPrefix(b, e.opening) {
		return false
	}
	data := b[len(e.opening):]
	n := bytes.IndexByte(data, '\n')
	if n < 0 || n+1 == len(data) || data[n+1] != '\n' {
		return false
	}
	e.event.Data = data[:n]
	e.pos = len(e.opening) + n + 2
	return true
}

// discard removes the current event, up to pos.
func (e *EventReader) discard() {
	e.start += e.pos
	if e.pos > eventBufferKept { // see Event.Kept
		e.buf = e.buf[e.start:]
		e.start, e.end = 0, e.end-e.start
	}
	e.pos, e.scanned, e.lines = 0, 0, 0
	e.name, e.data = span{}, span{}
	if e.joined = e.joined[:0]; cap(e.joined) > eventBufferKept {
		e.joined = nil
	}
}

func (e *EventReader) bytes(s span) []byte { return e.buf[e.start+s.from : e.start+s.to] }

// line returns the next line without its end, or false if it is incomplete.
func (e *EventReader) line() (span, bool) {
	b := e.buf[e.start:e.end]
	if e.skipLF && e.pos < len(b) {
		if b[e.pos] == '\n' {
			e.pos++
		}
		e.skipLF = false
	}
	if e.pos < len(b) && b[e.pos] == '\n' { // the blank line after an event
		blank := span{e.pos, e.pos}
		e.pos++
		e.scanned, e.began = e.pos, true
		return blank, true
	}
	from := max(e.pos, e.scanned)
	end := len(b)
	if i := bytes.IndexByte(b[from:], '\n'); i >= 0 {
		end = from + i
	}
	next := end + 1
	// A carriage return ends a line whether or not a line feed follows: waiting
	// for the next byte would delay the event.
	if e.cr {
		if i := bytes.IndexByte(b[from:end], '\r'); i >= 0 {
			end = from + i
			next = end + 1
			e.skipLF = true
		}
	}
	if end == len(b) {
		e.scanned = len(b)
		return span{}, false
	}
	line := span{e.pos, end}
	e.pos, e.scanned = next, next
	if !e.began {
		e.began = true
		if bytes.HasPrefix(e.bytes(line), []byte(bom)) {
			line.from += len(bom)
		}
	}
	return line, true
}

// field parses a line that is not blank.
func (e *EventReader) field(line span) {
	var data bool
	switch b := e.bytes(line); {
	case bytes.HasPrefix(b, []byte("data:")):
		data = true
		line.from += len("data:")
	case bytes.HasPrefix(b, []byte("event:")):
		line.from += len("event:")
	case string(b) == "data": // a field without a colon has an empty value
		data = true
		line.from = line.to
	case string(b) == "event":
		line.from = line.to
	default:
		return
	}
	if line.from < line.to && e.buf[e.start+line.from] == ' ' {
		line.from++
	}
	if !data {
		e.name = line
		return
	}
	switch e.lines {
	case 0:
		e.data = line
	case 1:
		e.joined = append(e.joined[:0], e.bytes(e.data)...)
		fallthrough
	default:
		e.joined = append(e.joined, '\n')
		e.joined = append(e.joined, e.bytes(line)...)
	}
	e.lines++
}

// fill makes room in the buffer and reads more bytes into it.
func (e *EventReader) fill() error {
	if e.err != nil {
		return e.fail(e.err)
	}
	held := e.end - e.start
	size := len(e.buf)
	switch {
	case held >= MaxEventBytes:
		return e.fail(ErrEventTooLarge)
	case held == size && burstBufferBytes <= size && size < eventBufferSteep:
		size *= 4
	case held == size:
		size = max(2*size, burstBufferBytes)
	case held == 0 && e.slow >= slowReads:
		size = eventBufferBytes
	case e.end == size && size < burstBufferBytes, held == 0 && size > eventBufferKept:
		size = burstBufferBytes
	}
	// The unread bytes move to the front if that is cheap or necessary.
	if size != len(e.buf) || held <= e.start || e.end == size {
		e.move(size)
	}
	if e.OnWait != nil {
		if err := e.OnWait(); err != nil {
			return e.fail(err)
		}
	}
	n, err := e.r.Read(e.buf[e.end:])
	// Searched once here, since few streams have one.
	e.cr = bytes.IndexByte(e.buf[e.end:e.end+n], '\r') >= 0 || e.cr && held > 0
	e.end += n
	if e.slow++; n >= eventBufferBytes {
		e.slow = 0
	}
	if n > 0 {
		e.err = err // these bytes precede it
		return nil
	}
	if err != nil {
		return e.fail(err)
	}
	return nil
}

// move moves the unread bytes to the front of a buffer of a size, which may be the
// current one.
func (e *EventReader) move(size int) {
	to, shared := e.buf, e.shared
	if size != len(to) {
		switch size {
		case eventBufferBytes:
			to, shared = e.own, nil
		case burstBufferBytes:
			shared = readBuffers.Get().(*readBuffer)
			to = shared[:]
		default:
			to, shared = make([]byte, size), nil
		}
	}
	held := copy(to, e.buf[e.start:e.end])
	if e.shared != nil && e.shared != shared {
		readBuffers.Put(e.shared)
	}
	e.buf, e.shared, e.start, e.end = to, shared, 0, held
}

// fail ends the reading with an error. An incomplete event is dropped.
func (e *EventReader) fail(err error) error {
	e.err = err
	e.pos = e.end - e.start
	e.discard()
	e.move(eventBufferBytes)
	return err
}
