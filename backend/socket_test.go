package backend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	clientsocket "github.com/codex-rpc/codex-rpc/backend/websocket"
)

// socketServer accepts an upgrade, calls talk and closes.
func socketServer(t *testing.T, talk func(*http.Request, *websocket.Conn)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Codex-Turn-State", "state-1")
		conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{CompressionMode: websocket.CompressionContextTakeover})
		if err != nil {
			t.Error(err)
			return
		}
		conn.SetReadLimit(-1)
		defer conn.CloseNow()
		talk(r, conn)
	}
}

// uncompressed makes a server decline compression.
func uncompressed(handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Header.Del("Sec-WebSocket-Extensions")
		handler(w, r)
	}
}

// echo sends messages back.
func echo(_ *http.Request, conn *websocket.Conn) {
	for {
		kind, text, err := conn.Read(context.Background())
		if err != nil || conn.Write(context.Background(), kind, text) != nil {
			return
		}
	}
}

// say sends texts and waits for the end of the connection.
func say(texts ...string) func(*http.Request, *websocket.Conn) {
	return func(_ *http.Request, conn *websocket.Conn) {
		for _, text := range texts {
			if conn.Write(context.Background(), websocket.MessageText, []byte(text)) != nil {
				return
			}
		}
		conn.Read(context.Background())
	}
}

var socketRequest = &Request{Base: Codex, Path: []string{"responses"}, Header: http.Header{"Openai-Beta": {"responses_websockets=2026-02-06"}}}

func dial(t *testing.T, client *Client) *Socket {
	t.Helper()
	socket, err := client.Dial(t.Context(), socketRequest)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	return socket
}

// exchange sends a text and expects it back.
func exchange(t *testing.T, socket *Socket, text string) {
	t.Helper()
	if err := socket.Send(t.Context(), []byte(text)); err != nil {
		t.Fatal(err)
	}
	got, err := socket.Next(t.Context())
	if err != nil || string(got) != text {
		t.Fatalf("%.100q, %v", got, err)
	}
}

// The handshake has the headers of a request, and the connection outlives the
// context of the handshake.
func TestSocket(t *testing.T) {
	var header http.Header
	var line string
	client := serve(t, socketServer(t, func(r *http.Request, conn *websocket.Conn) {
		header, line = r.Header, r.Method+" "+r.RequestURI+" "+r.Proto
		echo(r, conn)
	}))
	ctx, cancel := context.WithCancel(t.Context())
	socket, err := client.Dial(ctx, socketRequest)
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	cancel()
	exchange(t, socket, `{"n":1}`)
	exchange(t, socket, strings.Repeat("x", 3<<20))
	exchange(t, socket, "")
	if line != "GET /backend-api/codex/responses HTTP/1.1" {
		t.Error(line)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer access-token", "Chatgpt-Account-Id": "acct-1", "Originator": "codex-rpc", "Version": DefaultClientVersion,
		"Openai-Beta": "responses_websockets=2026-02-06", "Connection": "Upgrade",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if socket.Header().Get("X-Codex-Turn-State") != "state-1" || socket.Token() != testToken {
		t.Error("the header or the token of the handshake is lost")
	}
}

// A handshake uses the certificates, the proxy and the cookie jar of requests, but
// HTTP/1.1 even if requests use HTTP/2.
func TestSocketOverTLS(t *testing.T) {
	clearEnvironment(t)
	var cookies []string
	server, file := serveTLS(t, nil, func(w http.ResponseWriter, r *http.Request) {
		cookies = append(cookies, r.Header.Get("Cookie"))
		http.SetCookie(w, &http.Cookie{Name: "__cf_bm", Value: r.Proto[5:6], Path: "/", Secure: true})
		if r.Header.Get("Upgrade") == "" {
			io.WriteString(w, "{}")
			return
		}
		socketServer(t, echo)(w, r)
	})
	t.Setenv("CODEX_CA_CERTIFICATE", file)
	client := newClient(t, config(server.URL))
	client.http.Jar = newCookieJar(func(host string) bool { return host == "127.0.0.1" })
	if _, _, err := client.JSON(t.Context(), &Request{}); err != nil {
		t.Fatal(err)
	}
	exchange(t, dial(t, client), "over TLS")
	if _, _, err := client.JSON(t.Context(), &Request{}); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%q", cookies); got != `["" "__cf_bm=2" "__cf_bm=1"]` {
		t.Error(got)
	}

	proxy, asked := startProxy(t, server.Listener.Addr().String())
	t.Setenv("HTTPS_PROXY", proxy)
	exchange(t, dial(t, newClient(t, config("https://example.com"))), "by a proxy")
	if got := asked.Load(); got != "CONNECT example.com:443" {
		t.Error(got)
	}

	t.Setenv("HTTPS_PROXY", "")
	t.Setenv("CODEX_CA_CERTIFICATE", "")
	_, err := newClient(t, config(server.URL)).Dial(t.Context(), socketRequest)
	if e := failure(t, err, ErrConnection); !strings.Contains(e.Message, "certificate is not trusted") {
		t.Error(e.Message)
	}
}

// A local transport opens sockets only to its addresses.
func TestLocalSocket(t *testing.T) {
	clearEnvironment(t)
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the other server was asked") }))
	defer other.Close()
	server := httptest.NewServer(socketServer(t, echo))
	defer server.Close()
	c := config(server.URL)
	c.Transport = NewLocalTransport(server.Listener.Addr().String())
	exchange(t, dial(t, newClient(t, c)), "here")
	for _, base := range []string{other.URL, "https://chatgpt.com"} {
		c.ChatGPTBaseURL = base
		_, err := newClient(t, c).Dial(t.Context(), socketRequest)
		if e := failure(t, err, ErrConnection); e.Retryable || !strings.Contains(e.Message, "embedded backend") {
			t.Error(e)
		}
	}
	redirect := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusTemporaryRedirect))
	defer redirect.Close()
	_, err := newClient(t, config(redirect.URL)).Dial(t.Context(), socketRequest)
	if e := failure(t, err, ErrConnection); !strings.Contains(e.Message, "redirects to") {
		t.Error(e)
	}
}

// A refused handshake has the error of a refused request, without retries.
func TestSocketRefused(t *testing.T) {
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
		kind   Kind
		status int
		want   string
	}{
		{"426", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "", http.StatusUpgradeRequired) }, ErrStatus, 426, "Upgrade Required"},
		{"503", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "7")
			http.Error(w, `{"error":{"message":"busy","code":"slow_down"}}`, http.StatusServiceUnavailable)
		}, ErrStatus, 503, "busy"},
		{"403, a page", func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "<html>blocked</html>", http.StatusForbidden)
		}, ErrStatus, 403, "Forbidden"},
		{"200", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "{}") }, ErrConnection, 0, "did not complete the WebSocket handshake"},
		{"101, with another key", func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")
			socketServer(t, echo)(w, r)
		}, ErrConnection, 0, "did not complete the WebSocket handshake"},
		{"101, with an extension that was not offered", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Sec-WebSocket-Extensions", "permessage-bzip2")
			r.Header.Del("Sec-WebSocket-Extensions")
			socketServer(t, echo)(w, r)
		}, ErrConnection, 0, "did not complete the WebSocket handshake"},
		{"no answer", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, ErrConnection, 0, "the connection was closed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var tries atomic.Int32
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				tries.Add(1)
				test.answer(w, r)
			})
			_, err := client.Dial(t.Context(), socketRequest)
			e := failure(t, err, test.kind)
			if e.Status != test.status || !strings.Contains(e.Message, test.want) || tries.Load() != 1 {
				t.Errorf("%d %q after %d tries", e.Status, e.Message, tries.Load())
			}
			if test.status == 503 && (e.RetryAfter == nil || *e.RetryAfter != 7*time.Second || !e.Retryable) {
				t.Errorf("%+v", e)
			}
		})
	}
}

// After a 401 the credentials are refreshed and the handshake is repeated, once.
func TestSocketUnauthorized(t *testing.T) {
	tries := 0
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if tries++; r.Header.Get("Authorization") != "Bearer new" {
			http.Error(w, `{"detail":"bad token"}`, http.StatusUnauthorized)
			return
		}
		socketServer(t, echo)(w, r)
	})
	client.credentials = &renewable{token: Token{Access: "old"}, next: Token{Access: "new"}}
	socket := dial(t, client)
	exchange(t, socket, "in")
	if socket.Token().Access != "new" || tries != 2 {
		t.Error(tries)
	}
	tries = 0
	client.credentials = &renewable{token: Token{Access: "old"}, next: Token{Access: "older"}}
	_, err := client.Dial(t.Context(), socketRequest)
	if e := failure(t, err, ErrStatus); e.Status != 401 || tries != 2 {
		t.Errorf("%+v after %d tries", e, tries)
	}
}

// TestSocketEnds tests the errors for each end of a connection.
func TestSocketEnds(t *testing.T) {
	for _, test := range []struct {
		name      string
		talk      func(*http.Request, *websocket.Conn)
		code      int
		retryable bool
		want      string
	}{
		{"cut off", func(_ *http.Request, c *websocket.Conn) { c.CloseNow() }, 0, true, "was cut off"},
		{"1000", func(_ *http.Request, c *websocket.Conn) { c.Close(1000, "") }, 1000, true, "code 1000"},
		{"1011", func(_ *http.Request, c *websocket.Conn) { c.Close(1011, "went\nwrong") }, 1011, true, "code 1011, went wrong"},
		{"1009", func(_ *http.Request, c *websocket.Conn) { c.Close(1009, "message too big") }, CloseTooBig, false, "code 1009, message too big"},
		{"binary", func(_ *http.Request, c *websocket.Conn) {
			c.Write(context.Background(), websocket.MessageBinary, []byte("{}"))
			c.Read(context.Background())
		}, 0, false, "binary message"},
		{"too large", func(_ *http.Request, c *websocket.Conn) {
			c.Write(context.Background(), websocket.MessageText, make([]byte, MaxEventBytes+1))
			c.Read(context.Background())
		}, 0, false, "larger than 64 MiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			socket := dial(t, serve(t, socketServer(t, func(r *http.Request, c *websocket.Conn) {
				c.Write(context.Background(), websocket.MessageText, []byte("first"))
				test.talk(r, c)
			})))
			if text, err := socket.Next(t.Context()); err != nil || string(text) != "first" {
				t.Fatal(string(text), err)
			}
			_, err := socket.Next(t.Context())
			e := failure(t, err, ErrConnection)
			code := 0
			if said, ok := errors.AsType[*CloseError](err); ok {
				code = said.Code
			}
			if code != test.code || e.Retryable != test.retryable || !strings.Contains(e.Message, test.want) {
				t.Errorf("%d %v %q", code, e.Retryable, e.Message)
			}
			if socket.Err() == nil || socket.Send(t.Context(), nil) == nil {
				t.Error("it is not closed")
			}
		})
	}
}

// The idle timeout ends a wait, in spite of pings and pongs, but not while a message
// arrives slowly.
func TestSocketSilence(t *testing.T) {
	slow := func(_ *http.Request, c *websocket.Conn) {
		w, _ := c.Writer(context.Background(), websocket.MessageText)
		for range 10 {
			time.Sleep(1500 * time.Millisecond)
			w.Write(make([]byte, 8<<10)) // more than its buffer
		}
		w.Close()
		echo(nil, c)
	}
	inBubble(t, uncompressed(socketServer(t, slow)), func(t *testing.T, client *Client) {
		socket := dial(t, client)
		defer socket.Close()
		if text, err := socket.Next(t.Context()); err != nil || len(text) != 80<<10 {
			t.Fatal(len(text), err)
		}
		start := time.Now()
		_, err := socket.Next(t.Context())
		took(t, start, 2*time.Second)
		if e := failure(t, err, ErrTimeout); !strings.Contains(e.Message, "no bytes for 2s") || !e.Retryable {
			t.Errorf("%+v", e)
		}
	})
	inBubble(t, socketServer(t, echo), func(t *testing.T, client *Client) {
		socket := dial(t, client)
		defer socket.Close()
		socket.SetTimeout(100 * time.Second) // in which the backend answers three pings
		start := time.Now()
		_, err := socket.Next(t.Context())
		took(t, start, 100*time.Second)
		failure(t, err, ErrTimeout)
	})
	inBubble(t, uncompressed(socketServer(t, func(*http.Request, *websocket.Conn) { time.Sleep(time.Hour) })), func(t *testing.T, client *Client) {
		socket := dial(t, client)
		defer socket.Close()
		start := time.Now()
		err := socket.Send(t.Context(), make([]byte, 1<<20))
		took(t, start, 2*time.Second)
		failure(t, err, ErrTimeout)
		time.Sleep(time.Hour)
	})
}

// An idle connection is pinged, and closed when the backend is gone.
func TestSocketPings(t *testing.T) {
	inBubble(t, socketServer(t, func(_ *http.Request, c *websocket.Conn) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
		defer cancel()
		c.Read(ctx) // answers the pings
	}), func(t *testing.T, client *Client) {
		socket := dial(t, client)
		time.Sleep(time.Hour - time.Second)
		if err := socket.Err(); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		if socket.Err() == nil {
			t.Error("the end was not noticed")
		}
	})
	inBubble(t, socketServer(t, func(*http.Request, *websocket.Conn) { time.Sleep(time.Hour) }), func(t *testing.T, client *Client) {
		socket := dial(t, client)
		time.Sleep(pingEvery + pongTime + time.Second)
		if socket.Err() == nil {
			t.Error("it stays open")
		}
		time.Sleep(time.Hour)
	})
}

// Pending messages stop the reading. Nothing is lost, and pings meanwhile do not
// close the connection.
func TestSocketBackPressure(t *testing.T) {
	const texts, size = 1000, 1 << 10
	var sent atomic.Int32
	talk := func(_ *http.Request, c *websocket.Conn) {
		for i := range texts {
			if c.Write(context.Background(), websocket.MessageText, fmt.Appendf(nil, "%0*d", size, i)) != nil {
				return
			}
			sent.Add(1)
		}
		c.Read(context.Background())
	}
	inBubble(t, socketServer(t, talk), func(t *testing.T, client *Client) {
		socket := dial(t, client)
		defer socket.Close()
		time.Sleep(10 * time.Minute)
		if n := sent.Load() * size; n > 2*inboxBytes {
			t.Errorf("%d bytes were taken from the network", n)
		}
		for i := range texts {
			text, err := socket.Next(t.Context())
			if err != nil || !bytes.Equal(text, fmt.Appendf(nil, "%0*d", size, i)) {
				t.Fatalf("%d: %q, %v", i, text, err)
			}
		}
	})
}

// OnWait is not called between messages that arrived together.
func TestSocketOnWait(t *testing.T) {
	inBubble(t, socketServer(t, say("a", "b", "c")), func(t *testing.T, client *Client) {
		socket := dial(t, client)
		defer socket.Close()
		waits := 0
		socket.OnWait = func() error { waits++; return nil }
		time.Sleep(time.Second)
		for range 3 {
			if _, err := socket.Next(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if _, ok := socket.Received(); ok || waits != 0 {
			t.Error(ok, waits)
		}
		_, err := socket.Next(t.Context())
		if failure(t, err, ErrTimeout); waits != 1 {
			t.Error(waits)
		}
	})
}

// A close frame of the backend is answered before the end of the connection is
// reported, even if the backend is slow.
func TestSocketAnswersClose(t *testing.T) {
	for _, reads := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			ours, theirs := net.Pipe()
			defer theirs.Close()
			socket := &Socket{host: "backend", inbox: newInbox()}
			socket.begin(ours, clientsocket.Agreement{})
			ended := make(chan error)
			go func() {
				_, err := socket.Next(t.Context())
				ended <- err
			}()
			theirs.Write([]byte{0x88, 2, 0x03, 0xf3}) // 1011
			time.Sleep(leaveTime / 2)
			if reads {
				frame := make([]byte, 8)
				if _, err := io.ReadFull(theirs, frame); err != nil || frame[0] != 0x88 {
					t.Errorf("% x, %v", frame, err)
				}
			}
			if closed, ok := errors.AsType[*CloseError](<-ended); !ok || closed.Code != 1011 {
				t.Error(closed)
			}
		})
	}
}

// Leave sends a close frame.
func TestSocketLeave(t *testing.T) {
	left := make(chan websocket.StatusCode, 1)
	socket := dial(t, serve(t, socketServer(t, func(_ *http.Request, c *websocket.Conn) {
		_, _, err := c.Read(context.Background())
		left <- websocket.CloseStatus(err)
	})))
	socket.Leave()
	if code := <-left; code != websocket.StatusNormalClosure {
		t.Error(code)
	}
}
