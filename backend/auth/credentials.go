package auth

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

const (
	// A token is replaced this long before it ends, so that a long call does not outlive it at its start.
	expiryMargin = 5 * time.Minute
	// One that does not say when it ends is replaced when it is this old, as the official CLI does.
	refreshAge = 8 * 24 * time.Hour
)

// credentials are what auth.json says, read.
type credentials struct {
	mode        string // auth_mode; where the file does not say, what its contents amount to
	access      string
	refresh     string
	id          string
	accountID   string
	apiKey      string
	lastRefresh time.Time // zero if unknown
	// What the two JWTs say, the id token first, as the official CLI; expiry is the access token's alone.
	claims
}

// parseCredentials reads auth.json. Its errors name the member at fault and quote nothing.
func parseCredentials(doc document) (credentials, error) {
	tokens, err := doc.get("tokens")
	if err != nil {
		return credentials{}, err
	}
	if tokens == nil || string(tokens) == "null" {
		tokens = document("{}")
	}
	if _, err := tokens.members(); err != nil {
		return credentials{}, fmt.Errorf("tokens: %w", err)
	}
	var bad error
	text := func(d document, name string) string {
		value, err := d.text(name)
		bad = cmp.Or(bad, err)
		return value
	}
	c := credentials{
		mode:    text(doc, "auth_mode"),
		access:  text(tokens, "access_token"),
		refresh: text(tokens, "refresh_token"),
		id:      text(tokens, "id_token"),
		// The second spelling is the Python SDK's.
		apiKey: cmp.Or(text(doc, "OPENAI_API_KEY"), text(doc, "openai_api_key")),
	}
	accountID := text(tokens, "account_id")
	if bad != nil {
		return credentials{}, bad
	}
	if c.mode == "" && c.access != "" {
		c.mode = "chatgpt"
	} else if c.mode == "" && c.apiKey != "" {
		c.mode = "apikey"
	}
	lastRefresh, err := doc.get("last_refresh")
	if err != nil {
		return credentials{}, err
	}
	c.lastRefresh = parseTime(lastRefresh)

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
	c.accountID = cmp.Or(accountID, c.claims.AccountID)
	return c, nil
}

// parseTime reads a time as programs have written it: in RFC 3339, to which the Python SDK gave an offset and microseconds,
// or as a number of seconds or milliseconds. One that cannot be read is unknown, and zero.
func parseTime(value []byte) time.Time {
	var number float64
	if json.Unmarshal(value, &number) == nil && number > 0 {
		const year9999 = 253402300799 // in seconds; in milliseconds it is 1978
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

// expired is false for a token that does not say when it ends.
func (c credentials) expired(now time.Time) bool {
	return !c.Expires.IsZero() && !now.Before(c.Expires)
}

func (c credentials) token() backend.Token {
	return backend.Token{Access: c.access, AccountID: c.accountID, APIKey: c.apiKey, FedRAMP: c.FedRAMP, UserID: c.UserID, Residency: c.Residency}
}

// tokenAnswer is what the token endpoint gives for a code or a refresh token. A refresh may leave members out.
type tokenAnswer struct {
	ID      string `json:"id_token"`
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
}

// patched returns auth.json with the tokens that the answer brought, and when. Nothing else of it changes.
func (d document) patched(answer tokenAnswer, now time.Time) (document, error) {
	tokens, err := d.get("tokens")
	if err != nil {
		return nil, err
	}
	if _, err := tokens.members(); err != nil {
		tokens = document("{\n  }") // none yet: it will be indented below its name
	}
	for _, m := range []struct{ name, value string }{
		{"id_token", answer.ID},
		{"access_token", answer.Access},
		{"refresh_token", answer.Refresh},
	} {
		if m.value == "" {
			continue
		}
		if tokens, err = tokens.setText(m.name, m.value); err != nil {
			return nil, err
		}
	}
	if d, err = d.set("tokens", tokens); err != nil {
		return nil, err
	}
	return d.setText("last_refresh", now.UTC().Format(time.RFC3339Nano))
}

// signedIn returns auth.json after a sign-in. An API key stays if it is not known to be another account's; the
// spelling of the Python SDK gives way to the official one, lest an old key be read behind a null.
func (d document) signedIn(answer tokenAnswer, now time.Time) (document, error) {
	if _, err := d.members(); err != nil { // a broken file must not keep the user from signing in
		d = document("{\n}\n")
	}
	old, err := parseCredentials(d)
	if err != nil {
		old = credentials{}
	}
	account := cmp.Or(parseClaims(answer.ID).AccountID, parseClaims(answer.Access).AccountID)
	key := old.apiKey
	if old.accountID != "" && old.accountID != account {
		key = ""
	}
	// Without auth_mode the official CLI takes a file with an API key for one without a sign-in.
	if d, err = d.setText("auth_mode", "chatgpt"); err != nil {
		return nil, err
	}
	if d, err = d.setText("OPENAI_API_KEY", key); err != nil {
		return nil, err
	}
	if d, err = d.remove("openai_api_key"); err != nil {
		return nil, err
	}
	if d, err = d.patched(answer, now); err != nil {
		return nil, err
	}
	tokens, err := d.get("tokens")
	if err != nil {
		return nil, err
	}
	if tokens, err = tokens.setText("account_id", account); err != nil {
		return nil, err
	}
	return d.set("tokens", tokens)
}
