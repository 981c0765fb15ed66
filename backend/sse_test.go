package backend

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// collect returns the events of r as "name|data" strings.
func collect(t testing.TB, r io.Reader) ([]string, error) {
	t.Helper()
	events := NewEventReader(r)
	var got []string
	for {
		ev, err := events.Next()
		if err != nil {
			return got, err
		}
		got = append(got, string(ev.Name)+"|"+string(ev.Data))
	}
}

var eventStreams = []struct {
	name, in string
	want     []string
}{
	{"one", "data: x\n\n", []string{"|x"}},
	{"named", "event: a\ndata: x\n\ndata: y\n\n", []string{"a|x", "|y"}},
	{"last name wins", "event: a\nevent: b\ndata: x\n\n", []string{"b|x"}},
	{"name after data", "data: x\nevent: a\n\n", []string{"a|x"}},
	{"cr", "data: x\r\rdata: y\r\r", []string{"|x", "|y"}},
	{"crlf", "data: x\r\n\r\ndata: y\r\n\r\n", []string{"|x", "|y"}},
	{"mixed ends", "data: x\r\n\ndata: y\n\r\ndata: z\r\n\r", []string{"|x", "|y", "|z"}},
	{"several lines", "data: {\ndata: 1\ndata:}\n\n", []string{"|{\n1\n}"}},
	{"no space", "data:x\n\n", []string{"|x"}},
	{"one space only", "data:  x \n\n", []string{"| x "}},
	{"colon in value", "data: a: b\n\n", []string{"|a: b"}},
	{"comments", ": ping\n\n:\n\ndata: x\n: within\ndata: y\n\n", []string{"|x\ny"}},
	{"id and retry", "id: 7\nretry: 10\ndata: x\n\n", []string{"|x"}},
	{"unknown field", "foo: 1\ndatax: 2\ndata: x\n\n", []string{"|x"}},
	{"field without colon", "data\n\n", []string{"|"}},
	{"two fields without colon", "data\ndata\n\n", []string{"|\n"}},
	{"name alone dispatches nothing", "event: a\n\ndata: x\n\n", []string{"|x"}},
	{"byte order mark", "\ufeffdata: x\n\n", []string{"|x"}},
	{"byte order mark on a comment", "\ufeff: c\ndata: x\n\n", []string{"|x"}},
	{"second byte order mark is text", "\ufeff\ufeffdata: x\n\ndata: y\n\n", []string{"|y"}},
	{"cut off", "data: x\n\ndata: y\n", []string{"|x"}},
	{"cut off in a line", "data: x\n\ndata: y", []string{"|x"}},
	{"nul and multibyte", "data: \x00é漢😀\u2028\n\n", []string{"|\x00é漢😀\u2028"}},
	{"alike", "event: a\ndata: x\n\nevent: a\ndata: y\n\nevent: a\ndata: \n\nevent: a\ndata:  z\n\n", []string{"a|x", "a|y", "a|", "a| z"}},
	{"more lines than the one before", "event: a\ndata: x\n\nevent: a\ndata: y\ndata: z\n\n", []string{"a|x", "a|y\nz"}},
	{"name behind the data, not before as above", "event: a\ndata: x\n\nevent: a\ndata: y\nevent: b\n\nevent: a\ndata: z\n\n", []string{"a|x", "b|y", "a|z"}},
	{"no space as before", "data:x\n\ndata: y\n\ndata:z\n\n", []string{"|x", "|y", "|z"}},
	{"other ends than before", "data: x\n\ndata: y\r\n\r\ndata: z\n\n", []string{"|x", "|y", "|z"}},
	{"byte order mark before the first only", "\ufeffdata: x\n\n\ufeffdata: y\n\ndata: z\n\n", []string{"|x", "|z"}},
	{"empty", "", nil},
	{"blank lines", "\n\r\n\r\r\n", nil},
}

func TestEventReader(t *testing.T) {
	readers := map[string]func(io.Reader) io.Reader{
		"whole":    func(r io.Reader) io.Reader { return r },
		"bytewise": iotest.OneByteReader,
		"halves":   iotest.HalfReader,
		"dataerr":  iotest.DataErrReader,
	}
	for _, tt := range eventStreams {
		for how, reader := range readers {
			t.Run(tt.name+"/"+how, func(t *testing.T) {
				got, err := collect(t, reader(strings.NewReader(tt.in)))
				if err != io.EOF {
					t.Errorf("error = %v, want io.EOF", err)
				}
				if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", tt.want) {
					t.Errorf("events = %q, want %q", got, tt.want)
				}
			})
		}
	}
}

// A carriage return ends a line without waiting for the next byte.
func TestEventReaderCarriageReturn(t *testing.T) {
	pr, pw := io.Pipe()
	defer pw.Close()
	go pw.Write([]byte("data: x\r\n\r"))
	ev, err := NewEventReader(pr).Next()
	if err != nil || string(ev.Data) != "x" {
		t.Fatalf("Next = %q, %v", ev.Data, err)
	}
}

func TestEventReaderLargeEvents(t *testing.T) {
	big := strings.Repeat("x", 3<<20)
	in := "data: " + big + "\n\ndata: y\n\ndata: " + big + "\ndata: z\n\n"
	got, err := collect(t, iotest.HalfReader(strings.NewReader(in)))
	if err != io.EOF {
		t.Fatal(err)
	}
	want := []string{"|" + big, "|y", "|" + big + "\nz"}
	for i := range want {
		if len(got) != len(want) || got[i] != want[i] {
			t.Fatalf("event %d of %d differs", i, len(got))
		}
	}
}

func TestEventReaderReleasesLargeBuffer(t *testing.T) {
	in := "data: " + strings.Repeat("x", 1<<20) + "\n\n"
	events := NewEventReader(io.MultiReader(strings.NewReader(in), strings.NewReader("data: y\n\n")))
	for range 2 {
		if _, err := events.Next(); err != nil {
			t.Fatal(err)
		}
	}
	if len(events.buf) > burstBufferBytes {
		t.Errorf("buffer holds %d bytes after a large event", len(events.buf))
	}
}

// A stream that becomes slow uses the small buffer again.
func TestEventReaderReleasesBurst(t *testing.T) {
	reads := []io.Reader{strings.NewReader("data: " + strings.Repeat("x", burstBufferBytes/2) + "\n\n")}
	for range slowReads + 1 {
		reads = append(reads, strings.NewReader("data: y\n\n"))
	}
	events := NewEventReader(io.MultiReader(reads...))
	var sizes []int
	for range reads {
		if _, err := events.Next(); err != nil {
			t.Fatal(err)
		}
		sizes = append(sizes, len(events.buf))
	}
	want := append(slices.Repeat([]int{burstBufferBytes}, slowReads+1), eventBufferBytes)
	if !slices.Equal(sizes, want) || events.shared != nil {
		t.Errorf("buffers of %d bytes, want %d", sizes, want)
	}
	for range 2 {
		if _, err := events.Next(); err != io.EOF {
			t.Errorf("at the end: %v", err)
		}
	}
}

// Streams that share buffers do not overwrite each other's current event.
func TestEventReadersShareBuffers(t *testing.T) {
	const streams, rounds = 4, 50
	var readers [streams]*EventReader
	for i := range readers {
		burst := "data: " + strings.Repeat(string(rune('a'+i)), burstBufferBytes-100) + "\n\n"
		var reads []io.Reader
		for range rounds {
			reads = append(reads, strings.NewReader(burst))
			for range slowReads + 1 {
				reads = append(reads, strings.NewReader("data: y\n\n"))
			}
		}
		readers[i] = NewEventReader(io.MultiReader(reads...))
		for range 5 * i { // so that some have a burst while others have not
			readers[i].Next()
		}
	}
	for range (slowReads+2)*rounds - 5*streams {
		var current [streams]*Event
		for i, events := range readers {
			event, err := events.Next()
			if err != nil {
				t.Fatal(err)
			}
			current[i] = event
		}
		for i, event := range current {
			want := "y"
			if len(event.Data) > 1 {
				want = string(rune('a' + i))
			}
			if string(event.Data[:1]) != want {
				t.Fatalf("stream %d has an event that begins with %q", i, event.Data[0])
			}
		}
	}
}

type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	e.n += len(p)
	return len(p), nil
}

func TestEventReaderBoundsAnEvent(t *testing.T) {
	src := &endless{}
	_, err := NewEventReader(io.MultiReader(strings.NewReader("data: "), src)).Next()
	if !errors.Is(err, ErrEventTooLarge) {
		t.Fatalf("error = %v", err)
	}
	if src.n > 3*MaxEventBytes {
		t.Errorf("read %d bytes before the error", src.n)
	}
}

// All buffered events are returned before OnWait is called, and an error of OnWait
// ends the reading.
func TestEventReaderOnWait(t *testing.T) {
	parts := []string{"data: a\n\n: ping\n\ndata: b\n\nda", "ta: c\n\n: ping\n\n", "data: d\n\n"}
	var readers []io.Reader
	for _, p := range parts {
		readers = append(readers, strings.NewReader(p))
	}
	events := NewEventReader(io.MultiReader(readers...))
	var log []string
	events.OnWait = func() error { log = append(log, "wait"); return nil }
	for {
		ev, err := events.Next()
		if err != nil {
			break
		}
		log = append(log, string(ev.Data))
	}
	if got, want := strings.Join(log, " "), "wait a b wait c wait d wait"; got != want {
		t.Errorf("order = %q, want %q", got, want)
	}

	stop := errors.New("stop")
	events = NewEventReader(strings.NewReader("data: a\n\n"))
	events.OnWait = func() error { return stop }
	for range 2 {
		if _, err := events.Next(); err != stop {
			t.Errorf("error = %v, want %v", err, stop)
		}
	}
}

func TestEventReaderReadError(t *testing.T) {
	got, err := collect(t, io.MultiReader(strings.NewReader("data: x\n\ndata: y\n"), iotest.ErrReader(io.ErrUnexpectedEOF)))
	if err != io.ErrUnexpectedEOF || len(got) != 1 {
		t.Errorf("events = %q, error = %v", got, err)
	}
}

func TestEventReaderAllocatesNothing(t *testing.T) {
	one := []byte("event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"Hel\"}\n\n")
	src := bytes.NewReader(bytes.Repeat(one, 20000))
	events := NewEventReader(src)
	if n := testing.AllocsPerRun(10000, func() {
		if _, err := events.Next(); err != nil {
			t.Fatal(err)
		}
	}); n != 0 {
		t.Errorf("%v allocations an event", n)
	}
}

// The sizes of the reads make no difference.
func FuzzEventReader(f *testing.F) {
	for _, tt := range eventStreams {
		f.Add([]byte(tt.in), uint8(3))
	}
	f.Fuzz(func(t *testing.T, in []byte, cut uint8) {
		whole, err := collect(t, bytes.NewReader(in))
		if err != io.EOF {
			t.Fatal(err)
		}
		at := min(int(cut), len(in))
		split := io.MultiReader(bytes.NewReader(in[:at]), iotest.OneByteReader(bytes.NewReader(in[at:])))
		parts, _ := collect(t, split)
		if fmt.Sprintf("%q", whole) != fmt.Sprintf("%q", parts) {
			t.Fatalf("whole %q, in parts %q", whole, parts)
		}
	})
}

// The data of a kept event does not change when later events are read.
func TestKeptEvents(t *testing.T) {
	var in strings.Builder
	var want []string
	for i, size := range []int{10, eventBufferKept - 20, eventBufferKept + 1, 5, 3 * eventBufferKept, eventBufferKept + 1, 1, 2 << 20, 7, 100, 4 * eventBufferKept} {
		data := strings.Repeat(string(rune('a'+i)), size)
		want = append(want, data)
		if i == 5 { // on two lines
			fmt.Fprintf(&in, "event: e\ndata: %s\ndata: %s\n\n", data[:size/2], data[size/2:])
			want[i] = data[:size/2] + "\n" + data[size/2:]
		} else {
			fmt.Fprintf(&in, "event: e\ndata: %s\n\n", data)
		}
	}
	for what, r := range map[string]io.Reader{
		"at once": strings.NewReader(in.String()), "by halves": iotest.HalfReader(strings.NewReader(in.String())),
	} {
		events := NewEventReader(r)
		kept := make(map[int][]byte)
		for i := range want {
			event, err := events.Next()
			if err != nil {
				t.Fatal(err)
			}
			if string(event.Data) != want[i] {
				t.Fatalf("%s: event %d has %d bytes, want %d", what, i, len(event.Data), len(want[i]))
			}
			if event.Kept() != (len(want[i]) > eventBufferKept) {
				t.Errorf("%s: event %d of %d bytes is kept: %v", what, i, len(want[i]), event.Kept())
			}
			if event.Kept() {
				kept[i] = event.Data
			}
		}
		if _, err := events.Next(); err != io.EOF {
			t.Error(err)
		}
		for i, data := range kept {
			if string(data) != want[i] {
				t.Errorf("%s: event %d was overwritten", what, i)
			}
		}
	}
}
