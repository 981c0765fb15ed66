package rawjson

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
)

// Values are put together of values here. What was checked once is not checked
// again, and nothing can fail.

// MustParse is [Parse] for constants. It panics if text is not JSON.
func MustParse(text string) Value {
	v, err := Parse([]byte(text))
	if err != nil {
		panic("rawjson: " + text + ": " + err.Error())
	}
	return v
}

// Marshal returns what [json.Marshal] makes of a Go value.
func Marshal(v any) (Value, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return Value{}, err
	}
	return Parse(text) // to find out its form
}

// String returns s as a JSON string.
func String(s string) Value { return Value{text: AppendString(nil, s)} }

// Int returns n as a JSON number.
func Int[N int | int64](n N) Value { return Value{text: strconv.AppendInt(nil, int64(n), 10)} }

// Bool returns b as JSON.
func Bool(b bool) Value { return Value{text: strconv.AppendBool(nil, b)} }

// Null is the value null.
func Null() Value { return Value{text: []byte("null")} }

// A builder is text that grows, and what is known of it. Large parts of it are not
// copied before they are put together.
type builder struct {
	before [][]byte // of the text, that is complete
	text   []byte
	form   form
}

const (
	// A text of this size is a part by itself.
	largePart = 4 << 10
	// The text ends when it has this size.
	fullPart = 32 << 10
	// A text begins with room for so much.
	firstPart = 256
)

// grow makes room for a first text of so many bytes.
func (b *builder) grow(bytes int) { b.text = make([]byte, 0, min(bytes, fullPart+largePart)) }

// next begins the next member or element.
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

// end ends the text at hand.
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

// object and array add what a function fills.
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

// parts returns the parts of the text, which is complete but for the closing
// bracket.
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

// An Object is an object that is being put together. Members stay in the order
// in which they are set; one that is set again is repeated. The zero Object is
// empty.
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

// set sets a member whose name is JSON already.
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

// SetJoined sets a member to the string that strings make one after another.
// Values of another kind count as empty.
func (o *Object) SetJoined(name string, parts ...Value) {
	o.name(name)
	o.text = append(o.text, '"')
	for _, part := range parts {
		o.addText(part.Inside())
		o.form |= part.form()
	}
	o.text = append(o.text, '"')
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

// SetObject sets a member to an object that fill sets the members of.
func (o *Object) SetObject(name string, fill func(*Object)) {
	o.name(name)
	o.object(fill)
}

// SetArray sets a member to an array that fill appends the elements to.
func (o *Object) SetArray(name string, fill func(*Array)) {
	o.name(name)
	o.array(fill)
}

// SetAll sets all members of an object but those that are named.
func (o *Object) SetAll(v Value, but ...string) {
	for key, value := range v.members() {
		if !slices.ContainsFunc(but, key.Is) {
			o.set(key, value)
		}
	}
}

// Value returns what was put together. The Object must not be used afterwards.
func (o *Object) Value() Value { return o.value('{', '}') }

// Parts returns the text of what was put together in parts, some of which are the
// text of values that were set. The Object must not be used afterwards.
func (o *Object) Parts() [][]byte { return o.parts('{', '}') }

// An Array is an array that is being put together. The zero Array is empty.
type Array struct{ builder }

// Append adds elements, those that are absent left out.
func (a *Array) Append(elements ...Value) {
	for _, v := range elements {
		if v.Kind() != 0 {
			a.next('[')
			a.add(v)
		}
	}
}

// AppendObject adds an object that fill sets the members of.
func (a *Array) AppendObject(fill func(*Object)) {
	a.next('[')
	a.object(fill)
}

// Value returns what was put together. The Array must not be used afterwards.
func (a *Array) Value() Value { return a.value('[', ']') }

// List returns the array of some values.
func List(elements ...Value) Value {
	var a Array
	a.Append(elements...)
	return a.Value()
}

// Map returns the array of what each makes of the elements of an array. Of
// another kind of value that is the empty one.
func (v Value) Map(each func(Value) Value) Value {
	var a Array
	a.grow(len(v.text) + 2)
	for element := range v.Elements() {
		a.Append(each(element))
	}
	return a.Value()
}

// With returns an object with one member set: in the place of the one of that
// name, or as the last. What is not an object counts as an empty one.
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

// Without returns an object less the members of the names given.
func (v Value) Without(names ...string) Value {
	var o Object
	o.grow(len(v.text) + 2)
	o.SetAll(v, names...)
	return o.Value()
}

// Merge returns an object less the members that another has too, and behind
// them all of the other's.
func (v Value) Merge(over Value) Value {
	var o Object
	o.grow(len(v.text) + len(over.text) + 2)
	for key, member := range v.members() {
		if name, _ := key.Text(); over.Get(name).Kind() == 0 {
			o.set(key, member)
		}
	}
	o.SetAll(over)
	return o.Value()
}
