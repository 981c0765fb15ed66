// Package simulator simulates the ChatGPT Codex backend: an HTTP server on loopback that stands in for
// chatgpt.com/backend-api, api.openai.com/v1 and the OAuth issuer in tests, demos and integrations, without an account or a
// network.
//
// A request has the same answer each time: identifiers, texts and numbers derive from the request, and only times come
// from the clock. The exception is cached_tokens, the size of the longest prefix that the input shares with an earlier one
// of the same session-id or prompt_cache_key. What the real backend refuses is refused here too, such as unknown
// parameters, a request without a stream, input_text in an assistant's message, and the output of a call that is not part
// of the input.
//
// # Rules
//
// The simulator enforces the rules of the backend of November 2026:
//
//   - The model is in the catalog, the header version is at least its minimal_client_version, and the header originator
//     names the program itself. If a header is missing, the backend answers "Model not found"; the simulator adds the
//     header x-mock-reason.
//   - No message has the role system, and the values of client_metadata are strings.
//   - A request in the Responses Lite lane names a model of that lane, disables parallel calls, sets reasoning.context to
//     all_turns, and has its tools and instructions in the input.
//   - A compaction_trigger is the only one and the last item of the input, is announced in x-codex-beta-features, and comes
//     without a turn state.
//   - The x-codex-turn-state from a turn's first answer is returned with the turn's later requests, from the same account,
//     session-id and prompt_cache_key. A client cannot make one up.
//   - The route /codex/responses/compact no longer exists.
//
// Responses are also available over a WebSocket, GET /codex/responses, which requires the header OpenAI-Beta:
//
//   - A connection serves one response at a time. A request's frame holds what its headers and body would.
//   - previous_response_id names the connection's last response, which was completed or interrupted. model, instructions,
//     tools, reasoning, text, include and service_tier must not change, and no item may be sent twice.
//   - A compaction may continue a response if the handshake announced the feature. No request continues a compaction.
//   - A turn state comes in an event and is returned in client_metadata. The state in the handshake's header is refused.
//   - A message is at most 16 MiB long, and a connection serves requests for one hour.
//
// A request that continues a response gets the same identifiers as the whole request would over HTTP, if the items are
// the same.
//
// The directive lenient lifts these rules. Two routes that the real backend has closed for ChatGPT sign-ins are answered,
// so that programs can be built on them: file transcriptions, and realtime calls of version 1. The directive closed
// refuses them too.
//
// # Answers
//
// A text quotes the user's last message. If the request has tools, the answer calls the one that tool_choice names,
// otherwise the first function or custom tool, or the first two with parallel_tool_calls, with arguments that satisfy the
// tool's schema; if the input ends with their outputs, the text quotes those. If a web search is the only tool, it is
// called before the text. The text for a json_schema format is a value that satisfies the schema. Reasoning comes first if
// the request has it. The other endpoints serve the data of one made-up account.
//
// Refresh tokens rotate; the second use of one is refused and counted. A bearer that is an expired or revoked JWT is
// answered 401; any other bearer is accepted.
//
// # Directives
//
// Directives change the answers: key=value,key=value as in "status=429,retry_after=1.5,times=1". They are set in
// [Options].Scenario for every request, in the header X-Mock for one request, or in the model's name after "mock:", which
// needs no access to headers. A later place overrides an earlier one key by key. Values are percent-encoded where they
// contain a separator (%2C for a comma). Several sets are separated by ";", each with its own path and times:
//
//	path=/oauth/token,code=refresh_token_expired;path=/responses,status=503,times=2
//
// [Directives] returns all keys with their descriptions. Counts of events start with response.created. An unknown
// directive or a wrong value is answered 400 with a message that lists the known directives.
package simulator
