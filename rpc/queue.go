package rpc

import (
	"context"
	"slices"
)

// maxQueuedBytes bounds the parameters of queued calls.
const maxQueuedBytes = 64 << 20

// maxActiveBytes bounds the parameters of running calls, of which methods make
// requests of about that size. A single call may be larger.
const maxActiveBytes = 128 << 20

// A queue admits calls in order, within limits on their number and the size of their
// parameters. It is part of a session, whose lock guards it.
type queue struct {
	maxActive, maxWaiting int

	active, activeBytes int
	waiting             []*call
	waitingBytes        int
}

// enter adds a call, or reports false if the queue is full.
func (q *queue) enter(c *call) bool {
	c.turn = make(chan struct{})
	if len(q.waiting) == 0 && q.fits(c) {
		q.start(c)
		return true
	}
	if len(q.waiting) >= q.maxWaiting || len(q.waiting) > 0 && q.waitingBytes+c.size > maxQueuedBytes {
		return false
	}
	q.waiting = append(q.waiting, c)
	q.waitingBytes += c.size
	return true
}

// fits reports whether a call can be admitted.
func (q *queue) fits(c *call) bool {
	return q.active < q.maxActive && (q.active == 0 || q.activeBytes+c.size <= maxActiveBytes)
}

func (q *queue) start(c *call) {
	q.active++
	q.activeBytes += c.size
	close(c.turn)
}

// leave removes a call, running or queued, and admits others.
func (q *queue) leave(c *call) {
	select {
	case <-c.turn:
		q.active--
		q.activeBytes -= c.size
	default:
		i := slices.Index(q.waiting, c)
		q.waiting = slices.Delete(q.waiting, i, i+1)
		q.waitingBytes -= c.size
	}
	for len(q.waiting) > 0 && q.fits(q.waiting[0]) {
		next := q.waiting[0]
		q.waiting = slices.Delete(q.waiting, 0, 1)
		q.waitingBytes -= next.size
		q.start(next)
	}
}

// awaitTurn waits until a call is admitted or ends.
func (c *call) awaitTurn() error {
	select {
	case <-c.turn:
		return nil
	default:
	}
	select {
	case <-c.turn:
		return nil
	case <-c.ctx.Done():
		return context.Cause(c.ctx)
	}
}
