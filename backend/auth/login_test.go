package auth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

type outcome struct {
	account Account
	err     error
}

// visitor is a running login, with the user's browser.
type visitor struct {
	t        *testing.T
	issuer   *fakeIssuer
	url      string     // the authorize URL
	query    url.Values // of url
	outcomes chan outcome
}

func startLogin(t *testing.T, ctx context.Context, s *Store, issuer *fakeIssuer, o LoginOptions) *visitor {
	t.Helper()
	if o.Ports == nil {
		o.Ports = []int{0}
	}
	v := &visitor{t: t, issuer: issuer, outcomes: make(chan outcome, 1)}
	events := make(chan Event, 1)
	go func() {
		account, err := s.Login(ctx, o, func(e Event) { events <- e })
		v.outcomes <- outcome{account, err}
	}()
	select {
	case e := <-events:
		v.url = e.(AuthURL).URL
		u, err := url.Parse(v.url)
		if err != nil {
			t.Fatal(err)
		}
		v.query = u.Query()
	case got := <-v.outcomes:
		t.Fatalf("no event: %v", got.err)
	}
	return v
}

// comeBack requests the redirect URL with this query and returns the page.
func (v *visitor) comeBack(query string) (*http.Response, string) {
	v.t.Helper()
	// The listener is on 127.0.0.1, and "localhost" may resolve to another address first.
	address := strings.Replace(v.query.Get("redirect_uri"), "localhost", "127.0.0.1", 1) + "?" + query
	res, err := http.Get(address)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return res, string(text)
}

func (v *visitor) consent() string {
	v.issuer.change(func() { v.issuer.verifiers["code-secret"] = v.query.Get("code_challenge") })
	return "code=code-secret&state=" + url.QueryEscape(v.query.Get("state"))
}

func TestBrowserLogin(t *testing.T) {
	ctx := context.Background()
	issuer := newFakeIssuer(t, "")
	s, path := openFile(t, issuer, "")
	opened := make(chan string, 1)
	s.openURL = func(u string) error {
		opened <- u
		return errors.New("no browser for " + u)
	}
	v := startLogin(t, ctx, s, issuer, LoginOptions{OpenBrowser: true, RequestAPIKey: true, WorkspaceID: "acct-1"})
	door := <-opened
	if !strings.HasPrefix(door, "http://127.0.0.1:") || strings.Contains(door, "state") || strings.Contains(door, v.query.Get("state")) {
		t.Errorf("a browser is started with %s", door)
	}
	raw := v.url
	for key, want := range map[string]string{
		"response_type": "code", "client_id": clientID, "scope": scope, "code_challenge_method": "S256",
		"id_token_add_organizations": "true", "codex_cli_simplified_flow": "true", "originator": "codex-rpc",
		"allowed_workspace_id": "acct-1",
	} {
		if got := v.query.Get(key); got != want {
			t.Errorf("%s is %q", key, got)
		}
	}
	if strings.Contains(raw, "+") || !strings.Contains(raw, "/oauth/authorize?response_type=code&client_id=") {
		t.Errorf("authorize URL %s", raw)
	}

	for _, query := range []string{"", "code=x", "code=x&state=", "code=x&state=wrong", "error=access_denied&state=" + v.query.Get("state")[1:]} {
		if res, page := v.comeBack(query); res.StatusCode != 400 || !strings.Contains(page, "State mismatch") {
			t.Errorf("%q: %d", query, res.StatusCode)
		}
	}
	query := v.consent()
	arrived, block := make(chan struct{}), make(chan struct{})
	issuer.change(func() {
		issuer.before = func(_ context.Context, kind string) {
			if kind == "code" {
				close(arrived)
				<-block
			}
		}
	})
	type page struct {
		res  *http.Response
		text string
	}
	pages := make(chan page)
	go func() {
		res, text := v.comeBack(query)
		pages <- page{res, text}
	}()
	<-arrived
	if res, text := v.comeBack(query); res.StatusCode != 400 || !strings.Contains(text, "already been used") {
		t.Errorf("replayed: %d %s", res.StatusCode, text)
	}
	close(block)
	p := <-pages
	if p.res.StatusCode != 200 || !strings.Contains(p.text, "Signed in") {
		t.Errorf("%d %s", p.res.StatusCode, p.text)
	}
	for header, want := range map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
		"Content-Type": "text/html; charset=utf-8",
	} {
		if got := p.res.Header.Get(header); got != want {
			t.Errorf("%s: %s", header, got)
		}
	}
	if csp := p.res.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'sha256-") {
		t.Errorf("policy %s", csp)
	}
	got := <-v.outcomes
	want := Account{Authenticated: true, AccountID: "acct-1", Email: "ada@example.com", PlanType: "plus", AuthMode: "chatgpt", ExpiresAt: got.account.ExpiresAt}
	if got.err != nil || got.account != want || time.Until(want.ExpiresAt) < 50*time.Minute {
		t.Errorf("%+v, %v", got.account, got.err)
	}
	token, err := s.Token(ctx)
	if err != nil || token.APIKey != "api-key-secret" || !strings.HasSuffix(token.Access, "access-secret-1") {
		t.Errorf("token: %v", err)
	}
	c, err := parseCredentials(document(readFile(t, path)))
	if err != nil || c.refresh != "refresh-secret-1" || c.mode != "chatgpt" {
		t.Errorf("file: %v", err)
	}
	if _, err := net.Dial("tcp", strings.TrimPrefix(strings.TrimSuffix(v.query.Get("redirect_uri"), "/auth/callback"), "http://")); err == nil {
		t.Error("the port is still open")
	}
}

func TestLoginFailures(t *testing.T) {
	hostile := url.QueryEscape("<script>alert(1)</script>\"'&\n\x1b[31mred")
	for _, c := range []struct {
		name, query string // without the state
		workspace   string
		answer      string // of the token endpoint, with status 400
		want        string
	}{
		{"denied", "error=access_denied", "", "", "Sign-in failed: access_denied"},
		{"hostile", "error=x&error_description=" + hostile, "", "", `Sign-in failed: <script>alert(1)</script>"'& [31mred`},
		{"entitlement", "error=access_denied&error_description=missing_codex_entitlement", "", "", "Codex is not enabled for your workspace. Contact your workspace administrator to request access to Codex."},
		{"no code", "", "", "", "Sign-in failed: missing_authorization_code"},
		{"workspace", "", "acct-9", "", "Login is restricted to workspace id(s) acct-9."},
		{"exchange", "", "", `{"error":{"message":"no code-secret"}}`, "Sign-in failed: token endpoint returned status 400: no [redacted]."},
		{"exchange, no JSON", "", "", "<b>", "Sign-in failed: token endpoint returned status 400: <b>."},
	} {
		issuer := newFakeIssuer(t, "")
		s, path := openFile(t, issuer, "")
		v := startLogin(t, context.Background(), s, issuer, LoginOptions{WorkspaceID: c.workspace})
		query := c.query + "&state=" + v.query.Get("state")
		if c.query == "" && c.name != "no code" {
			query = v.consent()
		}
		if c.answer != "" {
			issuer.change(func() {
				issuer.override = func(_ string, w http.ResponseWriter) bool {
					w.WriteHeader(400)
					io.WriteString(w, c.answer)
					return true
				}
			})
		}
		res, page := v.comeBack(query)
		got := <-v.outcomes
		if !errors.Is(got.err, ErrLoginFailed) || got.err.Error() != c.want {
			t.Errorf("%s: %v", c.name, got.err)
		}
		noSecret(t, got.err)
		if res.StatusCode != 400 || strings.Contains(page, "<script") || strings.Contains(page, "<b>") || strings.Contains(page, "\x1b") {
			t.Errorf("%s: %d\n%s", c.name, res.StatusCode, page)
		}
		if c.name == "hostile" && !strings.Contains(page, "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp; [31mred") {
			t.Errorf("page:\n%s", page)
		}
		if _, err := s.Token(context.Background()); !errors.Is(err, ErrNotAuthenticated) {
			t.Errorf("%s: %s: %v", c.name, path, err)
		}
	}
}

func TestLoginIncompleteAnswers(t *testing.T) {
	id := idToken("acct-1", "x")
	for _, c := range []struct{ answer, want string }{
		{`{}`, "did not return all"},
		{fmt.Sprintf(`{"id_token":%q,"access_token":"a"}`, id), "did not return all"},
		{`{"id_token":"a.b.c","access_token":"a","refresh_token":"r"}`, "not a JSON Web Token"},
	} {
		issuer := newFakeIssuer(t, "")
		s, _ := openFile(t, issuer, "")
		v := startLogin(t, context.Background(), s, issuer, LoginOptions{})
		issuer.change(func() {
			issuer.override = func(_ string, w http.ResponseWriter) bool {
				io.WriteString(w, c.answer)
				return true
			}
		})
		v.comeBack(v.consent())
		if got := <-v.outcomes; !errors.Is(got.err, ErrLoginFailed) || !strings.Contains(got.err.Error(), c.want) {
			t.Errorf("%s: %v", c.answer, got.err)
		}
	}
}

// Some accounts have no id. They can sign in, unless a workspace is required.
func TestLoginWithoutAccountID(t *testing.T) {
	for _, workspace := range []string{"", "acct-1"} {
		issuer := newFakeIssuer(t, "")
		issuer.account = ""
		s, path := openFile(t, issuer, "")
		v := startLogin(t, context.Background(), s, issuer, LoginOptions{WorkspaceID: workspace})
		v.comeBack(v.consent())
		got := <-v.outcomes
		if workspace != "" {
			if !errors.Is(got.err, ErrLoginFailed) {
				t.Errorf("%v", got.err)
			}
			continue
		}
		if got.err != nil || !got.account.Authenticated || !strings.Contains(readFile(t, path), `"account_id": null`) {
			t.Errorf("%+v, %v", got.account, got.err)
		}
	}
}

func TestLoginWithoutAPIKey(t *testing.T) {
	issuer := newFakeIssuer(t, "")
	issuer.override = func(kind string, w http.ResponseWriter) bool {
		if kind == "key" {
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, `{"error":"no organization for %s"}`, idToken("acct-1", "id-secret-1"))
		}
		return kind == "key"
	}
	s, path := openFile(t, issuer, "")
	v := startLogin(t, context.Background(), s, issuer, LoginOptions{RequestAPIKey: true})
	v.comeBack(v.consent())
	if got := <-v.outcomes; got.err != nil || issuer.count("key") != 1 {
		t.Errorf("%v", got.err)
	}
	if !strings.Contains(readFile(t, path), `"OPENAI_API_KEY": null`) {
		t.Error(readFile(t, path))
	}
}

func TestLoginInAReadOnlyHome(t *testing.T) {
	issuer := newFakeIssuer(t, "")
	s, _ := openFile(t, issuer, "")
	var fault error = syscall.EROFS
	readOnly(s, &fault)
	v := startLogin(t, context.Background(), s, issuer, LoginOptions{RequestAPIKey: true})
	if res, page := v.comeBack(v.consent()); res.StatusCode != 200 || !strings.Contains(page, "this session only") {
		t.Errorf("%d %s", res.StatusCode, page)
	}
	got := <-v.outcomes
	if !errors.Is(got.err, ErrNotSaved) || !got.account.Authenticated {
		t.Errorf("%+v, %v", got.account, got.err)
	}
	if token, err := s.Token(context.Background()); err != nil || token.APIKey != "api-key-secret" {
		t.Errorf("the session does not go on: %v", err)
	}
	if _, err := s.Logout(context.Background()); err == nil {
		t.Error("a removal that failed was not reported")
	}
	if _, err := s.Token(context.Background()); !errors.Is(err, ErrNotAuthenticated) {
		t.Errorf("signed out, and yet: %v", err)
	}
}

func TestLoginEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	for _, c := range []struct {
		name string
		o    LoginOptions
		end  func(*visitor)
		want error
		text string
	}{
		{"time limit", LoginOptions{Timeout: 50 * time.Millisecond}, func(*visitor) {}, ErrLoginFailed, "not completed within 50ms"},
		{"cancel page", LoginOptions{}, func(v *visitor) {
			v.query.Set("redirect_uri", strings.Replace(v.query.Get("redirect_uri"), "/auth/callback", "/cancel", 1))
			if res, page := v.comeBack(""); res.StatusCode != 200 || !strings.Contains(page, "Login cancelled") {
				t.Errorf("%d %s", res.StatusCode, page)
			}
		}, ErrLoginFailed, "Login cancelled."},
		{"context", LoginOptions{}, func(*visitor) { cancel() }, context.Canceled, ""},
	} {
		issuer := newFakeIssuer(t, "")
		s, _ := openFile(t, issuer, "")
		v := startLogin(t, ctx, s, issuer, c.o)
		c.end(v)
		if got := <-v.outcomes; !errors.Is(got.err, c.want) || !strings.Contains(got.err.Error(), c.text) {
			t.Errorf("%s: %v", c.name, got.err)
		}
	}
}

func TestCallbackServerPages(t *testing.T) {
	issuer := newFakeIssuer(t, "")
	s, _ := openFile(t, issuer, "")
	ctx, cancel := context.WithCancel(context.Background())
	v := startLogin(t, ctx, s, issuer, LoginOptions{})
	base := strings.NewReplacer("localhost", "127.0.0.1", "/auth/callback", "").Replace(v.query.Get("redirect_uri"))
	for _, c := range []struct {
		method, path string
		want         int
	}{{"GET", "/", 404}, {"GET", "/auth/callback/x", 404}, {"POST", "/auth/callback", 405}, {"POST", "/cancel", 405}} {
		req, err := http.NewRequest(c.method, base+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != c.want {
			t.Errorf("%s %s: %d", c.method, c.path, res.StatusCode)
		}
	}
	cancel()
	<-v.outcomes
}

// held listens on a port of 127.0.0.1 without answering, like a program that is not a login.
func held(t *testing.T) (port int, release func()) {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.Close()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port, func() { l.Close() }
}

func TestPorts(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	first, _ := held(t)
	second, release := held(t)
	release()
	issuer := newFakeIssuer(t, "")
	older, _ := openFile(t, issuer, "")
	newer, _ := openFile(t, issuer, "")
	want := fmt.Sprintf("http://localhost:%d/auth/callback", second)

	abandoned := startLogin(t, ctx, older, issuer, LoginOptions{Ports: []int{first, second}})
	if got := abandoned.query.Get("redirect_uri"); got != want {
		t.Errorf("beside a port in use: %s, want %s", got, want)
	}
	v := startLogin(t, ctx, newer, issuer, LoginOptions{Ports: []int{second}})
	if got := v.query.Get("redirect_uri"); got != want {
		t.Errorf("in place of an abandoned login: %s", got)
	}
	if got := <-abandoned.outcomes; !errors.Is(got.err, ErrLoginFailed) {
		t.Errorf("the abandoned login: %v", got.err)
	}
	if res, _ := v.comeBack(v.consent()); res.StatusCode != 200 {
		t.Errorf("status %d", res.StatusCode)
	}
	if got := <-v.outcomes; got.err != nil {
		t.Error(got.err)
	}
	_, err := newer.Login(ctx, LoginOptions{Ports: []int{first}}, nil)
	if want := fmt.Sprintf("Port 127.0.0.1:%d is already in use.", first); !errors.Is(err, ErrLoginFailed) || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("no port: %v", err)
	}
}

func TestDefaultPorts(t *testing.T) {
	issuer := newFakeIssuer(t, "")
	s, _ := openFile(t, issuer, "")
	if l, err := net.Listen("tcp4", "127.0.0.1:1455"); err == nil { // otherwise another program uses it, which has the same effect
		defer l.Close()
		go http.Serve(l, http.NotFoundHandler())
	}
	ctx, cancel := context.WithCancel(context.Background())
	address := make(chan string, 1)
	done := make(chan error)
	go func() {
		_, err := s.Login(ctx, LoginOptions{}, func(e Event) { address <- e.(AuthURL).URL })
		done <- err
	}()
	select {
	case got := <-address:
		if !strings.Contains(got, "redirect_uri=http%3A%2F%2Flocalhost%3A1457%2Fauth%2Fcallback") {
			t.Error(got)
		}
		cancel()
		<-done
	case err := <-done:
		t.Error(err)
	}
	cancel()
}

// TestLoginWhileRefreshFails checks that a sign-in does not replace credentials that may be good: their refresh failed
// transiently. With force it does.
func TestLoginWhileRefreshFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, path, issuer := openExpired(t)
		unlock, err := (&file{path: path}).lockRefresh(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer unlock()
		shown := 0
		report := func(Event) { shown++ }
		if _, err := s.Login(t.Context(), LoginOptions{DeviceCode: true, UnlessSignedIn: true}, report); !errors.Is(err, ErrUnavailable) || shown != 0 {
			t.Errorf("%d sign-ins were started: %v", shown, err)
		}
		if _, err := s.Login(t.Context(), LoginOptions{DeviceCode: true}, report); err != nil || shown != 1 {
			t.Errorf("with force: %d sign-ins were started: %v", shown, err)
		}
		if refreshed := issuer.count("refresh"); refreshed != 0 {
			t.Errorf("%d refreshes without the lock", refreshed)
		}
	})
}
