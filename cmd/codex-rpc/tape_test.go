package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/codex-rpc/codex-rpc/backend/recording"
)

// TestTape checks that the frames do not depend on how the bytes are split, and
// that all bytes are recorded.
func TestTape(t *testing.T) {
	body := strings.Repeat("x", 300)
	for _, test := range []struct {
		name   string
		frames []string
	}{
		{"lines", []string{"{}\n", "{\"a\":\n", "[1]\r\n", "\n", "garbage: 1\n", "{}"}},
		{"headers", []string{
			"Content-Length: 2\r\n\r\n{}", "content-length :5\r\nX: y\r\n\r\n{\n\n1}", "Content-Type: x\nContent-Length: 0\n\n",
			"Content-Length: 300\r\n\r\n" + body,
		}},
		{"blanks", []string{" \r\n", "{}\n", "{}\n"}},
		{"no frames", []string{"hello\nworld\n\n", "Content-Length: -1\r\n\r\n", body + "\r\n\r\n", "Content-Length: 2\r\n\r\n[]"}},
		{"cut off", []string{"Content-Length: 2\r\n\r\n[]", "Content-Length: 20\r\n\r\n[]"}},
		{"nothing", nil},
	} {
		for pieces, cut := range map[string]func(io.Reader) io.Reader{
			"at once":      func(r io.Reader) io.Reader { return r },
			"byte by byte": iotest.OneByteReader,
			"with the end": iotest.DataErrReader,
		} {
			t.Run(test.name+" "+pieces, func(t *testing.T) {
				in := strings.Join(test.frames, "")
				got := tapedFrames(t, func(r *recording.Recorder) {
					passed, err := io.ReadAll(tapedInput{cut(strings.NewReader(in)), newTape(r, "client")})
					if err != nil || string(passed) != in {
						t.Errorf("%q was read, %v", passed, err)
					}
				})
				if !slices.Equal(got, test.frames) {
					t.Errorf("%q", got)
				}
			})
		}
	}
}

// TestTapeLongFrame checks that a frame too long to be recorded is passed on
// whole.
func TestTapeLongFrame(t *testing.T) {
	long := strings.Repeat("x", recording.FrameLimit+100)
	in := fmt.Sprintf("Content-Length: %d\r\n\r\n%sContent-Length: 2\r\n\r\n{}", len(long), long)
	var out bytes.Buffer
	got := tapedFrames(t, func(r *recording.Recorder) {
		w := io.MultiWriter(&out, newTape(r, "host"))
		for piece := range slices.Chunk([]byte(in), 1<<20) {
			if n, err := w.Write(piece); n != len(piece) || err != nil {
				t.Fatal(n, err)
			}
		}
	})
	if out.String() != in {
		t.Error("something else was written")
	}
	if len(got) != 2 || got[0] != in[:recording.FrameLimit] || got[1] != "Content-Length: 2\r\n\r\n{}" {
		t.Errorf("%d frames", len(got))
	}
}

// tapedFrames returns the recorded frames.
func tapedFrames(t *testing.T, use func(*recording.Recorder)) (frames []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	r, err := recording.Create(path, recording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	use(r)
	r.Close()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(file) {
		var record struct{ Type, Text string }
		if err := json.Unmarshal(line, &record); err != nil {
			t.Fatal(err)
		}
		if record.Type == "frame" {
			frames = append(frames, record.Text)
		}
	}
	return frames
}
