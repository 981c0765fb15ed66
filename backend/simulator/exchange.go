package simulator

import (
	"context"
	"time"

	"github.com/coder/websocket"
)

// exchange is one response on a socket, from its request to its terminal event.
type exchange struct {
	messageSink
	k     *socket
	c     *call
	frame frame

	// Guarded by the socket's mutex.
	id      string // "" until the response has started
	stopped bool
}

// interrupt handles a response.interrupt, which stops the response that it names.
func (k *socket) interrupt(f frame) {
	k.mu.Lock()
	defer k.mu.Unlock()
	x, how := k.running, "failed"
	if x != nil && x.id != "" && x.id == f.Response && f.Mode == "discard_partial_items" {
		how = x.c.scenario.Interrupt
	}
	switch {
	case how == "failed":
		k.acknowledge("failed", f.Response)
	case how != "ignored" && !x.stopped:
		x.stopped = true
		close(x.c.stop)
	}
}

func (k *socket) acknowledge(how, id string) {
	k.send(websocket.MessageText, fill("interrupt", "type", "response.interrupt."+how, "id", id))
}

// last sends the terminal event and ends the exchange in one step: the client may
// request the next response as soon as it has received the event.
func (x *exchange) last(send func(interrupted bool)) {
	x.k.mu.Lock()
	defer x.k.mu.Unlock()
	accepted := func(when string) {
		if x.stopped && x.c.scenario.Interrupt == when {
			x.k.acknowledge("accepted", x.id)
		}
	}
	accepted("accepted")
	send(x.stopped)
	accepted("late")
	x.k.running = nil
}

// longestPong is the longest delay of a pong. The library fails if a ping takes a
// second more.
const longestPong = 4 * time.Second

// pong delays the answer to a ping, and reports whether to send it.
func (c *call) pong(ctx context.Context) bool {
	return c.scenario.Pong <= longestPong && sleep(ctx, c.scenario.Pong)
}
