package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestShownWriter(t *testing.T) {
	for text, want := range map[string]string{
		"a\tb\nc":                       "a\tb\nc",
		`{"text":"\u001b[31m"}`:         `{"text":"\u001b[31m"}`,
		"\x1b[2J\x1b]52;c;aGk=\x07":     `\u001b[2J\u001b]52;c;aGk=\u0007`,
		"one\r two":                     `one\u000d two`,
		"a\u009b31mb":                   `a\u009b31mb`,
		"a\xc2":                         "a", // more may come
		"a\x9b31m\xff\xfe":              "a\ufffd31m\ufffd\ufffd",
		"evil\u202etxt.exe\u2066\u2069": `evil\u202etxt.exe\u2066\u2069`,
		"naïve 👩\u200d🔬 שלום \ufffd ok": "naïve 👩\u200d🔬 שלום \ufffd ok",
		"": "",
	} {
		var whole, bitwise bytes.Buffer
		if _, err := io.WriteString(&shownWriter{w: &whole}, text); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(struct{ io.Writer }{&shownWriter{w: &bitwise}}, iotest.OneByteReader(strings.NewReader(text))); err != nil {
			t.Fatal(err)
		}
		if whole.String() != want || bitwise.String() != want {
			t.Errorf("%q is shown as %q, and byte by byte as %q; want %q", text, whole.String(), bitwise.String(), want)
		}
	}
}

func FuzzShownWriter(f *testing.F) {
	f.Add([]byte("\x1b[31m\u202e"), 3)
	f.Fuzz(func(t *testing.T, text []byte, at int) {
		var out, parts bytes.Buffer
		s := &shownWriter{w: &out}
		s.Write(text)
		at = min(max(at, 0), len(text))
		p := &shownWriter{w: &parts}
		p.Write(text[:at])
		p.Write(text[at:])
		if out.String() != parts.String() {
			t.Fatalf("%q in two parts: %q and %q", text, out.String(), parts.String())
		}
		if bytes.ContainsFunc(out.Bytes(), func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0x202e }) {
			t.Fatalf("%q is shown as %q", text, out.String())
		}
	})
}
