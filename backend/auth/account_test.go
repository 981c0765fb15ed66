package auth

import (
	"context"
	"testing"
	"time"
)

func TestAccount(t *testing.T) {
	now := time.Now().Truncate(time.Second).UTC()
	past, future := now.Add(-time.Hour), now.Add(time.Hour)
	for _, c := range []struct {
		name, text string
		want       Account
	}{
		{"no file", "", Account{}},
		{"API key", `{"OPENAI_API_KEY":"k"}`, Account{AuthMode: "apikey"}},
		{"opaque", `{"tokens":{"access_token":"access-token","account_id":"a"}}`, Account{Authenticated: true, AccountID: "a", AuthMode: "chatgpt"}},
		{"no account", `{"tokens":{"access_token":"access-token"}}`, Account{Authenticated: true, AuthMode: "chatgpt"}},
		{"another mode", `{"auth_mode":"agentIdentity"}`, Account{AuthMode: "agentIdentity"}},
		{"signed in", authJSON(accessToken(future, "x"), "r", "acct-1"),
			Account{true, "acct-1", "ada@example.com", "plus", future, "chatgpt", ""}},
		{"expired, to be refreshed", authJSON(accessToken(past, "x"), "r", "acct-1"),
			Account{true, "acct-1", "ada@example.com", "plus", past, "chatgpt", ""}},
		{"expired for good", authJSON(accessToken(past, "x"), "", "acct-1"),
			Account{false, "acct-1", "ada@example.com", "plus", past, "chatgpt", ""}},
	} {
		issuer := newFakeIssuer(t, "")
		s, _ := openFile(t, issuer, c.text)
		if got, err := s.Account(context.Background()); err != nil || got != c.want {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
		if len(issuer.requests) != 0 {
			t.Errorf("%s: the issuer was asked", c.name)
		}
	}
}
