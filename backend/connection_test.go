package backend

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
)

// A roundTripper is a function that is an http.RoundTripper.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// listen answers each connection with reply, and then resets it if reply returns
// true, or closes it gracefully. It counts the connections.
func listen(t *testing.T, reply func(conn net.Conn, n int64) (reset bool)) (string, *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	count := new(atomic.Int64)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			if reply(conn, count.Add(1)) {
				conn.(*net.TCPConn).SetLinger(0)
			}
			conn.Close()
		}
	}()
	return "http://" + listener.Addr().String(), count
}

func TestBrokenConnections(t *testing.T) {
	const whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
	for _, test := range []struct {
		name, answer string
		unread       bool // closed before the request is read
		tries        int64
		want         string // part of the message
	}{
		{"at once", "", true, 3, "no response from 127.0.0.1"},
		{"after the request", "", false, 3, "no response from 127.0.0.1"},
		{"in the status line", "HTTP/1.1 20", false, 3, "no response"},
		{"in the head", "HTTP/1.1 200 OK\r\nContent-Le", false, 3, "no response"},
		{"no HTTP at all", "SSH-2.0-OpenSSH_9.2\r\n\r\n", false, 3, "no response"},
		{"in the body", "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"a\":", false, 1, "ended early"},
		{"in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"a\":", false, 1, "ended early"},
		{"between chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", false, 1, "ended early"},
	} {
		for _, reset := range []bool{false, true} {
			t.Run(test.name, func(t *testing.T) {
				origin, count := listen(t, func(conn net.Conn, _ int64) bool {
					if !test.unread {
						http.ReadRequest(bufio.NewReader(conn))
					}
					conn.Write([]byte(test.answer))
					return reset
				})
				_, _, err := newClient(t, config(origin)).JSON(t.Context(), &Request{Method: "POST", Body: JSONBody([]byte("{}"))})
				e := failure(t, err, ErrConnection)
				// A reset may discard the bytes sent before it.
				if !reset && (!strings.Contains(e.Message, test.want) || count.Load() != test.tries) {
					t.Errorf("%q after %d tries, want %q after %d", e.Message, count.Load(), test.want, test.tries)
				}
				if !e.Retryable || strings.Contains(e.Message, "access-token") {
					t.Errorf("%+v", e)
				}
			})
		}
	}

	t.Run("and then it works", func(t *testing.T) {
		origin, count := listen(t, func(conn net.Conn, n int64) bool {
			http.ReadRequest(bufio.NewReader(conn))
			if n == 3 {
				conn.Write([]byte(whole))
			}
			return n == 1
		})
		if _, _, err := newClient(t, config(origin)).JSON(t.Context(), &Request{}); err != nil || count.Load() != 3 {
			t.Error(err, count.Load())
		}
	})
}

func TestConnectionRefused(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	_, err := newClient(t, config(server.URL)).Do(t.Context(), &Request{})
	e := failure(t, err, ErrConnection)
	if !e.Retryable || !strings.Contains(e.Message, "refused") || !strings.Contains(e.Message, "check the network") {
		t.Errorf("%+v", e)
	}
}

func TestNetworkErrors(t *testing.T) {
	for _, test := range []struct {
		err  error
		kind Kind
		want string
	}{
		{&net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}, ErrTimeout, "no response from chatgpt.com: dial tcp: i/o timeout; try again"},
		{&net.DNSError{Err: "no such host", Name: "chatgpt.com"}, ErrConnection, "no response from chatgpt.com: lookup chatgpt.com: no such host; check the network and the proxy settings"},
		{errors.New("odd\nthing"), ErrConnection, "no response from chatgpt.com: odd thing; check the network and the proxy settings"},
		{io.EOF, ErrConnection, "no response from chatgpt.com: the connection was closed; check the network and the proxy settings"},
	} {
		tries := 0
		config := config("https://chatgpt.com")
		config.Transport = roundTripper(func(*http.Request) (*http.Response, error) {
			tries++
			return nil, test.err
		})
		_, err := newClient(t, config).Do(t.Context(), &Request{})
		if e := failure(t, err, test.kind); e.Message != test.want || tries != 3 {
			t.Errorf("%q after %d tries, want %q", e.Message, tries, test.want)
		}
	}
}
