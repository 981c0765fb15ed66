package main

import (
	"context"
	"encoding/json"
	"errors"
	"os/exec"

	"github.com/sourcegraph/jsonrpc2"
)

type sourcegraphClient struct{ *jsonrpc2.Conn }

func connectSourcegraph(host *exec.Cmd, framing string, onEvent func(json.RawMessage)) (client, error) {
	p, err := start(host)
	if err != nil {
		return nil, err
	}
	stream := jsonrpc2.NewPlainObjectStream(p)
	if framing == "headers" {
		stream = jsonrpc2.NewBufferedStream(p, jsonrpc2.VSCodeObjectCodec{})
	}
	c := jsonrpc2.NewConn(context.Background(), stream, eventHandler(onEvent))
	return sourcegraphClient{c}, nil
}

type eventHandler func(json.RawMessage)

func (onEvent eventHandler) Handle(_ context.Context, _ *jsonrpc2.Conn, r *jsonrpc2.Request) {
	onEvent(*r.Params)
}

func (c sourcegraphClient) call(method string, params any) (result json.RawMessage, err error) {
	err = c.Call(context.Background(), method, params, &result)
	if e, ok := errors.AsType[*jsonrpc2.Error](err); ok {
		f := &failure{code: e.Code, message: e.Message}
		if e.Data != nil {
			f.data = *e.Data
		}
		return nil, f
	}
	return result, err
}

func (c sourcegraphClient) Notify(ctx context.Context, method string, params any) error {
	return c.Conn.Notify(ctx, method, params)
}
