// Package recording records the traffic between a host and its backend, and
// replays the backend's part of it: for bug reports, and for tests without an
// account.
//
//	recorder, err := recording.Create("bug.jsonl", recording.Options{Version: "1.0.0"})
//	if err != nil {
//		log.Fatal(err)
//	}
//	defer recorder.Close()
//	client := &http.Client{Transport: recorder.Transport(http.DefaultTransport)}
//
// Later, and elsewhere:
//
//	player, err := recording.Open("bug.jsonl")
//	if err != nil {
//		log.Fatal(err)
//	}
//	log.Fatal(http.ListenAndServe("127.0.0.1:8080", player))
//
// # The file
//
// A recording is in JSON Lines format: one object per line, with a type and, as
// at, the seconds since the start. If the process was killed or the disk was
// full, only the last line may be incomplete.
//
//	header    first: format (1), codex_rpc (the version), os, time, chatgpt_base_url, openai_base_url
//	frame     from (client or host) and the frame's bytes, including its headers or line end
//	request   exchange (a number), method, url, header, and the bytes and the size of the body
//	response  exchange, status, header
//	chunk     exchange, and the bytes from one read of the response body, or of a WebSocket a message and a newline
//	sent      exchange, and the size of a message sent on a WebSocket
//	end       exchange; the response is complete if there is no failure
//
// Bytes are in text if they are UTF-8, otherwise in base64. Of a frame the
// first 16 MiB are recorded, and of a request body the first MiB; truncated and
// size describe the rest. Response bodies are recorded completely, except
// unrequested compressed ones: their response is truncated, without chunks.
//
// A failure is broken (the connection failed before or during the response),
// silent (nothing was received until a timeout or cancellation) or closed (the
// host closed the response); error has the message, or the reason if close_code
// has the code with which the backend closed a WebSocket. An exchange without an
// end was in progress when the recording ended.
//
// WebSockets for responses are refused with 426 while a session is recorded or
// replayed, so that responses use HTTP and are recorded. Of the WebSocket of a
// transcription the handshake and the backend's messages are recorded, and of the
// messages sent the size.
//
// A request with sign_in is part of a sign-in. Its body and that of its
// response are not recorded, and it is not replayed.
//
// # Redaction
//
// "[redacted]" replaces
//
//   - the bearer and the account of every request and the secrets passed to
//     [Recorder.Hide], anywhere, and everything that looks like a bearer token, an
//     API key or a JWT;
//   - strings and numbers in JSON members that are named like credentials, and in
//     extra_headers, extra_query, and the headers of MCP servers;
//   - values of request headers and query parameters, except those that this
//     program sets itself, and of response headers that are named like
//     credentials, such as cookies;
//   - user and password in URLs, and in their queries, values that are named like
//     credentials or are long enough for a signature.
//
// Everything else is recorded, including prompts and texts, and secrets in
// them: inspect a recording before sharing it. Its mode is 0600.
//
// # Effect on the session
//
// Recorded data is copied and queued, and one goroutine redacts and writes it.
// If it fails or falls 64 MiB behind, this is logged once and the recording
// ends, while the session continues.
//
// # Replay
//
// A Player answers each request with the first exchange not replayed yet that
// has the same method, path, query and body. Bodies are compared as JSON, or by
// size if they are not JSON or truncated, and messages sent on a WebSocket by
// size. Headers are not compared. If no exchange matches, the response is a 404
// with the code not_recorded, and its message names the nearest exchange.
//
// A failed connection fails again, possibly with another message. A silent one,
// and one that was in progress when the recording ended, stays silent until the
// host times out. Requests to the ChatGPT base URL are served under /backend-api,
// those to the OpenAI base URL under /v1.
//
// A recording may be malicious. So uploads are sent to the player, whatever URL
// was recorded, and redirects to other hosts are replaced with a name that
// never resolves.
package recording
