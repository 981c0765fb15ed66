package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
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
	used := c.scenario.Used
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

// credit is a rate limit reset credit: it resets the windows of the usage limit once.
type credit struct {
	ID          string  `json:"id"`
	ResetType   string  `json:"reset_type"`
	Status      string  `json:"status"`
	GrantedAt   string  `json:"granted_at"`
	ExpiresAt   string  `json:"expires_at"`
	Title       string  `json:"title"`
	Description *string `json:"description"`

	redeemedBy string
}

// redeemed returns the redeemed credits.
func (s *Server) redeemed() []credit {
	available := func(one credit) bool { return one.redeemedBy == "" }
	return slices.DeleteFunc(slices.Clone(s.credits), available)
}

// resetCredits is GET /wham/rate-limit-reset-credits.
func (s *Server) resetCredits(c *call) error {
	return c.reply(fill("credits", "available", len(s.credits)-len(s.redeemed()), "earned", len(s.credits), "credits", s.credits))
}

// creditsHistory is GET /wham/rate-limit-reset-credits/history, which lists the
// redeemed credits.
func (s *Server) creditsHistory(c *call) error {
	return c.reply(fill("page", "items", s.redeemed(), "cursor", nil))
}

// consumeCredit is POST /wham/rate-limit-reset-credits/consume, which is idempotent by redeem_request_id. It redeems the
// credit of credit_id, any if that is empty.
func (s *Server) consumeCredit(c *call) error {
	var r struct {
		Request string `json:"redeem_request_id"`
		Credit  string `json:"credit_id"`
	}
	if err := c.decode(&r); err != nil {
		return err
	}
	if r.Request == "" {
		return required(http.StatusUnprocessableEntity, "body", "redeem_request_id")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.credits, func(one credit) bool { return one.redeemedBy == "" && (r.Credit == "" || r.Credit == one.ID) })
	code, reset := "no_credit", 0 // windows
	if slices.ContainsFunc(s.credits, func(one credit) bool { return one.redeemedBy == r.Request }) {
		code = "already_redeemed"
	} else if i >= 0 {
		s.credits[i].Status, s.credits[i].redeemedBy = "redeemed", r.Request
		code, reset = "reset", 2
	}
	return c.reply(fill("redeemed", "code", code, "reset", reset))
}

// residency returns the data residency region of the bearer, "" if it has none.
func (c *call) residency() string {
	return readClaims(strings.TrimPrefix(c.Header.Get("Authorization"), "Bearer ")).Auth.Residency
}

// checkResidency returns a fault if a request of a workspace lacks the header of
// its region or, below /codex, the routing override.
func (c *call) checkResidency() error {
	region := c.residency()
	if region == "" || c.scenario.Lenient || !strings.HasPrefix(c.URL.Path, "/backend-api/") {
		return nil
	}
	routed := !strings.HasPrefix(c.URL.Path, "/backend-api/codex/") || c.Header.Get("x-openai-account-routing-override") == region
	if c.Header.Get("x-openai-internal-codex-residency") != region || !routed {
		return refuse(http.StatusUnauthorized, "Workspace is not authorized in this region.")
	}
	return nil
}

// accountsCheck is GET /wham/accounts/check. The origin of a workspace is this
// server.
func (s *Server) accountsCheck(c *call) error {
	if region := c.residency(); region != "" {
		return c.reply(fill("accounts", "structure", "workspace", "name", "Mock Workspace", "origin", c.origin(), "override", region))
	}
	return c.reply(fill("accounts", "structure", "personal", "name", nil, "origin", "NO_CONSTRAINT", "override", "NO_CONSTRAINT"))
}
