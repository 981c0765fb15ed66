package rpc_test

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
)

// ask is a request that is answered as it is read, so that responses are in the
// order of the input.
const ask = `{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}`

func framed(s string) string { return frame("headers", s) }

// outcome abbreviates the responses of a session: "1=3" is the result 3 for id
// 1, "null!-32700" an error.
func outcome(t testing.TB, framing, out string) string {
	t.Helper()
	var parts []string
	for r := bufio.NewReader(strings.NewReader(out)); ; {
		text, err := readFrame(framingOf(framing, r), r)
		if err == io.EOF {
			return strings.Join(parts, " ")
		}
		if err != nil {
			t.Fatalf("%v in %q", err, out)
		}
		m, err := check(text)
		if err != nil {
			t.Fatal(err)
		}
		if m.Error != nil {
			parts = append(parts, fmt.Sprintf("%s!%d", m.ID, m.Error.Code))
		} else {
			parts = append(parts, fmt.Sprintf("%s=%s", m.ID, m.Result))
		}
	}
}

// framingOf returns the framing of the next message.
func framingOf(framing string, r *bufio.Reader) string {
	if framing != "either" {
		return framing
	}
	if first, _ := r.Peek(1); string(first) == "C" {
		return "headers"
	}
	return "lines"
}

func TestFrames(t *testing.T) {
	const limit = 200
	big := strings.Repeat("x", limit+1)
	tests := []struct{ name, framing, in, want string }{
		{"line", "lines", ask + "\n", "1=3"},
		{"last line without end", "lines", ask, "1=3"},
		{"crlf", "lines", ask + "\r\n" + ask + "\r\n", "1=3 1=3"},
		{"blank lines", "lines", "\n\r\n \t\r\n" + ask + "\n\n  \n" + ask + "\n\n", "1=3 1=3"},
		{"white space first", "lines", "  \t\n " + ask + "\n", "1=3"},
		{"byte order mark", "lines", "\ufeff" + ask + "\n", "1=3"},
		{"byte order mark later", "lines", ask + "\n\ufeff" + ask + "\n", "1=3 null!-32700"},
		{"nothing", "lines", "", ""},
		{"white space only", "lines", " \n", ""},
		{"short line", "lines", "1\n", "null!-32700"},
		{"short line later", "lines", "[]\n1\n", "null!-32600 null!-32600"},
		{"garbage lines", "lines", "[}\n\x00\xff\n" + ask + "\n", "null!-32700 null!-32700 1=3"},
		{"half a text a line", "lines", "{\n}\n" + ask + "\n", "null!-32700 null!-32700 1=3"},
		{"two texts a line", "lines", ask + ask + "\n" + ask + "\n", "null!-32700 1=3"},
		{"not utf-8", "lines", "{\"a\":\"\xff\"}\n" + ask + "\n", "null!-32700 1=3"},
		{"line at the limit", "lines", ask + strings.Repeat(" ", limit-len(ask)) + "\r\n", "1=3"},
		{"line over the limit", "lines", "[" + big + "\n" + ask + "\n", "null!-32600 1=3"},
		{"line far over the limit", "lines", "[" + strings.Repeat(big, 5000) + "\n" + ask + "\n", "null!-32600 1=3"},
		{"last line over the limit", "lines", "[" + big, "null!-32600"},
		{"headers in lines", "lines", "{}\n" + framed("[]") + "\n", "null!-32600 null!-32700 null!-32600"},

		{"headers", "headers", framed(ask) + framed(ask), "1=3 1=3"},
		{"any case, no space, lf", "headers", fmt.Sprintf("content-LENGTH:%d\nContent-Type: x; charset=utf-8\n\n%s", len(ask), ask), "1=3"},
		{"spaces", "headers", fmt.Sprintf("Content-Length  :   %d  \r\n\r\n%s", len(ask), ask), "1=3"},
		{"content type first", "headers", fmt.Sprintf("Content-Type: x\r\nContent-Length: %d\r\n\r\n%s", len(ask), ask), "1=3"},
		{"line ends between", "headers", "\r\n" + framed(ask) + "\r\n\r\n" + framed(ask) + "\n", "1=3 1=3"},
		{"line ends in the body", "headers", framed("{\r\n" + ask[1:] + "\n"), "1=3"},
		{"empty body", "headers", framed("") + framed(ask), "null!-32700 1=3"},
		{"bad body", "headers", framed("{]") + framed(ask), "null!-32700 1=3"},
		{"no length", "headers", "Content-Type: x\r\n\r\n" + ask + framed(ask), "null!-32700 1=3"},
		{"bad length", "headers", "Content-Length: 1x\r\n\r\n" + ask + framed(ask), "null!-32700 1=3"},
		{"negative length", "headers", "Content-Length: -1\r\n\r\n" + framed(ask), "null!-32700 1=3"},
		{"huge length", "headers", "Content-Length: 99999999999999999999\r\n\r\n" + framed(ask), "null!-32700 1=3"},
		{"no header", "headers", framed(ask) + "hello\n" + framed(ask), "1=3 null!-32700 1=3"},
		{"line instead of headers", "headers", framed(ask) + ask + "\n" + framed(ask), "1=3 null!-32700 1=3"},
		{"body longer than its length", "headers", fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(ask), ask+`}}"x":1`) + framed(ask), "1=3 null!-32700 1=3"},
		{"header without colon", "headers", framed(ask) + "Content-Length 48\r\n\r\n" + framed(ask), "1=3 null!-32700 1=3"},
		{"header without colon after garbage", "headers", framed(ask) + "x{ Content-Length 48 content-length : " + fmt.Sprint(len(ask)) + "\r\n\r\n" + ask, "1=3 null!-32700 1=3"},
		{"long header line", "headers", framed(ask) + "x Content-Length: 1" + strings.Repeat("\xf8", 8000) + "\n" + framed(ask), "1=3 null!-32700 null!-32700 1=3"},
		{"longest header line", "headers", "Content-Length: " + strings.Repeat(" ", 8190) + "1\n" + framed(ask), "null!-32700 1=3"},
		{"near miss of a header", "headers", framed(ask) + "x\nContent-LeContent-Length: " + fmt.Sprint(len(ask)) + "\r\n\r\n" + ask, "1=3 null!-32700 1=3"},
		{"garbage without end", "headers", framed(ask) + "hello " + strings.Repeat("x", 100000), "1=3 null!-32700"},
		{"endless headers", "headers", strings.Repeat("a: b\r\n", 3000) + "\r\n" + framed(ask), "null!-32700 1=3"},
		{"body over the limit", "headers", framed("["+big) + framed(ask), "null!-32600 1=3"},
		{"cut in the headers", "headers", framed(ask) + "Content-Len", "1=3 null!-32700"},
		{"cut after a header", "headers", "Content-Length: 5\r\n", "null!-32700"},
		{"cut in the body", "headers", framed(ask)[:40], "null!-32700"},
		// The output of a login shell may precede the messages. It is answered as lines.
		{"a word, then lines", "either", "hello\n" + ask + "\n", "null!-32700 1=3"},
		{"a word, then headers", "either", "hello\n" + framed(ask) + framed(ask), "null!-32700 1=3 1=3"},
		{"what looks like a header, then lines", "either", "direnv: loading\n" + ask + "\n", "null!-32700 1=3"},
		{"what looks like headers, then lines", "either", "Welcome: to host\nLoad: 1\n\n" + ask + "\n", "null!-32700 1=3"},
		{"what looks like a header, words, then lines", "either", "Welcome: to host\nhave a nice day\n" + ask + "\n", "null!-32700 1=3"},
		{"what looks like a header, then headers", "either", "Welcome: to host\n\n" + framed(ask) + framed(ask), "null!-32700 1=3 1=3"},
		{"another header first", "headers", "X-Trace: 1\r\n" + framed(ask), "1=3"},
		{"what looks like a header alone", "either", "Welcome: to host", "null!-32700"},
		{"several lines, then headers", "either", "Last login: today\r\n\n\x1b[0m\n$ \n" + framed(ask), "null!-32700 null!-32700 null!-32700 1=3"},
		{"a number, then headers", "either", "7\n" + framed(ask), "null!-32700 1=3"},
		{"a byte of a byte order mark, then lines", "either", "\xef\n" + ask + "\n", "null!-32700 1=3"},
		{"a literal, then lines", "either", "true\n" + ask + "\n", "null!-32700 1=3"},
		{"header without colon, then headers", "either", "Content-Length 48\r\n\r\n" + framed(ask), "null!-32700 1=3"},
		{"two names and a colon, then lines", "either", "x y: 1\n" + ask + "\n", "null!-32700 1=3"},
		{"a long line, then lines", "either", "x" + big + "\n" + ask + "\n", "null!-32600 1=3"},
		{"half a header", "either", "Content-Len", "null!-32700"},
		{"a colon alone, then lines", "either", ": 5\n" + ask + "\n", "null!-32700 1=3"},
		{"cut in a body over the limit", "headers", "Content-Length: 100000000\r\n\r\nx", "null!-32600"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			o := options(nil)
			o.MaxMessageBytes = limit
			o.Describe = func() []byte { return []byte("3") }
			if got := outcome(t, tt.framing, serveText(t, o, tt.in)); got != tt.want {
				t.Errorf("outcome = %q, want %q", got, tt.want)
			}
		})
	}
}

// TestFaultsAreAnsweredAtOnce checks that a malformed frame is answered before the
// next one arrives, since a client may wait for the answer.
func TestFaultsAreAnsweredAtOnce(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		code     int
		kind     string
		next     string
	}{
		{"a length that is not a number", "Content-Length: x\r\n", -32700, "parse_error", "\r\n" + framed(ask)},
		{"a negative length", "Content-Length: -5\r\n\r\n", -32700, "parse_error", framed(ask)},
		{"an overflowing length", "Content-Length: 99999999999999999999\r\n\r\n", -32700, "parse_error", "xyz" + framed(ask)},
		{"no length", "Content-Type: x\r\n\r\n", -32700, "parse_error", ask + framed(ask)},
		{"a line that is not a header", "Content-Type: x\r\nhello\r\n", -32700, "parse_error", framed(ask)},
		{"a body over the limit", "Content-Length: 1000\r\n\r\n", -32600, "frame_too_large", strings.Repeat("x", 1000) + framed(ask)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := options(nil)
			o.MaxMessageBytes = 200
			o.Describe = func() []byte { return []byte("3") }
			p := connect(t, "headers", o)
			for range 2 {
				go io.WriteString(p.in, tt.in)
				p.expectError("null", tt.code, tt.kind)
				go io.WriteString(p.in, tt.next)
				p.expectResult("1", "3")
			}
			p.end(nil)
		})
	}
}

// FuzzServe checks that a session survives any input and that its output is
// well-formed.
func FuzzServe(f *testing.F) {
	for _, s := range []string{
		ask + "\n", "[" + ask + ",1]\n", "[]", "{}\n", framed(ask) + framed("[]"), "Content-Length: x\r\n\r\n" + framed(ask),
		"a: b\n\n", cancelRequest("1"), "\ufeff{\n", `{"jsonrpc":"2.0","id":{"a":1},"method":"x"}`,
	} {
		f.Add([]byte(s))
	}
	o := options(nil)
	o.MaxMessageBytes = 500
	f.Fuzz(func(t *testing.T, in []byte) {
		// A valid message is answered in the decided framing, whatever precedes it.
		framing := decided(string(in))
		last := `{"jsonrpc":"2.0","id":"last","method":"get_data"}`
		text := string(in) + "\n" + frame(framing, last)
		out := serveText(t, o, text)
		alive := false
		for r := bufio.NewReader(strings.NewReader(out)); ; {
			message, err := readFrame(framingOf("either", r), r)
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%v in %q", err, out)
			}
			if strings.HasPrefix(message, "[") {
				continue
			}
			m, err := check(message)
			if err != nil {
				t.Fatal(err)
			}
			alive = alive || string(m.ID) == `"last"`
		}
		stopped := strings.Contains(text, `exit`) || strings.Contains(text, `shutdown`) || strings.Contains(text, `\u`)
		swallowed := framing == "headers" // as part of the body of a wrong header
		if !alive && !stopped && !swallowed {
			t.Fatalf("no response to the last message: %q", out)
		}
	})
}

var header = regexp.MustCompile(`^[-0-9A-Za-z]{1,90}[ \t]*:`)

// decided returns the framing that an input decides, or lines if it does not
// decide one.
func decided(in string) string {
	for line := range strings.Lines(strings.TrimPrefix(strings.TrimLeft(in, " \t\r\n"), "\ufeff")) {
		switch line = strings.TrimLeft(line, " \t\r\n"); {
		case header.MatchString(line):
			return "headers"
		case line != "" && (line[0] == '{' || line[0] == '['):
			return "lines"
		}
	}
	return "lines"
}
