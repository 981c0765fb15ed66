package recording

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/websocket"
)

// bodyLimit bounds the recorded part of a request body.
const bodyLimit = 1 << 20

// Transport returns a RoundTripper that records the traffic of next. The
// credentials of requests are redacted everywhere from then on.
func (r *Recorder) Transport(next http.RoundTripper) http.RoundTripper {
	return &transport{recorder: r, next: next}
}

// SignInTransport is like [Recorder.Transport], for sign-in and refresh: bodies
// and queries, which consist of secrets, are not recorded.
func (r *Recorder) SignInTransport(next http.RoundTripper) http.RoundTripper {
	return &transport{recorder: r, next: next, signIn: true}
}

type transport struct {
	recorder *Recorder
	next     http.RoundTripper
	signIn   bool
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if asksForSocket(req) {
		return &http.Response{
			Status: "426 Upgrade Required", StatusCode: http.StatusUpgradeRequired, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(noSockets)), Request: req,
		}, nil
	}
	x := t.begin(req)
	sent := req.WithContext(req.Context()) // a copy, which may be modified
	if req.Body != nil && req.Body != http.NoBody {
		sent.Body = x.sending(req.Body)
		if req.GetBody != nil {
			sent.GetBody = func() (io.ReadCloser, error) {
				body, err := req.GetBody()
				if err != nil {
					return nil, err
				}
				return x.sending(body), nil
			}
		}
	} else {
		x.requested()
	}
	resp, err := t.next.RoundTrip(sent)
	x.requested()
	if err != nil {
		x.failed(err)
		return nil, err
	}
	resp.Request = req
	x.answered(resp)
	return resp, nil
}

// noSockets is the answer to a request for a WebSocket.
const noSockets = `{"error":{"message":"Responses use HTTP in a session that is recorded or replayed.","code":"not_recorded"}}`

// asksForSocket reports whether a request opens a WebSocket for responses.
// Clients fall back to HTTP, which can be recorded.
func asksForSocket(req *http.Request) bool {
	return req.Header.Get("Upgrade") != "" && strings.HasSuffix(req.URL.Path, "/responses")
}

func (t *transport) begin(req *http.Request) *exchange {
	if _, bearer, ok := strings.Cut(req.Header.Get("Authorization"), " "); ok {
		t.recorder.Hide(bearer)
	}
	t.recorder.Hide(req.Header.Get(accountHeader))
	address := *req.URL
	if t.signIn {
		address.RawQuery = ""
	}
	return &exchange{
		recorder: t.recorder, ctx: req.Context(), signIn: t.signIn,
		request: record{
			Type: typeRequest, Exchange: int(t.recorder.exchanges.Add(1)), SignIn: t.signIn,
			Method: req.Method, URL: address.String(), Header: req.Header.Clone(),
		},
	}
}

// An exchange is a request and its response, being recorded.
type exchange struct {
	recorder *Recorder
	ctx      context.Context
	signIn   bool

	mu      sync.Mutex
	request record // its type is empty once it was recorded
	body    []byte // of the request, at most bodyLimit
	ended   bool
}

func (x *exchange) put(e entry) {
	e.Exchange = x.request.Exchange
	x.recorder.put(e)
}

// requested records the request, once: when its body was sent, or sending ended.
func (x *exchange) requested() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.request.Type == "" {
		return
	}
	x.request.Truncated = x.request.Size > int64(len(x.body))
	x.put(entry{record: x.request, data: x.body})
	x.request.Type, x.body = "", nil
}

// sending returns a request body that records the bytes read. A second call starts
// again: net/http has reopened the body.
func (x *exchange) sending(body io.ReadCloser) io.ReadCloser {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.request.Size, x.body = 0, nil
	return &sentBody{body, x}
}

type sentBody struct {
	io.ReadCloser
	exchange *exchange
}

func (b *sentBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.exchange.sent(p[:n])
	if err == io.EOF {
		b.exchange.requested()
	}
	return n, err
}

func (x *exchange) sent(p []byte) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.request.Type == "" {
		return
	}
	x.request.Size += int64(len(p))
	if !x.signIn {
		x.body = append(x.body, p[:min(len(p), bodyLimit-len(x.body))]...)
	}
}

// answered records the header of a response, and its body as it is read.
func (x *exchange) answered(resp *http.Response) {
	encoding := resp.Header.Get("Content-Encoding")
	opaque := x.signIn || encoding != "" && !strings.EqualFold(encoding, "identity")
	head := record{Type: typeResponse, Status: resp.StatusCode, Truncated: opaque}
	if !x.signIn { // whose redirects contain codes
		head.Header = resp.Header.Clone()
	}
	x.put(entry{record: head})
	if stream, ok := resp.Body.(io.ReadWriteCloser); ok && resp.StatusCode == http.StatusSwitchingProtocols {
		resp.Body = &switchedBody{stream, x}
		return
	}
	if resp.Body == http.NoBody || resp.ContentLength == 0 {
		x.end("", nil)
		return
	}
	resp.Body = &receivedBody{resp.Body, x, opaque}
}

type receivedBody struct {
	io.ReadCloser
	exchange *exchange
	opaque   bool
}

func (b *receivedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 && !b.opaque {
		b.exchange.received(p[:n])
	}
	if err == io.EOF {
		b.exchange.end("", nil)
	} else if err != nil {
		b.exchange.failed(err)
	}
	return n, err
}

// Close may be called while Read waits.
func (b *receivedBody) Close() error {
	b.exchange.left()
	return b.ReadCloser.Close()
}

// A switchedBody is a connection that has switched to another protocol. If it is
// a WebSocket, its messages are recorded.
type switchedBody struct {
	io.ReadWriteCloser
	exchange *exchange
}

func (b *switchedBody) Close() error {
	b.exchange.end(failureClosed, nil)
	return b.ReadWriteCloser.Close()
}

// Sending implements backend.SocketRecorder.
func (b *switchedBody) Sending(text []byte) {
	b.exchange.put(entry{record: record{Type: typeSent, Size: int64(len(text))}})
}

// Received implements backend.SocketRecorder. Each message is a chunk.
func (b *switchedBody) Received(text []byte) {
	b.exchange.received(append(text, '\n'))
}

// Ended implements backend.SocketRecorder.
func (b *switchedBody) Ended(err error) {
	var closed *backend.CloseError
	if !errors.As(err, &closed) {
		b.exchange.end(failureBroken, err)
		return
	}
	r := record{CloseCode: closed.Code, Error: closed.Reason}
	if closed.Code != websocket.CodeNormal {
		r.Failure = failureBroken
	}
	b.exchange.finish(r)
}

func (x *exchange) received(p []byte) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.ended {
		x.put(entry{record: record{Type: typeChunk}, data: append([]byte(nil), p...)})
	}
}

// failed records an exchange that ended with an error of net/http.
func (x *exchange) failed(err error) {
	var slow net.Error
	switch {
	case x.ctx.Err() != nil:
		x.left()
	case errors.As(err, &slow) && slow.Timeout():
		x.end(failureSilent, err)
	default:
		x.end(failureBroken, err)
	}
}

// left records an exchange that was ended by the host: silent if its context has a
// cause, such as a timeout, otherwise closed.
func (x *exchange) left() {
	if cause := context.Cause(x.ctx); cause != nil && cause != context.Canceled {
		x.end(failureSilent, cause)
	} else {
		x.end(failureClosed, nil)
	}
}

func (x *exchange) end(failure string, err error) {
	r := record{Failure: failure}
	if err != nil {
		r.Error = err.Error()
	}
	x.finish(r)
}

// finish records the end, once.
func (x *exchange) finish(r record) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.ended {
		return
	}
	x.ended = true
	r.Type = typeEnd
	x.put(entry{record: r})
}
