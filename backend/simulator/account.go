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
	email     = "mock@example.test"
	planType  = "plus"
	apiKey    = "sk-mock"
)

// account is what the account has when a server starts.
var account = load[struct {
	Environments []environment
	Tasks        []task
	Credits      []credit
}]("account.json")

// Windows of the usage limit end so much later.
const (
	primaryReset   = time.Hour
	secondaryReset = 6 * 24 * time.Hour
)

// windows are the values for answers about the usage limit.
func windows(used int) []any {
	now := time.Now()
	return []any{"used", used, "primary_at", now.Add(primaryReset).Unix(), "half", used / 2, "secondary_at", now.Add(secondaryReset).Unix()}
}

func (s *Server) usage(c *call) error {
	used := c.scenario.used
	return c.reply(fill("usage", append(windows(used), "allowed", used < 100, "reached", used == 100)...))
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
	list := []json.RawMessage{}
	for _, t := range *r.Traces {
		list = append(list, fill("trace", "held", fmt.Sprintf("Trace %s holds %d items.", t.ID, len(t.Items)), "read", fmt.Sprintf("The mock read trace %s.", t.ID)))
	}
	return c.reply(map[string][]json.RawMessage{"output": list})
}
