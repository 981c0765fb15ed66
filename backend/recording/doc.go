// Package recording writes down what a host and its backend say to each other,
// and plays the backend's part again from such a file: a bug report is a file,
// and a test needs no account.
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
// A recording is JSON lines: one object a line, each with a type and, in at, the
// seconds since the beginning. What is not complete at the end, because the
// process was killed or the disk was full, is the last line alone.
//
//	header    first: format (1), codex_rpc (the version), os, time, chatgpt_base_url, openai_base_url
//	frame     from (client or host) and the frame's bytes, its headers or line end included
//	request   exchange (a number), method, url, header, and the body: its bytes, and its size
//	response  exchange, status, header
//	chunk     exchange, and what one read of the answer's body brought
//	end       exchange; without failure: the answer is complete
//
// Bytes stand in text where they are UTF-8, else in base64. Of a frame the first
// 16 MiB are kept and of a request's body the first MiB: truncated and size tell
// of the rest. Answers are kept whole, but for one that came compressed without
// being asked to: its response is truncated, and has no chunks.
//
// A failure is broken (the connection failed, before or within the answer),
// silent (nothing came until the host gave up or its client cancelled) or
// closed (the host had what it wanted); error says more in words. An exchange
// without an end was under way when the recording ended.
//
// Responses over a WebSocket are refused with 426 while a session is recorded or
// replayed, so that they go over HTTP and are in the file like all else.
//
// A request with sign_in belongs to signing in. Neither its body nor the
// answer's is written, and it is not replayed.
//
// # What is left out
//
// "[redacted]" stands for
//
//   - the bearer and the account of every request, wherever they turn up, and
//     whatever looks like a bearer token, an API key or a JWT;
//   - the strings and numbers in JSON members that are named like credentials, and in
//     extra_headers, extra_query and headers, which MCP servers are given;
//   - the values of a request's headers and query but for those that this
//     program sends of itself, and of an answer's headers that are named like
//     credentials, cookies among them;
//   - of every URL the user and password, and in the query what is named like a
//     credential or is long enough for a signature.
//
// All else is in the file, as the prompts and the texts are, and a secret in one
// of these with them: look into it before it is passed on. Its mode is 0600.
//
// # Recording costs the session nothing
//
// What is recorded is copied and queued. One goroutine redacts and writes; if it
// cannot, or falls 64 MiB behind, the log says so once and the recording ends
// there, while the session goes on.
//
// # Replay
//
// A [Player] answers each request with the first exchange not yet played that has
// the same method, path, query and body. Bodies are compared as JSON; one that is
// not JSON, or truncated, by its size. Headers do not count, any bearer will do.
// Where nothing fits, the answer is 404 with the code not_recorded, and the
// message names what comes nearest.
//
// A connection that failed fails again, though not with the same words, and a
// silence is kept until the host gives up. What stood under the ChatGPT base is
// found under /backend-api, what stood under the OpenAI base under /v1.
//
// A recording may come from somebody who means harm, and a client does what an
// answer says. So uploads go to the player, whatever URL was recorded, and a
// redirect to another host leads to a name that never resolves.
package recording
