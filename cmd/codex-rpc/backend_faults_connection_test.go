package main

import "strings"

// A name with a label of more than 63 letters is rejected without a DNS query.
var nowhere = "https://" + strings.Repeat("x", 64) + ".invalid/backend-api"

// connectionFaults occur before the response head is complete.
var connectionFaults = []backendFault{
	{fault: "connection refused", url: "http://127.0.0.1:1/backend-api",
		answer: "-32010 connection_error, retryable", says: "connect", attempts: 3},
	{fault: "connection refused", method: plain, url: "http://127.0.0.1:1/backend-api",
		answer: "-32010 connection_error, retryable", says: "connect", attempts: 3},
	{fault: "name that cannot be resolved", url: nowhere,
		answer: "-32010 connection_error, retryable", says: "no such host", attempts: 3},
	{fault: "name that cannot be resolved", method: plain, url: nowhere,
		answer: "-32010 connection_error, retryable", says: "no such host", attempts: 3},
	{fault: "reset before the headers", backend: step(reset),
		answer: "-32010 connection_error, retryable", says: "check the network", attempts: 3},
	{fault: "reset before the headers", method: plain, backend: step(reset),
		answer: "-32010 connection_error, retryable", says: "check the network", attempts: 3},
	{fault: "reset before the headers, once", backend: inTurn(reset, say(streamHead+hello)),
		answer: `completed "Hello", 4 events`, attempts: 2},
	{fault: "closed before the headers", backend: say(""),
		answer: "-32010 connection_error, retryable", says: "the connection was closed", attempts: 3},
	{fault: "reset in the headers", backend: steps(say("HTTP/1.1 200 OK\r\nContent-Ty"), reset),
		answer: "-32010 connection_error, retryable", says: "check the network", attempts: 3},
	{fault: "reset in the headers", method: plain, backend: steps(say("HTTP/1.1 200 OK\r\nContent-Ty"), reset),
		answer: "-32010 connection_error, retryable", says: "check the network", attempts: 3},
	{fault: "malformed status line", backend: say("ICY 200 OK\r\n\r\n"),
		answer: "-32010 connection_error, retryable", says: "malformed HTTP", attempts: 3},
	{fault: "malformed header", backend: say("HTTP/1.1 200 OK\r\nno colon\r\n\r\n"),
		answer: "-32010 connection_error, retryable", says: "malformed", attempts: 3},
	{fault: "two lengths that differ", backend: say("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n{}"), method: plain,
		answer: "-32010 connection_error, retryable", says: "Content-Length", attempts: 3},
	{fault: "bytes that are no HTTP", backend: say("\x00\x01\x02\xff\n\xfe"),
		answer: "-32010 connection_error, retryable", says: "malformed HTTP", attempts: 3},
	{fault: "stall before the headers", backend: step(hold), timeout: idle,
		answer: "-32011 timeout, retryable", says: "no bytes for 150ms", attempts: 3},
	{fault: "stall before the headers", method: plain, backend: step(hold), timeout: idle,
		answer: "-32011 timeout, retryable", says: "no bytes for 150ms", attempts: 3},
	{fault: "stall in the headers", backend: steps(say("HTTP/1.1 200 OK\r\nContent-Ty"), hold), timeout: idle,
		answer: "-32011 timeout, retryable", says: "no bytes for 150ms", attempts: 3},
	{fault: "100 Continue and 103 Early Hints first",
		backend: say("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + streamHead + hello),
		answer:  `completed "Hello", 4 events`, attempts: 1},
	{fault: "reset while the request is sent", backend: steps(take(1<<20), reset), input: 20 << 20,
		answer: "-32010 connection_error, retryable", says: "check the network", attempts: 3},
	{fault: "stall while the request is sent", backend: steps(take(1<<20), ignore), input: 20 << 20, timeout: idle,
		answer: "-32011 timeout, retryable", says: "no bytes for 150ms", attempts: 3},
	{fault: "413 before the request is read", backend: blurt(answer(413, "", `{"error":{"message":"Too large."}}`)), input: 20 << 20,
		answer: "413 api_error", says: "Too large.", attempts: 1},
}
