// Package websocket implements WebSocket clients: messages (RFC 6455), optionally
// compressed (permessage-deflate, RFC 7692), on a connection that an HTTP client has
// upgraded.
//
// An idle connection keeps a read buffer of 4 KiB and, if the server compresses with
// context takeover, 48 KiB for the texts that it may refer to. All other memory for
// compression is shared by the connections.
package websocket

import (
	"bufio"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// A Conn is an open WebSocket. One goroutine at a time may call Next and read its
// message; the other methods may be called concurrently. After an error the
// connection cannot be used. The caller closes it.
type Conn struct {
	stream io.ReadWriter
	limit  int64 // of a received message, in bytes
	agreed Agreement

	in     *bufio.Reader
	frames payload  // of that message
	plain  inflated // the same, if it is compressed

	writing chan struct{} // of capacity 1: held while a frame is written
	left    bool          // a close frame was written; guarded by writing
	pong    atomic.Pointer[[]byte]
}

// The kinds of messages, and of control frames.
const (
	continued byte = 0
	Text      byte = 1
	Binary    byte = 2
	closing   byte = 8
	ping      byte = 9
	pong      byte = 10
)

// Codes of RFC 6455, section 7.4.1.
const (
	CodeNormal      = 1000
	CodeProtocol    = 1002
	CodeUnsupported = 1003
	codeNone        = 1005
	CodeInvalid     = 1007
	CodePolicy      = 1008
	CodeTooBig      = 1009
	CodeExtension   = 1010
)

// A CloseError is the end of a connection that the server has closed.
type CloseError struct {
	Code   int // 1005 if there was none
	Reason string
}

func (e *CloseError) Error() string { return fmt.Sprintf("closed with code %d: %q", e.Code, e.Reason) }

// A ProtocolError means that the server has violated the protocol.
type ProtocolError struct {
	Code int    // for the close frame
	What string // such as "a masked frame"
}

func (e *ProtocolError) Error() string { return "the server sent " + e.What }

func violation(what string) error { return &ProtocolError{CodeProtocol, what} }

var (
	// ErrTooBig means that a message is larger than the limit, after decompression.
	ErrTooBig = errors.New("a message is too large")
	// ErrLeft means that nothing can be sent after Leave.
	ErrLeft = errors.New("a close frame was sent")
)

// New returns a Conn on a stream. The limit is the size of the largest message that
// can be received.
func New(stream io.ReadWriter, agreed Agreement, limit int64) *Conn {
	c := &Conn{stream: stream, limit: limit, agreed: agreed, in: bufio.NewReader(stream), writing: make(chan struct{}, 1)}
	c.plain = inflated{source: source{payload: &c.frames}, limit: limit, takeover: agreed.takeover}
	return c
}

// Next waits for a message, answering pings, and returns its kind and its text,
// which must be read to the end before the next call. Errors of Next and of reading
// the text are [ErrTooBig], a [*CloseError], a [*ProtocolError] and those of the
// stream, including io.EOF.
func (c *Conn) Next() (kind byte, text io.Reader, err error) {
	c.frames = payload{conn: c, room: c.limit}
	first, err := c.frames.advance(true)
	if err != nil {
		return 0, nil, err
	}
	// Empty compressed data is an empty text to zlib, though one byte is correct.
	if first.compressed && (first.length > 0 || !first.final) {
		c.plain.begin()
		return first.kind, &c.plain, nil
	}
	return first.kind, &c.frames, nil
}

// Send sends a text message.
func (c *Conn) Send(text []byte) error {
	head := Text | final
	if c.agreed.compressed && !c.agreed.narrow && len(text) >= compressedBytes {
		packer := newCompressor()
		defer packer.release()
		if packed := packer.compress(text); len(packed) < len(text) {
			head, text = head|compressed, packed
		}
	}
	c.writing <- struct{}{}
	defer c.written()
	return c.write(head, text)
}

// Ping sends a ping, unless another frame is being sent.
func (c *Conn) Ping() error { return c.control(ping, nil) }

// Leave sends a close frame, unless another frame is being sent. Err is the error of
// Next that ends the connection, or nil to start the closing handshake, whose end is
// an error of Next. Leave sends nothing after an error of the stream.
func (c *Conn) Leave(err error) error {
	code := CodeNormal
	var closed *CloseError
	var wrong *ProtocolError
	switch {
	case err == nil:
	case err == ErrTooBig:
		code = CodeTooBig
	case errors.As(err, &wrong):
		code = wrong.Code
	case !errors.As(err, &closed):
		return err
	case closed.Code != codeNone:
		code = closed.Code
	}
	return c.control(closing, binary.BigEndian.AppendUint16(nil, uint16(code)))
}

// control sends a control frame, unless another frame is being sent.
func (c *Conn) control(kind byte, text []byte) error {
	select {
	case c.writing <- struct{}{}:
		defer c.written()
		return c.write(kind|final, text)
	default:
		return nil
	}
}

// written releases writing, and answers a ping that was received meanwhile.
func (c *Conn) written() {
	<-c.writing
	c.answerPing()
}

// answerPing sends a pending pong. If another frame is being sent, the pong is sent
// after it, so that reading does not wait for writing.
func (c *Conn) answerPing() {
	for c.pong.Load() != nil {
		select {
		case c.writing <- struct{}{}:
			if text := c.pong.Swap(nil); text != nil {
				c.write(pong|final, *text) // an error is the next one of the stream
			}
			<-c.writing
		default:
			return
		}
	}
}

// A piece is the buffer for a write. A large message takes several writes, so that
// progress is visible on a slow network.
type piece [32 << 10]byte

var pieces = sync.Pool{New: func() any { return new(piece) }}

// write writes a frame.
func (c *Conn) write(head byte, text []byte) error {
	if c.left {
		return ErrLeft
	}
	c.left = head == closing|final
	buffer := pieces.Get().(*piece)
	defer pieces.Put(buffer)
	b := appendLength(append(buffer[:0], head), len(text))
	b[1] |= masked
	var key [4]byte
	rand.Read(key[:])
	b = append(b, key[:]...)
	for at := 0; ; {
		n := min(len(text)-at, len(buffer)-len(b))
		b = append(b, text[at:at+n]...)
		mask(b[len(b)-n:], key, at)
		if _, err := c.stream.Write(b); err != nil {
			return err
		}
		if at += n; at == len(text) {
			return nil
		}
		b = buffer[:0]
	}
}

// mask masks b, which is at this offset of the text.
func mask(b []byte, key [4]byte, at int) {
	var turned [8]byte
	for i := range turned {
		turned[i] = key[(at+i)%4]
	}
	word := binary.NativeEndian.Uint64(turned[:])
	for ; len(b) >= 8; b = b[8:] {
		binary.NativeEndian.PutUint64(b, binary.NativeEndian.Uint64(b)^word)
	}
	for i := range b {
		b[i] ^= turned[i]
	}
}

// handleControl handles a control frame.
func (c *Conn) handleControl(h header) error {
	if h.length > 125 || h.compressed || !h.final {
		return violation("a control frame that is too long, compressed or fragmented")
	}
	text := make([]byte, h.length)
	if _, err := io.ReadFull(c.in, text); err != nil {
		return unexpected(err)
	}
	switch h.kind {
	case ping:
		c.pong.Store(&text)
		c.answerPing()
	case closing:
		if len(text) == 0 {
			return &CloseError{Code: codeNone}
		}
		if len(text) == 1 || !utf8.Valid(text[2:]) {
			return violation("a malformed close frame")
		}
		code := int(binary.BigEndian.Uint16(text))
		if code < 1000 || code > 4999 || code >= 1004 && code <= 1006 || code >= 1015 && code < 3000 {
			return violation(fmt.Sprintf("a close frame with the code %d", code))
		}
		return &CloseError{code, string(text[2:])}
	}
	return nil
}
