package auth

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

// jwt returns a token with the given payload. The third part distinguishes tokens with the same claims, and is what tests
// for leaks search for.
func jwt(payload map[string]any, mark string) string {
	text, err := json.Marshal(payload)
	if err != nil {
		panic(err)
	}
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(`{"alg":"none"}`)) + "." + enc(text) + "." + mark
}

func accessToken(expires time.Time, mark string) string {
	return jwt(map[string]any{"exp": expires.Unix()}, mark)
}

func idToken(account, mark string) string {
	return jwt(map[string]any{
		"email":                       "ada@example.com",
		"https://api.openai.com/auth": map[string]any{"chatgpt_account_id": account, "chatgpt_plan_type": "plus"},
	}, mark)
}

// authJSON returns a file as the official CLI writes it.
func authJSON(access, refresh, account string) string {
	return fmt.Sprintf(`{
  "auth_mode": "chatgpt",
  "OPENAI_API_KEY": null,
  "tokens": {
    "id_token": %q,
    "access_token": %q,
    "refresh_token": %q,
    "account_id": %q
  },
  "last_refresh": %q
}`, idToken(account, "id-secret"), access, refresh, account, time.Now().UTC().Format(time.RFC3339))
}

// fakeIssuer is a sign-in service that rotates refresh tokens and accepts each of them once.
type fakeIssuer struct {
	t testing.TB

	mu        sync.Mutex
	live      string // the valid refresh token
	serial    int
	requests  []string // "refresh", "code", "key", "usercode", "device", "revoke"
	bodies    []string
	before    func(ctx context.Context, kind string)               // called before an answer, without the lock
	override  func(kind string, w http.ResponseWriter) (done bool) // answers instead of the issuer
	lifetime  time.Duration
	verifiers map[string]string // the S256 challenge of each authorization code
	pending   int               // remaining device polls to answer with "not yet"
	account   string
}

func newFakeIssuer(t testing.TB, live string) *fakeIssuer {
	return &fakeIssuer{t: t, live: live, lifetime: time.Hour, account: "acct-1", verifiers: map[string]string{}}
}

func (i *fakeIssuer) serve() string {
	server := httptest.NewServer(i)
	i.t.Cleanup(server.Close)
	return server.URL
}

// RoundTrip answers without a network, for tests in a synctest bubble.
func (i *fakeIssuer) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	answered := make(chan struct{})
	go func() {
		i.ServeHTTP(w, r)
		close(answered)
	}()
	select {
	case <-answered:
		return w.Result(), nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// change sets fields of a running issuer.
func (i *fakeIssuer) change(set func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	set()
}

func (i *fakeIssuer) count(kind string) (n int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, k := range i.requests {
		if k == kind {
			n++
		}
	}
	return n
}

func (i *fakeIssuer) body(n int) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.bodies[n]
}

func (i *fakeIssuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(text))
	var fields map[string]string
	_ = json.Unmarshal(text, &fields)
	kind := map[string]string{
		"/oauth/token":                      "refresh",
		"/oauth/revoke":                     "revoke",
		"/api/accounts/deviceauth/usercode": "usercode",
		"/api/accounts/deviceauth/token":    "device",
	}[r.URL.Path]
	switch form.Get("grant_type") {
	case "authorization_code":
		kind = "code"
	case "urn:ietf:params:oauth:grant-type:token-exchange":
		kind = "key"
	}
	if r.Method != http.MethodPost || r.Header.Get("originator") != "codex-rpc" || r.Header.Get("User-Agent") != "codex-rpc" {
		i.t.Errorf("%s %s with %v", r.Method, r.URL, r.Header)
	}
	if want := "application/x-www-form-urlencoded"; (r.Header.Get("Content-Type") == want) != (kind == "code" || kind == "key") {
		i.t.Errorf("%s sent as %s", kind, r.Header.Get("Content-Type"))
	}
	i.mu.Lock()
	i.requests = append(i.requests, kind)
	i.bodies = append(i.bodies, string(text))
	before, override := i.before, i.override
	i.mu.Unlock()
	if before != nil {
		before(r.Context(), kind)
	}
	if r.Context().Err() != nil {
		return // the client has disconnected
	}
	if override != nil && override(kind, w) {
		return
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	switch kind {
	case "refresh":
		if fields["refresh_token"] != i.live {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"error":{"code":"refresh_token_reused","message":"reused %s"}}`, fields["refresh_token"])
			return
		}
		i.answerTokens(w)
	case "code":
		if challengeOf(form.Get("code_verifier")) != i.verifiers[form.Get("code")] {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprintf(w, `{"error":"invalid_request","error_description":"bad verifier %s"}`, form.Get("code_verifier"))
			return
		}
		i.answerTokens(w)
	case "key":
		fmt.Fprint(w, `{"access_token":"api-key-secret"}`)
	case "usercode":
		fmt.Fprint(w, `{"device_auth_id":"device-1","user_code":"ABCD-1234","interval":"5"}`)
	case "device":
		if i.pending > 0 {
			i.pending--
			w.WriteHeader([]int{http.StatusForbidden, http.StatusNotFound}[i.pending%2])
			return
		}
		i.verifiers["device-code"] = challengeOf("verifier-of-the-issuer")
		fmt.Fprint(w, `{"authorization_code":"device-code","code_verifier":"verifier-of-the-issuer"}`)
	case "revoke":
		i.live = ""
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (i *fakeIssuer) answerTokens(w http.ResponseWriter) {
	i.serial++
	i.live = fmt.Sprintf("refresh-secret-%d", i.serial)
	json.NewEncoder(w).Encode(map[string]string{
		"id_token":      idToken(i.account, fmt.Sprintf("id-secret-%d", i.serial)),
		"access_token":  accessToken(time.Now().Add(i.lifetime), fmt.Sprintf("access-secret-%d", i.serial)),
		"refresh_token": i.live,
	})
}

// log collects the log of a store, and fails the test if it contains a secret. All secrets of these tests contain the
// word secret.
func testLog(t testing.TB) *slog.Logger {
	var mu sync.Mutex
	var all bytes.Buffer
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		if strings.Contains(all.String(), "secret") {
			t.Errorf("a secret was logged:\n%s", all.String())
		}
	})
	return slog.New(slog.NewTextHandler(writerFunc(func(p []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		return all.Write(p)
	}), &slog.HandlerOptions{Level: slog.LevelDebug}))
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// openFile returns a store on a new home with this auth.json; "" for none.
func openFile(t testing.TB, issuer *fakeIssuer, text string) (s *Store, path string) {
	t.Helper()
	home := t.TempDir()
	path = filepath.Join(home, fileName)
	if text != "" {
		writeFile(t, path, text)
	}
	s, err := Open(Options{Home: home, Issuer: issuer.serve(), Logger: testLog(t)})
	if err != nil {
		t.Fatal(err)
	}
	return s, path
}

func openMemory(t testing.TB, issuer *fakeIssuer, text string) *Store {
	t.Helper()
	var doc []byte
	if text != "" {
		doc = []byte(text)
	}
	s, err := OpenMemory(doc, Options{HTTPClient: &http.Client{Transport: issuer}, Logger: testLog(t)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// noSecret fails the test if an error for the user contains a secret or a second line.
func noSecret(t testing.TB, err error) {
	t.Helper()
	if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "\n")) {
		t.Errorf("error %q", err)
	}
}

func TestIssuerAddress(t *testing.T) {
	for _, c := range []struct {
		base string
		ok   bool
	}{
		{"https://auth.example.com", true},
		{"https://auth.example.com/base/", true},
		{"http://127.0.0.1:8080", true},
		{"http://[::1]:8080", true},
		{"http://localhost:8080", true},
		{"http://auth.example.com", false},
		{"http://localhost.example.com", false},
		{"http://127.0.0.1.example.com", false},
		{"ftp://localhost", false},
		{"https://user:secret@auth.example.com", false},
		{"https://auth.example.com?x=secret", false},
		{"auth.example.com", false},
		{"https://", false},
		{"://secret", false},
	} {
		_, err := OpenMemory(nil, Options{Issuer: c.base})
		if (err == nil) != c.ok {
			t.Errorf("issuer %s: %v", c.base, err)
		}
		noSecret(t, err)
		if c.ok || strings.Contains(c.base, "?") { // an override may have a query
			continue
		}
		for _, name := range []string{"CODEX_REFRESH_TOKEN_URL_OVERRIDE", "CODEX_REVOKE_TOKEN_URL_OVERRIDE"} {
			t.Run(name, func(t *testing.T) {
				t.Setenv(name, c.base)
				_, err := Open(Options{Home: t.TempDir()})
				if err == nil || !strings.Contains(err.Error(), name) {
					t.Errorf("%s=%s: %v", name, c.base, err)
				}
				noSecret(t, err)
			})
		}
	}
}

func TestOverrides(t *testing.T) {
	for _, c := range []struct{ refresh, revoke, wantRefresh, wantRevoke string }{
		{"", "", "https://auth.openai.com/oauth/token", "https://auth.openai.com/oauth/revoke"},
		{"https://a.example/token?x=1", "", "https://a.example/token?x=1", "https://a.example/oauth/revoke"},
		{"", "https://b.example/r", "https://auth.openai.com/oauth/token", "https://b.example/r"},
		{"https://a.example/token", "https://b.example/r", "https://a.example/token", "https://b.example/r"},
	} {
		t.Setenv("CODEX_REFRESH_TOKEN_URL_OVERRIDE", c.refresh)
		t.Setenv("CODEX_REVOKE_TOKEN_URL_OVERRIDE", c.revoke)
		s, err := Open(Options{Home: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		if s.issuer.refreshURL != c.wantRefresh || s.issuer.revokeURL != c.wantRevoke {
			t.Errorf("%+v: %s, %s", c, s.issuer.refreshURL, s.issuer.revokeURL)
		}
		var want []Endpoint
		if c.refresh != "" {
			want = append(want, Endpoint{"refresh", c.wantRefresh})
		}
		if c.refresh != "" || c.revoke != "" {
			want = append(want, Endpoint{"revoke", c.wantRevoke})
		}
		if got := s.Overrides(); !slices.Equal(got, want) {
			t.Errorf("%+v: overrides %v", c, got)
		}
		m, err := OpenMemory(nil, Options{})
		if err != nil || m.issuer.refreshURL != DefaultIssuer+"/oauth/token" {
			t.Errorf("a store in memory uses the environment: %v", err)
		}
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	elsewhere := newFakeIssuer(t, "refresh-secret")
	address := elsewhere.serve()
	issuer := newFakeIssuer(t, "refresh-secret")
	issuer.override = func(_ string, w http.ResponseWriter) bool {
		w.Header().Set("Location", address+"/oauth/token")
		w.WriteHeader(http.StatusTemporaryRedirect)
		return true
	}
	s, _ := openFile(t, issuer, authJSON("opaque-secret", "refresh-secret", "acct-1"))
	_, err := s.Refresh(context.Background(), backend.Token{Access: "opaque-secret"})
	if err == nil || len(elsewhere.requests) != 0 {
		t.Errorf("error %v, %d requests elsewhere", err, len(elsewhere.requests))
	}
}
