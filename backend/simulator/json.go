package simulator

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
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

// fixed has the account, the models, the known errors, and the constant parts of
// the answers.
//
//go:embed data/*.json
var fixed embed.FS

// load returns a function that decodes a file of fixed data on its first call.
func load[T any](name string) func() T {
	return sync.OnceValue(func() (data T) {
		text, err := fixed.ReadFile("data/" + name)
		if err == nil {
			err = json.Unmarshal(text, &data)
		}
		if err != nil {
			panic("simulator: " + name + ": " + err.Error())
		}
		return data
	})
}

// shape is compact JSON in which strings such as "$id" are marks, to be replaced by values.
type shape string

func (s *shape) UnmarshalJSON(text []byte) error {
	var b bytes.Buffer
	err := json.Compact(&b, text)
	*s = shape(b.String())
	return err
}

// answers are the shapes by name. The name of a complete answer is its route. It has no marks, except those about a task.
var answers = load[map[string]shape]("answers.json")

// absent is the value of a member to leave out, which cannot be the first one.
type absent struct{}

// fill replaces all marks of a shape by values, given as pairs of a mark's name
// and its value.
func fill(name string, pairs ...any) json.RawMessage {
	text := string(answers()[name])
	marks := strings.Count(text, `"$`)
	var replaced []string
	for i := 0; i < len(pairs); i += 2 {
		mark := fmt.Sprintf(`"$%s"`, pairs[i])
		marks -= strings.Count(text, mark)
		if pairs[i+1] == (absent{}) {
			before, after, _ := strings.Cut(text, mark)
			text = before[:strings.LastIndexByte(before, ',')] + after
			continue
		}
		replaced = append(replaced, mark, string(encode(pairs[i+1])))
	}
	if text == "" || marks != 0 {
		panic(fmt.Sprintf("simulator: %d marks of the shape %q have no value", marks, name))
	}
	return json.RawMessage(strings.NewReplacer(replaced...).Replace(text))
}
