package main

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

func TestCheckLimits(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	for _, test := range []struct{ name, usage, status, found, action string }{
		{"some", `{"rate_limit":{"primary_window":{"used_percent":12.5,"limit_window_seconds":18000},"secondary_window":{"used_percent":6,"limit_window_seconds":604800}}}`,
			passed, "used 12.5 % of 5 hours, 6 % of 7 days", ""},
		{"none reported", `{"rate_limit":null}`, passed, "none reported", ""},
		{"reached", `{"rate_limit":{"limit_reached":true,"primary_window":{"used_percent":100,"limit_window_seconds":18000,"reset_at":1800003600}}}`,
			failing, "a limit is reached: used 100 % of 5 hours", "Wait until 2027-01-15 09:00 UTC."},
		{"reached, without a time", `{"rate_limit":{"limit_reached":true}}`, failing, "a limit is reached: none reported", "codex.usage"},
		{"no usage", `{"rate_limit":7}`, warning, "is malformed", "codex.usage"},
	} {
		usage, err := rawjson.Parse([]byte(test.usage))
		if err != nil {
			t.Fatal(err)
		}
		got := checkLimits(usage, now)
		if got.Status != test.status || !strings.Contains(got.Found, test.found) || !strings.Contains(got.Action, test.action) {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
}

func TestCheckModels(t *testing.T) {
	for _, test := range []struct{ name, list, model, status string }{
		{"the default", `{"data":[{"id":"gpt-5.5"}]}`, "", passed},
		{"another default", `{"data":[{"id":"new"}]}`, "", warning},
		{"one that is named", `{"data":[{"id":"new"}]}`, "new", passed},
		{"one that is not listed", `{"data":[{"id":"new"}]}`, "old", warning},
		{"none", `{"data":[]}`, "", failing},
	} {
		list, err := rawjson.Parse([]byte(test.list))
		if err != nil {
			t.Fatal(err)
		}
		got := checkModels(list, "1.2.3", test.model)
		if got.Status != test.status || !strings.Contains(got.Found, "for client version 1.2.3") || (got.Action == "") != (test.status == passed) {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
}

func TestCheckKeyring(t *testing.T) {
	for _, test := range []struct {
		name, config string
		signedIn     bool
		status       string
	}{
		{"no file", "", false, passed},
		{"a file", `cli_auth_credentials_store = "file"`, false, passed},
		{"the keyring", "model = \"x\"\n cli_auth_credentials_store='keyring' # mine", false, warning},
		{"the keyring or a file", `cli_auth_credentials_store = "auto"`, false, warning},
		{"signed in all the same", `cli_auth_credentials_store = "keyring"`, true, passed},
		{"a comment", `# cli_auth_credentials_store = "keyring"`, false, passed},
	} {
		home := t.TempDir()
		if test.config != "" {
			if err := os.WriteFile(filepath.Join(home, "config.toml"), []byte(test.config), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if got := checkKeyring(home, test.signedIn); got.Status != test.status || (got.Action == "") != (test.status == passed) {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
}

func TestRefusedAccount(t *testing.T) {
	for _, test := range []struct {
		err    error
		status string
		found  string
	}{
		{(rpc.Kind{Code: 401, Type: "api_error"}).Errorf("no"), failing, "refuses the sign-in (401): no"},
		{(rpc.Kind{Code: 403, Type: "api_error"}).Errorf("no"), failing, "or this network (403): no"},
		{(rpc.Kind{Code: 429, Type: "api_error"}).Errorf("no"), warning, "unknown: no"},
		{errors.New("no"), warning, "unknown: no"},
	} {
		if got := refusedAccount(test.err); got.Status != test.status || !strings.Contains(got.Found, test.found) || got.Action == "" {
			t.Errorf("%v: %+v", test.err, got)
		}
	}
}

// TestDoctorRefreshesNothing checks that doctor does not refresh tokens, which
// would use up the refresh token.
func TestDoctorRefreshesNothing(t *testing.T) {
	asked := make(chan string, 100)
	url := serveBackend(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- r.Method + " " + r.URL.Path
		w.WriteHeader(http.StatusUnauthorized)
	}))
	dir := t.TempDir()
	const signedIn = `{"tokens":{"id_token":"e30.e30.e30","access_token":"access-token","refresh_token":"refresh-token","account_id":"acct-1"}}`
	if err := os.WriteFile(filepath.Join(dir, "auth.json"), []byte(signedIn), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(built(t, "."), append([]string{"doctor"}, using(url)...)...)
	cmd.Env = append(os.Environ(), "CODEX_HOME="+dir)
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "fail  account       the backend refuses the sign-in (401)") {
		t.Errorf("%v: doctor printed %s", err, out)
	}
	close(asked)
	for request := range asked {
		if strings.HasPrefix(request, "POST") {
			t.Errorf("requested %s", request)
		}
	}
}
