package main

import (
	"bytes"
	"io"
	"strconv"
	"strings"

	"github.com/codex-rpc/codex-rpc/backend/recording"
)

// A tape splits the traffic in one direction into frames, for the recording. It
// is more lenient than the server: malformed input is recorded to the end of
// the line, or to the blank line after headers.
type tape struct {
	recorder *recording.Recorder
	from     string
	started  bool // whether there was a byte other than white space
	headers  bool // whether it was a letter, and so the frames have headers

	frame  recording.Frame
	line   []byte // the current header line
	length int    // the Content-Length, -1 if there is none yet
	body   int    // remaining bytes of the body
}

func newTape(r *recording.Recorder, from string) *tape {
	return &tape{recorder: r, from: from, length: -1}
}

// A tapedInput is an input whose frames are recorded as they are read.
type tapedInput struct {
	io.Reader
	tape *tape
}

func (t tapedInput) Read(p []byte) (int, error) {
	n, err := t.Reader.Read(p)
	t.tape.Write(p[:n])
	if err != nil {
		t.tape.cut() // the last line needs no newline
	}
	return n, err
}

// Write records frames that were read or written. It always succeeds.
func (t *tape) Write(p []byte) (int, error) {
	size := len(p)
	if !t.started {
		if text := bytes.TrimLeft(p, " \t\r\n\ufeff"); len(text) > 0 {
			t.started = true
			t.headers = 'a' <= text[0]|0x20 && text[0]|0x20 <= 'z'
		}
	}
	for len(p) > 0 {
		n := bytes.IndexByte(p, '\n') + 1
		switch {
		case t.body > 0:
			n = min(t.body, len(p))
			t.body -= n
			t.keep(&t.frame.Body, p[:n])
			if t.body == 0 {
				t.cut()
			}
		case n == 0:
			n = len(p)
			t.keepLine(p)
		default:
			t.keepLine(p[:n])
			t.endLine()
		}
		p = p[n:]
	}
	return size, nil
}

func (t *tape) keepLine(p []byte) {
	if t.headers {
		t.keep(&t.frame.Head, p)
		t.line = append(t.line, p[:min(len(p), headerLine-len(t.line))]...)
	} else {
		t.keep(&t.frame.Body, p)
	}
}

// headerLine bounds header lines. A longer line does not contain the length.
const headerLine = 256

// keep appends to a part of the frame, up to the limit.
func (t *tape) keep(part *[]byte, p []byte) {
	room := recording.FrameLimit - len(t.frame.Head) - len(t.frame.Body)
	*part = append(*part, p[:min(len(p), room)]...)
	t.frame.Size += int64(len(p))
}

func (t *tape) endLine() {
	if !t.headers {
		t.cut()
		return
	}
	name, value, _ := strings.Cut(string(t.line), ":")
	blank := strings.TrimSpace(string(t.line)) == ""
	t.line = t.line[:0]
	if n, err := strconv.Atoi(strings.TrimSpace(value)); err == nil && strings.EqualFold(strings.TrimSpace(name), "content-length") {
		t.length = n
	}
	switch {
	case blank && t.length > 0:
		t.body, t.length = t.length, -1
	case blank:
		t.cut()
	}
}

// cut records the current frame, if any.
func (t *tape) cut() {
	if t.frame.Size > 0 {
		t.frame.From = t.from
		t.recorder.Frame(t.frame)
	}
	t.frame = recording.Frame{}
	t.line, t.length, t.body = t.line[:0], -1, 0
}
