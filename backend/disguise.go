package backend

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// Only of secrets of at least longSecret bytes are fragments redacted, and
	// only those of at least longWord bytes are found with gaps.
	longSecret = 16
	longWord   = 8
	// The shortest beginnings of a long secret that are redacted: anywhere, and
	// at the end of the text.
	beginning = 12
	cutShort  = 8
	// The largest gap, in characters, between two characters of a secret.
	maxGap = 8
	// The number of nested escapes that are decoded, fewer in a long text: one
	// of megabytes that consists of escapes would take seconds.
	maxEscapes   = 3
	longText     = 1 << 20
	inLongText   = 1
	entityLength = 10 // of &#x0002f;
)

// A Redactor redacts certain secrets, like [Redact]. It is safe for concurrent use.
type Redactor struct {
	known   sorted
	literal sorted    // those that could be altered by decoding them
	begins  [256]bool // whether a secret, escaped or not, may begin with this byte
	// parts are the parts of the long secrets, by their value. pairs has a bit
	// for the first two bytes of each.
	parts map[uint64]part
	pairs [1 << 16 / 64]uint64
}

// NewRedactor returns a Redactor for these secrets.
func NewRedactor(secrets ...string) *Redactor {
	var r Redactor
	for _, secret := range secrets {
		if len(secret) >= shortestSecret {
			r.known = append(r.known, secret)
			r.begins[secret[0]] = true
		}
		if isLong(secret) {
			r.addParts(secret)
		}
	}
	if len(r.known) > 0 {
		for _, lead := range []byte(`%\&`) {
			r.begins[lead] = true
		}
	}
	slices.Sort(r.known)
	r.known = slices.Compact(r.known)
	for _, secret := range r.known {
		if strings.ContainsFunc(secret, func(c rune) bool { return c >= utf8.RuneSelf || isLead(byte(c)) }) {
			r.literal = append(r.literal, secret)
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

// replaceKnown replaces the known secrets in s, in one pass.
func (r *Redactor) replaceKnown(s string) string {
	var clean strings.Builder
	kept := 0 // s[:kept] is in clean
	escapes := maxEscapes
	if len(s) > longText {
		escapes = inLongText
	}
	for i := 0; i < len(s); {
		begin, end := i, 0
		if r.begins[s[i]] && (!isLead(s[i]) || mayEscape(s, i)) {
			end = max(r.known.find(s, i, escapes), r.literal.find(s, i, 0))
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

// find returns the end of the longest secret at i, or of a sufficient beginning of
// one, 0 if there is none. Its time hardly depends on the number of secrets.
func (known sorted) find(s string, i, escapes int) (found int) {
	matched, gap, split, end := 0, 0, false, 0
	for i < len(s) && len(known) > 0 {
		c, next := rune(s[i]), i+1
		if escapes > 0 {
			c, next = character(s, i, escapes)
		}
		if rest := known.with(matched, c); len(rest) > 0 {
			if matched >= beginning && len(rest) < len(known) && known.hasLong() {
				found = end // of one that does not continue like this
			}
			known, gap, end = rest, 0, next
			matched++
			if len(known[0]) == matched {
				if !split || matched >= longWord {
					found = end
				}
				known = known[1:]
			}
		} else if matched > 0 && gap < maxGap && ignorable(c) {
			gap, split = gap+1, true
		} else {
			break
		}
		i = next
	}
	if (matched >= beginning || matched >= cutShort && isEnd(s[end:])) && known.hasLong() {
		return end
	}
	return found
}

// sorted are secrets in order, all longer than the part in which they are equal.
type sorted []string

// with returns the secrets with the character c at an index, up to which they are
// equal.
func (known sorted) with(at int, c rune) sorted {
	from := sort.Search(len(known), func(i int) bool { return rune(known[i][at]) >= c })
	known = known[from:]
	return known[:sort.Search(len(known), func(i int) bool { return rune(known[i][at]) > c })]
}

func (known sorted) hasLong() bool { return slices.ContainsFunc(known, isLong) }

func isLong(secret string) bool { return len(secret) >= longSecret }

// isEnd reports whether rest is empty or an ellipsis.
func isEnd(rest string) bool { return rest == "" || rest == "…" || rest == "..." }

// ignorable reports whether a character may split a secret.
func ignorable(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError
}

func isLead(c byte) bool { return c == '%' || c == '\\' || c == '&' }

// mayEscape reports whether the lead at i may start an escape. It keeps the time
// linear for a text that consists of leads.
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

// character returns the character at i, with up to so many nested escapes decoded,
// and its end.
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

// percent returns the character of a percent-encoding whose digits start at i. One
// beyond ASCII takes several encoded bytes.
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

// backslash returns the character of an escape sequence after its backslash.
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

// hexadecimal parses a number of this many hexadecimal digits at i.
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

// entity returns the character of an HTML entity after its &.
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
