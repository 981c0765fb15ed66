package rpc

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
)

// A dialect is one of the two framings.
type dialect int

const (
	undecided dialect = iota
	lines             // one JSON text per line
	headers           // Content-Length headers, as in LSP
)

// headerLimit bounds the headers of one frame; those of LSP take 50 bytes.
const headerLimit = 8 << 10

// A frameError is the error response to a malformed frame. The next frame can be read.
type frameError struct{ answer *Error }

func (e frameError) Error() string { return e.answer.Message }

func frameTooLarge(limit int) error {
	return frameError{FrameTooLarge.Errorf(
		"The message is larger than %d bytes; it was skipped. Raise --max-message-bytes or send files by path.", limit).
		With("max_message_bytes", limit)}
}

func badFrame(format string, args ...any) error {
	return frameError{ParseError.Errorf(format, args...)}
}

// A frameReader splits the input into frames. The first line that starts JSON, or is
// a header, decides the framing. Preceding lines, such as the output of a login
// shell, are frames by themselves, including lines that look like a header and are
// not followed by a Content-Length.
type frameReader struct {
	r       *bufio.Reader
	limit   int
	dialect dialect
	begun   bool // whether the first byte was read
	// doubtful reports that the first line looks like a header with an unknown
	// name: "direnv: loading" does not decide the framing.
	doubtful bool
	// skip skips the rest of a malformed frame. It waits until the next frame is
	// read: the client may wait for the response before it sends more.
	skip func()
	// held is a header line found while looking for the next header.
	held  string
	frame pieces // which is being read
}

// next returns the next frame, which the caller owns. The error is io.EOF at the
// end, a frameError for a malformed frame, or a read error.
func (f *frameReader) next() ([]byte, error) {
	if f.dialect == undecided {
		if err := f.decide(); err != nil {
			return nil, err
		}
	}
	switch f.dialect {
	case headers:
		return f.framed()
	case lines:
		return f.line()
	}
	if _, err := f.line(); err != nil {
		return nil, err
	}
	// Other JSON, such as a number, is no message either.
	return nil, badFrame("The line is neither a JSON object or array nor a Content-Length header.")
}

// decide decides the framing by the first line that is not blank.
func (f *frameReader) decide() error {
	for ; ; f.begun = true {
		next, err := f.r.Peek(1)
		if err != nil {
			return err
		}
		c := next[0]
		if c == 0xef && !f.begun {
			// Some Windows shells add a byte order mark to piped input.
			if mark, _ := f.r.Peek(3); string(mark) == "\xef\xbb\xbf" {
				f.r.Discard(3)
				continue
			}
		}
		if c == ' ' || c == '\t' || c == '\r' || c == '\n' {
			f.r.Discard(1)
			continue
		}
		f.begun = true
		switch {
		case c == '{' || c == '[':
			f.dialect = lines
		case f.atHeader():
			f.dialect, f.doubtful = headers, true
		}
		return nil
	}
}

// longestName bounds the length of header names.
const longestName = 100

// atHeader reports whether a header is next, reading no more than necessary.
func (f *frameReader) atHeader() bool {
	ended := false // whether the name has ended
	for n := 1; n < longestName; n++ {
		b, err := f.r.Peek(n)
		if err != nil {
			return false
		}
		switch c := b[n-1]; {
		case c == ':':
			return n > 1
		case c == ' ' || c == '\t':
			ended = true
		case ended || notInName(rune(c)):
			return false
		}
	}
	return false
}

// line returns the next line that is not blank. The last line needs no newline.
func (f *frameReader) line() ([]byte, error) {
	for {
		line, err := f.read(f.limit)
		switch {
		case err == errTooLong:
			return nil, frameTooLarge(f.limit)
		case err != nil && (err != io.EOF || len(line) == 0):
			return nil, err
		}
		if len(bytes.Trim(line, " \t")) > 0 {
			return line, nil
		}
	}
}

var errTooLong = errors.New("rpc: line too long")

// read returns the next line without its newline. A line longer than limit is skipped
// without being buffered, and the error is errTooLong.
func (f *frameReader) read(limit int) ([]byte, error) {
	for tooLong := false; ; {
		part, err := f.r.ReadSlice('\n')
		ended := err == nil
		if ended {
			part = part[:len(part)-1]
		}
		// One byte over the limit may be the CR before the newline.
		if tooLong = tooLong || f.frame.size+len(part) > limit+1; tooLong {
			f.frame.reset()
		} else {
			f.frame.Write(part)
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		text := f.frame.take()
		if ended {
			text = bytes.TrimSuffix(text, []byte{'\r'})
		}
		if tooLong || len(text) > limit {
			return nil, errTooLong
		}
		return text, err
	}
}

// framed returns the next body after headers.
func (f *frameReader) framed() ([]byte, error) {
	if f.skip != nil {
		f.skip()
		f.skip = nil
	}
	length, bad, err := f.header()
	var fault frameError
	if errors.As(err, &fault) && f.doubtful {
		f.doubtful = false
		f.dialect = undecided // decided by the next line
	} else if errors.As(err, &fault) {
		// The next frame starts at the next header, since the length of the
		// body is unknown.
		f.skip = func() { f.seekHeader(bad) }
	}
	if err != nil {
		return nil, err
	}
	if length > int64(f.limit) {
		f.skip = func() { io.CopyN(io.Discard, f.r, length) } // the next read returns the same error
		return nil, frameTooLarge(f.limit)
	}
	// The buffer grows as the body is read: a large length without a body must
	// not cost memory.
	n, err := io.CopyN(&f.frame, f.r, length)
	if err == io.EOF {
		err = badFrame("The input ended %d bytes before the end of a message.", length-n)
	}
	return f.frame.take(), err
}

// header reads the headers of a frame and returns the length of its body. With a
// frameError it returns the rest of the malformed line: never all of a line that
// starts with a Content-Length header, since seekHeader would find it again.
func (f *frameReader) header() (length int64, bad string, err error) {
	length = -1
	for size := 0; ; {
		line := f.held
		if f.held = ""; line == "" {
			if f.doubtful && size > 0 && f.atJSON() {
				return 0, "", badFrame("A line is not a header; expected Content-Length: N.")
			}
			b, err := f.read(headerLimit)
			line = string(b)
			switch {
			case err == errTooLong:
				f.doubtful = false
				return 0, "", badFrame("The headers of a message are larger than %d bytes.", headerLimit)
			case err == io.EOF && (line != "" || size > 0):
				return 0, "", badFrame("The input ended within the headers of a message.")
			case err != nil:
				return 0, "", err
			}
		}
		if line == "" {
			if length >= 0 {
				return length, "", nil
			} else if size == 0 {
				continue // blank lines between frames
			}
			return 0, "", badFrame("A message has no Content-Length header.")
		}
		if size += len(line); size > headerLimit {
			f.doubtful = false
			return 0, "", badFrame("The headers of a message are larger than %d bytes.", headerLimit)
		}
		name, value, found := strings.Cut(line, ":")
		if !found || strings.ContainsFunc(strings.TrimSpace(name), notInName) {
			return 0, line, badFrame("A line is not a header; expected Content-Length: N.")
		}
		name = strings.ToLower(strings.TrimSpace(name))
		f.doubtful = f.doubtful && !strings.HasPrefix(name, "content-")
		if name != contentLength {
			continue // such as Content-Type
		}
		length, err = strconv.ParseInt(strings.TrimSpace(value), 10, 64)
		if err != nil || length < 0 {
			return 0, value, badFrame("The Content-Length header is not a number of bytes.")
		}
	}
}

// atJSON reports whether the next byte starts a JSON text.
func (f *frameReader) atJSON() bool {
	b, _ := f.r.Peek(1)
	return len(b) > 0 && (b[0] == '{' || b[0] == '[')
}

const contentLength = "content-length"

func notInName(r rune) bool {
	return r != '-' && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
}

// seekHeader skips to the next Content-Length header, which may start anywhere in the
// rest of the malformed line or after it, such as in the body of the malformed headers.
func (f *frameReader) seekHeader(rest string) {
	lower := []byte(rest)
	for i, c := range lower {
		if 'A' <= c && c <= 'Z' {
			lower[i] |= 0x20
		}
	}
	for {
		_, after, found := bytes.Cut(lower, []byte(contentLength))
		if !found {
			break
		}
		if bytes.HasPrefix(bytes.TrimLeft(after, " "), []byte(":")) {
			f.held = contentLength + string(after)
			return
		}
		lower = after
	}
	const name = contentLength + ":"
	for matched := 0; matched < len(name); {
		c, err := f.r.ReadByte()
		if err != nil {
			return // the next read returns the same error
		}
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		switch {
		case c == name[matched]:
			matched++
		case c == ' ' && matched == len(contentLength):
		case c == name[0]: // which occurs only once in the name
			matched = 1
		default:
			matched = 0
		}
	}
	line, _ := f.read(headerLimit)
	f.held = name + string(line)
}

// endFrame frames the message appended to b at start, whose text is ASCII on one
// line.
func endFrame(b []byte, start int, d dialect) []byte {
	if d != headers { // spelled out for events
		return append(b, '\n')
	}
	return beginFrame(b, start, len(b)-start, d)
}

// beginFrame inserts the header of a message of length bytes at position at.
func beginFrame(b []byte, at, length int, d dialect) []byte {
	if d != headers {
		return b
	}
	var buf [40]byte
	header := append(buf[:0], "Content-Length: "...)
	header = strconv.AppendInt(header, int64(length), 10)
	header = append(header, "\r\n\r\n"...)
	return slices.Insert(b, at, header...)
}

// end returns the text that follows a message.
func (d dialect) end() string {
	if d == headers {
		return ""
	}
	return "\n"
}
