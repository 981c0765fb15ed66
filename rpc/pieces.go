package rpc

import "bytes"

// pieces collects frames that arrive in pieces. A growing buffer would be copied
// repeatedly, and take up to three times the memory: a large frame is read into a
// buffer of the size that the last one suggests, as a history grows little from call
// to call, or is joined once, when its size is known.
type pieces struct {
	short []byte // the buffer of short frames, which are copied from it
	full  [][]byte
	last  []byte
	size  int
	// expected is the size of the next large frame, 0 if none was read.
	expected int
}

// pieceSize is the size of a piece. A frame up to it is short.
const pieceSize = 128 << 10

// Write adds to the frame.
func (p *pieces) Write(part []byte) (int, error) {
	p.size += len(part)
	switch {
	case len(part) <= cap(p.last)-len(p.last):
	case p.size <= pieceSize:
		double := max(2*cap(p.last), p.size) // append would grow it by a quarter
		p.short = append(make([]byte, 0, min(double, pieceSize)), p.last...)
		p.last = p.short
	case len(p.full) == 0 && p.size <= p.expected:
		p.last = append(make([]byte, 0, p.expected), p.last...)
	default:
		p.full = append(p.full, p.last)
		p.last = make([]byte, 0, max(pieceSize, len(part)))
	}
	p.last = append(p.last, part...)
	return len(part), nil
}

// take returns the frame, which the caller owns, and begins the next one.
func (p *pieces) take() []byte {
	defer p.reset()
	if p.size > pieceSize {
		p.expected = p.size + p.size/8
	}
	switch {
	case len(p.full) > 0:
		return bytes.Join(append(p.full, p.last), nil)
	case p.size <= pieceSize || p.size < cap(p.last)/2:
		return bytes.Clone(p.last)
	}
	return p.last
}

// reset discards what was read of the frame.
func (p *pieces) reset() {
	*p = pieces{short: p.short, last: p.short[:0], expected: p.expected}
}
