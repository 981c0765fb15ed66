package backendtest

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// An Exchange is a request and the means to answer it, over its connection if an
// HTTP server would not write that answer. A handler that has read the request can
// create an Exchange from its ResponseWriter and its Request.
type Exchange struct {
	http.ResponseWriter
	Request *http.Request
	Number  int // of the request at its backend, from 1

	backend *Backend // until the body is read
	text    string
	conn    net.Conn
}

// Body reads the rest of the request's body, and returns it.
func (x *Exchange) Body() string {
	if b := x.backend; b != nil {
		x.backend = nil
		body, err := io.ReadAll(x.Request.Body)
		x.text = string(body)
		b.mu.Lock()
		defer b.mu.Unlock()
		b.requests[x.Number-1].Text, b.requests[x.Number-1].Err = x.text, err
	}
	return x.text
}

// Begin reads the request and sends the header of a stream of events.
func (x *Exchange) Begin() {
	x.Body()
	x.Header().Set("Content-Type", "text/event-stream")
	x.WriteHeader(http.StatusOK)
	x.ResponseWriter.(http.Flusher).Flush()
}

// Event sends an event of a stream and flushes it. The first call also sends the
// header, like Begin.
func (x *Exchange) Event(text string) error {
	x.Body() // the HTTP server discards it once the answer starts
	x.Header().Set("Content-Type", "text/event-stream")
	if _, err := io.WriteString(x, Stream(text)); err != nil {
		return err
	}
	x.ResponseWriter.(http.Flusher).Flush()
	return nil
}

// Conn returns the connection, which the HTTP server then no longer uses. It is
// closed after the step.
func (x *Exchange) Conn() net.Conn {
	if x.conn == nil {
		conn, buffered, err := http.NewResponseController(x.ResponseWriter).Hijack()
		if err != nil {
			panic(err) // HTTP/2, or a connection that was hijacked already
		}
		x.conn = &takenConn{conn, buffered.Reader}
	}
	return x.conn
}

func (x *Exchange) close() {
	if x.conn != nil {
		x.conn.Close()
	}
}

// Reset resets the connection. Flushed data may be lost.
func (x *Exchange) Reset() {
	conn := x.Conn().(*takenConn).Conn
	if secure, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = secure.NetConn()
	}
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}

// A takenConn is a hijacked connection. It first returns what the HTTP server has
// buffered.
type takenConn struct {
	net.Conn
	ahead *bufio.Reader
}

func (c *takenConn) Read(p []byte) (int, error) { return c.ahead.Read(p) }
