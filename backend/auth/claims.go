package auth

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"
)

// claims are the claims of a ChatGPT JWT. Absent ones are zero.
type claims struct {
	AccountID string
	PlanType  string
	Email     string
	FedRAMP   bool
	UserID    string
	Residency string // "" for none
	Expires   time.Time
}

// parseClaims decodes the payload of a JWT. It does not verify the signature: these tokens come from the issuer over TLS
// or from the user's own file, and the backend verifies them. A token that is not a JWT has no claims; a claim of the
// wrong type counts as absent and does not affect the others.
func parseClaims(token string) claims {
	text, ok := payloadOf(token)
	if !ok {
		return claims{}
	}
	var payload struct {
		Email   string  `json:"email"`
		Expires float64 `json:"exp"`
		Auth    struct {
			AccountID string `json:"chatgpt_account_id"`
			PlanType  string `json:"chatgpt_plan_type"`
			FedRAMP   bool   `json:"chatgpt_account_is_fedramp"`
			ChatGPTID string `json:"chatgpt_user_id"`
			UserID    string `json:"user_id"`
			Data      string `json:"chatgpt_data_residency"`
			Compute   string `json:"chatgpt_compute_residency"`
		} `json:"https://api.openai.com/auth"`
		Profile struct {
			Email string `json:"email"`
		} `json:"https://api.openai.com/profile"`
	}
	// The text is valid JSON, so the only error is a member's type: Unmarshal skips it and decodes the rest.
	_ = json.Unmarshal(text, &payload)
	c := claims{
		AccountID: payload.Auth.AccountID,
		PlanType:  payload.Auth.PlanType,
		Email:     cmp.Or(payload.Email, payload.Profile.Email),
		FedRAMP:   payload.Auth.FedRAMP,
		UserID:    cmp.Or(payload.Auth.ChatGPTID, payload.Auth.UserID),
		Residency: cmp.Or(region(payload.Auth.Data), region(payload.Auth.Compute)),
	}
	if payload.Expires > 0 {
		const year9999 = 253402300799 // a later time has no RFC 3339 form
		c.Expires = time.Unix(int64(min(payload.Expires, year9999)), 0).UTC()
	}
	return c
}

// region returns the region in a claim, "" if there is none.
func region(claim string) string {
	foreign := func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-_.", c))
	}
	if strings.EqualFold(claim, "no_constraint") || len(claim) > 64 || strings.ContainsFunc(claim, foreign) {
		return ""
	}
	return claim
}

func isJWT(token string) bool {
	_, ok := payloadOf(token)
	return ok
}

// payloadOf returns the second part of a JWT, which is JSON.
func payloadOf(token string) (text []byte, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) < 2 {
		return nil, false
	}
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	return text, err == nil && json.Valid(text)
}
