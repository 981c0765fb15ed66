package rawjson

import (
	"math"
	"sort"
)

// An outline is the result of a scan: the form of the text and the extents of
// its long values, so that readers of parts of the text need not scan the
// others again.
type outline struct {
	form form
	// size is the capacity of the text from its first byte. Since all values
	// are slices of the text with the same end of capacity, the offset of a
	// value is the size minus its capacity.
	size   int
	places []place // in order of their start
	// elements are those that the Parser remembers, in the same order.
	elements []element
}

// A place is the extent of a long value.
type place struct {
	from, to uint32
	next     uint32 // index of the first place after it
}

const (
	// longValue is the minimum size of a value with a place.
	longValue = 128
	// At most one place is kept for this number of bytes, so that an outline is
	// always smaller than its text, plus a few for values nested at the start.
	bytesAPlace = 64
	firstPlaces = 32
)

// plainOutlines are the plainOutlines without places, which most values have.
var plainOutlines = [...]outline{{}, {form: 1}, {form: 2}, {form: 3}}

// outline returns the outline with the form and without places.
func (f form) outline() *outline {
	if f == 0 {
		return nil
	}
	return &plainOutlines[f]
}

// enter adds the place of a value and returns its index, or -1 if it is not
// recorded.
func (s *scanner) enter(from int) int {
	if len(s.src) < longValue || len(s.src) > math.MaxInt32 || len(s.places) > firstPlaces+from/bytesAPlace {
		return -1
	}
	s.places = append(s.places, place{from: uint32(from)})
	return len(s.places) - 1
}

// leave completes the place that enter added, or removes it if the value is
// short, and returns the end.
func (s *scanner) leave(at, end int) int {
	if at < 0 {
		return end
	}
	if p := &s.places[at]; end-int(p.from) >= longValue {
		p.to, p.next = uint32(end), uint32(len(s.places))
	} else {
		s.places = s.places[:at] // nested values are shorter still
	}
	return end
}

// pass records a string if it is long.
func (s *scanner) pass(from, end int) {
	if end-from >= longValue {
		s.leave(s.enter(from), end)
	}
}

// A walk is the index in an outline at which a traversal of the text continues.
type walk uint32

// walk returns the walk at the start of the value.
func (v Value) walk() walk {
	if v.outline == nil || len(v.text) < longValue {
		return 0
	}
	from := uint32(v.outline.size - cap(v.text))
	places := v.outline.places
	return walk(sort.Search(len(places), func(i int) bool { return places[i].from >= from }))
}

// skip returns the end of the value at i and the walk after it.
func (v Value) skip(i int, at walk) (end int, behind walk) {
	o := v.outline
	if o == nil || len(o.places) == 0 || len(v.text) < longValue {
		return skipValue(v.text, i), at
	}
	from := uint32(o.size - cap(v.text) + i)
	for int(at) < len(o.places) && o.places[at].from < from {
		at++
	}
	if int(at) == len(o.places) || o.places[at].from > from {
		return skipValue(v.text, i), at
	}
	p := o.places[at]
	return i + int(p.to-p.from), walk(p.next)
}

// part returns the value from i to end.
func (v Value) part(i, end int) Value { return Value{v.text[i:end], v.outline} }

// cut returns an outline for a copy of the text.
func (v Value) cut(copied []byte) *outline {
	if v.outline == nil || len(v.outline.places) == 0 || len(v.text) < longValue {
		return v.form().outline()
	}
	begin := v.walk()
	_, end := v.skip(0, begin)
	from := uint32(v.outline.size - cap(v.text))
	o := &outline{form: v.outline.form, size: cap(copied), places: make([]place, 0, end-begin)}
	for _, p := range v.outline.places[begin:end] {
		o.places = append(o.places, place{p.from - from, p.to - from, p.next - uint32(begin)})
	}
	for _, e := range v.outline.elements[v.outline.element(from):v.outline.element(from+uint32(len(v.text)))] {
		o.elements = append(o.elements, element{from: e.from - from, Element: e.Element})
	}
	return o
}
