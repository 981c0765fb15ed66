package rpctest

import (
	"bufio"
	"io"
	"strings"
	"testing"
)

func TestFraming(t *testing.T) {
	for _, framing := range []Framing{Lines, Headers} {
		r := bufio.NewReader(strings.NewReader(string(framing.Encode([]byte("{}"))) + string(framing.Encode([]byte(`{"a":1}`)))))
		for _, want := range []string{"{}", `{"a":1}`} {
			if got, err := framing.Read(r); err != nil || string(got) != want {
				t.Errorf("%s: want %s, got %s, %v", framing, want, got, err)
			}
		}
		if _, err := framing.Read(r); err != io.EOF {
			t.Errorf("%s: at the end: %v", framing, err)
		}
	}
	for _, tc := range []struct {
		framing     Framing
		output, err string
	}{
		{Lines, "{}", "ends within a frame"},
		{Lines, "\n", "blank line or CR"},
		{Lines, "{}\r\n", "blank line or CR"},
		{Headers, "Content-Length: 2\r\n", "ends within a frame"},
		{Headers, "Content-Length: 2\r\n\r\n{", "ends within a frame"},
		{Headers, "Content-Length: 2\n\n{}", "want \"Content-Length: N"},
		{Headers, "content-length: 2\r\n\r\n{}", "want \"Content-Length: N"},
		{Headers, "Content-Length: 02\r\n\r\n{}", "want \"Content-Length: N"},
		{Headers, "Content-Length: 2\r\nContent-Type: x\r\n\r\n{}", "after Content-Length"},
		{Headers, "Content-Length: 999999999\r\n\r\n{}", "is over"},
	} {
		_, err := tc.framing.Read(bufio.NewReader(strings.NewReader(tc.output)))
		if err == nil || !strings.Contains(err.Error(), tc.err) {
			t.Errorf("%s %q: want %q, got %v", tc.framing, tc.output, tc.err, err)
		}
	}
}

func FuzzFraming(f *testing.F) {
	f.Add("Content-Length: 2\r\n\r\n{}")
	f.Add("{}\n{}\n")
	f.Add("Content-Length: 0\r\n\r\n")
	f.Fuzz(func(t *testing.T, output string) {
		for _, framing := range []Framing{Lines, Headers} {
			// Encoding the messages again yields the same bytes.
			r := bufio.NewReader(strings.NewReader(output))
			var written string
			for {
				text, err := framing.Read(r)
				if err != nil {
					break
				}
				written += string(framing.Encode(text))
			}
			if !strings.HasPrefix(output, written) {
				t.Errorf("%s: %q was read as %q", framing, output, written)
			}
		}
	})
}
