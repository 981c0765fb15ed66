package backend

import "encoding/binary"

// A part is a part of a secret.
type part struct {
	secret string
	at     int
}

// partBytes is the length of a part. It is so small that every piece of longSecret
// bytes contains a whole part.
const partBytes = 8

func (r *Redactor) addParts(secret string) {
	if r.parts == nil {
		r.parts = make(map[uint64]part)
	}
	for at := 0; at+partBytes <= len(secret); at += partBytes {
		value := binary.LittleEndian.Uint64([]byte(secret[at : at+partBytes]))
		if _, known := r.parts[value]; !known { // the beginnings of tokens are alike
			r.parts[value] = part{secret, at}
			r.pairs[uint16(value)/64] |= 1 << (value % 64)
		}
	}
}

// piece returns the bounds of a piece of a long secret that has one of its parts
// at i and does not start before from, or an end of 0 if there is none. A piece
// has at least longSecret bytes, is not escaped, and need not include the secret's
// beginning.
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
