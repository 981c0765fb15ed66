package openai

import (
	"cmp"
	"strconv"
	"strings"

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
		return c.text("content", v.Get("delta"))
	case "response.refusal.delta":
		return c.text("refusal", v.Get("delta"))
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

// text sends a piece of the content or of a refusal.
func (c *completion) text(name string, piece rawjson.Value) error {
	c.keep(name, piece)
	return c.delta(name, piece)
}

// keep notes a piece that is sent of the content, of a refusal, or of the
// arguments of a call.
func (c *completion) keep(of string, piece rawjson.Value) {
	if c.sent == nil {
		c.sent = make(map[string]*strings.Builder)
	}
	if c.sent[of] == nil {
		c.sent[of] = new(strings.Builder)
	}
	text, _ := piece.Text()
	c.sent[of].WriteString(text)
}

// rest returns what is to be sent of a text beyond the pieces. Pieces that it
// does not begin with cannot be taken back.
func (c *completion) rest(of, whole string) string {
	sent := c.sent[of]
	if sent == nil {
		return whole
	}
	rest, begins := strings.CutPrefix(whole, sent.String())
	if !begins {
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

// added begins an item: a call of a tool is told with its name.
func (c *completion) added(item rawjson.Value) error {
	switch stringOf(item, "type") {
	case "message":
		if c.quiet && stringOf(item, "phase") == "commentary" {
			if c.commentary == nil {
				c.commentary = make(map[string]bool)
			}
			c.commentary[stringOf(item, "id")] = true
		}
	case "function_call", "custom_tool_call":
		key := callKey(item)
		if _, known := c.calls[key]; known {
			return nil
		}
		index := len(c.calls)
		c.calls[key] = index
		return c.call(chatCall(item.Without("arguments", "input"), index)) // which come in deltas
	}
	return nil
}

// callKey returns what the item of a call is known by.
func callKey(item rawjson.Value) string {
	return cmp.Or(stringOf(item, "id"), stringOf(item, "call_id"))
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
	c.keep(pieceOf(index), v.Get("delta"))
	return c.argument(index, kind, member, v.Get("delta"))
}

// pieceOf returns the name that the pieces of a call's arguments are kept by.
func pieceOf(index int) string { return "call " + strconv.Itoa(index) }

func (c *completion) argument(index int, kind, member string, piece rawjson.Value) error {
	var inner, call rawjson.Object
	inner.Set(member, piece)
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
// as whole items, and the ends of those whose deltas did not come whole.
func (c *completion) untold(response rawjson.Value) error {
	said := c.messages(response)
	for _, text := range []struct{ name, whole string }{{"content", said.content.String()}, {"refusal", said.refused.String()}} {
		if rest := c.rest(text.name, text.whole); rest != "" {
			if err := c.delta(text.name, rawjson.String(rest)); err != nil {
				return err
			}
		}
	}
	for item := range response.Get("output").Elements() {
		kind, member := "function", "arguments"
		switch stringOf(item, "type") {
		case "function_call":
		case "custom_tool_call":
			kind, member = "custom", "input"
		default:
			continue
		}
		index, begun := c.calls[callKey(item)]
		if !begun {
			index = len(c.calls)
			c.calls[callKey(item)] = index
			if err := c.call(chatCall(item, index)); err != nil {
				return err
			}
			continue
		}
		if rest := c.rest(pieceOf(index), stringOf(item, member)); rest != "" {
			if err := c.argument(index, kind, member, rawjson.String(rest)); err != nil {
				return err
			}
		}
	}
	return nil
}
