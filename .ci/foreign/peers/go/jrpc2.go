package main

import (
	"context"
	"encoding/json"
	"errors"
	"os/exec"

	"github.com/creachadair/jrpc2"
	"github.com/creachadair/jrpc2/channel"
)

type jrpc2Client struct{ *jrpc2.Client }

func connectJRPC2(host *exec.Cmd, framing string, onEvent func(json.RawMessage)) (client, error) {
	p, err := start(host)
	if err != nil {
		return nil, err
	}
	frame := channel.Line
	if framing == "headers" {
		frame = channel.LSP
	}
	ch := &inOrder{Channel: frame(p.Reader, p.WriteCloser), handed: make(chan struct{}, 1)}
	c := jrpc2.NewClient(ch, &jrpc2.ClientOptions{OnNotify: func(r *jrpc2.Request) {
		onEvent(json.RawMessage(r.ParamString()))
		ch.handed <- struct{}{}
	}})
	return jrpc2Client{c}, nil
}

// The client handles each message in its own goroutine, in any order. An
// inOrder channel waits until an event has been handled before it reads on.
type inOrder struct {
	channel.Channel
	event  bool // the last message was one
	handed chan struct{}
}

func (ch *inOrder) Recv() ([]byte, error) {
	if ch.event {
		<-ch.handed
	}
	message, err := ch.Channel.Recv()
	var header struct{ Method string }
	ch.event = json.Unmarshal(message, &header) == nil && header.Method == "stream.event"
	return message, err
}

func (c jrpc2Client) call(method string, params any) (json.RawMessage, error) {
	r, err := c.Call(context.Background(), method, params)
	if err != nil {
		return nil, jrpc2Failure(err)
	}
	return json.RawMessage(r.ResultString()), nil
}

func (c jrpc2Client) batch(requests []request) (replies []reply, err error) {
	var specs []jrpc2.Spec
	for _, r := range requests {
		specs = append(specs, jrpc2.Spec{Method: r.method, Params: r.params})
	}
	responses, err := c.Batch(context.Background(), specs)
	for _, r := range responses {
		if r.Error() != nil {
			replies = append(replies, reply{err: jrpc2Failure(r.Error())})
		} else {
			replies = append(replies, reply{result: json.RawMessage(r.ResultString())})
		}
	}
	return replies, err
}

func jrpc2Failure(err error) error {
	if e, ok := errors.AsType[*jrpc2.Error](err); ok {
		return &failure{int64(e.Code), e.Message, e.Data}
	}
	return err
}
