package openai

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// TestTurns checks that requests wait for a turn, that one whose client leaves
// gives up, and that one whose body does not end takes none.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answers := make(chan string)
		api := New(Options{MaxConcurrent: 2, Call: func(ctx context.Context, _ string, _ rawjson.Value, _ rpc.Reporter) (rawjson.Value, error) {
			return parse(<-answers), nil
		}})
		served := make(chan int, 10)
		serve := func(ctx context.Context, body io.Reader) {
			w := httptest.NewRecorder()
			defer func() {
				if v := recover(); v != nil && v != http.ErrAbortHandler {
					panic(v)
				}
				served <- w.Code
			}()
			api.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "POST", "/v1/embeddings", body))
		}
		const request = `{"model":"m","input":"x"}`
		for range 5 {
			unfinished, end := io.Pipe()
			defer end.Close()
			go serve(t.Context(), unfinished)
		}
		ctx, leave := context.WithCancel(t.Context())
		for range 2 {
			go serve(t.Context(), strings.NewReader(request))
		}
		synctest.Wait()
		go serve(ctx, strings.NewReader(request))
		go serve(t.Context(), strings.NewReader(request))
		synctest.Wait()
		leave()
		synctest.Wait()
		if len(served) != 1 {
			t.Fatalf("%d requests have ended, want the one whose client left", len(served))
		}
		<-served
		for range 3 {
			answers <- `{"object":"list","data":[],"model":"m"}`
			if status := <-served; status != http.StatusOK {
				t.Errorf("status %d", status)
			}
		}
	})
}

// TestUnfinishedUpload checks that a client which closes its side before the end
// of its request reads no answer.
func TestUnfinishedUpload(t *testing.T) {
	server := httptest.NewServer(New(Options{}))
	defer server.Close()
	for name, request := range map[string]string{
		"a length":  "Content-Length: 100\r\n\r\n{}",
		"in chunks": "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
	} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		io.WriteString(conn, "POST /v1/responses HTTP/1.1\r\nHost: 127.0.0.1\r\n"+request)
		conn.(*net.TCPConn).CloseWrite()
		if text, err := io.ReadAll(conn); len(text) > 0 || err != nil {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

// TestTooLargeUpload checks that a client which asks first is not told to send a
// body that is too large.
func TestTooLargeUpload(t *testing.T) {
	server := httptest.NewServer(New(Options{}))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "POST /v1/files HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", maxBodyBytes+1)
	w, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil || w.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("%+v, %v", w, err)
	}
}

// TestHeldBytes checks the bound on the bodies of requests without a turn: a
// large one beyond it is refused, and a small one only if it had to wait.
func TestHeldBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answers := make(chan string)
		api := New(Options{MaxConcurrent: 1, Call: func(context.Context, string, rawjson.Value, rpc.Reporter) (rawjson.Value, error) {
			return parse(<-answers), nil
		}})
		serve := func(body io.Reader) chan *httptest.ResponseRecorder {
			served := make(chan *httptest.ResponseRecorder, 1)
			go func() {
				w := httptest.NewRecorder()
				api.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "POST", "/v1/embeddings", body))
				served <- w
			}()
			synctest.Wait()
			return served
		}
		refused := func(what string, served chan *httptest.ResponseRecorder) {
			t.Helper()
			if len(served) == 0 {
				t.Fatalf("%s: not answered", what)
			}
			w := <-served
			e := parse(w.Body.String()).Get("error")
			if w.Code != http.StatusTooManyRequests || stringOf(e, "code") != "overloaded" || w.Header().Get("Retry-After") != "1" || w.Header().Get("X-Should-Retry") != "" {
				t.Errorf("%s: %d %v %s", what, w.Code, w.Header(), w.Body)
			}
		}
		answered := func(what string, served chan *httptest.ResponseRecorder) {
			t.Helper()
			answers <- `{"object":"list","data":[],"model":"m"}`
			if w := <-served; w.Code != http.StatusOK {
				t.Errorf("%s: %d %s", what, w.Code, w.Body)
			}
		}
		const request = `{"model":"m","input":"x"}`
		large := request + strings.Repeat(" ", maxBodyBytes-len(request))

		running := serve(strings.NewReader(request))
		var ends []*io.PipeWriter
		for range maxHeldBytes / maxBodyBytes {
			unfinished, end := io.Pipe()
			serve(unfinished)
			io.WriteString(end, large)
			synctest.Wait() // until the last bytes are counted
			ends = append(ends, end)
		}
		refused("a large request", serve(strings.NewReader(large)))
		refused("a small request that must wait", serve(strings.NewReader(request)))
		answered("the first request", running)
		answered("a small request", serve(strings.NewReader(request)))
		for _, end := range ends {
			end.CloseWithError(io.ErrUnexpectedEOF)
		}
		synctest.Wait()
		answered("a large request, once others are gone", serve(strings.NewReader(large)))
		if held := api.turns.held.Load(); held != 0 {
			t.Errorf("%d bytes are still held", held)
		}
	})
}

// A burst of events, between two flushes, is written in large parts.
func TestBurstOverHTTP(t *testing.T) {
	w := &countingWriter{ResponseRecorder: httptest.NewRecorder()}
	reply := &httpReply{w: w, flusher: http.NewResponseController(w)}
	if err := reply.Begin(http.StatusOK, http.Header{}); err != nil {
		t.Fatal(err)
	}
	const events = 2000
	want := strings.Repeat("event: e\ndata: {\"n\":1}\n\n", events)
	for range events {
		if err := reply.Event("e", parse(`{"n":1}`)); err != nil {
			t.Fatal(err)
		}
	}
	if err := reply.Flush(); err != nil {
		t.Fatal(err)
	}
	if got := w.Body.String(); got != want || !w.Flushed {
		t.Errorf("%d bytes were written, %d expected; flushed: %t", len(got), len(want), w.Flushed)
	}
	if most := len(want)/eventBatchBytes + 1; w.writes > most {
		t.Errorf("%d writes for %d bytes; at most %d expected", w.writes, len(want), most)
	}
	reply.Event("e", parse(`{"n":1}`))
	if err := reply.End(true); err != nil {
		t.Fatal(err)
	}
	if got := w.Body.String(); got != want+"event: e\ndata: {\"n\":1}\n\ndata: [DONE]\n\n" {
		t.Errorf("the end of the stream is %q", got[len(want):])
	}
}

type countingWriter struct {
	*httptest.ResponseRecorder
	writes int
}

func (w *countingWriter) Write(p []byte) (int, error) {
	w.writes++
	return w.ResponseRecorder.Write(p)
}

// TestBodyIsHeldOnce checks that a call holds one copy of a large body, since many
// may wait for the backend at once.
func TestBodyIsHeldOnce(t *testing.T) {
	body := `{"input": [{"role": "user", "content": "` + strings.Repeat("x", 32<<20) + `"}]}`
	heap := func() int {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int(m.HeapAlloc)
	}
	held, before := 0, heap()
	api := New(Options{
		Call: func(_ context.Context, _ string, params rawjson.Value, _ rpc.Reporter) (rawjson.Value, error) {
			if params.Get("input").Kind() == '[' {
				held = heap() - before
			}
			runtime.KeepAlive(params)
			return parse(`{"id": "r1", "output": []}`), nil
		},
		DefaultModel: func() string { return "gpt-5.5" },
	})
	if w := do(api, "POST", "/v1/responses", body); w.Code != 200 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if limit := len(body) * 5 / 4; held < len(body) || held > limit {
		t.Errorf("the call holds %d bytes for a body of %d", held, len(body))
	}
	runtime.KeepAlive(body)
}
