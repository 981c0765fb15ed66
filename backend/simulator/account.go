package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// The made-up account that everything belongs to.
const (
	accountID = "acct_mock"
	userID    = "user-mock"
	email     = "mock@example.test"
	planType  = "plus"
	apiKey    = "sk-mock"
)

type window struct {
	UsedPercent        int   `json:"used_percent"`
	LimitWindowSeconds int   `json:"limit_window_seconds"`
	ResetAfterSeconds  int   `json:"reset_after_seconds"`
	ResetAt            int64 `json:"reset_at"`
}

func windowOf(used int, length, reset time.Duration) window {
	return window{used, int(length.Seconds()), int(reset.Seconds()), time.Now().Add(reset).Unix()}
}

func (s *Server) usage(c *call) error {
	type limit struct {
		Allowed         bool   `json:"allowed"`
		LimitReached    bool   `json:"limit_reached"`
		PrimaryWindow   window `json:"primary_window"`
		SecondaryWindow window `json:"secondary_window"`
	}
	type credits struct {
		HasCredits bool    `json:"has_credits"`
		Unlimited  bool    `json:"unlimited"`
		Balance    *string `json:"balance"`
	}
	return c.reply(struct {
		UserID               string     `json:"user_id"`
		AccountID            string     `json:"account_id"`
		Email                string     `json:"email"`
		PlanType             string     `json:"plan_type"`
		RateLimit            limit      `json:"rate_limit"`
		AdditionalRateLimits []struct{} `json:"additional_rate_limits"`
		Credits              credits    `json:"credits"`
		RateLimitReachedType *string    `json:"rate_limit_reached_type"`
	}{
		UserID: userID, AccountID: accountID, Email: email, PlanType: planType,
		RateLimit: limit{
			Allowed:         true,
			PrimaryWindow:   windowOf(12, 5*time.Hour, resetAfter),
			SecondaryWindow: windowOf(6, 7*24*time.Hour, 6*24*time.Hour),
		},
		AdditionalRateLimits: []struct{}{},
	})
}

func (s *Server) requirements(c *call) error {
	type requirement struct {
		Name     string `json:"name"`
		Contents string `json:"contents"`
	}
	return c.reply(map[string][]requirement{"requirements": {
		{"sandbox", "allowed_sandbox_modes = [\"read-only\", \"workspace-write\"]\n"},
	}})
}

func (s *Server) memories(c *call) error {
	type memory struct {
		ID        string `json:"id"`
		Content   string `json:"content"`
		UpdatedAt string `json:"updated_at"`
	}
	return c.reply(struct {
		Memories        []memory `json:"memories"`
		MemoryMaxTokens int      `json:"memory_max_tokens"`
		MemoryNumTokens int      `json:"memory_num_tokens"`
	}{
		[]memory{
			{"mem_1", "Prefers short answers.", "2026-01-01T12:00:00Z"},
			{"mem_2", "Works on a mock backend.", "2026-01-02T12:00:00Z"},
		}, 12000, 12,
	})
}

func (s *Server) systemMessages(c *call) error {
	return c.reply(struct {
		Object            string   `json:"object"`
		Enabled           bool     `json:"enabled"`
		AboutUserMessage  string   `json:"about_user_message"`
		AboutModelMessage string   `json:"about_model_message"`
		DisabledTools     []string `json:"disabled_tools"`
	}{"user_system_message_detail", true, "I test integrations.", "Be brief.", []string{}})
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
	if _, err := c.admit(r.Model); err != nil {
		return err
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
