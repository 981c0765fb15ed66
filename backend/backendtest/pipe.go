package backendtest

import (
	"context"
	"net"
	"net/http"
)

// Pipe returns a running server and a transport that connects to it in memory, so
// that they can be used in a [testing/synctest] bubble. The caller closes both.
func Pipe(handler http.Handler) (*http.Server, *http.Transport) {
	listener := &pipeListener{make(chan net.Conn), make(chan struct{})}
	server := &http.Server{Handler: handler}
	go server.Serve(listener)
	return server, &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		listener.conns <- far
		return near, nil
	}}
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error   { close(l.closed); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }
