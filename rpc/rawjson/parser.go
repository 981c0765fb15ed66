package rawjson

import (
	"hash/maphash"
	"math"
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
	hash          uint64
	from, to      uint32
	first, behind uint32 // the indexes of its places
	form          form
	depth         int8 // of the list
}

const (
	// paramDepth is the depth of a list that is a parameter of a request, and
	// bodyDepth that of one in a parameter.
	paramDepth, bodyDepth = 3, 4
	// longText is the minimum size of a text that is remembered.
	longText = 8 << 10
	// maxElements and maxPlaces bound the memory of a Parser to a megabyte and a
	// half.
	maxElements, maxPlaces = 1 << 14, 1 << 16
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
		p.seen = append(p.seen, element{maphash.Bytes(p.seed, s.src[i:end]), uint32(i), uint32(end), uint32(first), uint32(len(s.places)), s.form, int8(depth)})
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
	end, first, behind := i+int(e.to-e.from), uint32(len(s.places)), uint32(len(s.places))+e.behind-e.first
	if int(e.depth) != depth || end > len(s.src) || int(behind) > firstPlaces+end/bytesAPlace || maphash.Bytes(p.seed, s.src[i:end]) != e.hash {
		return i
	}
	for _, of := range p.places[e.first:e.behind] {
		s.places = append(s.places, place{of.from - e.from + uint32(i), of.to - e.from + uint32(i), of.next - e.first + first})
	}
	p.seen = append(p.seen, element{e.hash, uint32(i), uint32(end), first, behind, e.form, e.depth})
	s.form |= e.form
	return end
}
