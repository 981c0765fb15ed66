package rawjson

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const hex = "0123456789abcdef"

// AppendTo appends the value in ASCII on one line: it escapes characters above
// U+007E and omits line ends between tokens. Bytes that are not UTF-8 become
// U+FFFD. Everything else is unchanged.
func (v Value) AppendTo(dst []byte) []byte {
	if v.form()&needsEscape == 0 {
		return append(dst, v.text...)
	}
	text := v.text
	for len(text) > 0 {
		n := 0
		for n < len(text) && text[n] < 0x7f && text[n] != '\n' && text[n] != '\r' {
			n++
		}
		dst = append(dst, text[:n]...)
		if text = text[n:]; len(text) == 0 {
			break
		}
		size := 1
		if text[0] >= 0x7f {
			var r rune
			r, size = utf8.DecodeRune(text)
			dst = appendEscaped(dst, r)
		}
		text = text[size:]
	}
	return dst
}

func appendEscaped(dst []byte, r rune) []byte {
	if r > 0xffff {
		high, low := utf16.EncodeRune(r)
		dst = appendEscaped(dst, high)
		r = low
	}
	return append(dst, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}

// AppendString appends s as a JSON string in ASCII. Bytes that are not UTF-8
// become U+FFFD.
func AppendString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, '\\', 'n')
		case r == '\r':
			dst = append(dst, '\\', 'r')
		case r == '\t':
			dst = append(dst, '\\', 't')
		case r >= 0x20 && r < 0x7f:
			dst = append(dst, byte(r))
		default:
			dst = appendEscaped(dst, r)
		}
	}
	return append(dst, '"')
}

// unquote decodes a string as encoding/json does: bytes that are not UTF-8, and
// lone surrogates, become U+FFFD. It truncates texts longer than limit bytes.
func (v Value) unquote(limit int) string {
	inner := v.text[1 : len(v.text)-1]
	if len(inner) > limit {
		inner = cut(inner, limit)
	}
	if v.form()&invalid != 0 {
		inner = []byte(string([]rune(string(inner))))
	}
	i := bytes.IndexByte(inner, '\\')
	if i < 0 {
		return string(inner)
	}
	var text strings.Builder
	text.Grow(len(inner))
	for ; i >= 0; i = bytes.IndexByte(inner, '\\') {
		text.Write(inner[:i])
		r, size := unescape(inner[i:])
		text.WriteRune(r)
		inner = inner[i+size:]
	}
	text.Write(inner)
	return text.String()
}

// cut returns the first limit bytes of the inside of a string, or a few more in
// order not to split an escape or a character.
func cut(inner []byte, limit int) []byte {
	end := 0
	for end < limit {
		i := bytes.IndexByte(inner[end:limit], '\\')
		if i < 0 {
			end = limit
		} else if end += i + 2; inner[end-1] == 'u' {
			end += 4
		}
	}
	for last := min(end+utf8.UTFMax-1, len(inner)); end < last && !utf8.RuneStart(inner[end]); {
		end++
	}
	return inner[:end]
}

// unescape decodes the escape at the start of b.
func unescape(b []byte) (r rune, size int) {
	switch b[1] {
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
	default:
		return rune(b[1]), 2
	}
	r = unhex(b[2:6])
	if utf16.IsSurrogate(r) {
		if len(b) >= 12 && b[6] == '\\' && b[7] == 'u' {
			if pair := utf16.DecodeRune(r, unhex(b[8:12])); pair != utf8.RuneError {
				return pair, 12
			}
		}
		r = utf8.RuneError
	}
	return r, 6
}

func unhex(digits []byte) (r rune) {
	for _, c := range digits {
		switch {
		case c <= '9':
			c -= '0'
		default:
			c = c | 0x20 - 'a' + 10
		}
		r = r<<4 | rune(c)
	}
	return r
}
