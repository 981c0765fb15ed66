package methods

import (
	"bytes"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A collector puts a Response together from the events of its stream. It
// decodes nothing: what it needs it cuts out of their text.
type collector struct {
	request *preparedRequest
	created rawjson.Value // the response as it began
	final   rawjson.Value // the response as it ended
	status  string        // by the type of its event
	failure rawjson.Value // the event of a failure
	done    bool          // the event that ends the response was taken
	message bool          // an item that is done is a message

	items   []*collectedItem // in order of appearance
	byID    map[string]*collectedItem
	byIndex map[int64]*collectedItem // the last one of each output_index
	parts   map[partKey]*collectedPart
	size    int // what all of it takes in memory

	open *collectedPart // that the last event was a delta of, or nil
}

// maxCollectedBytes bounds the memory of a collected stream, to twice the
// largest event, so that an endless stream does not exhaust memory.
const maxCollectedBytes = 2 * backend.MaxEventBytes

func (c *collector) full() bool { return c.size > maxCollectedBytes }

// maxHeldBytes bounds what is kept of the streams of all calls together.
const maxHeldBytes = 4 * maxCollectedBytes

// A holding is what all calls keep of their streams, in bytes.
type holding struct {
	limit int64
	held  atomic.Int64
}

// heldStep is how much more a call keeps before it is counted again: most
// responses are smaller, and are not counted at all.
const heldStep = 256 << 10

// add counts so many bytes more, and returns an error if it is too much in all.
func (h *holding) add(bytes int) error {
	if h.held.Add(int64(bytes)) <= h.limit {
		return nil
	}
	e := rpc.Overloaded.Errorf("The streams of all running calls hold more than %d MiB. Try again when some have ended.", h.limit>>20)
	e.Retryable = true
	return e.With("retry_after_ms", time.Second.Milliseconds())
}

func (h *holding) release(counted int) { h.held.Add(-int64(counted)) }

// take takes one event. Its text may be reused afterwards.
func (c *collector) take(event *event) {
	if c.open != nil && event.alike() { // as nearly always
		c.append(c.open, event.delta())
		return
	}
	c.open = nil
	switch string(event.kind) {
	case "response.output_text.delta":
		c.delta(event, outputText, event.delta())
	case "response.content_part.delta":
		c.delta(event, outputText, event.delta().Get("text"))
		c.open = nil // whose deltas are not such texts
	case "response.output_item.added":
		c.add(event)
	case "response.output_item.done":
		c.finish(event)
	case "response.content_part.done", "response.reasoning_summary_part.done":
		c.finishPart(event)
	case "response.created":
		c.size -= len(c.created.Bytes())
		c.created = event.Get("response").Clone()
		c.size += len(c.created.Bytes())
	case "response.completed", "response.incomplete", "response.done":
		c.complete(event)
	default:
		c.takeOther(event)
	}
}

// takeOther takes an event of a type that few streams have, or none known.
func (c *collector) takeOther(event *event) {
	if event.failed() {
		c.fail(event)
		return
	}
	rest, _ := bytes.CutPrefix(event.kind, []byte("response."))
	if name, delta := bytes.CutSuffix(rest, []byte(".delta")); delta {
		if kind := partEvents[string(name)]; kind != nil {
			c.delta(event, kind, event.delta())
		}
		return
	}
	if name, done := bytes.CutSuffix(rest, []byte(".done")); done {
		if kind := partEvents[string(name)]; kind != nil {
			c.finishText(event, kind)
		}
	}
}

// delta appends to the text of a part.
func (c *collector) delta(event *event, kind *partKind, delta rawjson.Value) {
	if len(delta.Inside()) == 0 {
		return
	}
	if part := c.part(event, kind); part != nil {
		c.append(part, delta)
		c.open = part
	}
}

func (c *collector) append(part *collectedPart, delta rawjson.Value) {
	c.size -= part.text.Size()
	part.text.Add(delta)
	c.size += part.text.Size()
}

// finishText takes the whole text of a part.
func (c *collector) finishText(event *event, kind *partKind) {
	text := event.Get(kind.final)
	if text.Kind() != '"' {
		return
	}
	if part := c.part(event, kind); part != nil {
		c.size -= part.text.Size()
		part.text = rawjson.Text{}
		part.text.Add(text)
		c.size += part.text.Size()
		c.introduce(event, kind)
	}
}

// introduce takes the name of a call that was not added from the event that ends
// its arguments.
func (c *collector) introduce(event *event, kind *partKind) {
	it := c.find(event.itemID(), event.outputIndex(), kind.item)
	if it == nil || it.text.Kind() != 0 || event.Get("name").Kind() != '"' {
		return
	}
	var call rawjson.Object
	call.SetString("type", kind.item)
	for _, member := range []struct{ name, from string }{{"id", "item_id"}, {"call_id", "call_id"}, {"name", "name"}} {
		if v := event.Get(member.from); v.Kind() == '"' {
			call.Set(member.name, v)
		}
	}
	c.keep(it, call.Value())
}

// finishPart takes a part that is done.
func (c *collector) finishPart(event *event) {
	whole := event.Get("part")
	kind, _ := whole.Get("type").Text()
	if partKinds[kind] == nil {
		return
	}
	if part := c.part(event, partKinds[kind]); part != nil {
		c.size += len(whole.Bytes()) - len(part.whole.Bytes())
		part.whole = whole.Clone()
	}
}

// complete takes the event that ends the response.
func (c *collector) complete(event *event) {
	response := event.Get("response")
	status, _ := response.Get("status").Text()
	if status == "failed" {
		c.fail(event)
		return
	}
	c.status = strings.TrimPrefix(string(event.kind), "response.")
	if c.status == "done" {
		c.status = "completed"
	}
	c.final, c.done = emptyObject, true
	if response.Kind() == '{' {
		c.final = event.keep(response)
	}
}

func (c *collector) fail(event *event) {
	c.failure = event.keep(*event.Value)
	c.done = true
}

var emptyObject = rawjson.MustParse("{}")

func isType(item rawjson.Value, kind string) bool { return item.Get("type").Is(kind) }

// interrupt ends a response of which no more is to come, since the client
// interrupted it.
func (c *collector) interrupt() {
	var details rawjson.Object
	details.SetString("reason", interrupted)
	c.final = c.created.With("status", rawjson.String("incomplete")).With("incomplete_details", details.Value())
	c.status, c.done = "incomplete", true
}

// interrupted is the reason why such a response is incomplete.
const interrupted = "interrupted"

func (c *collector) isInterrupted() bool {
	reason, _ := c.final.Get("incomplete_details").Get("reason").Text()
	return reason == interrupted
}

// endStatus returns the status of a response that is over, "" before.
func (c *collector) endStatus() string {
	if given, ok := c.final.Get("status").Text(); ok || !c.done {
		return given
	}
	return c.status
}

// output returns the items of the response, including incomplete ones.
func (c *collector) output() rawjson.Value {
	return c.list(c.endStatus())
}

// finalOutput returns the items that the backend gave the response in the end,
// else what was told of them. A response that was interrupted it gives the
// finished ones at most, where the client has seen more.
func (c *collector) finalOutput() rawjson.Value {
	from := c.final
	if !c.done {
		from = c.created
	}
	output := from.Get("output")
	if output.Kind() != '[' || isEmptyList(output) || c.isInterrupted() && len(c.items) > 0 {
		return c.output()
	}
	return output
}

// response returns the Response: every member that the backend gave
// it, those that are missing from what was collected and asked for, and the
// ones that the SDKs derive.
func (c *collector) response() rawjson.Value {
	from, status := c.final, c.status
	if !c.done {
		from, status = c.created, "in_progress"
	}
	output := c.finalOutput()
	asked := c.request
	now := rawjson.MustParse(strconv.FormatFloat(float64(time.Now().UnixMilli())/1000, 'f', 3, 64))
	missing := []struct {
		name  string
		value rawjson.Value
	}{
		{"id", rawjson.String("")},
		{"object", rawjson.String("response")},
		{"created_at", now},
		{"completed_at", now},
		{"status", rawjson.String(status)},
		{"error", rawjson.Null()},
		{"incomplete_details", rawjson.Null()},
		{"model", asked.model},
		{"instructions", asked.instructions},
		{"tools", asked.tools},
		{"tool_choice", asked.toolChoice},
		{"parallel_tool_calls", rawjson.Bool(asked.parallel)},
		{"prompt_cache_key", asked.promptCacheKey},
		{"service_tier", asked.serviceTier},
		{"reasoning", asked.reasoning},
		{"text", asked.text},
		{"usage", completeUsage(emptyObject)},
	}
	var r rawjson.Object
	for name, value := range from.Members() {
		switch name {
		case "output", "output_text", "reasoning_summary", "tool_calls":
			continue
		case "usage":
			if value.Kind() != '{' {
				continue
			}
			value = completeUsage(value)
		}
		r.Set(name, value)
		for i := range missing {
			if missing[i].name == name {
				missing[i].value = rawjson.Value{}
			}
		}
	}
	for _, m := range missing {
		if m.name != "completed_at" || c.done {
			r.Set(m.name, m.value)
		}
	}
	r.Set("output", output)
	derive(&r, output)
	return r.Value()
}
