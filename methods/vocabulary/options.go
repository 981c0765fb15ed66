package vocabulary

// ToolChoice controls whether the model must call a tool, and which: "auto",
// "none", "required", or an object that names tools.
type ToolChoice struct{}

// Union implements [Union].
func (ToolChoice) Union() []any {
	return []any{Mode(""), ToolChoiceFunction{}, ToolChoiceCustom{}, ToolChoiceMcp{}, ToolChoiceAllowed{}, ToolChoiceTypes{}, Other{Untyped: true, Given: true}}
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

// ToolChoiceTypes forces a call of a tool that has no name.
type ToolChoiceTypes struct {
	_ struct{} `type:"web_search|web_search_preview|web_search_preview_2025_03_11|file_search|image_generation|code_interpreter|computer|computer_use|computer_use_preview|shell|apply_patch|programmatic_tool_calling"`
}

// Reasoning holds the reasoning options.
type Reasoning struct {
	// The effort, as a level or a number. models.list returns the levels that a model supports.
	Effort Effort `json:"effort,omitempty"`
	// The kind of reasoning summary.
	Summary ReasoningSummary `json:"summary,omitempty"`
	// Which reasoning of earlier turns is used.
	Context string `json:"context,omitempty" known:"auto|current_turn|all_turns"`
	Mode    string `json:"mode,omitempty" known:"standard|pro"`
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

// ReasoningSummary is a kind of reasoning summary.
type ReasoningSummary string

// Known returns the known values.
func (ReasoningSummary) Known() []string { return []string{"auto", "concise", "detailed"} }

// Verbosity is a level of verbosity.
type Verbosity string

// Known returns the known values.
func (Verbosity) Known() []string { return []string{"low", "medium", "high"} }

// ServiceTier is a service tier.
type ServiceTier string

// Known returns the known values.
func (ServiceTier) Known() []string { return []string{"priority", "flex", "default", "auto"} }

// ResponseIncludable is additional data to include in the output.
type ResponseIncludable string

// Known returns the known values.
func (ResponseIncludable) Known() []string {
	return []string{
		"reasoning.encrypted_content", "web_search_call.action.sources", "web_search_call.results", "file_search_call.results",
		"code_interpreter_call.outputs", "computer_call_output.output.image_url", "message.input_image.image_url",
		"message.output_text.logprobs",
	}
}

// ResponseTextConfig holds the options of the output text.
type ResponseTextConfig struct {
	Verbosity Verbosity          `json:"verbosity,omitempty"`
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
