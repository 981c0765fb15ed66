package backend

import (
	"context"
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// clearEnvironment unsets the variables of the test's own environment.
func clearEnvironment(t *testing.T) {
	t.Helper()
	for _, name := range []string{"CODEX_CA_CERTIFICATE", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"} {
		t.Setenv(name, "")
		t.Setenv(strings.ToLower(name), "")
	}
}

// serveTLS returns a server and the file with its certificate, which is for
// 127.0.0.1 and example.com.
func serveTLS(t *testing.T, listener net.Listener, handler http.HandlerFunc) (server *httptest.Server, file string) {
	t.Helper()
	server = httptest.NewUnstartedServer(handler)
	if listener != nil {
		server.Listener.Close()
		server.Listener = listener
	}
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes fail in these tests
	server.StartTLS()
	t.Cleanup(server.Close)
	file = filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(file, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return server, file
}

func echoProtocol(w http.ResponseWriter, r *http.Request) {
	io.WriteString(w, `"`+r.Proto+`"`)
}

func TestHTTPS(t *testing.T) {
	server, file := serveTLS(t, nil, echoProtocol)
	for _, test := range []struct {
		name        string
		environment map[string]string
		want        string // the response, or part of the error
	}{
		{"CODEX_CA_CERTIFICATE", map[string]string{"CODEX_CA_CERTIFICATE": file}, `"HTTP/2.0"`},
		{"SSL_CERT_FILE", map[string]string{"SSL_CERT_FILE": file}, `"HTTP/2.0"`},
		{"the first wins", map[string]string{"CODEX_CA_CERTIFICATE": file, "SSL_CERT_FILE": "absent"}, `"HTTP/2.0"`},
		{"loopback is not proxied", map[string]string{"CODEX_CA_CERTIFICATE": file, "HTTPS_PROXY": "http://127.0.0.1:1", "ALL_PROXY": "http://127.0.0.1:1"}, `"HTTP/2.0"`},
		{"unknown certificate", nil, "set CODEX_CA_CERTIFICATE"},
		{"absent file", map[string]string{"CODEX_CA_CERTIFICATE": "absent.pem", "SSL_CERT_FILE": file},
			"Failed to read CA certificate file absent.pem selected by CODEX_CA_CERTIFICATE: "},
		{"no PEM", map[string]string{"SSL_CERT_FILE": "transport_test.go"},
			"Failed to load CA certificates from transport_test.go selected by SSL_CERT_FILE: no certificates found in PEM file. If you set"},
	} {
		t.Run(test.name, func(t *testing.T) {
			clearEnvironment(t)
			for name, value := range test.environment {
				t.Setenv(name, value)
			}
			answer, _, err := newClient(t, config(server.URL)).JSON(t.Context(), &Request{})
			if err == nil {
				if string(answer) != test.want {
					t.Errorf("%s, want %s", answer, test.want)
				}
				return
			}
			if e := failure(t, err, ErrConnection); !strings.Contains(e.Message, test.want) || e.Retryable {
				t.Errorf("%+v, want %q", e, test.want)
			}
		})
	}
}

// A repaired certificate file is used without a restart.
func TestRepairedCertificateFile(t *testing.T) {
	clearEnvironment(t)
	server, file := serveTLS(t, nil, echoProtocol)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("CODEX_CA_CERTIFICATE", file)
	client := newClient(t, config(server.URL))
	os.WriteFile(file, nil, 0o600)
	_, _, err = client.JSON(t.Context(), &Request{})
	failure(t, err, ErrConnection)
	os.WriteFile(file, good, 0o600)
	if _, _, err := client.JSON(t.Context(), &Request{}); err != nil {
		t.Error(err)
	}
}

func TestPlainHTTPLoadsNothing(t *testing.T) {
	clearEnvironment(t)
	t.Setenv("CODEX_CA_CERTIFICATE", "absent.pem")
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	client := serve(t, echoProtocol)
	client.Warm(t.Context())
	if answer, _, err := client.JSON(t.Context(), &Request{}); err != nil || string(answer) != `"HTTP/1.1"` {
		t.Error(string(answer), err)
	}
	if client.http.Transport.(*Transport).secure != nil {
		t.Error("the https transport was created")
	}
}

// startProxy returns a proxy that connects only to the address.
func startProxy(t *testing.T, address string) (proxy string, asked *atomic.Value) {
	t.Helper()
	asked = new(atomic.Value)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.Method + " " + r.Host)
		far, err := net.Dial("tcp", address)
		if err != nil {
			t.Error(err)
			return
		}
		defer far.Close()
		near, buffered, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer near.Close()
		io.WriteString(near, "HTTP/1.1 200 OK\r\n\r\n")
		go io.Copy(far, buffered)
		io.Copy(near, far)
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

func TestProxy(t *testing.T) {
	server, file := serveTLS(t, nil, echoProtocol)
	for _, variable := range []string{"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"} {
		t.Run(variable, func(t *testing.T) {
			clearEnvironment(t)
			proxy, asked := startProxy(t, server.Listener.Addr().String())
			t.Setenv("CODEX_CA_CERTIFICATE", file)
			t.Setenv(variable, proxy)
			transport := NewTransport()
			defer transport.CloseIdleConnections()
			config := config("https://example.com")
			config.Transport = transport
			if _, _, err := newClient(t, config).JSON(t.Context(), &Request{}); err != nil {
				t.Fatal(err)
			}
			if got := asked.Load(); got != "CONNECT example.com:443" {
				t.Errorf("requests to the proxy: %v", got)
			}
		})
	}
	t.Run("HTTPS_PROXY before ALL_PROXY, and NO_PROXY", func(t *testing.T) {
		clearEnvironment(t)
		t.Setenv("HTTPS_PROXY", "http://one.example")
		t.Setenv("ALL_PROXY", "socks5://two.example")
		t.Setenv("NO_PROXY", "three.example")
		proxy := proxyFromEnvironment()
		for target, want := range map[string]string{"https://example.com": "http://one.example", "https://three.example": "<nil>", "https://127.0.0.1": "<nil>"} {
			req := httptest.NewRequest("GET", target, nil)
			got := "<nil>"
			if u, err := proxy(req); err != nil {
				t.Error(err)
			} else if u != nil {
				got = u.String()
			}
			if got != want {
				t.Errorf("%s goes through %s, want %s", target, got, want)
			}
		}
	})
}

// onceListener accepts one connection. All others wait for ever.
type onceListener struct {
	net.Listener
	once, end        sync.Once
	accepted, closed chan struct{}
}

func (l *onceListener) Accept() (conn net.Conn, err error) {
	err = net.ErrClosed
	l.once.Do(func() {
		conn, err = l.Listener.Accept()
		close(l.accepted)
	})
	if conn == nil {
		<-l.closed
	}
	return conn, err
}

func (l *onceListener) Close() error {
	l.end.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// The request succeeds only on the connection that Warm has opened.
func TestWarm(t *testing.T) {
	clearEnvironment(t)
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var requests atomic.Int64
	listener := &onceListener{Listener: tcp, accepted: make(chan struct{}), closed: make(chan struct{})}
	server, file := serveTLS(t, listener, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		echoProtocol(w, r)
	})
	t.Setenv("CODEX_CA_CERTIFICATE", file)
	client := newClient(t, config(server.URL))
	client.Warm(t.Context())
	<-listener.accepted
	if n := requests.Load(); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
	if _, _, err := client.JSON(t.Context(), &Request{}); err != nil || requests.Load() != 1 {
		t.Error(err, requests.Load())
	}
}

// Warm sends nothing on a connection that a request opens meanwhile.
func TestWarmBesideRequest(t *testing.T) {
	clearEnvironment(t)
	var requests atomic.Int64
	server, file := serveTLS(t, nil, func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		echoProtocol(w, r)
	})
	t.Setenv("CODEX_CA_CERTIFICATE", file)
	client := newClient(t, config(server.URL))
	secure, err := client.http.Transport.(*Transport).https()
	if err != nil {
		t.Fatal(err)
	}
	var dials atomic.Int64
	dial, dialling := secure.DialContext, make(chan struct{})
	secure.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if dials.Add(1) == 1 { // of Warm
			close(dialling)
			<-t.Context().Done()
		}
		return dial(ctx, network, address)
	}
	warm := make(chan struct{})
	go func() {
		defer close(warm)
		client.Warm(t.Context())
	}()
	<-dialling
	if _, _, err := client.JSON(t.Context(), &Request{}); err != nil {
		t.Fatal(err)
	}
	<-warm
	if n := requests.Load(); n != 1 {
		t.Errorf("%d requests were sent, want 1", n)
	}
}
