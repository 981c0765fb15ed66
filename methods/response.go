package methods

import "github.com/codex-rpc/codex-rpc/methods/vocabulary"

// Response is a model response: the response of the backend's final event,
// completed with data collected from the stream, and the members derived by the
// SDKs.
type Response struct {
	vocabulary.ResponseFields
	Usage vocabulary.ResponseUsage `json:"usage"`
	// The concatenated text of all messages.
	OutputText string `json:"output_text"`
	// The reasoning summaries, one per line.
	ReasoningSummary string `json:"reasoning_summary" jsonschema:"nullable"`
	// The function calls among the output items.
	ToolCalls []vocabulary.ResponseFunctionToolCall `json:"tool_calls"`
}

// BackendEvent is an event as sent by the backend. Its other members depend on
// its type.
type BackendEvent struct {
	// Such as "transcript.text.delta".
	Type string `json:"type"`
}
