package backend

import "encoding/binary"

// A part is a place in a secret.
type part struct {
	secret string
	at     int
}

// partBytes is so small that any piece of a secret of longSecret bytes has a whole
// part in it.
const partBytes = 8

func (r *Redactor) addParts(secret string) {
	if r.parts == nil {
		r.parts = make(map[uint64]part)
	}
	for at := 0; at+partBytes <= len(secret); at += partBytes {
		value := binary.LittleEndian.Uint64([]byte(secret[at : at+partBytes]))
		if _, known := r.parts[value]; !known { // tokens begin alike
			r.parts[value] = part{secret, at}
			r.pairs[uint16(value)/64] |= 1 << (value % 64)
		}
	}
}

// piece returns where a piece of a long secret begins and ends that has one of its
// parts at i, and nothing before from; an end of 0 if none does. It need not have
// the secret's beginning, but is as long as a long secret is, and is not disguised.
func (r *Redactor) piece(s string, i, from int) (begin, end int) {
	if r.parts == nil || i+partBytes > len(s) {
		return 0, 0
	}
	if pair := uint16(s[i]) | uint16(s[i+1])<<8; r.pairs[pair/64]&(1<<(pair%64)) == 0 {
		return 0, 0
	}
	p, ok := r.parts[binary.LittleEndian.Uint64([]byte(s[i:i+partBytes]))]
	if !ok {
		return 0, 0
	}
	begin, end = i, i+partBytes
	for at := p.at; begin > from && at > 0 && s[begin-1] == p.secret[at-1]; at-- {
		begin--
	}
	for at := p.at + partBytes; end < len(s) && at < len(p.secret) && s[end] == p.secret[at]; at++ {
		end++
	}
	if end-begin < longSecret {
		return 0, 0
	}
	return begin, end
}
