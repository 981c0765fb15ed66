package rpc_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc"
)

// patience is how long a test waits for what must come. No test passes by it.
const patience = 20 * time.Second

var framings = []string{"lines", "headers"}

func frame(framing, message string) string {
	if framing == "headers" {
		return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(message), message)
	}
	return message + "\n"
}

// readFrame reads one message as a client nobody here wrote would: strictly.
func readFrame(framing string, r *bufio.Reader) (string, error) {
	if framing == "lines" {
		line, err := r.ReadString('\n')
		if err == io.EOF && line != "" {
			err = fmt.Errorf("last line has no end: %q", line)
		}
		return strings.TrimSuffix(line, "\n"), err
	}
	if _, err := r.Peek(1); err != nil {
		return "", err
	}
	first, err := r.Peek(len("Content-Length: "))
	if err != nil || string(first) != "Content-Length: " {
		return "", fmt.Errorf("header is %q, %v", first, err)
	}
	header, err := textproto.NewReader(r).ReadMIMEHeader()
	if err != nil {
		return "", err
	}
	n, err := strconv.Atoi(header.Get("Content-Length"))
	if err != nil || len(header) != 1 {
		return "", fmt.Errorf("headers are %v, %v", header, err)
	}
	body := make([]byte, n)
	_, err = io.ReadFull(r, body)
	return string(body), err
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
	done    chan error // what Serve returned
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

// A reply is any message that a server sends.
type reply struct {
	text   string
	ID     json.RawMessage `json:"id"`
	Result json.RawMessage `json:"result"`
	Method string          `json:"method"`
	Params struct {
		ID    json.RawMessage `json:"id"`
		Seq   uint64          `json:"seq"`
		Event json.RawMessage `json:"event"`
	} `json:"params"`
	Error *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Data    struct {
			Type        string      `json:"type"`
			Retryable   *bool       `json:"retryable"`
			Errors      []rpc.Fault `json:"errors"`
			Suggestions []string    `json:"suggestions"`
		} `json:"data"`
	} `json:"error"`
}

// check parses a message and holds it to what is promised of every one.
func check(text string) (reply, error) {
	r := reply{text: text}
	for i := range len(text) {
		if text[i] > 0x7e || text[i] < 0x20 && text[i] != '\t' {
			return r, fmt.Errorf("byte 0x%02x in %q", text[i], text)
		}
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &members); err != nil {
		return r, fmt.Errorf("%v in %q", err, text)
	}
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return r, fmt.Errorf("%v in %q", err, text)
	}
	if string(members["jsonrpc"]) != `"2.0"` || len(members) != 3 {
		return r, fmt.Errorf("members of %q", text)
	}
	if members["method"] != nil {
		if r.Method != "stream.event" || members["id"] != nil {
			return r, fmt.Errorf("notification %q", text)
		}
		return r, nil
	}
	if members["id"] == nil || (members["result"] == nil) == (members["error"] == nil) || string(members["error"]) == "null" {
		return r, fmt.Errorf("response %q", text)
	}
	if e := r.Error; e != nil && (e.Code == 0 || e.Message == "" || e.Data.Type == "" || e.Data.Retryable == nil || strings.Contains(e.Message, "\n")) {
		return r, fmt.Errorf("error %q", text)
	}
	return r, nil
}

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
		p.t.Fatal("nothing came")
	}
	return ""
}

func (p *peer) receive() reply {
	p.t.Helper()
	r, err := check(p.raw())
	if err != nil {
		p.t.Fatal(err)
	}
	return r
}

// expectError receives a message and checks that it is this error.
func (p *peer) expectError(id string, code int, kind string) reply {
	p.t.Helper()
	r := p.receive()
	if string(r.ID) != id || r.Error == nil || r.Error.Code != code || r.Error.Data.Type != kind {
		p.t.Fatalf("got %s, want error %d %s of id %s", r.text, code, kind, id)
	}
	return r
}

func (p *peer) expectResult(id, result string) {
	p.t.Helper()
	if r := p.receive(); string(r.ID) != id || string(r.Result) != result {
		p.t.Fatalf("got %s, want result %s of id %s", r.text, result, id)
	}
}

// end closes the input and expects the session to end in this way, with nothing
// more to read.
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
		p.t.Fatal("Serve does not return")
	}
	if text, err := readFrame(p.framing, p.read); err != io.EOF {
		p.t.Errorf("after the end came %q, %v", text, err)
	}
}

// serveText runs a session on a whole input and returns the whole output.
func serveText(t testing.TB, o rpc.Options, in string) string {
	t.Helper()
	var out bytes.Buffer
	if err := rpc.NewServer(o).Serve(context.Background(), strings.NewReader(in), &out); err != nil {
		t.Errorf("Serve: %v", err)
	}
	return out.String()
}
