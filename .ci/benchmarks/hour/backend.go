package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
)

// A backend is the embedded one, strict as it is by default, behind a listener
// that counts what clients send.
type backend struct {
	*httptest.Server
	up       atomic.Int64 // bytes
	requests atomic.Int64 // HTTP requests, the upgrades of sockets among them
	cut      atomic.Bool  // the next answer of a response breaks off
	cuts     atomic.Int64
}

func newBackend() (*backend, error) {
	mock, err := simulator.New(simulator.Options{})
	if err != nil {
		return nil, err
	}
	b := new(backend)
	b.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/cut" { // asked for by an agent, before its request
			b.cut.Store(true)
			return
		}
		b.requests.Add(1)
		mock.ServeHTTP(w, r)
	}))
	b.Listener = countingListener{b.Listener, b}
	b.Start()
	return b, nil
}

type countingListener struct {
	net.Listener
	backend *backend
}

func (l countingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return &countingConn{Conn: conn, backend: l.backend}, err
}

type countingConn struct {
	net.Conn
	backend *backend
	close   sync.Once
}

func (c *countingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.backend.up.Add(int64(n))
	return n, err
}

// Write breaks the connection in the first event of a response that is to be cut.
func (c *countingConn) Write(p []byte) (int, error) {
	if strings.Contains(string(p[:min(len(p), 4<<10)]), "response.created") && c.backend.cut.CompareAndSwap(true, false) {
		c.backend.cuts.Add(1)
		n, _ := c.Conn.Write(p[:len(p)/2])
		c.close.Do(func() { c.Conn.Close() })
		return n, io.ErrClosedPipe
	}
	return c.Conn.Write(p)
}
