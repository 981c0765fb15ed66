package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"strings"
)

// model is an entry of the models list. Other names are accepted by /responses all the same.
type model struct {
	Slug                       string   `json:"slug"`
	DisplayName                string   `json:"display_name"`
	Description                string   `json:"description"`
	DefaultReasoningLevel      string   `json:"default_reasoning_level"`
	SupportedReasoningLevels   []effort `json:"supported_reasoning_levels"`
	SupportedInAPI             bool     `json:"supported_in_api"`
	Priority                   int      `json:"priority"`
	BaseInstructions           string   `json:"base_instructions"`
	SupportsReasoningSummaries bool     `json:"supports_reasoning_summaries"`
	SupportVerbosity           bool     `json:"support_verbosity"`
	DefaultVerbosity           *string  `json:"default_verbosity"`
	ContextWindow              int      `json:"context_window"`
	AutoCompactTokenLimit      *int     `json:"auto_compact_token_limit"`
	PreferWebsockets           bool     `json:"prefer_websockets"`
	InputModalities            []string `json:"input_modalities"`
	AvailableInPlans           []string `json:"available_in_plans"`
}

type effort struct {
	Effort      string `json:"effort"`
	Description string `json:"description"`
}

// modelsETag changes with the list.
const modelsETag = `W/"mock-1"`

func (s *Server) models(c *call) error {
	if c.URL.Query().Get("client_version") == "" {
		return refuse(http.StatusBadRequest, "Missing query parameter: client_version")
	}
	listed := func(slug, name, description string, priority, window int) model {
		return model{
			Slug: slug, DisplayName: name, Description: description, Priority: priority, ContextWindow: window,
			DefaultReasoningLevel: "medium",
			SupportedReasoningLevels: []effort{
				{"low", "Fast, with little thought"},
				{"medium", "For everyday tasks"},
				{"high", "Slow, for hard problems"},
			},
			SupportedInAPI:             true,
			BaseInstructions:           "You are a mock.",
			SupportsReasoningSummaries: true,
			SupportVerbosity:           true,
			DefaultVerbosity:           new("medium"),
			InputModalities:            []string{"text", "image"},
			AvailableInPlans:           []string{"plus", "pro", "business", "enterprise"},
		}
	}
	c.w.Header().Set("ETag", modelsETag)
	return c.reply(map[string][]model{"models": {
		listed("gpt-5.4", "gpt-5.4", "The default model.", 0, 272000),
		listed("gpt-5.4-mini", "gpt-5.4-mini", "Smaller and faster.", 1, 272000),
		listed("gpt-5.3-codex", "gpt-5.3-codex", "For long coding tasks.", 2, 400000),
	}})
}

// summarize is POST /memories/trace_summarize: one summary for each trace.
func (s *Server) summarize(c *call) error {
	var r struct {
		Model  string `json:"model"`
		Traces *[]struct {
			ID    string            `json:"id"`
			Items []json.RawMessage `json:"items"`
		} `json:"traces"`
	}
	if err := c.decode(&r); err != nil {
		return err
	}
	if r.Model == "" || r.Traces == nil {
		return refuse(http.StatusBadRequest, "Model and traces are required")
	}
	type summary struct {
		TraceSummary  string `json:"trace_summary"`
		MemorySummary string `json:"memory_summary"`
	}
	list := []summary{}
	for _, t := range *r.Traces {
		list = append(list, summary{
			fmt.Sprintf("Trace %s holds %d items.", t.ID, len(t.Items)),
			fmt.Sprintf("The mock read trace %s.", t.ID),
		})
	}
	return c.reply(map[string][]summary{"output": list})
}

// realtime is POST /realtime/calls: an offer in, as SDP or within JSON, an answer out.
func (s *Server) realtime(c *call) error {
	offer := string(c.body)
	switch kind, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type")); kind {
	case "application/sdp":
	case "application/json":
		var r struct {
			SDP string `json:"sdp"`
		}
		if err := c.decode(&r); err != nil {
			return err
		}
		offer = r.SDP
	default:
		return refuse(http.StatusUnsupportedMediaType, "Content-Type must be application/sdp or application/json")
	}
	if !strings.HasPrefix(offer, "v=0") {
		return invalid("sdp", "invalid_offer", "Invalid SDP offer: it must start with v=0.")
	}
	var answer bytes.Buffer
	answer.WriteString("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=mock\r\nt=0 0\r\na=ice-lite\r\n")
	for line := range strings.Lines(offer) {
		// The answer takes up each medium of the offer, in its order; no media ever flow.
		if line = strings.TrimRight(line, "\r\n"); strings.HasPrefix(line, "m=") {
			answer.WriteString(line + "\r\nc=IN IP4 127.0.0.1\r\na=inactive\r\n")
		}
	}
	c.w.Header().Set("Location", "/v1/realtime/calls/"+c.id("rtc", 0))
	c.write(http.StatusCreated, "application/sdp", answer.Bytes())
	return nil
}
