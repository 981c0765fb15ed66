package main

import (
	"io"
	"sync"
	"unicode/utf8"

	"github.com/codex-rpc/codex-rpc/backend/printable"
)

// A shownWriter passes on what a command writes for people, so that nothing in it
// steers the terminal: models, errors and the claims of tokens may hold anything.
// What may not be shown is written as an escape, in the form that leaves JSON as
// it is in value. Line ends and tabs stay.
type shownWriter struct {
	w io.Writer

	mu   sync.Mutex // the log is written to beside the command's own words
	rest []byte     // the beginning of a character
}

func (s *shownWriter) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	const hex = "0123456789abcdef"
	text := p
	if len(s.rest) > 0 {
		text = append(s.rest, p...)
		s.rest = nil
	}
	clean := 0 // so much of text is in out, or can go out as it is
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
			out = append(out, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
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
