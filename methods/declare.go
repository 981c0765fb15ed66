package methods

import (
	"context"
	"errors"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// parameters are the parameters of a method.
type parameters interface{ includesHeaders() bool }

// call declares a method with [rpc.Call] that includes the backend's response
// headers if requested.
func call[P parameters, R any](name, summary string, do func(context.Context, *P) (*R, error)) rpc.Method {
	return rpc.Call(name, summary, func(ctx context.Context, p *P) (*R, error) {
		return withHeaders(ctx, *p, func(ctx context.Context) (*R, error) { return do(ctx, p) })
	})
}

// stream does the same with [rpc.Stream].
func stream[P parameters, R any](name, summary string, do func(context.Context, *P, *rpc.Events) (*R, error)) rpc.Method {
	return rpc.Stream(name, summary, func(ctx context.Context, p *P, events *rpc.Events) (*R, error) {
		return withHeaders(ctx, *p, func(ctx context.Context) (*R, error) { return do(ctx, p, events) })
	})
}

func withHeaders[R any](ctx context.Context, p parameters, do func(context.Context) (*R, error)) (*R, error) {
	if !p.includesHeaders() {
		return do(ctx)
	}
	ctx, answer := backend.WithAnswerHeaders(ctx)
	result, err := do(ctx)
	headers := answer.Last()
	if failed, ok := errors.AsType[*rpc.Error](err); ok {
		return nil, failed.With("headers", headers)
	}
	if err != nil {
		return nil, err
	}
	if object, ok := any(result).(interface {
		SetMember(name string, v rawjson.Value)
	}); ok {
		object.SetMember("response_headers", rawjson.MustMarshal(headers))
	}
	return result, nil
}
