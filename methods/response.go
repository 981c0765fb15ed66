package methods

import "github.com/codex-rpc/codex-rpc/methods/vocabulary"

// A Response is a model response: what the backend's final event holds, with
// what was collected from the stream where that leaves something out, and the
// members that the SDKs derive.
type Response struct {
	vocabulary.ResponseFields
	Usage vocabulary.ResponseUsage `json:"usage"`
	// The text of all messages.
	OutputText string `json:"output_text"`
	// The summaries of the reasoning, a line each.
	ReasoningSummary string `json:"reasoning_summary" jsonschema:"nullable"`
	// The items of output that are function calls.
	ToolCalls []vocabulary.ResponseFunctionToolCall `json:"tool_calls"`
}

// A BackendEvent is an event of the backend as it came. Which further members it
// has depends on its type.
type BackendEvent struct {
	// As "transcript.text.delta".
	Type string `json:"type"`
}
