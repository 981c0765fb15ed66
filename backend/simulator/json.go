package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
)

// encode is json.Marshal for values known to encode, with <, > and & left as they are.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("simulator: %T does not encode: %v", v, err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// appendValue is encode with a short way for what most events are made of.
func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case json.RawMessage:
		return append(b, v...)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case string:
		plain := true
		for i := 0; plain && i < len(v); i++ {
			plain = ' ' <= v[i] && v[i] < 0x7f && v[i] != '"' && v[i] != '\\'
		}
		if plain {
			b = append(b, '"')
			b = append(b, v...)
			return append(b, '"')
		}
	}
	return append(b, encode(v)...)
}

// equal compares by value: objects may have their members in any order.
func equal(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// member is one entry of an object, in the order written.
type member struct {
	name  string
	value json.RawMessage
}

func members(raw json.RawMessage) []member {
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	var list []member
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return list
		}
		list = append(list, member{name.(string), value})
	}
	return list
}

// list is the list of these items.
func list(items []json.RawMessage) []byte {
	b := []byte{'['}
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, item...)
	}
	return append(b, ']')
}

// join is the object that has these members.
func join(list []member) []byte {
	b := []byte{'{'}
	for i, m := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(append(b, encode(m.name)...), ':'), m.value...)
	}
	return append(b, '}')
}
