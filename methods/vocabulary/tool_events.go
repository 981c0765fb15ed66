package vocabulary

type shellEvent struct {
	// The place of the command in the call.
	CommandIndex int `json:"command_index"`
	// The place of the item in the output.
	OutputIndex int `json:"output_index"`
	event
}

// ResponseFunctionCallArgumentsDeltaEvent adds to the arguments of a function call.
type ResponseFunctionCallArgumentsDeltaEvent struct {
	itemEvent `type:"response.function_call_arguments.delta"`
	Delta     string `json:"delta"`
	// Padding, which hides the length from who watches the wire.
	Obfuscation string `json:"obfuscation,omitempty"`
}

// ResponseFunctionCallArgumentsDoneEvent ends the arguments of a function call, and holds them.
type ResponseFunctionCallArgumentsDoneEvent struct {
	itemEvent `type:"response.function_call_arguments.done"`
	Name      string `json:"name,omitempty"`
	// JSON.
	Arguments string `json:"arguments"`
}

// ResponseCustomToolCallInputDeltaEvent adds to the text that a custom tool is to take.
type ResponseCustomToolCallInputDeltaEvent struct {
	itemEvent `type:"response.custom_tool_call_input.delta"`
	Delta     string `json:"delta"`
	CallID    string `json:"call_id,omitempty"`
}

// ResponseCustomToolCallInputDoneEvent ends the text that a custom tool is to take, and holds it.
type ResponseCustomToolCallInputDoneEvent struct {
	itemEvent `type:"response.custom_tool_call_input.done"`
	Input     string `json:"input"`
	CallID    string `json:"call_id,omitempty"`
}

// ResponseWebSearchCallInProgressEvent says that a search of the web began.
type ResponseWebSearchCallInProgressEvent struct {
	itemEvent `type:"response.web_search_call.in_progress"`
}

// ResponseWebSearchCallSearchingEvent says that a search of the web is under way.
type ResponseWebSearchCallSearchingEvent struct {
	itemEvent `type:"response.web_search_call.searching"`
}

// ResponseWebSearchCallCompletedEvent says that a search of the web ended.
type ResponseWebSearchCallCompletedEvent struct {
	itemEvent `type:"response.web_search_call.completed"`
}

// ResponseFileSearchCallInProgressEvent says that a search of files began.
type ResponseFileSearchCallInProgressEvent struct {
	itemEvent `type:"response.file_search_call.in_progress"`
}

// ResponseFileSearchCallSearchingEvent says that a search of files is under way.
type ResponseFileSearchCallSearchingEvent struct {
	itemEvent `type:"response.file_search_call.searching"`
}

// ResponseFileSearchCallCompletedEvent says that a search of files ended.
type ResponseFileSearchCallCompletedEvent struct {
	itemEvent `type:"response.file_search_call.completed"`
}

// ResponseImageGenCallInProgressEvent says that the making of an image began.
type ResponseImageGenCallInProgressEvent struct {
	itemEvent `type:"response.image_generation_call.in_progress"`
}

// ResponseImageGenCallGeneratingEvent says that the making of an image is under way.
type ResponseImageGenCallGeneratingEvent struct {
	itemEvent `type:"response.image_generation_call.generating"`
}

// ResponseImageGenCallCompletedEvent says that the making of an image ended.
type ResponseImageGenCallCompletedEvent struct {
	itemEvent `type:"response.image_generation_call.completed"`
}

// ResponseImageGenCallPartialImageEvent holds an image as far as it is made.
type ResponseImageGenCallPartialImageEvent struct {
	itemEvent `type:"response.image_generation_call.partial_image"`
	// In base64.
	PartialImageB64   string `json:"partial_image_b64"`
	PartialImageIndex int    `json:"partial_image_index"`
	Background        string `json:"background,omitempty"`
	OutputFormat      string `json:"output_format,omitempty"`
	Quality           string `json:"quality,omitempty"`
	Size              string `json:"size,omitempty"`
}

// ResponseCodeInterpreterCallInProgressEvent says that Python began.
type ResponseCodeInterpreterCallInProgressEvent struct {
	itemEvent `type:"response.code_interpreter_call.in_progress"`
}

// ResponseCodeInterpreterCallInterpretingEvent says that Python is run.
type ResponseCodeInterpreterCallInterpretingEvent struct {
	itemEvent `type:"response.code_interpreter_call.interpreting"`
}

// ResponseCodeInterpreterCallCompletedEvent says that Python ended.
type ResponseCodeInterpreterCallCompletedEvent struct {
	itemEvent `type:"response.code_interpreter_call.completed"`
}

// ResponseCodeInterpreterCallCodeDeltaEvent adds to Python that is to be run.
type ResponseCodeInterpreterCallCodeDeltaEvent struct {
	itemEvent `type:"response.code_interpreter_call_code.delta"`
	Delta     string `json:"delta"`
}

// ResponseCodeInterpreterCallCodeDoneEvent ends Python that is to be run, and holds it.
type ResponseCodeInterpreterCallCodeDoneEvent struct {
	itemEvent `type:"response.code_interpreter_call_code.done"`
	Code      string `json:"code"`
}

// ResponseMcpCallInProgressEvent says that a call of an MCP server's tool began.
type ResponseMcpCallInProgressEvent struct {
	itemEvent `type:"response.mcp_call.in_progress"`
}

// ResponseMcpCallCompletedEvent says that a call of an MCP server's tool ended.
type ResponseMcpCallCompletedEvent struct {
	itemEvent `type:"response.mcp_call.completed"`
}

// ResponseMcpCallFailedEvent says that a call of an MCP server's tool failed.
type ResponseMcpCallFailedEvent struct {
	itemEvent `type:"response.mcp_call.failed"`
}

// ResponseMcpCallArgumentsDeltaEvent adds to the arguments of a call of an MCP server's tool.
type ResponseMcpCallArgumentsDeltaEvent struct {
	itemEvent `type:"response.mcp_call_arguments.delta"`
	Delta     string `json:"delta"`
	// Padding, which hides the length from who watches the wire.
	Obfuscation string `json:"obfuscation,omitempty"`
}

// ResponseMcpCallArgumentsDoneEvent ends the arguments of a call of an MCP server's tool, and holds them.
type ResponseMcpCallArgumentsDoneEvent struct {
	itemEvent `type:"response.mcp_call_arguments.done"`
	// JSON.
	Arguments string `json:"arguments"`
}

// ResponseMcpListToolsInProgressEvent says that the listing of an MCP server's tools began.
type ResponseMcpListToolsInProgressEvent struct {
	itemEvent `type:"response.mcp_list_tools.in_progress"`
}

// ResponseMcpListToolsCompletedEvent says that the listing of an MCP server's tools ended.
type ResponseMcpListToolsCompletedEvent struct {
	itemEvent `type:"response.mcp_list_tools.completed"`
}

// ResponseMcpListToolsFailedEvent says that the listing of an MCP server's tools failed.
type ResponseMcpListToolsFailedEvent struct {
	itemEvent `type:"response.mcp_list_tools.failed"`
}

// ResponseCompactionCompactingEvent says that a compaction is under way.
type ResponseCompactionCompactingEvent struct {
	itemEvent `type:"response.compaction.compacting"`
}

// ResponseShellCallCommandAddedEvent begins a command.
type ResponseShellCallCommandAddedEvent struct {
	shellEvent `type:"response.shell_call_command.added"`
	Command    string `json:"command"`
}

// ResponseShellCallCommandDeltaEvent adds to a command.
type ResponseShellCallCommandDeltaEvent struct {
	shellEvent `type:"response.shell_call_command.delta"`
	Delta      string `json:"delta"`
	// Padding, which hides the length from who watches the wire.
	Obfuscation string `json:"obfuscation,omitempty"`
}

// ResponseShellCallCommandDoneEvent ends a command, and holds it.
type ResponseShellCallCommandDoneEvent struct {
	shellEvent `type:"response.shell_call_command.done"`
	Command    string `json:"command"`
}

// ResponseShellCallOutputContentDeltaEvent adds to what a command gave.
type ResponseShellCallOutputContentDeltaEvent struct {
	shellEvent `type:"response.shell_call_output_content.delta"`
	ItemID     string `json:"item_id"`
	// What was added to stdout and stderr.
	Delta Object `json:"delta"`
}

// ResponseShellCallOutputContentDoneEvent ends what a command gave, and holds it.
type ResponseShellCallOutputContentDoneEvent struct {
	shellEvent `type:"response.shell_call_output_content.done"`
	ItemID     string   `json:"item_id"`
	Output     []Object `json:"output"`
}

// ResponseAudioDeltaEvent adds to speech.
type ResponseAudioDeltaEvent struct {
	event `type:"response.audio.delta"`
	// In base64.
	Delta string `json:"delta"`
}

// ResponseAudioDoneEvent ends speech.
type ResponseAudioDoneEvent struct {
	event `type:"response.audio.done"`
}

// ResponseAudioTranscriptDeltaEvent adds to the text of speech.
type ResponseAudioTranscriptDeltaEvent struct {
	event `type:"response.audio.transcript.delta"`
	Delta string `json:"delta"`
}

// ResponseAudioTranscriptDoneEvent ends the text of speech.
type ResponseAudioTranscriptDoneEvent struct {
	event `type:"response.audio.transcript.done"`
}
