package rpc

import (
	"bytes"
	"sync"
)

// A batch gathers the responses to the members of one JSON-RPC batch.
type batch struct {
	mu        sync.Mutex
	members   int
	documents int // calls of rpc.discover
	open      int // members without a response, plus one for the reader
	response  []byte
	calls     []*call // answered
}

// expect adds a member.
func (b *batch) expect() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.members++
	b.open++
}

// add adds the parts of the response of a member, none if it has none, and
// reports whether it was the last.
func (b *batch) add(c *call, response ...[]byte) (last bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if text := bytes.Join(response, nil); len(text) > 0 {
		b.response = append(b.response, "[,"[min(len(b.response), 1)])
		b.response = append(b.response, text...)
	}
	if c != nil {
		b.calls = append(b.calls, c)
	}
	b.open--
	return b.open == 0
}

// array returns the array of the responses, nil if there are none.
func (b *batch) array() []byte {
	if len(b.response) == 0 {
		return nil
	}
	return append(b.response, ']')
}
