package methods

// A Response is a model response: what the backend's final event holds, with
// what was collected from the stream where that leaves something out, and the
// members that the SDKs derive.
type Response struct {
	ID     string `json:"id" jsonschema:"example=resp_1"`
	Object string `json:"object" jsonschema:"enum=response"`
	// Unix time in seconds.
	CreatedAt float64 `json:"created_at"`
	// Unix time in seconds.
	CompletedAt float64 `json:"completed_at,omitempty" jsonschema:"nullable"`
	// As "completed" or "incomplete".
	Status            string     `json:"status"`
	Error             Object     `json:"error" jsonschema:"nullable"`
	IncompleteDetails Object     `json:"incomplete_details" jsonschema:"nullable"`
	Model             string     `json:"model"`
	Instructions      any        `json:"instructions,omitempty"`
	Tools             []Object   `json:"tools"`
	ToolChoice        ToolChoice `json:"tool_choice"`
	ParallelToolCalls bool       `json:"parallel_tool_calls"`
	PromptCacheKey    string     `json:"prompt_cache_key,omitempty" jsonschema:"nullable"`
	ServiceTier       string     `json:"service_tier,omitempty" jsonschema:"nullable"`
	Reasoning         Object     `json:"reasoning,omitzero" jsonschema:"nullable"`
	Text              Object     `json:"text,omitzero" jsonschema:"nullable"`
	Usage             TokenUsage `json:"usage"`
	// The items that the model produced: messages, reasoning, calls of tools.
	Output []OutputItem `json:"output"`
	// The text of all messages.
	OutputText string `json:"output_text"`
	// The summaries of the reasoning, a line each.
	ReasoningSummary string `json:"reasoning_summary" jsonschema:"nullable"`
	// The items of output that are function calls.
	ToolCalls []OutputItem `json:"tool_calls"`
}

// An OutputItem is a part of a response. Which members it has depends on its
// type.
type OutputItem struct {
	// As "message", "reasoning" or "function_call".
	Type   string `json:"type"`
	ID     string `json:"id,omitempty"`
	Status string `json:"status,omitempty"`
	Role   string `json:"role,omitempty"`
	// Of a message: "commentary" or "final_answer".
	Phase   string   `json:"phase,omitempty" jsonschema:"nullable"`
	Content []Object `json:"content,omitempty" jsonschema:"nullable"`
	Summary []Object `json:"summary,omitempty"`
	CallID  string   `json:"call_id,omitempty"`
	Name    string   `json:"name,omitempty"`
	// The arguments of a function call, JSON as a string.
	Arguments string `json:"arguments,omitempty"`
}

// TokenUsage counts tokens.
type TokenUsage struct {
	InputTokens         int          `json:"input_tokens"`
	OutputTokens        int          `json:"output_tokens"`
	TotalTokens         int          `json:"total_tokens"`
	InputTokensDetails  TokenDetails `json:"input_tokens_details"`
	OutputTokensDetails TokenDetails `json:"output_tokens_details"`
}

// TokenDetails are the tokens that differ in kind from the rest.
type TokenDetails struct {
	// Null if the backend did not say.
	CachedTokens     *int `json:"cached_tokens" jsonschema:"nullable"`
	CacheWriteTokens int  `json:"cache_write_tokens"`
	ReasoningTokens  int  `json:"reasoning_tokens"`
}

// A BackendEvent is an event of the backend as it came. Which further members it
// has depends on its type.
type BackendEvent struct {
	// As "response.output_text.delta" or "transcript.text.delta".
	Type string `json:"type"`
}
