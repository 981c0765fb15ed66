package rpc

import (
	"context"
	"testing"
)

// What waits is bounded by its bytes, and so is what is under way; a call that is
// larger than either is served when it is alone.
func TestQueueBytes(t *testing.T) {
	q := queue{maxActive: 10, maxWaiting: 10}
	sized := func(size int) *call { return &call{size: size, ctx: context.Background()} }
	began := func(c *call) bool {
		select {
		case <-c.turn:
			return true
		default:
			return false
		}
	}
	first, large, small, later := sized(maxActiveBytes-10), sized(maxActiveBytes+1), sized(5), sized(maxQueuedBytes)
	for _, c := range []*call{first, large} {
		if !q.enter(c) {
			t.Fatal("there is no room for the first calls")
		}
	}
	if q.enter(small) {
		t.Error("more waits than may")
	}
	if !began(first) || began(large) {
		t.Error("the first call is not the one under way")
	}
	if q.leave(first); !began(large) {
		t.Error("a large call does not begin alone")
	}
	if !q.enter(small) || !q.enter(sized(1)) || began(small) {
		t.Error("small calls do not wait behind a large one")
	}
	if q.enter(later) {
		t.Error("more bytes wait than may")
	}
	if q.leave(large); !began(small) || q.active != 2 || q.activeBytes != 6 || len(q.waiting) != 0 || q.waitingBytes != 0 {
		t.Errorf("the queue is %+v", q)
	}
}
