package simulator

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
)

// item is one output item. play sends the events that tell of it, except for the last one, response.output_item.done,
// which is the same for all.
type item interface {
	// begun is the item as response.output_item.added shows it.
	begun() any
	play(st *stream, index int)
	// tokens is a plausible size.
	tokens() int
}

func tokensOf[T string | []byte](text T) int { return (len(text) + 3) / 4 }

type outputText struct {
	Type        string     `json:"type"`
	Annotations []struct{} `json:"annotations"`
	Logprobs    []struct{} `json:"logprobs"`
	Text        string     `json:"text"`
}

func output(text string) outputText {
	return outputText{"output_text", []struct{}{}, []struct{}{}, text}
}

type message struct {
	ID      string       `json:"id"`
	Type    string       `json:"type"`
	Status  string       `json:"status"`
	Content []outputText `json:"content"`
	Role    string       `json:"role"`

	deltas int // how many; 0: one a word
}

func (m *message) begun() any {
	open := *m
	open.Status, open.Content = "in_progress", []outputText{}
	return open
}

func (m *message) tokens() int { return tokensOf(m.Content[0].Text) }

var noLogprobs = json.RawMessage("[]")

func (m *message) play(st *stream, index int) {
	text := m.Content[0].Text
	st.send("response.content_part.added", "item_id", m.ID, "output_index", index, "content_index", 0, "part", output(""))
	for delta := range pieces(text, m.deltas) {
		st.send("response.output_text.delta", "item_id", m.ID, "output_index", index, "content_index", 0,
			"delta", delta, "logprobs", noLogprobs)
		if st.err != nil {
			return
		}
	}
	st.send("response.output_text.done", "item_id", m.ID, "output_index", index, "content_index", 0,
		"text", text, "logprobs", noLogprobs)
	st.send("response.content_part.done", "item_id", m.ID, "output_index", index, "content_index", 0, "part", m.Content[0])
}

// shaped is an item made from a shape of its kind's name.
type shaped struct {
	kind, id string
	values   []any // for the marks that are the same from the start
	open     []any // for the others, as the item begins
	done     []any // and as it ends
	cost     int
	events   func(st *stream, index int)
}

func (s *shaped) fill(others []any) json.RawMessage {
	return fill(s.kind, slices.Concat([]any{"id", s.id}, s.values, others)...)
}

func (s *shaped) begun() any                   { return s.fill(s.open) }
func (s *shaped) MarshalJSON() ([]byte, error) { return s.fill(s.done), nil }
func (s *shaped) tokens() int                  { return s.cost }
func (s *shaped) play(st *stream, index int)   { s.events(st, index) }

// toolCall is a call whose text streams; members are those of the event that ends it.
func toolCall(kind, id, name, text, event string, members, values []any) *shaped {
	return &shaped{
		kind: kind, id: id, values: append(values, "name", name), cost: tokensOf(name + text),
		open: []any{"status", "in_progress", "text", ""}, done: []any{"status", "completed", "text", text},
		events: func(st *stream, index int) {
			for delta := range pieces(text, 0) {
				st.send(event+".delta", "item_id", id, "output_index", index, "delta", delta)
			}
			st.send(event+".done", append([]any{"item_id", id, "output_index", index}, members...)...)
		},
	}
}

// hostedCall is a call that the backend runs itself. The states are its progress.
func hostedCall(kind, id string, cost int, open, done []any, states ...string) *shaped {
	return &shaped{
		kind: kind, id: id, cost: cost, open: append(open, "status", "in_progress"), done: append(done, "status", "completed"),
		events: func(st *stream, index int) {
			for _, state := range states {
				st.send("response."+kind+"."+state, "item_id", id, "output_index", index)
			}
		},
	}
}

// reasoningTokens is what the thinking is charged, summed up or not.
const reasoningTokens = 64

// compose decides what the model says.
func (c *call) compose(r *request) []item {
	if len(r.triggers()) > 0 {
		return []item{c.compaction()}
	}
	var items []item
	if t := c.think(r); t != nil {
		items = append(items, t)
	}
	if text, ok := c.scenario.text(); ok {
		return append(items, c.message(text))
	}
	tools := r.called()
	for i, t := range tools {
		said := quote(r.userText())
		switch t.Type {
		case "function":
			arguments := generated(t.Parameters, "object")
			var namespace any = t.namespace
			if t.namespace == "" {
				namespace = absent{}
			}
			items = append(items, toolCall("function_call", c.id("fc", i), t.Name, string(arguments), "response.function_call_arguments",
				[]any{"name", t.Name, "arguments", string(arguments)}, []any{"call", c.id("call", i), "namespace", namespace}))
		case "custom":
			items = append(items, toolCall("custom_tool_call", c.id("ctc", i), t.Name, said, "response.custom_tool_call_input",
				[]any{"input", said}, []any{"call", c.id("call", i)}))
		case "image_generation":
			items = append(items, hostedCall("image_generation_call", c.id("ig", i), tokensOf(pixel),
				[]any{"prompt", absent{}, "result", nil}, []any{"prompt", r.userText(), "result", pixel}, "in_progress", "generating", "completed"))
		default:
			query := []any{"query", said}
			items = append(items, hostedCall("web_search_call", c.id("ws", i), tokensOf(said), query, query, "in_progress", "searching", "completed"))
		}
	}
	if len(tools) > 0 && tools[0].callable() {
		return items
	}
	return append(items, c.message(r.answer()))
}

func (c *call) message(text string) *message {
	return &message{c.id("msg", 0), "message", "completed", []outputText{output(text)}, "assistant", c.scenario.pieces()}
}

func (c *call) think(r *request) *shaped {
	if r.Reasoning == nil || string(r.Reasoning.Effort) == `"none"` {
		return nil
	}
	id := c.id("rs", 0)
	var sealed any = absent{}
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
	return &shaped{
		kind: "reasoning", id: id, values: []any{"sealed", sealed}, open: []any{"summary", []int{}}, done: []any{"summary", parts}, cost: reasoningTokens,
		events: func(st *stream, index int) {
			for i, text := range texts {
				send := func(event string, members ...any) {
					st.send("response."+event, append([]any{"item_id", id, "output_index", index, "summary_index", i}, members...)...)
				}
				send("reasoning_summary_part.added", "part", fill("summary_text", "text", ""))
				for delta := range pieces(text, 0) {
					send("reasoning_summary_text.delta", "delta", delta)
				}
				send("reasoning_summary_text.done", "text", text)
				send("reasoning_summary_part.done", "part", parts[i])
			}
		},
	}
}

// text is what the directives put in the place of an answer.
func (s *scenario) text() (string, bool) {
	const filler = "lorem "
	switch {
	case s.reply != nil:
		return *s.reply, true
	case s.size > 0:
		return strings.Repeat(filler, s.size/len(filler)+1)[:s.size], true
	case s.deltas > 0:
		return strings.Repeat(filler, s.deltas), true
	}
	return "", false
}

// pieces is how many deltas the text comes in; 0: one for each word.
func (s *scenario) pieces() int {
	const block = 4096
	if s.deltas == 0 && s.reply == nil {
		return (s.size + block - 1) / block
	}
	return s.deltas
}

func (r *request) answer() string {
	said, outputs := r.userText(), r.toolOutputs()
	switch {
	case r.Text.kind == "json_schema":
		return string(generated(r.Text.schema, ""))
	case r.Text.kind == "json_object":
		return string(encode(map[string]string{"you_said": quote(said)}))
	case len(outputs) > 0:
		return "The tool answered: " + quote(strings.Join(outputs, "; "))
	case said == "":
		return "Hello from the mock backend."
	}
	return `You said: "` + quote(said) + `"`
}

// quote keeps a repeated text at a length one can still read.
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
