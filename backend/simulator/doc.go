// Package simulator is a made-up ChatGPT Codex backend: a real HTTP server on loopback that plays
// chatgpt.com/backend-api, api.openai.com/v1 and the OAuth issuer, for tests, demos and building integrations without an
// account or a network.
//
//	package main
//
//	import (
//		"fmt"
//		"io"
//		"log"
//		"net/http"
//		"strings"
//
//		"github.com/codex-rpc/codex-rpc/backend/simulator"
//	)
//
//	func main() {
//		mock, err := simulator.Listen("127.0.0.1:0", simulator.Options{})
//		if err != nil {
//			log.Fatal(err)
//		}
//		defer mock.Close()
//		req, _ := http.NewRequest("POST", mock.URL()+"/backend-api/codex/responses", strings.NewReader(`{
//			"model": "gpt-5.5", "instructions": "", "input": [{"role": "user", "content": "Hello"}],
//			"stream": true, "store": false}`))
//		req.Header.Set("Authorization", "Bearer anything")
//		req.Header.Set("Originator", "example")
//		req.Header.Set("Version", "0.171.0")
//		resp, err := http.DefaultClient.Do(req)
//		if err != nil {
//			log.Fatal(err)
//		}
//		defer resp.Body.Close()
//		events, _ := io.ReadAll(resp.Body)
//		fmt.Printf("%s", events)
//	}
//
// The same request always gets the same answer: identifiers, texts and numbers derive from the request, and only times
// from the clock. The exception is cached_tokens, which counts how far the input begins as an earlier one of the same
// session-id or prompt_cache_key did. What the real backend refuses is refused here too: parameters it does not take, a
// request that is not streamed, an assistant's words given as input_text, the output of a call that the input does not
// hold.
//
// # What it is strict about
//
// It follows the backend of November 2026, and takes requests from no less than that:
//
//   - A model is one of the catalog, the header version at least its minimal_client_version, and the header originator
//     the program's own name. The backend says no more than "Model not found" where one of them is missing; the header
//     x-mock-reason tells which.
//   - Messages have no role system; metadata are texts.
//   - Requests on the lane Responses Lite are for its models, without parallel calls, with reasoning.context all_turns,
//     and have their tools and instructions in the input.
//   - An item compaction_trigger is the only one, the last one, announced in x-codex-beta-features, and comes without a
//     turn's state.
//   - The x-codex-turn-state of a turn's first answer goes with its later requests, of the same account, session-id and
//     prompt_cache_key, and is none of the client's own making.
//   - The route /codex/responses/compact is gone.
//
// Responses are also given over a WebSocket, GET /codex/responses, which asks for the header OpenAI-Beta. There
//
//   - One response is asked for at a time, and the frame of a request holds what its headers and body would.
//   - previous_response_id names the last response of this connection, which was completed or interrupted; model,
//     instructions, tools, reasoning, text, include and service_tier stay as they were, and no item comes twice.
//   - A compaction continues a response like any other request, if the handshake announced it. No request continues a
//     compaction.
//   - A turn's state comes in an event and goes back in client_metadata. That of the handshake is good for nothing.
//   - A message is at most 16 MiB long, a connection an hour old.
//
// A request that goes on from the one before gets the identifiers that the whole request would have got over HTTP, if the
// items held and those sent are the same.
//
// The directive lenient lifts all of this. Two routes that answer nothing to a ChatGPT sign-in any more are answered
// here, so that programs can be built on their methods: files to transcribe, and realtime calls of version 1. The
// directive closed refuses them as the real backend does.
//
// # What it answers
//
// A text quotes what the user said last. Where tools are given, the one that tool_choice names is called, else the first
// function or custom tool, with parallel_tool_calls the first two, with arguments that satisfy the tool's schema; once
// the input ends with their outputs, the text quotes those. A web search alone is called, then answered. A json_schema
// format gets a value that satisfies the schema. Reasoning comes first where it is asked for. The other endpoints answer
// with the data of one made-up account.
//
// Refresh tokens rotate, and a second use of one is refused and counted. A bearer that is a JWT past its exp gets 401,
// as does a revoked one; every other bearer is good.
//
// # Directives
//
// Directives make it misbehave: key=value,key=value as in "status=429,retry_after=1.5,times=1". They stand in
// [Options].Scenario for every request, in the header X-Mock for one, or in the model's name after "mock:", which needs no
// access to headers; of a key given twice the later place wins. Values are percent-encoded where they hold a separator
// (%2C for a comma). Several sets are separated by ";", each with its own path and times:
//
//	path=/oauth/token,code=refresh_token_expired;path=/responses,status=503,times=2
//
// These are all keys; the first N events count from response.created on:
//
//	status=CODE           answer with this HTTP status, 400 to 599, and an error body
//	code=NAME             the error's code, which picks the usual status and body; with end, that event's code or reason
//	message=TEXT          the error's message
//	retry_after=WHEN      Retry-After of an error: seconds, an HTTP date, or `date` for two seconds ahead as a date
//	html                  answer 200 with a web page, like a proxy or a login wall
//	delay=DURATION        delay before the response headers, in seconds or with a unit: 250ms
//	pace=DURATION         delay between events; by default all events are sent at once
//	reply=TEXT            answer with this text, regardless of the request's tools and format
//	deltas=N              stream the text in exactly N deltas; filler text without reply
//	size=BYTES            answer with filler text of this size, 4 KiB to a delta
//	cut=N                 drop the connection after N events; a response without a stream loses its body
//	close=N               end the stream cleanly after N events, without a terminal event
//	stall=N               stop sending after N events and keep the connection open; a response without a stream never gets its body
//	end=KIND              the terminal event: completed, failed, incomplete or error
//	limits                send the usage limits in an event before response.created, as some servers do
//	binary=N              send a binary message after N events on a socket
//	garbage=N             send a message that is not JSON after N events on a socket
//	untyped=N             send a message without a type after N events on a socket
//	close_code=CODE       the status code of close on a socket; default 1000
//	interrupt=HOW         answer an interrupt as accepted, failed, late (after the terminal event) or not at all (ignored)
//	max_message=BYTES     close a socket with status 1009 on a longer message; default 16 MiB
//	socket_limit=N        refuse further responses on a socket after N of them
//	socket_life=DURATION  refuse further responses on a socket older than this; default one hour
//	pong=DURATION         delay before answering a ping on a socket; more than 4 seconds: never answer
//	retired=MODEL         refuse this model and remove it from the list
//	turn_state=WHERE      where the turn state is sent: header, event, both or none
//	used=PERCENT          the used percentage of the account's limit, as reported by responses and usage; default 12
//	residency=REGION      sign in to a workspace in this region, which has its own base URL and headers
//	closed                refuse file transcriptions and version 1 realtime calls, like the real backend
//	lenient               accept any model, client version and role, and the old compaction route
//	login=DECISION        approve or deny: answer /oauth/authorize immediately, without its page
//	token_life=SECONDS    lifetime of issued access tokens; default 10 days
//	device_polls=N        approve a device code after N polls; by default the page /codex/device approves it
//	path=TEXT             apply the set only to requests whose path contains this text
//	over=WAY              apply the set only to requests over http, to the upgrade to a socket, or to each response on a socket
//	skip=N                skip the set's first N requests, counted as for times
//	times=N               apply the set to its first N requests only, counted for each distinct text of a set
//	tag=TEXT              no effect; distinguishes otherwise equal sets, for times
//
// A directive that is unknown or has a wrong value is answered 400 with a message that lists the known ones.
package simulator
