package simulator

import (
	"encoding/base64"
	"encoding/json"
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

type summaryText struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

type thought struct {
	ID               string        `json:"id"`
	Type             string        `json:"type"`
	EncryptedContent string        `json:"encrypted_content,omitempty"`
	Summary          []summaryText `json:"summary"`
}

func (t *thought) begun() any {
	open := *t
	open.Summary = []summaryText{}
	return open
}

// tokens is what the thinking is charged, summed up or not.
func (t *thought) tokens() int { return 64 }

func (t *thought) play(st *stream, index int) {
	for i, part := range t.Summary {
		st.send("response.reasoning_summary_part.added", "item_id", t.ID, "output_index", index, "summary_index", i,
			"part", summaryText{"summary_text", ""})
		for delta := range pieces(part.Text, 0) {
			st.send("response.reasoning_summary_text.delta", "item_id", t.ID, "output_index", index, "summary_index", i, "delta", delta)
		}
		st.send("response.reasoning_summary_text.done", "item_id", t.ID, "output_index", index, "summary_index", i, "text", part.Text)
		st.send("response.reasoning_summary_part.done", "item_id", t.ID, "output_index", index, "summary_index", i, "part", part)
	}
}

type functionCall struct {
	ID        string `json:"id"`
	Type      string `json:"type"`
	Status    string `json:"status"`
	Arguments string `json:"arguments"`
	CallID    string `json:"call_id"`
	Name      string `json:"name"`
	Namespace string `json:"namespace,omitempty"`
}

func (f *functionCall) begun() any {
	open := *f
	open.Status, open.Arguments = "in_progress", ""
	return open
}

func (f *functionCall) tokens() int { return tokensOf(f.Name + f.Arguments) }

func (f *functionCall) play(st *stream, index int) {
	for delta := range pieces(f.Arguments, 0) {
		st.send("response.function_call_arguments.delta", "item_id", f.ID, "output_index", index, "delta", delta)
	}
	st.send("response.function_call_arguments.done", "item_id", f.ID, "output_index", index, "name", f.Name, "arguments", f.Arguments)
}

type customCall struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Status string `json:"status"`
	CallID string `json:"call_id"`
	Name   string `json:"name"`
	Input  string `json:"input"`
}

func (f *customCall) begun() any {
	open := *f
	open.Status, open.Input = "in_progress", ""
	return open
}

func (f *customCall) tokens() int { return tokensOf(f.Name + f.Input) }

func (f *customCall) play(st *stream, index int) {
	for delta := range pieces(f.Input, 0) {
		st.send("response.custom_tool_call_input.delta", "item_id", f.ID, "output_index", index, "delta", delta)
	}
	st.send("response.custom_tool_call_input.done", "item_id", f.ID, "output_index", index, "input", f.Input)
}

type searchCall struct {
	ID     string       `json:"id"`
	Type   string       `json:"type"`
	Status string       `json:"status"`
	Action searchAction `json:"action"`
}

type searchAction struct {
	Type  string `json:"type"`
	Query string `json:"query"`
}

func (f *searchCall) begun() any {
	open := *f
	open.Status = "in_progress"
	return open
}

func (f *searchCall) tokens() int { return tokensOf(f.Action.Query) }

func (f *searchCall) play(st *stream, index int) {
	for _, state := range []string{"in_progress", "searching", "completed"} {
		st.send("response.web_search_call."+state, "item_id", f.ID, "output_index", index)
	}
}

type imageCall struct {
	ID            string  `json:"id"`
	Type          string  `json:"type"`
	Status        string  `json:"status"`
	RevisedPrompt string  `json:"revised_prompt,omitempty"`
	Result        *string `json:"result"`
}

func (f *imageCall) begun() any {
	open := *f
	open.Status, open.RevisedPrompt, open.Result = "in_progress", "", nil
	return open
}

func (f *imageCall) tokens() int { return tokensOf(*f.Result) }

func (f *imageCall) play(st *stream, index int) {
	for _, state := range []string{"in_progress", "generating", "completed"} {
		st.send("response.image_generation_call."+state, "item_id", f.ID, "output_index", index)
	}
}

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
		switch t.Type {
		case "function":
			arguments, _ := generate(t.Parameters, "object")
			items = append(items, &functionCall{c.id("fc", i), "function_call", "completed", string(arguments), c.id("call", i), t.Name, t.namespace})
		case "custom":
			items = append(items, &customCall{c.id("ctc", i), "custom_tool_call", "completed", c.id("call", i), t.Name, quote(r.userText())})
		case "image_generation":
			image := pixel
			items = append(items, &imageCall{c.id("ig", i), "image_generation_call", "completed", r.userText(), &image})
		default:
			items = append(items, &searchCall{c.id("ws", i), "web_search_call", "completed", searchAction{"search", quote(r.userText())}})
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

func (c *call) think(r *request) *thought {
	if r.Reasoning == nil || string(r.Reasoning.Effort) == `"none"` {
		return nil
	}
	t := &thought{ID: c.id("rs", 0), Type: "reasoning", Summary: []summaryText{}}
	for _, include := range r.Include {
		if include == "reasoning.encrypted_content" {
			t.EncryptedContent = "gAAAAmock" + base64.RawURLEncoding.EncodeToString([]byte(t.ID))
		}
	}
	if s := r.Reasoning.Summary; s != nil && *s != "none" {
		t.Summary = append(t.Summary,
			summaryText{"summary_text", "**Reading the request**\n\nThe user wrote " + quote(r.userText()) + "."},
			summaryText{"summary_text", "**Choosing the answer**\n\nA mock follows its rules."})
	}
	return t
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
		value, _ := generate(r.Text.schema, "")
		return string(value)
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
