package rawjson

import (
	"iter"
	"slices"
)

// Values are put together of values here: what was checked once is not checked
// again, and cannot fail.

// String returns s as a JSON string.
func String(s string) Value { return Value{text: AppendString(nil, s)} }

// Bool returns b as JSON.
func Bool(b bool) Value {
	if b {
		return Value{text: []byte("true")}
	}
	return Value{text: []byte("false")}
}

// Null is the value null.
func Null() Value { return Value{text: []byte("null")} }

// An Object is an object that is being put together. Members stay in the order
// in which they are set; one that is set again is repeated. The zero Object is
// empty.
type Object struct {
	text []byte
	form form
}

// Grow makes room for so many further bytes.
func (o *Object) Grow(bytes int) {
	o.text = append(make([]byte, 0, len(o.text)+bytes), o.text...)
}

// Set sets a member, unless the value is absent.
func (o *Object) Set(name string, v Value) {
	if v.Kind() == 0 {
		return
	}
	if len(o.text) == 0 {
		o.text = append(o.text, '{')
	} else {
		o.text = append(o.text, ',')
	}
	o.text = append(AppendString(o.text, name), ':')
	o.text = append(o.text, v.text...)
	o.form |= v.form
}

// SetString sets a member to a string.
func (o *Object) SetString(name, s string) { o.Set(name, String(s)) }

// SetAll sets all members of an object but those that are named.
func (o *Object) SetAll(v Value, but ...string) {
	for key, value := range v.Members() {
		name, _ := key.Text()
		if !slices.Contains(but, name) {
			o.Set(name, value)
		}
	}
}

// Value returns what was put together. The Object must not be used afterwards.
func (o *Object) Value() Value {
	if len(o.text) == 0 {
		o.text = append(o.text, '{')
	}
	return Value{append(o.text, '}'), o.form}
}

// List returns an array of values.
func List(elements iter.Seq[Value]) Value {
	v := Value{text: []byte{'['}}
	for element := range elements {
		if len(v.text) > 1 {
			v.text = append(v.text, ',')
		}
		v.text = append(v.text, element.text...)
		v.form |= element.form
	}
	v.text = append(v.text, ']')
	return v
}

// With returns an object with one member set: in the place of the one of that
// name, or as the last. What is not an object counts as an empty one.
func (v Value) With(name string, value Value) Value {
	var o Object
	o.Grow(len(v.text) + len(name) + len(value.text) + 8)
	set := false
	for key, member := range v.Members() {
		switch known, _ := key.Text(); {
		case known != name:
			o.Set(known, member)
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
	o.Grow(len(v.text))
	o.SetAll(v, names...)
	return o.Value()
}
