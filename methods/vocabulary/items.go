package vocabulary

// ResponseInputItem is an item of an input: a message, the output of a tool call, or
// an item that a response gave, which goes back as it came.
type ResponseInputItem struct{}

// Union implements [Union].
func (ResponseInputItem) Union() []any {
	return append([]any{EasyInputMessage{}}, append(items(), CompactionTrigger{}, ItemReference{}, Other{Given: true})...)
}

// ResponseOutputItem is an item of a response: a message, reasoning, a call of a
// tool.
type ResponseOutputItem struct{}

// Union implements [Union].
func (ResponseOutputItem) Union() []any {
	return append([]any{ResponseOutputMessage{}}, append(items(), Other{})...)
}

// items returns those that inputs and outputs have alike.
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

// EasyInputMessage is a message of an input. An item without a type is one.
type EasyInputMessage struct {
	_ struct{} `type:"message,optional"`
	// "system" goes out as "developer", which is what the backend calls it.
	Role string `json:"role" known:"user|assistant|developer|system"`
	// A text, or a list of texts and parts.
	Content TextOr[[]ResponseContent] `json:"content"`
	ID      string                    `json:"id,omitempty"`
	Status  string                    `json:"status,omitempty" known:"in_progress|completed|incomplete"`
	// Of a message of the model: whether it is the answer or what was said on the way to it.
	Phase string `json:"phase,omitempty" known:"commentary|final_answer"`
	// What only the backend can read.
	EncryptedContent string `json:"encrypted_content,omitempty"`
	// What the backend notes about a message.
	Passthrough Object `json:"internal_chat_message_metadata_passthrough,omitempty"`
}

// ResponseOutputMessage is a message of the model.
type ResponseOutputMessage struct {
	_       struct{}                `type:"message"`
	ID      string                  `json:"id"`
	Role    string                  `json:"role" known:"assistant"`
	Status  string                  `json:"status" known:"in_progress|completed|incomplete"`
	Content []ResponseOutputContent `json:"content"`
	// Whether this is the answer or what is said on the way to it.
	Phase string `json:"phase,omitempty" known:"commentary|final_answer"`
	// What only the backend can read.
	EncryptedContent string `json:"encrypted_content,omitempty"`
	// What the backend notes about a message.
	Passthrough Object `json:"internal_chat_message_metadata_passthrough,omitempty"`
}

// ResponseReasoningItem is what the model thought.
type ResponseReasoningItem struct {
	_       struct{}                   `type:"reasoning"`
	ID      string                     `json:"id"`
	Summary []ResponseReasoningSummary `json:"summary"`
	Content []ResponseReasoningContent `json:"content,omitempty"`
	// All of it, which only the backend can read; given where include names it.
	EncryptedContent string `json:"encrypted_content,omitempty"`
	Status           string `json:"status,omitempty" known:"in_progress|completed|incomplete"`
}

// ResponseCompactionItem stands for the items that it was made of, and only the
// backend can read it.
type ResponseCompactionItem struct {
	_                struct{} `type:"compaction|compaction_summary"`
	ID               string   `json:"id,omitempty"`
	EncryptedContent string   `json:"encrypted_content"`
	CreatedBy        string   `json:"created_by,omitempty"`
}

// CompactionTrigger, as the last item, has the input compacted.
type CompactionTrigger struct {
	_  struct{} `type:"compaction_trigger"`
	ID string   `json:"id,omitempty"`
}

// ItemReference stands for an item by its id, where the items are stored.
type ItemReference struct {
	_  struct{} `type:"item_reference"`
	ID string   `json:"id"`
}

// AdditionalTools adds to the tools that the model may call from here on.
type AdditionalTools struct {
	_     struct{} `type:"additional_tools"`
	ID    string   `json:"id,omitempty"`
	Role  string   `json:"role" known:"developer"`
	Tools []Tool   `json:"tools"`
}

// ResponseConfigurationUpdate changes how the model works from here on.
type ResponseConfigurationUpdate struct {
	_         struct{} `type:"configuration_update"`
	ID        string   `json:"id,omitempty"`
	Reasoning Object   `json:"reasoning,omitempty"`
	Text      Object   `json:"text,omitempty"`
}
