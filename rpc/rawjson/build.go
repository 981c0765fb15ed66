package rawjson

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
)

// The builders in this file compose values of values. Since these are valid, the
// result needs no check.

// MustParse is [Parse] for constants. It panics if text is not JSON.
func MustParse(text string) Value {
	v, err := Parse([]byte(text))
	if err != nil {
		panic("rawjson: " + text + ": " + err.Error())
	}
	return v
}

// Marshal returns the [json.Marshal] encoding of a Go value.
func Marshal(v any) (Value, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return Value{}, err
	}
	return Parse(text) // to find out its form
}

// MustMarshal is [Marshal] for values of types that JSON supports. It panics on
// others.
func MustMarshal(v any) Value {
	value, err := Marshal(v)
	if err != nil {
		panic("rawjson: " + err.Error())
	}
	return value
}

// String returns s as a JSON string.
func String(s string) Value { return Value{text: AppendString(nil, s)} }

// Int returns n as a JSON number.
func Int[N int | int64](n N) Value { return Value{text: strconv.AppendInt(nil, int64(n), 10)} }

// Bool returns b as JSON.
func Bool(b bool) Value { return Value{text: strconv.AppendBool(nil, b)} }

// Null is the value null.
func Null() Value { return Value{text: []byte("null")} }

// A builder accumulates the text of a value and its form. Large parts are not
// copied until the text is complete.
type builder struct {
	before [][]byte // the completed parts
	text   []byte   // the current part
	form   form
}

const (
	// Texts of this size become parts of their own.
	largePart = 4 << 10
	// A part of this size is ended.
	fullPart = 32 << 10
	// The initial capacity.
	firstPart = 256
)

// grow allocates room for the given number of bytes.
func (b *builder) grow(bytes int) { b.text = make([]byte, 0, min(bytes, fullPart+largePart)) }

// next starts the next member or element.
func (b *builder) next(open byte) {
	if cap(b.text) == 0 {
		b.grow(firstPart)
	}
	switch n := len(b.text); {
	case n == 0 && len(b.before) == 0:
		b.text = append(b.text, open)
	case n == 0 || b.text[n-1] != open:
		b.text = append(b.text, ',')
	}
	if len(b.text) >= fullPart {
		b.end()
	}
}

// end ends the current part.
func (b *builder) end() {
	b.before = append(b.before, b.text)
	if b.text = nil; len(b.before[len(b.before)-1]) >= fullPart {
		b.grow(fullPart + largePart)
	}
}

func (b *builder) addText(text []byte) {
	if len(text) >= largePart {
		b.end()
		b.before = append(b.before, text)
		return
	}
	b.text = append(b.text, text...)
}

func (b *builder) add(v Value) {
	b.addText(v.text)
	b.form |= v.form()
}

// object and array append the value that a function fills.
func (b *builder) object(fill func(*Object)) {
	b.text = append(b.text, '{')
	o := Object{*b}
	fill(&o)
	*b = o.builder
	b.text = append(b.text, '}')
}

func (b *builder) array(fill func(*Array)) {
	b.text = append(b.text, '[')
	a := Array{*b}
	fill(&a)
	*b = a.builder
	b.text = append(b.text, ']')
}

// parts returns the parts of the text and closes it.
func (b *builder) parts(open, end byte) [][]byte {
	if len(b.text) == 0 && len(b.before) == 0 {
		b.text = append(b.text, open)
	}
	return append(b.before, append(b.text, end))
}

func (b *builder) value(open, end byte) Value {
	parts := b.parts(open, end)
	if len(parts) == 1 {
		return Value{parts[0], b.form.outline()}
	}
	return Value{bytes.Join(parts, nil), b.form.outline()}
}

// An Object builds an object. Members keep the order in which they are set; one
// that is set again is repeated. The zero Object is empty.
type Object struct{ builder }

func (o *Object) name(name string) {
	o.next('{')
	o.text = append(AppendString(o.text, name), ':')
}

// Set sets a member, unless the value is absent.
func (o *Object) Set(name string, v Value) {
	if v.Kind() != 0 {
		o.name(name)
		o.add(v)
	}
}

// set sets a member whose name is already JSON.
func (o *Object) set(key, v Value) {
	o.next('{')
	o.add(key)
	o.text = append(o.text, ':')
	o.add(v)
}

// SetString sets a member to a string.
func (o *Object) SetString(name, s string) {
	o.name(name)
	o.text = AppendString(o.text, s)
}

// SetJoined sets a member to the concatenation of strings. Values of another
// kind count as empty.
func (o *Object) SetJoined(name string, parts ...Value) {
	var t Text
	for _, part := range parts {
		t.pieces, t.form = append(t.pieces, part.Inside()), t.form|part.form()
	}
	o.SetText(name, &t)
}

// SetText sets a member to a text.
func (o *Object) SetText(name string, t *Text) {
	o.name(name)
	o.text = append(o.text, '"')
	for _, piece := range t.pieces {
		o.addText(piece)
	}
	o.text = append(o.text, '"')
	o.form |= t.form
}

// SetObject sets a member to an object whose members fill sets.
func (o *Object) SetObject(name string, fill func(*Object)) {
	o.name(name)
	o.object(fill)
}

// SetArray sets a member to an array whose elements fill appends.
func (o *Object) SetArray(name string, fill func(*Array)) {
	o.name(name)
	o.array(fill)
}

// SetAll sets all members of an object except the named ones.
func (o *Object) SetAll(v Value, but ...string) {
	for key, value := range v.members() {
		if !slices.ContainsFunc(but, key.Is) {
			o.set(key, value)
		}
	}
}

// Value returns the object. The Object must not be used afterwards.
func (o *Object) Value() Value { return o.value('{', '}') }

// Parts returns the text of the object in parts, some of which share memory
// with values that were set. The Object must not be used afterwards.
func (o *Object) Parts() [][]byte { return o.parts('{', '}') }

// ASCIIParts returns the same in ASCII on one line, as [Value.AppendTo] writes it.
func (o *Object) ASCIIParts() [][]byte {
	if o.form&needsEscape == 0 {
		return o.Parts()
	}
	return [][]byte{o.Value().AppendTo(nil)}
}

// An Array builds an array. The zero Array is empty.
type Array struct{ builder }

// Append appends elements, except absent ones.
func (a *Array) Append(elements ...Value) {
	for _, v := range elements {
		if v.Kind() != 0 {
			a.next('[')
			a.add(v)
		}
	}
}

// EndsWith reports whether the last element is an object or a list with exactly
// the text of v.
func (a *Array) EndsWith(v Value) bool {
	rest := v.text
	for i := len(a.before); i >= 0 && len(rest) > 0; i-- {
		part := a.text
		if i < len(a.before) {
			part = a.before[i]
		}
		n := min(len(part), len(rest))
		if !bytes.Equal(part[len(part)-n:], rest[len(rest)-n:]) {
			return false
		}
		rest = rest[:len(rest)-n]
	}
	return len(rest) == 0 && (v.Kind() == '{' || v.Kind() == '[')
}

// AppendObject appends an object whose members fill sets.
func (a *Array) AppendObject(fill func(*Object)) {
	a.next('[')
	a.object(fill)
}

// Value returns the array. The Array must not be used afterwards.
func (a *Array) Value() Value { return a.value('[', ']') }

// Parts returns the text of the array like [Object.Parts].
func (a *Array) Parts() [][]byte { return a.parts('[', ']') }

// List returns an array of the elements.
func List(elements ...Value) Value {
	var a Array
	a.Append(elements...)
	return a.Value()
}

// Map returns the array of the results of each for the elements of an array.
// For another kind of value it is empty.
func (v Value) Map(each func(Value) Value) Value {
	var a Array
	a.grow(len(v.text) + 2)
	for element := range v.Elements() {
		a.Append(each(element))
	}
	return a.Value()
}

// With returns the object with a member set, in place of the first one of that
// name or else at the end. Other members of that name are removed. A value that
// is not an object counts as an empty one.
func (v Value) With(name string, value Value) Value {
	var o Object
	o.grow(len(v.text) + len(name) + len(value.text) + 8)
	set := false
	for key, member := range v.members() {
		switch {
		case !key.Is(name):
			o.set(key, member)
		case !set:
			o.Set(name, value)
			set = true
		}
	}
	if !set {
		o.Set(name, value)
	}
	return o.Value()
}

// Without returns the object without the named members.
func (v Value) Without(names ...string) Value {
	var o Object
	o.grow(len(v.text) + 2)
	o.SetAll(v, names...)
	return o.Value()
}

// Merge returns the members of the object that the other one does not have,
// followed by all members of the other.
func (v Value) Merge(over Value) Value {
	replaced := make(map[string]bool) // by the names in v
	for name := range v.Members() {
		replaced[name] = false
	}
	for key := range over.members() {
		name := key.Decoded()
		if _, known := replaced[string(name)]; known {
			replaced[string(name)] = true
		}
	}
	var o Object
	o.grow(len(v.text) + len(over.text) + 2)
	for key, member := range v.members() {
		if !replaced[string(key.Decoded())] {
			o.set(key, member)
		}
	}
	o.SetAll(over)
	return o.Value()
}
