package simulator

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// authClaims are the claims under the issuer's namespace, in tokens of either kind.
type authClaims struct {
	AccountID      string `json:"chatgpt_account_id"`
	PlanType       string `json:"chatgpt_plan_type"`
	ChatGPTUserID  string `json:"chatgpt_user_id"`
	UserID         string `json:"user_id"`
	OrganizationID string `json:"organization_id"`
	ProjectID      string `json:"project_id"`
	Onboarded      bool   `json:"completed_platform_onboarding"`
	IsOrgOwner     bool   `json:"is_org_owner"`
	Residency      string `json:"chatgpt_data_residency,omitempty"`
}

type claims struct {
	Issuer        string            `json:"iss"`
	Audience      []string          `json:"aud"`
	Subject       string            `json:"sub"`
	Email         string            `json:"email"`
	EmailVerified bool              `json:"email_verified"`
	Profile       map[string]string `json:"https://api.openai.com/profile"`
	Auth          authClaims        `json:"https://api.openai.com/auth"`
	ID            string            `json:"jti"`
	Expires       int64             `json:"exp"`
}

// jwt makes a token of the right form, unsigned and marked as such: nothing outside the simulator accepts it.
func jwt(id, account, residency string, expires time.Time) string {
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + part(encode(claims{
		Issuer:        "https://mock.example.test",
		Audience:      []string{"mock"},
		Subject:       "mock|" + userID,
		Email:         email,
		EmailVerified: true,
		Profile:       map[string]string{"email": email},
		Auth: authClaims{
			AccountID: account, PlanType: planType, ChatGPTUserID: userID, UserID: userID,
			OrganizationID: "org-mock", ProjectID: "proj_mock", Onboarded: true, IsOrgOwner: true,
			Residency: residency,
		},
		ID:      id,
		Expires: expires.Unix(),
	})) + "." + part([]byte("unsigned"))
}

// AuthJSON returns the content of an auth.json, in the form the official CLI keeps it in, with the account signed in:
// account acct_mock, mock@example.test, plan plus, tokens that last until the year 2100, API key sk-mock.
func AuthJSON() []byte { return authJSON("") }

// AuthJSON returns the same for the account that the scenario makes.
func (s *Server) AuthJSON() []byte {
	scenario := normal()
	for i := range s.scenario {
		if s.scenario[i].path == "" {
			s.scenario[i].apply(&scenario)
		}
	}
	return authJSON(scenario.residency)
}

func authJSON(residency string) []byte {
	type tokens struct {
		IDToken      string `json:"id_token"`
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token"`
		AccountID    string `json:"account_id"`
	}
	expires := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	file, _ := json.MarshalIndent(struct {
		AuthMode    string `json:"auth_mode"`
		APIKey      string `json:"OPENAI_API_KEY"`
		Tokens      tokens `json:"tokens"`
		LastRefresh string `json:"last_refresh"`
	}{
		"chatgpt", apiKey,
		tokens{jwt("id_mock", accountID, residency, expires), jwt("at_mock", accountID, residency, expires), "rt_mock", accountID},
		"2026-01-01T00:00:00Z",
	}, "", "  ")
	return append(file, '\n')
}

// isJWT reports whether a bearer has the form of a sign-in's, which an API key has not.
func isJWT(bearer string) bool { return strings.Count(bearer, ".") == 2 }

// checkBearer takes any bearer except one that says itself that it has expired, and one that was revoked. Bearers of
// other forms, such as API keys, are taken as they are.
func (s *Server) checkBearer(header string) error {
	bearer, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || bearer == "" {
		return refuseCode(http.StatusUnauthorized, "missing_bearer", "Missing bearer authentication in header")
	}
	s.mu.Lock()
	revoked := s.revoked[bearer]
	s.mu.Unlock()
	if revoked {
		return refuseCode(http.StatusUnauthorized, "token_invalidated", "Your authentication token has been invalidated. Please try signing in again.")
	}
	if parts := strings.Split(bearer, "."); len(parts) == 3 {
		var read struct {
			Expires *float64 `json:"exp"`
		}
		payload, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err == nil && json.Unmarshal(payload, &read) == nil && read.Expires != nil && *read.Expires <= float64(time.Now().Unix()) {
			return refuseCode(http.StatusUnauthorized, "token_expired", "Provided authentication token is expired. Please try signing in again.")
		}
	}
	return nil
}
