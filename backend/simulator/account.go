package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// The mock account.
const (
	accountID = "acct_mock"
	email     = "mock@example.test"
	planType  = "plus"
	apiKey    = "sk-mock"
)

// account is the account's data when a server starts.
var account = load[struct {
	Environments []environment
	Tasks        []task
	Credits      []credit
}]("account.json")

// Time until the windows of the usage limit end.
const (
	primaryReset   = time.Hour
	secondaryReset = 6 * 24 * time.Hour
)

// windows returns the values for shapes of the usage limit.
func windows(used int) []any {
	now := time.Now()
	return []any{"used", used, "primary_at", now.Add(primaryReset).Unix(), "half", used / 2, "secondary_at", now.Add(secondaryReset).Unix()}
}

func (s *Server) usage(c *call) error {
	used := c.scenario.used
	return c.reply(fill("usage", append(windows(used), "allowed", used < 100, "reached", used == 100)...))
}

// summarize is POST /memories/trace_summarize.
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
