package simulator

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// claims are the claims of a token that the simulator uses.
type claims struct {
	Email   string   `json:"email"`
	Expires *float64 `json:"exp"`
	Auth    struct {
		AccountID string `json:"chatgpt_account_id"`
		PlanType  string `json:"chatgpt_plan_type"`
		Residency string `json:"chatgpt_data_residency"`
	} `json:"https://api.openai.com/auth"`
}

// readClaims returns the claims of a bearer, none if it is not a JWT.
func readClaims(bearer string) (c claims) {
	if parts := strings.Split(bearer, "."); len(parts) == 3 {
		if payload, err := base64.RawURLEncoding.DecodeString(parts[1]); err == nil {
			_ = json.Unmarshal(payload, &c)
		}
	}
	return c
}

// jwt returns a token with the algorithm none, which only the simulator accepts.
func jwt(id, account, residency string, expires time.Time) string {
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"none","typ":"JWT"}`)) + "." +
		part(fill("claims", "id", id, "account", account, "residency", textOr(residency, absent{}), "expires", expires.Unix())) + "." + part([]byte("unsigned"))
}

// AuthJSON returns the content of an auth.json, in the format of the official CLI, with the mock account signed in:
// account acct_mock, mock@example.test, plan plus, tokens valid until the year 2100, API key sk-mock.
func AuthJSON() []byte { return authJSON("") }

// AuthJSON returns an auth.json for the account of the server's scenario.
func (s *Server) AuthJSON() []byte {
	scenario := normal()
	for i := range s.scenario {
		if s.scenario[i].own.Path == "" {
			s.scenario[i].apply(&scenario)
		}
	}
	return authJSON(scenario.Residency)
}

func authJSON(residency string) []byte {
	expires := time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)
	var file bytes.Buffer
	// Indent cannot fail: its input is valid JSON.
	_ = json.Indent(&file, fill("auth.json",
		"identity", jwt("id_mock", accountID, residency, expires), "access", jwt("at_mock", accountID, residency, expires)), "", "  ")
	file.WriteByte('\n')
	return file.Bytes()
}

// isJWT reports whether a bearer has the form of a JWT. An API key has not.
func isJWT(bearer string) bool { return strings.Count(bearer, ".") == 2 }

// checkBearer accepts any bearer except an expired JWT and a revoked token.
func (s *Server) checkBearer(header string) error {
	bearer, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || bearer == "" {
		return known("missing_bearer")
	}
	s.mu.Lock()
	revoked := s.revoked[bearer]
	s.mu.Unlock()
	if revoked {
		return known("token_invalidated")
	}
	if expires := readClaims(bearer).Expires; expires != nil && *expires <= float64(time.Now().Unix()) {
		return known("token_expired")
	}
	return nil
}
