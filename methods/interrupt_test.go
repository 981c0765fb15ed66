package methods

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// An interrupted response is a result, with what was said until then; the next
// call of the conversation goes on.
func TestInterrupt(t *testing.T) {
	const held = "stall=6" // amid the text
	for _, test := range []struct {
		name, transport, scenario string
		after                     int // events, before the interrupt
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
			var said strings.Builder
			for range test.after {
				delta, _ := c.receive().Get("params").Get("event").Get("delta").Text()
				said.WriteString(delta)
			}
			for stats := c.backend.Stats(); stats.Created+stats.Requests["POST /backend-api/codex/responses"] == 0; stats = c.backend.Stats() {
				time.Sleep(time.Millisecond)
			}
			c.send(interrupt)
			c.send(interrupt) // which changes nothing
			answer := c.receive()
			for answer.Get("method").Kind() != 0 {
				answer = c.receive()
			}
			result := answer.Get("result")
			status, _ := result.Get("status").Text()
			reason, _ := result.Get("incomplete_details").Get("reason").Text()
			text, _ := result.Get("output_text").Text()
			if status != "incomplete" || reason != "interrupted" || !strings.HasPrefix(text, said.String()) || (text != "") != test.text {
				t.Errorf("%s, after %q", answer.Bytes(), said.String())
			}
			c.send(interrupt) // of a call that is over
			if test.scenario == "delay=1h" {
				return // which may not have counted the call
			}
			c.result("responses.create", params)
			stats := c.backend.Stats()
			if got := stats.Requests["GET /backend-api/codex/responses"]; got != test.upgrades {
				t.Errorf("%d upgrades, want %d", got, test.upgrades)
			}
		})
	}
}

// A response that the backend does not interrupt, since it refuses to, or ended
// it before, goes on to its end: nothing of it is lost. Interrupts of unknown
// calls are ignored.
func TestInterruptInVain(t *testing.T) {
	for _, how := range []string{"failed", "ignored"} {
		t.Run(how, func(t *testing.T) { testInterruptInVain(t, how) })
	}
}

func testInterruptInVain(t *testing.T, how string) {
	c := overSockets(t, "over=socket,pace=20ms,deltas=20,interrupt="+how, 0)
	id := c.begin("responses.create", `{"input":"Hello","stream":true,"transport":"websocket"}`)
	for range 6 {
		c.receive()
	}
	c.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"responses.interrupt","params":{"id":%d}}`, id))
	c.send(`{"jsonrpc":"2.0","method":"responses.interrupt","params":{"id":99}}`)
	c.send(`{"jsonrpc":"2.0","method":"responses.interrupt","params":{}}`)
	c.send(`{"jsonrpc":"2.0","method":"responses.interrupt"}`)
	for {
		if message := c.receive(); message.Get("method").Kind() == 0 {
			if status, _ := message.Get("result").Get("status").Text(); status != "completed" {
				t.Errorf("%s", message.Bytes())
			}
			return
		}
	}
}
