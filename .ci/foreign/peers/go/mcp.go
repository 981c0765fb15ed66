package main

import (
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// An mcpClient uses the stdio transport of the MCP SDK, which frames by lines
// and starts the host itself.
type mcpClient struct {
	mcp.Connection
	onEvent func(json.RawMessage)

	mu      sync.Mutex
	lastID  float64
	waiting map[jsonrpc.ID]chan *jsonrpc.Response
}

func connectMCP(host *exec.Cmd, framing string, onEvent func(json.RawMessage)) (client, error) {
	// Close sends signals after this time. It is long, to show that the host
	// needs none.
	transport := &mcp.CommandTransport{Command: host, TerminateDuration: time.Hour}
	connection, err := transport.Connect(context.Background())
	if err != nil {
		return nil, err
	}
	c := &mcpClient{Connection: connection, onEvent: onEvent, waiting: make(map[jsonrpc.ID]chan *jsonrpc.Response)}
	go c.read()
	return c, nil
}

// read ends with the connection. A pending call then waits forever, and the
// test fails.
func (c *mcpClient) read() {
	for {
		message, err := c.Read(context.Background())
		if err != nil {
			return
		}
		switch m := message.(type) {
		case *jsonrpc.Request:
			c.onEvent(m.Params)
		case *jsonrpc.Response:
			c.mu.Lock()
			answer := c.waiting[m.ID]
			delete(c.waiting, m.ID)
			c.mu.Unlock()
			answer <- m
		}
	}
}

func (c *mcpClient) call(method string, params any) (json.RawMessage, error) {
	answer := make(chan *jsonrpc.Response)
	c.mu.Lock()
	c.lastID++
	id, err := jsonrpc.MakeID(c.lastID)
	c.waiting[id] = answer
	c.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if err := c.write(context.Background(), id, method, params); err != nil {
		return nil, err
	}
	response := <-answer
	if e, ok := errors.AsType[*jsonrpc.Error](response.Error); ok {
		return nil, &failure{e.Code, e.Message, e.Data}
	}
	return response.Result, response.Error
}

func (c *mcpClient) Notify(ctx context.Context, method string, params any) error {
	return c.write(ctx, jsonrpc.ID{}, method, params)
}

func (c *mcpClient) write(ctx context.Context, id jsonrpc.ID, method string, params any) error {
	raw, err := json.Marshal(params)
	if err != nil {
		return err
	}
	return c.Write(ctx, &jsonrpc.Request{ID: id, Method: method, Params: raw})
}
