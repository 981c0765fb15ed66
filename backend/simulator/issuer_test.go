package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	verifier = "a-verifier-long-enough-to-be-one"
	callback = "http://localhost:1455/auth/callback"
	asForm   = "Content-Type: application/x-www-form-urlencoded"
)

func authorizeURL(change ...string) string {
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {"app"}, "redirect_uri": {callback}, "state": {"s t&"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	for _, c := range change {
		name, value, _ := strings.Cut(c, "=")
		q.Set(name, value)
	}
	return "/oauth/authorize?" + q.Encode()
}

func location(t *testing.T, w *httptest.ResponseRecorder) url.Values {
	t.Helper()
	u, err := url.Parse(w.Header().Get("Location"))
	if err != nil || w.Code != 302 || !strings.HasPrefix(u.String(), callback+"?") {
		t.Fatalf("%d to %q: %s", w.Code, u, w.Body)
	}
	return u.Query()
}

func claimsOf(t *testing.T, jwt any) claims {
	t.Helper()
	parts := strings.Split(jwt.(string), ".")
	if len(parts) != 3 || parts[2] == "" {
		t.Fatalf("not a JWT: %v", jwt)
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var c claims
	if err := json.Unmarshal(payload, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func redeemForm(code string, change ...string) string {
	q := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "client_id": {"app"}, "code_verifier": {verifier}}
	for _, c := range change {
		name, value, _ := strings.Cut(c, "=")
		q.Set(name, value)
	}
	return q.Encode()
}

func TestBrowserLogin(t *testing.T) {
	s := newServer(t, "")
	back := location(t, do(s, "GET", authorizeURL("prompt=auto"), ""))
	if back.Get("state") != "s t&" || back.Get("code") == "" {
		t.Fatalf("%v", back)
	}
	w := do(s, "POST", "/oauth/token", redeemForm(back.Get("code")), asForm)
	tokens := object(t, w.Body.Bytes())
	id := claimsOf(t, tokens["id_token"])
	if w.Code != 200 || id.Email != email || id.Auth.AccountID != accountID || id.Auth.PlanType != "plus" || tokens["refresh_token"] == "" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := do(s, "GET", "/backend-api/wham/usage", "", "Authorization: Bearer "+tokens["access_token"].(string)); w.Code != 200 {
		t.Errorf("the access token is refused: %d %s", w.Code, w.Body)
	}
	if w := do(s, "POST", "/oauth/token", redeemForm(back.Get("code")), asForm); w.Code != 400 {
		t.Errorf("a code redeemed twice: %d", w.Code)
	}
	key := url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:token-exchange"}, "client_id": {"app"}, "requested_token": {"openai-api-key"},
		"subject_token": {tokens["id_token"].(string)}, "subject_token_type": {"urn:ietf:params:oauth:token-type:id_token"}}
	if w := do(s, "POST", "/oauth/token", key.Encode(), asForm); at(t, object(t, w.Body.Bytes()), "access_token") != "sk-mock" {
		t.Errorf("API key: %d %s", w.Code, w.Body)
	}
	key.Del("subject_token")
	if w := do(s, "POST", "/oauth/token", key.Encode(), asForm); w.Code != 400 {
		t.Errorf("API key without a token: %d", w.Code)
	}
}

func TestAuthorizePage(t *testing.T) {
	s := newServer(t, "")
	w := do(s, "GET", authorizeURL(`client_id=<script>`), "")
	if w.Code != 200 || strings.Contains(w.Body.String(), "<script>") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for id, want := range map[string]string{"approve": "code", "deny": "error_description"} {
		link := regexp.MustCompile(`id="` + id + `" href="([^"]*)"`).FindStringSubmatch(w.Body.String())
		if link == nil {
			t.Fatalf("no link %s: %s", id, w.Body)
		}
		u, err := url.Parse(strings.ReplaceAll(link[1], "&amp;", "&"))
		if err != nil || u.Query().Get(want) == "" || u.Query().Get("state") != "s t&" {
			t.Errorf("%s leads to %s", id, u)
		}
	}
	if back := location(t, do(newServer(t, "login=deny"), "GET", authorizeURL(), "")); back.Get("error") != "access_denied" || back.Get("code") != "" {
		t.Errorf("denied: %v", back)
	}
	if back := location(t, do(newServer(t, "login=approve"), "GET", authorizeURL(), "")); back.Get("code") == "" {
		t.Errorf("approved: %v", back)
	}
	for _, change := range []string{
		"redirect_uri=https://localhost/x", "redirect_uri=http://example.test/", "redirect_uri=http://localhost.example.test/", "redirect_uri=%",
		"response_type=token", "client_id=", "state=", "code_challenge=", "code_challenge_method=plain",
	} {
		if w := do(s, "GET", authorizeURL(change, "prompt=auto"), ""); w.Code != 400 || w.Header().Get("Location") != "" {
			t.Errorf("%s: %d", change, w.Code)
		}
	}
}

func TestWorkspace(t *testing.T) {
	s := newServer(t, "login=approve")
	back := location(t, do(s, "GET", authorizeURL("allowed_workspace_id=ws_1,ws_2"), ""))
	tokens := object(t, do(s, "POST", "/oauth/token", redeemForm(back.Get("code")), asForm).Body.Bytes())
	next := object(t, do(s, "POST", "/oauth/token", refreshBody(tokens["refresh_token"].(string))).Body.Bytes())
	for _, token := range []any{tokens["id_token"], next["id_token"]} {
		if got := claimsOf(t, token).Auth.AccountID; got != "ws_1" {
			t.Errorf("account %s", got)
		}
	}
}

func TestRedeemRefusals(t *testing.T) {
	for _, change := range []string{
		"code=other", "code_verifier=wrong", "code_verifier=", "redirect_uri=http://localhost:1457/auth/callback", "client_id=", "grant_type=password",
	} {
		s := newServer(t, "login=approve")
		code := location(t, do(s, "GET", authorizeURL(), "")).Get("code")
		w := do(s, "POST", "/oauth/token", redeemForm(code, change), asForm)
		if w.Code != 400 || at(t, object(t, w.Body.Bytes()), "error_description") == "" {
			t.Errorf("%s: %d %s", change, w.Code, w.Body)
		}
	}
	for body, header := range map[string]string{"%zz": asForm, "[]": "Content-Type: application/json"} {
		if w := do(newServer(t, ""), "POST", "/oauth/token", body, header); w.Code != 400 {
			t.Errorf("%s: %d", body, w.Code)
		}
	}
}

func refreshBody(token string) string {
	return string(encode(map[string]string{"client_id": "app", "grant_type": "refresh_token", "refresh_token": token}))
}

func TestRefresh(t *testing.T) {
	s := newServer(t, "")
	var tokens []string
	for token := "rt_mock"; len(tokens) < 3; {
		w := do(s, "POST", "/oauth/token", refreshBody(token))
		if w.Code != 200 {
			t.Fatalf("%s: %d %s", token, w.Code, w.Body)
		}
		tokens = append(tokens, token)
		token = object(t, w.Body.Bytes())["refresh_token"].(string)
	}
	for _, used := range tokens {
		w := do(s, "POST", "/oauth/token", refreshBody(used))
		if code := at(t, object(t, w.Body.Bytes()), "error.code"); w.Code != 401 || code != "refresh_token_reused" {
			t.Errorf("%s again: %d %v", used, w.Code, code)
		}
	}
	if stats := s.Stats(); stats.Refreshes != 3 || stats.Reuses != 3 {
		t.Errorf("%+v", stats)
	}
	w := do(s, "POST", "/oauth/token", refreshBody("x"), "X-Mock: code=refresh_token_expired")
	if code := at(t, object(t, w.Body.Bytes()), "error.code"); w.Code != 401 || code != "refresh_token_expired" {
		t.Errorf("expired by directive: %d %v", w.Code, code)
	}
	if w := do(s, "POST", "/oauth/token", refreshBody("")); w.Code != 400 {
		t.Errorf("no token: %d", w.Code)
	}
}

func TestTokenLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, "token_life=90")
		tokens := object(t, do(s, "POST", "/oauth/token", refreshBody("rt_mock")).Body.Bytes())
		bearer := "Authorization: Bearer " + tokens["access_token"].(string)
		if tokens["expires_in"] != 90.0 {
			t.Errorf("expires_in %v", tokens["expires_in"])
		}
		for _, status := range []int{200, 401} {
			if w := do(s, "GET", "/backend-api/wham/usage", "", bearer); w.Code != status {
				t.Errorf("%d %s, want %d", w.Code, w.Body, status)
			}
			time.Sleep(90 * time.Second) // on the bubble's clock
		}
	})
}

func TestRevoke(t *testing.T) {
	s := newServer(t, "")
	tokens := object(t, do(s, "POST", "/oauth/token", refreshBody("rt_mock")).Body.Bytes())
	for _, body := range []map[string]string{
		{"token": tokens["refresh_token"].(string), "token_type_hint": "refresh_token", "client_id": "app"},
		{"token": tokens["access_token"].(string), "token_type_hint": "access_token"},
		{"token": "rt_elsewhere", "token_type_hint": "refresh_token"},
	} {
		if w := do(s, "POST", "/oauth/revoke", string(encode(body)), "Authorization: "); w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	for _, token := range []string{tokens["refresh_token"].(string), "rt_elsewhere"} {
		w := do(s, "POST", "/oauth/token", refreshBody(token))
		if code := at(t, object(t, w.Body.Bytes()), "error.code"); w.Code != 401 || code != "refresh_token_invalidated" {
			t.Errorf("%s: %d %v", token, w.Code, code)
		}
	}
	if w := do(s, "GET", "/backend-api/memories", "", "Authorization: Bearer "+tokens["access_token"].(string)); w.Code != 401 {
		t.Errorf("revoked access token: %d", w.Code)
	}
	if w := do(s, "POST", "/oauth/revoke", `{}`); w.Code != 400 {
		t.Errorf("nothing to revoke: %d", w.Code)
	}
	if n := s.Stats().Revocations; n != 3 {
		t.Errorf("%d revocations", n)
	}
}

func TestDeviceLogin(t *testing.T) {
	const poll, page = "/api/accounts/deviceauth/token", "/codex/device"
	for _, c := range []struct {
		name, scenario string
		pending        int
		form           string
	}{
		{"by polls", "device_polls=2", 2, ""},
		{"at once", "device_polls=0", 0, ""},
		{"by page", "", 1, "user_code=+mock-00001+"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, c.scenario)
			w := do(s, "POST", "/api/accounts/deviceauth/usercode", `{"client_id":"app"}`)
			start := object(t, w.Body.Bytes())
			if start["user_code"] != "MOCK-00001" || start["interval"] != "1" {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			asked := string(encode(map[string]any{"device_auth_id": start["device_auth_id"], "user_code": start["user_code"]}))
			for range c.pending {
				if w := do(s, "POST", poll, asked); w.Code != 403 {
					t.Errorf("pending: %d %s", w.Code, w.Body)
				}
			}
			if c.form != "" {
				if w := do(s, "GET", page+"?user_code=%22%3E", ""); w.Code != 200 || strings.Contains(w.Body.String(), `"">`) {
					t.Errorf("page: %d %s", w.Code, w.Body)
				}
				if w := do(s, "POST", page, c.form, asForm); w.Code != 200 {
					t.Errorf("approval: %d %s", w.Code, w.Body)
				}
			}
			w = do(s, "POST", poll, asked)
			got := object(t, w.Body.Bytes())
			if w.Code != 200 {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			redeem := redeemForm(got["authorization_code"].(string), "code_verifier="+got["code_verifier"].(string), "redirect_uri=http://example.com/deviceauth/callback")
			if w := do(s, "POST", "/oauth/token", redeem, asForm); w.Code != 200 || claimsOf(t, object(t, w.Body.Bytes())["id_token"]).Email != email {
				t.Errorf("exchange: %d %s", w.Code, w.Body)
			}
			if w := do(s, "POST", poll, asked); w.Code != 400 {
				t.Errorf("a code used twice: %d", w.Code)
			}
		})
	}
	s := newServer(t, "")
	for _, c := range []struct{ path, body, header string }{
		{"/api/accounts/deviceauth/usercode", `{}`, "Content-Type: application/json"},
		{poll, `{"device_auth_id":"x","user_code":"y"}`, "Content-Type: application/json"},
		{page, "user_code=MOCK-99999", asForm},
	} {
		if w := do(s, "POST", c.path, c.body, c.header); w.Code != 400 {
			t.Errorf("%s %s: %d", c.path, c.body, w.Code)
		}
	}
}

func TestAuthJSON(t *testing.T) {
	file := object(t, AuthJSON())
	access := at(t, file, "tokens.access_token").(string)
	if w := do(newServer(t, ""), "GET", "/backend-api/memories", "", "Authorization: Bearer "+access); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	c := claimsOf(t, at(t, file, "tokens.id_token"))
	if file["auth_mode"] != "chatgpt" || file["OPENAI_API_KEY"] != "sk-mock" || at(t, file, "tokens.account_id") != "acct_mock" ||
		c.Email != "mock@example.test" || c.Auth.AccountID != "acct_mock" || time.Unix(int64(*c.Expires), 0).UTC().Year() != 2100 {
		t.Errorf("%s", AuthJSON())
	}
	if _, err := time.Parse(time.RFC3339, file["last_refresh"].(string)); err != nil {
		t.Error(err)
	}
}
