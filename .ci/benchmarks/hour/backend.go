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

// listModels answers with the models of the embedded backend, less what would have
// the app server depart from the script: a tool of its own, which would be called
// before those of the script, and contexts that end before the hour.
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

// Write breaks the connection in the first event of a response that is to be cut.
func (c *countingConn) Write(p []byte) (int, error) {
	if c.backend.cut.Load() && begins(p) && c.backend.cut.CompareAndSwap(true, false) {
		c.backend.cuts.Add(1)
		n, _ := c.Conn.Write(p[:len(p)/2])
		c.close.Do(func() { c.Conn.Close() })
		return n, io.ErrClosedPipe
	}
	return c.Conn.Write(p)
}

// begins reports whether the first event of a response is written, which a socket
// may have compressed.
func begins(p []byte) bool {
	const compressed = 0xc1
	if len(p) > 10 && p[0] == compressed {
		head := map[byte]int{126: 4, 127: 10}[p[1]]
		p, _ = io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(p[max(head, 2):])), 4<<10))
	}
	return bytes.Contains(p[:min(len(p), 4<<10)], []byte("response.created"))
}
