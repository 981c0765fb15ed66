package auth

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

const (
	// A token is refreshed this long before it expires.
	expiryMargin = 5 * time.Minute
	// A token without exp is refreshed at this age, as by the official CLI.
	refreshAge = 8 * 24 * time.Hour
)

// credentials are the contents of auth.json.
type credentials struct {
	mode        string // auth_mode, or if that is missing, the mode of the other contents
	access      string
	refresh     string
	id          string
	accountID   string
	apiKey      string
	lastRefresh time.Time // zero if unknown
	// Of both JWTs, preferring the id token as the official CLI does; the expiry is that of the access token.
	claims
}

// parseCredentials decodes auth.json. Its errors name the invalid member but do not quote it.
func parseCredentials(doc document) (credentials, error) {
	if _, err := doc.members(); err != nil {
		return credentials{}, err
	}
	tokens := doc.get("tokens")
	if tokens == nil || string(tokens) == "null" {
		tokens = document("{}")
	}
	if _, err := tokens.members(); err != nil {
		return credentials{}, fmt.Errorf("tokens: %w", err)
	}
	c := credentials{
		mode:    doc.text("auth_mode"),
		access:  tokens.text("access_token"),
		refresh: tokens.text("refresh_token"),
		id:      tokens.text("id_token"),
		// The second name is that of the Python SDK.
		apiKey:      cmp.Or(doc.text("OPENAI_API_KEY"), doc.text("openai_api_key")),
		lastRefresh: parseTime(doc.get("last_refresh")),
	}
	if c.mode == "" && c.access != "" {
		c.mode = "chatgpt"
	} else if c.mode == "" && c.apiKey != "" {
		c.mode = "apikey"
	}
	id, access := parseClaims(c.id), parseClaims(c.access)
	c.claims = claims{
		AccountID: cmp.Or(id.AccountID, access.AccountID),
		PlanType:  cmp.Or(id.PlanType, access.PlanType),
		Email:     cmp.Or(id.Email, access.Email),
		FedRAMP:   id.FedRAMP || access.FedRAMP,
		UserID:    cmp.Or(id.UserID, access.UserID),
		Residency: cmp.Or(access.Residency, id.Residency),
		Expires:   access.Expires,
	}
	c.accountID = cmp.Or(tokens.text("account_id"), c.claims.AccountID)
	return c, nil
}

// parseTime parses a time in RFC 3339, which the Python SDK writes with an offset and microseconds, or a number of seconds
// or milliseconds. It returns the zero Time for an invalid one.
func parseTime(value []byte) time.Time {
	var number float64
	if json.Unmarshal(value, &number) == nil && number > 0 {
		const year9999 = 253402300799 // in seconds; as milliseconds it is in 1978
		if number > year9999 {
			number /= 1000
		}
		return time.Unix(int64(min(number, year9999)), 0)
	}
	var text string
	_ = json.Unmarshal(value, &text)
	t, _ := time.Parse(time.RFC3339Nano, text)
	return t
}

// due reports whether the access token should be refreshed, which requires a refresh token.
func (c credentials) due(now time.Time) bool {
	switch {
	case c.refresh == "":
		return false
	case !c.Expires.IsZero():
		return !now.Add(expiryMargin).Before(c.Expires)
	case !c.lastRefresh.IsZero():
		return now.Sub(c.lastRefresh) >= refreshAge
	}
	return false
}

// expired reports whether the access token has expired. One without exp has not.
func (c credentials) expired(now time.Time) bool {
	return !c.Expires.IsZero() && !now.Before(c.Expires)
}

func (c credentials) token() backend.Token {
	return backend.Token{Access: c.access, AccountID: c.accountID, APIKey: c.apiKey, FedRAMP: c.FedRAMP, UserID: c.UserID, Residency: c.Residency}
}

// tokenAnswer is the token endpoint's response for a code or a refresh token. After a refresh, members may be missing.
type tokenAnswer struct {
	ID      string `json:"id_token"`
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
}

// patched returns auth.json with the tokens of the answer and the time. It changes nothing else.
func (d document) patched(answer tokenAnswer, now time.Time) document {
	tokens := d.get("tokens")
	if _, err := tokens.members(); err != nil {
		tokens = document("{\n  }") // indented below its name
	}
	for _, m := range []struct{ name, value string }{
		{"id_token", answer.ID},
		{"access_token", answer.Access},
		{"refresh_token", answer.Refresh},
	} {
		if m.value != "" {
			tokens = tokens.setText(m.name, m.value)
		}
	}
	return d.set("tokens", tokens).setText("last_refresh", now.UTC().Format(time.RFC3339Nano))
}

// signedIn returns auth.json after a sign-in. An API key is kept unless it belongs to another account. It is moved from
// the Python SDK's name to the official one, so that an old key is not read in place of a null.
func (d document) signedIn(answer tokenAnswer, now time.Time) document {
	if _, err := d.members(); err != nil { // the sign-in replaces a malformed file
		d = document("{\n}\n")
	}
	old, _ := parseCredentials(d) // zero if it is malformed
	account := cmp.Or(parseClaims(answer.ID).AccountID, parseClaims(answer.Access).AccountID)
	key := old.apiKey
	if old.accountID != "" && old.accountID != account {
		key = ""
	}
	// Without auth_mode the official CLI ignores the sign-in of a file with an API key.
	d = d.setText("auth_mode", "chatgpt").setText("OPENAI_API_KEY", key).remove("openai_api_key").patched(answer, now)
	return d.set("tokens", d.get("tokens").setText("account_id", account))
}
