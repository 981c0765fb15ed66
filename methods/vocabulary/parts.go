package vocabulary

// ResponseInputContent is a content part of an input message or of a tool's
// output.
type ResponseInputContent struct{}

// Union implements [Union].
func (ResponseInputContent) Union() []any {
	return []any{ResponseInputText{}, ResponseInputImage{}, ResponseInputFile{}, Other{Untyped: true, Given: true}}
}

// ResponseOutputContent is a content part of an output message.
type ResponseOutputContent struct{}

// Union implements [Union].
func (ResponseOutputContent) Union() []any {
	return []any{ResponseOutputText{}, ResponseOutputRefusal{}, Other{Untyped: true}}
}

// ResponseContent is a content part of a message of the user or the model.
type ResponseContent struct{}

// Union implements [Union].
func (ResponseContent) Union() []any {
	return []any{"", ResponseInputText{}, ResponseInputImage{}, ResponseInputFile{}, ResponseOutputText{}, ResponseOutputRefusal{}, Other{Untyped: true, Given: true}}
}

// ResponseContentPart is a content part of a message or of reasoning.
type ResponseContentPart struct{}

// Union implements [Union].
func (ResponseContentPart) Union() []any {
	return []any{ResponseOutputText{}, ResponseOutputRefusal{}, ReasoningText{}, Other{Untyped: true}}
}

// ResponseInputText is a text input.
type ResponseInputText struct {
	_    struct{} `type:"input_text"`
	Text string   `json:"text"`
	promptCacheBreakpoint
}

// promptCacheBreakpoint is a member of content parts of the input.
type promptCacheBreakpoint struct {
	// Marks the end of a prefix to cache, such as {"mode": "explicit"}.
	PromptCacheBreakpoint Object `json:"prompt_cache_breakpoint,omitempty"`
}

// ResponseInputImage is an image input.
type ResponseInputImage struct {
	_ struct{} `type:"input_image"`
	// An https: URL, or a data: URL with the image in base64.
	ImageURL string `json:"image_url,omitempty"`
	// The id of an uploaded file, instead of a URL.
	FileID string `json:"file_id,omitempty"`
	// The level of detail.
	Detail string `json:"detail,omitempty" known:"low|high|auto|original"`
	promptCacheBreakpoint
}

// ResponseInputFile is a file input.
type ResponseInputFile struct {
	_ struct{} `type:"input_file"`
	// The id of an uploaded file.
	FileID string `json:"file_id,omitempty"`
	// The content in base64, instead of an id.
	FileData string `json:"file_data,omitempty"`
	FileURL  string `json:"file_url,omitempty"`
	Filename string `json:"filename,omitempty"`
	Detail   string `json:"detail,omitempty" known:"low|high|auto"`
	promptCacheBreakpoint
}

// ResponseOutputText is a text output.
type ResponseOutputText struct {
	_    struct{} `type:"output_text"`
	Text string   `json:"text"`
	// The annotations of the text, such as citations.
	Annotations []Annotation `json:"annotations"`
	// The log probabilities of the tokens, if requested.
	Logprobs []Logprob `json:"logprobs,omitempty"`
}

// ResponseOutputRefusal is the model's explanation of a refusal.
type ResponseOutputRefusal struct {
	_       struct{} `type:"refusal"`
	Refusal string   `json:"refusal"`
}

// SummaryText is a part of a reasoning summary.
type SummaryText struct {
	_    struct{} `type:"summary_text"`
	Text string   `json:"text"`
}

// ReasoningText is a part of the reasoning text.
type ReasoningText struct {
	_    struct{} `type:"reasoning_text"`
	Text string   `json:"text"`
}

// ResponseReasoningSummary is a part of the summary of a reasoning item.
type ResponseReasoningSummary struct{}

// Union implements [Union].
func (ResponseReasoningSummary) Union() []any {
	return []any{SummaryText{}, Other{Untyped: true}}
}

// ResponseReasoningContent is a content part of a reasoning item.
type ResponseReasoningContent struct{}

// Union implements [Union].
func (ResponseReasoningContent) Union() []any {
	return []any{ReasoningText{}, Other{Untyped: true}}
}

// Logprob is the log probability of a token.
type Logprob struct {
	Token   string  `json:"token"`
	Logprob float64 `json:"logprob"`
	Bytes   []int   `json:"bytes,omitempty"`
	// The most likely tokens at this position.
	TopLogprobs []Object `json:"top_logprobs,omitempty"`
}

// Annotation is a reference from a part of a text, such as a citation.
type Annotation struct{}

// Union implements [Union].
func (Annotation) Union() []any {
	return []any{AnnotationFileCitation{}, AnnotationURLCitation{}, AnnotationContainerFileCitation{}, AnnotationFilePath{}, Other{Untyped: true}}
}

// AnnotationFileCitation cites a file.
type AnnotationFileCitation struct {
	_        struct{} `type:"file_citation"`
	FileID   string   `json:"file_id"`
	Filename string   `json:"filename"`
	// The index of the file in the list of files.
	Index int `json:"index"`
}

// AnnotationURLCitation cites a web page.
type AnnotationURLCitation struct {
	_     struct{} `type:"url_citation"`
	URL   string   `json:"url"`
	Title string   `json:"title"`
	// The range of the citation in the text, in characters.
	StartIndex int `json:"start_index"`
	EndIndex   int `json:"end_index"`
}

// AnnotationContainerFileCitation cites a file created by a tool.
type AnnotationContainerFileCitation struct {
	_           struct{} `type:"container_file_citation"`
	ContainerID string   `json:"container_id"`
	FileID      string   `json:"file_id"`
	Filename    string   `json:"filename"`
	// The range of the citation in the text, in characters.
	StartIndex int `json:"start_index"`
	EndIndex   int `json:"end_index"`
}

// AnnotationFilePath names a file.
type AnnotationFilePath struct {
	_      struct{} `type:"file_path"`
	FileID string   `json:"file_id"`
	// The index of the file in the list of files.
	Index int `json:"index"`
}
