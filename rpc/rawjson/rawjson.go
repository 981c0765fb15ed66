// Package rawjson handles JSON text without decoding it.
//
// A program that passes JSON on must check that it is valid, may have to read a
// member or two, and often has to write it where only ASCII on one line is safe.
// [Parse] does the first in one pass and records what the others need:
//
//	v, err := rawjson.Parse([]byte(`{"type": "greeting", "text": "h\u00e9llo"}`))
//	if err != nil { … }
//	kind, _ := v.Get("type").Text()  // greeting
//	line = v.AppendTo(line)          // ASCII, one line, the same value
//
// Other values are composed of values by an [Object], an [Array] or a method such
// as [Value.With], and need no check:
//
//	v = v.With("text", rawjson.String("hello"))
//
// Since nothing is decoded, numbers keep their digits, and objects the order and
// the repetitions of their members. If a member is repeated, the last one counts,
// as in encoding/json and in JavaScript.
package rawjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"strconv"
)

// MaxDepth is the maximum nesting depth of arrays and objects. It is that of
// encoding/json, so that accepted text can be decoded there.
const MaxDepth = 10000

// A SyntaxError describes why a text is not JSON.
type SyntaxError struct {
	Offset int    // of the first unexpected byte
	Reason string // a phrase, such as "unexpected end"
}

const tooDeep = "nested too deeply"

// TooDeep reports whether the text nests deeper than [MaxDepth]. It may be JSON
// otherwise.
func (e *SyntaxError) TooDeep() bool { return e.Reason == tooDeep }

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("invalid JSON at byte %d: %s", e.Offset, e.Reason)
}

// A Value is valid JSON text. The zero Value is absent: it has no text and no
// kind.
type Value struct {
	text    []byte
	outline *outline // of the text that it is a part of; nil for a plain one
}

// form describes how a text is written.
type form uint8

const (
	needsEscape form = 1 << iota // holds a line end or a character above U+007E
	invalid                      // holds bytes that are not UTF-8
)

// Parse checks that src is one JSON value, optionally surrounded by white
// space. The Value keeps a reference to src.
//
// Bytes that are not UTF-8 are accepted within strings: [Value.AppendTo] writes
// U+FFFD for them, and [Value.ValidUTF8] reports them.
func Parse(src []byte) (Value, error) {
	s := scanner{src: src}
	return s.parse(new(outline))
}

// parse returns the value of the whole text and stores its outline.
func (s *scanner) parse(o *outline) (Value, error) {
	start := s.space(0)
	end := s.value(start, 0)
	if end < 0 {
		return Value{}, &SyntaxError{s.at, s.reason}
	}
	form := s.form
	if rest := s.space(end); rest < len(s.src) {
		return Value{}, &SyntaxError{rest, "unexpected " + describe(s.src[rest]) + " after the value"}
	}
	*o = outline{form: form, size: cap(s.src), places: s.places}
	if s.parser != nil {
		o.elements = s.parser.seen
	}
	if len(s.places) == 0 {
		o = form.outline()
	}
	return Value{s.src[start:end], o}, nil
}

func describe(c byte) string {
	if c < 0x20 || c > 0x7e {
		return fmt.Sprintf("byte 0x%02x", c)
	}
	return strconv.QuoteRune(rune(c))
}

// Kind returns '{', '[', '"', 't', 'f', 'n', or '0' for any number; 0 for the
// absent Value.
func (v Value) Kind() byte {
	if len(v.text) == 0 {
		return 0
	}
	if c := v.text[0]; c != '-' && (c < '0' || c > '9') {
		return c
	}
	return '0'
}

// Bytes returns the original text. It must not be changed.
func (v Value) Bytes() []byte { return v.text }

// Clone returns a Value with its own copy of the text.
func (v Value) Clone() Value {
	text := bytes.Clone(v.text)
	return Value{text, v.cut(text)}
}

func (v Value) form() form {
	if v.outline == nil {
		return 0
	}
	return v.outline.form
}

// Keep returns a Value of a [Finder] for use after the Finder's next text.
func (v Value) Keep() Value { return Value{v.text, v.cut(v.text)} }

// ASCII returns the text if AppendTo appends it unchanged, and false otherwise.
func (v Value) ASCII() ([]byte, bool) { return v.text, v.form()&needsEscape == 0 }

// ValidUTF8 reports whether the whole text that the Value was parsed from is
// UTF-8.
func (v Value) ValidUTF8() bool { return v.form()&invalid == 0 }

// Inside returns the text of a string between its quotes, with its escapes. For
// another kind it returns nil.
func (v Value) Inside() []byte {
	if v.Kind() != '"' {
		return nil
	}
	return v.text[1 : len(v.text)-1]
}

// Plain returns the text of a string that is written without escapes, and false
// otherwise.
func (v Value) Plain() ([]byte, bool) {
	inside := v.Inside()
	return inside, v.Kind() == '"' && v.form()&invalid == 0 && bytes.IndexByte(inside, '\\') < 0
}

// Decoded returns the decoded string, which is part of the text if that has no
// escapes. For another kind it is empty.
func (v Value) Decoded() []byte {
	if inside, ok := v.Plain(); ok {
		return inside
	}
	text, _ := v.Text()
	return []byte(text)
}

// Beginning returns the decoded string, truncated after about limit bytes of
// text.
func (v Value) Beginning(limit int) string {
	if v.Kind() != '"' {
		return ""
	}
	return v.unquote(limit)
}

// Text returns the decoded string, or false if v is not a string.
func (v Value) Text() (string, bool) {
	if v.Kind() != '"' {
		return "", false
	}
	return v.unquote(math.MaxInt), true
}

// Get returns the named member, or the absent Value if there is none or v is
// not an object.
func (v Value) Get(name string) Value {
	var found Value
	for key, member := range v.members() {
		if key.Is(name) {
			found = member
		}
	}
	return found
}

// GetAll sets each of the values to the result of Get for the name of the same
// index, in one pass over the object.
func (v Value) GetAll(names []string, values []Value) {
	clear(values)
	for key, member := range v.members() {
		decoded := key.Decoded()
		for i, name := range names {
			if string(decoded) == name {
				values[i] = member
			}
		}
	}
}

// Is reports whether v is the string s.
func (v Value) Is(s string) bool {
	if plain, ok := v.Plain(); ok {
		return string(plain) == s
	}
	return v.Kind() == '"' && v.unquote(math.MaxInt) == s
}

// Members yields the names and values of an object in order. It yields nothing
// for another kind.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(name string, value Value) bool) {
		for key, value := range v.members() {
			if !yield(key.unquote(math.MaxInt), value) {
				return
			}
		}
	}
}

// members is Members with the names as written.
func (v Value) members() iter.Seq2[Value, Value] {
	return func(yield func(key, value Value) bool) {
		if v.Kind() != '{' {
			return
		}
		at := v.walk()
		for i := skipSpace(v.text, 1); v.text[i] != '}'; {
			end := skipString(v.text, i)
			key := v.part(i, end)
			i = skipSpace(v.text, end) // at the colon
			i = skipSpace(v.text, i+1) // at the value
			end, next := v.skip(i, at)
			value := v.part(i, end)
			i, at = skipSpace(v.text, end), next // at the comma or the end
			if !yield(key, value) {
				return
			}
			if v.text[i] == ',' {
				i = skipSpace(v.text, i+1)
			}
		}
	}
}

// Elements yields the elements of an array. It yields nothing for another kind.
func (v Value) Elements() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.Kind() != '[' {
			return
		}
		at := v.walk()
		for i := skipSpace(v.text, 1); v.text[i] != ']'; {
			end, next := v.skip(i, at)
			value := v.part(i, end)
			i, at = skipSpace(v.text, end), next
			if !yield(value) {
				return
			}
			if v.text[i] == ',' {
				i = skipSpace(v.text, i+1)
			}
		}
	}
}

// Decode stores the value in the variable that to points to, as
// [json.Unmarshal] does.
func (v Value) Decode(to any) error { return json.Unmarshal(v.text, to) }

// MoreThan reports whether the value contains more than n values, including
// itself and excluding the names of members.
func (v Value) MoreThan(n int) bool {
	if len(v.text) < 2*n {
		return false // a value takes a byte, and a separator another
	}
	at := v.walk()
	for i := 0; i < len(v.text); i++ {
		switch v.text[i] {
		case '"':
			i, at = v.skip(i, at)
			i--
		case '[', '{':
			end := v.text[i] + 2 // in ASCII
			if i = skipSpace(v.text, i+1); v.text[i] == end {
				continue
			}
			i--
			fallthrough
		case ',':
			if n--; n < 1 {
				return true
			}
		}
	}
	return n < 1
}

// Any returns the value as map[string]any, []any, string, [json.Number], bool
// or nil.
func (v Value) Any() any {
	if v.Kind() == 0 {
		return nil
	}
	decoded, _ := v.Cursor().decode()
	return decoded
}

// decode returns the value here and the position after it. It does not use
// Members, which would scan nested text once per level.
func (c Cursor) decode() (any, Cursor) {
	switch c.Kind() {
	case '{':
		object := make(map[string]any)
		at, more := c.Enter()
		for more {
			key, value := at.Key()
			object[key.unquote(math.MaxInt)], at = value.decode()
			at, more = at.Next()
		}
		return object, at
	case '[':
		array := []any{}
		at, more := c.Enter()
		for more {
			var element any
			element, at = at.decode()
			array = append(array, element)
			at, more = at.Next()
		}
		return array, at
	}
	after := c.Skip()
	return c.in.part(c.at, after.at).scalar(), after
}

func (v Value) scalar() any {
	switch v.Kind() {
	case '"':
		return v.unquote(math.MaxInt)
	case 't', 'f':
		return v.Kind() == 't'
	case 'n':
		return nil
	}
	return json.Number(v.text)
}

// MarshalJSON returns the text, so that a Value can be encoded as part of a
// larger one.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.Kind() == 0 {
		return []byte("null"), nil
	}
	return v.AppendTo(nil), nil
}
