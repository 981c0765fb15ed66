package backend

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"sync"
	"time"

	"github.com/codex-rpc/codex-rpc/backend/printable"
)

// A Transport is the HTTP transport of the process, shared by all clients. It
// supports HTTP/2, keeps connections for 256 streams, uses the proxy of
// HTTPS_PROXY or ALL_PROXY (except for loopback and NO_PROXY), and trusts the
// certificates of the system and those of CODEX_CA_CERTIFICATE or SSL_CERT_FILE
// and SSL_CERT_DIR. These settings are loaded at the first https request; plain
// http, which is only for loopback, does not use them.
type Transport struct {
	// Logger receives warnings about invalid certificates. Default: none.
	Logger *slog.Logger

	only  []string // the permitted addresses; nil for all
	plain *http.Transport

	mu     sync.Mutex
	secure *http.Transport // nil before the first https request
}

// NewTransport returns a Transport. It does not load the settings yet.
func NewTransport() *Transport { return &Transport{plain: newPlain()} }

// NewLocalTransport returns a Transport that only connects to these addresses,
// each HOST:PORT. It uses neither DNS, TLS nor a proxy.
func NewLocalTransport(addresses ...string) *Transport {
	t := NewTransport()
	t.only = addresses
	dial := t.plain.DialContext
	t.plain.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if err := t.permit("http", address); err != nil {
			return nil, err
		}
		return dial(ctx, network, address)
	}
	return t
}

// permit returns an error for an address that must not be connected to.
func (t *Transport) permit(scheme, address string) error {
	if t.only == nil || scheme == "http" && slices.Contains(t.only, address) {
		return nil
	}
	return &Error{
		Kind:    ErrConnection,
		Message: "connections are limited to the embedded backend; refusing one to " + printable.Excerpt(address, excerptBytes),
	}
}

// RoundTrip implements http.RoundTripper. If the certificate file is invalid,
// the error is an [*Error], and the file is read again at the next request.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	next, err := t.plain, t.permit(req.URL.Scheme, req.URL.Host)
	if err == nil && req.URL.Scheme == "https" {
		next, err = t.https()
	}
	if err != nil {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, err
	}
	return sendBounded(req, next.RoundTrip)
}

// CloseIdleConnections closes idle connections.
func (t *Transport) CloseIdleConnections() {
	t.plain.CloseIdleConnections()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.secure != nil {
		t.secure.CloseIdleConnections()
	}
}

func (t *Transport) https() (*http.Transport, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.secure == nil {
		pool, skipped, err := roots()
		if err != nil {
			return nil, err
		}
		for _, what := range skipped {
			if t.Logger != nil {
				t.Logger.Warn("certificates are ignored", "what", what)
			}
		}
		secure := newPlain()
		secure.TLSClientConfig = &tls.Config{RootCAs: pool}
		secure.Proxy, secure.OnProxyConnectResponse = proxyFromEnvironment(), proxyAnswer
		t.secure = secure
	}
	return t.secure, nil
}

// warm opens a connection for the first request. It starts a request without
// credentials and cancels it before it is sent, whether on its own connection or
// on one that another request has opened meanwhile: net/http does not cancel the
// dial, since other requests may use the connection.
func (t *Transport) warm(ctx context.Context, base string) {
	req, err := http.NewRequest(http.MethodHead, base, nil)
	if err != nil || req.URL.Scheme != "https" {
		return
	}
	secure, err := t.https()
	if err != nil {
		return
	}
	if proxy, err := secure.Proxy(req); proxy != nil || err != nil {
		return // a proxy that requires a password is tried only once, by the first request
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	trace := &httptrace.ClientTrace{
		TLSHandshakeStart: cancel,
		GotConn:           func(httptrace.GotConnInfo) { cancel() },
	}
	resp, err := secure.RoundTrip(req.WithContext(httptrace.WithClientTrace(ctx, trace)))
	if err == nil {
		resp.Body.Close()
	}
}

const (
	streams = 256
	// A request's own timeout may end the handshake sooner.
	handshakeTime = 30 * time.Second
	// A ping detects a connection that died while the machine slept before all
	// its streams time out.
	pingTime = 15 * time.Second
	// The header of a response has some kilobytes. The default of net/http is
	// 10 MiB, which take ten times as much memory when parsed.
	headBytes = 256 << 10
)

func newPlain() *http.Transport {
	dialer := &net.Dialer{Timeout: handshakeTime, KeepAlive: 30 * time.Second}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &meteredConn{Conn: conn}, nil
		},
		TLSHandshakeTimeout: handshakeTime,
		ForceAttemptHTTP2:   true,
		HTTP2: &http.HTTP2Config{
			SendPingTimeout: pingTime,
			PingTimeout:     pingTime,
			// The default is 4 MiB for each stream that is not read.
			MaxReceiveBufferPerStream: 256 << 10,
		},
		// With HTTP/1.1 each stream has a connection, and buffers of the default
		// 4 KB would be a third of the heap. Large bodies bypass both buffers; a
		// long token costs one more write.
		WriteBufferSize:        1 << 10,
		ReadBufferSize:         2 << 10,
		MaxResponseHeaderBytes: headBytes,
		MaxIdleConns:           streams,
		MaxIdleConnsPerHost:    streams,
		IdleConnTimeout:        90 * time.Second,
	}
}

// checkRedirect refuses redirects to another origin, where the bearer could be
// read.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if from := via[0].URL; origin(req.URL) != origin(from) {
		return &Error{
			Kind:    ErrConnection,
			Message: fmt.Sprintf("%s redirects to %s, where credentials are not sent: check the base URL", from.Host, printable.Excerpt(origin(req.URL), excerptBytes)),
		}
	}
	if len(via) > 10 {
		return &Error{Kind: ErrConnection, Message: via[0].URL.Host + " redirects in a loop: check the base URL"}
	}
	return nil
}
