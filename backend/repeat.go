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

// net/http repeats a request of itself where it takes it for unread: on a kept
// connection that turns out to be closed, and after HTTP/2's GOAWAY,
// REFUSED_STREAM and, for servers that mean one of these, PROTOCOL_ERROR. It does so without end where a server says that to each
// repetition, which neither [Settings].MaxRetries nor a timeout that every sent
// byte sets back would see. So a request goes out twice at most, and over
// HTTP/1.1, which has no word for unread, a second time only if no byte of it
// was written.
const maxSends = 2

// A sending counts how often one request goes out.
type sending struct {
	mu      sync.Mutex
	sends   int
	stopped bool
	conn    *meteredConn // of HTTP/1.1, that the request went out on last; else nil
	before  int64        // bytes written to it before
}

// sendBounded has send carry out req within the bounds.
func sendBounded(req *http.Request, send func(*http.Request) (*http.Response, error)) (*http.Response, error) {
	ctx, stop := context.WithCancelCause(req.Context())
	s := new(sending)
	check := func() {
		if !s.permitted() {
			stop(errUnread(req))
		}
	}
	// HTTP/2 calls GotConn without GetConn for a connection that was dialed for
	// an earlier request and comes too late for it. It sends nothing once the
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
				return nil, errUnread(req)
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
		err = errUnread(req)
	}
	return nil, err
}

func errUnread(req *http.Request) *Error {
	return &Error{
		Kind:      ErrConnection,
		Retryable: true,
		Message:   "no response from " + req.URL.Host + ": the server refuses requests on this connection and on a new one; try again",
	}
}

// permitted reports whether the request may go out once more.
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

// metered returns the connection below conn that counts, nil if it carries
// HTTP/2.
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
