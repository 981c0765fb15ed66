package rawjson

// A Cursor is a place in the text of a Value, at one of the values that it is
// made of. It serves programs that look at a large text once and in its order,
// whatever it nests: each byte is passed over once, which [Value.Members] and
// [Value.Elements] do once for each level above it.
//
//	for at, more := v.Cursor().Enter(); more; at, more = at.Next() {
//		key, value := at.Key()
//		…
//		at = value.Skip()
//	}
//
// The zero Cursor is no place at all.
type Cursor struct {
	text []byte
	form form
	at   int
}

// Cursor returns the place of the value itself.
func (v Value) Cursor() Cursor { return Cursor{text: v.text, form: v.form} }

// Valid reports whether c is a place.
func (c Cursor) Valid() bool { return c.text != nil }

// Offset returns the number of bytes of the text before the place.
func (c Cursor) Offset() int { return c.at }

// Kind returns the kind of the value here, as [Value.Kind] does.
func (c Cursor) Kind() byte { return Value{text: c.text[c.at:]}.Kind() }

// Value returns the value here, whose end it looks for.
func (c Cursor) Value() Value { return Value{c.text[c.at:skipValue(c.text, c.at)], c.form} }

// Skip returns the place behind the value here.
func (c Cursor) Skip() Cursor {
	c.at = skipValue(c.text, c.at)
	return c
}

// Enter returns the place of the first element of the array here, or of the
// name of the first member of the object here. If there is none, it returns the
// place behind, and false.
func (c Cursor) Enter() (Cursor, bool) {
	c.at = skipSpace(c.text, c.at+1)
	if b := c.text[c.at]; b == ']' || b == '}' {
		c.at++
		return c, false
	}
	return c, true
}

// Key returns the name of the member here, and the place of its value.
func (c Cursor) Key() (Value, Cursor) {
	end := skipString(c.text, c.at)
	key := Value{c.text[c.at:end], c.form}
	c.at = skipSpace(c.text, skipSpace(c.text, end)+1)
	return key, c
}

// Next returns, from behind an element or a member's value, the place of the
// next element or name. If there is none, it returns the place behind the array
// or object, and false.
func (c Cursor) Next() (Cursor, bool) {
	c.at = skipSpace(c.text, c.at)
	more := c.text[c.at] == ','
	if c.at++; more {
		c.at = skipSpace(c.text, c.at)
	}
	return c, more
}
