// Package printable makes text from outside fit to be shown: it takes out what a
// terminal would obey and what would make it read otherwise than it is.
package printable

import (
	"strings"
	"unicode"
)

// Is reports whether a character may be shown. Control characters may not, nor
// may those that override or isolate the direction of text, or end a line.
func Is(r rune) bool {
	switch {
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x2028, r == 0x2029:
		return false
	}
	return !unicode.IsControl(r)
}

// Line returns a text as one line. What may not be shown becomes a blank: if it
// were dropped, a secret that it kept apart, and so from being redacted, would be
// whole again. Runs of blanks become one.
func Line(text string) string {
	text = strings.Map(func(r rune) rune {
		if !Is(r) {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// Excerpt returns a text as one line, cut after so many bytes.
func Excerpt(text string, bytes int) string {
	text = Line(text)
	if len(text) > bytes {
		return Cut(text, bytes) + "…"
	}
	return text
}

// Cut returns at most so many bytes of a text, and no part of a character.
func Cut(text string, bytes int) string {
	if len(text) <= bytes {
		return text
	}
	return strings.ToValidUTF8(text[:bytes], "")
}
