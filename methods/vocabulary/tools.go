package vocabulary

// Tool is a tool available to the model, run by the client or by the backend.
type Tool struct{}

// Union implements [Union].
func (Tool) Union() []any {
	return []any{
		FunctionTool{}, CustomTool{}, NamespaceTool{}, ToolSearchTool{}, WebSearchTool{}, WebSearchPreviewTool{},
		ImageGenerationTool{}, McpTool{}, FileSearchTool{}, CodeInterpreterTool{}, LocalShellTool{}, FunctionShellTool{},
		ApplyPatchTool{}, ComputerTool{}, ComputerUsePreviewTool{}, ProgrammaticToolCalling{}, Other{Given: true},
	}
}

// FunctionTool is a function run by the client.
type FunctionTool struct {
	_           struct{} `type:"function"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	// A JSON Schema of the arguments.
	Parameters JSONSchema `json:"parameters,omitempty"`
	// Whether to enforce the schema.
	Strict bool `json:"strict,omitempty"`
	// A JSON Schema of the output.
	OutputSchema JSONSchema `json:"output_schema,omitempty"`
	// Whether the tool is loaded only when tool_search finds it.
	DeferLoading bool `json:"defer_loading,omitempty"`
	// Whether the model continues while the call is running.
	Async bool `json:"async,omitempty"`
	// The allowed callers: the model, or a program that it writes.
	AllowedCallers []string `json:"allowed_callers,omitempty" known:"direct|programmatic"`
}

// CustomTool is a tool run by the client that takes free-form text, such as a patch.
type CustomTool struct {
	_           struct{} `type:"custom"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	// The format of the input. Defaults to any text.
	Format         CustomToolFormat `json:"format,omitempty"`
	DeferLoading   bool             `json:"defer_loading,omitempty"`
	Async          bool             `json:"async,omitempty"`
	AllowedCallers []string         `json:"allowed_callers,omitempty" known:"direct|programmatic"`
}

// CustomToolFormat is the format of the input of a custom tool.
type CustomToolFormat struct{}

// Union implements [Union].
func (CustomToolFormat) Union() []any {
	return []any{CustomToolTextFormat{}, CustomToolGrammarFormat{}, Other{Untyped: true, Given: true}}
}

// CustomToolTextFormat is unconstrained text.
type CustomToolTextFormat struct {
	_ struct{} `type:"text"`
}

// CustomToolGrammarFormat is text that follows a grammar.
type CustomToolGrammarFormat struct {
	_          struct{} `type:"grammar"`
	Syntax     string   `json:"syntax" known:"lark|regex"`
	Definition string   `json:"definition"`
}

// NamespaceTool is a group of functions under one name.
type NamespaceTool struct {
	_           struct{}      `type:"namespace"`
	Name        string        `json:"name"`
	Description string        `json:"description"`
	Tools       []GroupedTool `json:"tools"`
}

// GroupedTool is a tool in a namespace.
type GroupedTool struct{}

// Union implements [Union].
func (GroupedTool) Union() []any {
	return []any{FunctionTool{}, CustomTool{}, Other{Untyped: true, Given: true}}
}

// ToolSearchTool lets the model search for tools with deferred loading.
type ToolSearchTool struct {
	_           struct{} `type:"tool_search"`
	Description string   `json:"description,omitempty"`
	// Where the search is executed.
	Execution string `json:"execution,omitempty" known:"server|client"`
	// A JSON Schema of the arguments of a search executed by the client.
	Parameters JSONSchema `json:"parameters,omitempty"`
}

// WebSearchTool searches the web.
type WebSearchTool struct {
	_ struct{} `type:"web_search|web_search_2025_08_26"`
	// Whether to fetch live pages instead of cached copies.
	ExternalWebAccess  bool     `json:"external_web_access,omitempty"`
	SearchContentTypes []string `json:"search_content_types,omitempty" known:"text|image"`
	// How much of the search results to include in the context.
	SearchContextSize string `json:"search_context_size,omitempty" known:"low|medium|high"`
	// Filters of the results, such as {"allowed_domains": […]}.
	Filters Object `json:"filters,omitempty"`
	// The approximate location of the user, such as {"type": "approximate", "country": "IT"}.
	UserLocation Object `json:"user_location,omitempty"`
}

// WebSearchPreviewTool is the previous version of web_search.
type WebSearchPreviewTool struct {
	_                  struct{} `type:"web_search_preview|web_search_preview_2025_03_11"`
	SearchContentTypes []string `json:"search_content_types,omitempty" known:"text|image"`
	SearchContextSize  string   `json:"search_context_size,omitempty" known:"low|medium|high"`
	UserLocation       Object   `json:"user_location,omitempty"`
}

// ImageGenerationTool generates images.
type ImageGenerationTool struct {
	_                 struct{} `type:"image_generation"`
	Action            string   `json:"action,omitempty" known:"generate|edit|auto"`
	Background        string   `json:"background,omitempty" known:"transparent|opaque|auto"`
	InputFidelity     string   `json:"input_fidelity,omitempty" known:"high|low"`
	InputImageMask    Object   `json:"input_image_mask,omitempty"`
	Model             string   `json:"model,omitempty"`
	Moderation        string   `json:"moderation,omitempty" known:"auto|low"`
	OutputCompression int      `json:"output_compression,omitempty"`
	OutputFormat      string   `json:"output_format,omitempty" known:"png|webp|jpeg|gif|svg"`
	PartialImages     int      `json:"partial_images,omitempty"`
	Quality           string   `json:"quality,omitempty" known:"low|medium|high|xhigh|max|auto"`
	Size              string   `json:"size,omitempty" known:"1024x1024|1024x1536|1536x1024|auto"`
	// The effort of planning the image.
	Complexity string `json:"complexity,omitempty" known:"low|medium|high"`
	SVG        Object `json:"svg,omitempty"`
	// The number of frames of a GIF image, and the duration of each in milliseconds.
	FrameCount      int `json:"frame_count,omitempty"`
	FrameDurationMS int `json:"frame_duration_ms,omitempty"`
}

// McpTool makes the tools of an MCP server available to the model.
type McpTool struct {
	_                 struct{} `type:"mcp"`
	ServerLabel       string   `json:"server_label"`
	ServerURL         string   `json:"server_url,omitempty"`
	ServerDescription string   `json:"server_description,omitempty"`
	// A connector operated by OpenAI, instead of a server URL.
	ConnectorID string `json:"connector_id,omitempty"`
	// A tunnel to the server, instead of a URL.
	TunnelID string `json:"tunnel_id,omitempty"`
	// An OAuth access token for the server.
	Authorization string `json:"authorization,omitempty"`
	// Headers to send to the server.
	Headers Object `json:"headers,omitempty"`
	// A list of names, or a filter.
	AllowedTools McpAllowedTools `json:"allowed_tools,omitempty"`
	// "always", "never", or a filter.
	RequireApproval TextOr[Object] `json:"require_approval,omitempty"`
	DeferLoading    bool           `json:"defer_loading,omitempty"`
	AllowedCallers  []string       `json:"allowed_callers,omitempty" known:"direct|programmatic"`
}

// McpAllowedTools is a list of names, or a filter.
type McpAllowedTools struct{}

// Union implements [Union].
func (McpAllowedTools) Union() []any { return []any{[]string{}, Object{}} }

// FileSearchTool searches uploaded files.
type FileSearchTool struct {
	_              struct{} `type:"file_search"`
	VectorStoreIDs []string `json:"vector_store_ids"`
	Filters        Object   `json:"filters,omitempty"`
	MaxNumResults  int      `json:"max_num_results,omitempty"`
	RankingOptions Object   `json:"ranking_options,omitempty"`
}

// CodeInterpreterTool runs Python.
type CodeInterpreterTool struct {
	_ struct{} `type:"code_interpreter"`
	// The id of a container, or the configuration of a new one.
	Container      TextOr[Object] `json:"container"`
	AllowedCallers []string       `json:"allowed_callers,omitempty" known:"direct|programmatic"`
}

// LocalShellTool lets the model run commands on the client's machine.
type LocalShellTool struct {
	_ struct{} `type:"local_shell"`
}

// FunctionShellTool lets the model run commands in a container or on the client's
// machine.
type FunctionShellTool struct {
	_              struct{} `type:"shell"`
	Environment    Object   `json:"environment,omitempty"`
	AllowedCallers []string `json:"allowed_callers,omitempty" known:"direct|programmatic"`
}

// ApplyPatchTool lets the model edit files with patches.
type ApplyPatchTool struct {
	_              struct{} `type:"apply_patch"`
	AllowedCallers []string `json:"allowed_callers,omitempty" known:"direct|programmatic"`
}

// ComputerTool lets the model use a computer.
type ComputerTool struct {
	_ struct{} `type:"computer"`
}

// ComputerUsePreviewTool is the previous version of computer.
type ComputerUsePreviewTool struct {
	_             struct{} `type:"computer_use_preview"`
	Environment   string   `json:"environment" known:"windows|mac|linux|ubuntu|browser"`
	DisplayWidth  int      `json:"display_width"`
	DisplayHeight int      `json:"display_height"`
}

// ProgrammaticToolCalling lets the model write programs that call tools.
type ProgrammaticToolCalling struct {
	_ struct{} `type:"programmatic_tool_calling"`
}
