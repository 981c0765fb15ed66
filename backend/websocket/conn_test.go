package websocket

import (
	"bytes"
	"compress/flate"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	foreign "github.com/coder/websocket"
)

// A script is a stream of a server that has already sent everything.
type script struct {
	io.Reader
	sent bytes.Buffer
}

func (s *script) Write(b []byte) (int, error) { return s.sent.Write(b) }

const limit = 1 << 20

// read returns the texts in a server's bytes, the error at the end, and the client's
// answers.
func read(sent io.Reader, a Agreement) (texts []string, answered []byte, err error) {
	s := &script{Reader: sent}
	c := New(s, a, limit)
	for {
		_, r, err := c.Next()
		if err == nil {
			var text []byte
			if text, err = io.ReadAll(r); err == nil {
				texts = append(texts, string(text))
				continue
			}
		}
		return texts, s.sent.Bytes(), err
	}
}

var (
	plain    = Agreement{}
	alone    = Agreement{compressed: true}
	takeover = Agreement{compressed: true, takeover: true}
)

// TestRead includes the examples of RFC 6455 (5.7) and RFC 7692 (7.2.3).
func TestRead(t *testing.T) {
	long := strings.Repeat("61", 126)
	for _, test := range []struct {
		name   string
		agreed Agreement
		bytes  string
		want   string
	}{
		{"text", plain, "8105 48656c6c6f", `["Hello"] EOF`},
		{"in fragments", plain, "0103 48656c 8002 6c6f", `["Hello"] EOF`},
		{"with a ping between them", plain, "0103 48656c 8900 8002 6c6f", `["Hello"] EOF`},
		{"with an empty fragment", plain, "0103 48656c 0000 8002 6c6f", `["Hello"] EOF`},
		{"empty", plain, "8100 8100", `["" ""] EOF`},
		{"binary", plain, "8201 00", `["\x00"] EOF`},
		{"of 126 bytes", plain, "817e007e" + long, `["` + strings.Repeat("a", 126) + `"] EOF`},
		{"of 126 bytes, at length", plain, "817f000000000000007e" + long, `["` + strings.Repeat("a", 126) + `"] EOF`},
		{"cut off in a header", plain, "8101 61 81", `["a"] unexpected EOF`},
		{"cut off in a length", plain, "817e00", `[] unexpected EOF`},
		{"cut off in a text", plain, "8105 4865", `[] unexpected EOF`},
		{"cut off between fragments", plain, "0103 48656c", `[] unexpected EOF`},
		{"cut off in a control frame", plain, "8902 61", `[] unexpected EOF`},
		{"too large", plain, "817f0000000000100001", `[] a message is too large`},
		{"too large in fragments", plain, "0101 61 807f0000000000100000", `[] a message is too large`},
		{"of a negative length", plain, "817fffffffffffffffff", `[] the server sent a frame of a negative length`},
		{"of the largest length", plain, "817f7fffffffffffffff", `[] a message is too large`},
		{"masked", plain, "8185 37fa213d7f9f4d5158", `[] the server sent a masked frame`},
		{"RSV1", plain, "c100", `[] the server sent a frame with a reserved bit`},
		{"RSV2", alone, "a100", `[] the server sent a frame with a reserved bit`},
		{"RSV3", alone, "9100", `[] the server sent a frame with a reserved bit`},
		{"an unknown opcode", plain, "8300", `[] the server sent a frame of an unknown kind`},
		{"an unknown control opcode", plain, "8b00", `[] the server sent a frame of an unknown kind`},
		{"a continuation of nothing", plain, "8000", `[] the server sent a frame out of turn`},
		{"a text within a text", plain, "0103 48656c 8100", `[] the server sent a frame out of turn`},
		{"a long ping", plain, "897e007e" + long, `[] the server sent a control frame that is too long, compressed or fragmented`},
		{"a ping in fragments", plain, "0900", `[] the server sent a control frame that is too long, compressed or fragmented`},
		{"closed", plain, "8800", `[] closed with code 1005: ""`},
		{"closed with a reason", plain, "8805 03f1 676f6e", `[] closed with code 1009: "gon"`},
		{"closed within a text", plain, "0101 61 8802 03e8", `[] closed with code 1000: ""`},
		{"closed with half a code", plain, "8801 03", `[] the server sent a malformed close frame`},
		{"closed with bytes for a reason", plain, "8803 03e8 ff", `[] the server sent a malformed close frame`},
		{"closed with a code that is not sent", plain, "8802 03ee", `[] the server sent a close frame with the code 1006`},
		{"closed with an unassigned code", plain, "8802 0bb7", `[] the server sent a close frame with the code 2999`},
		{"closed with a code of its own", plain, "8802 0fa0", `[] closed with code 4000: ""`},

		{"compressed", alone, "c107 f248cdc9c90700", `["Hello"] EOF`},
		{"compressed in fragments", alone, "4103 f248cd 8004 c9c90700", `["Hello"] EOF`},
		{"compressed, with an empty fragment and a ping", alone, "4103 f248cd 0000 8901 61 0004 c9c90700 8000", `["Hello"] EOF`},
		{"not compressed after all", alone, "8105 48656c6c6f c107 f248cdc9c90700", `["Hello" "Hello"] EOF`},
		{"stored", alone, "c10b 000500faff48656c6c6f00", `["Hello"] EOF`},
		{"in two blocks", alone, "c10d f248050000 00ffff cac9c90700", `["Hello"] EOF`},
		{"with a last block", alone, "c108 f348cdc9c9070000 c107 f248cdc9c90700", `["Hello" "Hello"] EOF`},
		{"with a last block and nothing behind it", alone, "c107 f348cdc9c90700 c107 f248cdc9c90700", `["Hello" "Hello"] EOF`},
		{"with a last block, in fragments", alone, "4107 f348cdc9c90700 8001 00 8101 61", `["Hello" "a"] EOF`},
		{"with more than a last block", alone, "c10e f348cdc9c90700f248cdc9c90700", `[] the server sent a message whose compressed data is corrupt`},
		{"empty as it is sent", alone, "c101 00 c107 f248cdc9c90700", `["" "Hello"] EOF`},
		{"empty of data", alone, "c100 c107 f248cdc9c90700", `["" "Hello"] EOF`},
		{"takes over", takeover, "c107 f248cdc9c90700 c105 f200110000", `["Hello" "Hello"] EOF`},
		{"takes over unagreed", alone, "c107 f248cdc9c90700 c105 f200110000", `["Hello"] the server sent a message whose compressed data is corrupt`},
		{"corrupt", alone, "c104 ffffffff", `[] the server sent a message whose compressed data is corrupt`},
		{"cut short", alone, "c104 000500fa", `[] the server sent a message whose compressed data is corrupt`},
		{"cut off while compressed", alone, "c107 f248cdc9", `[] unexpected EOF`},
		{"cut off while compressed, between fragments", alone, "4107 f248cdc9c90700", `[] unexpected EOF`},
		{"RSV1 in the middle", alone, "4103 f248cd c004 c9c90700", `[] the server sent a message that is compressed from the middle on`},
		{"RSV1 on a ping", alone, "c900", `[] the server sent a control frame that is too long, compressed or fragmented`},
		{"compressed data that is too large", alone, "c17f0000000000120041", `[] a message is too large`},
	} {
		t.Run(test.name, func(t *testing.T) {
			sent, err := hex.DecodeString(strings.ReplaceAll(test.bytes, " ", ""))
			if err != nil {
				t.Fatal(err)
			}
			for _, stream := range []io.Reader{bytes.NewReader(sent), iotest.OneByteReader(bytes.NewReader(sent)), iotest.DataErrReader(bytes.NewReader(sent))} {
				texts, _, err := read(stream, test.agreed)
				if got := fmt.Sprintf("%q %v", texts, err); got != test.want {
					t.Errorf("%s, want %s", got, test.want)
				}
			}
		})
	}
}

// deflated returns the frame of a compressed text.
func deflated(texts ...string) []byte {
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, flate.BestCompression)
	var frames []byte
	for _, text := range texts {
		out.Reset()
		io.WriteString(w, text)
		w.Flush()
		data := out.Bytes()[:out.Len()-len(flushed)]
		frames = append(appendLength(append(frames, 0xc1), len(data)), data...)
	}
	return frames
}

// The limit applies to the decompressed text.
func TestBomb(t *testing.T) {
	for size, want := range map[int]error{limit: io.EOF, limit + 1: ErrTooBig, 10 * limit: ErrTooBig} {
		_, _, err := read(bytes.NewReader(deflated(strings.Repeat("a", size))), alone)
		if err != want {
			t.Errorf("%d bytes: %v", size, err)
		}
	}
	// Data that decompresses to nothing is bounded as well.
	empty := strings.Repeat("\x00\x00\x00\xff\xff", limit/4)
	frame := append(appendLength([]byte{0xc1}, len(empty)), empty...)
	if _, _, err := read(bytes.NewReader(frame), alone); err != ErrTooBig {
		t.Error(err)
	}
}

// What a server takes over from earlier messages are the last 32 KiB of all of them,
// those that were not compressed left out.
func TestTakeover(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	var texts []string
	for _, size := range []int{10, 40_000, 0, 5, 32 << 10, 1, 100_000, 20_000, 20_000, 7} {
		text := make([]byte, size)
		random.Read(text)
		texts = append(texts, string(text), string(text[size/2:]))
	}
	frames := deflated(texts...)
	got, _, err := read(iotest.HalfReader(bytes.NewReader(frames)), takeover)
	if err != io.EOF || fmt.Sprint(got) != fmt.Sprint(texts) {
		t.Errorf("%d messages, %v", len(got), err)
	}
	if len(frames) > 400_000 {
		t.Errorf("%d bytes: nothing was taken over", len(frames))
	}
}

// Pings are answered. Of those received while a frame is sent, the last is answered.
func TestPong(t *testing.T) {
	_, answered, _ := read(bytes.NewReader([]byte{0x89, 2, 'a', 'b', 0x89, 0}), plain)
	if got := sent(t, answered); got != `[{10 "ab"} {10 ""}]` {
		t.Error(got)
	}
	s := &script{Reader: strings.NewReader("\x89\x01a\x89\x01b")}
	c := New(s, plain, limit)
	c.writing <- struct{}{} // a message is being sent
	c.Next()
	if s.sent.Len() > 0 {
		t.Error("it was sent within another frame")
	}
	c.written()
	if got := sent(t, s.sent.Bytes()); got != `[{10 "b"}]` {
		t.Error(got)
	}
}

// sent returns the contents of the client's frames.
func sent(t *testing.T, frames []byte) string {
	t.Helper()
	type frame struct {
		opcode byte
		text   string
	}
	var all []frame
	for len(frames) > 0 {
		if frames[0]&0x80 == 0 || frames[1]&0x80 == 0 || frames[1] >= 0xfe {
			t.Fatalf("% x", frames)
		}
		n := int(frames[1] & 0x7f)
		key, text := frames[2:6], bytes.Clone(frames[6:6+n])
		for i := range text {
			text[i] ^= key[i%4]
		}
		all = append(all, frame{frames[0] & 0x0f, string(text)})
		frames = frames[6+n:]
	}
	return strings.ReplaceAll(fmt.Sprintf("%q", all), `'\n'`, "10")
}

// TestLeave tests the close frame for each error of Next.
func TestLeave(t *testing.T) {
	for _, test := range []struct {
		frames string
		want   []byte
	}{
		{"\x88\x02\x03\xf3", []byte{0x03, 0xf3}},
		{"\x88\x00", []byte{0x03, 0xe8}},
		{"\xff\xff", []byte{0x03, 0xea}},
		{"\x81\x7f\x00\xff\xff\xff\xff\xff\xff\xff", []byte{0x03, 0xf1}},
		{"", nil},
	} {
		s := &script{Reader: strings.NewReader(test.frames)}
		c := New(s, plain, limit)
		_, _, err := c.Next()
		c.Leave(err)
		want := "[]"
		if test.want != nil {
			want = fmt.Sprintf("[{'\\b' %q}]", test.want)
		}
		if got := sent(t, s.sent.Bytes()); got != want {
			t.Errorf("%x: %s, want %s", test.frames, got, want)
		}
		if c.Send([]byte("more")) != ErrLeft && test.want != nil {
			t.Error("something follows a close frame")
		}
	}
}

// serve returns a Conn to a server of another package.
func serve(t *testing.T, mode foreign.CompressionMode, talk func(*foreign.Conn)) (*Conn, *counter) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := foreign.Accept(w, r, &foreign.AcceptOptions{CompressionMode: mode})
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.CloseNow()
		conn.SetReadLimit(-1)
		talk(conn)
	}))
	t.Cleanup(server.Close)
	req, _ := http.NewRequest("GET", server.URL, nil)
	key := Offer(req.Header)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	agreed, err := Accept(resp.Header, key)
	if err != nil {
		t.Fatal(err)
	}
	stream := &counter{ReadWriteCloser: resp.Body.(io.ReadWriteCloser)}
	t.Cleanup(func() { stream.Close() })
	return New(stream, agreed, limit), stream
}

type counter struct {
	io.ReadWriteCloser
	mu         sync.Mutex
	up, writes int
}

func (c *counter) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.up, c.writes = c.up+len(b), c.writes+1
	return c.ReadWriteCloser.Write(b)
}

// A server echoes texts of all sizes, compressible or not.
func TestEcho(t *testing.T) {
	for mode, want := range map[foreign.CompressionMode]Agreement{
		foreign.CompressionDisabled: plain, foreign.CompressionContextTakeover: takeover, foreign.CompressionNoContextTakeover: alone,
	} {
		c, stream := serve(t, mode, func(conn *foreign.Conn) {
			for {
				kind, text, err := conn.Read(t.Context())
				if err != nil || conn.Write(t.Context(), kind, text) != nil {
					return
				}
			}
		})
		if c.agreed != want {
			t.Errorf("%+v", c.agreed)
		}
		random := make([]byte, limit)
		rand.New(rand.NewSource(1)).Read(random)
		for _, size := range []int{0, 1, 125, 126, 1023, 1024, 1025, 32 << 10, 65535, 65536, 65537, limit} {
			for _, text := range [][]byte{bytes.Repeat([]byte("{}"), size/2+1)[:size], random[:size]} {
				stream.up = 0
				if err := c.Send(text); err != nil {
					t.Fatal(err)
				}
				_, r, err := c.Next()
				if err != nil {
					t.Fatal(err)
				}
				if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, text) {
					t.Fatalf("%d bytes came back as %d: %v", size, len(got), err)
				}
				switch small := stream.up < size/2; {
				case size >= compressedBytes && len(text) > 0 && text[0] == '{' && small != want.compressed:
					t.Errorf("%d bytes of %d were sent, agreed: %+v", stream.up, size, want)
				case stream.up > size+14:
					t.Errorf("%d bytes of %d were sent", stream.up, size)
				}
			}
		}
	}
}

// Nothing is compressed for a server that requires a smaller window.
func TestNarrow(t *testing.T) {
	for narrow, frame := range map[bool]byte{false: 0xc1, true: 0x81} {
		s := &script{Reader: strings.NewReader("")}
		New(s, Agreement{compressed: true, narrow: narrow}, limit).Send(bytes.Repeat([]byte("{}"), compressedBytes))
		if got, _ := s.sent.ReadByte(); got != frame {
			t.Errorf("narrow %v: the frame begins with %x", narrow, got)
		}
	}
}

// A large text is written in pieces, and a small one in one.
func TestWrites(t *testing.T) {
	c, stream := serve(t, foreign.CompressionDisabled, func(conn *foreign.Conn) { conn.CloseRead(t.Context()); <-t.Context().Done() })
	for size, want := range map[int]int{0: 1, 1000: 1, 32<<10 - 8: 1, 32<<10 - 7: 2, 1 << 20: 33} {
		stream.writes = 0
		if err := c.Send(make([]byte, size)); err != nil || stream.writes != want {
			t.Errorf("%d bytes: %d writes, want %d; %v", size, stream.writes, want, err)
		}
	}
}

// Idle connections share the memory for compression.
func TestIdleMemory(t *testing.T) {
	text := bytes.Repeat([]byte("{}"), compressedBytes)
	frames := deflated(string(text))
	conns := make([]*Conn, 256)
	perConn := testing.AllocsPerRun(1, func() {
		for i := range conns {
			conns[i] = New(&script{Reader: bytes.NewReader(frames)}, alone, limit)
			if _, r, err := conns[i].Next(); err != nil {
				t.Fatal(err)
			} else if _, err := io.Copy(io.Discard, r); err != nil {
				t.Fatal(err)
			}
			conns[i].Send(text)
			if conns[i].plain.flate != nil || conns[i].plain.window != nil {
				t.Fatal("it keeps the state of an inflater")
			}
		}
	}) / float64(len(conns))
	if perConn > 100 {
		t.Errorf("%.0f allocations for a connection", perConn)
	}
	if len(spare) != 1 {
		t.Error("no compressor is kept")
	}
}

// The sizes of reads do not change the messages, which are within the limit, and any
// bytes end with an error.
func FuzzRead(f *testing.F) {
	f.Add([]byte("\x81\x05Hello\x01\x01a\x80\x01b\x89\x01c\x88\x02\x03\xe8"), false)
	f.Add([]byte("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00\xc1\x05\xf2\x00\x11\x00\x00"), true)
	f.Add([]byte("\xc1\x08\xf3\x48\xcd\xc9\xc9\x07\x00\x00\xc1\x00"), true)
	f.Add(deflated(strings.Repeat("a", 70_000), "aa", ""), true)
	f.Fuzz(func(t *testing.T, frames []byte, compressed bool) {
		a := Agreement{compressed: compressed, takeover: compressed}
		texts, _, err := read(bytes.NewReader(frames), a)
		again, _, other := read(iotest.OneByteReader(bytes.NewReader(frames)), a)
		if fmt.Sprintf("%q %v", texts, err) != fmt.Sprintf("%q %v", again, other) {
			t.Errorf("%d texts, %v; a byte at a time %d texts, %v", len(texts), err, len(again), other)
		}
		for _, text := range texts {
			if len(text) > limit {
				t.Errorf("%d bytes", len(text))
			}
		}
		var said *CloseError
		var wrong *ProtocolError
		if err == nil || err != io.EOF && err != io.ErrUnexpectedEOF && err != ErrTooBig && !errors.As(err, &said) && !errors.As(err, &wrong) {
			t.Errorf("an undeclared error: %v", err)
		}
	})
}
