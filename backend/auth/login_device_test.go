package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestDeviceLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := newFakeIssuer(t, "")
		issuer.pending = 3
		issuer.before = func(_ context.Context, kind string) {
			if kind == "code" && !strings.Contains(issuer.body(len(issuer.bodies)-1), "redirect_uri=https%3A%2F%2Fauth.openai.com%2Fdeviceauth%2Fcallback") {
				t.Error("redirect_uri is not the issuer's")
			}
		}
		s := openMemory(t, issuer, "")
		start := time.Now()
		var events []Event
		account, err := s.Login(t.Context(), LoginOptions{DeviceCode: true, RequestAPIKey: true}, func(e Event) { events = append(events, e) })
		if err != nil || account.AccountID != "acct-1" || !account.Authenticated {
			t.Errorf("%+v, %v", account, err)
		}
		want := DeviceCode{"ABCD-1234", DefaultIssuer + "/codex/device", start.Add(15 * time.Minute)}
		if len(events) != 1 || events[0] != want {
			t.Errorf("events %+v", events)
		}
		if took := time.Since(start); took != 15*time.Second {
			t.Errorf("4 polls, 5 seconds apart, took %v", took)
		}
		if issuer.body(0) != `{"client_id":"`+clientID+`"}` || issuer.body(1) != `{"device_auth_id":"device-1","user_code":"ABCD-1234"}` {
			t.Errorf("bodies %s, %s", issuer.body(0), issuer.body(1))
		}
		if issuer.count("key") != 0 {
			t.Error("requested an API key")
		}
		if _, err := s.Token(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestDeviceLoginFailures(t *testing.T) {
	for _, c := range []struct {
		name, kind string
		status     int
		body       string
		want       string
	}{
		{"not enabled", "usercode", 404, "", "not enabled"},
		{"refused", "usercode", 403, `{"error":{"message":"no"}}`, "status 403: no."},
		{"no code", "usercode", 200, `{"device_auth_id":"x"}`, "has no code"},
		{"poll fails", "device", 418, "device-1\nABCD-1234", "status 418: [redacted] [redacted]."},
		{"denied", "device", 400, `{"error":"access_denied"}`, "was denied"},
		{"denied, with the status of a pending one", "device", 403, `{"error":"access_denied"}`, "was denied"},
		{"too late", "device", 400, `{"error":"expired_token"}`, "has expired"},
		{"too late, with the status of a pending one", "device", 404, `{"error":{"code":"expired_token"}}`, "has expired"},
		{"down for good", "device", 503, "", "not completed within 15m0s"},
		{"no grant", "device", 200, `{}`, "no authorization code"},
		{"exchange fails", "code", 400, `{"error_description":"verifier-of-the-issuer"}`, "status 400: [redacted]."},
		{"never entered", "device", 403, "", "not completed within 15m0s"},
	} {
		synctest.Test(t, func(t *testing.T) {
			issuer := newFakeIssuer(t, "")
			issuer.override = func(kind string, w http.ResponseWriter) bool {
				if kind == c.kind {
					w.WriteHeader(c.status)
					io.WriteString(w, c.body)
				}
				return kind == c.kind
			}
			s := openMemory(t, issuer, "")
			_, err := s.Login(t.Context(), LoginOptions{DeviceCode: true}, nil)
			if !errors.Is(err, ErrLoginFailed) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
			noSecret(t, err)
		})
	}
}

// TestDeviceLoginContinues tests the answers after which polling continues, and the delays. The interval is 5 s.
func TestDeviceLoginContinues(t *testing.T) {
	for _, c := range []devicePoll{
		{"pending", 403, "", "", 15 * time.Second},
		{"pending, in other words", 400, "", `{"error":"authorization_pending"}`, 15 * time.Second},
		{"pending, with an object", 400, "", `{"error":{"code":"authorization_pending"}}`, 15 * time.Second},
		{"slow down", 400, "", `{"error":"slow_down"}`, (10 + 15 + 20) * time.Second},
		{"slow down, 429", 429, "", `{"error":{"code":"slow_down"}}`, (10 + 15 + 20) * time.Second},
		{"too many requests", 429, "", "", 15 * time.Second},
		{"too many requests, for so long", 429, "30", "", 90 * time.Second},
		{"too many requests, for a moment", 429, "1", "", 15 * time.Second},
		{"a failure", 500, "", `{"error":"server_error"}`, 15 * time.Second},
		{"a gateway's page", 502, "", "<html>", 15 * time.Second},
		{"unavailable", 503, "7", "", 21 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.poll(t)
			signInRow(t, "three device polls answered: "+c.name, fmt.Sprintf("signed in by the fourth, after %v", c.took))
		})
	}
}

type devicePoll struct {
	name   string
	status int
	header string // Retry-After
	body   string
	took   time.Duration // for three such answers and the final one
}

func (c devicePoll) poll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := newFakeIssuer(t, "")
		issuer.override = func(kind string, w http.ResponseWriter) bool {
			if kind != "device" || issuer.count("device") > 3 {
				return false
			}
			if c.header != "" {
				w.Header().Set("Retry-After", c.header)
			}
			w.WriteHeader(c.status)
			io.WriteString(w, c.body)
			return true
		}
		s := openMemory(t, issuer, "")
		start := time.Now()
		_, err := s.Login(t.Context(), LoginOptions{DeviceCode: true}, nil)
		if took := time.Since(start); err != nil || took != c.took || issuer.count("device") != 4 {
			t.Errorf("%v after %v and %d polls", err, took, issuer.count("device"))
		}
	})
}

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for text, want := range map[string]time.Duration{
			"": 0, "7": 7 * time.Second, "0.5": 500 * time.Millisecond, "-1": 0, "soon": 0, "1e99": 0, "NaN": 0,
			time.Now().Add(time.Minute).UTC().Format(http.TimeFormat): time.Minute,
			time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat):  0,
			time.Now().Add(time.Hour).UTC().Format(http.TimeFormat):   loginLimit,
		} {
			if got := retryAfter(http.Header{"Retry-After": {text}}); got != want {
				t.Errorf("%q: %v, want %v", text, got, want)
			}
		}
	})
}

func TestDeviceLoginWhileUnreachable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := newFakeIssuer(t, "")
		issuer.before = func(ctx context.Context, kind string) {
			if kind == "device" && issuer.count("device") == 1 {
				<-ctx.Done()
			}
		}
		s := openMemory(t, issuer, "")
		if _, err := s.Login(t.Context(), LoginOptions{DeviceCode: true}, nil); err != nil {
			t.Error(err)
		}
	})
}

func TestDeviceLoginCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		issuer := newFakeIssuer(t, "")
		issuer.pending = 1000
		s := openMemory(t, issuer, "")
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		_, err := s.Login(ctx, LoginOptions{DeviceCode: true}, func(Event) { time.AfterFunc(7*time.Second, cancel) })
		if !errors.Is(err, context.Canceled) || time.Since(start) != 7*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}

func TestInterval(t *testing.T) {
	for _, c := range []struct {
		value string
		want  time.Duration
	}{
		{`7`, 7 * time.Second}, {`"7"`, 7 * time.Second}, {`1.5`, 1500 * time.Millisecond}, {`" 7 "`, 7 * time.Second},
		{`0`, pollInterval}, {`"0"`, pollInterval}, {`-3`, pollInterval}, {`null`, pollInterval}, {``, pollInterval},
		{`"soon"`, pollInterval}, {`1e99`, pollInterval}, {`{}`, pollInterval},
	} {
		if got := interval(json.RawMessage(c.value)); got != c.want {
			t.Errorf("%s: %v", c.value, got)
		}
	}
}

func TestLoginsOfOneStoreWait(t *testing.T) {
	for _, c := range []struct {
		name      string
		workspace string // required by the second login
		cancel    bool   // the first one
		asked     int    // sign-ins reported to the user
	}{
		{"the first succeeds", "", false, 1},
		{"the first succeeds, in the right workspace", "acct-1", false, 1},
		{"the first succeeds, in another workspace", "acct-2", false, 2},
		{"the first is cancelled", "", true, 2},
	} {
		synctest.Test(t, func(t *testing.T) {
			issuer := newFakeIssuer(t, "")
			issuer.pending = 3
			issuer.before = func(_ context.Context, kind string) {
				if kind == "usercode" && issuer.count(kind) == 2 && c.workspace != "" {
					issuer.change(func() { issuer.account = c.workspace }) // the user selects another workspace
				}
			}
			s := openMemory(t, issuer, "")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			events := make(chan Event, 2)
			report := func(e Event) { events <- e }
			done := make(chan error, 1)
			go func() {
				_, err := s.Login(ctx, LoginOptions{DeviceCode: true}, report)
				done <- err
			}()
			synctest.Wait() // the first login waits for the user
			ended, end := context.WithCancel(t.Context())
			end()
			if _, err := s.Login(ended, LoginOptions{}, nil); !errors.Is(err, context.Canceled) {
				t.Errorf("%s: waiting with an ended context: %v", c.name, err)
			}
			if c.cancel {
				time.AfterFunc(time.Second, cancel)
			}
			account, err := s.Login(t.Context(), LoginOptions{DeviceCode: true, WorkspaceID: c.workspace}, report)
			if err != nil || !account.Authenticated || c.workspace != "" && account.AccountID != c.workspace {
				t.Errorf("%s: %+v, %v", c.name, account, err)
			}
			if err := <-done; (err != nil) != c.cancel {
				t.Errorf("%s: the first: %v", c.name, err)
			}
			if len(events) != c.asked {
				t.Errorf("%s: %d sign-ins were reported", c.name, len(events))
			}
		})
	}
}
