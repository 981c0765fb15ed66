package backend

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
	"sync/atomic"
)

// maxSends bounds how often a request is sent. net/http resends a request on its
// own if it believes that the server has not processed it: on a kept connection
// that turns out to be closed, and after HTTP/2's GOAWAY, REFUSED_STREAM and, for
// servers that mean one of these, PROTOCOL_ERROR. If the server refuses every
// repetition, it does so without end, unnoticed by [Settings].MaxRetries and by
// the timeout, which every sent byte resets. Over HTTP/1.1, where the server
// cannot refuse a request unprocessed, a request is resent only if no byte of it
// was written.
const maxSends = 2

// A sending counts how often a request is sent.
type sending struct {
	mu      sync.Mutex
	sends   int
	stopped bool
	conn    *meteredConn // the last connection if it is of HTTP/1.1, otherwise nil
	before  int64        // bytes written to it before the request
}

// sendBounded calls send with req, which is then sent at most maxSends times.
func sendBounded(req *http.Request, send func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	ctx, stop := context.WithCancelCause(req.Context())
	s := new(sending)
	check := func() {
		if !s.permitted() {
			stop(errUnprocessed(req))
		}
	}
	// HTTP/2 calls GotConn without GetConn for a connection that was dialed for
	// an earlier request which no longer needs it. Nothing is sent once the
	// context is done.
	sent := req.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { check() },
		GotConn: func(info httptrace.GotConnInfo) {
			check()
			s.got(info)
		},
	}))
	if req.GetBody != nil {
		sent.GetBody = func() (io.ReadCloser, error) {
			if !s.permitted() {
				return nil, errUnprocessed(req)
			}
			return req.GetBody()
		}
	}
	resp, err := send(sent)
	if err == nil {
		resp.Request = req
		return resp, nil
	}
	stop(nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		err = errUnprocessed(req)
	}
	return nil, err
}

func errUnprocessed(req *http.Request) *Error {
	return &Error{
		Kind:      ErrConnection,
		Retryable: true,
		Message:   "no response from " + req.URL.Host + ": the server refuses requests on this connection and on a new one; try again",
	}
}

// permitted reports whether the request may be sent once more.
func (s *sending) permitted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sends >= maxSends || s.conn != nil && s.conn.written.Load() > s.before {
		s.stopped = true
	}
	return !s.stopped
}

func (s *sending) got(info httptrace.GotConnInfo) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sends++
	s.conn = nil
	if conn := metered(info.Conn); conn != nil {
		s.conn, s.before = conn, conn.written.Load()
	}
}

// A meteredConn counts the bytes written to it.
type meteredConn struct {
	net.Conn
	written atomic.Int64
}

func (c *meteredConn) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.written.Add(int64(n))
	return n, err
}

// metered returns the meteredConn below conn, nil if it carries HTTP/2.
func metered(conn net.Conn) *meteredConn {
	for {
		switch c := conn.(type) {
		case *meteredConn:
			return c
		case *tls.Conn:
			if c.ConnectionState().NegotiatedProtocol == "h2" {
				return nil
			}
			conn = c.NetConn()
		default:
			return nil
		}
	}
}
