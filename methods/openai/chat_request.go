package openai

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// chatParams converts the body of a chat completion to the parameters of
// responses.create.
func (a *API) chatParams(x *exchange, body rawjson.Value) (rawjson.Value, error) {
	e := edits{}
	if err := a.chooseModel(x, body, e); err != nil {
		return body, err
	}
	if err := a.strip(x, body, e, ChatParameters, unknownMembers(body)); err != nil {
		return body, err
	}
	messages := body.Get("messages")
	switch {
	case messages.Kind() != '[':
		return body, missing("messages")
	case compact(messages) == "[]":
		return body, refusal(http.StatusBadRequest, "messages", "empty_array", "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.")
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
		params.Set("reasoning", rawjson.Value{}.With("effort", effort))
	}
	params.Set("text", chatText(body))
	return params.Value(), nil
}

// chatInput converts messages to items. It stops when ctx is done.
func chatInput(ctx context.Context, messages rawjson.Value) (items []rawjson.Value, err error) {
	i, lastCall, custom := 0, "", make(map[string]bool)
	for message := range messages.Elements() {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		var item rawjson.Value
		at := fmt.Sprintf("messages[%d]", i)
		switch role := stringOf(message, "role"); role {
		case "system", "developer", "user":
			item, err = chatMessage(at, message, role)
			items = append(items, item)
		case "assistant":
			var turn []rawjson.Value
			turn, err = chatAssistant(at, message)
			for _, item := range turn {
				if id := stringOf(item, "call_id"); id != "" {
					lastCall, custom[id] = id, stringOf(item, "type") == "custom_tool_call"
				}
			}
			items = append(items, turn...)
		case "tool", "function":
			id := stringOf(message, "tool_call_id")
			if role == "function" { // the output of the preceding call
				id = lastCall
			}
			if id == "" {
				return nil, refusal(http.StatusBadRequest, at+".tool_call_id", "missing_required_parameter", "A tool message must have a tool_call_id.")
			}
			item, err = chatToolOutput(at, message, id, custom[id])
			items = append(items, item)
		default:
			return nil, refusal(http.StatusBadRequest, at+".role", "invalid_value", "Invalid value: '%s'. Supported roles are system, developer, user, assistant, tool and function.", role)
		}
		if err != nil {
			return nil, err
		}
		i++
	}
	return items, nil
}

func chatMessage(at string, message rawjson.Value, role string) (rawjson.Value, error) {
	content := message.Get("content")
	if !isGiven(content) {
		return content, missing(at + ".content")
	}
	content, err := chatContent(at, content, "input_text")
	return messageItem(role, content), err
}

func messageItem(role string, content rawjson.Value) rawjson.Value {
	return typed("message", member{"role", rawjson.String(role)}, member{"content", content})
}

func textPart(kind string, text rawjson.Value) rawjson.Value {
	return typed(kind, member{"text", text})
}

func refusalPart(text rawjson.Value) rawjson.Value { return typed("refusal", member{"refusal", text}) }

// chatContent converts the content of a message to parts. The type of its text
// parts is given.
func chatContent(at string, content rawjson.Value, text string) (rawjson.Value, error) {
	var parts []rawjson.Value
	switch content.Kind() {
	case '"':
		parts = append(parts, textPart(text, content))
	case '[':
		i := 0
		for part := range content.Elements() {
			part, err := chatPart(fmt.Sprintf("%s.content[%d]", at, i), part, text)
			if err != nil {
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

func chatPart(at string, part rawjson.Value, text string) (rawjson.Value, error) {
	if part.Kind() == '"' {
		return textPart(text, part), nil
	}
	switch kind := stringOf(part, "type"); kind {
	case "text", "input_text", "output_text":
		return textPart(text, part.Get("text")), checkString(at+".text", part.Get("text"))
	case "refusal":
		return refusalPart(part.Get("refusal")), nil
	case "image_url":
		image := part.Get("image_url")
		if image.Kind() != '{' { // some programs send the URL itself
			return typed("input_image", member{"image_url", image}), checkString(at+".image_url", image)
		}
		url := image.Get("url")
		return typed("input_image", member{"image_url", url}, member{"detail", given(image.Get("detail"))}), checkString(at+".image_url.url", url)
	case "file":
		var o rawjson.Object
		o.SetString("type", "input_file")
		o.SetAll(part.Get("file"))
		return o.Value(), nil
	case "input_image", "input_file":
		return part, nil
	default:
		return part, refusal(http.StatusBadRequest, at, "unsupported_content", "The Codex backend does not support content of type '%s'.", kind)
	}
}

// chatAssistant converts a message of the assistant to a message item and items
// for its tool calls.
func chatAssistant(at string, message rawjson.Value) (items []rawjson.Value, err error) {
	content, err := chatContent(at, message.Get("content"), "output_text")
	if err != nil {
		return nil, err
	}
	if refused := message.Get("refusal"); refused.Kind() == '"' {
		content = rawjson.List(append(slices.Collect(content.Elements()), refusalPart(refused))...)
	}
	if string(content.Bytes()) != "[]" {
		items = append(items, messageItem("assistant", content))
	}
	i := 0
	for call := range message.Get("tool_calls").Elements() {
		id := stringOf(call, "id")
		if id == "" {
			return nil, refusal(http.StatusBadRequest, fmt.Sprintf("%s.tool_calls[%d].id", at, i), "missing_required_parameter", "A tool call must have an id.")
		}
		if custom := call.Get("custom"); custom.Kind() == '{' {
			items = append(items, callItem("custom_tool_call", id, custom))
		} else {
			function := call.Get("function")
			if err := checkString(fmt.Sprintf("%s.tool_calls[%d].function.name", at, i), function.Get("name")); err != nil {
				return nil, err
			}
			items = append(items, callItem("function_call", id, function))
		}
		i++
	}
	if call := message.Get("function_call"); call.Kind() == '{' {
		// Calls of the deprecated form have no ids.
		id := "call_of_" + at + "_" + strconv.Itoa(i)
		items = append(items, callItem("function_call", id, call))
	}
	return items, nil
}

func callItem(kind, id string, call rawjson.Value) rawjson.Value {
	arguments := callForms[kind].arguments
	return typed(kind, member{"call_id", rawjson.String(id)}, member{"name", call.Get("name")}, member{arguments, call.Get(arguments)})
}

// chatToolOutput converts the message of a tool to an item.
func chatToolOutput(at string, message rawjson.Value, id string, custom bool) (rawjson.Value, error) {
	kind := "function_call_output"
	if custom {
		kind = "custom_tool_call_output"
	}
	output := orElse(message.Get("content"), rawjson.String(""))
	if output.Kind() != '"' {
		var err error
		if output, err = chatContent(at, output, "input_text"); err != nil {
			return output, err
		}
	}
	return typed(kind, member{"call_id", rawjson.String(id)}, member{"output", output}), nil
}

// chatTools converts the tools of a body, and functions of the deprecated form.
func chatTools(body rawjson.Value) (tools []rawjson.Value, err error) {
	for i, tool := range slices.Collect(body.Get("tools").Elements()) {
		switch kind := stringOf(tool, "type"); kind {
		case "function":
			tools = append(tools, functionTool(tool.Get("function")))
		case "custom":
			custom := tool.Get("custom")
			var flat rawjson.Object
			flat.SetString("type", "custom")
			flat.SetAll(custom, "format")
			flat.Set("format", customFormat(given(custom.Get("format"))))
			tools = append(tools, flat.Value())
		default:
			return nil, refusal(http.StatusBadRequest, fmt.Sprintf("tools[%d].type", i), "invalid_value", "Invalid value: '%s'. Supported tools are function and custom.", kind)
		}
	}
	for function := range body.Get("functions").Elements() {
		tools = append(tools, functionTool(function))
	}
	if isGiven(body.Get("web_search_options")) {
		tools = append(tools, typed("web_search"))
	}
	return tools, nil
}

// hasFunctions reports whether a body has functions of the deprecated form, and no
// tools.
func hasFunctions(body rawjson.Value) bool {
	return isGiven(body.Get("functions")) && !isGiven(body.Get("tools"))
}

func functionTool(function rawjson.Value) rawjson.Value {
	var tool rawjson.Object
	tool.SetString("type", "function")
	tool.SetAll(function, "parameters", "strict")
	tool.Set("parameters", orElse(function.Get("parameters"), noParameters))
	tool.Set("strict", strictness(function))
	return tool.Value()
}

var noParameters = rawjson.MustParse(`{"type":"object","properties":{}}`)

// strictness returns the member strict of a function or a schema. It defaults to
// false here, and to true in the Responses API.
func strictness(v rawjson.Value) rawjson.Value { return orElse(v.Get("strict"), rawjson.Bool(false)) }

// customFormat converts the format of a custom tool. In the Responses API the
// members of a grammar are members of the format.
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

// chatToolChoice converts the tool choice. In the Responses API the names are
// members of the choice.
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
		return typed(kind, member{"mode", allowed.Get("mode")}, member{"tools", rawjson.List(tools...)})
	}
	return choice
}

func namedChoice(kind string, named rawjson.Value) rawjson.Value {
	return typed(kind, member{"name", named.Get("name")})
}

// chatText returns the text options, absent if there are none.
func chatText(body rawjson.Value) rawjson.Value {
	verbosity, format := given(body.Get("verbosity")), given(body.Get("response_format"))
	if schema := format.Get("json_schema"); schema.Kind() == '{' {
		var flat rawjson.Object
		flat.SetString("type", "json_schema")
		flat.SetAll(schema, "strict")
		flat.Set("strict", strictness(schema))
		format = flat.Value()
	}
	if verbosity.Kind() == 0 && format.Kind() == 0 {
		return rawjson.Value{}
	}
	var text rawjson.Object
	text.Set("verbosity", verbosity)
	text.Set("format", format)
	return text.Value()
}
