package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

func expired() string { return accessToken(time.Now().Add(-time.Minute), "old-secret") }

func TestRefresh(t *testing.T) {
	issuer := newFakeIssuer(t, "refresh-secret")
	text := strings.Replace(authJSON(expired(), "refresh-secret", "acct-1"), `"OPENAI_API_KEY": null`, `"OPENAI_API_KEY": "key-secret", "mine": 1.0`, 1)
	issuer.account = "acct-other" // a new id token does not change the account
	s, path := openFile(t, issuer, text)
	got, err := s.Token(context.Background())
	if err != nil || !strings.HasSuffix(got.Access, "access-secret-1") || got.AccountID != "acct-1" || got.APIKey != "key-secret" {
		t.Errorf("%v", err)
	}
	if body := issuer.body(0); body != `{"client_id":"app_EMoamEEZ73f0CkXaXp7hrann","grant_type":"refresh_token","refresh_reason":"proactive_expiry","refresh_token":"refresh-secret"}` {
		t.Errorf("body %s", body)
	}
	written := readFile(t, path)
	c, err := parseCredentials(document(written))
	if err != nil || c.access != got.Access || c.refresh != "refresh-secret-1" || time.Since(c.lastRefresh) > time.Minute {
		t.Errorf("written: %v\n%s", err, written)
	}
	if !strings.Contains(written, `"OPENAI_API_KEY": "key-secret", "mine": 1.0`) || !strings.Contains(written, `"account_id": "acct-1"`) {
		t.Errorf("written:\n%s", written)
	}
	if again, err := s.Token(context.Background()); err != nil || again != got || issuer.count("refresh") != 1 {
		t.Errorf("again: %v", err)
	}
}

func TestRefreshAfter401(t *testing.T) {
	ctx := context.Background()
	fresh := accessToken(time.Now().Add(time.Hour), "mine-secret")
	issuer := newFakeIssuer(t, "refresh-secret")
	s, path := openFile(t, issuer, authJSON(fresh, "refresh-secret", "acct-1"))
	rejected, err := s.Token(ctx)
	if err != nil {
		t.Fatal(err)
	}
	other := accessToken(time.Now().Add(time.Hour), "other-secret")
	writeFile(t, path, authJSON(other, "refresh-secret", "acct-1"))
	if got, err := s.Refresh(ctx, rejected); err != nil || got.Access != other || issuer.count("refresh") != 0 {
		t.Errorf("what is in the file was not used: %v", err)
	}
	got, err := s.Refresh(ctx, backend.Token{Access: other})
	if err != nil || !strings.HasSuffix(got.Access, "access-secret-1") {
		t.Errorf("refresh: %v", err)
	}
	if body := issuer.body(0); !strings.Contains(body, `"refresh_reason":"unauthorized_recovery"`) {
		t.Errorf("body %s", body)
	}
	if late, err := s.Refresh(ctx, backend.Token{Access: other}); err != nil || late != got || issuer.count("refresh") != 1 {
		t.Errorf("a second 401 for the old token spent another refresh token: %v", err)
	}
}

func TestRefreshFailures(t *testing.T) {
	for _, c := range []struct {
		name      string
		status    int
		body      string
		permanent bool
		want      string
	}{
		{"expired", 401, `{"error":{"code":"refresh_token_expired","message":"refresh-secret"}}`, true, "has expired"},
		{"reused, 400", 400, `{"error":{"code":"refresh_token_reused"}}`, true, "already used"},
		{"invalidated, in capitals", 400, `{"error":"REFRESH_TOKEN_INVALIDATED"}`, true, "was revoked"},
		{"invalid_grant", 400, `{"error":"invalid_grant","error_description":"refresh-secret"}`, true, "no longer valid"},
		{"top-level code", 403, `{"code":"refresh_token_expired"}`, true, "has expired"},
		{"code beside a null", 403, `{"error":null,"code":"refresh_token_expired"}`, true, "has expired"},
		{"any 401", 401, `<html>refresh-secret`, true, "could not be refreshed."},
		{"500", 500, `{"error":{"code":"server_error","message":"try later refresh-secret"}}`, false, "500: try later [redacted]."},
		{"429", 429, ``, false, "429: unknown error."},
		{"403", 403, "<html>\nblocked refresh-secret\x1b[0m</html>", false, "403: <html> blocked [redacted] [0m</html>."},
		{"400 of another kind", 400, `{"error":"invalid_request"}`, false, "400: invalid_request."},
		{"no JSON", 200, `<html>`, false, "has no token"},
		{"empty", 200, `{}`, false, "has no token"},
	} {
		synctest.Test(t, func(t *testing.T) {
			issuer := newFakeIssuer(t, "refresh-secret")
			issuer.override = func(_ string, w http.ResponseWriter) bool {
				w.WriteHeader(c.status)
				io.WriteString(w, c.body)
				return true
			}
			soon := accessToken(time.Now().Add(time.Minute), "old-secret")
			s := openMemory(t, issuer, authJSON(soon, "refresh-secret", "acct-1"))
			token, ahead := s.Token(t.Context())
			_, after := s.Refresh(t.Context(), backend.Token{Access: soon})
			noSecret(t, ahead)
			noSecret(t, after)
			kind := ErrUnavailable
			if c.permanent {
				kind = ErrNotAuthenticated
			}
			if !errors.Is(after, kind) || !strings.Contains(after.Error(), c.want) {
				t.Errorf("%s: after a 401: %v", c.name, after)
			}
			if c.permanent && (!errors.Is(ahead, ErrNotAuthenticated) || !strings.Contains(ahead.Error(), "codex-rpc login")) {
				t.Errorf("%s: ahead of time: %v", c.name, ahead)
			}
			if !c.permanent && (ahead != nil || token.Access != soon) {
				t.Errorf("%s: the old token is still good, and yet: %v", c.name, ahead)
			}
			account, err := s.Account(t.Context())
			if err != nil || account.Authenticated == c.permanent {
				t.Errorf("%s: account %+v, %v", c.name, account, err)
			}
			asked := issuer.count("refresh")
			time.Sleep(2 * time.Minute) // on the bubble's clock: now the token has expired
			_, late := s.Token(t.Context())
			if !errors.Is(late, kind) {
				t.Errorf("%s: when expired: %v", c.name, late)
			}
			if again := issuer.count("refresh") > asked; again == c.permanent {
				t.Errorf("%s: asked again: %v", c.name, again)
			}
			// A new sign-in is accepted.
			if err := s.keeper.write([]byte(authJSON("new", "new", "acct-1"))); err != nil {
				t.Fatal(err)
			}
			if got, err := s.Token(t.Context()); err != nil || got.Access != "new" {
				t.Errorf("%s: after another sign-in: %v", c.name, err)
			}
		})
	}
}

func TestFailingIssuerIsNotRetriedByEveryCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := newFakeIssuer(t, "refresh-secret")
		down := true
		issuer.override = func(_ string, w http.ResponseWriter) bool {
			if down {
				w.WriteHeader(http.StatusBadGateway)
			}
			return down
		}
		soon := accessToken(time.Now().Add(4*time.Minute), "old-secret")
		s := openMemory(t, issuer, authJSON(soon, "refresh-secret", "acct-1"))
		for range 10 {
			if got, err := s.Token(t.Context()); err != nil || got.Access != soon {
				t.Fatal(err)
			}
		}
		if n := issuer.count("refresh"); n != 1 {
			t.Errorf("asked %d times", n)
		}
		down = false
		time.Sleep(restTime)
		if got, err := s.Token(t.Context()); err != nil || got.Access == soon {
			t.Errorf("not asked again: %v", err)
		}
	})
}

func TestUnreachableIssuer(t *testing.T) {
	s, err := OpenMemory([]byte(authJSON(expired(), "refresh-secret", "acct-1")), Options{
		HTTPClient: &http.Client{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			return nil, errors.New("connection refused")
		})},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Token(context.Background())
	if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "connection refused") {
		t.Error(err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSilentIssuer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := newFakeIssuer(t, "refresh-secret")
		issuer.before = func(ctx context.Context, _ string) { <-ctx.Done() }
		s := openMemory(t, issuer, authJSON(expired(), "refresh-secret", "acct-1"))
		start := time.Now()
		_, err := s.Token(t.Context())
		if !errors.Is(err, ErrUnavailable) || time.Since(start) != requestLimit {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

func TestCallersShareARefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := newFakeIssuer(t, "refresh-secret")
		answer := make(chan struct{})
		issuer.before = func(context.Context, string) { <-answer }
		s := openMemory(t, issuer, authJSON(expired(), "refresh-secret", "acct-1"))
		impatient, leave := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		left := make(chan error, 1)
		go func() { // starts the refresh and is cancelled
			_, err := s.Token(impatient)
			left <- err
		}()
		synctest.Wait()
		tokens := make([]backend.Token, 50)
		for n := range tokens {
			wg.Go(func() {
				var err error
				if n%2 == 0 {
					tokens[n], err = s.Token(t.Context())
				} else {
					tokens[n], err = s.Refresh(t.Context(), backend.Token{Access: expired()})
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		leave()
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("the one who left: %v", err)
		}
		close(answer)
		wg.Wait()
		for _, token := range tokens {
			if token != tokens[0] || token.Access == "" {
				t.Error("callers got different tokens")
			}
		}
		if n := issuer.count("refresh"); n != 1 {
			t.Errorf("%d refreshes", n)
		}
	})
}

func TestRefreshOutlivesItsCaller(t *testing.T) {
	issuer := newFakeIssuer(t, "refresh-secret")
	ctx, cancel := context.WithCancel(context.Background())
	issuer.before = func(context.Context, string) { cancel() }
	s, path := openFile(t, issuer, authJSON(expired(), "refresh-secret", "acct-1"))
	// The answer may arrive before the cancellation; only the file matters.
	if _, err := s.Token(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := s.Flush(context.Background()); err != nil {
		t.Error(err)
	}
	if !strings.Contains(readFile(t, path), "refresh-secret-1") {
		t.Error("a spent refresh token is still in the file")
	}
}

// A joined refresh may return the token that the caller's backend has rejected, if that was written meanwhile.
func TestJoinedRefreshWithTheRejectedToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := newFakeIssuer(t, "refresh-secret")
		answer := make(chan struct{})
		issuer.before = func(context.Context, string) { <-answer }
		s := openMemory(t, issuer, authJSON(expired(), "refresh-secret", "acct-1"))
		go s.Token(t.Context())
		synctest.Wait()
		rejected := accessToken(time.Now().Add(time.Hour), "access-secret-1")
		got := make(chan backend.Token)
		go func() {
			token, err := s.Refresh(t.Context(), backend.Token{Access: rejected})
			if err != nil {
				t.Error(err)
			}
			got <- token
		}()
		synctest.Wait()
		close(answer)
		if token := <-got; token.Access == rejected {
			t.Error("the rejected token came back")
		}
	})
}

// Changes by a program without locks, such as a sign-in, between reading and writing take precedence.
func TestFileChangesDuringRefresh(t *testing.T) {
	fresh := accessToken(time.Now().Add(time.Hour), "theirs-secret")
	for _, c := range []struct {
		name, during string
		want         string // of the token, or of the error
		file         string // part of the file afterwards
	}{
		{"signed in as another", authJSON(fresh, "theirs", "acct-2"), "theirs-secret", `"theirs"`},
		{"signed out", "", "There is no", ""},
		{"an API key", `{"OPENAI_API_KEY":"key"}`, "only an API key", `{"OPENAI_API_KEY":"key"}`},
		{"left half-written", `{"tokens":`, "access-secret-1", "refresh-secret-1"},
		{"other members", strings.Replace(authJSON(expired(), "refresh-secret", "acct-1"), "{", `{"mine":1,`, 1), "access-secret-1", `{"mine":1,`},
	} {
		issuer := newFakeIssuer(t, "refresh-secret")
		s, path := openFile(t, issuer, authJSON(expired(), "refresh-secret", "acct-1"))
		issuer.before = func(context.Context, string) {
			if c.during == "" {
				os.Remove(path)
			} else {
				writeFile(t, path, c.during)
			}
		}
		token, err := s.Token(context.Background())
		if got := token.Access + fmt.Sprint(err); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.name, got)
		}
		text, _ := os.ReadFile(path)
		if !strings.Contains(string(text), c.file) || c.during == "" && text != nil {
			t.Errorf("%s: the file holds\n%s", c.name, text)
		}
	}
}

// If the refresh token was already used, the store waits for the result of the other program.
func TestRefreshTokenUsedByAnotherProgram(t *testing.T) {
	for _, c := range []struct {
		name     string
		lives    time.Duration // the access token that the other program got
		delay    time.Duration // until the token is written
		requests int
	}{
		{"already written", time.Hour, 0, 1},
		{"written a moment later", time.Hour, 300 * time.Millisecond, 1},
		{"needs a refresh itself", -time.Minute, 0, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			issuer := newFakeIssuer(t, "theirs-secret")
			theirs := accessToken(time.Now().Add(c.lives), "theirs")
			s := openMemory(t, issuer, authJSON(expired(), "refresh-secret", "acct-1"))
			issuer.before = func(context.Context, string) {
				if issuer.count("refresh") == 1 {
					time.AfterFunc(c.delay, func() {
						if err := s.keeper.write([]byte(authJSON(theirs, "theirs-secret", "acct-1"))); err != nil {
							t.Error(err)
						}
					})
					synctest.Wait()
				}
			}
			got, err := s.Token(t.Context())
			if err != nil || issuer.count("refresh") != c.requests || got.Access == expired() {
				t.Errorf("%s: %v after %d requests", c.name, err, issuer.count("refresh"))
			}
		})
	}
}

func TestAnswerWithoutAccessToken(t *testing.T) {
	issuer := newFakeIssuer(t, "refresh-secret")
	issuer.override = func(_ string, w http.ResponseWriter) bool {
		io.WriteString(w, `{"refresh_token":"rotated-secret","access_token":7}`)
		return true
	}
	s, path := openFile(t, issuer, authJSON(expired(), "refresh-secret", "acct-1"))
	_, err := s.Token(context.Background())
	if !errors.Is(err, ErrUnavailable) {
		t.Error(err)
	}
	if !strings.Contains(readFile(t, path), "rotated-secret") {
		t.Error("the rotated refresh token is lost")
	}
}

func TestAnswerFault(t *testing.T) {
	for _, c := range []struct{ body, code, detail string }{
		{`{"error":"access_denied","error_description":"no\nway tok-1"}`, "access_denied", "no way [redacted]"},
		{`{"error":{"code":"Server_Error","message":"busy"}}`, "server_error", "busy"},
		{`{"error":{"message":"busy"},"code":"x"}`, "x", "busy"},
		{`{"code":"x"}`, "x", "x"},
		{`{"error":{"code":7}}`, "", `{"error":{"code":7}}`},
		{`plain`, "", "plain"},
		{``, "", "unknown error"},
	} {
		code, detail := answer{status: 400, body: []byte(c.body)}.fault("tok-1")
		if code != c.code || detail != c.detail {
			t.Errorf("%s: %q, %q", c.body, code, detail)
		}
	}
}
