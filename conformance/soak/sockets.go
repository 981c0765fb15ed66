package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"

	"github.com/coder/websocket"
)

// A turn holds the parts of a script that a call over a WebSocket has.
type turn struct {
	key   string   // of the conversation; "": the call goes over HTTP
	input string   // the whole history, as JSON
	texts []string // of the items of the history
	fault socketFault
	after socketFault // what happens to the socket after the call
}

// A socketFault is a fault of a socket from which the host recovers.
type socketFault string

const (
	noFault    socketFault = ""
	limited    socketFault = "websocket_connection_limit_reached"
	forgotten  socketFault = "previous_response_not_found"
	cutEarly   socketFault = "cut"
	closedWell socketFault = "closed"
)

var turnEndings = []weight{{completed, 70}, {incomplete, 4}, {failed, 4}, {errored, 4}, {closed, 5}, {cut, 8}, {stalled, 5}}

// A conversation is the history that a client keeps.
type conversation struct {
	key   string
	items []string // as JSON
	texts []string
}

const (
	maxTurns   = 40
	maxHistory = 64 << 10 // bytes; the host holds a hundred requests of that size at once
)

// newConversation returns a conversation with a history of size bytes. With
// histories as long in the warm-up as at the end, the memory for requests is the
// same in both.
func newConversation(key string, size int) *conversation {
	text := strings.Repeat("x", size)
	return &conversation{key, []string{message(text)}, []string{text}}
}

// message returns a user message with the text.
func message(text string) string {
	return fmt.Sprintf(`{"type":"message","role":"user","content":[{"type":"input_text","text":%q}]}`, text)
}

// call makes the next call of the conversation and waits for its end.
func (v *conversation) call(l *load, rng *rand.Rand, worker string) {
	s := newScript(rng, int(l.calls.Add(1)), false)
	s.ending, s.full, s.lingers = pick(rng, turnEndings), true, false
	s.sent = 1 + rng.IntN(s.deltas+1)
	question := fmt.Sprintf("call %d.", s.call)
	item := message(question)
	s.turn = turn{key: v.key, input: "[" + strings.Join(append(slices.Clone(v.items), item), ",") + "]", texts: append(slices.Clone(v.texts), question)}
	if s.ending == completed {
		switch rng.IntN(8) {
		case 0:
			s.fault = limited
		case 1:
			s.fault = forgotten
		case 2:
			s.fault = cutEarly
		}
		switch rng.IntN(8) {
		case 0:
			s.after = cutEarly
		case 1:
			s.after = closedWell
		}
	}
	c := l.prepare(idOf(rng, worker, s.call), s, nil)
	l.write(s.request(c.id) + "\n")
	if rng.IntN(8) == 0 {
		l.cancelLater(c, rng)
	}
	l.finish(c)
	l.backOff(c)
	if len(c.answers) == 0 {
		return
	}
	m := c.answers[len(c.answers)-1]
	var r struct {
		Status ending
		Output []json.RawMessage
	}
	if m.Error != nil || json.Unmarshal(m.Result, &r) != nil || r.Status != completed {
		return // an unanswered turn is not part of the history
	}
	v.items = append(v.items, item)
	for _, item := range r.Output {
		v.items = append(v.items, string(item))
	}
	v.texts = append(s.texts, s.text(s.deltas))
	if len(v.texts) > 2*maxTurns || len(strings.Join(v.items, "")) > maxHistory {
		v.items, v.texts = nil, nil
	}
}

// A peer is the backend's end of a socket.
type peer struct {
	*backend
	conn   *websocket.Conn
	ctx    context.Context // ends with the connection
	closed bool            // by the backend
	// The last response and the items up to it, which a request that continues
	// it leaves out.
	id   string
	held []json.RawMessage
}

// serveSocket answers the requests on a WebSocket.
func (b *backend) serveSocket(w http.ResponseWriter, r *http.Request) {
	conn, err := websocket.Accept(w, r, nil)
	if err != nil {
		b.ledger.violate("WebSocket handshake: %v", err)
		return
	}
	conn.SetReadLimit(-1)
	b.mu.Lock()
	b.sockets[conn] = true
	b.mu.Unlock()
	ctx, cancel := context.WithCancel(context.Background())
	frames := make(chan []byte, 1)
	go func() {
		defer cancel()
		defer close(frames)
		for {
			_, message, err := conn.Read(context.Background())
			if err != nil {
				return
			}
			frames <- message
		}
	}()
	p := &peer{backend: b, conn: conn, ctx: ctx}
	for frame := range frames {
		if !p.closed { // otherwise the request crossed the close
			p.answer(frame)
		}
	}
	conn.CloseNow()
	b.mu.Lock()
	delete(b.sockets, conn)
	b.mu.Unlock()
}

// answer answers a request on the socket.
func (p *peer) answer(frame []byte) {
	var request struct {
		Type     string
		Previous string `json:"previous_response_id"`
		Input    []json.RawMessage
	}
	if err := json.Unmarshal(frame, &request); err != nil || request.Type != "response.create" {
		p.ledger.violate("invalid request: %v: %.200q", err, frame)
		return
	}
	x := p.exchangeOf(frame)
	if x == nil {
		return
	}
	attempt := p.enter(x)
	defer p.leave(x)
	stop := context.AfterFunc(p.ctx, func() { x.connectionClosed(p.ledger) })
	defer stop()
	s := &x.script
	input := request.Input
	p.ledger.socketResponses.Add(1)
	if request.Previous != "" {
		p.ledger.continued.Add(1)
		if p.id == "" || request.Previous != p.id {
			p.ledger.violate("call %d continues %q, want %q", s.call, request.Previous, p.id)
		}
		input = slices.Concat(p.held, input)
	}
	if texts := textsOfItems(input); !slices.Equal(texts, s.texts) {
		p.ledger.violate("call %d: the backend received %d items, want %d: %.300q", s.call, len(texts), len(s.texts), texts)
	}
	p.id, p.held = "", nil
	if !wait(p.ctx, s.delay) {
		return
	}
	if attempt == 1 && s.fault != noFault {
		if s.fault == cutEarly {
			stop()
			p.end(0)
		} else {
			p.send(fmt.Appendf(nil, `{"type":"error","status":400,"error":{"code":%q,"message":"m"}}`, string(s.fault)))
		}
		return
	}
	if !s.play(p.ctx, p.send) {
		return
	}
	switch s.ending {
	case cut:
		stop()
		p.end(0)
	case closed:
		stop()
		p.end(websocket.StatusInternalError)
	case stalled:
		<-p.ctx.Done()
	case completed:
		p.id = s.id()
		p.held = append(input, json.RawMessage(fmt.Appendf(nil, `{"content":[{"text":%s}]}`, quote(s.text(s.deltas)))))
		stop()
		switch s.after {
		case cutEarly:
			p.end(0)
		case closedWell:
			p.end(websocket.StatusGoingAway)
		}
	}
}

// end closes the connection with a status, or without a close frame if it is 0.
func (p *peer) end(status websocket.StatusCode) {
	p.closed = true
	if status == 0 {
		p.conn.CloseNow()
	} else {
		p.conn.Close(status, "")
	}
}

func (p *peer) send(event []byte) bool {
	return p.conn.Write(p.ctx, websocket.MessageText, event) == nil
}

// textsOfItems returns the text of each item.
func textsOfItems(items []json.RawMessage) []string {
	texts := []string{}
	for _, item := range items {
		var message struct {
			Content []struct{ Text string }
		}
		if json.Unmarshal(item, &message) != nil || len(message.Content) != 1 {
			texts = append(texts, string(item))
			continue
		}
		texts = append(texts, message.Content[0].Text)
	}
	return texts
}
