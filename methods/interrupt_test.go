package methods

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestInterrupt checks that an interrupted response is a result with the text so
// far, and that the conversation continues.
func TestInterrupt(t *testing.T) {
	const held = "stall=6" // within the text
	for _, test := range []struct {
		name, transport, scenario string
		after                     int // number of events before the interrupt
		text                      bool
		upgrades                  int // with the next call
	}{
		{"over HTTP", "http", held, 6, true, 0},
		{"over HTTP, before the first event", "http", "stall=0", 0, false, 0},
		{"over HTTP, before the answer", "http", "delay=1h", 0, false, 0},
		{"over a socket", "websocket", held, 6, true, 1},
		{"answered late", "websocket", held + ",interrupt=late", 6, true, 1},
		{"before the first event", "websocket", "stall=0", 0, false, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			scenario := test.scenario + ",times=1"
			if test.transport == "websocket" {
				scenario += ",over=socket"
			}
			c := overSockets(t, scenario, 0)
			params := `{"input":"Tell me more about it","stream":true,"transport":"` + test.transport + `","prompt_cache_key":"c"}`
			id := c.begin("responses.create", params)
			interrupt := fmt.Sprintf(`{"jsonrpc":"2.0","method":"responses.interrupt","params":{"id":%d}}`, id)
			var seen strings.Builder
			for range test.after {
				delta, _ := c.receive().Get("params").Get("event").Get("delta").Text()
				seen.WriteString(delta)
			}
			const unanswered = "delay=1h"
			begun := func() int {
				stats := c.backend.Stats()
				if test.scenario == unanswered {
					return stats.Requests["POST /backend-api/codex/responses"]
				}
				return stats.Created + stats.OpenStreams // and so the call is counted for times=1
			}
			for begun() == 0 {
				time.Sleep(time.Millisecond)
			}
			c.send(interrupt)
			c.send(interrupt) // has no effect
			answer := c.receive()
			for answer.Get("method").Kind() != 0 {
				answer = c.receive()
			}
			result := answer.Get("result")
			status, _ := result.Get("status").Text()
			reason, _ := result.Get("incomplete_details").Get("reason").Text()
			text, _ := result.Get("output_text").Text()
			if status != "incomplete" || reason != "interrupted" || !strings.HasPrefix(text, seen.String()) || (text != "") != test.text {
				t.Errorf("%s, after %q", answer.Bytes(), seen.String())
			}
			c.send(interrupt) // the call has ended
			if test.scenario == unanswered {
				return // the backend may not have counted the call
			}
			c.result("responses.create", params)
			stats := c.backend.Stats()
			if got := stats.Requests["GET /backend-api/codex/responses"]; got != test.upgrades {
				t.Errorf("%d upgrades, want %d", got, test.upgrades)
			}
		})
	}
}

// TestInterruptFails checks that a response is complete if the backend does not
// interrupt it. Interrupts of unknown calls are ignored.
func TestInterruptFails(t *testing.T) {
	for _, outcome := range []string{"failed", "ignored"} {
		t.Run(outcome, func(t *testing.T) {
			c := overSockets(t, "over=socket,pace=20ms,deltas=20,interrupt="+outcome, 0)
			id := c.begin("responses.create", `{"input":"Hello","stream":true,"transport":"websocket"}`)
			for range 6 {
				c.receive()
			}
			c.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"responses.interrupt","params":{"id":%d}}`, id))
			c.send(`{"jsonrpc":"2.0","method":"responses.interrupt","params":{"id":99}}`)
			c.send(`{"jsonrpc":"2.0","method":"responses.interrupt","params":{}}`)
			c.send(`{"jsonrpc":"2.0","method":"responses.interrupt"}`)
			message := c.receive()
			for message.Get("method").Kind() != 0 {
				message = c.receive()
			}
			if status := textOf(message.Get("result"), "status"); status != "completed" {
				t.Errorf("%s", message.Bytes())
			}
		})
	}
}
