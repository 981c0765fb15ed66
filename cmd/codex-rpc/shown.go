package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/codex-rpc/codex-rpc/backend/printable"
)

// shownLine returns a text for a part of a line that a shownWriter writes: its line
// ends are escaped, too.
func shownLine(text string) string { return strings.ReplaceAll(text, "\n", `\u000a`) }

// A shownWriter writes output for people in a form that cannot control the
// terminal: models, errors and claims of tokens may contain anything. It
// escapes unprintable characters in a form that does not change the value of
// JSON, and keeps line ends and tabs.
type shownWriter struct {
	w io.Writer

	mu   sync.Mutex // the log is written concurrently
	rest []byte     // an incomplete character
}

func (s *shownWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	text := p
	if len(s.rest) > 0 {
		text = append(s.rest, p...)
		s.rest = nil
	}
	clean := 0 // the length of the text already in out
	var out []byte
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			if !utf8.FullRune(text[i:]) {
				s.rest = append([]byte(nil), text[i:]...)
				text = text[:i]
				break
			}
			r, size = utf8.DecodeRune(text[i:])
		}
		if r == '\n' || r == '\t' || printable.Is(r) && (r != utf8.RuneError || size > 1) {
			i += size
			continue
		}
		out = append(out, text[clean:i]...)
		if r == utf8.RuneError {
			out = utf8.AppendRune(out, r)
		} else {
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
		clean = i
	}
	if clean > 0 {
		text = append(out, text[clean:]...)
	}
	if _, err := s.w.Write(text); err != nil {
		return 0, err
	}
	return len(p), nil
}
