package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// A wireFault is invalid or unusual input.
type wireFault struct {
	fault string
	text  string   // of one message, which is framed, or bytes as they are
	want  []string // the outcomes with their ids, in the order of the text
	flags []string
}

const (
	parseError     = "-32700 parse_error to null"
	invalidRequest = "-32600 invalid_request to null"
	notThisRequest = "-32600 invalid_request to 1"
	badParams      = "-32602 invalid_params to 1"
	tooLarge       = "-32600 frame_too_large to null"
	served         = "result to 1"
)

const usage = `{"jsonrpc":"2.0","id":1,"method":"codex.usage"}`

func withID(id string) string { return strings.Replace(usage, `"id":1`, `"id":`+id, 1) }

func withParams(params string) string {
	return `{"jsonrpc":"2.0","id":1,"method":"responses.create","params":` + params + `}`
}

func nested(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }

var hugeID = `"` + strings.Repeat("x", 1<<20) + `"`

// badMessages are the same in both framings.
var badMessages = []wireFault{
	{fault: "not JSON", text: `{hello}`, want: []string{parseError}},
	{fault: "truncated JSON", text: usage[:len(usage)-5], want: []string{parseError}},
	{fault: "invalid UTF-8", text: withID("\"\xff\""), want: []string{parseError}},
	{fault: "overlong UTF-8", text: withID("\"\xc0\xaf\""), want: []string{parseError}},
	{fault: "a surrogate as UTF-8", text: withID("\"\xed\xa0\x80\""), want: []string{parseError}},
	{fault: "a lone surrogate escape in the id", text: withID(`"\ud800"`), want: []string{`result to "\ud800"`}},
	{fault: "ids that differ in a lone surrogate", text: "[" + withID(`"\ud800"`) + "," + withID(`"\ud801"`) + "]", want: []string{`result to "\ud800"`, `result to "\ud801"`}},
	{fault: "a lone surrogate escape in params", text: withParams(`{"input":"\udfff x"}`), want: []string{served}},
	{fault: "NUL byte in a string", text: withID("\"\x00\""), want: []string{parseError}},
	{fault: "NUL byte after the message", text: usage + "\x00", want: []string{parseError}},
	{fault: "NUL as an escape", text: withID(`"\u0000"`), want: []string{`result to "\u0000"`}},
	{fault: "byte order mark in mid-stream", text: "\ufeff" + usage, want: []string{parseError}},
	{fault: "two JSON texts in one frame", text: usage + usage, want: []string{parseError}},
	{fault: "trailing garbage", text: usage + " x", want: []string{parseError}},
	{fault: "nested 100,000 levels", text: nested(100_000), want: []string{invalidRequest}},
	{fault: "params nested 100,000 levels", text: withParams(`{"input":` + nested(100_000) + `}`), want: []string{invalidRequest}},
	{fault: "a number for a message", text: "1", want: []string{invalidRequest}},
	{fault: "true for a message", text: "true", want: []string{invalidRequest}},
	{fault: "a string for a message", text: `"codex.usage"`, want: []string{invalidRequest}},
	{fault: "null for a message", text: "null", want: []string{invalidRequest}},
	{fault: "an empty object", text: "{}", want: []string{invalidRequest}},
	{fault: "an empty array", text: "[]", want: []string{invalidRequest}},
	{fault: "[1,2,3]", text: "[1,2,3]", want: []string{invalidRequest, invalidRequest, invalidRequest}},
	{fault: "a batch in a batch", text: "[[" + usage + "]]", want: []string{invalidRequest}},
	{fault: "no jsonrpc", text: `{"id":1,"method":"codex.usage"}`, want: []string{notThisRequest}},
	{fault: "jsonrpc 1.0", text: `{"jsonrpc":"1.0","id":1,"method":"codex.usage"}`, want: []string{notThisRequest}},
	{fault: "jsonrpc 2.0 as a number", text: `{"jsonrpc":2.0,"id":1,"method":"codex.usage"}`, want: []string{notThisRequest}},
	{fault: "no method", text: `{"jsonrpc":"2.0","id":1}`, want: []string{notThisRequest}},
	{fault: "method is a number", text: `{"jsonrpc":"2.0","id":1,"method":1}`, want: []string{notThisRequest}},
	{fault: "method is null", text: `{"jsonrpc":"2.0","id":1,"method":null}`, want: []string{notThisRequest}},
	{fault: "method is empty", text: `{"jsonrpc":"2.0","id":1,"method":""}`, want: []string{"-32601 method_not_found to 1"}},
	{fault: "method of 1 MB", text: `{"jsonrpc":"2.0","id":1,"method":` + hugeID + `}`, want: []string{"-32601 method_not_found to 1"}},
	{fault: "params is an array", text: withParams(`["x"]`), want: []string{badParams}},
	{fault: "params is a string", text: withParams(`"x"`), want: []string{badParams}},
	{fault: "params is a number", text: withParams(`1`), want: []string{badParams}},
	{fault: "params is null", text: usage[:len(usage)-1] + `,"params":null}`, want: []string{served}},
	{fault: "an unknown parameter", text: withParams(`{"input":"x","inptu":"x"}`), want: []string{badParams}},
	{fault: "a duplicate parameter", text: withParams(`{"input":1,"input":"x"}`), want: []string{served}},
	{fault: "unknown members at the top", text: usage[:len(usage)-1] + `,"meta":{"a":[1]},"x":null}`, want: []string{served}},
	{fault: "duplicate members at the top", text: `{"jsonrpc":"1.0","jsonrpc":"2.0","id":7,"id":1,"method":"x","method":"codex.usage"}`, want: []string{served}},
	{fault: "id is an object", text: withID(`{}`), want: []string{invalidRequest}},
	{fault: "id is an array", text: withID(`[1]`), want: []string{invalidRequest}},
	{fault: "id is true", text: withID(`true`), want: []string{invalidRequest}},
	{fault: "id is null", text: withID(`null`), want: []string{"result to null"}},
	{fault: "id in use", text: "[" + usage + "," + usage + "]", want: []string{"-32600 duplicate_id to 1", served}},
	{fault: "id is 1e400", text: withID(`1e400`), want: []string{"result to 1e400"}},
	{fault: "1e400 in params", text: withParams(`{"input":"x","timeout":1e400}`), want: []string{badParams}},
	{fault: "id of 1 MB", text: withID(hugeID), want: []string{"result to " + hugeID}},
	{fault: "a response", text: `{"jsonrpc":"2.0","id":1,"result":null}`},
	{fault: "an error response", text: `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"x"}}`},
	{fault: "an unknown notification", text: `{"jsonrpc":"2.0","method":"$/setTrace","params":{"value":"off"}}`},
	{fault: "a cancel without an id", text: `{"jsonrpc":"2.0","method":"$/cancelRequest","params":[1]}`},
	{fault: "larger than --max-message-bytes", text: withID(hugeID), want: []string{tooLarge}, flags: []string{"--max-message-bytes", "1000000"}},
	{fault: "far larger than --max-message-bytes", text: strings.Repeat("[", 8<<20), want: []string{tooLarge}, flags: []string{"--max-message-bytes", "1000"}},
}

// badLines and badHeaders are bytes on the wire.
var badLines = []wireFault{
	{fault: "CRLF line ends", text: usage + "\r\n", want: []string{served}},
	{fault: "blank lines between", text: "\n\r\n \t\n" + usage + "\n\n\n", want: []string{served}},
	{fault: "white space around", text: " \t" + usage + " \t \n", want: []string{served}},
	{fault: "one JSON text on several lines", text: strings.Replace(usage, ",", ",\n", 1) + "\n", want: []string{parseError, parseError}},
	{fault: "Content-Length headers in mid-stream", text: frame("headers", usage) + "\n", want: []string{parseError, served}},
	{fault: "UTF-16 in mid-stream", text: utf16le(usage+"\n") + "\n", want: []string{parseError, parseError}},
}

var badHeaders = []wireFault{
	{fault: "no Content-Length", text: "Content-Type: x\r\n\r\n" + usage, want: []string{parseError}},
	{fault: "Content-Length is negative", text: "Content-Length: -1\r\n\r\n" + usage, want: []string{parseError}},
	{fault: "Content-Length is 2^63", text: "Content-Length: 9223372036854775808\r\n\r\n" + usage, want: []string{parseError}},
	{fault: "Content-Length is 10^30", text: "Content-Length: 1" + strings.Repeat("0", 30) + "\r\n\r\n" + usage, want: []string{parseError}},
	{fault: "Content-Length is not a number", text: "Content-Length: many\r\n\r\n" + usage, want: []string{parseError}},
	{fault: "Content-Length is empty", text: "Content-Length:\r\n\r\n" + usage, want: []string{parseError}},
	{fault: "Content-Length is 0", text: "Content-Length: 0\r\n\r\n", want: []string{parseError}},
	{fault: "Content-Length twice, the same", text: fmt.Sprintf("Content-Length: %[1]d\r\nContent-Length: %[1]d\r\n\r\n%s", len(usage), usage), want: []string{served}},
	{fault: "Content-Length twice, the last one right", text: "Content-Length: 9\r\n" + frame("headers", usage), want: []string{served}},
	{fault: "Content-Length less than the body", text: frame("headers", usage)[:17] + "\r\n\r\n" + usage, want: []string{parseError, parseError}},
	{fault: "a header line of 1 MB", text: strings.Repeat("x", 1<<20) + "\r\n\r\n" + usage, want: []string{parseError}},
	{fault: "100,000 header lines", text: strings.Repeat("X-Flood: 1\r\n", 100_000) + "\r\n" + usage, want: []string{parseError}},
	{fault: "a line that is not a header", text: "hello\r\n" + frame("headers", usage), want: []string{parseError, served}},
	{fault: "header in lower case", text: strings.ToLower(frame("headers", usage)), want: []string{served}},
	{fault: "header without a space", text: strings.Replace(frame("headers", usage), ": ", ":", 1), want: []string{served}},
	{fault: "header with many spaces", text: strings.Replace(frame("headers", usage), ": ", "  :   ", 1), want: []string{served}},
	{fault: "LF alone for line ends", text: strings.ReplaceAll(frame("headers", usage), "\r", ""), want: []string{served}},
	{fault: "Content-Type with a charset", text: "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\n" + frame("headers", usage), want: []string{served}},
	{fault: "blank lines between frames", text: "\r\n\n\r\n" + frame("headers", usage) + "\r\n\r\n", want: []string{served}},
	{fault: "a line of JSON in mid-stream", text: usage + "\n", want: []string{parseError}},
	{fault: "UTF-16 in a frame", text: frame("headers", utf16le(usage)), want: []string{parseError}},
}

// firstBytes precede input in a framing.
var firstBytes = map[string][]wireFault{
	"lines": {
		{fault: "byte order mark at the start", text: "\ufeff" + usage + "\n", want: []string{served}},
		{fault: "UTF-16 with a byte order mark", text: "\xff\xfe" + utf16le(usage+"\n") + "\n", want: []string{parseError, parseError}},
		{fault: "NUL bytes at the start", text: "\x00\x00\n" + usage + "\n", want: []string{parseError, served}},
		{fault: "white space at the start", text: "\r\n \t " + usage + "\n", want: []string{served}},
	},
	"headers": {
		{fault: "byte order mark at the start", text: "\ufeff" + frame("headers", usage), want: []string{served}},
		{fault: "white space at the start", text: "\r\n \t " + frame("headers", usage), want: []string{served}},
	},
}

// utf16le is the output of some programs on Windows. The NUL of the line feed
// starts the next line.
func utf16le(text string) string {
	b, err := binary.Append(nil, binary.LittleEndian, utf16.Encode([]rune(text)))
	if err != nil {
		panic(err)
	}
	return string(b)
}

// TestWireFaults checks that any input is answered as the protocol specifies
// and that the session continues.
func TestWireFaults(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			for _, f := range badMessages {
				f.text = frame(framing, f.text)
				t.Run(f.fault, func(t *testing.T) { f.play(t, framing, true) })
			}
			for _, f := range map[string][]wireFault{"lines": badLines, "headers": badHeaders}[framing] {
				t.Run(f.fault, func(t *testing.T) { f.play(t, framing, true) })
			}
			for _, f := range firstBytes[framing] {
				t.Run(f.fault, func(t *testing.T) { f.play(t, framing, false) })
			}
		})
	}
}

// play sends a host its whole input at once: a fault between two valid
// messages. Responses are matched by id.
func (f wireFault) play(t *testing.T, framing string, greet bool) {
	c := connect(t, framing, append(f.flags, "--mock")...)
	if greet { // what decides for the framing, and is not answered
		c.say(`{"jsonrpc":"2.0","method":"initialized","params":{}}`)
	}
	// While the input is written: a host that reads on only when its answers
	// are read is within its rights.
	go io.WriteString(c.in, f.text+frame(framing, probe))
	var seen []string
	for probed := false; !probed || len(seen) < len(f.want); {
		m := c.answer()
		if probed = probed || string(m.ID) == `"probe"`; string(m.ID) != `"probe"` {
			seen = append(seen, m.Outcome()+" to "+string(m.ID))
		} else if !bytes.Contains(m.Result, []byte(`"plan_type":"plus"`)) {
			t.Fatalf("the session does not continue: %+v", m)
		}
	}
	c.end(0)
	got, want := sum(seen), sum(slices.Clone(f.want))
	row(t, f.fault, framing, strings.ReplaceAll(got, hugeID, "it"), "session continues")
	if got != want {
		t.Errorf("got %.300s\nwant %.300s", got, want)
	}
}

// TestStrayFirstLine checks that the output of a login shell before the first
// message is answered as lines, in whichever framing the client then uses.
func TestStrayFirstLine(t *testing.T) {
	for _, framing := range framings {
		for _, stray := range []string{"Last login: today on ttys000", "hello", "\x1b[0m$ ", "Content-Length", "\x00\xff", "7", `"x"`, "null"} {
			t.Run(framing+"/"+stray, func(t *testing.T) {
				c := connect(t, framing, "--mock")
				c.write(stray + "\n" + frame(framing, probe))
				line, err := c.out.ReadBytes('\n')
				if err != nil || !bytes.HasPrefix(line, []byte(`{"jsonrpc":"2.0","id":null,"error":{"code":-32700,`)) {
					t.Fatalf("the answer is %s, %v", line, err)
				}
				if got := c.expect(`"probe"`, "result"); got != "result" {
					t.Error(got)
				}
				c.goesOn()
				c.end(0)
				row(t, fmt.Sprintf("%q before the first message", stray), framing, "-32700, as a line", "session continues")
			})
		}
	}
}
