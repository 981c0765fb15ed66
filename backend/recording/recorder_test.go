package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// A sink is a file in memory.
type sink struct {
	mu sync.Mutex
	bytes.Buffer
	closed bool
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(p)
}

func (s *sink) Close() error {
	s.closed = true
	return nil
}

// records returns the written records without the header.
func (s *sink) records(t *testing.T) (records []record) {
	t.Helper()
	for line := range strings.Lines(s.String()) {
		var r record
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		records = append(records, r)
	}
	if !s.closed || len(records) == 0 || records[0].Type != typeHeader || records[0].Format != format {
		t.Fatalf("closed %t, %+v", s.closed, records)
	}
	return records[1:]
}

func frame(text string) Frame {
	return Frame{From: "client", Body: []byte(text), Size: int64(len(text))}
}

func TestFrames(t *testing.T) {
	var file sink
	r := newRecorder(&file, Options{Version: "1.2.3", ChatGPTBaseURL: "https://a.test", OpenAIBaseURL: "https://b.test"})
	r.Frame(frame("{}\r\n"))
	r.Frame(frame("\xff\n"))
	withHead := frame(`{"api_key":"0123456789"}`)
	withHead.Head = []byte("content-length :24\r\n\r\n")
	withHead.Size += int64(len(withHead.Head))
	r.Frame(withHead)
	r.Frame(Frame{From: "host", Body: []byte("abc"), Size: 5})
	r.Close()
	for i, want := range []record{
		{From: "client", Text: "{}\r\n"},
		{From: "client", Base64: []byte("\xff\n")},
		{From: "client", Text: "content-length :24\r\n\r\n" + `{"api_key":"[redacted]"}`},
		{From: "host", Text: "abc", Size: 5, Truncated: true},
	} {
		got := file.records(t)[i]
		if got.Type != typeFrame || got.From != want.From || !bytes.Equal(got.bytes(), want.bytes()) ||
			(got.Base64 == nil) != (want.Base64 == nil) || got.Size != want.Size || got.Truncated != want.Truncated {
			t.Errorf("%+v", got)
		}
	}
	var header record
	line, _, _ := strings.Cut(file.String(), "\n")
	if err := json.Unmarshal([]byte(line), &header); err != nil || header.Version != "1.2.3" ||
		header.OS != runtime.GOOS+"/"+runtime.GOARCH || header.ChatGPTBaseURL != "https://a.test" || header.OpenAIBaseURL != "https://b.test" {
		t.Errorf("%s, %v", line, err)
	}
}

func TestWithLength(t *testing.T) {
	for _, test := range [][2]string{
		{"", ""},
		{"Content-Length: 5\r\n\r\n", "Content-Length: 123\r\n\r\n"},
		{"X: y\r\nContent-Length:50\r\n\r\n", "X: y\r\nContent-Length:123\r\n\r\n"},
	} {
		if got := withLength([]byte(test[0]), 123); string(got) != test[1] {
			t.Errorf("%q became %q", test[0], got)
		}
	}
}

// Secrets are redacted wherever they are split, and pieces without secrets are
// written as they arrived.
func TestAnswerPieces(t *testing.T) {
	redact := func(text []byte) []byte { return bytes.ReplaceAll(text, []byte("secret"), []byte("-")) }
	long := strings.Repeat("x", holdLimit)
	for _, test := range []struct {
		name   string
		stream bool
		in     []string
		want   []string
	}{
		{"a stream", true, []string{"a\n", "b\n\n", "c"}, []string{"a\n", "b\n\n", "c"}},
		{"a line in pieces", true, []string{"a", "b\nc", "d\n"}, []string{"a", "b\n", "c", "d\n"}},
		{"a secret in pieces", true, []string{"a sec", "ret\nb", "\n"}, []string{"a -\n", "b", "\n"}},
		{"a whole answer", false, []string{"a\n", "b"}, []string{"a\n", "b"}},
		{"a secret in one", false, []string{"a s", "ecr", "et"}, []string{"a -"}},
		{"more than is held", false, []string{long + " sec", "ret"}, []string{long + " ", "-"}},
		{"and nothing to cut it by", false, []string{long + "sec", "ret"}, []string{long[longestSecret-3:], long[:longestSecret-3] + "-"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := answer{redact: redact, stream: test.stream}
			var lines bytes.Buffer
			for i, in := range test.in {
				a.add(&lines, piece{float64(i), []byte(in)})
			}
			a.end(&lines)
			var got []string
			for line := range strings.Lines(lines.String()) {
				var r record
				if err := json.Unmarshal([]byte(line), &r); err != nil {
					t.Fatal(err)
				}
				got = append(got, r.Text)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%.200q, want %.200q", got, test.want)
			}
		})
	}
}

// A logs counts lines.
type logs struct{ sink }

func (l *logs) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

func (l *logs) lines() int { return strings.Count(l.String(), "\n") }

// A fullDisk accepts a part of the first write, and all later ones.
type fullDisk struct {
	sink
	full bool
}

var errFull = errors.New("no space left")

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.full {
		return d.sink.Write(p)
	}
	d.full = true
	n, _ := d.sink.Write(p[:20])
	return n, errFull
}

// The recording ends when the disk is full: nothing follows the incomplete line.
func TestFullDisk(t *testing.T) {
	var file fullDisk
	var log logs
	r := newRecorder(&file, Options{Logger: log.logger()})
	for range 100 {
		r.Frame(frame(strings.Repeat("x", writeBytes)))
	}
	r.Close()
	r.Frame(frame("{}"))
	if log.lines() != 1 || !strings.Contains(log.String(), errFull.Error()) || !file.closed || file.Len() != 20 {
		t.Errorf("closed %t, %d bytes, %s", file.closed, file.Len(), &log)
	}
}

type stuckDisk struct {
	io.WriteCloser
	freed chan struct{}
}

func (d stuckDisk) Write(p []byte) (int, error) {
	<-d.freed
	return d.WriteCloser.Write(p)
}

// A blocked disk does not delay the session, and the queue is bounded.
func TestStuckDisk(t *testing.T) {
	var log logs
	disk := stuckDisk{new(sink), make(chan struct{})}
	r := newRecorder(disk, Options{Logger: log.logger()})
	body := make([]byte, 1<<20)
	for range 2 * queueLimit / len(body) {
		r.Frame(Frame{Body: body, Size: int64(len(body))})
	}
	r.mu.Lock()
	if len(r.queue) != 0 {
		t.Errorf("%d records wait", len(r.queue))
	}
	r.mu.Unlock()
	r.Close() // does not block
	<-r.stopped
	close(disk.freed)
	<-r.done
	if log.lines() != 1 {
		t.Errorf("%s", &log)
	}
}

type slowDisk struct{ sink }

func (s *slowDisk) Write(p []byte) (int, error) {
	time.Sleep(closeTime - time.Millisecond)
	return s.sink.Write(p)
}

// Close waits for a slow disk.
func TestSlowDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var file slowDisk
		r := newRecorder(&file, Options{})
		const frames = 20
		for range frames {
			r.Frame(frame(strings.Repeat("x", writeBytes)))
		}
		r.Close()
		if got := len(file.records(t)); got != frames {
			t.Errorf("%d frames", got)
		}
	})
}

func TestCreateFails(t *testing.T) {
	if _, err := Create(filepath.Join(t.TempDir(), "absent", "file"), Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// An existing file is not changed, and concurrent recordings have their own files.
func TestCreateNeverTruncates(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "bug.report.jsonl")
	if err := os.WriteFile(path, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	const recordings = 20
	var all sync.WaitGroup
	for i := range recordings {
		all.Go(func() {
			r, err := Create(path, Options{Version: fmt.Sprint("version ", i)})
			if err != nil {
				t.Error(err)
				return
			}
			r.Close()
		})
	}
	all.Wait()
	if text, err := os.ReadFile(path); string(text) != "before" {
		t.Errorf("%q, %v", text, err)
	}
	versions := make(map[string]bool)
	for n := 2; n < 2+recordings; n++ {
		text, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("bug.report.%d.jsonl", n)))
		if err != nil || bytes.Count(text, []byte("\n")) != 1 {
			t.Errorf("%q, %v", text, err)
		}
		versions[string(regexp.MustCompile(`version \d+`).Find(text))] = true
	}
	if len(versions) != recordings {
		t.Errorf("%v", versions)
	}
}
