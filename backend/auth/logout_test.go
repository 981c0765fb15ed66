package auth

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestLogout(t *testing.T) {
	for _, c := range []struct {
		name, text string
		status     int
		revoked    bool
		body       string // of the revocation; "" for none
	}{
		{"signed in", authJSON("access-secret", "refresh-secret", "acct-1"), 200, true,
			`{"token":"refresh-secret","token_type_hint":"refresh_token","client_id":"` + clientID + `"}`},
		{"no refresh token", authJSON("access-secret", "", "acct-1"), 200, true,
			`{"token":"access-secret","token_type_hint":"access_token"}`},
		{"issuer refuses", authJSON("access-secret", "refresh-secret", "acct-1"), 500, false,
			`{"token":"refresh-secret","token_type_hint":"refresh_token","client_id":"` + clientID + `"}`},
		{"API key alone", `{"OPENAI_API_KEY":"key-secret"}`, 200, false, ""},
		{"broken", `{"tokens`, 200, false, ""},
		{"signed out", "", 200, false, ""},
	} {
		issuer := newFakeIssuer(t, "refresh-secret")
		issuer.override = func(_ string, w http.ResponseWriter) bool {
			w.WriteHeader(c.status)
			w.Write([]byte("refresh-secret"))
			return true
		}
		s, path := openFile(t, issuer, c.text)
		revoked, err := s.Logout(context.Background())
		if err != nil || revoked != c.revoked {
			t.Errorf("%s: %v, %v", c.name, revoked, err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the file is still there: %v", c.name, err)
		}
		if got := strings.Join(issuer.bodies, "\n"); got != c.body {
			t.Errorf("%s: sent %s", c.name, got)
		}
		account, err := s.Account(context.Background())
		if err != nil || account != (Account{}) {
			t.Errorf("%s: %+v, %v", c.name, account, err)
		}
	}
}

func TestLogoutWithoutAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := newFakeIssuer(t, "refresh-secret")
		issuer.before = func(ctx context.Context, _ string) { <-ctx.Done() }
		s := openMemory(t, issuer, authJSON("access-secret", "refresh-secret", "acct-1"))
		start := time.Now()
		if revoked, err := s.Logout(t.Context()); revoked || err != nil || time.Since(start) != revokeLimit {
			t.Errorf("%v, %v after %v", revoked, err, time.Since(start))
		}
		if _, err := s.Token(t.Context()); !errors.Is(err, ErrNotAuthenticated) {
			t.Error(err)
		}
	})
}

func TestLogoutRemovesEvenWhenCancelled(t *testing.T) {
	s, path := openFile(t, newFakeIssuer(t, "refresh-secret"), authJSON("access-secret", "refresh-secret", "acct-1"))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if revoked, err := s.Logout(ctx); revoked || err != nil {
		t.Errorf("%v, %v", revoked, err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// Logout revokes the token of a running refresh.
func TestLogoutDuringRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := newFakeIssuer(t, "refresh-secret")
		issuer.before = func(_ context.Context, kind string) {
			if kind == "refresh" {
				time.Sleep(time.Second)
			}
		}
		s := openMemory(t, issuer, authJSON(expired(), "refresh-secret", "acct-1"))
		go s.Token(t.Context())
		synctest.Wait()
		if revoked, err := s.Logout(t.Context()); !revoked || err != nil {
			t.Errorf("%v, %v", revoked, err)
		}
		if body := issuer.body(1); !strings.Contains(body, `"refresh-secret-1"`) {
			t.Errorf("revoked %s", body)
		}
		if err := s.Flush(t.Context()); err != nil {
			t.Error(err)
		}
		if _, err := s.keeper.read(); err == nil {
			t.Error("the refresh brought the sign-in back")
		}
	})
}

func TestLogoutCannotRemove(t *testing.T) {
	s, path := openFile(t, newFakeIssuer(t, "refresh-secret"), authJSON("access-secret", "refresh-secret", "acct-1"))
	fault := errors.New("no permission")
	readOnly(s, &fault)
	revoked, err := s.Logout(context.Background())
	if !revoked || !errors.Is(err, fault) || !strings.Contains(err.Error(), "still on disk") {
		t.Errorf("%v, %v", revoked, err)
	}
	if readFile(t, path) == "" {
		t.Error("gone after all")
	}
}
