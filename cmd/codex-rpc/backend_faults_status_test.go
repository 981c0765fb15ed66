package main

// challenge is Cloudflare's page for suspected robots.
const challenge = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Enable JavaScript and cookies to continue</body></html>"

const (
	html      = "Content-Type: text/html; charset=utf-8\r\n"
	usedUp    = `{"error":{"type":"usage_limit_reached","message":"The usage limit has been reached","plan_type":"plus","resets_at":1793620800}}`
	elsewhere = "http://{other}/backend-api/codex/responses"
)

// statusFaults are responses with another status than 200.
var statusFaults = []backendFault{
	{fault: "204", backend: say("HTTP/1.1 204 No Content\r\n\r\n"),
		answer: `-32012 stream_interrupted, retryable, partial ""`, attempts: 1},
	{fault: "204", method: plain, backend: say("HTTP/1.1 204 No Content\r\n\r\n"),
		answer: "-32010 connection_error", says: "is not JSON", attempts: 1},
	{fault: "unsolicited 304", method: plain, backend: say("HTTP/1.1 304 Not Modified\r\n\r\n"),
		answer: "-32010 connection_error", says: "Not Modified", attempts: 1},
	{fault: "unsolicited 101", backend: say("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
		answer: "-32010 connection_error", says: "Switching Protocols", attempts: 1},
	{fault: "status 999", backend: say(answer(999, "", "")),
		answer: "-32010 connection_error, retryable", attempts: 3},

	{fault: "307 to another host", backend: redirect(307, elsewhere),
		answer: "-32010 connection_error", says: "where credentials are not sent", attempts: 1},
	{fault: "302 to another host", method: plain, backend: redirect(302, elsewhere),
		answer: "-32010 connection_error", says: "where credentials are not sent", attempts: 1},
	{fault: "307 to another scheme", backend: redirect(307, "file:///etc/passwd"),
		answer: "-32010 connection_error", says: "where credentials are not sent", attempts: 1},
	{fault: "307 to the same host", backend: inTurn(redirect(307, "/backend-api/codex/r2"), say(streamHead+hello)),
		answer: `completed "Hello", 4 events`, attempts: 2},
	{fault: "302 to the same host", method: plain, backend: inTurn(redirect(302, "/backend-api/codex/m2"), say(answer(200, "", modelList))),
		answer: "2 models", attempts: 2},
	{fault: "redirect loop", backend: redirect(307, "/backend-api/codex/responses"),
		answer: "-32010 connection_error", says: "redirects in a loop", attempts: 11},
	{fault: "redirect loop", method: plain, backend: redirect(302, "/backend-api/codex/models"),
		answer: "-32010 connection_error", says: "redirects in a loop", attempts: 11},
	{fault: "302 without a place", backend: say("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
		answer: "-32010 connection_error", says: "Found", attempts: 1},
	{fault: "307 to an invalid URL", backend: redirect(307, "http://[::1"),
		answer: "-32010 connection_error, retryable", says: "Location", attempts: 3},

	{fault: "429 usage_limit_reached", backend: say(answer(429, "", usedUp)),
		answer: "429 api_error, usage_limit_reached", says: "The usage limit has been reached", attempts: 1},
	{fault: "429", backend: say(answer(429, "Retry-After: 0\r\n", `{"error":{"message":"Slow down."}}`)),
		answer: "429 api_error, retry_after 0, retryable", says: "Slow down.", attempts: 3},
	{fault: "401 with nothing to refresh by", backend: say(answer(401, "", `{"error":{"message":"Token expired.","code":"token_expired"}}`)),
		answer: "401 api_error, token_expired", says: "codex-rpc login", attempts: 1},
	{fault: "401 with nothing to refresh by", method: plain, backend: say(answer(401, "", "")),
		answer: "401 api_error", says: "codex-rpc login", attempts: 1},
	{fault: "403 with a page of Cloudflare", backend: say(answer(403, html, challenge)),
		answer: "403 api_error", says: "Forbidden", attempts: 1},
	{fault: "403 with a page of Cloudflare", method: plain, backend: say(answer(403, html, challenge)),
		answer: "403 api_error", says: "Forbidden", attempts: 1},
	{fault: "502 with a page", backend: say(answer(502, html, challenge)),
		answer: "502 api_error, retryable", says: "Bad Gateway", attempts: 3},
	{fault: "503 until a date a second ahead",
		backend: inTurn(say(answer(503, "Retry-After: Mon, 02 Nov 2026 10:00:01 GMT\r\n", "")), say(streamHead+hello)),
		answer:  `completed "Hello", 4 events`, attempts: 2},
	{fault: "503 until a date an hour ahead", backend: say(answer(503, "Retry-After: Mon, 02 Nov 2026 11:00:00 GMT\r\n", "")),
		answer: "503 api_error, retry_after 3600, retryable", says: "Service Unavailable", attempts: 1},
	{fault: "500 that repeats the bearer", backend: say(answer(500, "", `{"error":{"message":"bad header: Bearer \u0061ccess-token","code":"access-token"}}`)),
		answer: "500 api_error, [redacted], retryable", says: "bad header", attempts: 3},
	{fault: "400 that repeats the bearer in plain text", backend: say(answer(400, "X-Request-Id: access-token\r\n", "access-token\r\nis \x1b[31mbad")),
		answer: "400 api_error", says: "[redacted] is [31mbad", attempts: 1},
	{fault: "500 with a body that stalls", backend: steps(say("HTTP/1.1 500 Oops\r\nContent-Length: 9\r\n\r\n{"), hold), timeout: idle,
		answer: "500 api_error, retryable", attempts: 3},
	{fault: "500 with a body that is cut", backend: steps(say("HTTP/1.1 500 Oops\r\nContent-Length: 99\r\n\r\nOverl"), reset),
		answer: "500 api_error, retryable", says: "Overl", attempts: 3},
	{fault: "403 in brotli", backend: say(answer(403, "Content-Encoding: br\r\n", brotli)),
		answer: "403 api_error", says: "Forbidden", attempts: 1},
}
