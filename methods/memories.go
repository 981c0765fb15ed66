package methods

import (
	"context"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// Memories holds ChatGPT's memories of the user, as returned by the backend.
type Memories struct {
	Memories        []Object `json:"memories"`
	MemoryMaxTokens int      `json:"memory_max_tokens,omitempty"`
	MemoryNumTokens int      `json:"memory_num_tokens,omitempty"`
}

// UserSystemMessages holds the user's custom instructions for ChatGPT, as returned
// by the backend.
type UserSystemMessages struct {
	Object            string `json:"object,omitempty" jsonschema:"example=user_system_message_detail"`
	Enabled           bool   `json:"enabled,omitempty"`
	AboutUserMessage  string `json:"about_user_message,omitempty" jsonschema:"nullable"`
	AboutModelMessage string `json:"about_model_message,omitempty" jsonschema:"nullable"`
}

// TraceSummarizeParams are the parameters of codex.memories.trace_summarize.
type TraceSummarizeParams struct {
	// The model.
	Model string `json:"model" jsonschema:"minLength=1,example=gpt-5.5"`
	// The traces to summarize.
	Traces rpc.Raw[[]Trace] `json:"traces"`
	// Reasoning options.
	Reasoning rpc.Raw[vocabulary.Reasoning] `json:"reasoning,omitempty"`
	CallTimeout
}

// Trace is the record of a session.
type Trace struct{}

// JSONSchemaText is the schema of a Trace.
func (Trace) JSONSchemaText() string {
	return `{
		"type": "object",
		"properties": {
			"id": {"type": "string"},
			"metadata": {"type": "object", "properties": {"source_path": {"type": "string"}}},
			"items": {"type": "array", "items": {}, "description": "Items, as in the input of a response."}
		},
		"examples": [{"id": "trace_1", "metadata": {"source_path": "memory.jsonl"}, "items": [{"type": "message", "content": "Remember this."}]}]
	}`
}

// TraceSummaries holds the summaries of the traces, in order.
type TraceSummaries struct {
	Output []TraceSummary `json:"output"`
}

// TraceSummary is the summary of a trace.
type TraceSummary struct {
	// A summary of the session.
	TraceSummary string `json:"trace_summary"`
	// The same text, under the Python SDK's name.
	RawMemory string `json:"raw_memory"`
	// A summary of what to remember.
	MemorySummary string `json:"memory_summary"`
}

func (s *Service) summarizeTraces(ctx context.Context, p *TraceSummarizeParams) (*rpc.Raw[TraceSummaries], error) {
	var body rawjson.Object
	body.SetString("model", p.Model)
	body.Set("traces", p.Traces.Value)
	body.Set("reasoning", p.Reasoning.Value)
	answer, err := s.fetchObject(ctx, &backend.Request{
		Method: "POST", Base: backend.Codex, Path: []string{"memories", "trace_summarize"},
		Body: backend.JSONBody(body.Value().Bytes()), Timeout: p.duration(),
	})
	if err != nil {
		return nil, err
	}
	output := answer.Get("output").Map(func(summary rawjson.Value) rawjson.Value {
		text := valueOr(summary.Get("trace_summary"), valueOr(summary.Get("raw_memory"), rawjson.String("")))
		var defaults rawjson.Object
		defaults.Set("trace_summary", text)
		defaults.Set("raw_memory", text)
		defaults.SetString("memory_summary", "")
		return complete(summary, defaults.Value())
	})
	return rpc.RawOf[TraceSummaries](answer.With("output", output)), nil
}
