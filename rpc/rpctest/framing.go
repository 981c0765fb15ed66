package rpctest

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// Framing is how JSON texts follow each other on a pipe. A host answers in the framing it is spoken to.
type Framing string

const (
	// Lines is one JSON text a line.
	Lines Framing = "lines"
	// Headers is a Content-Length header before each JSON text.
	Headers Framing = "headers"
)

// Framings are all of them.
var Framings = []Framing{Lines, Headers}

// maxFrame bounds what a broken Content-Length can make a test allocate.
const maxFrame = 64 << 20

var contentLength = regexp.MustCompile(`^Content-Length: (0|[1-9][0-9]{0,8})\r\n$`)

// Encode returns a message as it stands on the wire.
func (f Framing) Encode(message []byte) []byte {
	if f == Headers {
		return fmt.Appendf(nil, "Content-Length: %d\r\n\r\n%s", len(message), message)
	}
	return fmt.Appendf(nil, "%s\n", message)
}

// Read returns the next frame's text. The error is io.EOF between frames and says what is wrong elsewhere: hosts are held
// to the exact form, lines end in LF alone and no header but Content-Length is sent.
func (f Framing) Read(r *bufio.Reader) ([]byte, error) {
	line, err := r.ReadBytes('\n')
	if err == io.EOF && len(line) > 0 {
		return nil, fmt.Errorf("the output ends within a frame: %q", brief(line))
	}
	if err != nil {
		return nil, err
	}
	if f == Lines {
		text := bytes.TrimSuffix(line, []byte("\n"))
		if len(text) == 0 || bytes.HasSuffix(text, []byte("\r")) {
			return nil, fmt.Errorf("neither blank lines nor CR are sent: %q", brief(line))
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
		return nil, fmt.Errorf("the output ends within a frame: %w", err)
	}
	if !bytes.HasPrefix(text, []byte("\r\n")) {
		return nil, fmt.Errorf(`want "\r\n" after Content-Length, got %q`, brief(text))
	}
	return text[2:], nil
}

// brief returns a text as a message has room for it.
func brief(text []byte) []byte { return text[:min(len(text), 300)] }
