package backend

import (
	"bytes"
	"io"
)

// MaxEventBytes bounds the size of a server-sent event. The largest known ones, a
// response.completed that repeats a long output, are far smaller.
const MaxEventBytes = 64 << 20

// ErrEventTooLarge is returned by [EventReader.Next] for an event of more than
// MaxEventBytes.
var ErrEventTooLarge = &Error{Kind: ErrConnection, Message: "the backend sent an event larger than 64 MiB"}

const (
	// The buffer begins small, which is all that a stream at the pace of a
	// model needs, and grows where a burst fills it: larger reads are fewer.
	// Servers write 32 KiB at once; the rest is for an event that the write
	// before has begun.
	eventBufferBytes = 4 << 10
	burstBufferBytes = 36 << 10
	// A buffer that one large event made grow is given back beyond this.
	eventBufferKept = 256 << 10
	// A buffer below this grows fourfold, so that a large event is copied less.
	eventBufferSteep = 1 << 20
	maxOpening       = 256 // bytes before the data that are remembered
)

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
	err error // sticky: why no more can be read

	// buf[start:end] is what is not yet returned; start is the first byte of
	// the event at hand. The offsets below count from start, so that moving
	// the bytes within buf leaves them true.
	buf        []byte
	start, end int

	pos     int  // start of the line at hand
	scanned int  // no line end stands between pos and here
	skipLF  bool // the last line ended in CR: a LF that follows belongs to it
	cr      bool // a CR may stand in buf[start:end]
	began   bool // the first line, which a byte order mark may precede, is read

	name   span
	data   span
	lines  int    // data lines of the event at hand
	joined []byte // data of more than one line

	event   Event  // that was returned last
	opening []byte // what stood before its data, unless that was unusual
}

type span struct{ from, to int }

// NewEventReader returns an EventReader that reads from r.
func NewEventReader(r io.Reader) *EventReader {
	return &EventReader{r: r, buf: make([]byte, eventBufferBytes)}
}

// Next returns the next event, which is valid until the next call. At the end
// of the stream the error is io.EOF; an incomplete event is dropped, as the
// standard requires.
func (e *EventReader) Next() (*Event, error) {
	e.discard()
	for {
		if e.again() {
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
				e.discard() // a comment: nothing of it is needed
			}
			continue
		}
		if e.lines == 0 {
			e.discard() // a blank line without data dispatches nothing
			continue
		}
		e.event = Event{e.bytes(e.name), e.bytes(e.data), true}
		if e.lines > 1 {
			e.event.Data = e.joined
		}
		e.learn()
		return &e.event, nil
	}
}

// learn notes what stands before the data of the event at hand, if another one
// that begins so can be read by again: one line of data, behind the name if
// there is one, and a space before it, since that is no part of the data.
func (e *EventReader) learn() {
	opening := e.buf[e.start : e.start+e.data.from]
	e.opening = e.opening[:0]
	if e.lines == 1 && e.name.to <= e.data.from && len(opening) <= maxOpening &&
		bytes.HasSuffix(opening, []byte(" ")) && !bytes.HasPrefix(opening, []byte(bom)) {
		e.opening = append(e.opening, opening...)
		e.event.Name = e.opening[e.name.from:e.name.to]
	}
}

// again takes the next event, of which nothing is scanned yet, if it is received
// whole and differs from the last one in its data alone, as most events of a
// stream do.
func (e *EventReader) again() bool {
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

// discard forgets the event at hand, up to pos.
func (e *EventReader) discard() {
	e.start += e.pos
	if e.pos > eventBufferKept { // its data is kept
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

// line returns the next whole line without its end, or false if its end has
// not been received.
func (e *EventReader) line() (span, bool) {
	b := e.buf[e.start:e.end]
	if e.skipLF && e.pos < len(b) {
		if b[e.pos] == '\n' {
			e.pos++
		}
		e.skipLF = false
	}
	if e.pos < len(b) && b[e.pos] == '\n' { // the blank line behind an event
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
	// A carriage return ends a line at once, whether or not a line feed
	// follows: waiting for the byte after it would delay the event.
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

// field takes one line that is not blank.
func (e *EventReader) field(line span) {
	var data bool
	switch b := e.bytes(line); {
	case bytes.HasPrefix(b, []byte("data:")):
		data = true
		line.from += len("data:")
	case bytes.HasPrefix(b, []byte("event:")):
		line.from += len("event:")
	case string(b) == "data": // a field without a colon is one without a value
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

// fill reads more bytes into the buffer, which it makes room in first.
func (e *EventReader) fill() error {
	if e.err != nil {
		return e.err
	}
	held := e.end - e.start
	size := len(e.buf)
	switch {
	case held >= MaxEventBytes:
		e.err = ErrEventTooLarge
		return e.err
	case held == size && burstBufferBytes <= size && size < eventBufferSteep:
		size *= 4
	case held == size:
		size = max(2*size, burstBufferBytes)
	case e.end == size && size < burstBufferBytes, held == 0 && size > eventBufferKept:
		size = burstBufferBytes
	}
	// What is held moves to the front where that is cheap, or needed.
	if size != len(e.buf) || held <= e.start || e.end == size {
		to := e.buf
		if size != len(to) {
			to = make([]byte, size)
		}
		copy(to, e.buf[e.start:e.end])
		e.buf, e.start, e.end = to, 0, held
	}
	if e.OnWait != nil {
		if err := e.OnWait(); err != nil {
			e.err = err
			return err
		}
	}
	n, err := e.r.Read(e.buf[e.end:])
	// Looked for here once, since hardly any stream has one.
	e.cr = bytes.IndexByte(e.buf[e.end:e.end+n], '\r') >= 0 || e.cr && held > 0
	e.end += n
	if err != nil {
		e.err = err
	}
	if n > 0 {
		return nil // what came with the error is looked at first
	}
	return err
}
