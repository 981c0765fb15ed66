package backendtest

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// An Exchange is a request, and the means to answer it. What no HTTP server writes
// goes over the connection itself. A handler that has read the request can make an
// Exchange of its ResponseWriter and its Request.
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

// Begin reads the request and sends the head of a stream of events.
func (x *Exchange) Begin() {
	x.Body()
	x.Header().Set("Content-Type", "text/event-stream")
	x.WriteHeader(http.StatusOK)
	x.ResponseWriter.(http.Flusher).Flush()
}

// Event sends an event of a stream at once. Before the first it does what Begin does.
func (x *Exchange) Event(text string) error {
	x.Body() // the HTTP server drops it once an answer begins
	x.Header().Set("Content-Type", "text/event-stream")
	if _, err := io.WriteString(x, Stream(text)); err != nil {
		return err
	}
	x.ResponseWriter.(http.Flusher).Flush()
	return nil
}

// Conn returns the connection, over which nothing else is written from then on. It
// is closed when the step is over.
func (x *Exchange) Conn() net.Conn {
	if x.conn == nil {
		conn, buffered, err := http.NewResponseController(x.ResponseWriter).Hijack()
		if err != nil {
			panic(err) // HTTP/2, or a connection taken over by another
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

// Reset tears the connection down. What was flushed may not arrive.
func (x *Exchange) Reset() {
	conn := x.Conn().(*takenConn).Conn
	if secure, ok := conn.(interface{ NetConn() net.Conn }); ok {
		conn = secure.NetConn()
	}
	conn.(*net.TCPConn).SetLinger(0)
	conn.Close()
}

// A takenConn first reads what the HTTP server has read ahead.
type takenConn struct {
	net.Conn
	ahead *bufio.Reader
}

func (c *takenConn) Read(p []byte) (int, error) { return c.ahead.Read(p) }
