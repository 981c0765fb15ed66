package main

import (
	"fmt"
	"io"
	"net/http"
	"testing"
)

// TestEventsAreNotHeldBack checks that an event is written when it arrives: the
// backend sends the next one only after the client has received it.
func TestEventsAreNotHeldBack(t *testing.T) {
	const events = 50
	had := make(chan struct{})
	url := serveBackend(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		for i := range events {
			// In two pieces, and with the beginning of the next one.
			for _, piece := range []string{"a: {\"type\":\"x\",", fmt.Sprintf("\"n\":%d}\n\n: ping\n\ndat", i)} {
				if i == 0 && piece[0] == 'a' {
					piece = "dat" + piece
				}
				io.WriteString(w, piece)
				w.(http.Flusher).Flush()
			}
			select {
			case <-had:
			case <-r.Context().Done():
				return
			}
		}
		io.WriteString(w, "a: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\"}}\n\n")
	}))
	p := start(t, using(url)...)
	p.send(create(1, "m"))
	for i := range events {
		if m := p.receive(); m.ID != nil || m.Params.Seq != i {
			t.Fatalf("got %+v, want event %d", m, i)
		}
		had <- struct{}{}
	}
	p.receive()
	if m := p.receive(); m.Error != nil {
		t.Errorf("error %+v", m.Error)
	}
}
