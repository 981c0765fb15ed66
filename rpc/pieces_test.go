package rpc

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"testing"
)

// Frames come whole, wherever their pieces begin and end, and take no more room
// than they have bytes.
func TestPieces(t *testing.T) {
	for _, size := range []int{1, pieceSize - 1, pieceSize, pieceSize + 1, 2*pieceSize - 1, 2 * pieceSize, 5*pieceSize/2 + 1} {
		body := bytes.Repeat([]byte("0123456789abcdef"), size/16+1)[:size]
		body[0] = '{'
		for framing, input := range map[string]string{
			"LF":      string(body) + "\n{\n",
			"CRLF":    string(body) + "\r\n{\n",
			"headers": fmt.Sprintf("Content-Length: %d\r\n\r\n%sContent-Length: 1\r\n\r\n{", size, body),
		} {
			f := frameReader{r: bufio.NewReaderSize(bytes.NewReader([]byte(input)), inputBufferBytes), limit: size}
			got, err := f.next()
			if err != nil || !bytes.Equal(got, body) {
				t.Errorf("%s, %d bytes: %d bytes, %v", framing, size, len(got), err)
			}
			if size > pieceSize && cap(got) > size+size/8 {
				t.Errorf("%s, %d bytes take %d", framing, size, cap(got))
			}
			if got, err := f.next(); err != nil || string(got) != "{" {
				t.Errorf("%s, %d bytes: then %.20q, %v", framing, size, got, err)
			}
			if _, err := f.next(); err != io.EOF {
				t.Errorf("%s, %d bytes: then %v", framing, size, err)
			}
		}
	}
}
