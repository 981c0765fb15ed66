package simulator

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
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
			Allowed:         c.scenario.used < 100,
			LimitReached:    c.scenario.used == 100,
			PrimaryWindow:   windowOf(c.scenario.used, 5*time.Hour, resetAfter),
			SecondaryWindow: windowOf(c.scenario.used/2, 7*24*time.Hour, 6*24*time.Hour),
		},
		AdditionalRateLimits: []struct{}{},
	})
}

// accountJSON holds the answers that never change, by their route.
//
//go:embed account.json
var accountJSON []byte

// fixed returns these answers.
var fixed = sync.OnceValue(func() map[string]json.RawMessage {
	var answers map[string]json.RawMessage
	if err := json.Unmarshal(accountJSON, &answers); err != nil {
		panic("simulator: account.json: " + err.Error())
	}
	return answers
})

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
