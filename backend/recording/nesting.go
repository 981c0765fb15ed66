package recording

import "bytes"

// A nesting tracks whether a value is in a secret member.
type nesting struct {
	named bool // the current member is secret
	plain bool // the current member is not secret, in an object that is
	depth int
	below int // all values from this depth on are secret; 0 for none
}

func (n *nesting) secret() bool { return n.named || n.below > 0 && !n.plain }

// pass processes the text between two literals, and returns it with secret numbers
// redacted.
func (n *nesting) pass(between []byte) []byte {
	var out []byte // of between[:from]
	from := 0
	for i := 0; i < len(between); i++ {
		switch c := between[i]; c {
		case '{', '[':
			n.depth++
			if n.named && n.below == 0 {
				n.below = n.depth
			}
			n.named, n.plain = false, false
		case '}', ']':
			if n.depth == n.below {
				n.below = 0
			}
			n.depth--
			n.named, n.plain = false, false
		case ',':
			n.named, n.plain = false, false
		case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
			length := numberLength(between[i:])
			if n.secret() {
				out = append(append(out, between[from:i]...), `"`+blank+`"`...)
				from = i + length
			}
			i += length - 1
		}
	}
	if from == 0 {
		return between
	}
	return append(out, between[from:]...)
}

// numberLength returns the length of the number at the start of text.
func numberLength(text []byte) int {
	return len(text) - len(bytes.TrimLeft(text, "0123456789+-.eE"))
}
