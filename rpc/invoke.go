package rpc

import (
	"context"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A Reporter receives the events of a call made in process.
type Reporter interface {
	// Event receives an event, which is valid until it returns. An error ends
	// the call.
	Event(rawjson.Value) error
	// Flush is called before the method waits for more events.
	Flush() error
}

// Invoke calls a method in process and returns its result. The parameters are
// validated. Events are passed to report, unless it is nil. The error is an
// [*Error], the error of report, or the cause of the end of ctx.
//
// Such a call does not count towards MaxInFlight.
func (s *Server) Invoke(ctx context.Context, method string, params rawjson.Value, report Reporter) (rawjson.Value, error) {
	m := s.methods[method]
	if m == nil {
		return rawjson.Value{}, s.unknownMethod(method)
	}
	sess := &session{Server: s, log: s.options.Logger}
	c := &call{method: m, params: params, ctx: ctx}
	events := &Events{ctx: ctx, report: report}
	result, err := sess.invoke(c, events)
	var text rawjson.Value
	if err == nil {
		text, err = encode(result)
	}
	switch {
	case err == nil:
		return text, nil
	case ctx.Err() != nil:
		return rawjson.Value{}, context.Cause(ctx)
	case events.err != nil:
		return rawjson.Value{}, events.err
	}
	return rawjson.Value{}, sess.failure(c, err)
}
