package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
)

// encode is json.Marshal without the escaping of <, > and &. It panics on an error.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("simulator: %T does not encode: %v", v, err))
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// appendValue appends an encoded value, with a fast path for the most frequent types.
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

// equal compares JSON values, ignoring the order of members.
func equal(a, b json.RawMessage) bool {
	var x, y any
	return json.Unmarshal(a, &x) == nil && json.Unmarshal(b, &y) == nil && reflect.DeepEqual(x, y)
}

// member is one member of an object.
type member struct {
	name  string
	value json.RawMessage
}

// members returns the members of an object in their order.
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

// list returns an array of these items, byte for byte.
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

// join returns an object with these members.
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
