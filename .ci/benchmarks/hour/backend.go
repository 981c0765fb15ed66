package main

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
)

// A backend is the strict embedded backend behind a listener that counts the
// bytes sent by clients.
type backend struct {
	*httptest.Server
	up       atomic.Int64 // bytes
	requests atomic.Int64 // HTTP requests, including upgrades
	cut      atomic.Bool  // whether to cut the next response
	cuts     atomic.Int64
}

func newBackend() (*backend, error) {
	mock, err := simulator.New(simulator.Options{})
	if err != nil {
		return nil, err
	}
	b := new(backend)
	b.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/cut" { // sent by an agent before its request
			b.cut.Store(true)
			return
		}
		b.requests.Add(1)
		if strings.HasSuffix(r.URL.Path, "/codex/models") {
			listModels(w, r, mock)
			return
		}
		mock.ServeHTTP(w, r)
	}))
	b.Listener = countingListener{b.Listener, b}
	b.Start()
	return b, nil
}

// listModels responds with the embedded backend's models, without the
// properties that would make the app server deviate from the script: its own
// tool, which it would call before those of the script, and contexts that are
// exhausted before the end.
func listModels(w http.ResponseWriter, r *http.Request, mock http.Handler) {
	recorded := httptest.NewRecorder()
	mock.ServeHTTP(recorded, r)
	var page struct {
		Models []map[string]any `json:"models"`
	}
	if json.Unmarshal(recorded.Body.Bytes(), &page) != nil {
		w.WriteHeader(recorded.Code)
		return
	}
	for _, model := range page.Models {
		model["apply_patch_tool_type"] = nil
		model["context_window"], model["max_context_window"] = 1<<30, 1<<30
	}
	json.NewEncoder(w).Encode(page)
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

// Write breaks the connection at the first event of a response that is to be
// cut.
func (c *countingConn) Write(p []byte) (int, error) {
	if c.backend.cut.Load() && begins(p) && c.backend.cut.CompareAndSwap(true, false) {
		c.backend.cuts.Add(1)
		n, _ := c.Conn.Write(p[:len(p)/2])
		c.close.Do(func() { c.Conn.Close() })
		return n, io.ErrClosedPipe
	}
	return c.Conn.Write(p)
}

// begins reports whether p contains the first event of a response, possibly
// compressed by a socket.
func begins(p []byte) bool {
	const compressed = 0xc1
	if len(p) > 10 && p[0] == compressed {
		head := map[byte]int{126: 4, 127: 10}[p[1]]
		p, _ = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(p[max(head, 2):])), 4<<10))
	}
	return bytes.Contains(p[:min(len(p), 4<<10)], []byte("response.created"))
}
