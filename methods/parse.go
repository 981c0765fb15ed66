package methods

import (
	"context"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// ResponsesParseParams are the parameters of responses.parse: those of
// responses.create, and the format of the text.
type ResponsesParseParams struct {
	ResponseRequest
	// The format of the output text. Without it, nothing is parsed. It excludes
	// text.format.
	TextFormat *TextFormat `json:"text_format,omitempty"`
	// The verbosity of the output text: low, medium or high. It overrides
	// text.verbosity.
	Verbosity *string `json:"verbosity,omitempty" jsonschema:"example=low"`
	// Send the backend's events as stream.event notifications as they arrive. The
	// result does not depend on it.
	Stream bool `json:"stream,omitempty"`
	Rejected
	Extras
	CallTimeout
}

// TextFormat requires the output text to be JSON that matches a schema.
type TextFormat struct {
	// The name of the schema.
	Name string `json:"name" jsonschema:"minLength=1,example=Person"`
	// The JSON Schema. Objects allow no additional properties unless stated
	// otherwise, as required by the backend's strict mode.
	Schema rpc.Raw[Object] `json:"schema"`
}

// ParsedResponse is a response with its parsed output text.
type ParsedResponse struct {
	Response Response `json:"response"`
	// The output text parsed as JSON, which matches the schema. Null without
	// text_format, and if the model calls tools without a final text.
	OutputParsed any `json:"output_parsed"`
}

func (s *Service) parseResponse(ctx context.Context, p *ResponsesParseParams, events *rpc.Events) (*rpc.Raw[ParsedResponse], error) {
	request := p.ResponseRequest
	var schema *rpc.Schema
	if p.TextFormat != nil {
		if kind := p.Text.Get("format").Kind(); kind != 0 && kind != 'n' {
			return nil, invalidParam("/text/format", "Cannot pass both text_format and text.format.")
		}
		var err error
		if schema, err = compileOutputSchema(ctx, p.TextFormat.Schema.Value); err != nil {
			return nil, err
		}
		request.Text.Value = p.Text.With("format", p.TextFormat.format())
	}
	if p.Verbosity != nil {
		request.Text.Value = request.Text.With("verbosity", rawjson.String(*p.Verbosity))
	}
	if !p.Stream {
		events = nil
	}
	collected, err := s.collect(ctx, &responseCall{ResponseRequest: &request, Extras: p.Extras, CallTimeout: p.CallTimeout}, events)
	if err != nil {
		return nil, err
	}
	response, parsed := collected.response(), rawjson.Null()
	if schema != nil {
		if parsed, err = parseOutput(ctx, response, schema); err != nil {
			return nil, err
		}
	}
	var result rawjson.Object
	result.Set("response", response)
	result.Set("output_parsed", parsed)
	return rpc.RawOf[ParsedResponse](result.Value()), nil
}

// format returns the format in the backend's form.
func (f *TextFormat) format() rawjson.Value {
	var format rawjson.Object
	format.SetString("type", "json_schema")
	format.SetString("name", f.Name)
	format.Set("schema", strictSchema(f.Schema.Value))
	format.Set("strict", rawjson.Bool(true))
	return format.Value()
}

// parseOutput returns the parsed output of a response: that of the first
// message whose text matches, parsed separately, except commentary. With tool
// calls and no final text it is null.
func parseOutput(ctx context.Context, response rawjson.Value, schema *rpc.Schema) (rawjson.Value, error) {
	check := outputCheck(ctx, schema, response)
	var failed *rpc.Error
	final := false
	for item := range response.Get("output").Elements() {
		phase, text := textOf(item, "phase"), messageText(item)
		if text == "" || phase == "commentary" {
			continue
		}
		parsed, err := parseText(text, check, response)
		if cause := context.Cause(ctx); cause != nil {
			return rawjson.Null(), cause
		}
		if err == nil {
			return parsed, nil
		}
		failed = err
		final = final || phase == "final_answer"
	}
	switch {
	case !final && callsTools(response):
		return rawjson.Null(), nil
	case failed == nil:
		return rawjson.Null(), unfit(response, "There is no text to parse: %s.", insteadOfText(response))
	}
	return rawjson.Null(), failed
}

// parseText returns the parsed text of a message.
func parseText(text string, check func(rawjson.Value) []rpc.Fault, response rawjson.Value) (rawjson.Value, *rpc.Error) {
	parsed, err := rawjson.Parse([]byte(text))
	if err != nil {
		if reason, ok := response.Get("incomplete_details").Get("reason").Text(); ok {
			return parsed, unfit(response, "The text is truncated and cannot be parsed: the response is incomplete (%s).", brief(reason))
		}
		e := unfit(response, "The text is not valid JSON: %v.", err)
		e.Retryable = true
		return parsed, e
	}
	if faults := check(parsed); len(faults) > 0 {
		e := unfit(response, "The text does not match the schema of text_format: %s", faults[0].Message).With("errors", faults)
		e.Retryable = true
		return parsed, e
	}
	return parsed, nil
}

// messageText returns the text of a message, "" for other items.
func messageText(item rawjson.Value) string {
	if !isType(item, "message") {
		return ""
	}
	var text strings.Builder
	for part := range item.Get("content").Elements() {
		if isType(part, "output_text") {
			text.WriteString(textOf(part, "text"))
		}
	}
	return text.String()
}

// callsTools reports whether a response calls tools that the client runs.
func callsTools(response rawjson.Value) bool {
	for item := range response.Get("output").Elements() {
		switch typeOf(item) {
		case "function_call", "custom_tool_call", "local_shell_call", "shell_call", "apply_patch_call", "computer_call", "tool_search_call", "mcp_approval_request":
			return true
		}
	}
	return false
}

// insteadOfText describes a response without a text.
func insteadOfText(response rawjson.Value) string {
	for item := range response.Get("output").Elements() {
		for part := range item.Get("content").Elements() {
			if refusal, ok := part.Get("refusal").Text(); ok {
				return "the model refused: " + brief(refusal)
			}
		}
	}
	if reason, ok := response.Get("incomplete_details").Get("reason").Text(); ok {
		return "the response is incomplete (" + brief(reason) + ")"
	}
	if textOf(response, "output_text") != "" {
		return "the response contains only commentary"
	}
	return "the response is empty"
}
