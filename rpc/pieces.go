package rpc

import (
	"bytes"
	"slices"
)

// pieces collects a frame that arrives in pieces. They are joined once, when its size
// is known: a growing buffer is copied repeatedly, and takes up to three times the
// memory.
type pieces struct {
	full [][]byte
	last []byte
	size int
}

// pieceSize is the size of a piece; the last one grows to it.
const pieceSize = 2 << 20

// Write adds to the frame.
func (p *pieces) Write(part []byte) (int, error) {
	p.size += len(part)
	if len(p.last) > 0 && len(p.last)+len(part) > pieceSize {
		p.full = append(p.full, p.last)
		p.last = make([]byte, 0, max(pieceSize, len(part)))
	}
	if cap(p.last)-len(p.last) < len(part) {
		p.last = slices.Grow(p.last, max(len(p.last), len(part))) // append would grow it by a quarter
	}
	p.last = append(p.last, part...)
	return len(part), nil
}

// join returns the frame.
func (p *pieces) join() []byte {
	if len(p.full) == 0 {
		return p.last
	}
	return bytes.Join(append(p.full, p.last), nil)
}
