package vocabulary

type callState struct {
	// The id of the item.
	ID     string `json:"id,omitempty"`
	Status string `json:"status,omitempty" known:"in_progress|completed|incomplete"`
}

// ResponseFunctionToolCall is a function call.
type ResponseFunctionToolCall struct {
	callState `type:"function_call"`
	// The id that the output of the call refers to.
	CallID string `json:"call_id"`
	Name   string `json:"name"`
	// The namespace of the function.
	Namespace string `json:"namespace,omitempty"`
	// The arguments as JSON.
	Arguments string `json:"arguments"`
	Async     bool   `json:"async,omitempty"`
	// The caller: the model, or a program that it wrote.
	Caller Object `json:"caller,omitempty"`
}

// ResponseFunctionToolCallOutput is the output of a function call.
type ResponseFunctionToolCallOutput struct {
	callState `type:"function_call_output"`
	// The id of the call.
	CallID string `json:"call_id,omitempty"`
	// A text, or a list of texts, images and files.
	Output    TextOr[[]ResponseInputContent] `json:"output"`
	Name      string                         `json:"name,omitempty"`
	Namespace string                         `json:"namespace,omitempty"`
	Caller    Object                         `json:"caller,omitempty"`
	CreatedBy string                         `json:"created_by,omitempty"`
}

// ResponseCustomToolCall is a call of a custom tool.
type ResponseCustomToolCall struct {
	callState `type:"custom_tool_call"`
	CallID    string `json:"call_id"`
	Name      string `json:"name"`
	Namespace string `json:"namespace,omitempty"`
	// The input of the tool.
	Input  string `json:"input"`
	Async  bool   `json:"async,omitempty"`
	Caller Object `json:"caller,omitempty"`
}

// ResponseCustomToolCallOutput is the output of a custom tool call.
type ResponseCustomToolCallOutput struct {
	callState `type:"custom_tool_call_output"`
	CallID    string                         `json:"call_id"`
	Output    TextOr[[]ResponseInputContent] `json:"output"`
	Name      string                         `json:"name,omitempty"`
	Caller    Object                         `json:"caller,omitempty"`
	CreatedBy string                         `json:"created_by,omitempty"`
}

// ResponseToolSearchCall is a tool search.
type ResponseToolSearchCall struct {
	callState `type:"tool_search_call"`
	CallID    string `json:"call_id,omitempty"`
	Arguments any    `json:"arguments"`
	Execution string `json:"execution,omitempty" known:"server|client"`
	CreatedBy string `json:"created_by,omitempty"`
}

// ResponseToolSearchOutput is the result of a tool search.
type ResponseToolSearchOutput struct {
	callState `type:"tool_search_output"`
	CallID    string `json:"call_id,omitempty"`
	Tools     []Tool `json:"tools"`
	Execution string `json:"execution,omitempty" known:"server|client"`
	CreatedBy string `json:"created_by,omitempty"`
}

// ResponseWebSearchCall is a web search, or the opening of a web page.
type ResponseWebSearchCall struct {
	_      struct{} `type:"web_search_call"`
	ID     string   `json:"id,omitempty"`
	Status string   `json:"status,omitempty" known:"in_progress|searching|completed|incomplete|failed"`
	// The action, such as {"type": "search", "query": "…"}.
	Action Object `json:"action,omitempty"`
}

// ResponseImageGenerationCall is an image generation call, with the image.
type ResponseImageGenerationCall struct {
	_      struct{} `type:"image_generation_call"`
	ID     string   `json:"id"`
	Status string   `json:"status" known:"in_progress|generating|completed|failed"`
	// The image in base64.
	Result        string `json:"result,omitempty"`
	RevisedPrompt string `json:"revised_prompt,omitempty"`
	Action        string `json:"action,omitempty" known:"generate|edit|auto"`
	Background    string `json:"background,omitempty" known:"transparent|opaque|auto"`
	OutputFormat  string `json:"output_format,omitempty" known:"png|webp|jpeg|gif|svg"`
	Quality       string `json:"quality,omitempty" known:"low|medium|high|xhigh|max|auto"`
	Size          string `json:"size,omitempty"`
	SVGUsage      Object `json:"svg_usage,omitempty"`
	Error         Object `json:"error,omitempty"`
}

// LocalShellCall is a call of the local shell.
type LocalShellCall struct {
	_      struct{} `type:"local_shell_call"`
	ID     string   `json:"id,omitempty"`
	CallID string   `json:"call_id,omitempty"`
	Status string   `json:"status" known:"in_progress|completed|incomplete"`
	// The action, such as {"type": "exec", "command": ["ls"], "env": {}}.
	Action Object `json:"action"`
}

// LocalShellCallOutput is the output of a local shell call.
type LocalShellCallOutput struct {
	_      struct{} `type:"local_shell_call_output"`
	ID     string   `json:"id"`
	Output string   `json:"output"`
	Status string   `json:"status,omitempty" known:"in_progress|completed|incomplete"`
}

// ResponseFunctionShellToolCall is a request to run shell commands.
type ResponseFunctionShellToolCall struct {
	callState `type:"shell_call"`
	CallID    string `json:"call_id"`
	// The action, such as {"commands": ["ls"]}.
	Action      Object `json:"action"`
	Environment Object `json:"environment,omitempty"`
	Caller      Object `json:"caller,omitempty"`
	CreatedBy   string `json:"created_by,omitempty"`
}

// ResponseFunctionShellToolCallOutput is the output of the shell commands.
type ResponseFunctionShellToolCallOutput struct {
	callState       `type:"shell_call_output"`
	CallID          string   `json:"call_id"`
	Output          []Object `json:"output"`
	MaxOutputLength int      `json:"max_output_length,omitempty"`
	Caller          Object   `json:"caller,omitempty"`
	CreatedBy       string   `json:"created_by,omitempty"`
}

// ResponseApplyPatchToolCall is a request to edit a file.
type ResponseApplyPatchToolCall struct {
	_      struct{} `type:"apply_patch_call"`
	ID     string   `json:"id,omitempty"`
	CallID string   `json:"call_id"`
	// The operation, such as {"type": "update_file", "path": "…", "diff": "…"}.
	Operation Object `json:"operation"`
	Status    string `json:"status" known:"in_progress|completed"`
	Caller    Object `json:"caller,omitempty"`
	CreatedBy string `json:"created_by,omitempty"`
}

// ResponseApplyPatchToolCallOutput is the outcome of an edit.
type ResponseApplyPatchToolCallOutput struct {
	_         struct{} `type:"apply_patch_call_output"`
	ID        string   `json:"id,omitempty"`
	CallID    string   `json:"call_id"`
	Status    string   `json:"status" known:"completed|failed"`
	Output    string   `json:"output,omitempty"`
	Caller    Object   `json:"caller,omitempty"`
	CreatedBy string   `json:"created_by,omitempty"`
}

// ResponseFileSearchToolCall is a file search.
type ResponseFileSearchToolCall struct {
	_       struct{} `type:"file_search_call"`
	ID      string   `json:"id"`
	Queries []string `json:"queries"`
	Status  string   `json:"status" known:"in_progress|searching|completed|incomplete|failed"`
	Results []Object `json:"results,omitempty"`
}

// ResponseCodeInterpreterToolCall is a code interpreter call.
type ResponseCodeInterpreterToolCall struct {
	_           struct{} `type:"code_interpreter_call"`
	ID          string   `json:"id"`
	ContainerID string   `json:"container_id"`
	Status      string   `json:"status" known:"in_progress|interpreting|completed|incomplete|failed"`
	Code        string   `json:"code,omitempty"`
	Outputs     []Object `json:"outputs,omitempty"`
}

// ResponseComputerToolCall is a request for actions on a computer.
type ResponseComputerToolCall struct {
	_                   struct{} `type:"computer_call"`
	ID                  string   `json:"id"`
	CallID              string   `json:"call_id"`
	Status              string   `json:"status" known:"in_progress|completed|incomplete"`
	PendingSafetyChecks []Object `json:"pending_safety_checks"`
	Action              Object   `json:"action,omitempty"`
	Actions             []Object `json:"actions,omitempty"`
}

// ResponseComputerToolCallOutput is a screenshot after the actions.
type ResponseComputerToolCallOutput struct {
	_                        struct{} `type:"computer_call_output"`
	ID                       string   `json:"id,omitempty"`
	CallID                   string   `json:"call_id"`
	Output                   Object   `json:"output"`
	Status                   string   `json:"status,omitempty" known:"in_progress|completed|incomplete|failed"`
	AcknowledgedSafetyChecks []Object `json:"acknowledged_safety_checks,omitempty"`
	CreatedBy                string   `json:"created_by,omitempty"`
}

// McpCall is a call of an MCP tool.
type McpCall struct {
	_           struct{} `type:"mcp_call"`
	ID          string   `json:"id"`
	ServerLabel string   `json:"server_label"`
	Name        string   `json:"name"`
	// The arguments as JSON.
	Arguments         string `json:"arguments"`
	Output            string `json:"output,omitempty"`
	Error             any    `json:"error,omitempty"`
	Status            string `json:"status,omitempty" known:"in_progress|calling|completed|incomplete|failed"`
	ApprovalRequestID string `json:"approval_request_id,omitempty"`
}

// McpListTools lists the tools of an MCP server.
type McpListTools struct {
	_           struct{} `type:"mcp_list_tools"`
	ID          string   `json:"id"`
	ServerLabel string   `json:"server_label"`
	Tools       []Object `json:"tools"`
	Error       any      `json:"error,omitempty"`
}

// McpApprovalRequest asks for approval of an MCP tool call.
type McpApprovalRequest struct {
	_           struct{} `type:"mcp_approval_request"`
	ID          string   `json:"id"`
	ServerLabel string   `json:"server_label"`
	Name        string   `json:"name"`
	// The arguments as JSON.
	Arguments string `json:"arguments"`
}

// McpApprovalResponse is the answer to an approval request.
type McpApprovalResponse struct {
	_                 struct{} `type:"mcp_approval_response"`
	ID                string   `json:"id,omitempty"`
	ApprovalRequestID string   `json:"approval_request_id"`
	Approve           bool     `json:"approve"`
	Reason            string   `json:"reason,omitempty"`
}

// Program is a program written by the model to call tools.
type Program struct {
	_           struct{} `type:"program"`
	ID          string   `json:"id"`
	CallID      string   `json:"call_id"`
	Code        string   `json:"code"`
	Fingerprint string   `json:"fingerprint"`
}

// ProgramOutput is the output of a program.
type ProgramOutput struct {
	_      struct{} `type:"program_output"`
	ID     string   `json:"id"`
	CallID string   `json:"call_id"`
	Result string   `json:"result"`
	Status string   `json:"status" known:"completed|incomplete"`
}
