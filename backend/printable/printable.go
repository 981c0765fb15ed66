// Package printable makes external text safe to display: it removes control
// characters and those that change the direction of text.
package printable

import (
	"strings"
	"unicode"
)

// Is reports whether a character is printable. Control characters are not, nor are
// those that override or isolate the direction of text, or separate lines.
func Is(r rune) bool {
	switch {
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x2028, r == 0x2029:
		return false
	}
	return !unicode.IsControl(r)
}

// Line returns a text as one line. Characters that are not printable become blanks:
// dropping them would join the parts of a secret that was not redacted because of
// them. Runs of blanks are collapsed.
func Line(text string) string {
	text = strings.Map(func(r rune) rune {
		if !Is(r) {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// Excerpt returns a text as one line, cut to a number of bytes.
func Excerpt(text string, bytes int) string {
	text = Line(text)
	if len(text) > bytes {
		return Cut(text, bytes) + "…"
	}
	return text
}

// Cut cuts a text to a number of bytes, without dividing a character.
func Cut(text string, bytes int) string {
	if len(text) <= bytes {
		return text
	}
	return strings.ToValidUTF8(text[:bytes], "")
}
