package rpc

import (
	"context"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

type interruptKey struct{}

// AfterInterrupt arranges for f to be called in a goroutine of its own when the
// client interrupts the call whose context ctx is: by the notification
// [Options].Interrupt it asks that the call end with what there is by then. A
// method that does not arrange for it runs on. The function that is returned
// takes the arrangement back, as that of [context.AfterFunc] does.
func AfterInterrupt(ctx context.Context, f func()) (stop func() bool) {
	interrupted, ok := ctx.Value(interruptKey{}).(context.Context)
	if !ok {
		return func() bool { return true }
	}
	return context.AfterFunc(interrupted, f)
}

// interruptible returns a context of a call, and what interrupts the call.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	interrupted, interrupt := context.WithCancel(context.Background())
	return context.WithValue(ctx, interruptKey{}, interrupted), interrupt
}

func (s *session) interrupt(id rawjson.Value) {
	if c := s.callOf(id); c != nil {
		c.interrupt()
	}
}
