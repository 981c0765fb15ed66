package main

import (
	"bytes"
	"fmt"
	"io"
	"net"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// An http2Script is the behaviour of a backend on an HTTP/2 connection.
type http2Script interface {
	serve(b *scriptedBackend, c net.Conn)
}

// A frameStep is a part of a script in HTTP/2.
type frameStep func(x *stream)

// A stream is a complete request in HTTP/2.
type stream struct {
	*http2.Framer
	backend    *scriptedBackend
	connection net.Conn
	id         uint32
	number     int // of the request, from 1
	encoder    *hpack.Encoder
	block      *bytes.Buffer // what encoder writes to
}

func (s frameStep) serve(b *scriptedBackend, c net.Conn) {
	if _, err := io.ReadFull(c, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	framer := http2.NewFramer(c, c)
	framer.ReadMetaHeaders = hpack.NewDecoder(4096, nil)
	framer.WriteSettings()
	block := new(bytes.Buffer)
	encoder := hpack.NewEncoder(block)
	paths := make(map[uint32]string)
	for {
		frame, err := framer.ReadFrame()
		if err != nil {
			return
		}
		ended := false
		switch frame := frame.(type) {
		case *http2.SettingsFrame:
			if !frame.IsAck() {
				framer.WriteSettingsAck()
			}
		case *http2.PingFrame:
			if !frame.IsAck() {
				framer.WritePing(true, frame.Data)
			}
		case *http2.MetaHeadersFrame:
			paths[frame.StreamID], ended = frame.PseudoValue("path"), frame.StreamEnded()
		case *http2.DataFrame:
			ended = frame.StreamEnded()
		}
		if !ended {
			continue
		}
		x := &stream{Framer: framer, backend: b, connection: c, id: frame.Header().StreamID, encoder: encoder, block: block}
		if paths[x.id] == usagePath {
			x.respond("application/json", usageAnswer, true)
			continue
		}
		x.number = int(b.attempts.Add(1))
		s(x)
	}
}

// respond writes a response, or the start of one.
func (x *stream) respond(kind, body string, end bool) {
	x.block.Reset()
	x.encoder.WriteField(hpack.HeaderField{Name: ":status", Value: "200"})
	x.encoder.WriteField(hpack.HeaderField{Name: "content-type", Value: kind})
	x.WriteHeaders(http2.HeadersFrameParam{StreamID: x.id, BlockFragment: x.block.Bytes(), EndHeaders: true})
	x.WriteData(x.id, end, []byte(body))
}

// frames plays steps in order and keeps the connection open.
func frames(all ...frameStep) frameStep {
	return func(x *stream) {
		for _, s := range all {
			s(x)
		}
	}
}

// firstThen plays one step for the first request and another for the others.
func firstThen(first, then frameStep) frameStep {
	return func(x *stream) {
		if x.number == 1 {
			first(x)
		} else {
			then(x)
		}
	}
}

func opening(body string) frameStep {
	return func(x *stream) { x.respond("text/event-stream", body, false) }
}

func closing(body string) frameStep {
	return func(x *stream) { x.WriteData(x.id, true, []byte(body)) }
}

func rst(code http2.ErrCode) frameStep {
	return func(x *stream) { x.WriteRSTStream(x.id, code) }
}

// goAway sends GOAWAY with the current stream as the last processed one, or as
// unprocessed.
func goAway(looked bool, code http2.ErrCode) frameStep {
	return func(x *stream) {
		last := x.id
		if !looked {
			last = 0
		}
		x.WriteGoAway(last, code, []byte("for a reason"))
	}
}

func arrived(events int) frameStep {
	return func(x *stream) { x.backend.received(events) }
}

// noStreams is an HTTP/2 server that allows no requests.
type noStreams struct{}

func (noStreams) serve(_ *scriptedBackend, c net.Conn) {
	if _, err := io.ReadFull(c, make([]byte, len(http2.ClientPreface))); err != nil {
		return
	}
	framer := http2.NewFramer(c, c)
	framer.WriteSettings(http2.Setting{ID: http2.SettingMaxConcurrentStreams, Val: 0})
	for {
		if _, err := framer.ReadFrame(); err != nil {
			return
		}
	}
}

func hangUp(x *stream) { x.connection.Close() }

// http2Faults are faults specific to HTTP/2.
func http2Faults() []backendFault {
	secure := authority().certify(unchanged)
	faults := []backendFault{
		{fault: "HTTP/2, all well", http2: frames(opening(hello), closing("")),
			answer: `completed "Hello", 4 events`, attempts: 1},
		{fault: "RST_STREAM before the headers: INTERNAL_ERROR", http2: rst(http2.ErrCodeInternal),
			answer: "-32010 connection_error, retryable", says: "INTERNAL_ERROR", attempts: 3},
		{fault: "RST_STREAM before the headers: REFUSED_STREAM, once", http2: firstThen(rst(http2.ErrCodeRefusedStream), frames(opening(hello), closing(""))),
			answer: `completed "Hello", 4 events`, attempts: 2},
		{fault: "RST_STREAM in an event: CANCEL", http2: frames(opening(begun), arrived(2), rst(http2.ErrCodeCancel)),
			answer: `-32012 stream_interrupted, retryable, 2 events, partial "Hel"`, says: "CANCEL", attempts: 1},
		{fault: "RST_STREAM in an event: INTERNAL_ERROR", http2: frames(opening(begun), arrived(2), rst(http2.ErrCodeInternal)),
			answer: `-32012 stream_interrupted, retryable, 2 events, partial "Hel"`, says: "INTERNAL_ERROR", attempts: 1},
		{fault: "RST_STREAM in an event: REFUSED_STREAM", http2: frames(opening(begun), arrived(2), rst(http2.ErrCodeRefusedStream)),
			answer: `-32012 stream_interrupted, retryable, 2 events, partial "Hel"`, says: "REFUSED_STREAM", attempts: 1},
		{fault: "RST_STREAM in the body: INTERNAL_ERROR", method: plain, http2: frames(opening(`{"models":[`), rst(http2.ErrCodeInternal)),
			answer: "-32010 connection_error, retryable", says: "INTERNAL_ERROR", attempts: 1},
		{fault: "RST_STREAM after response.completed: NO_ERROR", http2: frames(opening(hello), rst(http2.ErrCodeNo)),
			answer: `completed "Hello", 4 events`, attempts: 1},
		{fault: "GOAWAY before the answer, which another connection gives", http2: firstThen(goAway(false, http2.ErrCodeNo), frames(opening(hello), closing(""))),
			answer: `completed "Hello", 4 events`, attempts: 2},
		{fault: "GOAWAY before every answer", http2: goAway(false, http2.ErrCodeNo), timeout: patience,
			answer: "-32010 connection_error, retryable", says: "the server refuses requests", attempts: 6},
		{fault: "GOAWAY before every answer", method: plain, http2: goAway(false, http2.ErrCodeNo), timeout: patience,
			answer: "-32010 connection_error, retryable", says: "the server refuses requests", attempts: 6},
		{fault: "REFUSED_STREAM before every answer", http2: rst(http2.ErrCodeRefusedStream), timeout: patience,
			answer: "-32010 connection_error, retryable", says: "the server refuses requests", attempts: 6},
		{fault: "REFUSED_STREAM before every answer", method: plain, http2: rst(http2.ErrCodeRefusedStream), timeout: patience,
			answer: "-32010 connection_error, retryable", says: "the server refuses requests", attempts: 6},
		{fault: "RST_STREAM before every answer: PROTOCOL_ERROR", http2: rst(http2.ErrCodeProtocol), timeout: patience,
			answer: "-32010 connection_error, retryable", attempts: 6},
		{fault: "GOAWAY in an event, and the stream continues", http2: frames(opening(begun), arrived(2), goAway(true, http2.ErrCodeNo), closing(`xt.delta","delta":"lo"}`+"\n\n"+sse(completed))),
			answer: `completed "Hello", 4 events`, attempts: 1},
		{fault: "GOAWAY in an event, then the connection closes", http2: frames(opening(begun), arrived(2), goAway(true, http2.ErrCodeNo), hangUp),
			answer: `-32012 stream_interrupted, retryable, 2 events, partial "Hel"`, says: "ended early", attempts: 1},
		{fault: "GOAWAY in an event, ENHANCE_YOUR_CALM", http2: frames(opening(begun), arrived(2), goAway(true, http2.ErrCodeEnhanceYourCalm), hangUp),
			answer: `-32012 stream_interrupted, retryable, 2 events, partial "Hel"`, says: "ended early", attempts: 1},
		{fault: "a frame of a kind that breaks the rules", http2: frames(opening(begun), arrived(2), func(x *stream) { fmt.Fprint(x.connection, "GET / HTTP/1.1\r\n\r\n") }),
			answer: `-32012 stream_interrupted, retryable, 2 events, partial "Hel"`, says: "ended early", attempts: 1},
		{fault: "HTTP/2, stall in an event", http2: opening(begun), timeout: idle,
			answer: `-32011 timeout, retryable, 2 events, partial "Hel"`, says: "no bytes for 150ms", attempts: 1},
	}
	for i := range faults {
		faults[i].secure = secure
	}
	return faults
}
