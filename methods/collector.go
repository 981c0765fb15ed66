package methods

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A collector puts a Response together from the events of its stream. It
// decodes nothing: what it needs it cuts out of their text.
type collector struct {
	request *preparedRequest
	created rawjson.Value   // the response as it began
	items   []rawjson.Value // that are done
	message bool            // one of them is a message
	text    []byte          // of the message at hand: the inside of a JSON string
	size    int             // of the items
	final   rawjson.Value   // the response as it ended
	status  string          // that the type of its event stands for
	failure rawjson.Value   // the event that tells of a failure
	done    bool            // the event that ends the response was taken
}

// maxCollectedBytes bounds what is kept of a stream: that of the largest event,
// said twice. Without it, one that never ends would take all memory.
const maxCollectedBytes = 2 * backend.MaxEventBytes

func (c *collector) full() bool { return c.size+len(c.text) > maxCollectedBytes }

// take takes one event. Its text may be reused afterwards.
func (c *collector) take(event *event) {
	switch string(event.kind) {
	case "response.output_text.delta", "response.content_part.delta":
		delta := event.delta
		if delta.Kind() == '{' {
			delta = delta.Get("text")
		}
		c.text = append(c.text, delta.Inside()...)
	case "response.output_item.done":
		item := event.Get("item")
		if item.Kind() != '{' {
			return
		}
		c.items = append(c.items, item.Clone())
		c.size += len(item.Bytes())
		if isType(item, "message") {
			c.message = true
			c.text = c.text[:0] // the item has it, too
		}
	case "response.created":
		c.created = event.Get("response").Clone()
	case "response.completed", "response.incomplete":
		c.status = string(bytes.TrimPrefix(event.kind, []byte("response.")))
		if c.final = event.Get("response").Clone(); c.final.Kind() != '{' {
			c.final = emptyObject
		}
		c.done = true
	case "response.failed", "response.error", "error":
		c.fail(event)
	default:
		// A gateway's error may have its own type for that of the event.
		if !bytes.HasPrefix(event.kind, []byte("response.")) && backend.IsFailure(event.Bytes()) {
			c.fail(event)
		}
	}
}

func (c *collector) fail(event *event) {
	c.failure = event.Clone()
	c.done = true
}

var emptyObject, _ = rawjson.Parse([]byte("{}"))

func isType(item rawjson.Value, kind string) bool {
	text, _ := item.Get("type").Text()
	return text == kind
}

// output returns the items that are done, and the text that belongs to none of
// them.
func (c *collector) output() rawjson.Value {
	size := len(c.text) + 128
	for _, item := range c.items {
		size += len(item.Bytes()) + 1
	}
	list := append(make([]byte, 0, size), '[')
	for i, item := range c.items {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, item.Bytes()...)
	}
	// A complete response has its messages as items. One that broke off may
	// have begun another.
	if len(c.text) > 0 && (!c.message || !c.done) {
		if len(c.items) > 0 {
			list = append(list, ',')
		}
		list = append(list, `{"type":"message","role":"assistant","content":[{"type":"output_text","text":"`...)
		list = append(list, c.text...)
		list = append(list, `"}]}`...)
	}
	v, err := rawjson.Parse(append(list, ']'))
	if err != nil {
		panic("methods: checked items make no list: " + err.Error())
	}
	return v
}

// response returns the text of the Response: every member that the backend gave
// it, those that are missing from what was collected and asked for, and the
// ones that the SDKs derive.
func (c *collector) response() []byte {
	from, status := c.final, c.status
	if !c.done {
		from, status = c.created, "in_progress"
	}
	output := from.Get("output")
	if output.Kind() != '[' || len(output.Bytes()) == len("[]") {
		output = c.output()
	}
	// Room for all, so that a long output is copied once and not at each step.
	r := object{make([]byte, 0, len(from.Bytes())+2*len(output.Bytes())+len(c.request.tools)+len(c.request.instructions)+2048)}
	given := make(map[string]bool)
	for key, value := range from.Members() {
		name, _ := key.Text()
		switch name {
		case "output":
			continue
		case "usage":
			if value.Kind() != '{' {
				continue
			}
			r.name(name)
			r.text = appendUsage(r.text, value)
		case "output_text", "reasoning_summary", "tool_calls":
			continue
		default:
			r.setValue(name, value)
		}
		given[name] = true
	}
	now := strconv.FormatFloat(float64(time.Now().UnixMilli())/1000, 'f', 3, 64)
	for _, missing := range []struct{ name, text string }{
		{"id", `""`},
		{"object", `"response"`},
		{"created_at", now},
		{"completed_at", now},
		{"status", strconv.Quote(status)},
		{"error", "null"},
		{"incomplete_details", "null"},
		{"model", string(c.request.model)},
		{"instructions", string(c.request.instructions)},
		{"tools", string(c.request.tools)},
		{"tool_choice", string(c.request.toolChoice)},
		{"parallel_tool_calls", strconv.FormatBool(c.request.parallel)},
		{"prompt_cache_key", string(c.request.promptCacheKey)},
		{"service_tier", string(c.request.serviceTier)},
		{"reasoning", string(c.request.reasoning)},
		{"text", string(c.request.text)},
		{"usage", string(appendUsage(nil, emptyObject))},
	} {
		if given[missing.name] || missing.text == "" || missing.name == "completed_at" && !c.done {
			continue
		}
		r.set(missing.name, missing.text)
	}
	r.setValue("output", output)
	appendDerived(&r, output)
	return r.end()
}

// appendUsage appends the usage with the counts that it lacks as 0. Those of tokens read from the cache are null: 0 would
// say that the backend had looked and found none.
func appendUsage(dst []byte, usage rawjson.Value) []byte {
	details := func(v rawjson.Value) string {
		return string(complete(v, []member{{"cached_tokens", "null"}, {"cache_write_tokens", "0"}, {"reasoning_tokens", "0"}}))
	}
	var u object
	for key, value := range usage.Members() {
		name, _ := key.Text()
		if name == "input_tokens_details" || name == "output_tokens_details" {
			continue
		}
		u.setValue(name, value)
	}
	for _, name := range []string{"input_tokens", "output_tokens", "total_tokens"} {
		if usage.Get(name).Kind() == 0 {
			u.set(name, "0")
		}
	}
	u.set("input_tokens_details", details(usage.Get("input_tokens_details")))
	u.set("output_tokens_details", details(usage.Get("output_tokens_details")))
	return append(dst, u.end()...)
}

type member struct{ name, text string }

// complete returns the text of an object with the members that it lacks.
func complete(v rawjson.Value, members []member) []byte {
	var o object
	for key, value := range v.Members() {
		name, _ := key.Text()
		o.setValue(name, value)
	}
	for _, m := range members {
		if v.Get(m.name).Kind() == 0 {
			o.set(m.name, m.text)
		}
	}
	return o.end()
}

// appendDerived adds the members that the SDKs compute from the output.
func appendDerived(r *object, output rawjson.Value) {
	var summary, calls []byte
	r.name("output_text")
	r.text = append(r.text, '"')
	for item := range output.Elements() {
		switch {
		case isType(item, "message"):
			for part := range item.Get("content").Elements() {
				if isType(part, "output_text") {
					r.text = append(r.text, part.Get("text").Inside()...)
				}
			}
		case isType(item, "reasoning"):
			for part := range item.Get("summary").Elements() {
				if line := part.Get("text").Inside(); len(line) > 0 {
					if len(summary) > 0 {
						summary = append(summary, `\n`...)
					}
					summary = append(summary, line...)
				}
			}
		case isType(item, "function_call"):
			if len(calls) > 0 {
				calls = append(calls, ',')
			}
			calls = append(calls, item.Bytes()...)
		}
	}
	r.text = append(r.text, '"')
	if len(summary) > 0 {
		r.set("reasoning_summary", `"`+string(summary)+`"`)
	} else {
		r.set("reasoning_summary", "null")
	}
	r.set("tool_calls", "["+string(calls)+"]")
}

// failureOf returns the error for an event that reports a failure. Should the
// backend repeat a secret there, it goes no further.
func (s *Service) failureOf(ctx context.Context, event rawjson.Value) error {
	token, _ := s.credentials.Token(ctx) // without one there is none to hide
	return errorOf(backend.FailureOf(backend.RedactJSON(event.Bytes(), token.Access, token.APIKey)))
}
