package recording

import (
	"bytes"
	"mime"
	"net/http"
)

const (
	// holdLimit bounds the bytes of an answer that are held back.
	holdLimit = 1 << 20
	// longestSecret is longer than any credential.
	longestSecret = 16 << 10
)

// An answer is a response body that is being recorded. The network may split a
// secret, so bytes are held back until they can be redacted: those of an event
// stream to the end of the line, those of other responses to the end. Bytes
// without secrets are written in the pieces and with the times of their arrival.
type answer struct {
	exchange int
	redact   func([]byte) []byte
	stream   bool
	pieces   []piece
	held     int // bytes in the pieces
}

type piece struct {
	at   float64
	data []byte
}

func isEventStream(header http.Header) bool {
	kind, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	return kind == "text/event-stream"
}

func (a *answer) add(lines *bytes.Buffer, p piece) {
	a.pieces = append(a.pieces, p)
	a.held += len(p.data)
	if a.stream {
		if end := bytes.LastIndexByte(p.data, '\n'); end >= 0 {
			a.release(lines, a.held-len(p.data)+end+1)
		}
	}
	if a.held > holdLimit {
		a.release(lines, a.cut())
	}
}

// end releases the rest.
func (a *answer) end(lines *bytes.Buffer) { a.release(lines, a.held) }

// cut returns where the held bytes can be divided without dividing a secret.
func (a *answer) cut() int {
	text := a.first(a.held)
	if at := bytes.LastIndexAny(text, "\",\n "); at > 0 {
		return at + 1
	}
	return len(text) - longestSecret
}

// first returns the first n of the held bytes.
func (a *answer) first(n int) []byte {
	text := make([]byte, 0, n)
	for _, p := range a.pieces {
		text = append(text, p.data[:min(len(p.data), n-len(text))]...)
	}
	return text
}

// release redacts and writes the first n of the held bytes.
func (a *answer) release(lines *bytes.Buffer, n int) {
	if n == 0 {
		return
	}
	text := a.first(n)
	clean := a.redact(text)
	unchanged := bytes.Equal(text, clean)
	a.held -= n
	for n > 0 {
		p := &a.pieces[0]
		taken := p.data[:min(len(p.data), n)]
		n -= len(taken)
		if unchanged {
			a.write(lines, piece{p.at, taken})
		} else if n == 0 {
			a.write(lines, piece{p.at, clean})
		}
		if p.data = p.data[len(taken):]; len(p.data) == 0 {
			a.pieces = a.pieces[1:]
		}
	}
}

func (a *answer) write(lines *bytes.Buffer, p piece) {
	r := record{Type: typeChunk, At: p.at, Exchange: a.exchange}
	r.setBytes(p.data)
	r.appendTo(lines)
}
