package rpctest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// Framing is the framing of messages on a pipe. A host answers in the framing
// of its client.
type Framing string

const (
	// Lines is one JSON text per line.
	Lines Framing = "lines"
	// Headers is a Content-Length header before each JSON text.
	Headers Framing = "headers"
)

// Framings lists all framings.
var Framings = []Framing{Lines, Headers}

// maxFrame bounds the memory that a wrong Content-Length can make a test
// allocate.
const maxFrame = 64 << 20

var contentLength = regexp.MustCompile(`^Content-Length: (0|[1-9][0-9]{0,8})\r\n$`)

// Encode returns the frame of a message.
func (f Framing) Encode(message []byte) []byte {
	if f == Headers {
		return fmt.Appendf(nil, "Content-Length: %d\r\n\r\n%s", len(message), message)
	}
	return fmt.Appendf(nil, "%s\n", message)
}

// Read returns the text of the next frame. The error is io.EOF between frames.
// Read accepts only the exact form: lines end in LF alone, and Content-Length
// is the only header.
func (f Framing) Read(r *bufio.Reader) ([]byte, error) {
	line, err := r.ReadBytes('\n')
	if err == io.EOF && len(line) > 0 {
		return nil, fmt.Errorf("output ends within a frame: %q", brief(line))
	}
	if err != nil {
		return nil, err
	}
	if f == Lines {
		text := bytes.TrimSuffix(line, []byte("\n"))
		if len(text) == 0 || bytes.HasSuffix(text, []byte("\r")) {
			return nil, fmt.Errorf("blank line or CR: %q", brief(line))
		}
		return text, nil
	}
	match := contentLength.FindSubmatch(line)
	if match == nil {
		return nil, fmt.Errorf(`want "Content-Length: N\r\n", got %q`, brief(line))
	}
	n, err := strconv.Atoi(string(match[1]))
	if err != nil || n > maxFrame {
		return nil, fmt.Errorf("Content-Length of %s is over %d", match[1], maxFrame)
	}
	text := make([]byte, 2+n)
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, fmt.Errorf("output ends within a frame: %w", err)
	}
	if !bytes.HasPrefix(text, []byte("\r\n")) {
		return nil, fmt.Errorf(`want "\r\n" after Content-Length, got %q`, brief(text))
	}
	return text[2:], nil
}

// brief returns the beginning of a text for an error.
func brief(text []byte) []byte { return text[:min(len(text), 300)] }
