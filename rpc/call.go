package rpc

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A call is one request or notification for a method, from its admission until
// its response is written.
type call struct {
	id     []byte // ASCII; empty for a notification
	index  string // of the id, see idKey
	method *Method
	params rawjson.Value
	batch  *batch        // of the request, or nil
	size   int           // the approximate memory it keeps, in bytes
	turn   chan struct{} // closed when it may start
	ctx    context.Context
	cancel context.CancelCauseFunc

	interrupt context.CancelFunc
}

// run runs the method and responds.
func (s *session) run(c *call) {
	defer c.cancel(nil)
	events := newEvents(c.ctx, s.out, s.frames.dialect, c.id)
	err := c.awaitTurn()
	var result any
	if err == nil {
		result, err = s.invoke(c, events)
	}
	if err == nil {
		err = events.Flush()
	} else if context.Cause(c.ctx) == nil {
		events.Flush() // events precede the error
	}
	var response [][]byte
	if err == nil {
		response, err = resultParts(c.id, result)
	}
	if err != nil {
		response = [][]byte{errorResponse(c.id, s.failure(c, err))}
	}
	if err := s.respond(c, response); err != nil {
		s.log.Debug("response not sent", "method", c.method.name, "error", err)
	}
}

// invoke checks the parameters and runs the method.
func (s *session) invoke(c *call, events *Events) (result any, err error) {
	params, err := s.prepare(c)
	if err != nil {
		return nil, err
	}
	err = s.guard(c, func() (err error) {
		result, err = c.method.do(c.ctx, params, events)
		return err
	})
	return result, err
}

// prepare validates and decodes the parameters, in a separate goroutine: validation
// grows the stack, which a streaming call would keep while it runs. A cancellation
// does not wait for it, and the validation is bounded.
func (s *session) prepare(c *call) (any, error) {
	type prepared struct {
		params any
		err    error
	}
	done := make(chan prepared, 1)
	go func() {
		var p prepared
		p.err = s.guard(c, func() (err error) {
			if c.params.MoreThan(MaxValues) {
				return unfit("", "more than %d values", MaxValues)
			}
			if schema := s.schemas[c.method.name]; schema != nil {
				if err := schema.check(c.ctx, c.params); err != nil {
					return err
				}
			}
			p.params, err = c.method.decode(c.params)
			return err
		})
		done <- p
	}()
	select {
	case p := <-done:
		return p.params, p.err
	case <-c.ctx.Done():
		return nil, context.Cause(c.ctx)
	}
}

// guard runs a part of a call, and converts a panic to an error.
func (s *session) guard(c *call, do func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error("panic in a method", "method", c.method.name, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = InternalError.Errorf("%s failed because of an internal error; the server's log has the details.", c.method.name)
		}
	}()
	return do()
}

// failure returns the redacted error of a failed call.
func (s *session) failure(c *call, err error) *Error {
	e := *s.options.Redact(s.errorOf(c, err))
	e.Message = OneLine(e.Message)
	return &e
}

// errorOf returns the error of a failed call. The cause of the end of its context
// takes precedence over the resulting error.
func (s *session) errorOf(c *call, err error) *Error {
	var e *Error
	if cause := context.Cause(c.ctx); cause != nil && errors.As(cause, &e) {
		return e
	}
	if errors.As(err, &e) {
		return e
	}
	s.log.Error("method failed", "method", c.method.name, "error", err)
	return InternalError.Errorf("%s failed: %s", c.method.name, OneLine(err.Error()))
}

// encode returns the JSON text of a result, which may be text already.
func encode(result any) (rawjson.Value, error) {
	if raw, ok := result.(interface{ wireText() rawjson.Value }); ok {
		v := raw.wireText()
		if v.Kind() == 0 {
			return v, errors.New("the result is missing")
		}
		return v, nil
	}
	return rawjson.Marshal(result)
}
