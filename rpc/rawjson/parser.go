package rawjson

import (
	"hash/maphash"
	"math"
	"sort"
	"sync/atomic"
)

// A Parser parses requests of which each begins as the last one did, since it has
// the history of a conversation. The elements of lists that are parameters, or in
// an object that is one, are compared with those of the last request by their
// hashes, and scanned from the first on that differs. A Parser keeps hashes, whose
// key is random, and extents, not the text. The zero Parser is ready for use.
type Parser struct {
	seed   maphash.Seed
	last   []element
	places []place // of the last text

	// State of the current scan.
	seen    []element
	repeats bool // all of them are the last text's
	within  bool // within an element
}

// An element is an object, a list or a string, whose end does not depend on what
// follows.
type element struct {
	from, first uint32 // its offset, and the index of its first place
	*Element
}

// An Element is what a [Parser] remembers of an element, in all texts that repeat it.
// A nil Element is of a value that no Parser remembers.
type Element struct {
	hash         uint64
	size, places uint32
	form         form
	depth        int8 // of the list
	facts        atomic.Pointer[fact]
}

// A fact is what a program has noted about an element, and before it.
type fact struct {
	what   any
	before *fact
	number int // of facts
}

const (
	// paramDepth is the depth of a list that is a parameter of a request, and
	// bodyDepth that of one in a parameter.
	paramDepth, bodyDepth = 3, 4
	// longText is the minimum size of a text that is remembered.
	longText = 8 << 10
	// These bound the memory of a Parser to a few megabytes.
	maxElements, maxPlaces, maxFacts = 1 << 14, 1 << 16, 6
)

// Parse parses src as the function [Parse] does.
func (p *Parser) Parse(src []byte) (Value, error) {
	if len(src) < longText || len(src) > math.MaxInt32 {
		return Parse(src)
	}
	if p.seed == (maphash.Seed{}) {
		p.seed = maphash.MakeSeed()
	}
	p.seen, p.repeats, p.within = nil, true, false
	s := scanner{src: src, parser: p}
	v, err := s.parse(new(outline))
	if err == nil && len(p.seen) > 0 && len(s.places) <= maxPlaces {
		p.last, p.places = p.seen, s.places
	}
	return v, err
}

// element scans the element at i of a list at a depth.
func (s *scanner) element(i, depth int) int {
	p := s.parser
	if p.within || depth < paramDepth || depth > bodyDepth || len(p.seen) == maxElements ||
		i == len(s.src) || s.src[i] != '{' && s.src[i] != '[' && s.src[i] != '"' {
		return s.value(i, depth)
	}
	if p.seen == nil {
		p.seen = make([]element, 0, len(p.last)+2)
	}
	if end := s.repeated(i, depth); end > i {
		return end
	}
	outer, first := s.form, len(s.places)
	s.form, p.repeats, p.within = 0, false, true
	end := s.value(i, depth)
	p.within = false
	if end > i {
		p.seen = append(p.seen, element{uint32(i), uint32(first), &Element{
			hash: maphash.Bytes(p.seed, s.src[i:end]), size: uint32(end - i), places: uint32(len(s.places) - first), form: s.form, depth: int8(depth),
		}})
	}
	s.form |= outer
	return end
}

// repeated returns the end of the element at i if it is the expected one, and i
// otherwise.
func (s *scanner) repeated(i, depth int) int {
	p := s.parser
	if !p.repeats || len(p.seen) == len(p.last) {
		return i
	}
	e := p.last[len(p.seen)]
	end, first := i+int(e.size), uint32(len(s.places))
	if int(e.depth) != depth || end > len(s.src) || int(first+e.places) > firstPlaces+end/bytesAPlace || maphash.Bytes(p.seed, s.src[i:end]) != e.hash {
		return i
	}
	for _, of := range p.places[e.first : e.first+e.places] {
		s.places = append(s.places, place{of.from - e.from + uint32(i), of.to - e.from + uint32(i), of.next - e.first + first})
	}
	p.seen = append(p.seen, element{uint32(i), first, e.Element})
	s.form |= e.form
	return end
}

// Note records a fact about the element, such as that it is valid by some schema:
// [Element.Noted] reports it for the element in later texts, too. Facts are compared
// by ==; six at most are kept of an element. Note may be called concurrently.
func (e *Element) Note(what any) {
	for e != nil {
		last := e.facts.Load()
		number := 1
		if last != nil {
			number += last.number
		}
		if number > maxFacts || last.holds(what) || e.facts.CompareAndSwap(last, &fact{what, last, number}) {
			return
		}
	}
}

// Noted reports whether a fact was noted about the element.
func (e *Element) Noted(what any) bool { return e != nil && e.facts.Load().holds(what) }

// holds reports whether a fact is f or one before it.
func (f *fact) holds(what any) bool {
	for ; f != nil; f = f.before {
		if f.what == what {
			return true
		}
	}
	return false
}

// Element returns what a Parser remembers of the value, nil if it remembers nothing.
func (v Value) Element() *Element {
	if v.outline == nil || len(v.outline.elements) == 0 {
		return nil
	}
	return v.outline.remembered(v.outline.size - cap(v.text))
}

// Element is [Value.Element] of the value here. It does not search for its end.
func (c Cursor) Element() *Element {
	o := c.in.outline
	if o == nil || len(o.elements) == 0 {
		return nil
	}
	return o.remembered(o.size - cap(c.in.text) + c.at)
}

// remembered returns the element at an offset.
func (o *outline) remembered(at int) *Element {
	i := o.element(uint32(at))
	if i == len(o.elements) || int(o.elements[i].from) != at {
		return nil
	}
	return o.elements[i].Element
}

// element returns the index of the first element from an offset on.
func (o *outline) element(from uint32) int {
	return sort.Search(len(o.elements), func(i int) bool { return o.elements[i].from >= from })
}
