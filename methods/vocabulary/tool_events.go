package vocabulary

type shellEvent struct {
	// The index of the command in the call.
	CommandIndex int `json:"command_index"`
	// The index of the item in the output.
	OutputIndex int `json:"output_index"`
	event
}

// ResponseFunctionCallArgumentsDeltaEvent contains the next part of the arguments of a function call.
type ResponseFunctionCallArgumentsDeltaEvent struct {
	itemEvent `type:"response.function_call_arguments.delta"`
	delta
}

// ResponseFunctionCallArgumentsDoneEvent contains the complete arguments of a function call.
type ResponseFunctionCallArgumentsDoneEvent struct {
	itemEvent `type:"response.function_call_arguments.done"`
	Name      string `json:"name,omitempty"`
	// The arguments as JSON.
	Arguments string `json:"arguments"`
}

// ResponseCustomToolCallInputDeltaEvent contains the next part of the input of a custom tool call.
type ResponseCustomToolCallInputDeltaEvent struct {
	itemEvent `type:"response.custom_tool_call_input.delta"`
	Delta     string `json:"delta"`
	CallID    string `json:"call_id,omitempty"`
}

// ResponseCustomToolCallInputDoneEvent contains the complete input of a custom tool call.
type ResponseCustomToolCallInputDoneEvent struct {
	itemEvent `type:"response.custom_tool_call_input.done"`
	Input     string `json:"input"`
	CallID    string `json:"call_id,omitempty"`
}

// ResponseWebSearchCallInProgressEvent is sent when a web search call starts.
type ResponseWebSearchCallInProgressEvent struct {
	itemEvent `type:"response.web_search_call.in_progress"`
}

// ResponseWebSearchCallSearchingEvent is sent when the web is being searched.
type ResponseWebSearchCallSearchingEvent struct {
	itemEvent `type:"response.web_search_call.searching"`
}

// ResponseWebSearchCallCompletedEvent is sent when a web search is complete.
type ResponseWebSearchCallCompletedEvent struct {
	itemEvent `type:"response.web_search_call.completed"`
}

// ResponseFileSearchCallInProgressEvent is sent when a file search call starts.
type ResponseFileSearchCallInProgressEvent struct {
	itemEvent `type:"response.file_search_call.in_progress"`
}

// ResponseFileSearchCallSearchingEvent is sent when the files are being searched.
type ResponseFileSearchCallSearchingEvent struct {
	itemEvent `type:"response.file_search_call.searching"`
}

// ResponseFileSearchCallCompletedEvent is sent when a file search is complete.
type ResponseFileSearchCallCompletedEvent struct {
	itemEvent `type:"response.file_search_call.completed"`
}

// ResponseImageGenCallInProgressEvent is sent when an image generation call starts.
type ResponseImageGenCallInProgressEvent struct {
	itemEvent `type:"response.image_generation_call.in_progress"`
}

// ResponseImageGenCallGeneratingEvent is sent when an image is being generated.
type ResponseImageGenCallGeneratingEvent struct {
	itemEvent `type:"response.image_generation_call.generating"`
}

// ResponseImageGenCallCompletedEvent is sent when an image is complete.
type ResponseImageGenCallCompletedEvent struct {
	itemEvent `type:"response.image_generation_call.completed"`
}

// ResponseImageGenCallPartialImageEvent contains a partial image.
type ResponseImageGenCallPartialImageEvent struct {
	itemEvent `type:"response.image_generation_call.partial_image"`
	// The image in base64.
	PartialImageB64   string `json:"partial_image_b64"`
	PartialImageIndex int    `json:"partial_image_index"`
	Background        string `json:"background,omitempty"`
	OutputFormat      string `json:"output_format,omitempty"`
	Quality           string `json:"quality,omitempty"`
	Size              string `json:"size,omitempty"`
}

// ResponseCodeInterpreterCallInProgressEvent is sent when a code interpreter call starts.
type ResponseCodeInterpreterCallInProgressEvent struct {
	itemEvent `type:"response.code_interpreter_call.in_progress"`
}

// ResponseCodeInterpreterCallInterpretingEvent is sent when the code interpreter runs the code.
type ResponseCodeInterpreterCallInterpretingEvent struct {
	itemEvent `type:"response.code_interpreter_call.interpreting"`
}

// ResponseCodeInterpreterCallCompletedEvent is sent when a code interpreter call is complete.
type ResponseCodeInterpreterCallCompletedEvent struct {
	itemEvent `type:"response.code_interpreter_call.completed"`
}

// ResponseCodeInterpreterCallCodeDeltaEvent contains the next part of the code to run.
type ResponseCodeInterpreterCallCodeDeltaEvent struct {
	itemEvent `type:"response.code_interpreter_call_code.delta"`
	Delta     string `json:"delta"`
}

// ResponseCodeInterpreterCallCodeDoneEvent contains the complete code to run.
type ResponseCodeInterpreterCallCodeDoneEvent struct {
	itemEvent `type:"response.code_interpreter_call_code.done"`
	Code      string `json:"code"`
}

// ResponseMcpCallInProgressEvent is sent when an MCP tool call starts.
type ResponseMcpCallInProgressEvent struct {
	itemEvent `type:"response.mcp_call.in_progress"`
}

// ResponseMcpCallCompletedEvent is sent when an MCP tool call is complete.
type ResponseMcpCallCompletedEvent struct {
	itemEvent `type:"response.mcp_call.completed"`
}

// ResponseMcpCallFailedEvent is sent when an MCP tool call fails.
type ResponseMcpCallFailedEvent struct {
	itemEvent `type:"response.mcp_call.failed"`
}

// ResponseMcpCallArgumentsDeltaEvent contains the next part of the arguments of an MCP tool call.
type ResponseMcpCallArgumentsDeltaEvent struct {
	itemEvent `type:"response.mcp_call_arguments.delta"`
	delta
}

// ResponseMcpCallArgumentsDoneEvent contains the complete arguments of an MCP tool call.
type ResponseMcpCallArgumentsDoneEvent struct {
	itemEvent `type:"response.mcp_call_arguments.done"`
	// The arguments as JSON.
	Arguments string `json:"arguments"`
}

// ResponseMcpListToolsInProgressEvent is sent when the tools of an MCP server are being listed.
type ResponseMcpListToolsInProgressEvent struct {
	itemEvent `type:"response.mcp_list_tools.in_progress"`
}

// ResponseMcpListToolsCompletedEvent is sent when the tools of an MCP server have been listed.
type ResponseMcpListToolsCompletedEvent struct {
	itemEvent `type:"response.mcp_list_tools.completed"`
}

// ResponseMcpListToolsFailedEvent is sent when listing the tools of an MCP server fails.
type ResponseMcpListToolsFailedEvent struct {
	itemEvent `type:"response.mcp_list_tools.failed"`
}

// ResponseCompactionCompactingEvent is sent while the input is being compacted.
type ResponseCompactionCompactingEvent struct {
	itemEvent `type:"response.compaction.compacting"`
}

// ResponseShellCallCommandAddedEvent is sent when a shell command starts.
type ResponseShellCallCommandAddedEvent struct {
	shellEvent `type:"response.shell_call_command.added"`
	Command    string `json:"command"`
}

// ResponseShellCallCommandDeltaEvent contains the next part of a shell command.
type ResponseShellCallCommandDeltaEvent struct {
	shellEvent `type:"response.shell_call_command.delta"`
	delta
}

// ResponseShellCallCommandDoneEvent contains a complete shell command.
type ResponseShellCallCommandDoneEvent struct {
	shellEvent `type:"response.shell_call_command.done"`
	Command    string `json:"command"`
}

// ResponseShellCallOutputContentDeltaEvent contains the next part of the output of a shell command.
type ResponseShellCallOutputContentDeltaEvent struct {
	shellEvent `type:"response.shell_call_output_content.delta"`
	ItemID     string `json:"item_id"`
	// The text added to stdout and stderr.
	Delta Object `json:"delta"`
}

// ResponseShellCallOutputContentDoneEvent contains the complete output of a shell command.
type ResponseShellCallOutputContentDoneEvent struct {
	shellEvent `type:"response.shell_call_output_content.done"`
	ItemID     string   `json:"item_id"`
	Output     []Object `json:"output"`
}

// ResponseAudioDeltaEvent contains the next part of the audio.
type ResponseAudioDeltaEvent struct {
	event `type:"response.audio.delta"`
	// The next part of the audio in base64.
	Delta string `json:"delta"`
}

// ResponseAudioDoneEvent is sent when the audio is complete.
type ResponseAudioDoneEvent struct {
	event `type:"response.audio.done"`
}

// ResponseAudioTranscriptDeltaEvent contains the next part of the audio transcript.
type ResponseAudioTranscriptDeltaEvent struct {
	event `type:"response.audio.transcript.delta"`
	Delta string `json:"delta"`
}

// ResponseAudioTranscriptDoneEvent is sent when the audio transcript is complete.
type ResponseAudioTranscriptDoneEvent struct {
	event `type:"response.audio.transcript.done"`
}
