package vocabulary

// ResponseStreamEvent is an event of a response that is streamed.
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
	// Counts the events of the response.
	SequenceNumber int `json:"sequence_number"`
}

type stateEvent struct {
	Response ResponseSnapshot `json:"response"`
	event
}

type itemEvent struct {
	ItemID string `json:"item_id"`
	// The place of the item in the output.
	OutputIndex int `json:"output_index"`
	event
}

type contentEvent struct {
	itemEvent
	// The place of the part in the item's content.
	ContentIndex int `json:"content_index"`
}

type summaryEvent struct {
	itemEvent
	// The place of the part in the item's summary.
	SummaryIndex int `json:"summary_index"`
}

type outputEvent struct {
	Item ResponseOutputItem `json:"item"`
	// The place of the item in the output.
	OutputIndex int `json:"output_index"`
	event
}

// ResponseCreatedEvent is the first event of a response.
type ResponseCreatedEvent struct {
	stateEvent `type:"response.created"`
}

// ResponseQueuedEvent says that the response waits for its turn.
type ResponseQueuedEvent struct {
	stateEvent `type:"response.queued"`
}

// ResponseInProgressEvent says that the response is under way.
type ResponseInProgressEvent struct {
	stateEvent `type:"response.in_progress"`
}

// ResponseCompletedEvent is the last event of a response, and holds it.
type ResponseCompletedEvent struct {
	stateEvent `type:"response.completed"`
}

// ResponseIncompleteEvent is the last event of a response that was cut short.
type ResponseIncompleteEvent struct {
	stateEvent `type:"response.incomplete"`
}

// ResponseFailedEvent is the last event of a response that failed.
type ResponseFailedEvent struct {
	stateEvent `type:"response.failed"`
}

// ResponseErrorEvent says that there will be no response.
type ResponseErrorEvent struct {
	_       struct{} `type:"error"`
	Code    string   `json:"code,omitempty"`
	Message string   `json:"message,omitempty"`
	Param   string   `json:"param,omitempty"`
	// The same as an object, which is what the backend sends.
	Error *ResponseError `json:"error,omitempty"`
	// The HTTP status that the error stands for.
	Status         int    `json:"status,omitempty"`
	Headers        Object `json:"headers,omitempty"`
	SequenceNumber int    `json:"sequence_number,omitempty"`
}

// ResponseOutputItemAddedEvent begins an item.
type ResponseOutputItemAddedEvent struct {
	outputEvent `type:"response.output_item.added"`
}

// ResponseOutputItemDoneEvent ends an item, and holds it.
type ResponseOutputItemDoneEvent struct {
	outputEvent `type:"response.output_item.done"`
}

// ResponseContentPartAddedEvent begins a part of a message or of reasoning.
type ResponseContentPartAddedEvent struct {
	contentEvent `type:"response.content_part.added"`
	Part         ResponseContentPart `json:"part"`
}

// ResponseContentPartDeltaEvent adds to a part.
type ResponseContentPartDeltaEvent struct {
	contentEvent `type:"response.content_part.delta"`
	// A text, or an object that has one.
	Delta TextOr[Object] `json:"delta"`
}

// ResponseContentPartDoneEvent ends a part, and holds it.
type ResponseContentPartDoneEvent struct {
	contentEvent `type:"response.content_part.done"`
	Part         ResponseContentPart `json:"part"`
}

// ResponseTextDeltaEvent adds to a text.
type ResponseTextDeltaEvent struct {
	contentEvent `type:"response.output_text.delta"`
	Delta        string    `json:"delta"`
	Logprobs     []Logprob `json:"logprobs,omitempty"`
	// Padding, which hides the length from who watches the wire.
	Obfuscation string `json:"obfuscation,omitempty"`
}

// ResponseTextDoneEvent ends a text, and holds it.
type ResponseTextDoneEvent struct {
	contentEvent `type:"response.output_text.done"`
	Text         string    `json:"text"`
	Logprobs     []Logprob `json:"logprobs,omitempty"`
}

// ResponseOutputTextAnnotationAddedEvent adds an annotation to a text.
type ResponseOutputTextAnnotationAddedEvent struct {
	contentEvent    `type:"response.output_text.annotation.added"`
	Annotation      Annotation `json:"annotation,omitempty"`
	AnnotationIndex int        `json:"annotation_index"`
}

// ResponseRefusalDeltaEvent adds to a refusal.
type ResponseRefusalDeltaEvent struct {
	contentEvent `type:"response.refusal.delta"`
	Delta        string `json:"delta"`
}

// ResponseRefusalDoneEvent ends a refusal, and holds it.
type ResponseRefusalDoneEvent struct {
	contentEvent `type:"response.refusal.done"`
	Refusal      string `json:"refusal"`
}

// ResponseReasoningSummaryPartAddedEvent begins a part of a summary of reasoning.
type ResponseReasoningSummaryPartAddedEvent struct {
	summaryEvent `type:"response.reasoning_summary_part.added"`
	Part         SummaryText `json:"part"`
}

// ResponseReasoningSummaryPartDoneEvent ends a part of a summary, and holds it.
type ResponseReasoningSummaryPartDoneEvent struct {
	summaryEvent `type:"response.reasoning_summary_part.done"`
	Part         SummaryText `json:"part"`
	Status       string      `json:"status,omitempty" known:"incomplete"`
}

// ResponseReasoningSummaryTextDeltaEvent adds to the text of a summary.
type ResponseReasoningSummaryTextDeltaEvent struct {
	summaryEvent `type:"response.reasoning_summary_text.delta"`
	Delta        string `json:"delta"`
	// Padding, which hides the length from who watches the wire.
	Obfuscation string `json:"obfuscation,omitempty"`
}

// ResponseReasoningSummaryTextDoneEvent ends the text of a summary, and holds it.
type ResponseReasoningSummaryTextDoneEvent struct {
	summaryEvent `type:"response.reasoning_summary_text.done"`
	Text         string `json:"text"`
}

// ResponseReasoningTextDeltaEvent adds to the text of reasoning.
type ResponseReasoningTextDeltaEvent struct {
	contentEvent `type:"response.reasoning_text.delta"`
	Delta        string `json:"delta"`
	// Padding, which hides the length from who watches the wire.
	Obfuscation string `json:"obfuscation,omitempty"`
}

// ResponseReasoningTextDoneEvent ends the text of reasoning, and holds it.
type ResponseReasoningTextDoneEvent struct {
	contentEvent `type:"response.reasoning_text.done"`
	Text         string `json:"text"`
}

// ResponseError says why there is no response.
type ResponseError struct {
	Type    string `json:"type,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message"`
	Param   string `json:"param,omitempty"`
}
