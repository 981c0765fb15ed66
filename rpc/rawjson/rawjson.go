// Package rawjson handles JSON text without decoding it.
//
// A program that passes JSON from one place to another must know that it is
// valid, may have to look at a member or two, and often has to write it where
// only ASCII on one line is safe. [Parse] does the first in one pass and
// notes what the rest needs:
//
//	v, err := rawjson.Parse([]byte(`{"type": "greeting", "text": "h\u00e9llo"}`))
//	if err != nil { … }
//	kind, _ := v.Get("type").Text()  // greeting
//	line = v.AppendTo(line)          // ASCII, one line, the same value
//
// Other values are put together of values, by an [Object], an [Array] or a method
// such as [Value.With], and need no check:
//
//	v = v.With("text", rawjson.String("hello"))
//
// Numbers keep their digits and objects the order and the repetitions of their
// members, since nothing is decoded. Where a member is repeated the last one
// counts, as in encoding/json and in JavaScript.
package rawjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"math"
	"strconv"
)

// MaxDepth is how deep arrays and objects may nest. encoding/json has the same
// limit, so what passes here can be decoded there.
const MaxDepth = 10000

// A SyntaxError tells where and why a text is not JSON.
type SyntaxError struct {
	Offset int    // of the first byte that does not fit
	Reason string // a phrase, such as "unexpected end"
}

const tooDeep = "nested too deeply"

// TooDeep reports whether the text nests deeper than [MaxDepth], and may be JSON
// otherwise.
func (e *SyntaxError) TooDeep() bool { return e.Reason == tooDeep }

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("invalid JSON at byte %d: %s", e.Offset, e.Reason)
}

// A Value is JSON text that has been found valid. The zero Value is absent: it
// has no text and no kind.
type Value struct {
	text    []byte
	outline *outline // of the text that it is cut out of; nil for a plain one
}

// form is what a scan finds out about how a text is written.
type form uint8

const (
	rewrite form = 1 << iota // holds a line end or a character above U+007E
	invalid                  // holds bytes that are not UTF-8
)

// Parse checks that src is one JSON value, white space around it aside. The
// Value keeps a reference to src.
//
// Bytes that are not UTF-8 are accepted within strings: [Value.AppendTo] writes
// U+FFFD for them, and [Value.ValidUTF8] tells.
func Parse(src []byte) (Value, error) {
	s := scanner{src: src}
	return s.parse(new(outline))
}

// parse returns the value of the whole text, whose outline it stores.
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
	*o = outline{form, cap(s.src), s.places}
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

// Bytes returns the text as it came. It must not be changed.
func (v Value) Bytes() []byte { return v.text }

// Clone returns the Value with a text of its own.
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

// Keep returns the Value of a [Finder] for use after the Finder's next text, to
// which its own must not give way.
func (v Value) Keep() Value { return Value{v.text, v.cut(v.text)} }

// ASCII returns the text if AppendTo appends it as it is, and false otherwise.
func (v Value) ASCII() ([]byte, bool) { return v.text, v.form()&rewrite == 0 }

// ValidUTF8 reports whether all of the text the Value was parsed from is UTF-8.
func (v Value) ValidUTF8() bool { return v.form()&invalid == 0 }

// Inside returns the text of a string without its quotes and with its escapes as
// they are, nil for another kind.
func (v Value) Inside() []byte {
	if v.Kind() != '"' {
		return nil
	}
	return v.text[1 : len(v.text)-1]
}

// Plain returns the text of a string if that is written without escapes, and
// false otherwise.
func (v Value) Plain() ([]byte, bool) {
	inside := v.Inside()
	return inside, v.Kind() == '"' && v.form()&invalid == 0 && bytes.IndexByte(inside, '\\') < 0
}

// Beginning returns the decoded string, of which it cuts off what goes beyond so
// many bytes of text.
func (v Value) Beginning(limit int) string {
	if v.Kind() != '"' {
		return ""
	}
	return v.unquote(limit)
}

// Text returns the decoded string, or false if v is no string.
func (v Value) Text() (string, bool) {
	if v.Kind() != '"' {
		return "", false
	}
	return v.unquote(math.MaxInt), true
}

// Get returns the member called name, or the absent Value if there is none or v
// is not an object.
func (v Value) Get(name string) Value {
	var found Value
	for key, member := range v.members() {
		if key.Is(name) {
			found = member
		}
	}
	return found
}

// GetAll sets each of the values to what Get returns for the name of the same
// index, in one pass over the object.
func (v Value) GetAll(names []string, values []Value) {
	clear(values)
	for key, member := range v.members() {
		written, plain := key.Plain()
		if !plain {
			written = []byte(key.unquote(math.MaxInt))
		}
		for i, name := range names {
			if string(written) == name {
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

// Members yields the names and values of an object in their order, nothing for
// another kind.
func (v Value) Members() iter.Seq2[string, Value] {
	return func(yield func(name string, value Value) bool) {
		for key, value := range v.members() {
			if !yield(key.unquote(math.MaxInt), value) {
				return
			}
		}
	}
}

// members yields the same with the names as they are written.
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

// Elements yields the elements of an array, nothing for another kind.
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

// MoreThan reports whether there are more than n values in the value, names of
// members not counted.
func (v Value) MoreThan(n int) bool {
	if len(v.text) < 2*n {
		return false // each takes a byte, and another between two
	}
	at := v.walk()
	for i := 0; i < len(v.text); i++ {
		switch v.text[i] {
		case '"':
			i, at = v.skip(i, at)
			i--
		case ',', '[', '{':
			if n--; n < 0 {
				return true
			}
		}
	}
	return n < 1
}

// Any returns the value as map[string]any, []any, string, [json.Number], bool
// or nil.
func (v Value) Any() any { return v.Abridged(math.MaxInt) }

// Abridged returns what Any does, with strings whose text is longer than limit
// cut off at about that length.
func (v Value) Abridged(limit int) any {
	switch v.Kind() {
	case 0:
		return nil
	case '"':
		return v.unquote(limit) // without looking for its end
	}
	decoded, _ := v.decode(0, limit)
	return decoded
}

// decode returns the value at i and where it ends. It does not go through
// Members, which would look at nested text once for each level above it.
func (v Value) decode(i, limit int) (any, int) {
	b := v.text
	switch b[i] {
	case '{':
		object := make(map[string]any)
		for i = skipSpace(b, i+1); b[i] != '}'; {
			end := skipString(b, i)
			key := v.part(i, end).unquote(math.MaxInt)
			i = skipSpace(b, end)                               // at the colon
			object[key], i = v.decode(skipSpace(b, i+1), limit) // behind the value
			if i = skipSpace(b, i); b[i] == ',' {
				i = skipSpace(b, i+1)
			}
		}
		return object, i + 1
	case '[':
		array := []any{}
		for i = skipSpace(b, i+1); b[i] != ']'; {
			var element any
			element, i = v.decode(i, limit)
			array = append(array, element)
			if i = skipSpace(b, i); b[i] == ',' {
				i = skipSpace(b, i+1)
			}
		}
		return array, i + 1
	}
	end := skipValue(b, i)
	switch b[i] {
	case '"':
		return v.part(i, end).unquote(limit), end
	case 't':
		return true, end
	case 'f':
		return false, end
	case 'n':
		return nil, end
	}
	return json.Number(b[i:end]), end
}

// MarshalJSON returns the text, so that a Value can be part of a larger one.
func (v Value) MarshalJSON() ([]byte, error) {
	if v.Kind() == 0 {
		return []byte("null"), nil
	}
	return v.AppendTo(nil), nil
}
