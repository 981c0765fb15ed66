package rawjson

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"
)

// A scanner checks a text. Its methods take the index of a value and return the
// index after it, or -1 with at and reason set.
type scanner struct {
	src    []byte
	finder *Finder // or nil
	parser *Parser // or nil
	places []place
	form   form
	at     int
	reason string
}

func (s *scanner) fail(at int, reason string) int {
	s.at, s.reason = at, reason
	return -1
}

func (s *scanner) unexpected(at int) int {
	if at >= len(s.src) {
		return s.fail(at, "unexpected end")
	}
	return s.fail(at, "unexpected "+describe(s.src[at]))
}

// space returns the index of the first byte from i that is not white space.
func (s *scanner) space(i int) int {
	for i < len(s.src) {
		switch s.src[i] {
		case ' ', '\t':
		case '\n', '\r':
			s.form |= needsEscape
		default:
			return i
		}
		i++
	}
	return i
}

func (s *scanner) value(i, depth int) int {
	if i >= len(s.src) {
		return s.unexpected(i)
	}
	switch c := s.src[i]; c {
	case '"':
		end := s.str(i)
		s.pass(i, end)
		return end
	case '{':
		return s.object(i, depth+1)
	case '[':
		return s.array(i, depth+1)
	case 't':
		return s.literal(i, "true")
	case 'f':
		return s.literal(i, "false")
	case 'n':
		return s.literal(i, "null")
	default:
		if c == '-' || '0' <= c && c <= '9' {
			return s.number(i)
		}
	}
	return s.unexpected(i)
}

// object scans the object at i. It spells out the common case of each step, the
// expected byte without white space: calls would take half of the time.
func (s *scanner) object(i, depth int) int {
	if depth > MaxDepth {
		return s.fail(i, tooDeep)
	}
	src := s.src
	place := s.enter(i)
	i = s.space(i + 1)
	if i < len(src) && src[i] == '}' {
		return s.leave(place, i+1)
	}
	for {
		if i >= len(src) || src[i] != '"' {
			return s.unexpected(i)
		}
		key := i + 1
		if i = plainTo(src, key); i < len(src) && src[i] == '"' {
			i++
		} else if i = s.rest(i); i < 0 {
			return i
		}
		name := src[key : i-1]
		if i >= len(src) || src[i] != ':' {
			if i = s.space(i); i >= len(src) || src[i] != ':' {
				return s.unexpected(i)
			}
		}
		if i++; i < len(src) && src[i] <= ' ' {
			i = s.space(i)
		}
		from := i
		if i >= len(src) {
			return s.unexpected(i)
		}
		if end := s.word(i); end > i {
			s.pass(i, end)
			i = end
		} else if end < 0 {
			return end
		} else if i = s.value(i, depth); i < 0 {
			return i
		}
		if s.finder != nil && depth == 1 {
			s.finder.note(name, span{from, i})
		}
		if i < len(src) && src[i] <= ' ' {
			i = s.space(i)
		}
		if i >= len(src) {
			return s.unexpected(i)
		}
		switch src[i] {
		case ',':
			if i++; i < len(src) && src[i] <= ' ' {
				i = s.space(i)
			}
		case '}':
			return s.leave(place, i+1)
		default:
			return s.unexpected(i)
		}
	}
}

func (s *scanner) array(i, depth int) int {
	if depth > MaxDepth {
		return s.fail(i, tooDeep)
	}
	place := s.enter(i)
	i = s.space(i + 1)
	if i < len(s.src) && s.src[i] == ']' {
		return s.leave(place, i+1)
	}
	for {
		if s.parser == nil {
			i = s.value(i, depth)
		} else {
			i = s.element(i, depth)
		}
		if i < 0 {
			return i
		}
		i = s.space(i)
		if i >= len(s.src) {
			return s.unexpected(i)
		}
		switch s.src[i] {
		case ',':
			i = s.space(i + 1)
		case ']':
			return s.leave(place, i+1)
		default:
			return s.unexpected(i)
		}
	}
}

func (s *scanner) literal(i int, word string) int {
	for j := range len(word) {
		if i+j >= len(s.src) || s.src[i+j] != word[j] {
			return s.unexpected(i + j)
		}
	}
	return i + len(word)
}

// shortNumber returns the end of the common form of a number at i: digits
// without a leading 0, followed by a comma or a brace. For others it returns i.
func shortNumber(b []byte, i int) int {
	from := i
	for i < len(b) && '0' <= b[i] && b[i] <= '9' {
		i++
	}
	if i < len(b) && (b[i] == ',' || b[i] == '}') && (b[from] != '0' || i == from+1) {
		return i
	}
	return from
}

func (s *scanner) number(i int) int {
	if s.src[i] == '-' {
		i++
	}
	if i < len(s.src) && s.src[i] == '0' {
		i++
	} else if i = s.digits(i); i < 0 {
		return i
	}
	if i < len(s.src) && s.src[i] == '.' {
		if i = s.digits(i + 1); i < 0 {
			return i
		}
	}
	if i < len(s.src) && s.src[i]|0x20 == 'e' {
		i++
		if i < len(s.src) && (s.src[i] == '+' || s.src[i] == '-') {
			i++
		}
		return s.digits(i)
	}
	return i
}

// digits scans one or more digits.
func (s *scanner) digits(i int) int {
	from := i
	for i < len(s.src) && '0' <= s.src[i] && s.src[i] <= '9' {
		i++
	}
	if i == from {
		return s.unexpected(i)
	}
	return i
}

// str scans the string at i.
func (s *scanner) str(i int) int { return s.rest(plainTo(s.src, i+1)) }

// near is the distance for which rest checks byte by byte: where one byte of a
// string is special, as in code, the next such byte is near, and plainTo pays
// off only over longer distances.
const near = 8

// rest scans a string from its first byte that is not plain.
func (s *scanner) rest(i int) int {
	src := s.src
	for {
		if i >= len(src) {
			return s.unexpected(i)
		}
		switch c := src[i]; {
		case c == '"':
			return i + 1
		case c == '\\':
			if i+1 < len(src) && shortEscape[src[i+1]] {
				i += 2
			} else if i = s.escape(i); i < 0 {
				return i
			}
		case c < 0x20:
			return s.fail(i, "control character in a string")
		case c == 0x7f:
			s.form |= needsEscape
			i++
		default:
			i = s.beyondASCII(i)
		}
		end := min(i+near, len(src))
		for i < end && plain[src[i]] {
			i++
		}
		if i == end {
			i = plainTo(src, i)
		}
	}
}

// beyondASCII scans characters beyond ASCII.
func (s *scanner) beyondASCII(i int) int {
	src := s.src
	s.form |= needsEscape
	for i < len(src) && src[i] >= utf8.RuneSelf {
		// Most alphabets take two bytes, most other scripts three. The general
		// case below handles those whose second byte is further restricted.
		if c := src[i]; 0xc2 <= c && c < 0xe0 && i+1 < len(src) && src[i+1]&0xc0 == 0x80 {
			i += 2
			continue
		} else if 0xe0 < c && c < 0xf0 && c != 0xed && i+2 < len(src) && src[i+1]&0xc0 == 0x80 && src[i+2]&0xc0 == 0x80 {
			i += 3
			continue
		}
		r, size := utf8.DecodeRune(src[i:])
		if r == utf8.RuneError && size == 1 {
			s.form |= invalid
		}
		i += size
	}
	return i
}

// plain is the set of bytes that may occur in a string as they are, and
// shortEscape the set of those that form an escape with a preceding backslash.
var plain, shortEscape = func() (plain, short [256]bool) {
	for c := 0x20; c < 0x7f; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	for _, c := range `"\/bfnrt` {
		short[c] = true
	}
	return plain, short
}()

// escape scans an escape that is not a short one.
func (s *scanner) escape(i int) int {
	if i+1 >= len(s.src) {
		return s.unexpected(i + 1)
	}
	if s.src[i+1] != 'u' {
		return s.fail(i+1, "unknown escape in a string")
	}
	for j := i + 2; j < i+6; j++ {
		if j >= len(s.src) || !isHex(s.src[j]) {
			return s.unexpected(j)
		}
	}
	return i + 6
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// plainTo returns the index of the first byte from i that is not plain: a
// quote, a backslash, a control character or one above U+007E.
func plainTo(b []byte, i int) int {
	for end := min(i+far, len(b)); i+8 <= end; i += 8 {
		if hit := special(binary.LittleEndian.Uint64(b[i:])); hit != 0 {
			return i + bits.TrailingZeros64(hit)/8
		}
	}
	return plainFar(b, i)
}

// far is the distance from which plainTo checks 32 bytes at a time, which does
// not pay off in short strings.
const far = 64

// plainFar continues plainTo beyond that distance, and at the end of a text.
func plainFar(b []byte, i int) int {
	for i+32 <= len(b) {
		w := b[i : i+32 : i+32]
		if special(binary.LittleEndian.Uint64(w))|special(binary.LittleEndian.Uint64(w[8:]))|
			special(binary.LittleEndian.Uint64(w[16:]))|special(binary.LittleEndian.Uint64(w[24:])) != 0 {
			break
		}
		i += 32
	}
	for i < len(b) && plain[b[i]] {
		i++
	}
	return i
}

// special returns 0 if all eight bytes of x are plain. Otherwise its lowest set
// bit is in the first one that is not.
//
// Each term has the high bit of a byte set where that byte is of one such kind:
// x is beyond ASCII, x+1 beyond U+007E. A carry or borrow can set further bits
// above such a byte, but never below it, so that the lowest set bit is right.
func special(x uint64) uint64 {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	quote := x ^ ones*'"'
	slash := x ^ ones*'\\'
	return (x | (x + ones) | (x - ones*0x20) | (quote - ones) | (slash - ones)) & highs
}

// The functions below traverse valid text.

func skipSpace(b []byte, i int) int {
	for b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r' {
		i++
	}
	return i
}

func skipValue(b []byte, i int) int {
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		for depth := 0; ; i++ {
			switch b[i] {
			case '"':
				i = skipString(b, i) - 1
			case '{', '[':
				depth++
			case '}', ']':
				if depth--; depth == 0 {
					return i + 1
				}
			}
		}
	}
	for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && b[i] > ' ' {
		i++
	}
	return i
}

func skipString(b []byte, i int) int {
	for i++; ; i++ {
		i += bytes.IndexByte(b[i:], '"')
		escapes := 0
		for b[i-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return i + 1
		}
	}
}
