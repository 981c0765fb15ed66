package main

import (
	"net/http"
	"testing"

	"github.com/coder/websocket"
)

// TestSocketClosedAtExit checks that the end of a host sends a close frame on its
// idle connections.
func TestSocketClosedAtExit(t *testing.T) {
	closed := make(chan websocket.StatusCode, 1)
	url := serveBackend(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := websocket.Accept(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.CloseNow()
		for {
			if _, _, err := conn.Read(r.Context()); err != nil {
				closed <- websocket.CloseStatus(err)
				return
			}
			conn.Write(r.Context(), websocket.MessageText, []byte(`{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[]}}`))
		}
	}))
	p := start(t, append(using(url), "--transport", "websocket")...)
	p.send(`{"jsonrpc":"2.0","id":1,"method":"responses.create","params":{"input":"x","prompt_cache_key":"c"}}`)
	if m := p.receive(); m.Error != nil {
		t.Fatalf("%+v", m.Error)
	}
	p.in.Close()
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if code := <-closed; code != websocket.StatusNormalClosure {
		t.Errorf("closed with %d", code)
	}
}
