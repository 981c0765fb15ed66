package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// authorization is the request that an authorization code was issued for.
type authorization struct {
	challenge   string
	redirectURI string
	account     string
}

// grant is the state of a refresh token.
type grant struct {
	account string
	used    bool
	revoked bool
}

// authorize shows the sign-in page, or redirects immediately if the request (prompt=auto) or a directive says so.
func (s *Server) authorize(c *call) error {
	q := c.URL.Query()
	redirect, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case err != nil || redirect.Scheme != "http" || redirect.Hostname() != "localhost" && redirect.Hostname() != "127.0.0.1":
		return refuse(http.StatusBadRequest, "redirect_uri must be on http://localhost or http://127.0.0.1")
	case q.Get("response_type") != "code":
		return refuse(http.StatusBadRequest, "response_type must be code")
	case q.Get("client_id") == "":
		return refuse(http.StatusBadRequest, "client_id is required")
	case q.Get("state") == "":
		return refuse(http.StatusBadRequest, "state is required")
	case q.Get("code_challenge") == "" || q.Get("code_challenge_method") != "S256":
		return refuse(http.StatusBadRequest, "code_challenge with code_challenge_method S256 is required")
	}
	account, _, _ := strings.Cut(q.Get("allowed_workspace_id"), ",")
	if account == "" {
		account = accountID
	}
	code := "ac_" + hash(c.URL.RawQuery)
	s.codes[code] = authorization{q.Get("code_challenge"), q.Get("redirect_uri"), account}

	back := func(outcome url.Values) string {
		values := redirect.Query()
		maps.Copy(values, outcome)
		values.Set("state", q.Get("state"))
		return (&url.URL{Scheme: redirect.Scheme, Host: redirect.Host, Path: redirect.Path, RawQuery: values.Encode()}).String()
	}
	approve := back(url.Values{"code": {code}})
	deny := back(url.Values{"error": {"access_denied"}, "error_description": {"The user denied the request."}})
	switch {
	case c.scenario.Login == "deny":
		c.w.Header().Set("Location", deny)
	case c.scenario.Login == "approve" || q.Get("prompt") == "auto":
		c.w.Header().Set("Location", approve)
	default:
		return c.page(`<h1>Sign in to the mock backend</h1>
<p>%s asks for access to the account %s.</p>
<p><a id="approve" href="%s">Approve</a> <a id="deny" href="%s">Deny</a></p>`,
			q.Get("client_id"), email, approve, deny)
	}
	c.write(http.StatusFound, "text/plain", nil)
	return nil
}

// page writes an HTML page with escaped arguments. Two pages do not justify linking html/template.
func (c *call) page(format string, args ...string) error {
	escaped := make([]any, len(args))
	for i, a := range args {
		escaped[i] = html.EscapeString(a)
	}
	body := fmt.Sprintf("<!DOCTYPE html>\n<meta charset=\"utf-8\"><title>Mock backend</title>\n"+format+"\n", escaped...)
	c.write(http.StatusOK, "text/html; charset=utf-8", []byte(body))
	return nil
}

// oauthError is an error response of RFC 6749.
func oauthError(code, description string) error {
	return &fault{http.StatusBadRequest, map[string]string{"error": code, "error_description": description}}
}

// parameters decodes a form or a flat JSON object; the real issuer accepts JSON for refreshes and forms otherwise.
func (c *call) parameters() (url.Values, error) {
	if kind, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type")); kind == "application/json" {
		var object map[string]string
		if json.Unmarshal(c.body, &object) != nil {
			return nil, oauthError("invalid_request", "The body is not a JSON object of strings.")
		}
		values := url.Values{}
		for k, v := range object {
			values.Set(k, v)
		}
		return values, nil
	}
	values, err := url.ParseQuery(string(c.body))
	if err != nil {
		return nil, oauthError("invalid_request", "The body is not a form.")
	}
	return values, nil
}

// withParameters returns the handler of a route with parameters in its body. It takes the lock once they are decoded.
func (s *Server) withParameters(h func(*call, url.Values) error) handler {
	return func(c *call) error {
		p, err := c.parameters()
		if err != nil {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return h(c, p)
	}
}

// token redeems authorization codes, rotates refresh tokens and issues the API key.
func (s *Server) token(c *call, p url.Values) error {
	if p.Get("client_id") == "" {
		return oauthError("invalid_client", "client_id is required.")
	}
	switch p.Get("grant_type") {
	case "authorization_code":
		return s.redeem(c, p)
	case "refresh_token":
		return s.rotate(c, p.Get("refresh_token"))
	case "urn:ietf:params:oauth:grant-type:token-exchange":
		if p.Get("requested_token") != "openai-api-key" || p.Get("subject_token") == "" || p.Get("subject_token_type") == "" {
			return oauthError("invalid_request", "requested_token openai-api-key, subject_token and subject_token_type are required.")
		}
		return c.reply(map[string]string{"access_token": apiKey})
	}
	return oauthError("unsupported_grant_type", "grant_type must be authorization_code, refresh_token or token-exchange.")
}

func (s *Server) redeem(c *call, p url.Values) error {
	code := p.Get("code")
	a, known := s.codes[code]
	delete(s.codes, code)
	verifier := sha256.Sum256([]byte(p.Get("code_verifier")))
	switch {
	case !known:
		return oauthError("invalid_grant", "The code is unknown or has been used.")
	case p.Get("redirect_uri") != a.redirectURI:
		return oauthError("invalid_grant", "redirect_uri is not the one the code was issued for.")
	case base64.RawURLEncoding.EncodeToString(verifier[:]) != a.challenge:
		return oauthError("invalid_grant", "code_verifier does not match the code_challenge.")
	}
	return s.issue(c, code, a.account)
}

// rotate exchanges a refresh token for new tokens, once. An unknown token counts as one of the mock account, so that a
// sign-in outlives a restart.
func (s *Server) rotate(c *call, old string) error {
	if old == "" {
		return oauthError("invalid_request", "refresh_token is required.")
	}
	g := s.refresh[old]
	if g == nil {
		g = &grant{account: accountID}
		s.refresh[old] = g
	}
	switch {
	case g.revoked:
		return known("refresh_token_invalidated")
	case g.used:
		s.stats.Reuses++
		return known("refresh_token_reused")
	}
	g.used = true
	s.stats.Refreshes++
	return s.issue(c, old, g.account)
}

// issue issues tokens that derive from the code or token they were exchanged for.
func (s *Server) issue(c *call, from, account string) error {
	id := hash(from)
	refresh := "rt_mock_" + id
	expires := time.Now().Add(c.scenario.TokenLife)
	s.refresh[refresh] = &grant{account: account}
	return c.reply(fill("tokens",
		"identity", jwt("id_"+id, account, c.scenario.Residency, expires), "access", jwt("at_"+id, account, c.scenario.Residency, expires),
		"refresh", refresh, "life", int(c.scenario.TokenLife.Seconds())))
}

// revoke succeeds for any token, even an unknown one (RFC 7009).
func (s *Server) revoke(c *call, p url.Values) error {
	token := p.Get("token")
	if token == "" {
		return oauthError("invalid_request", "token is required.")
	}
	s.revoked[token] = true
	if g := s.refresh[token]; g != nil {
		g.revoked = true
	} else if p.Get("token_type_hint") == "refresh_token" {
		s.refresh[token] = &grant{account: accountID, revoked: true}
	}
	s.stats.Revocations++
	return c.reply(struct{}{})
}
