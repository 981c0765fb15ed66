package conformance

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

// streamed is a call with two events that the fake can play by hand. Its text
// is not ASCII.
const streamed = `{"cases": [{"id": "streamed", "call": {"method": "codex.usage", "params": {"stream": true}},
	"backend": [{"status": 200, "json": {"plan": "caf\u00e9"}}],
	"expect": {
		"requests": [{"method": "GET", "path": "/backend-api/wham/usage", "query": {"a": "1"}, "headers": {"originator": "fake"}}],
		"events": [{"n": 0}, {"n": 1}], "result": {"plan": "caf\u00e9", "gone": null}}}]}`

const refused = `{"cases": [{"id": "refused", "call": {"method": "codex.usage", "params": {"refuse": true}},
	"expect": {"error": {"code": 401, "sentence": "Not authenticated", "data": {"type": "not_authenticated"}}}}]}`

// twice is two calls by one client, the first of which is refused without a
// request.
const twice = `{"cases": [{"id": "twice", "steps": [
	{"call": {"method": "codex.usage", "params": {"again": 1}}, "expect": {"error": {"code": 401}}},
	{"call": {"method": "codex.usage", "params": {"again": 2}}, "backend": [{"status": 200, "json": {}}],
		"expect": {
			"requests": [{"method": "GET", "path": "/backend-api/wham/usage", "query": {"a": "1"}, "headers": {"originator": "fake"}}],
			"result": {"plan": "plus"}}}]}]}`

// departing is a call of which only the request is checked.
const departing = `{"cases": [{"id": "departing", "call": {"method": "codex.usage", "params": {"stream": true}},
	"backend": [{"status": 200, "json": {}}],
	"expect": {"requests": [{"method": "GET", "path": "/backend-api/wham/usage", "query": {"a": "1"}}], "departs": "a test"}}]}`

func TestRunner(t *testing.T) {
	for _, tc := range []struct{ name, file, want string }{
		{"", streamed, ""},
		{"", refused, ""},
		{"wrong method", streamed, "requests[0].method: want \"GET\", got \"POST\""},
		{"wrong path", streamed, "requests[0].path: want \"/backend-api/wham/usage\""},
		{"wrong query", streamed, `requests[0].query.a: want "1", got "2"`},
		{"wrong body", streamed, "requests[0].json: unexpected: {}"},
		{"wrong header", streamed, `requests[0].headers.originator: want "fake", got "other"`},
		{"missing header", streamed, `requests[0].headers.originator: missing, want "fake"`},
		{"no request", streamed, "requests: want 1, got 0"},
		{"second request", streamed, "requests[1]: unexpected: GET /backend-api/wham/usage"},
		{"missing member", streamed, `result.plan: missing`},
		{"wrong member", streamed, `result.plan: want`},
		{"not null", streamed, `result.gone: want null, got 1`},
		{"not ASCII", streamed, "byte 0xc3 in"},
		{"not JSON", streamed, "cannot unmarshal array"},
		{"no version", streamed, "not a JSON-RPC 2.0 message"},
		{"unknown member", streamed, "unexpected member extra"},
		{"both", streamed, "unexpected member result"},
		{"other id", streamed, `response: want id`},
		{"rounded id", streamed, `response: want id`},
		{"gap in seq", streamed, "want event 1; answered: false"},
		{"other event", streamed, "events[1].n: want 1, got 7"},
		{"missing event", streamed, "events: want 2, got 1"},
		{"event of another id", streamed, "stream.event: want id"},
		{"event after response", streamed, "want event 1; answered: true"},
		{"other notification", streamed, "an unknown notification"},
		{"two responses", streamed, "a second answer to"},
		{"no response", streamed, "no response"},
		{"an error", streamed, "want a result, got the error"},
		{"a result", refused, "want an error, got the result"},
		{"error without data", refused, "missing member data"},
		{"error without retryable", refused, "incomplete error"},
		{"error of two lines", refused, "incomplete error"},
		{"error with a text code", refused, "cannot unmarshal string"},
		{"other code", refused, "error.code: want 401, got 403"},
		{"secret in an error", refused, `the secret "access-token" is in an error or in the log`},
		{"secret in the log", streamed, `the secret "sk-realtime" is in an error or in the log`},
		{"exit 3", streamed, "want exit status 0 after the end of input, got: exit status 3"},
		{"broken frame", streamed, "output ends within a frame"},
		{"", twice, ""},
		{"other code", twice, "steps[0]: error.code: want 401, got 403"},
		{"id of the first", twice, "steps[1]: response: want id"},
		{"wrong query", twice, `requests[0].query.a: want "1", got "2"`},
		{"no request", twice, "requests: want 1, got 0"},
		{"request of the second", twice, "steps[0]: requests: want 0, got 1"},
		{"exit after the first", twice, "no response"},
		{"", departing, ""},
		{"missing event", departing, ""},
		{"an error", departing, ""},
		{"no response", departing, "no response"},
		{"wrong query", departing, `requests[0].query.a: want "1", got "2"`},
		{"loose framing", streamed, ""}, // the fault depends on the framing, see below
	} {
		for _, framing := range rpctest.Framings {
			t.Run(fmt.Sprintf("%s/%s", orSound(tc.name), framing), func(t *testing.T) {
				want := tc.want
				if tc.name == "loose framing" {
					want = map[rpctest.Framing]string{rpctest.Lines: "blank line or CR", rpctest.Headers: `want "Content-Length: N\r\n"`}[framing]
				}
				faults := runFake(t, Host{}, tc.name, tc.file, framing)
				if want == "" && faults != "" {
					t.Errorf("faults in a sound host:\n%s", faults)
				}
				if want != "" && !strings.Contains(faults, want) {
					t.Errorf("want a fault with %q, got:\n%s", want, faults)
				}
			})
		}
	}
}

// TestRunnerOnRecordedCase checks that the fake passes the recorded case of
// usage and fails another.
func TestRunnerOnRecordedCase(t *testing.T) {
	host := fakeHost(t, Host{}, "recorded")
	c := load(t, casesOf("codex.usage"))[0]
	faults, err := host.Run(t.Context(), c, rpctest.Lines)
	if err != nil || len(faults) > 0 {
		t.Errorf("%v %q", err, faults)
	}
	c = load(t, casesOf("models.list"))[0]
	if faults, err = host.Run(t.Context(), c, rpctest.Lines); err != nil || len(faults) == 0 {
		t.Errorf("a usage reply passes as a list of models: %v", err)
	}
}

func TestRunnerEndsASilentHost(t *testing.T) {
	faults := runFake(t, Host{Timeout: 300 * time.Millisecond}, "hang", streamed, rpctest.Lines)
	if !strings.Contains(faults, "no response") || !strings.Contains(faults, "not over within 300ms") {
		t.Errorf("faults: %s", faults)
	}
}

func TestRunnerNeedsAHost(t *testing.T) {
	c := load(t, casesOf("codex.usage"))[0]
	for _, host := range []Host{{}, {Command: []string{"./absent"}}} {
		if _, err := host.Run(t.Context(), c, rpctest.Lines); err == nil {
			t.Errorf("%q ran", host.Command)
		}
	}
}

func TestEnvironmentOfHost(t *testing.T) {
	t.Setenv("CODEX_RPC_MODEL", "leaked")
	dir := t.TempDir()
	for _, v := range (Host{Env: []string{"A=b"}}).environment(dir) {
		if strings.HasPrefix(v, "CODEX_RPC_") {
			t.Errorf("inherited: %s", v)
		}
	}
	retries := 0
	got := strings.Join(flags("http://h", Config{Model: "m", Instructions: "i", MaxRetries: &retries}), " ")
	if want := "--chatgpt-base-url http://h/backend-api --openai-base-url http://h/v1 --auth-issuer http://h " +
		"--model m --instructions i --max-retries 0"; got != want {
		t.Errorf("flags:\n want %s\n got  %s", want, got)
	}
}

func TestWriteHome(t *testing.T) {
	const usual = `{"auth_mode":"chatgpt","OPENAI_API_KEY":"sk-realtime","tokens":{"id_token":"e30.e30.e30",
		"access_token":"access-token","refresh_token":"","account_id":"acct-1"}}`
	for name, tc := range map[string]struct {
		given Given
		want  string
	}{
		"usual":      {Given{}, usual},
		"other key":  {Given{Auth: map[string]json.RawMessage{"OPENAI_API_KEY": json.RawMessage("null")}}, strings.Replace(usual, `"sk-realtime"`, "null", 1)},
		"signed out": {Given{SignedOut: true}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			tc.given.Files = map[string][]byte{"a.bin": {0xff}}
			if err := writeHome(dir, tc.given); err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(filesDir(dir) + "/a.bin"); err != nil || string(got) != "\xff" {
				t.Errorf("a.bin: %q, %v", got, err)
			}
			got, err := os.ReadFile(codexHome(dir) + "/auth.json")
			if tc.want == "" {
				if !os.IsNotExist(err) {
					t.Errorf("credentials while signed out: %s", got)
				}
				return
			}
			if faults := diff("auth.json", json.RawMessage(tc.want), got, false); len(faults) > 0 {
				t.Errorf("%v %q", err, faults)
			}
		})
	}
	if err := writeHome(t.TempDir(), Given{Files: map[string][]byte{"../x": nil}}); err == nil {
		t.Error("a file was written outside of the directory")
	}
}

func orSound(fault string) string {
	if fault == "" {
		return "sound"
	}
	return fault
}

func runFake(t *testing.T, host Host, fault, file string, framing rpctest.Framing) string {
	t.Helper()
	path := t.TempDir() + "/m.json"
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	faults, err := fakeHost(t, host, fault).Run(t.Context(), load(t, path)[0], framing)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(faults, "\n")
}
