package vocabulary

// ResponseFields are the members of a response whether it is complete or not.
type ResponseFields struct {
	ID     string `json:"id" jsonschema:"example=resp_1"`
	Object string `json:"object" jsonschema:"enum=response"`
	// Unix time in seconds.
	CreatedAt float64 `json:"created_at"`
	// Unix time in seconds.
	CompletedAt float64 `json:"completed_at,omitempty" jsonschema:"nullable"`
	// As "completed" or "incomplete".
	Status string `json:"status" known:"completed|incomplete|in_progress|queued|failed"`
	// Why it failed, as {"code": "…", "message": "…"}.
	Error Object `json:"error" jsonschema:"nullable"`
	// Why it is incomplete, as {"reason": "max_output_tokens"}.
	IncompleteDetails Object              `json:"incomplete_details" jsonschema:"nullable"`
	Model             string              `json:"model"`
	Instructions      any                 `json:"instructions,omitempty"`
	Tools             []Tool              `json:"tools"`
	ToolChoice        ToolChoice          `json:"tool_choice"`
	ParallelToolCalls bool                `json:"parallel_tool_calls"`
	PromptCacheKey    string              `json:"prompt_cache_key,omitempty" jsonschema:"nullable"`
	ServiceTier       string              `json:"service_tier,omitempty" jsonschema:"nullable"`
	Reasoning         *Reasoning          `json:"reasoning,omitempty" jsonschema:"nullable"`
	Text              *ResponseTextConfig `json:"text,omitempty" jsonschema:"nullable"`
	// The items that the model produced: messages, reasoning, calls of tools.
	Output []ResponseOutputItem `json:"output"`
}

// ResponseSnapshot is a response as the events of the backend hold it.
type ResponseSnapshot struct {
	ResponseFields
	// Null while the response is under way.
	Usage *ReportedUsage `json:"usage"`
}

// ReportedUsage counts tokens, as far as the backend says.
type ReportedUsage struct {
	InputTokens         int                   `json:"input_tokens"`
	OutputTokens        int                   `json:"output_tokens"`
	TotalTokens         int                   `json:"total_tokens"`
	InputTokensDetails  *ReportedTokenDetails `json:"input_tokens_details,omitempty"`
	OutputTokensDetails *ReportedTokenDetails `json:"output_tokens_details,omitempty"`
}

// ReportedTokenDetails are the tokens that differ in kind from the rest, as far as
// the backend says.
type ReportedTokenDetails struct {
	CachedTokens     int `json:"cached_tokens,omitempty"`
	CacheWriteTokens int `json:"cache_write_tokens,omitempty"`
	ReasoningTokens  int `json:"reasoning_tokens,omitempty"`
}

// ResponseUsage counts tokens.
type ResponseUsage struct {
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
