package vocabulary

// ResponseStreamEvent is an event of a streamed response.
type ResponseStreamEvent struct{}

// Union implements [Union].
func (ResponseStreamEvent) Union() []any {
	return []any{
		ResponseCreatedEvent{},
		ResponseQueuedEvent{},
		ResponseInProgressEvent{},
		ResponseCompletedEvent{},
		ResponseIncompleteEvent{},
		ResponseFailedEvent{},
		ResponseErrorEvent{},
		ResponseOutputItemAddedEvent{},
		ResponseOutputItemDoneEvent{},
		ResponseContentPartAddedEvent{},
		ResponseContentPartDeltaEvent{},
		ResponseContentPartDoneEvent{},
		ResponseTextDeltaEvent{},
		ResponseTextDoneEvent{},
		ResponseOutputTextAnnotationAddedEvent{},
		ResponseRefusalDeltaEvent{},
		ResponseRefusalDoneEvent{},
		ResponseReasoningSummaryPartAddedEvent{},
		ResponseReasoningSummaryPartDoneEvent{},
		ResponseReasoningSummaryTextDeltaEvent{},
		ResponseReasoningSummaryTextDoneEvent{},
		ResponseReasoningTextDeltaEvent{},
		ResponseReasoningTextDoneEvent{},
		ResponseFunctionCallArgumentsDeltaEvent{},
		ResponseFunctionCallArgumentsDoneEvent{},
		ResponseCustomToolCallInputDeltaEvent{},
		ResponseCustomToolCallInputDoneEvent{},
		ResponseWebSearchCallInProgressEvent{},
		ResponseWebSearchCallSearchingEvent{},
		ResponseWebSearchCallCompletedEvent{},
		ResponseFileSearchCallInProgressEvent{},
		ResponseFileSearchCallSearchingEvent{},
		ResponseFileSearchCallCompletedEvent{},
		ResponseImageGenCallInProgressEvent{},
		ResponseImageGenCallGeneratingEvent{},
		ResponseImageGenCallCompletedEvent{},
		ResponseImageGenCallPartialImageEvent{},
		ResponseCodeInterpreterCallInProgressEvent{},
		ResponseCodeInterpreterCallInterpretingEvent{},
		ResponseCodeInterpreterCallCompletedEvent{},
		ResponseCodeInterpreterCallCodeDeltaEvent{},
		ResponseCodeInterpreterCallCodeDoneEvent{},
		ResponseMcpCallInProgressEvent{},
		ResponseMcpCallCompletedEvent{},
		ResponseMcpCallFailedEvent{},
		ResponseMcpCallArgumentsDeltaEvent{},
		ResponseMcpCallArgumentsDoneEvent{},
		ResponseMcpListToolsInProgressEvent{},
		ResponseMcpListToolsCompletedEvent{},
		ResponseMcpListToolsFailedEvent{},
		ResponseCompactionCompactingEvent{},
		ResponseShellCallCommandAddedEvent{},
		ResponseShellCallCommandDeltaEvent{},
		ResponseShellCallCommandDoneEvent{},
		ResponseShellCallOutputContentDeltaEvent{},
		ResponseShellCallOutputContentDoneEvent{},
		ResponseAudioDeltaEvent{},
		ResponseAudioDoneEvent{},
		ResponseAudioTranscriptDeltaEvent{},
		ResponseAudioTranscriptDoneEvent{},
		ResponseMetadataEvent{},
		ResponseInterruptAcceptedEvent{},
		ResponseInterruptFailedEvent{},
		CodexRateLimitsEvent{},
		Other{Untyped: true},
	}
}

type event struct {
	// The sequence number of the event within the response.
	SequenceNumber int `json:"sequence_number"`
}

type stateEvent struct {
	Response ResponseSnapshot `json:"response"`
	event
}

type itemEvent struct {
	// The id of the item.
	ItemID string `json:"item_id"`
	// The index of the item in the output.
	OutputIndex int `json:"output_index"`
	event
}

type contentEvent struct {
	itemEvent
	// The index of the part in the content of the item.
	ContentIndex int `json:"content_index"`
}

type summaryEvent struct {
	itemEvent
	// The index of the part in the summary of the item.
	SummaryIndex int `json:"summary_index"`
}

type delta struct {
	Delta string `json:"delta"`
	// Padding that hides the length of the delta from network observers.
	Obfuscation string `json:"obfuscation,omitempty"`
}

type outputEvent struct {
	Item ResponseOutputItem `json:"item"`
	// The index of the item in the output.
	OutputIndex int `json:"output_index"`
	event
}

// ResponseCreatedEvent is the first event of a response.
type ResponseCreatedEvent struct {
	stateEvent `type:"response.created"`
}

// ResponseQueuedEvent is sent when the response is queued.
type ResponseQueuedEvent struct {
	stateEvent `type:"response.queued"`
}

// ResponseInProgressEvent is sent when the response is in progress.
type ResponseInProgressEvent struct {
	stateEvent `type:"response.in_progress"`
}

// ResponseCompletedEvent is the last event of a response. It contains the response.
type ResponseCompletedEvent struct {
	stateEvent `type:"response.completed"`
}

// ResponseIncompleteEvent is the last event of an incomplete response.
type ResponseIncompleteEvent struct {
	stateEvent `type:"response.incomplete"`
}

// ResponseFailedEvent is the last event of a failed response.
type ResponseFailedEvent struct {
	stateEvent `type:"response.failed"`
}

// ResponseErrorEvent is sent when the response fails with an error.
type ResponseErrorEvent struct {
	_       struct{} `type:"error"`
	Code    string   `json:"code,omitempty"`
	Message string   `json:"message,omitempty"`
	Param   string   `json:"param,omitempty"`
	// The error as an object, as sent by the backend.
	Error *ResponseError `json:"error,omitempty"`
	// The corresponding HTTP status.
	Status         int    `json:"status,omitempty"`
	Headers        Object `json:"headers,omitempty"`
	SequenceNumber int    `json:"sequence_number,omitempty"`
}

// ResponseOutputItemAddedEvent is sent when an output item starts.
type ResponseOutputItemAddedEvent struct {
	outputEvent `type:"response.output_item.added"`
}

// ResponseOutputItemDoneEvent contains a complete output item.
type ResponseOutputItemDoneEvent struct {
	outputEvent `type:"response.output_item.done"`
}

// ResponseContentPartAddedEvent is sent when a content part of a message or of reasoning starts.
type ResponseContentPartAddedEvent struct {
	contentEvent `type:"response.content_part.added"`
	Part         ResponseContentPart `json:"part"`
}

// ResponseContentPartDeltaEvent contains the next part of a content part.
type ResponseContentPartDeltaEvent struct {
	contentEvent `type:"response.content_part.delta"`
	// A text, or an object with a text.
	Delta TextOr[Object] `json:"delta"`
}

// ResponseContentPartDoneEvent contains a complete content part.
type ResponseContentPartDoneEvent struct {
	contentEvent `type:"response.content_part.done"`
	Part         ResponseContentPart `json:"part"`
}

// ResponseTextDeltaEvent contains the next part of an output text.
type ResponseTextDeltaEvent struct {
	contentEvent `type:"response.output_text.delta"`
	delta
	Logprobs []Logprob `json:"logprobs,omitempty"`
}

// ResponseTextDoneEvent contains a complete output text.
type ResponseTextDoneEvent struct {
	contentEvent `type:"response.output_text.done"`
	Text         string    `json:"text"`
	Logprobs     []Logprob `json:"logprobs,omitempty"`
}

// ResponseOutputTextAnnotationAddedEvent is sent when an annotation is added to an output text.
type ResponseOutputTextAnnotationAddedEvent struct {
	contentEvent    `type:"response.output_text.annotation.added"`
	Annotation      Annotation `json:"annotation,omitempty"`
	AnnotationIndex int        `json:"annotation_index"`
}

// ResponseRefusalDeltaEvent contains the next part of a refusal.
type ResponseRefusalDeltaEvent struct {
	contentEvent `type:"response.refusal.delta"`
	Delta        string `json:"delta"`
}

// ResponseRefusalDoneEvent contains a complete refusal.
type ResponseRefusalDoneEvent struct {
	contentEvent `type:"response.refusal.done"`
	Refusal      string `json:"refusal"`
}

// ResponseReasoningSummaryPartAddedEvent is sent when a part of a reasoning summary starts.
type ResponseReasoningSummaryPartAddedEvent struct {
	summaryEvent `type:"response.reasoning_summary_part.added"`
	Part         SummaryText `json:"part"`
}

// ResponseReasoningSummaryPartDoneEvent contains a complete part of a reasoning summary.
type ResponseReasoningSummaryPartDoneEvent struct {
	summaryEvent `type:"response.reasoning_summary_part.done"`
	Part         SummaryText `json:"part"`
	Status       string      `json:"status,omitempty" known:"incomplete"`
}

// ResponseReasoningSummaryTextDeltaEvent contains the next part of a reasoning summary's text.
type ResponseReasoningSummaryTextDeltaEvent struct {
	summaryEvent `type:"response.reasoning_summary_text.delta"`
	delta
}

// ResponseReasoningSummaryTextDoneEvent contains the complete text of a reasoning summary.
type ResponseReasoningSummaryTextDoneEvent struct {
	summaryEvent `type:"response.reasoning_summary_text.done"`
	Text         string `json:"text"`
}

// ResponseReasoningTextDeltaEvent contains the next part of a reasoning text.
type ResponseReasoningTextDeltaEvent struct {
	contentEvent `type:"response.reasoning_text.delta"`
	delta
}

// ResponseReasoningTextDoneEvent contains a complete reasoning text.
type ResponseReasoningTextDoneEvent struct {
	contentEvent `type:"response.reasoning_text.done"`
	Text         string `json:"text"`
}

// ResponseError is the error of a failed response.
type ResponseError struct {
	Type    string `json:"type,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
	Param   string `json:"param,omitempty"`
}
