package vocabulary

// ToolChoice controls whether the model must call a tool, and which: "auto",
// "none", "required", or an object that names tools.
type ToolChoice struct{}

// Union implements [Union].
func (ToolChoice) Union() []any {
	return []any{Mode(""), ToolChoiceFunction{}, ToolChoiceCustom{}, ToolChoiceMcp{}, ToolChoiceAllowed{}, Other{Untyped: true, Given: true}}
}

// Mode is a tool choice that does not name a tool.
type Mode string

// Known returns the known values.
func (Mode) Known() []string { return []string{"auto", "none", "required"} }

// ToolChoiceFunction forces a call of a function.
type ToolChoiceFunction struct {
	_    struct{} `type:"function"`
	Name string   `json:"name"`
}

// ToolChoiceCustom forces a call of a custom tool.
type ToolChoiceCustom struct {
	_    struct{} `type:"custom"`
	Name string   `json:"name"`
}

// ToolChoiceMcp forces a call of a tool of an MCP server.
type ToolChoiceMcp struct {
	_           struct{} `type:"mcp"`
	ServerLabel string   `json:"server_label"`
	Name        string   `json:"name,omitempty"`
}

// ToolChoiceAllowed restricts the model to some of the tools.
type ToolChoiceAllowed struct {
	_     struct{} `type:"allowed_tools"`
	Mode  string   `json:"mode" known:"auto|required"`
	Tools []Object `json:"tools"`
}

// Reasoning holds the reasoning options.
type Reasoning struct {
	// The effort, as a level or a number. models.list returns the levels that a model supports.
	Effort Effort `json:"effort,omitempty"`
	// The kind of reasoning summary.
	Summary string `json:"summary,omitempty" known:"auto|concise|detailed"`
	// Which reasoning of earlier turns is used.
	Context string `json:"context,omitempty" known:"auto|current_turn|all_turns"`
}

// Effort is the reasoning effort: a level or a number.
type Effort struct{}

// Union implements [Union].
func (Effort) Union() []any { return []any{ReasoningEffort(""), 0.5} }

// ReasoningEffort is a level of effort.
type ReasoningEffort string

// Known returns the known values.
func (ReasoningEffort) Known() []string {
	return []string{"none", "minimal", "low", "medium", "high", "xhigh", "max", "ultra"}
}

// ResponseTextConfig holds the options of the output text.
type ResponseTextConfig struct {
	Verbosity string             `json:"verbosity,omitempty" known:"low|medium|high"`
	Format    ResponseTextFormat `json:"format,omitempty"`
}

// ResponseTextFormat is the format of the output text.
type ResponseTextFormat struct{}

// Union implements [Union].
func (ResponseTextFormat) Union() []any {
	return []any{ResponseFormatText{}, ResponseFormatJSONObject{}, ResponseFormatJSONSchema{}, Other{Given: true}}
}

// ResponseFormatText is unconstrained text.
type ResponseFormatText struct {
	_ struct{} `type:"text"`
}

// ResponseFormatJSONObject is a JSON object.
type ResponseFormatJSONObject struct {
	_ struct{} `type:"json_object"`
}

// ResponseFormatJSONSchema is JSON that matches a schema.
type ResponseFormatJSONSchema struct {
	_      struct{}   `type:"json_schema"`
	Name   string     `json:"name,omitempty"`
	Schema JSONSchema `json:"schema"`
	// The purpose of the format.
	Description string `json:"description,omitempty"`
	// Whether to enforce the schema. Defaults to true.
	Strict bool `json:"strict,omitempty"`
}
