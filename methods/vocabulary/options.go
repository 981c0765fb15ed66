package vocabulary

// ToolChoice says whether the model must call a tool, and which: "auto", "none",
// "required", or an object that names tools.
type ToolChoice struct{}

// Union implements [Union].
func (ToolChoice) Union() []any {
	return []any{Mode(""), ToolChoiceFunction{}, ToolChoiceCustom{}, ToolChoiceMcp{}, ToolChoiceAllowed{}, Other{Untyped: true, Given: true}}
}

// A Mode is a word in place of a tool.
type Mode string

// Known returns the words.
func (Mode) Known() []string { return []string{"auto", "none", "required"} }

// ToolChoiceFunction has the model call a function.
type ToolChoiceFunction struct {
	_    struct{} `type:"function"`
	Name string   `json:"name"`
}

// ToolChoiceCustom has the model call a custom tool.
type ToolChoiceCustom struct {
	_    struct{} `type:"custom"`
	Name string   `json:"name"`
}

// ToolChoiceMcp has the model call a tool of an MCP server.
type ToolChoiceMcp struct {
	_           struct{} `type:"mcp"`
	ServerLabel string   `json:"server_label"`
	Name        string   `json:"name,omitempty"`
}

// ToolChoiceAllowed lets the model call some of the tools alone.
type ToolChoiceAllowed struct {
	_     struct{} `type:"allowed_tools"`
	Mode  string   `json:"mode" known:"auto|required"`
	Tools []Object `json:"tools"`
}

// Reasoning says how to reason.
type Reasoning struct {
	// A word or a number; the list of models says which a model knows.
	Effort Effort `json:"effort,omitempty"`
	// What summary of the reasoning to give.
	Summary string `json:"summary,omitempty" known:"auto|concise|detailed"`
	// Which reasoning of earlier turns counts.
	Context string `json:"context,omitempty" known:"auto|current_turn|all_turns"`
}

// Effort is how much to reason.
type Effort struct{}

// Union implements [Union].
func (Effort) Union() []any { return []any{ReasoningEffort(""), 0.5} }

// A ReasoningEffort is a word for how much to reason.
type ReasoningEffort string

// Known returns the words.
func (ReasoningEffort) Known() []string {
	return []string{"none", "minimal", "low", "medium", "high", "xhigh", "max", "ultra"}
}

// ResponseTextConfig says what the text of a response is to be like.
type ResponseTextConfig struct {
	Verbosity string             `json:"verbosity,omitempty" known:"low|medium|high"`
	Format    ResponseTextFormat `json:"format,omitempty"`
}

// ResponseTextFormat is the form of a text.
type ResponseTextFormat struct{}

// Union implements [Union].
func (ResponseTextFormat) Union() []any {
	return []any{ResponseFormatText{}, ResponseFormatJSONObject{}, ResponseFormatJSONSchema{}, Other{Given: true}}
}

// ResponseFormatText is any text.
type ResponseFormatText struct {
	_ struct{} `type:"text"`
}

// ResponseFormatJSONObject is a JSON object.
type ResponseFormatJSONObject struct {
	_ struct{} `type:"json_object"`
}

// ResponseFormatJSONSchema is JSON that fits a schema.
type ResponseFormatJSONSchema struct {
	_      struct{}   `type:"json_schema"`
	Name   string     `json:"name,omitempty"`
	Schema JSONSchema `json:"schema"`
	// What the answer is for.
	Description string `json:"description,omitempty"`
	// Whether it fits the schema for sure; true if left out.
	Strict bool `json:"strict,omitempty"`
}
