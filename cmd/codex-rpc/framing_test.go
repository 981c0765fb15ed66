package main

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strconv"
)

// framings are the two ways in which a client may speak.
var framings = []string{"lines", "headers"}

func frame(framing, text string) string {
	if framing == "headers" {
		return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(text), text)
	}
	return text + "\n"
}

var lengthHeader = regexp.MustCompile(`^Content-Length: ([1-9][0-9]{0,8})\r\n$`)

// readFrame takes nothing but the exact form; io.EOF comes between frames only.
func readFrame(framing string, r *bufio.Reader) ([]byte, error) {
	line, err := r.ReadBytes('\n')
	if err != nil {
		if len(line) > 0 {
			err = fmt.Errorf("the output ends within a frame: %q", line)
		}
		return nil, err
	}
	if framing == "lines" {
		return line[:len(line)-1], nil
	}
	match := lengthHeader.FindSubmatch(line)
	if match == nil {
		return nil, fmt.Errorf("the header is %q", line)
	}
	n, _ := strconv.Atoi(string(match[1]))
	body := make([]byte, 2+n)
	if _, err := io.ReadFull(r, body); err != nil || string(body[:2]) != "\r\n" {
		return nil, fmt.Errorf("the body is %q: %w", body, err)
	}
	return body[2:], nil
}
