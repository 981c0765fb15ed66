package websocket

import (
	"bytes"
	"compress/flate"
	"io"
	"sync"
)

const (
	// compressedBytes is the size of the smallest message that is compressed. One
	// that fits into a packet would not arrive sooner.
	compressedBytes = 1 << 10
	// windowBytes is how far back compressed data may refer. windowRoom leaves room,
	// so that the window is not moved with each message.
	windowBytes = 32 << 10
	windowRoom  = 48 << 10
	// keptBytes is the size of the largest buffer that is reused.
	keptBytes = 1 << 20
	// flushed is the end of compressed data, which a message omits.
	flushed = "\x00\x00\xff\xff"
	// completed is appended to the data of a message: the omitted end, and an empty
	// last block, which distinguishes complete data from truncated data.
	completed = flushed + "\x01\x00\x00\xff\xff"
)

// A compressor compresses messages independently. It takes 1.2 MB, and 0.7 ms to
// create, and is shared by the connections.
type compressor struct {
	out   bytes.Buffer
	flate *flate.Writer
}

// spare keeps one compressor for the next message. A sync.Pool would be emptied by
// the garbage collection that an agent's call with a large history causes.
var spare = make(chan *compressor, 1)

func newCompressor() *compressor {
	select {
	case c := <-spare:
		return c
	default:
		// Higher levels take two to three times as long, and make compressed requests
		// at most a tenth smaller.
		w, _ := flate.NewWriter(nil, flate.BestSpeed)
		return &compressor{flate: w}
	}
}

func (c *compressor) release() {
	if c.out.Cap() > keptBytes {
		c.out = bytes.Buffer{}
	}
	select {
	case spare <- c:
	default:
	}
}

// compress returns the data of a message, which is valid until the release.
func (c *compressor) compress(text []byte) []byte {
	c.out.Reset()
	c.flate.Reset(&c.out)
	c.flate.Write(text) // cannot fail
	c.flate.Flush()
	return bytes.TrimSuffix(c.out.Bytes(), []byte(flushed))
}

// An inflated reads a compressed message.
type inflated struct {
	source   source
	limit    int64
	takeover bool   // whether messages refer to earlier ones
	window   []byte // the end of the earlier ones

	size  int64 // so far
	flate io.Reader
}

var inflaters = sync.Pool{New: func() any { return flate.NewReader(nil) }}

func (m *inflated) begin() {
	m.size, m.source.completed = 0, 0
	m.flate = inflaters.Get().(io.Reader)
	m.flate.(flate.Resetter).Reset(&m.source, m.past())
}

func (m *inflated) Read(b []byte) (int, error) {
	if m.flate == nil {
		return 0, io.EOF
	}
	n, err := m.flate.Read(b)
	if m.size += int64(n); m.size > m.limit {
		return 0, ErrTooBig
	}
	if m.takeover {
		m.keep(b[:n])
	}
	switch {
	case err == nil:
		return n, nil
	case m.source.payload.err != nil:
		return n, m.source.payload.err
	case err != io.EOF:
		return n, errCorrupt
	}
	inflaters.Put(m.flate)
	m.flate = nil
	if err := m.source.end(); err != nil {
		return n, err
	}
	return n, io.EOF
}

// past returns the text that a message may refer to.
func (m *inflated) past() []byte { return m.window[max(0, len(m.window)-windowBytes):] }

// keep adds a text to the window.
func (m *inflated) keep(text []byte) {
	if m.window == nil {
		m.window = make([]byte, 0, windowRoom)
	}
	text = text[max(0, len(text)-windowBytes):]
	if len(m.window)+len(text) > windowRoom {
		m.window = m.window[:copy(m.window, m.window[len(m.window)+len(text)-windowBytes:])]
	}
	m.window = append(m.window, text...)
}

var errCorrupt error = &ProtocolError{CodeInvalid, "a message whose compressed data is corrupt"}

// A source reads the data of a message, followed by completed.
type source struct {
	payload   *payload
	completed int // number of bytes read of completed
}

func (s *source) ReadByte() (byte, error) {
	if s.completed == 0 {
		if b, err := s.payload.ReadByte(); err != io.EOF {
			return b, err
		}
	}
	if s.completed == len(completed) {
		return 0, io.EOF
	}
	s.completed++
	return completed[s.completed-1], nil
}

func (s *source) Read(b []byte) (int, error) {
	if s.completed == 0 {
		if n, err := s.payload.Read(b); err != io.EOF {
			return n, err
		}
	}
	if s.completed == len(completed) {
		return 0, io.EOF
	}
	n := copy(b, completed[s.completed:])
	s.completed += n
	return n, nil
}

// end checks the data after the last block. If the server has sent a last block, the
// header of an empty block follows (RFC 7692, section 7.2.3.5).
func (s *source) end() error {
	if s.completed == len(completed) {
		return nil
	}
	for range 2 {
		b, err := s.payload.ReadByte()
		if err == io.EOF && s.completed == 0 {
			return nil
		}
		if b != 0 || err != nil {
			break
		}
	}
	if s.payload.err != nil {
		return s.payload.err
	}
	return errCorrupt
}
