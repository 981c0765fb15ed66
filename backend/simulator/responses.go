package simulator

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// response is the Response object of the official API. Most of its members are the same for all responses, or repeat the
// request.
type response struct {
	id, status string
	previous   *string // previous_response_id
	created    int64
	completed  *int64
	err        any
	incomplete any
	output     []json.RawMessage
	usage      any
	fixed      []any // the members that do not change

	interrupted        bool
	cached             int // input tokens from the cache
	written, reasoning int // output tokens
}

func (s *Server) response(c *call, r *request) *response {
	reasoning, text := reasoning{}, r.Text
	if r.Reasoning != nil {
		reasoning = *r.Reasoning
		reasoning.Effort = orElse(reasoning.Effort, `"medium"`)
	}
	text.Format = orElse(text.Format, `{"type":"text"}`)
	text.Verbosity = cmp.Or(text.Verbosity, new("medium"))
	return &response{
		id: c.id("resp", 0), status: "in_progress", created: time.Now().Unix(), output: []json.RawMessage{}, cached: s.cached(c, r),
		fixed: []any{
			"instructions", r.Instructions, "model", r.Model, "parallel", r.parallel(), "key", r.PromptCacheKey, "reasoning", reasoning,
			"tier", cmp.Or(r.ServiceTier, new("auto")), "text", text, "choice", orElse(r.ToolChoice, `"auto"`), "tools", orElse(r.Tools, "[]"),
		},
	}
}

func orElse(given json.RawMessage, otherwise string) json.RawMessage {
	if given == nil {
		return json.RawMessage(otherwise)
	}
	return given
}

func (resp *response) encode() json.RawMessage {
	return fill("response", slices.Concat(resp.fixed, []any{
		"id", resp.id, "created", resp.created, "status", resp.status, "completed", resp.completed, "error", resp.err,
		"incomplete", resp.incomplete, "output", resp.output, "previous", resp.previous, "usage", resp.usage,
	})...)
}

// respond is POST /responses.
func (s *Server) respond(c *call) error {
	r, err := c.request()
	if err != nil {
		return err
	}
	resp := s.response(c, r)
	header, event := c.turnState(r)
	h := c.w.Header()
	h.Set("openai-model", r.Model)
	h.Set("openai-processing-ms", strconv.FormatInt(time.Since(c.started).Milliseconds(), 10))
	h.Set("x-models-etag", etag(c.scenario.listed(c.Header.Get("version"))))
	limitHeaders(h, "codex", c.scenario.Used)
	if header != "" {
		h.Set(turnStateHeader, header)
	}
	st := s.stream(c, c.serverSent())
	defer st.end()
	st.play(resp, c.compose(r), event)
	return nil
}

// play sends the events of a response with these items, and the turn state, if any, in an event of its own.
func (st *stream) play(resp *response, items []*item, turnState string) {
	if st.c.scenario.Limits {
		st.send("codex.rate_limits", "plan_type", planType, "rate_limits", fill("limits", windows(st.c.scenario.Used)...),
			"credits", fill("no credits"), "metered_limit_name", "codex", "limit_name", nil)
	}
	st.send("response.created", "response", resp.encode())
	st.send("response.in_progress", "response", resp.encode())
	for i, it := range items {
		st.send("response.output_item.added", "output_index", i, "item", it.fill(it.open))
		it.events(st.sender(it, i))
		done := it.fill(it.done)
		st.send("response.output_item.done", "output_index", i, "item", done)
		if st.err != nil {
			break
		}
		resp.output = append(resp.output, done)
		resp.written += it.tokens
		if it.kind == "reasoning" {
			resp.reasoning += it.tokens
		}
	}
	if turnState != "" {
		st.send("response.metadata", "headers", map[string]string{turnStateHeader: turnState})
	}
	st.last(func(interrupted bool) { st.finish(resp, interrupted) })
}

// finish sends the terminal event.
func (st *stream) finish(resp *response, interrupted bool) {
	c := st.c
	end, reason := cmp.Or(c.scenario.End, "completed"), cmp.Or(c.scenario.Code, "max_output_tokens")
	if interrupted {
		end, reason = "incomplete", "interrupted"
	}
	resp.status = end
	failed := c.scenario.condition("server_error")
	switch end {
	case "completed":
		resp.completed = new(time.Now().Unix())
	case "incomplete":
		resp.incomplete = map[string]string{"reason": reason}
		resp.interrupted = reason == "interrupted"
	case "failed":
		resp.err = map[string]string{"code": failed.Code, "message": failed.Message}
	case "error":
		members := []any{"error", failed.apiError()}
		if c.over == overSocket {
			members = append(members, "status", failed.Status)
		}
		st.emit("error", members...)
		return
	}
	if end != "failed" {
		read := tokensOf(c.content)
		resp.usage = fill("response usage", "read", read, "cached", resp.cached, "written", resp.written, "reasoning", resp.reasoning,
			"total", read+resp.written)
	}
	st.emit("response."+end, "response", resp.encode())
}
