package vocabulary

// ResponseInputItem is an input item: a message, the output of a tool call, or an output item of an earlier response,
// unchanged.
type ResponseInputItem struct{}

// Union implements [Union].
func (ResponseInputItem) Union() []any {
	return append([]any{EasyInputMessage{}}, append(items(), CompactionTrigger{}, ItemReference{}, Other{Given: true})...)
}

// ResponseOutputItem is an output item: a message, reasoning, or a tool call.
type ResponseOutputItem struct{}

// Union implements [Union].
func (ResponseOutputItem) Union() []any {
	return append([]any{ResponseOutputMessage{}}, append(items(), Other{})...)
}

// items returns the items that occur in both inputs and outputs.
func items() []any {
	return []any{
		ResponseReasoningItem{}, ResponseCompactionItem{}, AdditionalTools{},
		ResponseFunctionToolCall{}, ResponseFunctionToolCallOutput{}, ResponseCustomToolCall{}, ResponseCustomToolCallOutput{},
		ResponseToolSearchCall{}, ResponseToolSearchOutput{}, ResponseWebSearchCall{}, ResponseImageGenerationCall{},
		LocalShellCall{}, LocalShellCallOutput{}, ResponseFunctionShellToolCall{}, ResponseFunctionShellToolCallOutput{},
		ResponseApplyPatchToolCall{}, ResponseApplyPatchToolCallOutput{}, ResponseFileSearchToolCall{}, ResponseCodeInterpreterToolCall{},
		ResponseComputerToolCall{}, ResponseComputerToolCallOutput{}, McpCall{}, McpListTools{}, McpApprovalRequest{}, McpApprovalResponse{},
		Program{}, ProgramOutput{}, ResponseConfigurationUpdate{},
	}
}

// EasyInputMessage is an input message. An item without a type is a message.
type EasyInputMessage struct {
	_ struct{} `type:"message,optional"`
	// The backend's name for "system" is "developer", and it is sent as such.
	Role string `json:"role" known:"user|assistant|developer|system"`
	// A text, or a list of texts and content parts.
	Content TextOr[[]ResponseContent] `json:"content"`
	ID      string                    `json:"id,omitempty"`
	Status  string                    `json:"status,omitempty" known:"in_progress|completed|incomplete"`
	// The phase of a model's message: commentary, or the final answer.
	Phase string `json:"phase,omitempty" known:"commentary|final_answer"`
	// Encrypted content, readable only by the backend.
	EncryptedContent string `json:"encrypted_content,omitempty"`
	// Metadata of the backend.
	Passthrough Object `json:"internal_chat_message_metadata_passthrough,omitempty"`
}

// ResponseOutputMessage is an output message.
type ResponseOutputMessage struct {
	_       struct{}                `type:"message"`
	ID      string                  `json:"id"`
	Role    string                  `json:"role" known:"assistant"`
	Status  string                  `json:"status" known:"in_progress|completed|incomplete"`
	Content []ResponseOutputContent `json:"content"`
	// The phase of the message: commentary, or the final answer.
	Phase string `json:"phase,omitempty" known:"commentary|final_answer"`
	// Encrypted content, readable only by the backend.
	EncryptedContent string `json:"encrypted_content,omitempty"`
	// Metadata of the backend.
	Passthrough Object `json:"internal_chat_message_metadata_passthrough,omitempty"`
}

// ResponseReasoningItem is the model's reasoning.
type ResponseReasoningItem struct {
	_       struct{}                   `type:"reasoning"`
	ID      string                     `json:"id"`
	Summary []ResponseReasoningSummary `json:"summary"`
	Content []ResponseReasoningContent `json:"content,omitempty"`
	// The encrypted reasoning, readable only by the backend. Present if requested with include.
	EncryptedContent string `json:"encrypted_content,omitempty"`
	Status           string `json:"status,omitempty" known:"in_progress|completed|incomplete"`
}

// ResponseCompactionItem replaces the items that were compacted. Its content is readable only by the backend.
type ResponseCompactionItem struct {
	_                struct{} `type:"compaction|compaction_summary"`
	ID               string   `json:"id,omitempty"`
	EncryptedContent string   `json:"encrypted_content"`
	CreatedBy        string   `json:"created_by,omitempty"`
}

// CompactionTrigger requests a compaction of the input, as its last item.
type CompactionTrigger struct {
	_  struct{} `type:"compaction_trigger"`
	ID string   `json:"id,omitempty"`
}

// ItemReference refers to a stored item by its id.
type ItemReference struct {
	_  struct{} `type:"item_reference"`
	ID string   `json:"id"`
}

// AdditionalTools adds tools for the rest of the conversation.
type AdditionalTools struct {
	_     struct{} `type:"additional_tools"`
	ID    string   `json:"id,omitempty"`
	Role  string   `json:"role" known:"developer"`
	Tools []Tool   `json:"tools"`
}

// ResponseConfigurationUpdate changes the model's configuration for the rest of the conversation.
type ResponseConfigurationUpdate struct {
	_         struct{} `type:"configuration_update"`
	ID        string   `json:"id,omitempty"`
	Reasoning Object   `json:"reasoning,omitempty"`
	Text      Object   `json:"text,omitempty"`
}
