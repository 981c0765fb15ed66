package main

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

func wrapped(columns int, pieces ...string) string {
	var out bytes.Buffer
	w := &wrapper{w: &out, width: func() int { return columns }}
	for _, piece := range pieces {
		io.WriteString(w, piece)
	}
	return out.String()
}

func TestWrap(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"short", "one two\n", "one two\n"},
		{"just fits", "one two ten\n", "one two ten\n"},
		{"too long", "one two three four\n", "one two\nthree four\n"},
		{"blanks at the break", "one two      three\n", "one two\nthree\n"},
		{"blanks within", "a  b   c\n", "a  b   c\n"},
		{"blanks at the end", "one   \ntwo\n", "one\ntwo\n"},
		{"an indent", "    four\n", "    four\n"},
		{"a word that is too long", "see https://example.test/a now\n", "see\nhttps://example.test/a\nnow\n"},
		{"room after such a word", "https://example.test/abc de f ghij\n", "https://example.test/abc de f\nghij\n"},
		{"paragraphs", "one\n\n\ntwo\n", "one\n\n\ntwo\n"},
		{"code", "```\nif a { b() } else { c() }\n```\none two three four\n", "```\nif a { b() } else { c() }\n```\none two\nthree four\n"},
		{"indented code", " ```go\nif a { b() } else { c() }\n ```\none two three four\n", " ```go\nif a { b() } else { c() }\n ```\none two\nthree four\n"},
		{"wide characters", "日本語日本語\n", "日本語日本\n語\n"},
		{"marks", "e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301 abc\n", "e\u0301e\u0301e\u0301 e\u0301e\u0301e\u0301 abc\n"},
		{"a tab", "a\tbcd\n", "a\tbcd\n"},
		{"a tab too far", "a\tbcde\n", "a\nbcde\n"},
	} {
		if got := wrapped(11, test.text); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
		if got := wrapped(11, strings.SplitAfter(test.text, "")...); got != test.want {
			t.Errorf("%s, a character at a time: %q, want %q", test.name, got, test.want)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add("one two three\n```\n日本 \t x\n", 7)
	f.Fuzz(func(t *testing.T, text string, columns int) {
		if !utf8.ValidString(text) {
			return
		}
		got := wrapped(columns, text+"\n")
		if strings.Join(strings.Fields(got), "") != strings.Join(strings.Fields(text), "") {
			t.Fatalf("%q becomes %q", text, got)
		}
		if again := wrapped(columns, strings.SplitAfter(text+"\n", "")...); again != got {
			t.Fatalf("%q becomes %q, and a character at a time %q", text, got, again)
		}
	})
}
