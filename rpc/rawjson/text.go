package rawjson

import (
	"encoding/json"
	"unicode/utf16"
	"unicode/utf8"
)

const hex = "0123456789abcdef"

// AppendTo appends the value in ASCII on one line: every character above
// U+007E becomes an escape, line ends between tokens are left out, and the rest
// is as it came. Bytes that are not UTF-8 become U+FFFD.
func (v Value) AppendTo(dst []byte) []byte {
	if v.form&rewrite == 0 {
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

// unquote decodes a string that was found valid.
func unquote(quoted []byte) string {
	inner := quoted[1 : len(quoted)-1]
	if plainTo(inner, 0) == len(inner) {
		return string(inner)
	}
	var s string
	if err := json.Unmarshal(quoted, &s); err != nil {
		panic("rawjson: a checked string does not decode: " + err.Error())
	}
	return s
}
