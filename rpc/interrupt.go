package rpc

import (
	"context"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

type interruptKey struct{}

// AfterInterrupt arranges to call f in its own goroutine when the client interrupts
// the call with the context ctx: by the notification [Options].Interrupt it requests
// that the call end early with a partial result. Methods that do not use it are not
// interrupted. Calling the returned function stops the association, as with
// [context.AfterFunc].
func AfterInterrupt(ctx context.Context, f func()) (stop func() bool) {
	interrupted, ok := ctx.Value(interruptKey{}).(context.Context)
	if !ok {
		return func() bool { return true }
	}
	return context.AfterFunc(interrupted, f)
}

// interruptible returns the context of a call, and the function that interrupts it.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	interrupted, interrupt := context.WithCancel(context.Background())
	return context.WithValue(ctx, interruptKey{}, interrupted), interrupt
}

func (s *session) interrupt(id rawjson.Value) {
	if c := s.callOf(id); c != nil {
		c.interrupt()
	}
}
