package rpc_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A recorder is a Reporter that records events up to a limit and then fails.
type recorder struct {
	events []string
	limit  int
}

var errLimit = errors.New("limit")

func (r *recorder) Event(v rawjson.Value) error {
	if len(r.events) == r.limit {
		return errLimit
	}
	r.events = append(r.events, string(v.Bytes()))
	return nil
}

func (r *recorder) Flush() error { return nil }

// TestInvoke checks calls in process.
func TestInvoke(t *testing.T) {
	count := rpc.Stream("count", "Count.", func(_ context.Context, p *struct{ To int }, events *rpc.Events) (*int, error) {
		for i := range p.To {
			if err := events.Emit(i); err != nil {
				return nil, err
			}
		}
		return &p.To, nil
	})
	wait := rpc.Call("wait", "Wait.", func(ctx context.Context, _ *struct{}) (*int, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	})
	broken := rpc.Call("broken", "Panic.", func(context.Context, *struct{}) (*int, error) { panic("broken") })
	server := rpc.NewServer(rpc.Options{
		Methods: []rpc.Method{count, wait, broken},
		Schema: func(name string) []byte {
			if name != "count" {
				return nil
			}
			return []byte(`{"type": "object", "properties": {"To": {"type": "integer", "minimum": 0}}, "additionalProperties": false}`)
		},
	})
	gone, cancel := context.WithCancelCause(context.Background())
	cancel(errLimit)
	tests := []struct {
		name, method, params string
		ctx                  context.Context
		limit                int
		result, events       string
		kind                 string // of the error
		cause                error  // or the error itself
	}{
		{name: "a result", method: "count", params: `{"To": 2}`, limit: 9, result: `2`, events: "0 1"},
		{name: "no parameters", method: "count", params: ``, limit: 9, result: `0`},
		{name: "bad parameters", method: "count", params: `{"To": -1}`, kind: "invalid_params"},
		{name: "no method", method: "other", params: `{}`, kind: "method_not_found"},
		{name: "a panic", method: "broken", params: `{}`, kind: "internal_error"},
		{name: "a failing reporter", method: "count", params: `{"To": 5}`, limit: 1, events: "0", cause: errLimit},
		{name: "cancelled", method: "wait", params: `{}`, ctx: gone, cause: errLimit},
	}
	for _, test := range tests {
		ctx := context.Background()
		if test.ctx != nil {
			ctx = test.ctx
		}
		var params rawjson.Value
		if test.params != "" {
			params, _ = rawjson.Parse([]byte(test.params))
		}
		r := &recorder{limit: test.limit}
		result, err := server.Invoke(ctx, test.method, params, r)
		if got := string(result.Bytes()); got != test.result {
			t.Errorf("%s: result %s, want %s", test.name, got, test.result)
		}
		if got := strings.Join(r.events, " "); got != test.events {
			t.Errorf("%s: events %q, want %q", test.name, got, test.events)
		}
		var failed *rpc.Error
		switch {
		case test.cause != nil && err != test.cause:
			t.Errorf("%s: %v, want %v", test.name, err, test.cause)
		case test.cause == nil && test.kind == "" && err != nil:
			t.Errorf("%s: %v", test.name, err)
		case test.kind != "" && (!errors.As(err, &failed) || failed.Type != test.kind):
			t.Errorf("%s: %v, want %s", test.name, err, test.kind)
		}
	}
}
