package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// document is the text of a JSON object. Editing a member does not change the bytes of the others, which keep their
// order, escapes and digits. Maps and structs of encoding/json keep none of these, and structs match `openai_api_key`
// with `OPENAI_API_KEY`. Its methods, except members, require a text that members accepted.
type document []byte

// member is the place of a member in a document.
type member struct {
	name       string
	start      int // of the name's opening quote
	value, end int // the value is [value:end]
}

var errNoObject = errors.New("not a JSON object")

// members lists the object's members in order. It returns an error for malformed text.
func (d document) members() ([]member, error) {
	dec := json.NewDecoder(bytes.NewReader(d))
	if t, err := dec.Token(); err != nil {
		return nil, syntax(err)
	} else if t != json.Delim('{') {
		return nil, errNoObject
	}
	var list []member
	for dec.More() {
		before := int(dec.InputOffset())
		name, err := dec.Token()
		if err != nil {
			return nil, syntax(err)
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, syntax(err)
		}
		end := int(dec.InputOffset())
		list = append(list, member{
			name: name.(string),
			// Only space and a comma precede the name.
			start: before + bytes.IndexByte(d[before:], '"'),
			value: end - len(value),
			end:   end,
		})
	}
	if _, err := dec.Token(); err != nil { // the closing brace
		return nil, syntax(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("text after the JSON object")
	}
	return list, nil
}

// syntax returns a decoder's error without the offending text, which may be part of a token.
func syntax(err error) error {
	if bad, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("not valid JSON at byte %d", bad.Offset)
	}
	return errors.New("truncated")
}

// last returns the index of the last member of this name, which is the effective one, or -1.
func last(list []member, name string) int {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].name == name {
			return i
		}
	}
	return -1
}

// get returns the value of a member, or nil.
func (d document) get(name string) document {
	list, _ := d.members()
	i := last(list, name)
	if i < 0 {
		return nil
	}
	return d[list[i].value:list[i].end]
}

// text returns the value of a member if it is a string, otherwise "".
func (d document) text(name string) (s string) {
	if json.Unmarshal(d.get(name), &s) != nil {
		return ""
	}
	return s
}

// set returns a document with the value for a member. A new member is added at the end, formatted like its neighbours.
func (d document) set(name string, value []byte) document {
	list, _ := d.members()
	if i := last(list, name); i >= 0 {
		return d.splice(list[i].value, list[i].end, value)
	}
	quoted, _ := json.Marshal(name) // a string always encodes
	added := string(quoted) + ": " + string(value)
	if len(list) == 0 {
		open, end := bytes.IndexByte(d, '{')+1, bytes.LastIndexByte(d, '}')
		if space := string(d[open:end]); strings.Contains(space, "\n") {
			added = space + "  " + added // indented relative to the closing brace
		}
		return d.splice(open, open, []byte(added))
	}
	tail := list[len(list)-1]
	from := bytes.LastIndexAny(d[:tail.start], ",{") + 1
	space := string(d[from:tail.start])
	return d.splice(tail.end, tail.end, []byte(","+space+added))
}

// setText sets a member to a string, or to null for "".
func (d document) setText(name, value string) document {
	if value == "" {
		return d.set(name, []byte("null"))
	}
	quoted, _ := json.Marshal(value) // a string always encodes
	return d.set(name, quoted)
}

// remove returns a document without the members of this name.
func (d document) remove(name string) document {
	for {
		list, _ := d.members()
		i := last(list, name)
		switch {
		case i < 0:
			return d
		case i+1 < len(list):
			d = d.splice(list[i].start, list[i+1].start, nil)
		case i > 0: // with the comma before it
			d = d.splice(list[i-1].end, list[i].end, nil)
		default:
			d = d.splice(list[i].start, list[i].end, nil)
		}
	}
}

// splice returns a copy with a part replaced. A document is never modified.
func (d document) splice(from, to int, with []byte) document {
	return bytes.Join([][]byte{d[:from], with, d[to:]}, nil)
}
