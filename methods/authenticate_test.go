package methods

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
	"github.com/codex-rpc/codex-rpc/backend/simulator"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// expiredJSON is an auth.json with an expired access token.
var expiredJSON = fmt.Sprintf(`{"tokens": {"access_token": "e30.%s.e30", "refresh_token": "refresh-1", "account_id": "acct_mock"}}`,
	base64.RawURLEncoding.EncodeToString([]byte(`{"exp":1000}`)))

// A headlessStore opens no browser and uses any port, so that tests of other
// packages can sign in concurrently.
type headlessStore struct{ *auth.Store }

func (s headlessStore) Login(ctx context.Context, o auth.LoginOptions, report func(auth.Event)) (auth.Account, error) {
	o.OpenBrowser, o.Ports = false, []int{0}
	return s.Store.Login(ctx, o, report)
}

// issued returns a caller on a simulator that is also the issuer.
func issued(t *testing.T, directives, authJSON string) (*caller, *simulator.Server) {
	t.Helper()
	s := simulated(t, directives).(*simulator.Server)
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	base := server.URL + "/backend-api"
	return harnessWith(t, headlessStore{memoryStore(t, base, authJSON)}, backend.Config{ChatGPTBaseURL: base}), s
}

// visit opens a page like a browser.
func visit(t *testing.T, address string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}

// page returns the URL in a message with an auth.url event.
func (c *caller) page(message rawjson.Value) string {
	c.t.Helper()
	event := message.Get("params").Get("event")
	if kind, _ := event.Get("type").Text(); kind != "auth.url" {
		c.t.Fatalf("no auth.url, but %s", message.Bytes())
	}
	expires, err := strconv.ParseInt(string(event.Get("expires_at").Bytes()), 10, 64)
	if left := time.Until(time.Unix(expires, 0)); err != nil || left <= 0 || left > 15*time.Minute {
		c.t.Errorf("it expires at %s", event.Get("expires_at").Bytes())
	}
	address, _ := event.Get("url").Text()
	return address
}

func TestAuthenticate(t *testing.T) {
	const mock = `{"authenticated": true, "account_id": "acct_mock", "email": "mock@example.test", "plan_type": "plus", "auth_mode": "chatgpt"}`
	tests := []struct {
		name, directives, authJSON, params string
		visits                             string // "page", "" for none, or the query of the redirect
		result                             string
		code                               int
		message                            string
	}{
		{"usable credentials", "", signedInJSON, `{}`, "", `{"authenticated": true, "account_id": "account"}`, 0, ""},
		{"usable credentials of the workspace", "", signedInJSON, `{"workspace_id": "account", "interactive": false}`, "", `{"authenticated": true}`, 0, ""},
		{"usable credentials of another workspace", "", signedInJSON, `{"workspace_id": "other", "interactive": false}`, "", "", 401, "login --workspace other"},
		{"expired", "", expiredJSON, `{"interactive": false}`, "", mock, 0, ""},
		{"expired, the issuer is down", "path=/oauth/token,status=503", expiredJSON, `{}`, "", "", CodeConnectionError, "Try again later."},
		{"an expired refresh token", "path=/oauth/token,code=refresh_token_expired", expiredJSON, `{"interactive": false}`, "", "", 401, "codex-rpc login"},
		{"an expired refresh token, and a sign-in", "path=/oauth/token,code=refresh_token_expired,times=1;login=approve", expiredJSON, `{}`, "page", mock, 0, ""},
		{"signed out, not interactive", "", "", `{"interactive": false}`, "", "", 401, "codex-rpc login"},
		{"signed out", "login=approve", "", `{"request_api_key": false, "stream": false}`, "page", mock, 0, ""},
		{"forced", "login=approve", signedInJSON, `{"force": true, "stream": true}`, "page", mock, 0, ""},
		{"another workspace", "login=approve", signedInJSON, `{"workspace_id": "other"}`, "page", `{"account_id": "other"}`, 0, ""},
		{"refused", "login=deny", "", `{"method": "browser"}`, "page", "", 401, "Sign-in failed: The user denied the request."},
		{"refused with control characters", "", "", `{}`, "error=x&error_description=" + url.QueryEscape("a\n\x1b[2Jb\u202e<script>"), "", 401, "Sign-in failed: a [2Jb <script>"},
		{"the code is rejected", "path=/oauth/token,status=400,message=no%0Agood", "", `{}`, "code=x", "", 401, "no good"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c, _ := issued(t, test.directives, test.authJSON)
			c.begin("authenticate", test.params)
			message := c.receive()
			switch test.visits {
			case "":
			case "page":
				visit(t, c.page(message))
				message = c.receive()
			default:
				at, err := url.Parse(c.page(message))
				if err != nil {
					t.Fatal(err)
				}
				visit(t, at.Query().Get("redirect_uri")+"?state="+at.Query().Get("state")+"&"+test.visits)
				message = c.receive()
			}
			if test.code == 0 {
				holds(t, "result", message.Get("result"), test.result)
				return
			}
			var failed failure
			if err := message.Get("error").Decode(&failed); err != nil {
				t.Fatalf("%s: %v", message.Bytes(), err)
			}
			kind := map[int]string{401: "not_authenticated", CodeConnectionError: "connection_error"}[test.code]
			if failed.Code != test.code || failed.kind() != kind || !strings.Contains(failed.Message, test.message) {
				t.Errorf("%+v", failed)
			}
			if retryable := failed.Data["retryable"]; retryable != (test.code == CodeConnectionError) {
				t.Errorf("retryable is %v", retryable)
			}
		})
	}
}

// TestDeviceCode signs in with a device code, on a fake clock.
func TestDeviceCode(t *testing.T) {
	tests := []struct {
		name, directives, params string
		after                    time.Duration // of the response
		failure                  string
	}{
		{"approved at the third poll", "device_polls=2", `{"method": "device_code"}`, 2 * time.Second, ""},
		{"never approved", "", `{"method": "device_code", "timeout": 2.5}`, 2500 * time.Millisecond, "Login was not completed within 2.5s."},
		{"the maximum timeout", "", `{"method": "device_code", "timeout": 1e9}`, 15 * time.Minute, "Login was not completed within 15m0s."},
		{"not enabled", "path=/usercode,status=404", `{"method": "device_code"}`, 0, "Device code login is not enabled"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				served := simulated(t, test.directives)
				store, err := auth.OpenMemory(nil, auth.Options{Issuer: "http://127.0.0.1", HTTPClient: &http.Client{
					Transport: transport(func(r *http.Request) (*http.Response, error) {
						recorder := httptest.NewRecorder()
						served.ServeHTTP(recorder, r)
						return recorder.Result(), nil
					}),
				}})
				if err != nil {
					t.Fatal(err)
				}
				c := harnessWith(t, store, backend.Config{})
				start := time.Now()
				events, result, failed := c.call("authenticate", test.params)
				if took := time.Since(start); took != test.after {
					t.Errorf("it took %v", took)
				}
				if test.after > 0 {
					wait := test.after
					if test.failure == "" {
						wait = 15 * time.Minute
					}
					sameJSON(t, "event", string(events[0].Bytes()), fmt.Sprintf(`{"type": "auth.device_code", "user_code": "MOCK-00001",
						"verification_url": "http://127.0.0.1/codex/device", "expires_at": %d}`, start.Add(wait).Unix()))
				}
				if test.failure == "" {
					holds(t, "result", result, `{"authenticated": true, "account_id": "acct_mock"}`)
				} else if failed == nil || failed.kind() != "not_authenticated" || !strings.Contains(failed.Message, test.failure) {
					t.Errorf("%s %+v", result.Bytes(), failed)
				}
			})
		})
	}
}

// TestCancelLogin checks that a cancelled sign-in frees its port and does not
// affect the next one.
func TestCancelLogin(t *testing.T) {
	c, _ := issued(t, "login=approve", "")
	id := c.begin("authenticate", `{}`)
	abandoned := c.page(c.receive())
	c.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":%d}}`, id))
	if code := string(c.receive().Get("error").Get("code").Bytes()); code != strconv.Itoa(rpc.CodeCancelled) {
		t.Errorf("the code is %s", code)
	}
	if resp, err := http.Get(abandoned); err == nil {
		resp.Body.Close()
		t.Errorf("the redirect server is still running: %s", resp.Status)
	}
	c.begin("authenticate", `{}`)
	visit(t, c.page(c.receive()))
	holds(t, "result", c.receive().Get("result"), `{"authenticated": true}`)
}

// A meetingStore begins a login once all calls have looked for credentials. If
// turns is set, a login begins after the one before it has ended.
type meetingStore struct {
	headlessStore
	others *sync.WaitGroup
	turns  *sync.Mutex
}

func (s meetingStore) Login(ctx context.Context, o auth.LoginOptions, report func(auth.Event)) (auth.Account, error) {
	s.others.Done()
	s.others.Wait()
	if s.turns != nil {
		s.turns.Lock()
		defer s.turns.Unlock()
	}
	return s.headlessStore.Login(ctx, o, report)
}

// TestLoginsAtOnce checks that concurrent calls share a sign-in, whether the
// logins overlap or the second one begins after the first.
func TestLoginsAtOnce(t *testing.T) {
	for _, test := range []struct {
		name, params, request string
		turns                 *sync.Mutex
	}{
		{"browser, overlapping", `{"timeout": 30}`, "GET /oauth/authorize", nil},
		{"browser, in turn", `{"timeout": 30}`, "GET /oauth/authorize", new(sync.Mutex)},
		{"device code, in turn", `{"timeout": 30, "method": "device_code"}`, "POST /api/accounts/deviceauth/usercode", new(sync.Mutex)},
	} {
		t.Run(test.name, func(t *testing.T) {
			issuer := simulated(t, "login=approve;device_polls=0").(*simulator.Server)
			server := httptest.NewServer(issuer)
			t.Cleanup(server.Close)
			base := server.URL + "/backend-api"
			var both sync.WaitGroup
			both.Add(2)
			c := harnessWith(t, meetingStore{headlessStore{memoryStore(t, base, "")}, &both, test.turns}, backend.Config{ChatGPTBaseURL: base})
			c.begin("authenticate", test.params)
			c.begin("authenticate", test.params)
			if event := c.receive(); test.request == "GET /oauth/authorize" {
				visit(t, c.page(event))
			}
			for range 2 {
				holds(t, "result", c.receive().Get("result"), `{"authenticated": true, "account_id": "acct_mock"}`)
			}
			if n := issuer.Stats().Requests[test.request]; n != 1 {
				t.Errorf("%d sign-ins", n)
			}
		})
	}
}

// TestLoginNotSaved checks that a sign-in succeeds if the credentials cannot be
// saved.
func TestLoginNotSaved(t *testing.T) {
	var log strings.Builder
	service := New(nil, unsavedStore{}, Defaults{}, slog.New(slog.NewTextHandler(&log, nil)))
	account, err := service.authenticate(t.Context(), &AuthenticateParams{Force: true}, nil)
	if err != nil || !account.Authenticated {
		t.Errorf("%+v, %v", account, err)
	}
	if !strings.Contains(log.String(), "level=WARN") || !strings.Contains(log.String(), "disk full") {
		t.Errorf("the log is %q", &log)
	}
}

type unsavedStore struct{ Store }

func (unsavedStore) Login(context.Context, auth.LoginOptions, func(auth.Event)) (auth.Account, error) {
	return auth.Account{Authenticated: true}, fmt.Errorf("%w: disk full", auth.ErrNotSaved)
}
