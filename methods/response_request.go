package methods

import (
	"cmp"

	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// ResponseRequest holds the parameters of a response: those of the official
// Responses API that the Codex backend supports.
type ResponseRequest struct {
	// The input: a text, an item, or a list of items. The backend stores no
	// history, so the input includes all earlier turns, with the output items of
	// their responses.
	Input rpc.Raw[Input] `json:"input,omitempty"`
	ModelRequest
	// Additional data to include in the output.
	Include rpc.Raw[[]vocabulary.ResponseIncludable] `json:"include,omitempty"`
	// Whether the model must call a tool, and which. Defaults to "none" without tools.
	ToolChoice rpc.Raw[vocabulary.ToolChoice] `json:"tool_choice,omitempty"`
	// Must be false: the backend stores no responses.
	Store NotStored `json:"store,omitempty"`
}

// ModelRequest holds the parameters that responses and compactions have in common.
type ModelRequest struct {
	// The model. Defaults to the session's model.
	Model string `json:"model,omitempty" jsonschema:"minLength=1,example=gpt-5.5"`
	// The system message. Defaults to the session's instructions.
	Instructions *string `json:"instructions,omitempty" jsonschema:"example=Be brief."`
	// The tools available to the model.
	Tools rpc.Raw[[]vocabulary.Tool] `json:"tools,omitempty"`
	// Allow parallel tool calls.
	ParallelToolCalls bool `json:"parallel_tool_calls,omitempty"`
	// Reasoning options.
	Reasoning rpc.Raw[vocabulary.Reasoning] `json:"reasoning,omitempty"`
	// Options of the output text, such as its format.
	Text rpc.Raw[vocabulary.ResponseTextConfig] `json:"text,omitempty"`
	// The key of the prompt cache: requests with the same key are likely to share
	// cached prompts.
	PromptCacheKey *string `json:"prompt_cache_key,omitempty" jsonschema:"example=session-123"`
	// Derive a missing prompt_cache_key from the start of the conversation (the
	// model, the instructions, and the input up to the first user message), so
	// that its turns share cached prompts.
	DeriveCacheKey bool `json:"derive_cache_key,omitempty"`
	// The service tier.
	ServiceTier rpc.Raw[vocabulary.ServiceTier] `json:"service_tier,omitempty"`
	// Identifies the agent turn, from the user's message to the final answer,
	// that the call belongs to. The backend routes calls of a turn to the same
	// machine, whose caches hold it. A turn expires an hour after its last use; its
	// state is not sent with a compaction.
	Turn string `json:"turn,omitempty" jsonschema:"maxLength=512,example=turn-1"`
	// Use Responses Lite, the request form for newer models: no hosted tools, one
	// tool call at a time. Defaults to what models.list reports for the model,
	// and to false if the request has hosted tools or parallel_tool_calls, or is a
	// compaction that the model supports without it.
	Lite *bool `json:"lite,omitempty"`
	// The transport: http; websocket, with a connection per conversation that
	// sends only new items; or auto, which is websocket if the backend supports
	// it. Requests that cannot be sent by websocket are sent by http. Defaults to
	// the session's transport, which is http unless set.
	Transport string `json:"transport,omitempty" jsonschema:"enum=http,enum=websocket,enum=auto"`
	ExtraBody
}

// Input is the input of a response. Items of earlier responses are sent back
// unchanged.
type Input struct{}

// Union implements [vocabulary.Union].
func (Input) Union() []any {
	return []any{"", []vocabulary.ResponseInputItem{}, vocabulary.ResponseInputItem{}}
}

// Examples returns examples.
func (Input) Examples() []any {
	return []any{"Say hello", []any{map[string]any{"role": "user", "content": "Say hello"}}}
}

// NotStored is the type of the parameter store, which must be false.
type NotStored bool

// JSONSchemaText is the schema of NotStored.
func (NotStored) JSONSchemaText() string {
	return `{"const": false, "x-unsupported": "The Codex backend only accepts store=False."}`
}

// Rejected holds the official parameters that the backend rejects. Null counts as
// omitted.
type Rejected struct {
	Background           Unsupported `json:"background,omitzero"`
	ContextManagement    Unsupported `json:"context_management,omitzero"`
	Conversation         Unsupported `json:"conversation,omitzero"`
	MaxOutputTokens      Unsupported `json:"max_output_tokens,omitzero"`
	MaxToolCalls         Unsupported `json:"max_tool_calls,omitzero"`
	Metadata             Unsupported `json:"metadata,omitzero"`
	Moderation           Unsupported `json:"moderation,omitzero"`
	PreviousResponseID   Unsupported `json:"previous_response_id,omitzero"`
	Prompt               Unsupported `json:"prompt,omitzero"`
	PromptCacheOptions   Unsupported `json:"prompt_cache_options,omitzero"`
	PromptCacheRetention Unsupported `json:"prompt_cache_retention,omitzero"`
	SafetyIdentifier     Unsupported `json:"safety_identifier,omitzero"`
	StreamOptions        Unsupported `json:"stream_options,omitzero"`
	Temperature          Unsupported `json:"temperature,omitzero"`
	TopLogprobs          Unsupported `json:"top_logprobs,omitzero"`
	TopP                 Unsupported `json:"top_p,omitzero"`
	Truncation           Unsupported `json:"truncation,omitzero"`
	User                 Unsupported `json:"user,omitzero"`
}

// Unsupported is the type of parameters that accept no value.
type Unsupported struct{}

// JSONSchemaText is the schema of Unsupported.
func (Unsupported) JSONSchemaText() string {
	return `{"not": {}, "description": "Rejected by the Codex backend.",
		"x-unsupported": "The Codex backend rejects these official Responses parameters: %s."}`
}

// cacheKey returns the prompt cache key that is sent, "" if there is none.
func (r *ResponseRequest) cacheKey() string {
	if extra := r.ExtraBody.ExtraBody.Get("prompt_cache_key"); extra.Kind() != 0 {
		text, _ := extra.Text()
		return text
	}
	return deref(r.PromptCacheKey)
}

// namedModel returns the model that the call names, "" if it names none.
func (r *ResponseRequest) namedModel() string {
	return cmp.Or(textOf(r.ExtraBody.ExtraBody.Value, "model"), r.Model)
}

// A preparedRequest is a request in the backend's form. Absent members are not
// sent.
type preparedRequest struct {
	lane
	model, instructions, include, tools, toolChoice rawjson.Value
	promptCacheKey, serviceTier, reasoning, text    rawjson.Value
	parallel                                        bool
	input                                           rawjson.Value // as given; converted when the body is built
	compact                                         bool          // append a compaction trigger
	clientMetadata                                  rawjson.Value
	extra                                           rawjson.Value // members that override others
}

// prepare converts the parameters to the backend's form for a lane.
func (r *ResponseRequest) prepare(l lane, model, instructions string) *preparedRequest {
	if r.Instructions != nil {
		instructions = *r.Instructions
	}
	p := &preparedRequest{
		lane:         l,
		model:        rawjson.String(model),
		instructions: rawjson.String(instructions),
		input:        r.Input.Value,
		include:      valueOr(r.Include.Value, rawjson.List()),
		tools:        valueOr(r.Tools.Value, rawjson.List()),
		toolChoice:   rawjson.String("none"),
		reasoning:    normalReasoning(r.Reasoning.Value),
		text:         normalText(r.Text.Value),
		extra:        r.ExtraBody.ExtraBody.Value,

		promptCacheKey: optional(r.PromptCacheKey, rawjson.String),
		serviceTier:    r.ServiceTier.Value,
	}
	// On the lite lane, items of the input may contain tools.
	if l == liteLane || !isEmptyList(p.tools) {
		p.parallel = r.ParallelToolCalls
		p.toolChoice = valueOr(r.ToolChoice.Value, rawjson.String("auto"))
	}
	if l == liteLane {
		p.reasoning = p.reasoning.With("context", rawjson.String(allTurns))
	}
	return p
}

// body returns the body of the request.
func (p *preparedRequest) body() rawjson.Object { return p.bodyWith(p.appendInput) }

// bodyWith returns the body with an input that fill appends, or without an input
// if fill is nil.
func (p *preparedRequest) bodyWith(fill func(*rawjson.Array)) (body rawjson.Object) {
	body.Set("model", p.model)
	if p.lane == fullLane {
		body.Set("instructions", p.instructions)
	}
	if fill != nil {
		body.SetArray("input", fill)
	}
	if p.lane == fullLane {
		body.Set("tools", p.tools)
	}
	body.Set("tool_choice", p.toolChoice)
	body.Set("parallel_tool_calls", rawjson.Bool(p.parallel))
	body.Set("store", rawjson.Bool(false))
	body.Set("stream", rawjson.Bool(true))
	body.Set("include", p.include)
	body.Set("client_metadata", p.clientMetadata)
	body.Set("prompt_cache_key", p.promptCacheKey)
	body.Set("service_tier", p.serviceTier)
	body.Set("reasoning", p.reasoning)
	body.Set("text", p.text)
	if p.extra.Kind() != 0 {
		var merged rawjson.Object
		merged.SetAll(body.Value().Merge(p.extra))
		return merged
	}
	return body
}

// compactionTrigger is the last item of an input to be compacted.
var compactionTrigger = rawjson.MustParse(`{"type":"compaction_trigger"}`)

// split returns the body without the input, and the input.
func (p *preparedRequest) split() (rest rawjson.Value, input splitText) {
	body := p.bodyWith(nil)
	if given := p.extra.Get("input"); given.Kind() != 0 {
		return body.Value().Without("input"), splitText{given.Bytes()}
	}
	var items rawjson.Array
	p.appendInput(&items)
	return body.Value(), items.Parts()
}

func (p *preparedRequest) appendInput(items *rawjson.Array) {
	if p.lane == liteLane {
		p.appendLead(items)
	}
	itemForm{p.lane, p.wraps()}.appendItems(items, p.input)
	if p.compact {
		items.Append(compactionTrigger)
	}
}

// deref returns the text that a pointer refers to, "" for nil.
func deref(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
