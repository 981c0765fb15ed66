package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// newTrial returns a session without a host, and one call of it.
func newTrial(out *strings.Builder, s script) (*session, *call) {
	s.call, s.seed, s.deltas = 1, 5, 2
	ses := &session{ledger: newLedger(out), calls: make(map[string]*call), nullAnswers: make(map[string]int)}
	c := newCall("1", s, &exchange{script: s, attempts: 1})
	ses.calls[c.id] = c
	return ses, c
}

// ascii returns a JSON text as a host writes it.
func ascii(text []byte) string {
	var b strings.Builder
	for _, r := range string(text) {
		switch {
		case r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		case r > '~':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func eventLine(s *script, seq int) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","method":"stream.event","params":{"id":1,"seq":%d,"event":%s}}`, seq, ascii(s.event(seq)))
}

func resultLine(s *script, text string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"result":{"id":%q,"status":"completed","output_text":%s}}`, s.id(), ascii(quote(text)))
}

func errorLine(id string, code int, kind, data string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":%d,"message":"m","data":{"type":%q,"retryable":true%s}}}`, id, code, kind, data)
}

// TestViolations checks that a host which breaks a promise is detected.
func TestViolations(t *testing.T) {
	whole := script{stream: true, ending: completed}
	torn := script{stream: true, ending: cut, sent: 2}
	_, c := newTrial(nil, whole)
	s := &c.script
	all := []string{eventLine(s, 0), eventLine(s, 1), eventLine(s, 2), eventLine(s, 3)}
	good := resultLine(s, s.text(2))
	partial := func(text string) string { return `,"partial":{"output_text":` + ascii(quote(text)) + `}` }
	tests := []struct {
		name   string
		script script
		lines  []string
		want   string // within the only violation; "" for none
	}{
		{"nothing wrong", whole, append(all[:4:4], good), ""},
		{"a gap", whole, []string{all[0], all[2]}, "event 2, want 1"},
		{"an event twice", whole, []string{all[0], all[0]}, "event 0, want 1"},
		{"another event", whole, []string{strings.Replace(all[0], "resp_1", "resp_2", 1)}, "event 0 is"},
		{"digits lost", whole, []string{all[0], strings.Replace(all[1], "9007199254740994", "9007199254740992", 1)}, "event 1 is"},
		{"one event too many", whole, append(all[:4:4], strings.Replace(all[3], `"seq":3`, `"seq":4`, 1)), "after the last"},
		{"an event after the answer", whole, append(all[:4:4], good, all[3]), "an event of no open call"},
		{"an event of an unknown call", whole, []string{strings.Replace(all[0], `"id":1`, `"id":2`, 1)}, "an event of no open call"},
		{"events of a call without stream", script{ending: completed}, []string{all[0]}, "an event without stream"},
		{"an event is missing", whole, append(all[:3:3], good), "3 events, want 4"},
		{"another result", whole, append(all[:4:4], resultLine(s, s.text(1))), "the result is"},
		{"an error instead of the result", whole, append(all[:4:4], errorLine("1", -32603, "internal_error", "")), "the answer is -32603"},
		{"cancelled without a cancel request", whole, append(all[:4:4], errorLine("1", -32800, "cancelled", "")), "the answer is -32800"},
		{"two answers", whole, append(all[:4:4], good, good), "an answer to no open call"},
		{"an unexpected answer with the id null", whole, []string{errorLine("null", -32700, "parse_error", "")}, "an unexpected answer"},
		{"result and error", whole, []string{`{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"m"}}`}, "unexpected member result"},
		{"an error without a type", whole, []string{`{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"m","data":{}}}`}, "incomplete error"},
		{"invalid JSON", whole, []string{"oops"}, "oops"},
		{"not ASCII", whole, []string{`{"jsonrpc":"2.0","method":"stream.event","params":{"id":1,"seq":0,"event":` + string(s.event(0)[:len(s.event(0))-1]) + `,"x":"é"}}}`}, "byte 0xc3"},
		{"a cut stream", torn, []string{all[0], all[1], errorLine("1", -32012, "stream_interrupted", partial(s.text(1)))}, ""},
		{"a cut stream that succeeds", torn, []string{all[0], all[1], resultLine(s, s.text(1))}, "the answer is result"},
		{"a cut stream without the partial response", torn, []string{all[0], all[1], errorLine("1", -32012, "stream_interrupted", "")}, "the partial response is missing"},
		{"a cut stream with a shorter partial response", torn, []string{all[0], all[1], errorLine("1", -32012, "stream_interrupted", partial(""))}, "the partial response is"},
		{"a page", script{ending: page}, []string{errorLine("1", -32010, "connection_error", "")}, ""},
		{"a missing retry", script{ending: unanswered}, []string{errorLine("1", -32010, "connection_error", "")}, "after 1 attempts, want -32010 connection_error after 3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			ses, c := newTrial(&out, tt.script)
			for _, line := range tt.lines {
				ses.handleLine([]byte(line + "\n"))
			}
			if len(c.answers) > 0 {
				if fault := c.check(); fault != "" {
					ses.violate("%s", fault)
				}
			}
			if tt.want == "" && ses.total() == 0 {
				return
			}
			if !strings.Contains(out.String(), tt.want) || tt.want == "" || ses.violations == 0 {
				t.Errorf("%d violations, want %q:\n%s", ses.total(), tt.want, out.String())
			}
		})
	}
}

// TestCheckOutstanding checks that missing answers are detected at the end.
func TestCheckOutstanding(t *testing.T) {
	var out strings.Builder
	ses, _ := newTrial(&out, script{ending: completed})
	ses.expectNull("-32700 parse_error")
	ses.checkOutstanding()
	if ses.total() != 2 {
		t.Errorf("%d violations:\n%s", ses.total(), out.String())
	}
}

// TestCheckClosings checks that the machine's delay is subtracted from slow
// closings, but does not excuse too many of them.
func TestCheckClosings(t *testing.T) {
	now := time.Now()
	at := func(ms int) time.Time { return now.Add(time.Duration(ms) * time.Millisecond) }
	tests := []struct {
		closings, taken, late int // the times in milliseconds
		want                  int
	}{{10, 90, 0, 0}, {1, 150, 0, 1}, {1, 150, 80, 0}, {1, 250, 80, 1}, {2, 150, 80, 0}, {3, 150, 80, 1}}
	for _, tt := range tests {
		var out strings.Builder
		l := newLedger(&out)
		for range tt.closings {
			l.closing(at(0), at(tt.taken))
		}
		for ms := -20; ms < 1000; ms += 20 { // late from 40 ms on
			d := delay{at: at(ms)}
			if ms > 40 {
				d.sum = time.Duration(min(ms-40, tt.late)) * time.Millisecond
			}
			l.delays = append(l.delays, d)
		}
		l.checkClosings()
		if l.total() != tt.want {
			t.Errorf("%+v: %d violations: %s", tt, l.total(), out.String())
		}
	}
}

// TestCompare checks that a host which holds more at the end is detected.
func TestCompare(t *testing.T) {
	var out strings.Builder
	was, is := added(&out, map[string]int{"a": 2, "b": 1}, map[string]int{"a": 2, "b": 5, "c": 1})
	if was != 3 || is != 8 || out.String() != "5 goroutines of b, 1 when fresh\n1 goroutines of c, 0 when fresh\n" {
		t.Errorf("%d before, %d after: %s", was, is, out.String())
	}
	for end, want := range map[int]int{10: 0, 11: 1} {
		out.Reset()
		l := newLedger(&out)
		compare(l, &out, []measure{{"descriptors", 9, -1, end, 10}})
		if l.total() != want || !strings.Contains(out.String(), fmt.Sprintf("| descriptors | 9 | - | %d | 10 |\n", end)) {
			t.Errorf("%d violations:\n%s", l.total(), out.String())
		}
	}
}

// TestHeap reads the heap in use from the runtime's trace of collections.
func TestHeap(t *testing.T) {
	start := time.Now()
	l := &load{session: &session{launched: start}}
	for second, size := range []int{1, 5, 7, 6, 100} {
		fmt.Fprintf(&l.stderr, "time=x level=WARN msg=y\ngc %d @%d.500s 2%%: 0.01+0.5+0.02 ms clock, 0.02+0.1/0.2/0+0.1 ms cpu, 30->31->%d MB, 40 MB goal, 0 MB stacks, 0 MB globals, 2 P\n", second+1, second, size)
	}
	if got := l.heap(start.Add(time.Second), start.Add(4*time.Second)); got != 6 {
		t.Errorf("%d MB", got)
	}
	if got := l.heap(start.Add(-time.Second), start); got != 0 {
		t.Errorf("%d MB before the start", got)
	}
}
