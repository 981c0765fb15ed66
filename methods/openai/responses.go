package openai

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// createResponse is POST /responses.
func (a *API) createResponse(x *exchange, body rawjson.Value) error {
	streams := body.Get("stream").Kind() == 't'
	e := new(entry)
	defer func() { a.memory.release(e.previous) }()
	params, err := a.responseParams(x, body, e)
	if err != nil {
		return err
	}
	if !streams {
		response, err := a.call(x, "responses.create", params, nil)
		if err != nil {
			return err
		}
		a.remember(e, response)
		return x.send(http.StatusOK, e.response)
	}
	s := &responseStream{x: x, loose: !namesLooseTools(params)}
	response, err := a.call(x, "responses.create", params, s)
	switch {
	case err == nil:
		a.remember(e, response)
	case !s.failed: // otherwise the backend's event was sent
		return err
	}
	return x.reply.End(false)
}

// A responseStream passes on the events of a response.
type responseStream struct {
	x      *exchange
	loose  bool // remove the host's own namespace
	failed bool // the backend reported a failure
}

func (s *responseStream) Event(v rawjson.Value) error {
	kind := stringOf(v, "type")
	if kind == "response.metadata" || strings.HasPrefix(kind, "codex.") {
		return nil // events of the Codex backend, on which the official packages fail
	}
	s.failed = kind == "response.failed" || kind == "error"
	if s.loose && bytes.Contains(v.Bytes(), []byte(`"namespace"`)) {
		v = withoutLooseTools(v)
	}
	return s.x.event(kind, v)
}

// looseTools is the namespace that the host adds for tools outside any namespace
// if a model requires one. Programs must not see it.
const looseTools = "functions"

// namesLooseTools reports whether the program itself has a namespace of that name.
func namesLooseTools(params rawjson.Value) bool {
	for tool := range params.Get("tools").Elements() {
		if stringOf(tool, "type") == "namespace" && stringOf(tool, "name") == looseTools {
			return true
		}
	}
	return false
}

// withoutLooseTools removes that namespace from the calls in an event.
func withoutLooseTools(event rawjson.Value) rawjson.Value {
	bare := func(item rawjson.Value) rawjson.Value {
		if stringOf(item, "namespace") == looseTools {
			return item.Without("namespace")
		}
		return item
	}
	if item := event.Get("item"); item.Kind() == '{' {
		return event.With("item", bare(item))
	}
	response := event.Get("response")
	if output := response.Get("output"); output.Kind() == '[' {
		return event.With("response", response.With("output", output.Map(bare)))
	}
	return event
}

func (s *responseStream) Flush() error { return s.x.reply.Flush() }

// remember stores a response for requests that refer to it, without the members that
// the API does not have.
func (a *API) remember(e *entry, response rawjson.Value) {
	response = response.Without("output_text", "reasoning_summary", "tool_calls")
	if e.previous != nil {
		response = response.With("previous_response_id", rawjson.String(e.previous.id))
	}
	e.id, e.response = stringOf(response, "id"), response.Clone()
	a.memory.add(e)
}

// responseParams converts a body to the parameters of responses.create, and sets
// the input and the previous response of remembered. The caller releases
// remembered.previous.
func (a *API) responseParams(x *exchange, body rawjson.Value, remembered *entry) (rawjson.Value, error) {
	e := edits{
		"conversation": {}, "previous_response_id": {},
		"derive_cache_key": x.deriveCacheKey(), "service_tier": serviceTier(body),
	}
	if body.Get("stream").Kind() != 't' {
		e["stream"] = rawjson.Value{}
	}
	if err := a.chooseModel(x, body, e); err != nil {
		return body, err
	}
	if err := a.strip(x, body, e, ResponseParameters, nil); err != nil {
		return body, err
	}
	if isGiven(body.Get("conversation")) {
		return body, refusal(http.StatusNotFound, "conversation", "conversation_not_found", "Conversations are not supported. Use previous_response_id, or send the history.")
	}
	if err := a.stripIncludes(x, body, e); err != nil {
		return body, err
	}
	items, changed, err := a.resolve(x.ctx, body.Get("input"))
	if err != nil {
		return body, err
	}
	old := 0 // items of the history
	if id := stringOf(body, "previous_response_id"); id != "" {
		previous, history, missing := a.memory.history(id)
		if previous == nil {
			return body, refusal(http.StatusBadRequest, "previous_response_id", "previous_response_not_found",
				"Previous response with id '%s' not found. The last %d responses of this process are remembered.", missing, maxRemembered)
		}
		remembered.previous = previous
		items, changed, old = append(history, items...), true, len(history)
	}
	if changed {
		e["input"] = rawjson.List(items...)
	}
	params := e.apply(body)
	// The items of the parameters rather than those of the body, of which nothing
	// is thus kept in memory during the call.
	for item := range params.Get("input").Elements() {
		if old--; old < 0 {
			remembered.input = append(remembered.input, inputItem{Value: item, id: idOf(item)})
		}
	}
	return params, nil
}

// serviceTier returns the service tier, absent for the default one.
func serviceTier(body rawjson.Value) rawjson.Value {
	switch stringOf(body, "service_tier") {
	case "auto", "default", "":
		return rawjson.Value{}
	}
	return body.Get("service_tier")
}

// stripIncludes drops elements of include that the backend does not support.
func (a *API) stripIncludes(x *exchange, body rawjson.Value, e edits) error {
	include := body.Get("include")
	if include.Kind() != '[' {
		return nil
	}
	var kept []rawjson.Value
	for v := range include.Elements() {
		switch name, _ := v.Text(); name {
		case "message.output_text.logprobs":
			return refusal(http.StatusBadRequest, "include", "unsupported_parameter", "The Codex backend does not return log probabilities.")
		case "file_search_call.results", "computer_call_output.output.image_url", "code_interpreter_call.outputs", "message.input_image.image_url":
			a.drop(x, "include: "+name)
		default:
			kept = append(kept, v)
		}
	}
	e["include"] = rawjson.List(kept...)
	return nil
}

// resolve returns the items of an input with references to remembered items
// resolved, and reports whether they differ from the input. It stops when ctx is
// done.
func (a *API) resolve(ctx context.Context, input rawjson.Value) (items []rawjson.Value, changed bool, err error) {
	switch input.Kind() {
	case '"':
		return []rawjson.Value{messageItem("user", rawjson.List(textPart("input_text", input)))}, true, nil
	case '{':
		return []rawjson.Value{input}, true, nil
	}
	i := 0
	for item := range input.Elements() {
		if ctx.Err() != nil {
			return nil, false, context.Cause(ctx)
		}
		if stringOf(item, "type") == "item_reference" || isReference(item) {
			changed = true
			id := stringOf(item, "id")
			if item = a.memory.item(id); item.Kind() == 0 {
				return nil, false, refusal(http.StatusNotFound, fmt.Sprintf("input[%d]", i), "item_not_found", "Item with id '%s' not found.", id)
			}
		}
		items = append(items, item)
		i++
	}
	return items, changed, nil
}

// isReference reports whether an item only has an id: the short form of a
// reference.
func isReference(item rawjson.Value) bool {
	members := 0
	for range item.Members() {
		members++
	}
	return members == 1 && stringOf(item, "id") != ""
}

// idOf returns the id of an item, a new one if it has none.
func idOf(item rawjson.Value) string {
	if id := stringOf(item, "id"); id != "" {
		return id
	}
	prefix := "item"
	switch kind := stringOf(item, "type"); {
	case kind == "message" || kind == "":
		prefix = "msg"
	case strings.HasSuffix(kind, "_output"):
		prefix = "fco"
	}
	return newID(prefix)
}

func newID(prefix string) string {
	var id [16]byte
	rand.Read(id[:])
	return fmt.Sprintf("%s_%x", prefix, id)
}

// compactResponse is POST /responses/compact.
func (a *API) compactResponse(x *exchange, body rawjson.Value) error {
	e := new(entry)
	defer func() { a.memory.release(e.previous) }()
	params, err := a.responseParams(x, body, e)
	if err != nil {
		return err
	}
	params = params.Without("include", "tool_choice", "stream")
	if params.Get("input").Kind() != '[' {
		params = params.With("input", rawjson.List())
	}
	compacted, err := a.call(x, "responses.compact", params, nil)
	if err != nil {
		return err
	}
	compacted = compacted.With("object", rawjson.String("response.compaction"))
	return x.send(http.StatusOK, compacted.With("created_at", rawjson.Int(time.Now().Unix())))
}

func (a *API) notFound(id string) error {
	return refusal(http.StatusNotFound, "", "response_not_found", "Response with id '%s' not found. The last %d responses of this process are remembered.", id, maxRemembered)
}

// retrieveResponse is GET /responses/{id}.
func (a *API) retrieveResponse(x *exchange, id string) error {
	e := a.memory.find(id)
	if e == nil {
		return a.notFound(id)
	}
	if x.Query.Get("stream") == "true" {
		return refusal(http.StatusBadRequest, "stream", "unsupported_parameter", "A completed response cannot be streamed again.")
	}
	return x.send(http.StatusOK, e.response)
}

// deleteResponse is DELETE /responses/{id}.
func (a *API) deleteResponse(x *exchange, id string) error {
	if !a.memory.delete(id) {
		return a.notFound(id)
	}
	var deleted rawjson.Object
	deleted.SetString("id", id)
	deleted.SetString("object", "response")
	deleted.Set("deleted", rawjson.Bool(true))
	return x.send(http.StatusOK, deleted.Value())
}

// fullItem returns an item as the API lists it: messages have a type, and their
// content is a list, where a request may have the short form.
func fullItem(item rawjson.Value) rawjson.Value {
	role := stringOf(item, "role")
	if kind := stringOf(item, "type"); role == "" || kind != "" && kind != "message" {
		return item
	}
	if content := item.Get("content"); content.Kind() == '"' {
		text := "input_text"
		if role == "assistant" {
			text = "output_text"
		}
		item = item.With("content", rawjson.List(textPart(text, content)))
	}
	return item.With("type", rawjson.String("message"))
}

// listInputItems is GET /responses/{id}/input_items. The default order is
// descending.
func (a *API) listInputItems(x *exchange, id string) error {
	e := a.memory.find(id)
	if e == nil {
		return a.notFound(id)
	}
	var items []rawjson.Value
	for _, item := range e.input {
		items = append(items, fullItem(item.Value).With("id", rawjson.String(item.id)))
	}
	if x.Query.Get("order") != "asc" {
		slices.Reverse(items)
	}
	return x.send(http.StatusOK, page(items, x.Query.Get("after"), x.Query.Get("limit")))
}
