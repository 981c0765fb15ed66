package methods

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/coder/websocket"
)

// scriptedSocket returns a caller whose backend calls answer for each request on a
// connection, numbered from 1.
func scriptedSocket(t *testing.T, answer func(n int, send func(string))) *caller {
	t.Helper()
	c := harness(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer conn.CloseNow()
		for n := 1; ; n++ {
			if _, _, err := conn.Read(r.Context()); err != nil {
				return
			}
			answer(n, func(text string) { conn.Write(context.Background(), websocket.MessageText, []byte(text)) })
		}
	}))
	t.Cleanup(func() { c.service.sockets.closeIdle() })
	return c
}

// TestSocketInvalidUTF8 checks that an event that is not UTF-8 is received with
// replacement characters, as over HTTP.
func TestSocketInvalidUTF8(t *testing.T) {
	c := scriptedSocket(t, func(_ int, send func(string)) {
		send(`{"type":"response.output_text.delta","delta":"a` + "\xff" + `"}`)
		send(`{"type":"response.completed","response":{"id":"resp_1","status":"completed"}}`)
	})
	result := c.result("responses.create", `{"input":"x","transport":"websocket"}`)
	if text, _ := result.Get("output_text").Text(); text != "a\ufffd" {
		t.Errorf("%q", text)
	}
}

// TestSocketDuplicateEnd checks that a repeated final event does not end the next
// response, before or among whose events it arrives.
func TestSocketDuplicateEnd(t *testing.T) {
	for _, amid := range []bool{false, true} {
		for _, kind := range []string{"completed", "incomplete", "failed"} {
			t.Run(fmt.Sprintf("%s, among the events of the next: %t", kind, amid), func(t *testing.T) {
				end := func(n int, kind string) string {
					return fmt.Sprintf(`{"type":"response.%s","response":{"id":"resp_%d","status":"%[1]s","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"answer %[2]d"}]}]}}`, kind, n)
				}
				c := scriptedSocket(t, func(n int, send func(string)) {
					if n > 1 && !amid {
						send(end(n-1, kind))
					}
					send(fmt.Sprintf(`{"type":"response.created","response":{"id":"resp_%d"}}`, n))
					if n > 1 && amid {
						send(end(n-1, kind))
					}
					send(end(n, "completed"))
				})
				for n := 1; n <= 3; n++ {
					result := c.result("responses.create", `{"input":"Hello","transport":"websocket","prompt_cache_key":"c"}`)
					if text, _ := result.Get("output_text").Text(); text != fmt.Sprint("answer ", n) {
						t.Errorf("response %d: %q", n, text)
					}
				}
			})
		}
	}
}

// TestSocketEventsBeforeResponse checks that a bounded number of events is buffered
// before a response starts.
func TestSocketEventsBeforeResponse(t *testing.T) {
	const size, count = 8 << 20, 30
	note, _ := json.Marshal(map[string]string{"type": "codex.note", "text": strings.Repeat("x", size)})
	c := scriptedSocket(t, func(n int, send func(string)) {
		for range count {
			send(string(note))
		}
		send(`{"type":"response.created","response":{"id":"resp_1"}}`)
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		if m.HeapAlloc > size*count/2 {
			t.Errorf("%d MiB of %d are buffered", m.HeapAlloc>>20, size*count>>20)
		}
		send(`{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[]}}`)
	})
	if status, _ := c.result("responses.create", `{"input":"Hello","transport":"websocket"}`).Get("status").Text(); status != "completed" {
		t.Error(status)
	}
}

// TestSocketErrorWithoutStatus checks that a connection is replaced at its limit, or
// if it has lost the previous response, also if the error has no status.
func TestSocketErrorWithoutStatus(t *testing.T) {
	for _, code := range []string{"websocket_connection_limit_reached", "previous_response_not_found"} {
		for _, event := range []string{
			`{"type":"error","error":{"code":"` + code + `","message":"60 minutes"}}`,
			`{"type":"response.failed","response":{"id":"resp_0","status":"failed","error":{"code":"` + code + `","message":"60 minutes"}}}`,
		} {
			requests := 0
			c := scriptedSocket(t, func(n int, send func(string)) {
				if requests++; requests == 1 {
					send(event)
					return
				}
				if n != 1 {
					t.Errorf("%s: the connection is reused", event)
				}
				send(`{"type":"response.created","response":{"id":"resp_1"}}`)
				send(`{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[]}}`)
			})
			if status, _ := c.result("responses.create", `{"input":"Hello","transport":"websocket"}`).Get("status").Text(); status != "completed" {
				t.Errorf("%s: %s", event, status)
			}
		}
	}
}

// TestSocketRefusalAmidRequest checks that a request is not sent again if the backend
// refuses it before it has read the whole of it.
func TestSocketRefusalAmidRequest(t *testing.T) {
	var connections atomic.Int32
	c := harness(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil) // declines compression
		if err != nil {
			t.Error(err)
			return
		}
		connections.Add(1)
		conn.SetReadLimit(-1)
		if _, text, err := conn.Reader(r.Context()); err == nil {
			io.ReadFull(text, make([]byte, 1000))
		}
		conn.Write(r.Context(), websocket.MessageText, []byte(`{"type":"error","status":400,"error":{"code":"policy","message":"Not this."}}`))
		conn.Close(websocket.StatusPolicyViolation, "")
	}))
	params := fmt.Sprintf(`{"input":%q,"transport":"websocket"}`, strings.Repeat("x", 15<<20))
	failed := c.failure("responses.create", params)
	if failed.Code != 400 || !strings.Contains(failed.Message, "Not this.") || connections.Load() != 1 {
		t.Errorf("%+v after %d connections", failed, connections.Load())
	}
}

// An event before the response is not lost when the connection is cut after it.
func TestSocketEventBeforeCut(t *testing.T) {
	c := overSockets(t, "over=socket,limits,cut=1", 0)
	events, _, failed := c.call("responses.create", `{"input":"Hello","transport":"websocket","stream":true}`)
	if len(events) != 1 || !isType(events[0], "codex.rate_limits") || failed == nil || failed.kind() != "stream_interrupted" {
		t.Errorf("%d events, %+v", len(events), failed)
	}
}
