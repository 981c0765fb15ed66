package methods

import (
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
	"github.com/codex-rpc/codex-rpc/rpc"
)

func TestAccountOf(t *testing.T) {
	for _, test := range []struct {
		account auth.Account
		want    string
	}{
		{auth.Account{}, `{"authenticated": false, "account_id": null, "email": null, "plan_type": null, "expires_at": null, "auth_mode": null}`},
		{auth.Account{Authenticated: true, AccountID: "a", Email: "e", PlanType: "p", ExpiresAt: time.Unix(7, 8), AuthMode: "m"},
			`{"authenticated": true, "account_id": "a", "email": "e", "plan_type": "p", "expires_at": 7, "auth_mode": "m"}`},
	} {
		sameJSON(t, "account", encoded(t, AccountOf(test.account)), test.want)
	}
}

func TestLogout(t *testing.T) {
	for _, test := range []struct{ name, directives, authJSON, result string }{
		{"revoked", "", signedInJSON, `{"revoked": true}`},
		{"the issuer refuses", "path=/oauth/revoke,status=500", signedInJSON, `{"revoked": false}`},
		{"the issuer does not answer", "path=/oauth/revoke,delay=60", signedInJSON, `{"revoked": false}`},
		{"signed out", "", "", `{"revoked": false}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, _ := issued(t, test.directives, test.authJSON)
			sameJSON(t, "result", string(c.result("logout", `{"timeout": 0.3}`).Bytes()), test.result)
			holds(t, "account", c.result("account_info", `{}`), `{"authenticated": false, "account_id": null}`)
			if failed := c.failure("codex.usage", `{}`); failed.Code != CodeNotAuthenticated || failed.kind() != "not_authenticated" {
				t.Errorf("%+v", failed)
			}
		})
	}
}

func TestLogoutFails(t *testing.T) {
	service := New(nil, stuckStore{}, Defaults{}, nil)
	_, err := service.logout(t.Context(), &LogoutParams{})
	var e *rpc.Error
	if !errors.As(err, &e) || e.Code != rpc.CodeInternalError || e.Message != "The credentials are still on disk. Delete the file." {
		t.Errorf("%v", err)
	}
}

type stuckStore struct{ Store }

func (stuckStore) Logout(context.Context) (bool, error) {
	return false, &auth.Error{Message: "The credentials are still on disk.", Hint: "Delete the file."}
}

// TestOtherProgram checks that changes to auth.json by another program take effect
// at the next call.
func TestOtherProgram(t *testing.T) {
	home := t.TempDir()
	path := filepath.Join(home, "auth.json")
	server := httptest.NewServer(simulated(t, ""))
	t.Cleanup(server.Close)
	store, err := auth.Open(auth.Options{Home: home, Issuer: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	c := harnessWith(t, store, backend.Config{ChatGPTBaseURL: server.URL + "/backend-api"})
	for _, text := range []string{"", signedInJSON, "", expiredJSON, `{"broken`} {
		if text == "" {
			os.Remove(path)
		} else if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		works := strings.Contains(text, "access_token")
		if _, result, failed := c.call("codex.usage", `{}`); (failed == nil) != works || failed != nil && failed.kind() != "not_authenticated" {
			t.Errorf("with %q: %s %+v", text, result.Bytes(), failed)
		}
		_, account, failed := c.call("account_info", `{}`)
		if broken := strings.Contains(text, "broken"); broken != (failed != nil) {
			t.Errorf("with %q: %+v", text, failed)
		} else if authenticated := string(account.Get("authenticated").Bytes()); !broken && authenticated != strconv.FormatBool(works) {
			t.Errorf("with %q: authenticated is %s", text, authenticated)
		}
	}
}

// TestRefreshOnce checks that an expiring token is refreshed once for any number of
// concurrent calls.
func TestRefreshOnce(t *testing.T) {
	// The token of the sign-in expires in less than five minutes.
	c, issuer := issued(t, "login=approve;path=/oauth/token,token_life=200,times=1", "")
	c.begin("authenticate", `{"request_api_key": false}`)
	visit(t, c.page(c.receive()))
	holds(t, "result", c.receive().Get("result"), `{"authenticated": true}`)
	const calls = 20
	for range calls {
		c.begin("codex.usage", `{}`)
	}
	for range calls {
		holds(t, "result", c.receive().Get("result"), `{"plan_type": "plus"}`)
	}
	if stats := issuer.Stats(); stats.Refreshes != 1 || stats.Reuses != 0 {
		t.Errorf("%d refreshes, %d of them with a used token", stats.Refreshes, stats.Reuses)
	}
}
