package openai

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// createChatCompletion is POST /chat/completions.
func (a *API) createChatCompletion(x *exchange, body rawjson.Value) error {
	params, err := a.chatParams(x, body)
	if err != nil {
		return err
	}
	c := &completion{
		x: x, id: newID("chatcmpl"), created: time.Now().Unix(), model: x.header.Get(modelHeader),
		quiet: body.Get("response_format").Kind() == '{', single: hasFunctions(body),
		calls: make(map[string]int), sent: make(map[string]*strings.Builder), commentary: make(map[string]bool),
	}
	if body.Get("stream").Kind() != 't' {
		response, err := a.call(x, "responses.create", params, nil)
		if err != nil {
			return err
		}
		return x.send(http.StatusOK, c.whole(response))
	}
	c.usage = body.Get("stream_options").Get("include_usage").Kind() == 't'
	response, err := a.call(x, "responses.create", params.With("stream", rawjson.Bool(true)), c)
	if err != nil {
		return err
	}
	if err := c.finish(response); err != nil {
		return err
	}
	return x.reply.End(true)
}

// A completion converts a response to a chat completion.
type completion struct {
	x       *exchange
	id      string
	created int64
	model   string
	usage   bool // send the usage in a last chunk
	quiet   bool // omit commentary: the content must be JSON
	single  bool // a call is a function_call, the deprecated form

	begun      bool                        // the first chunk was sent
	calls      map[string]int              // indexes of the tool calls by callKey
	sent       map[string]*strings.Builder // the text sent so far of the content, the refusal and each call
	commentary map[string]bool             // ids of omitted messages
}

// messages are the texts of the messages of a response.
type messages struct {
	content, refused    strings.Builder
	hasText, hasRefusal bool
	annotations         []rawjson.Value
}

func (c *completion) messages(response rawjson.Value) *messages {
	m := new(messages)
	for item := range response.Get("output").Elements() {
		if stringOf(item, "type") != "message" || c.quiet && stringOf(item, "phase") == "commentary" {
			continue
		}
		for part := range item.Get("content").Elements() {
			if text, ok := part.Get("text").Text(); ok && stringOf(part, "type") == "output_text" {
				m.content.WriteString(text)
				m.hasText = true
			}
			if text, ok := part.Get("refusal").Text(); ok {
				m.refused.WriteString(text)
				m.hasRefusal = true
			}
			for annotation := range part.Get("annotations").Elements() {
				if stringOf(annotation, "type") == "url_citation" {
					m.annotations = append(m.annotations, typed("url_citation", member{"url_citation", annotation.Without("type")}))
				}
			}
		}
	}
	return m
}

// whole returns the chat completion of a complete response.
func (c *completion) whole(response rawjson.Value) rawjson.Value {
	m := c.messages(response)
	var calls []rawjson.Value
	for item := range response.Get("output").Elements() {
		if isToolCall(item) {
			calls = append(calls, chatCall(item, -1))
		}
	}
	var message rawjson.Object
	message.SetString("role", "assistant")
	message.Set("content", textOrNull(m.content.String(), m.hasText))
	message.Set("refusal", textOrNull(m.refused.String(), m.hasRefusal))
	message.Set("annotations", rawjson.List(m.annotations...))
	switch {
	case len(calls) == 0:
	case c.single:
		message.Set("function_call", calls[0].Get("function"))
	default:
		message.Set("tool_calls", rawjson.List(calls...))
	}
	var choice rawjson.Object
	choice.Set("index", rawjson.Int(0))
	choice.Set("message", message.Value())
	choice.Set("logprobs", rawjson.Null())
	choice.SetString("finish_reason", c.finishReason(response))

	o := c.head("chat.completion", response)
	o.Set("choices", rawjson.List(choice.Value()))
	o.Set("usage", chatUsage(response.Get("usage")))
	return o.Value()
}

// note copies the members of a response that all chunks have.
func (c *completion) note(response rawjson.Value) {
	if created := response.Get("created_at"); created.Kind() == '0' {
		if at, err := strconv.ParseFloat(string(created.Bytes()), 64); err == nil && at > 0 {
			c.created = int64(at)
		}
	}
	if id, ok := strings.CutPrefix(stringOf(response, "id"), "resp_"); ok {
		c.id = "chatcmpl-" + id
	}
	if model := stringOf(response, "model"); model != "" {
		c.model = model
	}
}

// head returns an object with the members that completions and chunks share.
func (c *completion) head(object string, response rawjson.Value) *rawjson.Object {
	c.note(response)
	o := new(rawjson.Object)
	o.SetString("id", c.id)
	o.SetString("object", object)
	o.Set("created", rawjson.Int(c.created))
	o.SetString("model", c.model)
	o.Set("service_tier", given(response.Get("service_tier")))
	o.Set("system_fingerprint", rawjson.Null())
	return o
}

func textOrNull(text string, has bool) rawjson.Value {
	if !has {
		return rawjson.Null()
	}
	return rawjson.String(text)
}

// finishReason returns why a completion ended.
func (c *completion) finishReason(response rawjson.Value) string {
	switch reason := stringOf(response.Get("incomplete_details"), "reason"); {
	case reason == "content_filter":
		return reason
	case reason != "" || stringOf(response, "status") == "incomplete":
		return "length"
	}
	for item := range response.Get("output").Elements() {
		if isToolCall(item) && c.single {
			return "function_call"
		} else if isToolCall(item) {
			return "tool_calls"
		}
	}
	return "stop"
}

// A callForm is the form of a tool call in chat completions: its type, and the
// member that holds its arguments.
type callForm struct{ kind, arguments string }

var (
	functionCall = callForm{"function", "arguments"}
	customCall   = callForm{"custom", "input"}
	// callForms are the forms by the type of the item in a response.
	callForms = map[string]callForm{"function_call": functionCall, "custom_tool_call": customCall}
)

func isToolCall(item rawjson.Value) bool {
	_, ok := callForms[stringOf(item, "type")]
	return ok
}

// chatCall returns a tool call. The index is that in a chunk, negative for none.
func chatCall(item rawjson.Value, index int) rawjson.Value {
	var inner, call rawjson.Object
	form := callForms[stringOf(item, "type")]
	inner.Set("name", item.Get("name"))
	arguments := item.Get(form.arguments)
	if arguments.Kind() != '"' {
		arguments = rawjson.String("")
	}
	inner.Set(form.arguments, arguments)
	if index >= 0 {
		call.Set("index", rawjson.Int(index))
	}
	call.Set("id", item.Get("call_id"))
	call.SetString("type", form.kind)
	call.Set(form.kind, inner.Value())
	return call.Value()
}

// chatUsage converts the usage of a response.
func chatUsage(usage rawjson.Value) rawjson.Value {
	count := func(v rawjson.Value) rawjson.Value {
		if v.Kind() == '0' {
			return v
		}
		return rawjson.Int(0)
	}
	input, output := usage.Get("input_tokens_details"), usage.Get("output_tokens_details")
	var in, out, o rawjson.Object
	in.Set("cached_tokens", count(input.Get("cached_tokens")))
	in.Set("audio_tokens", rawjson.Int(0))
	out.Set("reasoning_tokens", count(output.Get("reasoning_tokens")))
	for _, name := range []string{"audio_tokens", "accepted_prediction_tokens", "rejected_prediction_tokens"} {
		out.Set(name, rawjson.Int(0))
	}
	o.Set("prompt_tokens", count(usage.Get("input_tokens")))
	o.Set("completion_tokens", count(usage.Get("output_tokens")))
	o.Set("total_tokens", count(usage.Get("total_tokens")))
	o.Set("prompt_tokens_details", in.Value())
	o.Set("completion_tokens_details", out.Value())
	return o.Value()
}
