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

// A collector assembles a Response from the events of its stream. It does not
// decode events: it copies the parts of their text that it needs.
type collector struct {
	request *preparedRequest
	created rawjson.Value // the response in response.created
	final   rawjson.Value // the response in the event that ended it
	status  string        // the status that the type of that event implies
	failure rawjson.Value // the event that reported a failure
	done    bool          // the response has ended
	message bool          // a message is done

	items   []*collectedItem // in order of appearance
	byID    map[string]*collectedItem
	byIndex map[int64]*collectedItem // the last item of each output_index
	parts   map[partKey]*collectedPart
	size    int // memory in bytes

	open *collectedPart // the part of the last event, if that was a delta
}

// maxCollectedBytes bounds the memory of a collected stream to twice the
// largest event, so that an endless stream does not exhaust memory.
const maxCollectedBytes = 2 * backend.MaxEventBytes

func (c *collector) full() bool { return c.size > maxCollectedBytes }

const (
	// maxHeldBytes bounds the memory of the collectors of all calls.
	maxHeldBytes = 4 * maxCollectedBytes
	// heldStep is the granularity in which a collector reserves memory. Most
	// responses are smaller and reserve none.
	heldStep = 256 << 10
)

// A memoryBudget bounds the memory of the collectors of all calls.
type memoryBudget struct {
	limit int64
	used  atomic.Int64
}

// reserve adds to the memory in use. It returns an error if the limit is
// exceeded; the caller releases the memory in any case.
func (b *memoryBudget) reserve(bytes int) error {
	if b.used.Add(int64(bytes)) <= b.limit {
		return nil
	}
	e := rpc.Overloaded.Errorf("The streams of all running calls hold more than %d MiB. Try again when some have ended.", b.limit>>20)
	e.Retryable = true
	return e.With("retry_after_ms", time.Second.Milliseconds())
}

func (b *memoryBudget) release(bytes int) { b.used.Add(-int64(bytes)) }

// handle handles an event. It keeps no reference to the event's text.
func (c *collector) handle(event *event) {
	if c.open != nil && event.alike() { // nearly always
		c.append(c.open, event.delta())
		return
	}
	c.open = nil
	switch string(event.kind) {
	case "response.output_text.delta":
		c.delta(event, outputText, event.delta())
	case "response.content_part.delta":
		c.delta(event, outputText, event.delta().Get("text"))
		c.open = nil // the delta is an object, so that the fast path must not append it
	case "response.output_item.added":
		c.itemAdded(event)
	case "response.output_item.done":
		c.itemDone(event)
	case "response.content_part.done", "response.reasoning_summary_part.done":
		c.partDone(event)
	case "response.created":
		response := event.Get("response").Clone()
		c.size += len(response.Bytes()) - len(c.created.Bytes())
		c.created = response
	case "response.completed", "response.incomplete", "response.done":
		c.complete(event)
	default:
		c.handleOther(event)
	}
}

// handleOther handles failures and the texts with less frequent events.
func (c *collector) handleOther(event *event) {
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
			c.textDone(event, kind)
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

// textDone replaces the text of a part by the complete one.
func (c *collector) textDone(event *event, kind *partKind) {
	text := event.Get(kind.final)
	if text.Kind() != '"' {
		return
	}
	if part := c.part(event, kind); part != nil {
		c.size -= part.text.Size()
		part.text = rawjson.Text{}
		c.append(part, text)
		c.addCall(event, kind)
	}
}

// addCall adds the text of a call without response.output_item.added. The event
// with its complete arguments has its name.
func (c *collector) addCall(event *event, kind *partKind) {
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
	c.setText(it, call.Value())
}

func (c *collector) partDone(event *event) {
	whole := event.Get("part")
	kind := partKinds[typeOf(whole)]
	if kind == nil {
		return
	}
	if part := c.part(event, kind); part != nil {
		c.size += len(whole.Bytes()) - len(part.whole.Bytes())
		part.whole = whole.Clone()
	}
}

// complete handles an event that ends the response.
func (c *collector) complete(event *event) {
	response := event.Get("response")
	if response.Get("status").Is("failed") {
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

// interrupt ends a response that the client interrupted.
func (c *collector) interrupt() {
	var details rawjson.Object
	details.SetString("reason", interrupted)
	c.final = c.created.With("status", rawjson.String("incomplete")).With("incomplete_details", details.Value())
	c.status, c.done = "incomplete", true
}

// interrupted is the reason why an interrupted response is incomplete.
const interrupted = "interrupted"

func (c *collector) isInterrupted() bool {
	return c.final.Get("incomplete_details").Get("reason").Is(interrupted)
}

// endStatus returns the status of a response that has ended, "" before.
func (c *collector) endStatus() string {
	if given, ok := c.final.Get("status").Text(); ok || !c.done {
		return given
	}
	return c.status
}

// finalOutput returns the items of the final response, or the collected ones if
// it has none. After an interrupt the final response has finished items at most,
// while the client has seen deltas of others.
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

// response returns the Response.
func (c *collector) response() rawjson.Value {
	r := c.build()
	return r.Value()
}

// build builds the Response: all members that the backend sent, missing ones
// completed from the request and the collected items, and the members that the SDKs
// derive.
func (c *collector) build() (r rawjson.Object) {
	from, status := c.final, c.status
	if !c.done {
		from, status = c.created, "in_progress"
	}
	request := c.request
	output := request.received(c.finalOutput())
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
		{"model", request.model},
		{"instructions", request.instructions},
		{"tools", request.tools},
		{"tool_choice", request.toolChoice},
		{"parallel_tool_calls", rawjson.Bool(request.parallel)},
		{"prompt_cache_key", request.promptCacheKey},
		{"service_tier", request.serviceTier},
		{"reasoning", request.reasoning},
		{"text", request.text},
		{"usage", completeUsage(emptyObject)},
	}
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
	return r
}
