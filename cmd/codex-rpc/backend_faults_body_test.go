package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"
)

// gzipped returns a text in gzip.
func gzipped(text string) string {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

// chunked returns a text as one chunk and the last.
func chunked(text string) string { return fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(text), text) }

const (
	events      = "Content-Type: text/event-stream\r\n"
	chunkedHead = "HTTP/1.1 200 OK\r\n" + events + "Transfer-Encoding: chunked\r\n\r\n"
	// brotli starts like a text in brotli. It is never decoded.
	brotli = "\x1b\x0e\x00\xf8\x8d\xd4\x3d\xf9"
)

// begun is the first half of the response, and of one more event.
var begun = sse(created, hel) + `data: {"type":"response.output_te`

// chunks sends the response in chunks and keeps the connection open.
func chunks(x *exchange) {
	x.Begin()
	io.WriteString(x, hello)
}

// bodyFaults occur in responses with status 200, before their events are read.
var bodyFaults = []backendFault{
	{fault: "reset in an event", backend: steps(say(streamHead+begun), received(2), reset),
		answer: `-32012 stream_interrupted, retryable, 2 events, partial "Hel"`, says: "ended early", attempts: 1},
	{fault: "reset in an event", method: collected, backend: steps(say(streamHead+begun), reset),
		answer: `-32012 stream_interrupted, retryable, partial "Hel"`, says: "ended early", attempts: 1},
	{fault: "reset in the body", method: plain, backend: steps(say(jsonHead+`{"models":[`), reset),
		answer: "-32010 connection_error, retryable", says: "ended early", attempts: 1},
	{fault: "cut within a character", backend: say(streamHead + sse(created, hel) + "data: {\"type\":\"response.output_text.delta\",\"delta\":\"\xf0\x9f"),
		answer: `-32012 stream_interrupted, retryable, 2 events, partial "Hel"`, says: "ended", attempts: 1},
	{fault: "clean end without a terminal event", backend: say(streamHead + sse(created, hel, lo)),
		answer: `-32012 stream_interrupted, retryable, 3 events, partial "Hello"`, says: "ended", attempts: 1},
	{fault: "clean end without a terminal event", method: collected, backend: say(streamHead + sse(created, hel, lo)),
		answer: `-32012 stream_interrupted, retryable, partial "Hello"`, says: "ended", attempts: 1},
	{fault: "clean end right before the blank line of the terminal event", backend: say(streamHead + strings.TrimSuffix(hello, "\n")),
		answer: `-32012 stream_interrupted, retryable, 3 events, partial "Hello"`, says: "ended", attempts: 1},
	{fault: "reset after response.completed", backend: steps(say(streamHead+hello), received(4), reset),
		answer: `completed "Hello", 4 events`, attempts: 1},
	{fault: "no end after response.completed", backend: steps(say(streamHead+hello), hold),
		answer: `completed "Hello", 4 events`, attempts: 1},
	{fault: "stall after the headers", backend: steps(say(streamHead), hold), timeout: idle,
		answer: `-32011 timeout, retryable, partial ""`, says: "no bytes for 150ms", attempts: 1},
	{fault: "stall in an event", backend: steps(say(streamHead+begun), hold), timeout: idle,
		answer: `-32011 timeout, retryable, 2 events, partial "Hel"`, says: "no bytes for 150ms", attempts: 1},
	{fault: "stall in an event", method: collected, backend: steps(say(streamHead+begun), hold), timeout: idle,
		answer: `-32011 timeout, retryable, partial "Hel"`, says: "no bytes for 150ms", attempts: 1},
	{fault: "stall in the body", method: plain, backend: steps(say(jsonHead+`{"models":[`), hold), timeout: idle,
		answer: "-32011 timeout, retryable", says: "no bytes for 150ms", attempts: 1},

	{fault: "a web page", backend: say(answer(200, html, challenge)),
		answer: "-32010 connection_error", says: "web page", attempts: 1},
	{fault: "a web page", method: plain, backend: say(answer(200, html, challenge)),
		answer: "-32010 connection_error", says: "is not JSON", attempts: 1},
	{fault: "JSON in place of events", backend: say(answer(200, "Content-Type: application/json\r\n", `{"ok":true}`)),
		answer: "-32010 connection_error", says: "JSON", attempts: 1},
	{fault: "a JSON error in place of events", backend: say(answer(200, "Content-Type: application/json\r\n", `{"error":{"message":"No."}}`)),
		answer: "-32013 response_failed, retryable", says: "No.", attempts: 1},
	{fault: "a JSON error in place of the result", method: plain, backend: say(answer(200, "", `{"error":{"message":"No.","code":"insufficient_quota"}}`)),
		answer: "-32013 response_failed, insufficient_quota", says: "No.", attempts: 1},
	{fault: "events in place of JSON", method: plain, backend: say(streamHead + hello),
		answer: "-32010 connection_error", says: "is not JSON", attempts: 1},
	{fault: "JSON of another shape", method: plain, backend: say(answer(200, "", `[1,2]`)),
		answer: "-32010 connection_error", says: "response is invalid", attempts: 1},
	{fault: "empty body", backend: say(answer(200, events, "")),
		answer: `-32012 stream_interrupted, retryable, partial ""`, says: "ended", attempts: 1},
	{fault: "empty body", method: plain, backend: say(answer(200, "", "")),
		answer: "-32010 connection_error", says: "is not JSON", attempts: 1},

	{fault: "unrequested gzip", backend: say(answer(200, events+"Content-Encoding: gzip\r\n", gzipped(hello))),
		answer: "-32010 connection_error", says: `encoding "gzip"`, attempts: 1},
	{fault: "unrequested gzip", method: collected, backend: say(answer(200, events+"Content-Encoding: gzip\r\n", gzipped(hello))),
		answer: "-32010 connection_error", says: `encoding "gzip"`, attempts: 1},
	{fault: "400 in unrequested gzip", backend: say(answer(400, "Content-Encoding: gzip\r\n", gzipped(`{"error":{"message":"No."}}`))),
		answer: "400 api_error", says: "No.", attempts: 1},
	{fault: "gzip", method: plain, backend: say(answer(200, "Content-Encoding: gzip\r\n", gzipped(modelList))),
		answer: "2 models", attempts: 1},
	{fault: "gzip that breaks off", method: plain, backend: say(answer(200, "Content-Encoding: gzip\r\n", gzipped(modelList)[:60])),
		answer: "-32010 connection_error, retryable", says: "ended early", attempts: 1},
	{fault: "invalid gzip", method: plain, backend: say(answer(200, "Content-Encoding: gzip\r\n", modelList)),
		answer: "-32010 connection_error, retryable", says: "gzip", attempts: 1},
	{fault: "brotli", backend: say(answer(200, events+"Content-Encoding: br\r\n", brotli)),
		answer: "-32010 connection_error", says: `encoding "br"`, attempts: 1},
	{fault: "brotli", method: plain, backend: say(answer(200, "Content-Encoding: br\r\n", brotli)),
		answer: "-32010 connection_error", says: `encoding "br"`, attempts: 1},

	{fault: "Content-Length too small", backend: steps(say("HTTP/1.1 200 OK\r\n"+events+"Content-Length: 200\r\n\r\n"+hello+"access-token"), hold),
		answer: `-32012 stream_interrupted, retryable, 2 events, partial "Hel"`, says: "ended", attempts: 1},
	{fault: "Content-Length too large", backend: say("HTTP/1.1 200 OK\r\n" + events + "Content-Length: 9999\r\n\r\n" + sse(created, hel)),
		answer: `-32012 stream_interrupted, retryable, 2 events, partial "Hel"`, says: "the connection was closed", attempts: 1},
	{fault: "Content-Length too large", method: plain, backend: say("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n" + modelList),
		answer: "-32010 connection_error, retryable", says: "the connection was closed", attempts: 1},
	{fault: "Content-Length too large, but all events", backend: say("HTTP/1.1 200 OK\r\n" + events + "Content-Length: 9999\r\n\r\n" + hello),
		answer: `completed "Hello", 4 events`, attempts: 1},
	{fault: "events without a Content-Type", backend: say("HTTP/1.1 200 OK\r\n\r\n" + hello),
		answer: `completed "Hello", 4 events`, attempts: 1},
	{fault: "chunks", backend: chunks,
		answer: `completed "Hello", 4 events`, attempts: 1},
	{fault: "chunks without the last", backend: say(chunkedHead + strings.TrimSuffix(chunked(sse(created, hel)), "0\r\n\r\n")),
		answer: `-32012 stream_interrupted, retryable, 2 events, partial "Hel"`, says: "the connection was closed", attempts: 1},
	{fault: "chunk of a bad size", backend: say(chunkedHead + strings.TrimSuffix(chunked(sse(created, hel)), "0\r\n\r\n") + "xyz\r\n"),
		answer: `-32012 stream_interrupted, retryable, 2 events, partial "Hel"`, says: "invalid byte in chunk length", attempts: 1},
	{fault: "chunk of a huge size", method: plain, backend: say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"),
		answer: "-32010 connection_error, retryable", says: "chunk", attempts: 1},
}
