package rawjson

import (
	"bytes"
	"math"
	"slices"
)

// A Finder parses texts that are expected to be objects and finds certain
// members in the same pass, without allocations.
//
// It is optimized for many texts of one kind: a text that differs from the
// previous one only in members that are strings or numbers is compared with it
// instead of parsed.
type Finder struct {
	names   []string
	lengths uint64 // bit n: a name has n bytes, or 63 and more
	fixed   []string
	found   []span
	text    Value
	before  int     // white space before the text
	outline outline // of the text
	shape   shape
	alike   bool
}

type span struct{ from, to int }

// NewFinder returns a Finder of the named members.
func NewFinder(names ...string) *Finder {
	f := &Finder{names: names, found: make([]span, len(names))}
	for _, name := range names {
		f.lengths |= 1 << min(len(name), 63)
	}
	return f
}

// Fix names members that must be equal in texts that are alike, see
// [Finder.Alike].
func (f *Finder) Fix(names ...string) { f.fixed = names }

// Alike reports whether the last text was found to have the same members as the
// previous one, with equal values of those that [Finder.Fix] names. A result of
// false means nothing.
func (f *Finder) Alike() bool { return f.alike }

// Parse is the function [Parse]. The Value belongs to the Finder, and is
// overwritten by the next text: copying it would take as long as parsing many a
// text.
func (f *Finder) Parse(src []byte) (*Value, error) {
	s := scanner{src: src, finder: f}
	if f.alike = f.again(&s, false) || f.again(&s, true); f.alike {
		f.text, f.before = Value{src, s.form.outline()}, 0
		return &f.text, nil
	}
	clear(f.found)
	f.shape.slots = f.shape.slots[:0]
	s.form, s.places = 0, f.outline.places[:0]
	if cap(s.places) > keptPlaces {
		s.places = nil
	}
	var err error
	if f.text, err = s.parse(&f.outline); err != nil {
		clear(f.found)
	}
	f.before = cap(src) - cap(f.text.text)
	if f.shape.text = f.shape.text[:0]; len(f.text.text) == len(src) && len(src) <= maxShape && f.text.form() == 0 {
		f.shape.text = append(f.shape.text, src...)
	}
	return &f.text, err
}

// Found returns the member with the name of index i in the last text, or the
// absent Value.
func (f *Finder) Found(i int) Value {
	at := &f.found[i]
	if at.to == 0 {
		return Value{}
	}
	return f.text.part(at.from-f.before, at.to-f.before)
}

// note records a member of the outermost object, by its name as it is written.
func (f *Finder) note(name []byte, value span) {
	if bytes.IndexByte(name, '\\') >= 0 {
		name = []byte(Value{text: slices.Concat([]byte(`"`), name, []byte(`"`))}.unquote(math.MaxInt))
	}
	at := -1
	if f.lengths>>min(len(name), 63)&1 != 0 {
		for i, wanted := range f.names {
			if string(name) == wanted {
				f.found[i] = value
				at = i
			}
		}
	}
	if value.to <= maxShape { // otherwise the text is not remembered
		f.shape.slots = append(f.shape.slots, slot{span: value, name: at, fixed: slices.Contains(f.fixed, string(name))})
	}
}

const (
	// maxShape bounds the texts that are remembered.
	maxShape = 1 << 10
	// Room for more places than these, needed by a large text, is released.
	keptPlaces = 1 << 10
)

// A shape is a parsed text, in ASCII, with the positions of its members.
type shape struct {
	text  []byte // empty if there is none
	slots []slot
}

// A slot is the position of a member.
type slot struct {
	span
	name   int  // the index of its name, or -1 if it is not to be found
	varies bool // texts of this shape have differed here
	fixed  bool // texts of this shape must not differ here
}

// again reports whether the text differs from the previous one only in members
// that are strings or whole numbers, and records their positions. It expects
// differences in the members that have differed before, or in all.
func (f *Finder) again(s *scanner, all bool) bool {
	last, src := f.shape.text, s.src
	if len(last) == 0 {
		return false
	}
	s.form = 0
	i, j := 0, 0 // the texts have been compared up to here
	for k := range f.shape.slots {
		slot := &f.shape.slots[k]
		from := slot.from + j - i
		to := slot.to + j - i
		if c := last[slot.from]; slot.varies || all && !slot.fixed && (c == '"' || '0' <= c && c <= '9') {
			if from >= len(src) || string(src[j:from]) != string(last[i:slot.from]) {
				return false
			}
			if to = s.word(from); to <= from {
				return false
			}
			slot.varies = slot.varies || string(src[from:to]) != string(last[slot.from:slot.to])
			i, j = slot.to, to
		}
		if slot.name >= 0 {
			f.found[slot.name] = span{from, to}
		}
	}
	if string(src[j:]) != string(last[i:]) {
		return false
	}
	if all { // the others are compared together with the text between them
		f.shape.slots = slices.DeleteFunc(f.shape.slots, func(s slot) bool { return !s.varies && s.name < 0 })
	}
	return true
}

// word scans the string or the common number at i. It returns i or less if
// there is none.
func (s *scanner) word(i int) int {
	if s.src[i] != '"' {
		return shortNumber(s.src, i)
	}
	end := plainTo(s.src, i+1)
	if end < len(s.src) && s.src[end] == '"' {
		return end + 1
	}
	return s.rest(end)
}
