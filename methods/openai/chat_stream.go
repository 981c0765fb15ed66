package openai

import (
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// Event makes chunks of an event.
func (c *completion) Event(v rawjson.Value) error {
	switch stringOf(v, "type") {
	case "response.created":
		c.note(v.Get("response"))
		return c.begin()
	case "response.output_item.added":
		return c.added(v.Get("item"))
	case "response.output_text.delta":
		if c.commentary[stringOf(v, "item_id")] {
			return nil
		}
		c.said = true
		return c.delta("content", v.Get("delta"))
	case "response.refusal.delta":
		return c.delta("refusal", v.Get("delta"))
	case "response.function_call_arguments.delta":
		return c.arguments(v, "function", "arguments")
	case "response.custom_tool_call_input.delta":
		return c.arguments(v, "custom", "input")
	}
	return nil
}

func (c *completion) Flush() error { return c.x.reply.Flush() }

// begin sends the chunk with the role.
func (c *completion) begin() error {
	if c.role {
		return nil
	}
	c.role = true
	var delta rawjson.Object
	delta.SetString("role", "assistant")
	delta.SetString("content", "")
	delta.Set("refusal", rawjson.Null())
	return c.chunk(delta.Value(), rawjson.Null())
}

// delta sends a chunk whose delta has one member.
func (c *completion) delta(name string, v rawjson.Value) error {
	if err := c.begin(); err != nil {
		return err
	}
	var delta rawjson.Object
	delta.Set(name, v)
	return c.chunk(delta.Value(), rawjson.Null())
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

// added begins an item: a call of a tool is told with its name.
func (c *completion) added(item rawjson.Value) error {
	id := stringOf(item, "id")
	switch stringOf(item, "type") {
	case "message":
		if c.quiet && stringOf(item, "phase") == "commentary" {
			if c.commentary == nil {
				c.commentary = make(map[string]bool)
			}
			c.commentary[id] = true
		}
	case "function_call", "custom_tool_call":
		if _, known := c.calls[id]; known {
			return nil
		}
		index := len(c.calls)
		c.calls[id] = index
		return c.call(chatCall(item.Without("arguments", "input"), index)) // which come in deltas
	}
	return nil
}

func (c *completion) call(call rawjson.Value) error {
	return c.delta("tool_calls", rawjson.List(call))
}

// arguments sends a piece of the arguments of a call.
func (c *completion) arguments(v rawjson.Value, kind, member string) error {
	id := stringOf(v, "item_id")
	index, known := c.calls[id]
	if !known { // of an item that did not begin; finish tells it as a whole
		return nil
	}
	if c.args == nil {
		c.args = make(map[string]bool)
	}
	c.args[id] = true
	var inner, call rawjson.Object
	inner.Set(member, v.Get("delta"))
	call.Set("index", rawjson.Int(index))
	call.Set(kind, inner.Value())
	return c.call(call.Value())
}

// finish sends what no event told, and the chunks that end the stream.
func (c *completion) finish(response rawjson.Value) error {
	if err := c.begin(); err != nil {
		return err
	}
	if err := c.untold(response); err != nil {
		return err
	}
	var nothing rawjson.Object
	if err := c.chunk(nothing.Value(), rawjson.String(finishReason(response))); err != nil {
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

// untold sends what the response has beyond its events: calls and texts that came
// as whole items.
func (c *completion) untold(response rawjson.Value) error {
	for item := range response.Get("output").Elements() {
		id := stringOf(item, "id")
		switch kind := stringOf(item, "type"); kind {
		case "message":
			if c.said || c.quiet && stringOf(item, "phase") == "commentary" {
				continue
			}
			for part := range item.Get("content").Elements() {
				if text := part.Get("text"); text.Kind() == '"' {
					if err := c.delta("content", text); err != nil {
						return err
					}
				}
			}
		case "function_call", "custom_tool_call":
			index, begun := c.calls[id]
			switch {
			case !begun:
				c.calls[id] = len(c.calls)
				if err := c.call(chatCall(item, len(c.calls)-1)); err != nil {
					return err
				}
			case !c.args[id]: // the item began, and its arguments came with its end
				member, outer := "arguments", "function"
				if kind == "custom_tool_call" {
					member, outer = "input", "custom"
				}
				var inner, call rawjson.Object
				inner.Set(member, item.Get(member))
				call.Set("index", rawjson.Int(index))
				call.Set(outer, inner.Value())
				if given, _ := item.Get(member).Text(); given == "" {
					continue
				}
				if err := c.call(call.Value()); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
