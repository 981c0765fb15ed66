package rawjson

import (
	"math"
	"sort"
)

// An outline is what a scan finds out about a text: its form, and where long
// values end. A program that looks at parts of a text passes over the others by
// that, and not byte by byte once more for each look.
type outline struct {
	form form
	// size is the capacity of the text from its first byte on. Values are cut out
	// of it so that their capacities reach to the same end: what is missing of
	// the size is their offset.
	size   int
	places []place // in the order in which they begin
}

// A place is where a long value stands.
type place struct {
	from, to uint32
	next     uint32 // the first place behind
}

const (
	// longValue is the size from which on a value has a place.
	longValue = 128
	// There is a place for so many bytes at most, so that an outline is smaller
	// than its text whatever that is; and some more, for what nests at the start.
	bytesAPlace = 64
	firstPlaces = 32
)

// outlines are those that tell of a form alone. Most values need no other.
var outlines = [...]outline{{}, {form: 1}, {form: 2}, {form: 3}}

// outline returns the outline that tells of the form alone.
func (f form) outline() *outline {
	if f == 0 {
		return nil
	}
	return &outlines[f]
}

// enter begins the place of a value, and returns its index, or -1 for none.
func (s *scanner) enter(from int) int {
	if len(s.src) < longValue || len(s.src) > math.MaxInt32 || len(s.places) > firstPlaces+from/bytesAPlace {
		return -1
	}
	s.places = append(s.places, place{from: uint32(from)})
	return len(s.places) - 1
}

// leave ends the place that enter began, or gives it up if the value is short,
// and returns the end.
func (s *scanner) leave(at, end int) int {
	if at < 0 {
		return end
	}
	if p := &s.places[at]; end-int(p.from) >= longValue {
		p.to, p.next = uint32(end), uint32(len(s.places))
	} else {
		s.places = s.places[:at] // what is in it is shorter still
	}
	return end
}

// pass notes a string, if that is long.
func (s *scanner) pass(from, end int) {
	if end-from >= longValue {
		s.leave(s.enter(from), end)
	}
}

// A walk is a place in the outline of a value, which a walk over the text goes
// on from.
type walk uint32

// walk returns where a walk over the value begins.
func (v Value) walk() walk {
	if v.outline == nil || len(v.text) < longValue {
		return 0
	}
	from := uint32(v.outline.size - cap(v.text))
	places := v.outline.places
	return walk(sort.Search(len(places), func(i int) bool { return places[i].from >= from }))
}

// skip returns the end of the value at i, to which a walk has come, and moves
// that behind it.
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

// cut returns an outline for a copy of the text alone.
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
	return o
}
