package simulator

import (
	"bufio"
	"context"
	"errors"
	"iter"
	"net/http"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// stream writes server-sent events and does to them what the directives say. After it has ended, by a directive or
// because the client left, sending is a no-op: callers need not look.
type stream struct {
	c     *call
	s     *Server
	out   *bufio.Writer
	event []byte // reused from event to event
	sent  int
	err   error // why nothing more is sent
}

var (
	errTorn   = errors.New("torn down by directive")
	errClosed = errors.New("ended by directive") // the only one that is a clean end
)

// burst is how much is gathered before it is sent, where no pace is set.
const burst = 32 << 10

// stream starts an answer of events. The caller must end it.
func (s *Server) stream(c *call) *stream {
	s.mu.Lock()
	s.stats.OpenStreams++
	s.mu.Unlock()
	h := c.w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	c.w.WriteHeader(http.StatusOK)
	st := &stream{c: c, s: s, out: bufio.NewWriterSize(c.w, burst)}
	if c.scenario.pace > 0 {
		flush(c.w)
	}
	st.limit()
	return st
}

// send writes one event. Members are keys and values by turns, in the order in which they shall stand.
func (st *stream) send(kind string, members ...any) {
	if st.err != nil {
		return
	}
	paced := st.c.scenario.pace > 0
	if paced && st.sent > 0 && !st.c.wait(st.c.scenario.pace) {
		st.err = context.Cause(st.c.Context())
		return
	}
	b := append(st.event[:0], "event: "...)
	b = append(b, kind...)
	b = append(b, "\ndata: {\"type\":\""...)
	b = append(b, kind...)
	b = append(b, '"')
	b = append(b, `,"sequence_number":`...)
	b = strconv.AppendInt(b, int64(st.sent), 10)
	for i := 0; i < len(members); i += 2 {
		b = append(b, ',', '"')
		b = append(b, members[i].(string)...)
		b = append(b, '"', ':')
		b = appendValue(b, members[i+1])
	}
	st.event = append(b, "}\n\n"...)
	if _, st.err = st.out.Write(st.event); st.err != nil {
		return
	}
	st.sent++
	if paced {
		st.flush()
	}
	st.limit()
}

// limit ends the stream where a directive wants it ended.
func (st *stream) limit() {
	switch st.sent {
	case st.c.scenario.cut:
		st.flush()
		st.err = errTorn
	case st.c.scenario.close:
		st.err = errClosed
	case st.c.scenario.stall:
		st.flush()
		<-st.c.Context().Done()
		st.err = context.Cause(st.c.Context())
	}
}

func (st *stream) flush() {
	if err := st.out.Flush(); st.err == nil {
		st.err = err
	}
	flush(st.c.w)
}

// end completes the answer, or aborts the connection where the stream has broken off.
func (st *stream) end() {
	if st.err == nil || st.err == errClosed {
		st.flush()
	}
	st.s.mu.Lock()
	st.s.stats.OpenStreams--
	st.s.mu.Unlock()
	if st.err != nil && st.err != errClosed {
		panic(http.ErrAbortHandler)
	}
}

// appendValue is encode with a short way for what most events are made of.
func appendValue(b []byte, v any) []byte {
	switch v := v.(type) {
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case string:
		plain := true
		for i := 0; plain && i < len(v); i++ {
			plain = ' ' <= v[i] && v[i] < 0x7f && v[i] != '"' && v[i] != '\\'
		}
		if plain {
			b = append(b, '"')
			b = append(b, v...)
			return append(b, '"')
		}
	}
	return append(b, encode(v)...)
}

// pieces splits a text into deltas: exactly n of about the same length, some perhaps empty; or, where n is 0, about one
// for each word. No character is ever split.
func pieces(text string, n int) iter.Seq[string] {
	if n > 0 {
		return func(yield func(string) bool) {
			start := 0
			for i := 1; i <= n; i++ {
				// In 64 bits also where int has 32.
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
