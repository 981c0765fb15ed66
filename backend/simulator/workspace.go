package simulator

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
)

// residency returns the region that a bearer names, "" if it names none.
func residency(bearer string) string {
	parts := strings.Split(bearer, ".")
	if len(parts) != 3 {
		return ""
	}
	var read claims
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(payload, &read) != nil {
		return ""
	}
	return read.Auth.Residency
}

func (c *call) residency() string {
	return residency(strings.TrimPrefix(c.Header.Get("Authorization"), "Bearer "))
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
	type account struct {
		ID        string  `json:"id"`
		PlanType  string  `json:"plan_type"`
		Structure string  `json:"structure"`
		Name      *string `json:"name"`
		Origin    string  `json:"workspace_backend_origin"`
		Override  string  `json:"account_routing_override"`
	}
	a := account{accountID, planType, "personal", nil, "NO_CONSTRAINT", "NO_CONSTRAINT"}
	if region := c.residency(); region != "" {
		name := "Mock Workspace"
		a = account{accountID, planType, "workspace", &name, "http://" + c.Host, region}
	}
	return c.reply(struct {
		Accounts []account `json:"accounts"`
		Ordering []string  `json:"account_ordering"`
		Default  string    `json:"default_account_id"`
	}{[]account{a}, []string{accountID}, accountID})
}
