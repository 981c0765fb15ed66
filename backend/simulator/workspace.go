package simulator

import (
	"net/http"
	"strings"
)

// residency returns the data residency region of the bearer, "" if it has none.
func (c *call) residency() string {
	return readClaims(strings.TrimPrefix(c.Header.Get("Authorization"), "Bearer ")).Auth.Residency
}

// checkResidency returns a fault if a request of a workspace lacks the header of
// its region or, below /codex, the routing override.
func (c *call) checkResidency() error {
	region := c.residency()
	if region == "" || c.scenario.lenient || !strings.HasPrefix(c.URL.Path, "/backend-api/") {
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
