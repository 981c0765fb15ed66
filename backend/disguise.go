package backend

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// A secret that is shorter is blanked as a whole alone, and one that is
	// shorter still only where nothing keeps it apart.
	longSecret = 16
	longWord   = 8
	// So much of a long secret is one that was cut off, and so much of it at the
	// end of a text.
	beginning = 12
	cutShort  = 8
	// So many characters may keep two of a long secret apart.
	maxGap = 8
	// So many escapes are undone, one inside the other; in a text of megabytes
	// that is made of escapes it would take seconds.
	maxEscapes   = 3
	longText     = 1 << 20
	inLongText   = 1
	entityLength = 10 // of &#x0002f;
)

// A Redactor redacts certain secrets, like [Redact]. It is safe for concurrent use.
type Redactor struct {
	known  []string
	begins [256]bool // a secret, written in some way, may begin with this byte
	// parts are the long secrets cut into words of partBytes, by their value, and
	// pairs has a bit for the two bytes that each begins with.
	parts map[uint64]part
	pairs [1 << 16 / 64]uint64
}

// NewRedactor returns a Redactor for these secrets.
func NewRedactor(secrets ...string) *Redactor {
	var r Redactor
	for _, secret := range secrets {
		if len(secret) >= shortestSecret { // so it has a second byte
			r.known = append(r.known, secret)
			r.begins[secret[0]] = true
		}
		if len(secret) >= longSecret {
			r.addParts(secret)
		}
	}
	if len(r.known) > 0 {
		for _, lead := range []byte(`%\&`) {
			r.begins[lead] = true
		}
	}
	return &r
}

// Text is like [Redact].
func (r *Redactor) Text(s string) string {
	s = r.replaceKnown(s)
	if !suspicious(s) {
		return s
	}
	return credentialPattern().ReplaceAllString(s, "${1}"+blank)
}

// replaceKnown blanks the secrets in s, however they are written, in one pass.
func (r *Redactor) replaceKnown(s string) string {
	var clean strings.Builder
	kept := 0 // s up to here is in clean
	escapes := maxEscapes
	if len(s) > longText {
		escapes = inLongText
	}
	for i := 0; i < len(s); {
		begin, end := i, 0
		if r.begins[s[i]] && (!isLead(s[i]) || mayEscape(s, i)) {
			first, next := character(s, i, escapes)
			for _, secret := range r.known {
				if rune(secret[0]) == first && mayGoOn(s, next, secret[1]) || secret[0] == s[i] && strings.HasPrefix(s[i:], secret) {
					end = max(end, disguised(s, i, secret, escapes))
				}
			}
		}
		if end == 0 {
			begin, end = r.piece(s, i, kept)
		}
		if end == 0 {
			i++
			continue
		}
		clean.WriteString(s[kept:begin])
		clean.WriteString(blank)
		i, kept = end, end
	}
	if kept == 0 {
		return s
	}
	return clean.String() + s[kept:]
}

// disguised returns the end of the secret that begins at i, 0 if none does. Of a
// long one the beginning will do.
func disguised(s string, i int, secret string, escapes int) int {
	if strings.HasPrefix(s[i:], secret) {
		return i + len(secret)
	}
	matched, gap, end := 0, 0, 0
	for matched < len(secret) && i < len(s) {
		r, next := character(s, i, escapes)
		switch {
		case r == rune(secret[matched]):
			matched++
			gap, end = 0, next
		case matched > 0 && gap < maxGap && len(secret) >= longWord && ignorable(r):
			gap++
		default:
			return cutOff(s, end, matched, secret)
		}
		i = next
	}
	return cutOff(s, end, matched, secret)
}

// cutOff returns the end of as much of a secret as stands there, 0 if it is too
// little to count.
func cutOff(s string, end, matched int, secret string) int {
	switch {
	case matched == len(secret):
		return end
	case len(secret) < longSecret:
		return 0
	case matched >= beginning || matched >= cutShort && isEnd(s[end:]):
		return end
	}
	return 0
}

// isEnd reports whether rest is what stands behind a text that was cut off.
func isEnd(rest string) bool { return rest == "" || rest == "…" || rest == "..." }

// ignorable reports whether a character may have got into a secret, or have been
// put there.
func ignorable(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError
}

func isLead(c byte) bool { return c == '%' || c == '\\' || c == '&' }

// mayEscape reports whether the lead at i may begin the escape of a character. It
// keeps a text that is made of leads from being read again and again.
func mayEscape(s string, i int) bool {
	lead := s[i]
	for n := 0; i < len(s) && s[i] == '\\'; n++ {
		if n == 1<<maxEscapes {
			return false
		}
		i++
	}
	if lead != '\\' {
		i++
	}
	if i >= len(s) {
		return false
	}
	c := s[i]
	switch lead {
	case '%':
		return digitOf(rune(c), 16) >= 0
	case '&':
		return (c == '#' || isLead(c) || 'a' <= c|0x20 && c|0x20 <= 'z') && strings.ContainsAny(s[i:min(i+entityLength, len(s))], `;%\`)
	}
	return c != 'n' && c != 'r' && c != 't' && c != 'b' && c != 'f'
}

// mayGoOn reports whether a secret that has begun may go on with the byte at i.
func mayGoOn(s string, i int, second byte) bool {
	if i >= len(s) {
		return false
	}
	c := s[i]
	return c == second || isLead(c) || c <= ' ' || c >= 0x7f
}

// character returns the character that s has at i when so many escapes are
// undone, and where it ends.
func character(s string, i, escapes int) (rune, int) {
	if c := s[i]; c < utf8.RuneSelf && (escapes == 0 || !isLead(c)) {
		return rune(c), i + 1
	} else if c >= utf8.RuneSelf {
		r, size := utf8.DecodeRuneInString(s[i:])
		return r, i + size
	}
	r, next := character(s, i, escapes-1)
	switch r {
	case '%':
		if r, end, ok := percent(s, next, escapes-1); ok {
			return r, end
		}
	case '\\':
		return backslash(s, next, escapes-1)
	case '&':
		if r, end, ok := entity(s, next, escapes-1); ok {
			return r, end
		}
	}
	return r, next
}

// percent returns the character that begins with the byte whose digits stand
// behind a percent sign at i. One beyond ASCII has further bytes.
func percent(s string, i, escapes int) (rune, int, bool) {
	b, end, ok := hexadecimal(s, i, 2, escapes)
	if !ok || b < utf8.RuneSelf {
		return b, end, ok
	}
	encoded := []byte{byte(b)}
	for len(encoded) < utf8.UTFMax && !utf8.FullRune(encoded) && end < len(s) {
		r, next := character(s, end, escapes)
		if r != '%' {
			break
		}
		b, after, ok := hexadecimal(s, next, 2, escapes)
		if !ok {
			break
		}
		encoded, end = append(encoded, byte(b)), after
	}
	r, _ := utf8.DecodeRune(encoded)
	return r, end, true
}

// backslash returns the character that an escape behind a backslash stands for.
func backslash(s string, i, escapes int) (rune, int) {
	if i >= len(s) {
		return '\\', i
	}
	r, next := character(s, i, escapes)
	switch r {
	case 'u':
		if r, end, ok := hexadecimal(s, next, 4, escapes); ok {
			return r, end
		}
	case 'x':
		if r, end, ok := hexadecimal(s, next, 2, escapes); ok {
			return r, end
		}
	case 'n', 'r', 't', 'b', 'f':
		return ' ', next
	case '/', '"', '\'', '\\', '+', '=', '.', '-', '_', '~':
		return r, next
	}
	return '\\', i
}

// hexadecimal returns the number of so many digits at i.
func hexadecimal(s string, i, digits, escapes int) (n rune, end int, ok bool) {
	for range digits {
		if i >= len(s) {
			return 0, i, false
		}
		r, next := character(s, i, escapes)
		digit := digitOf(r, 16)
		if digit < 0 {
			return 0, i, false
		}
		n, i = n<<4|digit, next
	}
	return n, i, true
}

func digitOf(r, base rune) rune {
	switch {
	case '0' <= r && r <= '9':
		return r - '0'
	case base == 16 && 'a' <= r|0x20 && r|0x20 <= 'f':
		return r | 0x20 - 'a' + 10
	}
	return -1
}

var entities = map[string]rune{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\'', "sol": '/', "plus": '+', "equals": '=', "period": '.', "lowbar": '_', "nbsp": ' '}

// entity returns the character that an entity of HTML behind its & stands for.
func entity(s string, i, escapes int) (rune, int, bool) {
	var name []rune
	for len(name) < entityLength-1 && i < len(s) {
		r, next := character(s, i, escapes)
		i = next
		if r == ';' {
			break
		}
		if r != '#' && !('0' <= r && r <= '9') && !('a' <= r|0x20 && r|0x20 <= 'z') {
			return 0, i, false
		}
		name = append(name, r)
	}
	if len(name) == 0 || len(name) == entityLength-1 {
		return 0, i, false
	}
	if name[0] != '#' {
		r, ok := entities[string(name)]
		return r, i, ok
	}
	digits, base := name[1:], rune(10)
	if len(digits) > 0 && digits[0]|0x20 == 'x' {
		digits, base = digits[1:], 16
	}
	n := rune(0)
	for _, r := range digits {
		digit := digitOf(r, base)
		if digit < 0 {
			return 0, i, false
		}
		n = n*base + digit
	}
	return n, i, len(digits) > 0
}
