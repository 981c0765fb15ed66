package backend

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// The end of a call's context closes the connection immediately.
func TestSocketCancel(t *testing.T) {
	ended := make(chan bool, 1)
	client := serve(t, socketServer(t, func(_ *http.Request, c *websocket.Conn) {
		c.Write(context.Background(), websocket.MessageText, []byte("first"))
		c.Read(context.Background())
		ended <- true
	}))
	socket := dial(t, client)
	ctx, cancel := context.WithCancel(t.Context())
	socket.OnWait = func() error { cancel(); return nil }
	socket.Next(ctx)
	if _, err := socket.Next(ctx); err != context.Canceled {
		t.Error(err)
	}
	<-ended

	// A Send that the backend does not read.
	stuck := make(chan bool)
	socket = dial(t, serve(t, uncompressed(socketServer(t, func(*http.Request, *websocket.Conn) { <-stuck }))))
	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if err := socket.Send(ctx, make([]byte, 64<<20)); err != context.Canceled {
		t.Error(err)
	}
	close(stuck)

	// A handshake that is not answered.
	ctx, cancel = context.WithCancel(t.Context())
	client = serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	if _, err := client.Dial(ctx, socketRequest); err != context.Canceled {
		t.Error(err)
	}

	// An error of OnWait closes the connection.
	socket = dial(t, serve(t, socketServer(t, say())))
	full := errors.New("full")
	socket.OnWait = func() error { return full }
	if _, err := socket.Next(t.Context()); err != full || socket.Err() == nil {
		t.Error(err)
	}
}

// A context that ends right after the handshake leaves no connection open.
func TestSocketCancelAfterHandshake(t *testing.T) {
	ended := make(chan struct{})
	server := httptest.NewServer(socketServer(t, func(_ *http.Request, c *websocket.Conn) {
		c.Read(context.Background())
		close(ended)
	}))
	t.Cleanup(server.Close)
	ctx, cancel := context.WithCancel(t.Context())
	c := config(server.URL)
	c.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		resp, err := http.DefaultTransport.RoundTrip(r)
		cancel()
		return resp, err
	})
	if _, err := newClient(t, c).Dial(ctx, socketRequest); err != context.Canceled {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("the connection stays open")
	}
}
