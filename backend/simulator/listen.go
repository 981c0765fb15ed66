package simulator

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
)

// Running is a Server that listens on a TCP port.
type Running struct {
	*Server
	// Addr is the address of the listener, with its actual port.
	Addr net.Addr
	http *http.Server
}

// Listen starts a Server on a loopback address such as "127.0.0.1:0" or "localhost:8080". It refuses any other address,
// since the simulator does not authenticate its clients.
func Listen(addr string, o Options) (*Running, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("simulator: listen address %q is not HOST:PORT", addr)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("simulator: listen address %q is not loopback; use 127.0.0.1:%s", addr, port)
	}
	s, err := New(o)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("simulator: %w", err)
	}
	r := &Running{
		Server: s,
		Addr:   l.Addr(),
		http:   &http.Server{Handler: s, ErrorLog: slog.NewLogLogger(s.logger.Handler(), slog.LevelDebug)},
	}
	go r.http.Serve(l)
	return r, nil
}

// URL returns the server's origin, "http://127.0.0.1:PORT". The base URLs are URL()+"/backend-api", URL()+"/v1" and, for
// the issuer, URL() itself.
func (r *Running) URL() string { return "http://" + r.Addr.String() }

// Close stops the server and closes its connections immediately.
func (r *Running) Close() error { return r.http.Close() }
