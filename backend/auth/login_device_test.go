package auth

import (
	"context"
	"encoding/json"
	"errors"
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
			t.Errorf("4 questions, 5 seconds apart, took %v", took)
		}
		if issuer.body(0) != `{"client_id":"`+clientID+`"}` || issuer.body(1) != `{"device_auth_id":"device-1","user_code":"ABCD-1234"}` {
			t.Errorf("bodies %s, %s", issuer.body(0), issuer.body(1))
		}
		if issuer.count("key") != 0 {
			t.Error("asked for an API key")
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
		{"no code", "usercode", 200, `{"device_auth_id":"x"}`, "holds no code"},
		{"poll fails", "device", 500, "device-1\nABCD-1234", "status 500: [redacted] [redacted]."},
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

func TestDeviceLoginGoesOnWhileUnreachable(t *testing.T) {
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
		workspace string // that the second one insists on
		cancel    bool   // the first one
		asked     int    // sign-ins that the user saw
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
					issuer.change(func() { issuer.account = c.workspace }) // the user chooses another one
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
			synctest.Wait() // the first is waiting for the user
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
				t.Errorf("%s: the user was asked %d times", c.name, len(events))
			}
		})
	}
}
