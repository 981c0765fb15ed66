package openai

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// createChatCompletion is POST /chat/completions.
func (a *API) createChatCompletion(x *exchange, _ string) error {
	body, err := x.body()
	if err != nil {
		return err
	}
	params, err := a.chatParams(x, body)
	if err != nil {
		return err
	}
	c := &completion{
		x: x, id: newID("chatcmpl"), created: time.Now().Unix(), model: x.header.Get(modelHeader),
		quiet: body.Get("response_format").Kind() == '{', calls: make(map[string]int),
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

// A completion is a chat completion under construction from a response.
type completion struct {
	x       *exchange
	id      string
	created int64
	model   string
	usage   bool // a last chunk has the usage
	quiet   bool // commentary would spoil the content, which is to be JSON

	role       bool                        // the first chunk, which has the role, went out
	calls      map[string]int              // places of the tool calls by their keys
	sent       map[string]*strings.Builder // the pieces that went out of each text
	commentary map[string]bool             // ids of messages that are commentary
}

// messages are what the messages of a response say.
type messages struct {
	content, refused    strings.Builder
	hasText, hasRefusal bool
	annotations         []rawjson.Value
}

// messages returns what a response says, without what would spoil it.
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
			m.annotations = slices.AppendSeq(m.annotations, chatAnnotations(part))
		}
	}
	return m
}

// whole returns the completion of a response that is complete.
func (c *completion) whole(response rawjson.Value) rawjson.Value {
	said := c.messages(response)
	var calls []rawjson.Value
	for item := range response.Get("output").Elements() {
		if kind := stringOf(item, "type"); kind == "function_call" || kind == "custom_tool_call" {
			calls = append(calls, chatCall(item, -1))
		}
	}
	var message rawjson.Object
	message.SetString("role", "assistant")
	message.Set("content", textOrNull(said.content.String(), said.hasText))
	message.Set("refusal", textOrNull(said.refused.String(), said.hasRefusal))
	message.Set("annotations", rawjson.List(said.annotations...))
	if len(calls) > 0 {
		message.Set("tool_calls", rawjson.List(calls...))
	}
	var choice rawjson.Object
	choice.Set("index", rawjson.Int(0))
	choice.Set("message", message.Value())
	choice.Set("logprobs", rawjson.Null())
	choice.SetString("finish_reason", finishReason(response))

	o := c.head("chat.completion", response)
	o.Set("choices", rawjson.List(choice.Value()))
	o.Set("usage", chatUsage(response.Get("usage")))
	return o.Value()
}

// note takes from a response what all chunks have of it.
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

// head returns what a completion and its chunks begin with.
func (c *completion) head(object string, response rawjson.Value) *rawjson.Object {
	c.note(response)
	o := new(rawjson.Object)
	o.SetString("id", c.id)
	o.SetString("object", object)
	o.Set("created", rawjson.Int(c.created))
	o.SetString("model", c.model)
	if tier := response.Get("service_tier"); isGiven(tier) {
		o.Set("service_tier", tier)
	}
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
func finishReason(response rawjson.Value) string {
	switch reason := stringOf(response.Get("incomplete_details"), "reason"); {
	case reason == "content_filter":
		return reason
	case reason != "" || stringOf(response, "status") == "incomplete":
		return "length"
	}
	for item := range response.Get("output").Elements() {
		if kind := stringOf(item, "type"); kind == "function_call" || kind == "custom_tool_call" {
			return "tool_calls"
		}
	}
	return "stop"
}

// chatCall returns a call of a tool, with its index in a chunk unless that is
// negative.
func chatCall(item rawjson.Value, index int) rawjson.Value {
	var inner, call rawjson.Object
	kind, member := "function", "arguments"
	if stringOf(item, "type") == "custom_tool_call" {
		kind, member = "custom", "input"
	}
	inner.Set("name", item.Get("name"))
	if given := item.Get(member); given.Kind() == '"' {
		inner.Set(member, given)
	} else {
		inner.SetString(member, "")
	}
	if index >= 0 {
		call.Set("index", rawjson.Int(index))
	}
	call.Set("id", item.Get("call_id"))
	call.SetString("type", kind)
	call.Set(kind, inner.Value())
	return call.Value()
}

// chatAnnotations yields the annotations of a part that a chat completion has.
func chatAnnotations(part rawjson.Value) func(func(rawjson.Value) bool) {
	return func(yield func(rawjson.Value) bool) {
		for annotation := range part.Get("annotations").Elements() {
			if stringOf(annotation, "type") != "url_citation" {
				continue
			}
			var o rawjson.Object
			o.SetString("type", "url_citation")
			o.Set("url_citation", annotation.Without("type"))
			if !yield(o.Value()) {
				return
			}
		}
	}
}

// chatUsage returns the usage of a response as a chat completion has it.
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
