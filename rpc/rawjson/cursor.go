package rawjson

// A Cursor is a position in the text of a Value, at one of the values that it
// contains. It serves programs that read a large text once and in order,
// however deeply it nests: each byte is read once, whereas [Value.Members] and
// [Value.Elements] read it once per level.
//
//	for at, more := v.Cursor().Enter(); more; at, more = at.Next() {
//		key, value := at.Key()
//		…
//		at = value.Skip()
//	}
//
// The zero Cursor is invalid.
type Cursor struct {
	in   *Value // a pointer, so that a Cursor is cheap to copy
	at   int
	walk walk
}

// Cursor returns the position of the value itself.
func (v Value) Cursor() Cursor { return Cursor{in: &v, walk: v.walk()} }

// Valid reports whether c is a position.
func (c Cursor) Valid() bool { return c.in != nil }

// Offset returns the number of bytes before the position.
func (c Cursor) Offset() int { return c.at }

// Kind returns the kind of the value here, as [Value.Kind] does.
func (c Cursor) Kind() byte { return Value{text: c.in.text[c.at:]}.Kind() }

// Value returns the value here. It searches for its end.
func (c Cursor) Value() Value {
	end, _ := c.in.skip(c.at, c.walk)
	return c.in.part(c.at, end)
}

// Skip returns the position after the value here.
func (c Cursor) Skip() Cursor {
	c.at, c.walk = c.in.skip(c.at, c.walk)
	return c
}

// Enter returns the position of the first element of the array here, or of the
// name of the first member of the object here. If it is empty, Enter returns
// the position after it, and false.
func (c Cursor) Enter() (Cursor, bool) {
	c.at = skipSpace(c.in.text, c.at+1)
	if b := c.in.text[c.at]; b == ']' || b == '}' {
		c.at++
		return c, false
	}
	return c, true
}

// Key returns the name of the member here and the position of its value.
func (c Cursor) Key() (Value, Cursor) {
	end := skipString(c.in.text, c.at)
	key := c.in.part(c.at, end)
	c.at = skipSpace(c.in.text, skipSpace(c.in.text, end)+1)
	return key, c
}

// Next returns, from the position after an element or a member, the position of
// the next element or name. If there is none, it returns the position after the
// array or object, and false.
func (c Cursor) Next() (Cursor, bool) {
	c.at = skipSpace(c.in.text, c.at)
	more := c.in.text[c.at] == ','
	if c.at++; more {
		c.at = skipSpace(c.in.text, c.at)
	}
	return c, more
}
