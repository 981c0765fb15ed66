package openai

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// Event sends the chunks for an event.
func (c *completion) Event(v rawjson.Value) error {
	switch stringOf(v, "type") {
	case "response.created":
		c.note(v.Get("response"))
		return c.x.begin(http.StatusOK, eventStream)
	case "response.output_item.added":
		return c.added(v.Get("item"))
	case "response.output_text.delta":
		if c.commentary[stringOf(v, "item_id")] {
			return nil
		}
		return c.text("content", v.Get("delta"))
	case "response.refusal.delta":
		return c.text("refusal", v.Get("delta"))
	case "response.function_call_arguments.delta":
		return c.arguments(v, functionCall)
	case "response.custom_tool_call_input.delta":
		return c.arguments(v, customCall)
	}
	return nil
}

func (c *completion) Flush() error { return c.x.reply.Flush() }

// begin sends the chunk with the role. The content of an answer without text is
// null, as OpenAI has it.
func (c *completion) begin(hasText bool) error {
	if c.begun {
		return nil
	}
	c.begun = true
	var delta rawjson.Object
	delta.SetString("role", "assistant")
	delta.Set("content", textOrNull("", hasText))
	delta.Set("refusal", rawjson.Null())
	return c.chunk(delta.Value(), rawjson.Null())
}

// delta sends a chunk whose delta has one member.
func (c *completion) delta(name string, v rawjson.Value) error {
	if err := c.begin(name == "content"); err != nil {
		return err
	}
	var delta rawjson.Object
	delta.Set(name, v)
	return c.chunk(delta.Value(), rawjson.Null())
}

// text sends a piece of the content or of a refusal.
func (c *completion) text(name string, piece rawjson.Value) error {
	c.record(name, piece)
	return c.delta(name, piece)
}

// record records a piece that is sent of a text.
func (c *completion) record(name string, piece rawjson.Value) {
	if c.sent[name] == nil {
		c.sent[name] = new(strings.Builder)
	}
	text, _ := piece.Text()
	c.sent[name].WriteString(text)
}

// rest returns the part of a text that was not sent. If the text does not start
// with what was sent, which cannot be taken back, it returns "".
func (c *completion) rest(name, whole string) string {
	sent := c.sent[name]
	if sent == nil {
		return whole
	}
	rest, ok := strings.CutPrefix(whole, sent.String())
	if !ok {
		return ""
	}
	return rest
}

func (c *completion) chunk(delta, finish rawjson.Value) error {
	var choice rawjson.Object
	choice.Set("index", rawjson.Int(0))
	choice.Set("delta", delta)
	choice.Set("logprobs", rawjson.Null())
	choice.Set("finish_reason", finish)
	o := c.head("chat.completion.chunk", rawjson.Value{})
	o.Set("choices", rawjson.List(choice.Value()))
	if c.usage {
		o.Set("usage", rawjson.Null())
	}
	return c.x.event("", o.Value())
}

// added handles a new item. It sends the name of a tool call; the arguments
// follow in deltas.
func (c *completion) added(item rawjson.Value) error {
	switch {
	case isToolCall(item):
		if index, isNew := c.indexOf(item); isNew {
			return c.call(chatCall(item.Without("arguments", "input"), index))
		}
	case c.quiet && stringOf(item, "type") == "message" && stringOf(item, "phase") == "commentary":
		c.commentary[stringOf(item, "id")] = true
	}
	return nil
}

// indexOf returns the index of a tool call, a new one if it has none.
func (c *completion) indexOf(item rawjson.Value) (index int, isNew bool) {
	key := callKey(item)
	index, ok := c.calls[key]
	if !ok {
		index = len(c.calls)
		c.calls[key] = index
	}
	return index, !ok
}

// callKey returns the key of a tool call, which is the item_id of its events.
func callKey(item rawjson.Value) string {
	return cmp.Or(stringOf(item, "id"), stringOf(item, "call_id"))
}

func (c *completion) call(call rawjson.Value) error {
	if c.single {
		return c.delta("function_call", call.Get("function"))
	}
	return c.delta("tool_calls", rawjson.List(call))
}

// arguments sends a delta of the arguments of a call.
func (c *completion) arguments(v rawjson.Value, form callForm) error {
	index, ok := c.calls[stringOf(v, "item_id")]
	if !ok { // the item was not added; finish sends the call
		return nil
	}
	c.record(argumentsOf(index), v.Get("delta"))
	return c.argument(index, form, v.Get("delta"))
}

// argumentsOf returns the name by which the arguments of a call are recorded.
func argumentsOf(index int) string { return "call " + strconv.Itoa(index) }

func (c *completion) argument(index int, form callForm, piece rawjson.Value) error {
	var inner, call rawjson.Object
	inner.Set(form.arguments, piece)
	call.Set("index", rawjson.Int(index))
	call.Set(form.kind, inner.Value())
	return c.call(call.Value())
}

// finish sends the parts of a response that no delta had, and the chunks that
// end the stream.
func (c *completion) finish(response rawjson.Value) error {
	texts := c.messages(response)
	if err := c.begin(texts.hasText); err != nil {
		return err
	}
	if err := c.sendRest(response, texts); err != nil {
		return err
	}
	var nothing rawjson.Object
	if err := c.chunk(nothing.Value(), rawjson.String(c.finishReason(response))); err != nil {
		return err
	}
	if !c.usage {
		return nil
	}
	o := c.head("chat.completion.chunk", response)
	o.Set("choices", rawjson.List())
	o.Set("usage", chatUsage(response.Get("usage")))
	return c.x.event("", o.Value())
}

// sendRest sends calls and texts that came without deltas, or whose deltas were
// not complete.
func (c *completion) sendRest(response rawjson.Value, texts *messages) error {
	for _, text := range []struct{ name, whole string }{{"content", texts.content.String()}, {"refusal", texts.refused.String()}} {
		if rest := c.rest(text.name, text.whole); rest != "" {
			if err := c.delta(text.name, rawjson.String(rest)); err != nil {
				return err
			}
		}
	}
	for item := range response.Get("output").Elements() {
		form, ok := callForms[stringOf(item, "type")]
		if !ok {
			continue
		}
		index, isNew := c.indexOf(item)
		if isNew {
			if err := c.call(chatCall(item, index)); err != nil {
				return err
			}
		} else if rest := c.rest(argumentsOf(index), stringOf(item, form.arguments)); rest != "" {
			if err := c.argument(index, form, rawjson.String(rest)); err != nil {
				return err
			}
		}
	}
	return nil
}
