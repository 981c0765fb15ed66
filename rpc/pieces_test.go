package rpc

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"runtime"
	"testing"
)

// TestPieces checks that frames are complete, wherever their pieces end, and
// take no more memory than their bytes.
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

// Frames of all sizes after one another stay what they were, and none keeps more than
// twice its room.
func TestFramesOwnTheirMemory(t *testing.T) {
	var input bytes.Buffer
	var sizes []int
	for i, parts := range []int{4, 5, 32, 32, 35, 70, 20, 3, 16, 17, 32, 1, 40} { // of an eighth of a piece
		size := parts*pieceSize/8 + i
		sizes = append(sizes, size)
		input.WriteByte('{')
		input.Write(bytes.Repeat([]byte{'a' + byte(i)}, size-1))
		input.WriteByte('\n')
	}
	f := frameReader{r: bufio.NewReaderSize(&input, inputBufferBytes), limit: 10 * pieceSize}
	var frames [][]byte
	for range sizes {
		frame, err := f.next()
		if err != nil {
			t.Fatal(err)
		}
		frames = append(frames, frame)
	}
	for i, frame := range frames {
		if len(frame) != sizes[i] || bytes.Count(frame, []byte{'a' + byte(i)}) != sizes[i]-1 {
			t.Errorf("frame %d was overwritten", i)
		}
		if cap(frame) > 2*len(frame)+8<<10 {
			t.Errorf("frame %d of %d bytes takes %d", i, len(frame), cap(frame))
		}
	}
}

// A large frame of the size of the one before is read into its place at once.
func TestLargeFramesAreReadInPlace(t *testing.T) {
	const size, frames = 10 * pieceSize, 4
	input := bytes.Repeat(append(bytes.Repeat([]byte("{"), size), '\n'), frames)
	f := frameReader{r: bufio.NewReaderSize(bytes.NewReader(input), inputBufferBytes), limit: size}
	f.next()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range frames - 1 {
		if frame, err := f.next(); err != nil || len(frame) != size {
			t.Fatalf("%d bytes, %v", len(frame), err)
		}
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > (frames-1)*size*5/4 {
		t.Errorf("%d frames of %d bytes take %d", frames-1, size, took)
	}
}
