package rpc

import (
	"context"
	"testing"
)

// TestQueueBytes checks that the sizes of queued and of running calls are
// bounded, and that a call larger than the limit runs alone.
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
			t.Fatal("the first calls were refused")
		}
	}
	if q.enter(small) {
		t.Error("a call beyond maxQueuedBytes was queued behind a large one")
	}
	if !began(first) || began(large) {
		t.Error("the first call does not run alone")
	}
	if q.leave(first); !began(large) {
		t.Error("the large call does not run alone")
	}
	if !q.enter(small) || !q.enter(sized(1)) || began(small) {
		t.Error("small calls are not queued behind a large one")
	}
	if q.enter(later) {
		t.Error("a call beyond maxQueuedBytes was queued")
	}
	if q.leave(large); !began(small) || q.active != 2 || q.activeBytes != 6 || len(q.waiting) != 0 || q.waitingBytes != 0 {
		t.Errorf("queue: %+v", q)
	}
}
