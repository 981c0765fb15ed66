package simulator

import (
	"bufio"
	"context"
	"errors"
	"iter"
	"net/http"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/coder/websocket"
)

// stream sends events and applies the directives to them. After it has ended, by a directive or because the client
// disconnected, sending is a no-op, so that callers need not check err.
type stream struct {
	c     *call
	s     *Server
	to    sink
	event []byte // reused
	sent  int
	err   error // why the stream has ended
}

// A sink transports events to the client.
type sink interface {
	write(kind string, event []byte) error
	flush() error
	// invalid sends a message that is not an event, if the sink is a socket.
	invalid(kind websocket.MessageType, data string) error
	// last calls send for the terminal event. Later requests of the client do not affect this response.
	last(send func(interrupted bool))
	// end completes the answer, or aborts the connection, depending on why the stream has ended. The code is that of a close.
	end(err error, code websocket.StatusCode)
}

var (
	errCut         = errors.New("cut by directive")
	errClosed      = errors.New("ended by directive") // without an abort
	errInterrupted = errors.New("interrupted by the client")
)

// stream starts an answer of events. The caller must call end.
func (s *Server) stream(c *call, to sink) *stream {
	s.count(&s.stats.OpenStreams, 1)
	st := &stream{c: c, s: s, to: to}
	if st.paced() {
		st.flush()
	}
	st.limit()
	return st
}

func (st *stream) paced() bool { return st.c.scenario.Pace > 0 }

// send writes one event. The members are alternating keys and values.
func (st *stream) send(kind string, members ...any) {
	st.pause()
	st.emit(kind, members...)
	st.limit()
}

// pause waits for the time between two events.
func (st *stream) pause() {
	if st.err != nil {
		return
	}
	select {
	case <-st.c.stop:
		st.err = errInterrupted
		return
	default:
	}
	if !st.paced() || st.sent == 0 {
		return
	}
	st.await(time.After(st.c.scenario.Pace))
}

// await waits until a time, or for ever if it is nil, unless the client
// disconnects or interrupts.
func (st *stream) await(until <-chan time.Time) {
	select {
	case <-until:
	case <-st.c.stop:
		st.err = errInterrupted
	case <-st.c.Context().Done():
		st.err = st.c.Context().Err()
	}
}

func (st *stream) emit(kind string, members ...any) {
	if st.err != nil {
		return
	}
	b := append(append(st.event[:0], `{"type":"`...), kind...)
	b = strconv.AppendInt(append(b, `","sequence_number":`...), int64(st.sent), 10)
	for i := 0; i < len(members); i += 2 {
		b = append(append(append(b, `,"`...), members[i].(string)...), `":`...)
		b = appendValue(b, members[i+1])
	}
	st.event = append(b, '}')
	if st.err = st.to.write(kind, st.event); st.err != nil {
		return
	}
	st.sent++
	if st.paced() {
		st.flush()
	}
}

// limit ends or disturbs the stream if a directive asks for it after this event.
func (st *stream) limit() {
	if st.err != nil {
		return
	}
	directed := &st.c.scenario
	switch st.sent {
	case directed.Binary:
		st.err = st.to.invalid(websocket.MessageBinary, "{}")
	case directed.Garbage:
		st.err = st.to.invalid(websocket.MessageText, "<!DOCTYPE html>")
	case directed.Untyped:
		st.err = st.to.invalid(websocket.MessageText, `{"foo":1}`)
	case directed.Cut:
		st.flush()
		st.err = errCut
	case directed.Close:
		st.err = errClosed
	case directed.Stall:
		st.flush()
		st.await(nil)
	}
}

func (st *stream) flush() {
	if err := st.to.flush(); st.err == nil {
		st.err = err
	}
}

// last calls terminal to send the terminal event, with whether the response was
// interrupted.
func (st *stream) last(terminal func(interrupted bool)) {
	st.pause()
	st.to.last(func(interrupted bool) {
		if st.err == errInterrupted {
			st.err = nil
		}
		terminal(interrupted)
	})
	select {
	case <-st.c.stop:
	default:
		st.limit()
	}
}

// end completes the answer, or aborts the connection if the stream was cut or the client is gone.
func (st *stream) end() {
	if st.err == nil || st.err == errClosed {
		st.flush()
	}
	st.s.count(&st.s.stats.OpenStreams, -1)
	st.to.end(st.err, websocket.StatusCode(st.c.scenario.CloseCode))
}

// serverSent is a sink of server-sent events in the body of an HTTP answer.
type serverSent struct {
	w   http.ResponseWriter
	out *bufio.Writer
}

// burst is the size of the write buffer, which is flushed after each event if a pace is set.
const burst = 32 << 10

func (c *call) serverSent() *serverSent {
	h := c.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	c.w.WriteHeader(http.StatusOK)
	return &serverSent{c.w, bufio.NewWriterSize(c.w, burst)}
}

func (e *serverSent) write(kind string, event []byte) error {
	for _, part := range []string{"event: ", kind, "\ndata: "} {
		e.out.WriteString(part) // an error is returned by later writes too
	}
	e.out.Write(event)
	_, err := e.out.WriteString("\n\n")
	return err
}

func (e *serverSent) flush() error {
	err := e.out.Flush()
	flush(e.w)
	return err
}

func (*serverSent) invalid(websocket.MessageType, string) error { return nil }

func (*serverSent) last(send func(bool)) { send(false) }

func (*serverSent) end(err error, _ websocket.StatusCode) {
	if err != nil && err != errClosed {
		panic(http.ErrAbortHandler)
	}
}

// messageSink is a sink of messages on a WebSocket, without interrupts.
type messageSink struct {
	conn *websocket.Conn
	ctx  context.Context // ends with the connection
}

func (m messageSink) write(_ string, event []byte) error { return m.send(websocket.MessageText, event) }

func (m messageSink) invalid(kind websocket.MessageType, data string) error {
	return m.send(kind, []byte(data))
}

func (m messageSink) send(kind websocket.MessageType, data []byte) error {
	return m.conn.Write(m.ctx, kind, data)
}

func (messageSink) flush() error { return nil }

func (messageSink) last(send func(bool)) { send(false) }

func (m messageSink) end(err error, code websocket.StatusCode) {
	switch {
	case err == nil:
	case err == errClosed && code != websocket.StatusAbnormalClosure:
		m.conn.Close(code, "")
	default:
		m.conn.CloseNow()
	}
}

// pieces splits a text into deltas: n of about the same length, which may be empty, or about one a word if n is 0. It
// never splits a character.
func pieces(text string, n int) iter.Seq[string] {
	if n > 0 {
		return func(yield func(string) bool) {
			start := 0
			for i := 1; i <= n; i++ {
				// In 64 bits even if int has 32.
				end := int(int64(len(text)) * int64(i) / int64(n))
				for end < len(text) && !utf8.RuneStart(text[end]) {
					end++
				}
				if !yield(text[start:end]) {
					return
				}
				start = end
			}
		}
	}
	return func(yield func(string) bool) {
		start, inWord := 0, false
		for i, r := range text {
			word := unicode.In(r, unicode.L, unicode.M, unicode.N)
			if i > start && inWord && !word {
				if !yield(text[start:i]) {
					return
				}
				start = i
			}
			inWord = word
		}
		if start < len(text) {
			yield(text[start:])
		}
	}
}
