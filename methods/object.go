package methods

import (
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// An object is the text of a JSON object that is being put together. What it is
// given is JSON already, but for strings.
type object struct{ text []byte }

// name begins a member; its value is to be appended to text.
func (o *object) name(name string) {
	if len(o.text) == 0 {
		o.text = append(o.text, '{')
	} else {
		o.text = append(o.text, ',')
	}
	o.text = rawjson.AppendString(o.text, name)
	o.text = append(o.text, ':')
}

func (o *object) set(name, json string) {
	o.name(name)
	o.text = append(o.text, json...)
}

func (o *object) setString(name, value string) {
	o.name(name)
	o.text = rawjson.AppendString(o.text, value)
}

func (o *object) setValue(name string, v rawjson.Value) {
	o.name(name)
	o.text = append(o.text, v.Bytes()...)
}

// given sets a member to the text of a value, unless there is none.
func (o *object) given(name string, text []byte) {
	if len(text) > 0 {
		o.name(name)
		o.text = append(o.text, text...)
	}
}

// end returns the finished text.
func (o *object) end() []byte {
	if len(o.text) == 0 {
		o.text = append(o.text, '{')
	}
	return append(o.text, '}')
}

// merged returns the text of an object with the members of another, which take
// the place of those with the same name.
func merged(base, over rawjson.Value) []byte {
	var o object
	for key, value := range base.Members() {
		name, _ := key.Text()
		if over.Get(name).Kind() == 0 {
			o.setValue(name, value)
		}
	}
	for key, value := range over.Members() {
		name, _ := key.Text()
		o.setValue(name, value)
	}
	return o.end()
}

// without returns an object less the member of a name.
func without(v rawjson.Value, name string) rawjson.Value {
	var o object
	for key, value := range v.Members() {
		if text, _ := key.Text(); text != name {
			o.setValue(text, value)
		}
	}
	rest, _ := rawjson.Parse(o.end())
	return rest
}

// isEmptyList reports whether v has no elements.
func isEmptyList(v rawjson.Value) bool {
	for range v.Elements() {
		return false
	}
	return v.Kind() == '[' || v.Kind() == 0
}

// appendList appends a list of what each makes of each element of another.
func appendList(dst []byte, list rawjson.Value, each func(dst []byte, element rawjson.Value) []byte) []byte {
	return append(appendElements(append(dst, '['), list, each), ']')
}

// appendElements appends the same without brackets.
func appendElements(dst []byte, list rawjson.Value, each func(dst []byte, element rawjson.Value) []byte) []byte {
	start := len(dst)
	for element := range list.Elements() {
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = each(dst, element)
	}
	return dst
}
