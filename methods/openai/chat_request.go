package openai

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// chatParams returns the parameters of responses.create for the body of a chat
// completion.
func (a *API) chatParams(x *exchange, body rawjson.Value) (rawjson.Value, error) {
	e := edits{}
	if err := a.chooseModel(x, body, e); err != nil {
		return body, err
	}
	if err := a.strip(x, body, e, ChatParameters, unknownMembers(body)); err != nil {
		return body, err
	}
	messages := body.Get("messages")
	if isGiven(messages) && messages.Kind() != '[' {
		return body, refusal(http.StatusBadRequest, "messages", "invalid_type", "Invalid type for 'messages': expected an array of messages.")
	}
	if messages.Kind() != '[' {
		return body, refusal(http.StatusBadRequest, "messages", "missing_required_parameter", "Missing required parameter: 'messages'.")
	}
	input, err := chatInput(x.ctx, messages)
	if err != nil {
		return body, err
	}
	var params rawjson.Object
	params.Set("model", e["model"])
	params.Set("input", rawjson.List(input...))
	params.Set("parallel_tool_calls", body.Get("parallel_tool_calls"))
	params.Set("prompt_cache_key", body.Get("prompt_cache_key"))
	params.Set("derive_cache_key", x.deriveCacheKey())
	params.Set("service_tier", serviceTier(body))
	tools, err := chatTools(body)
	if err != nil {
		return body, err
	}
	if len(tools) > 0 {
		params.Set("tools", rawjson.List(tools...))
	}
	params.Set("tool_choice", chatToolChoice(body))
	if effort := body.Get("reasoning_effort"); isGiven(effort) {
		var reasoning rawjson.Object
		reasoning.Set("effort", effort)
		params.Set("reasoning", reasoning.Value())
	}
	if text := chatText(body); text.Kind() != 0 {
		params.Set("text", text)
	}
	return params.Value(), nil
}

// chatInput converts messages to items. It stops with ctx.
func chatInput(ctx context.Context, messages rawjson.Value) (items []rawjson.Value, err error) {
	i, lastCall, custom := 0, "", make(map[string]bool)
	for message := range messages.Elements() {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		at := fmt.Sprintf("messages[%d]", i)
		switch role := stringOf(message, "role"); role {
		case "system", "developer", "user":
			item, err := chatMessage(at, message, role)
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		case "assistant":
			said, err := chatAssistant(at, message)
			if err != nil {
				return nil, err
			}
			for _, item := range said {
				if id := stringOf(item, "call_id"); id != "" {
					lastCall, custom[id] = id, stringOf(item, "type") == "custom_tool_call"
				}
			}
			items = append(items, said...)
		case "tool", "function":
			id := stringOf(message, "tool_call_id")
			if role == "function" { // which answers the call before it
				id = lastCall
			}
			if id == "" {
				return nil, refusal(http.StatusBadRequest, at+".tool_call_id", "missing_required_parameter", "A tool message must have a tool_call_id.")
			}
			item, err := chatToolOutput(at, message, id, custom[id])
			if err != nil {
				return nil, err
			}
			items = append(items, item)
		default:
			return nil, refusal(http.StatusBadRequest, at+".role", "invalid_value", "Invalid value: '%s'. Supported roles are system, developer, user, assistant, tool and function.", role)
		}
		i++
	}
	return items, nil
}

func chatMessage(at string, message rawjson.Value, role string) (rawjson.Value, error) {
	content, err := chatContent(at, message.Get("content"), "input_text")
	if err != nil {
		return content, err
	}
	return messageItem(role, content), nil
}

func messageItem(role string, content rawjson.Value) rawjson.Value {
	var item rawjson.Object
	item.SetString("type", "message")
	item.SetString("role", role)
	item.Set("content", content)
	return item.Value()
}

// textPart returns a part of a content that is text.
func textPart(kind string, text rawjson.Value) rawjson.Value {
	var part rawjson.Object
	part.SetString("type", kind)
	part.Set("text", text)
	return part.Value()
}

// chatContent converts the content of a message to parts. Its texts are of the
// kind given.
func chatContent(at string, content rawjson.Value, text string) (rawjson.Value, error) {
	var parts []rawjson.Value
	switch content.Kind() {
	case '"':
		parts = append(parts, textPart(text, content))
	case '[':
		i := 0
		for given := range content.Elements() {
			part, err := chatPart(given, text)
			if err != nil {
				err.Param = optional(fmt.Sprintf("%s.content[%d]", at, i))
				return content, err
			}
			parts = append(parts, part)
			i++
		}
	case 0, 'n':
	default:
		return content, refusal(http.StatusBadRequest, at+".content", "invalid_type", "Invalid type for '%s.content': expected a string or an array of parts.", at)
	}
	return rawjson.List(parts...), nil
}

func chatPart(part rawjson.Value, text string) (rawjson.Value, *apiError) {
	if part.Kind() == '"' {
		return textPart(text, part), nil
	}
	switch kind := stringOf(part, "type"); kind {
	case "text", "input_text", "output_text":
		return textPart(text, part.Get("text")), nil
	case "refusal":
		var refused rawjson.Object
		refused.SetString("type", "refusal")
		refused.Set("refusal", part.Get("refusal"))
		return refused.Value(), nil
	case "image_url":
		image := part.Get("image_url")
		var o rawjson.Object
		o.SetString("type", "input_image")
		if image.Kind() == '"' { // as some programs have it
			o.Set("image_url", image)
		} else {
			o.Set("image_url", image.Get("url"))
			if detail := image.Get("detail"); isGiven(detail) {
				o.Set("detail", detail)
			}
		}
		return o.Value(), nil
	case "file":
		var o rawjson.Object
		o.SetString("type", "input_file")
		o.SetAll(part.Get("file"))
		return o.Value(), nil
	case "input_image", "input_file":
		return part, nil
	default:
		return part, refusal(http.StatusBadRequest, "", "unsupported_content", "The Codex backend does not support content of type '%s'.", kind)
	}
}

// chatAssistant converts a message of the assistant to items: its text, and its
// tool calls.
func chatAssistant(at string, message rawjson.Value) (items []rawjson.Value, err error) {
	content, err := chatContent(at, message.Get("content"), "output_text")
	if err != nil {
		return nil, err
	}
	if refused := message.Get("refusal"); refused.Kind() == '"' {
		var part rawjson.Object
		part.SetString("type", "refusal")
		part.Set("refusal", refused)
		content = rawjson.List(append(slices.Collect(content.Elements()), part.Value())...)
	}
	for range content.Elements() { // there is any
		items = append(items, messageItem("assistant", content))
		break
	}
	i := 0
	for call := range message.Get("tool_calls").Elements() {
		id := stringOf(call, "id")
		if id == "" {
			return nil, refusal(http.StatusBadRequest, fmt.Sprintf("%s.tool_calls[%d].id", at, i), "missing_required_parameter", "A tool call must have an id.")
		}
		if custom := call.Get("custom"); custom.Kind() == '{' {
			items = append(items, callItem("custom_tool_call", id, custom.Get("name"), "input", custom.Get("input")))
		} else {
			function := call.Get("function")
			items = append(items, callItem("function_call", id, function.Get("name"), "arguments", function.Get("arguments")))
		}
		i++
	}
	if call := message.Get("function_call"); call.Kind() == '{' {
		// Of the API of before, which has no ids.
		id := "call_of_" + at + "_" + strconv.Itoa(i)
		items = append(items, callItem("function_call", id, call.Get("name"), "arguments", call.Get("arguments")))
	}
	return items, nil
}

func callItem(kind, id string, name rawjson.Value, member string, given rawjson.Value) rawjson.Value {
	var item rawjson.Object
	item.SetString("type", kind)
	item.SetString("call_id", id)
	item.Set("name", name)
	item.Set(member, given)
	return item.Value()
}

// chatToolOutput converts the output of a tool to an item.
func chatToolOutput(at string, message rawjson.Value, id string, custom bool) (rawjson.Value, error) {
	var item rawjson.Object
	if custom {
		item.SetString("type", "custom_tool_call_output")
	} else {
		item.SetString("type", "function_call_output")
	}
	item.SetString("call_id", id)
	switch content := message.Get("content"); content.Kind() {
	case '"':
		item.Set("output", content)
	case 0, 'n':
		item.SetString("output", "")
	default:
		output, err := chatContent(at, content, "input_text")
		if err != nil {
			return output, err
		}
		item.Set("output", output)
	}
	return item.Value(), nil
}

// chatTools returns the tools that a body names, the functions of the API of
// before among them.
func chatTools(body rawjson.Value) (tools []rawjson.Value, err error) {
	i := 0
	for given := range body.Get("tools").Elements() {
		switch kind := stringOf(given, "type"); kind {
		case "function":
			tools = append(tools, functionTool(given.Get("function")))
		case "custom":
			var tool rawjson.Object
			tool.SetString("type", "custom")
			custom := given.Get("custom")
			tool.SetAll(custom, "format")
			if format := custom.Get("format"); isGiven(format) {
				tool.Set("format", customFormat(format))
			}
			tools = append(tools, tool.Value())
		default:
			return nil, refusal(http.StatusBadRequest, fmt.Sprintf("tools[%d].type", i), "invalid_value", "Invalid value: '%s'. Supported tools are function and custom.", kind)
		}
		i++
	}
	for function := range body.Get("functions").Elements() {
		tools = append(tools, functionTool(function))
	}
	if isGiven(body.Get("web_search_options")) {
		var tool rawjson.Object
		tool.SetString("type", "web_search")
		tools = append(tools, tool.Value())
	}
	return tools, nil
}

func functionTool(function rawjson.Value) rawjson.Value {
	var tool rawjson.Object
	tool.SetString("type", "function")
	tool.SetAll(function, "parameters", "strict")
	// What is not strict must say so: the Responses API is, by default.
	parameters, strict := function.Get("parameters"), function.Get("strict")
	if isGiven(parameters) {
		tool.Set("parameters", parameters)
	} else {
		tool.Set("parameters", noParameters)
	}
	if isGiven(strict) {
		tool.Set("strict", strict)
	} else {
		tool.Set("strict", rawjson.Bool(false))
	}
	return tool.Value()
}

var noParameters = rawjson.MustParse(`{"type":"object","properties":{}}`)

// customFormat returns the format of a custom tool: a grammar stands flat in the
// Responses API.
func customFormat(format rawjson.Value) rawjson.Value {
	grammar := format.Get("grammar")
	if grammar.Kind() != '{' {
		return format
	}
	var flat rawjson.Object
	flat.SetString("type", "grammar")
	flat.SetAll(grammar)
	return flat.Value()
}

// chatToolChoice returns the choice of tools, flat as the Responses API has it.
func chatToolChoice(body rawjson.Value) rawjson.Value {
	choice := body.Get("tool_choice")
	if !isGiven(choice) {
		choice = body.Get("function_call")
		if choice.Kind() == '{' {
			return namedChoice("function", choice)
		}
	}
	if choice.Kind() != '{' {
		return choice
	}
	switch kind := stringOf(choice, "type"); kind {
	case "function", "custom":
		return namedChoice(kind, choice.Get(kind))
	case "allowed_tools":
		allowed := choice.Get("allowed_tools")
		var tools []rawjson.Value
		for tool := range allowed.Get("tools").Elements() {
			kind := stringOf(tool, "type")
			tools = append(tools, namedChoice(kind, tool.Get(kind)))
		}
		var flat rawjson.Object
		flat.SetString("type", "allowed_tools")
		flat.Set("mode", allowed.Get("mode"))
		flat.Set("tools", rawjson.List(tools...))
		return flat.Value()
	}
	return choice
}

func namedChoice(kind string, named rawjson.Value) rawjson.Value {
	var choice rawjson.Object
	choice.SetString("type", kind)
	choice.Set("name", named.Get("name"))
	return choice.Value()
}

// chatText returns the text options, absent if there are none.
func chatText(body rawjson.Value) rawjson.Value {
	var text rawjson.Object
	verbosity, format := body.Get("verbosity"), body.Get("response_format")
	if isGiven(verbosity) {
		text.Set("verbosity", verbosity)
	}
	if isGiven(format) {
		if schema := format.Get("json_schema"); schema.Kind() == '{' {
			var flat rawjson.Object
			flat.SetString("type", "json_schema")
			flat.SetAll(schema, "strict")
			if strict := schema.Get("strict"); isGiven(strict) {
				flat.Set("strict", strict)
			} else {
				flat.Set("strict", rawjson.Bool(false)) // the default of chat completions
			}
			format = flat.Value()
		}
		text.Set("format", format)
	}
	if !isGiven(verbosity) && !isGiven(format) {
		return rawjson.Value{}
	}
	return text.Value()
}
