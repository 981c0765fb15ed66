package vocabulary

// ResponseInputContent is a part of what the model is given: of a message, or of the
// output of a tool.
type ResponseInputContent struct{}

// Union implements [Union].
func (ResponseInputContent) Union() []any {
	return []any{ResponseInputText{}, ResponseInputImage{}, ResponseInputFile{}, Other{Untyped: true, Given: true}}
}

// ResponseOutputContent is a part of a message of the model.
type ResponseOutputContent struct{}

// Union implements [Union].
func (ResponseOutputContent) Union() []any {
	return []any{ResponseOutputText{}, ResponseOutputRefusal{}, Other{Untyped: true}}
}

// ResponseContent is a part of a message, which may be the user's or the model's.
type ResponseContent struct{}

// Union implements [Union].
func (ResponseContent) Union() []any {
	return []any{"", ResponseInputText{}, ResponseInputImage{}, ResponseInputFile{}, ResponseOutputText{}, ResponseOutputRefusal{}, Other{Untyped: true, Given: true}}
}

// ResponseContentPart is what the model is adding to: a part of a message, or of
// its reasoning.
type ResponseContentPart struct{}

// Union implements [Union].
func (ResponseContentPart) Union() []any {
	return []any{ResponseOutputText{}, ResponseOutputRefusal{}, ReasoningText{}, Other{Untyped: true}}
}

// ResponseInputText is a text for the model.
type ResponseInputText struct {
	_    struct{} `type:"input_text"`
	Text string   `json:"text"`
}

// ResponseInputImage is an image for the model.
type ResponseInputImage struct {
	_ struct{} `type:"input_image"`
	// An https: URL, or a data: URL with the image in base64.
	ImageURL string `json:"image_url,omitempty"`
	// The id of an uploaded file, in place of a URL.
	FileID string `json:"file_id,omitempty"`
	// How closely to look at it.
	Detail string `json:"detail,omitempty" known:"low|high|auto|original"`
}

// ResponseInputFile is a file for the model.
type ResponseInputFile struct {
	_ struct{} `type:"input_file"`
	// The id of an uploaded file.
	FileID string `json:"file_id,omitempty"`
	// The content in base64, in place of an id.
	FileData string `json:"file_data,omitempty"`
	FileURL  string `json:"file_url,omitempty"`
	Filename string `json:"filename,omitempty"`
	Detail   string `json:"detail,omitempty" known:"low|high|auto"`
}

// ResponseOutputText is a text of the model.
type ResponseOutputText struct {
	_    struct{} `type:"output_text"`
	Text string   `json:"text"`
	// What parts of the text refer to.
	Annotations []Annotation `json:"annotations"`
	// The probabilities of the tokens, where they were asked for.
	Logprobs []Logprob `json:"logprobs,omitempty"`
}

// ResponseOutputRefusal says why the model gives no answer.
type ResponseOutputRefusal struct {
	_       struct{} `type:"refusal"`
	Refusal string   `json:"refusal"`
}

// SummaryText is a part of a summary of the model's reasoning.
type SummaryText struct {
	_    struct{} `type:"summary_text"`
	Text string   `json:"text"`
}

// ReasoningText is a part of the model's reasoning.
type ReasoningText struct {
	_    struct{} `type:"reasoning_text"`
	Text string   `json:"text"`
}

// ResponseReasoningSummary is a part of what a reasoning item has for a summary.
type ResponseReasoningSummary struct{}

// Union implements [Union].
func (ResponseReasoningSummary) Union() []any {
	return []any{SummaryText{}, Other{Untyped: true}}
}

// ResponseReasoningContent is a part of what a reasoning item has for content.
type ResponseReasoningContent struct{}

// Union implements [Union].
func (ResponseReasoningContent) Union() []any {
	return []any{ReasoningText{}, Other{Untyped: true}}
}

// Logprob is the probability of a token.
type Logprob struct {
	Token   string  `json:"token"`
	Logprob float64 `json:"logprob"`
	Bytes   []int   `json:"bytes,omitempty"`
	// The likeliest tokens at this place.
	TopLogprobs []Object `json:"top_logprobs,omitempty"`
}

// Annotation says what a part of a text refers to.
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
	// The place of the file in the list of files.
	Index int `json:"index"`
}

// AnnotationURLCitation cites a page.
type AnnotationURLCitation struct {
	_     struct{} `type:"url_citation"`
	URL   string   `json:"url"`
	Title string   `json:"title"`
	// Where in the text the citation begins and ends, in characters.
	StartIndex int `json:"start_index"`
	EndIndex   int `json:"end_index"`
}

// AnnotationContainerFileCitation cites a file that a tool has made.
type AnnotationContainerFileCitation struct {
	_           struct{} `type:"container_file_citation"`
	ContainerID string   `json:"container_id"`
	FileID      string   `json:"file_id"`
	Filename    string   `json:"filename"`
	// Where in the text the citation begins and ends, in characters.
	StartIndex int `json:"start_index"`
	EndIndex   int `json:"end_index"`
}

// AnnotationFilePath names a file.
type AnnotationFilePath struct {
	_      struct{} `type:"file_path"`
	FileID string   `json:"file_id"`
	// The place of the file in the list of files.
	Index int `json:"index"`
}
