package rawjson

// A Text accumulates a string in pieces, so that growing it does not copy it.
// The zero Text is empty.
type Text struct {
	pieces [][]byte // of the inside of a string
	size   int
	form   form
}

// Sizes of the pieces of a Text.
const (
	firstPiece   = 64
	largestPiece = 256 << 10
)

// Add appends a string. A value of another kind counts as an empty one.
func (t *Text) Add(v Value) {
	text := v.Inside()
	t.form |= v.form()
	if n := len(t.pieces) - 1; n >= 0 && len(text) <= cap(t.pieces[n])-len(t.pieces[n]) {
		t.pieces[n] = append(t.pieces[n], text...) // the common case
		return
	}
	for len(text) > 0 {
		var last []byte
		if len(t.pieces) > 0 {
			last = t.pieces[len(t.pieces)-1]
		}
		if len(last) == cap(last) {
			last = make([]byte, 0, max(firstPiece, min(2*cap(last), largestPiece)))
			t.pieces = append(t.pieces, last)
			t.size += cap(last)
		}
		n := min(len(text), cap(last)-len(last))
		t.pieces[len(t.pieces)-1] = append(last, text[:n]...)
		text = text[n:]
	}
}

// Size returns the memory that the text takes, in bytes.
func (t *Text) Size() int { return t.size }
