package simulator

import (
	"net/http"
	"strings"
)

// residency returns the region that the bearer names, "" if it names none.
func (c *call) residency() string {
	return readClaims(strings.TrimPrefix(c.Header.Get("Authorization"), "Bearer ")).Auth.Residency
}

// checkResidency refuses a request of a workspace that does not name its region,
// and one for models that does not take the workspace's route.
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

// accountsCheck is GET /wham/accounts/check. The address of a workspace is that
// of this server.
func (s *Server) accountsCheck(c *call) error {
	if region := c.residency(); region != "" {
		return c.reply(fill("accounts", "structure", "workspace", "name", "Mock Workspace", "origin", c.origin(), "override", region))
	}
	return c.reply(fill("accounts", "structure", "personal", "name", nil, "origin", "NO_CONSTRAINT", "override", "NO_CONSTRAINT"))
}
