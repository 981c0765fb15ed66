package main

import (
	"context"
	"encoding/json"
	"errors"
	"os/exec"

	"go.lsp.dev/jsonrpc2"
)

type lspDevClient struct{ jsonrpc2.Conn }

func connectLSPDev(host *exec.Cmd, framing string, onEvent func(json.RawMessage)) (client, error) {
	p, err := start(host)
	if err != nil {
		return nil, err
	}
	stream := jsonrpc2.NewNDJSONStream
	if framing == "headers" {
		stream = jsonrpc2.NewHeaderStream
	}
	c := jsonrpc2.NewConn(stream(p))
	c.Go(context.Background(), func(_ context.Context, r *jsonrpc2.Request) (any, error) {
		onEvent(json.RawMessage(r.Params()))
		return nil, nil
	})
	return lspDevClient{c}, nil
}

func (c lspDevClient) call(method string, params any) (result json.RawMessage, err error) {
	_, err = c.Call(context.Background(), method, params, &result)
	if e, ok := errors.AsType[*jsonrpc2.Error](err); ok {
		return nil, &failure{int64(e.Code), e.Message, json.RawMessage(e.Data)}
	}
	return result, err
}
