package simulator

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
)

func tokensOf[T ~string | ~[]byte](text T) int { return (len(text) + 3) / 4 }

// item is one output item, made from the shape of its kind.
type item struct {
	kind, id string
	values   []any // for the marks of the shape that stay the same
	open     []any // for the others when the item is added
	done     []any // and when it is done
	tokens   int
	events   func(send sender) // sends those in between
}

// A sender sends an event of an item with these members, and reports whether the stream continues.
type sender func(event string, members ...any) bool

func (st *stream) sender(it *item, index int) sender {
	all := []any{"item_id", it.id, "output_index", index}
	return func(event string, members ...any) bool {
		all = append(all[:4], members...)
		st.send(event, all...)
		return st.err == nil
	}
}

func (it *item) fill(others []any) json.RawMessage {
	return fill(it.kind, slices.Concat([]any{"id", it.id}, it.values, others)...)
}

// message is a message that answers with this text.
func (c *call) message(text string) *item {
	status, part := "completed", fill("output_text", "text", text)
	if c.scenario.End == "incomplete" {
		status = "incomplete"
	}
	return &item{
		kind: "message", id: c.id("msg", 0), tokens: tokensOf(text),
		open: []any{"status", "in_progress", "content", []int{}}, done: []any{"status", status, "content", []any{part}},
		events: func(send sender) {
			send("response.content_part.added", "content_index", 0, "part", fill("output_text", "text", ""))
			noLogprobs := json.RawMessage("[]")
			for delta := range pieces(text, c.scenario.pieces()) {
				if !send("response.output_text.delta", "content_index", 0, "delta", delta, "logprobs", noLogprobs) {
					return
				}
			}
			send("response.output_text.done", "content_index", 0, "text", text, "logprobs", noLogprobs)
			send("response.content_part.done", "content_index", 0, "part", part)
		},
	}
}

// toolCall is a call of the client's tool, whose text is streamed. The members are those of the event that ends it.
func toolCall(kind, id, name, text, event string, members, values []any) *item {
	return &item{
		kind: kind, id: id, values: append(values, "name", name), tokens: tokensOf(name + text),
		open: []any{"status", "in_progress", "text", ""}, done: []any{"status", "completed", "text", text},
		events: func(send sender) {
			for delta := range pieces(text, 0) {
				send(event+".delta", "delta", delta)
			}
			send(event+".done", members...)
		},
	}
}

// hostedCall is a call of a tool that the backend runs, and that passes through these states.
func hostedCall(kind, id string, tokens int, open, done []any, states ...string) *item {
	return &item{
		kind: kind, id: id, tokens: tokens, open: append(open, "status", "in_progress"), done: append(done, "status", "completed"),
		events: func(send sender) {
			for _, state := range states {
				send("response." + kind + "." + state)
			}
		},
	}
}

// reasoningTokens is the usage of reasoning, with or without a summary.
const reasoningTokens = 64

// compose returns the output items of the answer to a request.
func (c *call) compose(r *request) []*item {
	if len(r.triggers()) > 0 {
		return []*item{c.compaction()}
	}
	var items []*item
	if r.Reasoning != nil && string(r.Reasoning.Effort) != `"none"` {
		items = append(items, c.reasoning(r))
	}
	if text, ok := c.scenario.text(); ok {
		return append(items, c.message(text))
	}
	tools := r.called()
	for i, t := range tools {
		quoted := quote(r.userText())
		switch t.Type {
		case "function":
			arguments := generated(t.Parameters, "object")
			items = append(items, toolCall("function_call", c.id("fc", i), t.Name, string(arguments), "response.function_call_arguments",
				[]any{"name", t.Name, "arguments", string(arguments)}, []any{"call", c.id("call", i), "namespace", textOr(t.namespace, absent{})}))
		case "custom":
			items = append(items, toolCall("custom_tool_call", c.id("ctc", i), t.Name, quoted, "response.custom_tool_call_input",
				[]any{"input", quoted}, []any{"call", c.id("call", i)}))
		case "image_generation":
			items = append(items, hostedCall("image_generation_call", c.id("ig", i), tokensOf(pixel),
				[]any{"prompt", absent{}, "result", nil}, []any{"prompt", r.userText(), "result", pixel}, "in_progress", "generating", "completed"))
		default:
			query := []any{"query", quoted}
			items = append(items, hostedCall("web_search_call", c.id("ws", i), tokensOf(quoted), query, query, "in_progress", "searching", "completed"))
		}
	}
	if len(tools) > 0 && tools[0].callable() {
		return items
	}
	return append(items, c.message(r.answer()))
}

func (c *call) reasoning(r *request) *item {
	id, sealed := c.id("rs", 0), ""
	if slices.Contains(r.Include, "reasoning.encrypted_content") {
		sealed = "gAAAAmock" + base64.RawURLEncoding.EncodeToString([]byte(id))
	}
	texts := []string{}
	if s := r.Reasoning.Summary; s != nil && *s != "none" {
		texts = append(texts, "**Reading the request**\n\nThe user wrote "+quote(r.userText())+".", "**Choosing the answer**\n\nA mock follows its rules.")
	}
	parts := []json.RawMessage{}
	for _, text := range texts {
		parts = append(parts, fill("summary_text", "text", text))
	}
	return &item{
		kind: "reasoning", id: id, tokens: reasoningTokens,
		values: []any{"sealed", textOr(sealed, absent{})}, open: []any{"summary", []int{}}, done: []any{"summary", parts},
		events: func(send sender) {
			for i, text := range texts {
				send("response.reasoning_summary_part.added", "summary_index", i, "part", fill("summary_text", "text", ""))
				for delta := range pieces(text, 0) {
					send("response.reasoning_summary_text.delta", "summary_index", i, "delta", delta)
				}
				send("response.reasoning_summary_text.done", "summary_index", i, "text", text)
				send("response.reasoning_summary_part.done", "summary_index", i, "part", parts[i])
			}
		},
	}
}

// text returns the text that the directives ask for instead of an answer.
func (s *scenario) text() (string, bool) {
	const filler = "lorem "
	switch {
	case s.Reply != nil:
		return *s.Reply, true
	case s.Size > 0:
		return strings.Repeat(filler, s.Size/len(filler)+1)[:s.Size], true
	case s.Deltas > 0:
		return strings.Repeat(filler, s.Deltas), true
	}
	return "", false
}

// pieces returns the number of deltas of a text, 0 for one a word.
func (s *scenario) pieces() int {
	const block = 4096
	if s.Deltas == 0 && s.Reply == nil {
		return (s.Size + block - 1) / block
	}
	return s.Deltas
}

func (r *request) answer() string {
	text, outputs := r.userText(), r.toolOutputs()
	switch {
	case r.Text.format.Type == "json_schema":
		return string(generated(r.Text.format.Schema, ""))
	case r.Text.format.Type == "json_object":
		return string(encode(map[string]string{"you_said": quote(text)}))
	case len(outputs) > 0:
		return "The tool answered: " + quote(strings.Join(outputs, "; "))
	case text == "":
		return "Hello from the mock backend."
	}
	return `You said: "` + quote(text) + `"`
}

// quote shortens a text that an answer repeats.
func quote(text string) string {
	const most = 2000
	count := 0
	for i := range text {
		if count++; count > most {
			return text[:i] + "…"
		}
	}
	return text
}
