package main

import (
	"strings"
	"sync"
	"testing"
)

// floodPeak bounds the memory of a flooded host. Responses and events are
// limited to 64 MiB and the collected stream to twice that, and a growing
// buffer exists twice for a moment.
const floodPeak = 256 << 20

// backendFloods are responses without an end.
var backendFloods = []backendFault{
	{fault: "headers without end", backend: steps(say("HTTP/1.1 200 OK\r\n"), endless("X-Y: z\r\n")),
		answer: "-32010 connection_error, retryable", says: "headers exceeded 262144 bytes", attempts: 3},
	{fault: "a header without end", method: plain, backend: steps(say("HTTP/1.1 200 OK\r\nX: "), endless("x")),
		answer: "-32010 connection_error, retryable", says: "headers exceeded 262144 bytes", attempts: 3},
	{fault: "103 Early Hints without end", backend: endless("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
		answer: "-32010 connection_error, retryable", says: "headers exceeded 262144 bytes", attempts: 3},
	{fault: "a line without end", backend: steps(say(streamHead+sse(created, hel)+"data: "), endless("x")),
		answer: `-32012 stream_interrupted, 2 events, partial "Hel"`, says: "larger than 64 MiB", attempts: 1},
	{fault: "a line without end", method: collected, backend: steps(say(streamHead+": "), endless("x")),
		answer: `-32012 stream_interrupted, partial ""`, says: "larger than 64 MiB", attempts: 1},
	{fault: "an event of lines without end", backend: steps(say(streamHead), endless("data: x\n")),
		answer: `-32012 stream_interrupted, partial ""`, says: "larger than 64 MiB", attempts: 1},
	{fault: "a body without end", method: plain, backend: steps(say(jsonHead), endless(" ")),
		answer: "-32010 connection_error", says: "larger than 64 MiB", attempts: 1},
	{fault: "gzip bomb", method: plain, backend: bomb("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"),
		answer: "-32010 connection_error", says: "larger than 64 MiB", attempts: 1},
	{fault: "gzip bomb", backend: bomb("HTTP/1.1 200 OK\r\n" + events + "Content-Encoding: gzip\r\n\r\n"),
		answer: "-32010 connection_error", says: `encoding "gzip"`, attempts: 1},
	{fault: "10 MB of items in gzip", backend: steps(say("HTTP/1.1 200 OK\r\n" + events + "Content-Encoding: gzip\r\n\r\n" + packedItems())),
		answer: "-32010 connection_error", says: `encoding "gzip"`, attempts: 1},
	{fault: "comments without end, until the client cancels", backend: steps(say(streamHead), endless(": ping\n\n")), cancel: true,
		answer: "-32800 cancelled", attempts: 1},
	{fault: "tiny items without end", method: collected, backend: steps(say(streamHead), endless(sse(`{"type":"response.output_item.done","item":{}}`))),
		answer: "-32010 connection_error", says: "is larger than 128 MiB", attempts: 1},
	{fault: "tiny items of their own ids and places without end", method: collected, backend: steps(say(streamHead), counting(sse(`{"type":"response.output_item.done","output_index":N,"item":{"id":"N"}}`))),
		answer: "-32010 connection_error", says: "is larger than 128 MiB", attempts: 1},
	{fault: "items that are only begun without end", method: collected, backend: steps(say(streamHead), counting(sse(`{"type":"response.output_item.added","output_index":N,"item":{"id":"N"}}`))),
		answer: "-32010 connection_error", says: "is larger than 128 MiB", attempts: 1},
	{fault: "parts without end", method: collected, backend: steps(say(streamHead), counting(sse(`{"type":"response.output_text.delta","item_id":"m","content_index":N,"delta":"x"}`))),
		answer: "-32010 connection_error", says: "is larger than 128 MiB", attempts: 1},
	{fault: "text without end", method: collected, backend: steps(say(streamHead), endless(sse(`{"type":"response.output_text.delta","item_id":"m","delta":"`+strings.Repeat("x", 60<<10)+`"}`))),
		answer: "-32010 connection_error", says: "is larger than 128 MiB", attempts: 1},
	{fault: "text in tiny deltas without end", method: collected, backend: steps(say(streamHead), endless(sse(`{"type":"response.output_text.delta","item_id":"m","delta":"0123456789abcdef0123456789abcdef0123456789abcdef"}`))),
		answer: "-32010 connection_error", says: "is larger than 128 MiB", attempts: 1},
	{fault: "one item over and over, then the end", method: collected, backend: say(streamHead + strings.Repeat(sse(`{"type":"response.output_item.done","item":{"id":"a"}}`), 300_000) + sse(completed)),
		answer: `completed "Hello"`, attempts: 1},
	{fault: "an item of a million values", method: collected, backend: say(streamHead + sse(created, `{"type":"response.output_item.done","item":{"type":"message","content":[`+strings.Repeat("{},", 1<<20)+`{"type":"output_text","text":"x"}]}}`, `{"type":"response.completed"}`)),
		answer: `completed "x"`, attempts: 1},
	{fault: "numbers of a million digits", method: collected, backend: say(streamHead + sse(`{"type":"response.output_item.done","output_index":`+strings.Repeat("7", 1<<20)+`,"item":{"type":"message","n":1e`+strings.Repeat("9", 1<<20)+`}}`,
		`{"type":"response.completed","response":{"status":"completed","usage":{"input_tokens":`+strings.Repeat("8", 1<<20)+`}}}`)),
		answer: `completed ""`, attempts: 1},
	{fault: "an error of a million digits", method: collected, backend: say(streamHead + sse(`{"type":"error","status":`+strings.Repeat("7", 1<<17)+`,"error":{"message":"No.","resets_at":1e`+strings.Repeat("9", 1<<17)+`,"retry_after":`+strings.Repeat("6", 1<<18)+`}}`)),
		answer: "-32013 response_failed, retryable", says: "No.", attempts: 1},
	{fault: "an error of a million values", method: collected, backend: say(streamHead + sse(`{"type":"error","error":{"x":[`+strings.Repeat("1,", 1<<20)+`1],"message":"No."}}`)),
		answer: "-32013 response_failed, retryable", attempts: 1},
	{fault: "a deep item, then a deep error", method: collected, backend: say(streamHead + sse(`{"type":"response.output_item.done","item":`+strings.Repeat(`{"a":`, 9000)+"1"+strings.Repeat("}", 9000)+`}`,
		`{"type":"error","message":"No.","error":`+strings.Repeat(`{"error":`, 9000)+"1"+strings.Repeat("}", 9000)+`}`)),
		answer: "-32013 response_failed, retryable", says: "No.", attempts: 1},
	{fault: "500 with a body without end", backend: steps(say("HTTP/1.1 500 Oops\r\n\r\n"), endless("busy ")),
		answer: "500 api_error, retryable", says: "busy busy", attempts: 3},
	{fault: "500 with a gzip bomb", method: plain, backend: bomb("HTTP/1.1 500 Oops\r\nContent-Encoding: gzip\r\n\r\n"),
		answer: "500 api_error, retryable", attempts: 3},
}

// bomb is a head with a small body that is too large when unpacked.
func bomb(head string) step {
	return func(x *exchange) { say(head + packed())(x) }
}

var packed = sync.OnceValue(func() string { return gzipped(strings.Repeat("x", 80<<20)) })

// packedItems are events that each add to the collected response.
var packedItems = sync.OnceValue(func() string {
	item := sse(`{"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[]}}`)
	return gzipped(strings.Repeat(item, 10<<20/len(item)))
})

// TestBackendFloods checks that a response without an end is cut off and takes
// a bounded amount of memory.
func TestBackendFloods(t *testing.T) {
	for _, f := range backendFloods {
		t.Run(f.name(), func(t *testing.T) {
			trial := f.provoke(t)
			peak := status(t, trial.host.cmd.Process.Pid, "VmHWM")
			t.Logf("peak memory %d MB", peak>>20)
			if peak > floodPeak {
				t.Errorf("peak memory is %d MB", peak>>20)
			}
			trial.end()
		})
	}
}
