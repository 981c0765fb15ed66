package websocket

import (
	"encoding/binary"
	"io"
	"math"
)

// A header is the header of a frame.
type header struct {
	kind       byte
	final      bool // the last frame of its message
	compressed bool
	length     int64
}

// Bits of the first byte, and of the second.
const (
	final      byte = 0x80
	compressed byte = 0x40
	reserved   byte = 0x30
	masked     byte = 0x80
)

// header reads the header of a frame.
func (c *Conn) header() (h header, err error) {
	b, err := c.in.Peek(2)
	if err != nil {
		if len(b) > 0 {
			err = unexpected(err)
		}
		return h, err
	}
	first, second := b[0], b[1]
	c.in.Discard(2)
	switch {
	case first&reserved != 0 || first&compressed != 0 && !c.agreed.compressed:
		return h, violation("a frame with a reserved bit")
	case second&masked != 0:
		return h, violation("a masked frame")
	}
	h = header{kind: first & 0x0f, final: first&final != 0, compressed: first&compressed != 0, length: int64(second)}
	if second < 126 {
		return h, nil
	}
	size := 2
	if second == 127 {
		size = 8
	}
	if b, err = c.in.Peek(size); err != nil {
		return h, unexpected(err)
	}
	h.length = 0
	for _, digits := range b {
		h.length = h.length<<8 | int64(digits)
	}
	c.in.Discard(size)
	if h.length < 0 {
		return h, violation("a frame of a negative length")
	}
	return h, nil
}

// unexpected converts io.EOF within a frame.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// appendLength appends the length of a frame, as encoded in its header.
func appendLength(b []byte, length int) []byte {
	switch {
	case length <= 125:
		return append(b, byte(length))
	case length <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(b, 126), uint16(length))
	}
	return binary.BigEndian.AppendUint64(append(b, 127), uint64(length))
}

// A payload reads the data of a message's frames.
type payload struct {
	conn  *Conn
	room  int64 // remaining size for the message
	left  int64 // rest of the frame
	final bool  // whether the frame is the last one
	err   error // sticky; not io.EOF
}

// advance reads the header of the message's next frame, and handles the control
// frames before it.
func (p *payload) advance(begins bool) (header, error) {
	for {
		h, err := p.conn.header()
		if err == nil && h.kind >= closing && h.kind <= pong {
			if err = p.conn.handleControl(h); err == nil {
				continue
			}
		}
		switch {
		case err != nil && !begins:
			return h, unexpected(err)
		case err != nil:
			return h, err
		case h.kind > Binary:
			return h, violation("a frame of an unknown kind")
		case begins == (h.kind == continued):
			return h, violation("a frame out of turn")
		case !begins && h.compressed:
			return h, violation("a message that is compressed from the middle on")
		}
		if h.compressed { // incompressible data grows
			p.room += p.room/8 + 64
		}
		if h.length > p.room {
			return h, ErrTooBig
		}
		p.room -= h.length
		p.left, p.final = h.length, h.final
		return h, nil
	}
}

// ready advances to a frame with data. It returns io.EOF at the end of the message.
func (p *payload) ready() error {
	for p.left == 0 && p.err == nil {
		if p.final {
			return io.EOF
		}
		_, p.err = p.advance(false)
	}
	return p.err
}

func (p *payload) Read(b []byte) (int, error) {
	if err := p.ready(); err != nil {
		return 0, err
	}
	n, err := p.conn.in.Read(b[:min(int64(len(b)), p.left)])
	p.left -= int64(n)
	p.err = unexpected(err)
	return n, p.err
}

func (p *payload) ReadByte() (byte, error) {
	if err := p.ready(); err != nil {
		return 0, err
	}
	b, err := p.conn.in.ReadByte()
	p.left--
	p.err = unexpected(err)
	return b, p.err
}
