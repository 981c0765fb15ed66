package simulator

import (
	"net/http"
	"slices"
)

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

// resetCredits is GET /wham/rate-limit-reset-credits.
func (s *Server) resetCredits(c *call) error {
	s.mu.Lock()
	credits := slices.Clone(s.credits)
	s.mu.Unlock()
	available := 0
	for _, one := range credits {
		if one.redeemedBy == "" {
			available++
		}
	}
	return c.reply(fill("credits", "available", available, "earned", len(credits), "credits", credits))
}

// creditsHistory is GET /wham/rate-limit-reset-credits/history, which lists the
// redeemed credits.
func (s *Server) creditsHistory(c *call) error {
	redeemed := []credit{}
	s.mu.Lock()
	for _, one := range s.credits {
		if one.redeemedBy != "" {
			redeemed = append(redeemed, one)
		}
	}
	s.mu.Unlock()
	return c.reply(fill("page", "items", redeemed, "cursor", nil))
}

// consumeCredit is POST /wham/rate-limit-reset-credits/consume, which is
// idempotent by redeem_request_id.
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
	code, reset := s.spendCredit(r.Request, r.Credit)
	return c.reply(struct {
		Code  string `json:"code"`
		Reset int    `json:"windows_reset"`
	}{code, reset})
}

// spendCredit redeems the credit of this id, any if it is empty, and returns the
// number of windows reset.
func (s *Server) spendCredit(request, id string) (code string, reset int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.credits, func(one credit) bool { return one.redeemedBy == request }) {
		return "already_redeemed", 0
	}
	i := slices.IndexFunc(s.credits, func(one credit) bool { return one.redeemedBy == "" && (id == "" || id == one.ID) })
	if i < 0 {
		return "no_credit", 0
	}
	s.credits[i].Status, s.credits[i].redeemedBy = "redeemed", request
	return "reset", 2
}
