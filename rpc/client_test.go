package rpc_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

// patience bounds each wait of a test. No test passes because of it.
const patience = 20 * time.Second

var framings = []string{"lines", "headers"}

func frame(framing, message string) string {
	return string(rpctest.Framing(framing).Encode([]byte(message)))
}

func readFrame(framing string, r *bufio.Reader) (string, error) {
	text, err := rpctest.Framing(framing).Read(r)
	return string(text), err
}

// A peer is the client's end of a session under test.
type peer struct {
	t       testing.TB
	framing string
	server  *rpc.Server
	in      *io.PipeWriter
	out     *io.PipeReader
	read    *bufio.Reader
	cancel  context.CancelCauseFunc
	done    chan error // the result of Serve
}

func connect(t testing.TB, framing string, o rpc.Options) *peer {
	t.Helper()
	ctx, cancel := context.WithCancelCause(context.Background())
	inR, inW := io.Pipe()
	outR, outW := io.Pipe()
	p := &peer{t: t, framing: framing, server: rpc.NewServer(o), in: inW, out: outR, read: bufio.NewReader(outR), cancel: cancel, done: make(chan error, 1)}
	go func() {
		p.done <- p.server.Serve(ctx, inR, outW)
		outW.Close()
	}()
	t.Cleanup(func() {
		cancel(nil)
		inW.Close()
		outR.Close()
	})
	return p
}

func (p *peer) send(message string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, frame(p.framing, message)); err != nil {
		p.t.Fatalf("send: %v", err)
	}
}

// A reply is any message from a server.
type reply = rpctest.Message

func check(text string) (*reply, error) { return rpctest.Parse([]byte(text)) }

// raw receives one message, which may be an array.
func (p *peer) raw() string {
	p.t.Helper()
	type result struct {
		text string
		err  error
	}
	c := make(chan result, 1)
	go func() {
		text, err := readFrame(p.framing, p.read)
		c <- result{text, err}
	}()
	select {
	case r := <-c:
		if r.err != nil {
			p.t.Fatalf("receive: %v", r.err)
		}
		return r.text
	case <-time.After(patience):
		p.t.Fatal("timed out waiting for a message")
	}
	return ""
}

func (p *peer) receive() *reply {
	p.t.Helper()
	r, err := check(p.raw())
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// expectError receives a message and checks that it is the given error.
func (p *peer) expectError(id string, code int, kind string) *reply {
	p.t.Helper()
	r := p.receive()
	if string(r.ID) != id || r.Error == nil || r.Error.Code != code || r.Error.Data.Type != kind {
		p.t.Fatalf("got %s, want error %d %s of id %s", r.Text, code, kind, id)
	}
	return r
}

func (p *peer) expectResult(id, result string) {
	p.t.Helper()
	if r := p.receive(); string(r.ID) != id || string(r.Result) != result {
		p.t.Fatalf("got %s, want result %s of id %s", r.Text, result, id)
	}
}

// end closes the input and expects Serve to return the given error without
// further output.
func (p *peer) end(want error) {
	p.t.Helper()
	p.in.Close()
	p.ended(want)
}

func (p *peer) ended(want error) {
	p.t.Helper()
	select {
	case err := <-p.done:
		if err != want {
			p.t.Errorf("Serve = %v, want %v", err, want)
		}
	case <-time.After(patience):
		p.t.Fatal("timed out waiting for Serve")
	}
	if text, err := readFrame(p.framing, p.read); err != io.EOF {
		p.t.Errorf("after the end: %q, %v", text, err)
	}
}

// serveText runs a session on the whole input and returns the whole output.
func serveText(t testing.TB, o rpc.Options, in string) string {
	t.Helper()
	var out bytes.Buffer
	if err := rpc.NewServer(o).Serve(context.Background(), strings.NewReader(in), &out); err != nil {
		t.Errorf("Serve: %v", err)
	}
	return out.String()
}
