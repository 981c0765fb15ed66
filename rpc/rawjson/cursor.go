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
	in   *Value // which a copy of the Cursor need not copy
	at   int
	walk walk
}

// Cursor returns the place of the value itself.
func (v Value) Cursor() Cursor { return Cursor{in: &v, walk: v.walk()} }

// Valid reports whether c is a place.
func (c Cursor) Valid() bool { return c.in != nil }

// Offset returns the number of bytes of the text before the place.
func (c Cursor) Offset() int { return c.at }

// Kind returns the kind of the value here, as [Value.Kind] does.
func (c Cursor) Kind() byte { return Value{text: c.in.text[c.at:]}.Kind() }

// Value returns the value here, whose end it looks for.
func (c Cursor) Value() Value {
	end, _ := c.in.skip(c.at, c.walk)
	return c.in.part(c.at, end)
}

// Skip returns the place behind the value here.
func (c Cursor) Skip() Cursor {
	c.at, c.walk = c.in.skip(c.at, c.walk)
	return c
}

// Enter returns the place of the first element of the array here, or of the
// name of the first member of the object here. If there is none, it returns the
// place behind, and false.
func (c Cursor) Enter() (Cursor, bool) {
	c.at = skipSpace(c.in.text, c.at+1)
	if b := c.in.text[c.at]; b == ']' || b == '}' {
		c.at++
		return c, false
	}
	return c, true
}

// Key returns the name of the member here, and the place of its value.
func (c Cursor) Key() (Value, Cursor) {
	end := skipString(c.in.text, c.at)
	key := c.in.part(c.at, end)
	c.at = skipSpace(c.in.text, skipSpace(c.in.text, end)+1)
	return key, c
}

// Next returns, from behind an element or a member's value, the place of the
// next element or name. If there is none, it returns the place behind the array
// or object, and false.
func (c Cursor) Next() (Cursor, bool) {
	c.at = skipSpace(c.in.text, c.at)
	more := c.in.text[c.at] == ','
	if c.at++; more {
		c.at = skipSpace(c.in.text, c.at)
	}
	return c, more
}
