package methods

import (
	"context"
	"strconv"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// ResponsesCompactParams are the parameters of responses.compact.
type ResponsesCompactParams struct {
	// The model, the session's default if left out.
	Model string `json:"model,omitempty" jsonschema:"minLength=1,example=gpt-5.4"`
	// The items to compress.
	Input rpc.Raw[InputItems] `json:"input"`
	// What to keep, the session's instructions if left out.
	Instructions *string `json:"instructions,omitempty" jsonschema:"example=Keep task-critical context."`
	// The tools that the input's calls refer to.
	Tools rpc.Raw[[]Tool] `json:"tools,omitempty"`
	// Whether the model may call several tools at once.
	ParallelToolCalls bool `json:"parallel_tool_calls,omitempty"`
	// How to reason.
	Reasoning rpc.Raw[Reasoning] `json:"reasoning,omitempty"`
	// The service tier, such as "priority" or "flex".
	ServiceTier *string `json:"service_tier,omitempty" jsonschema:"example=priority"`
	// Requests with the same key are likely to find each other's prompt cached.
	PromptCacheKey *string `json:"prompt_cache_key,omitempty" jsonschema:"example=session-123"`
	// The form of the text.
	Text rpc.Raw[TextOptions] `json:"text,omitempty"`
	CallTimeout
}

// InputItems are a list of items.
type InputItems struct{}

// JSONSchemaText is the schema of InputItems.
func (InputItems) JSONSchemaText() string {
	return `{"type": "array", "items": ` + inputItemSchema + `, "examples": [[{"role": "user", "content": "A long story."}]]}`
}

// A CompactedResponse is what a long input was compressed into.
type CompactedResponse struct {
	ID     string `json:"id" jsonschema:"example=resp_1"`
	Object string `json:"object" jsonschema:"enum=response.compacted"`
	// The items to go on with in the place of the input. Those of the type
	// compaction_summary are encrypted, and for the backend alone.
	Output []OutputItem `json:"output"`
}

func (s *Service) compactResponse(ctx context.Context, p *ResponsesCompactParams) (*rpc.Raw[CompactedResponse], error) {
	request := (&ResponseRequest{
		Model: p.Model, Input: rpc.Raw[Input]{Value: p.Input.Value}, Instructions: p.Instructions,
		Tools: p.Tools, ParallelToolCalls: p.ParallelToolCalls, Reasoning: p.Reasoning,
		ServiceTier: p.ServiceTier, PromptCacheKey: p.PromptCacheKey, Text: p.Text,
	}).prepare(s.Defaults())
	compacted, err := s.fetchObject(ctx, &backend.Request{
		Method: "POST", Base: backend.Codex, Path: []string{"responses", "compact"},
		Body: backend.JSONBody(request.compactBody()), Timeout: p.duration(),
	})
	if err != nil {
		return nil, err
	}
	text := complete(compacted, []member{{"id", `""`}, {"output", "[]"}})
	if compacted, err = rawjson.Parse(text); err != nil {
		return nil, err
	}
	return rpc.RawOf[CompactedResponse](with(compacted, "object", []byte(`"response.compacted"`)))
}

// compactBody returns the text that is posted to have the input compressed.
func (p *preparedRequest) compactBody() []byte {
	body := p.begin()
	body.given("tools", p.tools)
	body.set("parallel_tool_calls", strconv.FormatBool(p.parallel))
	body.given("reasoning", p.reasoning)
	body.given("service_tier", p.serviceTier)
	body.given("prompt_cache_key", p.promptCacheKey)
	body.given("text", p.text)
	return body.end()
}
