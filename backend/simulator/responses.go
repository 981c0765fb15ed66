package simulator

import (
	"cmp"
	"encoding/json"
	"strconv"
	"time"
)

// response is the Response object of the official API, every member in its place.
type response struct {
	ID                   string          `json:"id"`
	Object               string          `json:"object"`
	CreatedAt            int64           `json:"created_at"`
	Status               string          `json:"status"`
	Background           bool            `json:"background"`
	CompletedAt          *int64          `json:"completed_at"`
	Error                *responseError  `json:"error"`
	IncompleteDetails    *incomplete     `json:"incomplete_details"`
	Instructions         string          `json:"instructions"`
	MaxOutputTokens      *int            `json:"max_output_tokens"`
	MaxToolCalls         *int            `json:"max_tool_calls"`
	Model                string          `json:"model"`
	Output               []item          `json:"output"`
	ParallelToolCalls    bool            `json:"parallel_tool_calls"`
	PreviousResponseID   *string         `json:"previous_response_id"`
	PromptCacheKey       *string         `json:"prompt_cache_key"`
	PromptCacheRetention *string         `json:"prompt_cache_retention"`
	Reasoning            reasoning       `json:"reasoning"`
	SafetyIdentifier     *string         `json:"safety_identifier"`
	ServiceTier          string          `json:"service_tier"`
	Store                bool            `json:"store"`
	Temperature          float64         `json:"temperature"`
	Text                 textOptions     `json:"text"`
	ToolChoice           json.RawMessage `json:"tool_choice"`
	Tools                json.RawMessage `json:"tools"`
	TopLogprobs          int             `json:"top_logprobs"`
	TopP                 float64         `json:"top_p"`
	Truncation           string          `json:"truncation"`
	Usage                *usage          `json:"usage"`
	User                 *string         `json:"user"`
	Metadata             struct{}        `json:"metadata"`

	cached int // tokens of the input that an earlier request has left
}

type responseError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

type incomplete struct {
	Reason string `json:"reason"`
}

type usage struct {
	InputTokens  int `json:"input_tokens"`
	InputDetails struct {
		CachedTokens int `json:"cached_tokens"`
	} `json:"input_tokens_details"`
	OutputTokens  int `json:"output_tokens"`
	OutputDetails struct {
		ReasoningTokens int `json:"reasoning_tokens"`
	} `json:"output_tokens_details"`
	TotalTokens int `json:"total_tokens"`
}

func (c *call) response(r *request) *response {
	resp := &response{
		ID:                c.id("resp", 0),
		Object:            "response",
		CreatedAt:         time.Now().Unix(),
		Status:            "in_progress",
		Instructions:      r.Instructions,
		Model:             r.Model,
		Output:            []item{},
		ParallelToolCalls: r.parallel(),
		PromptCacheKey:    r.PromptCacheKey,
		ServiceTier:       "auto",
		Temperature:       1,
		Text:              r.Text,
		ToolChoice:        r.ToolChoice,
		Tools:             r.Tools,
		TopP:              1,
		Truncation:        "disabled",
	}
	if r.Reasoning != nil {
		resp.Reasoning = *r.Reasoning
		if resp.Reasoning.Effort == nil {
			resp.Reasoning.Effort = json.RawMessage(`"medium"`)
		}
	}
	if r.ServiceTier != nil {
		resp.ServiceTier = *r.ServiceTier
	}
	if resp.Text.Format == nil {
		resp.Text.Format = json.RawMessage(`{"type":"text"}`)
	}
	resp.Text.Verbosity = cmp.Or(resp.Text.Verbosity, new("medium"))
	if resp.ToolChoice == nil {
		resp.ToolChoice = json.RawMessage(`"auto"`)
	}
	if resp.Tools == nil {
		resp.Tools = json.RawMessage("[]")
	}
	return resp
}

// respond is POST /responses.
func (s *Server) respond(c *call) error {
	r, err := c.request()
	if err != nil {
		return err
	}
	resp := c.response(r)
	resp.cached = s.cached(c, r)
	state := c.turnState(r)
	h := c.w.Header()
	h.Set("openai-model", r.Model)
	h.Set("openai-processing-ms", strconv.FormatInt(time.Since(c.begun).Milliseconds(), 10))
	h.Set("x-models-etag", etag(c.scenario.listed(c.Header.Get("version"))))
	limitHeaders(h, "codex", c.scenario.used)
	if where := c.scenario.turnState; state != "" && where != "event" {
		h.Set(turnStateHeader, state)
	}
	if where := c.scenario.turnState; where == "header" || where == "" && c.Header.Get("session-id") == "" {
		state = ""
	}
	st := s.stream(c, c.serverSent())
	defer st.end()
	st.play(resp, c.compose(r), state)
	return nil
}

// play sends the events of a response that has these items. The turn's state goes
// in an event of its own unless it is empty.
func (st *stream) play(resp *response, items []item, turnState string) {
	if st.c.scenario.limits {
		st.send("codex.rate_limits", "plan_type", planType, "rate_limits", fill("limits", windows(st.c.scenario.used)...),
			"credits", fill("no credits"), "metered_limit_name", "codex", "limit_name", nil)
	}
	st.send("response.created", "response", resp)
	st.send("response.in_progress", "response", resp)
	for i, it := range items {
		st.send("response.output_item.added", "output_index", i, "item", it.begun())
		it.play(st, i)
		if m, ok := it.(*message); ok && st.c.scenario.end == "incomplete" {
			m.Status = "incomplete"
		}
		st.send("response.output_item.done", "output_index", i, "item", it)
		if st.err != nil {
			break
		}
		resp.Output = append(resp.Output, it)
	}
	if turnState != "" {
		st.send("response.metadata", "headers", map[string]string{turnStateHeader: turnState})
	}
	st.last(func(interrupted bool) { st.finish(resp, interrupted) })
}

// finish sends the terminal event.
func (st *stream) finish(resp *response, interrupted bool) {
	c := st.c
	end, reason := cmp.Or(c.scenario.end, "completed"), cmp.Or(c.scenario.code, "max_output_tokens")
	if interrupted {
		end, reason = "incomplete", "interrupted"
	}
	if end == "error" {
		failed := c.scenario.condition("server_error")
		members := []any{"error", failed.apiError()}
		if c.over == overSocket {
			members = append(members, "status", failed.Status)
		}
		st.emit("error", members...)
		return
	}
	resp.Status = end
	switch end {
	case "completed":
		resp.CompletedAt = new(time.Now().Unix())
		resp.Usage = resp.usage(c.said)
	case "incomplete":
		resp.IncompleteDetails = &incomplete{reason}
		resp.Usage = resp.usage(c.said)
	case "failed":
		failed := c.scenario.condition("server_error")
		resp.Error = &responseError{failed.Code, failed.Message}
	}
	st.emit("response."+end, "response", resp)
}

func (resp *response) usage(said []byte) *usage {
	u := &usage{InputTokens: tokensOf(said)}
	u.InputDetails.CachedTokens = resp.cached
	for _, it := range resp.Output {
		u.OutputTokens += it.tokens()
		if s, ok := it.(*shaped); ok && s.kind == "reasoning" {
			u.OutputDetails.ReasoningTokens += s.cost
		}
	}
	u.TotalTokens = u.InputTokens + u.OutputTokens
	return u
}
