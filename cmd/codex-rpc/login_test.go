package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
)

// simulate starts a simulator and returns the flags for using it.
func simulate(t *testing.T, directives string) (*simulator.Running, []string) {
	t.Helper()
	mock, err := simulator.Listen("127.0.0.1:0", simulator.Options{Scenario: directives})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mock.Close() })
	return mock, []string{
		"--chatgpt-base-url=" + mock.URL() + "/backend-api",
		"--openai-base-url=" + mock.URL() + "/v1",
		"--auth-issuer=" + mock.URL(),
	}
}

// command returns a command with a Codex home.
func command(t *testing.T, home string, flags []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(built(t, "."), append(args, flags...)...)
	cmd.Env = append(os.Environ(), "CODEX_HOME="+home)
	return cmd
}

// writeExpired writes credentials with an expired access token.
func writeExpired(t *testing.T, home, refresh string) {
	t.Helper()
	text := fmt.Sprintf(`{"tokens": {"access_token": "e30.%s.e30", "refresh_token": %q, "account_id": "acct_mock"}}`,
		base64.RawURLEncoding.EncodeToString([]byte(`{"exp":1000}`)), refresh)
	if err := os.WriteFile(filepath.Join(home, "auth.json"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A login is a process that waits for its user.
type login struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdout bytes.Buffer
	stderr bytes.Buffer
	rest   chan struct{} // closed when stderr is read to its end
	page   string
}

func startLogin(t *testing.T, home string, flags []string) *login {
	t.Helper()
	l := &login{t: t, cmd: command(t, home, flags, "login", "--no-browser"), rest: make(chan struct{})}
	l.cmd.Stdout = &l.stdout
	pipe, err := l.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.cmd.Process.Kill() })
	lines := bufio.NewReader(pipe)
	for l.page == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatalf("no page, but %q", &l.stderr)
		}
		l.stderr.WriteString(line)
		if text, ok := strings.CutPrefix(line, "  http://"); ok {
			l.page = "http://" + strings.TrimSpace(text)
		}
	}
	go func() {
		defer close(l.rest)
		io.Copy(&l.stderr, lines)
	}()
	return l
}

// end waits for the process and returns its exit code.
func (l *login) end() int {
	<-l.rest
	l.cmd.Wait()
	return l.cmd.ProcessState.ExitCode()
}

// approve opens the page, whose issuer approves at once, and returns the code
// of the redirect.
func approve(t *testing.T, page string) (code string) {
	t.Helper()
	client := http.Client{CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		code = r.URL.Query().Get("code")
		return nil
	}}
	resp, err := client.Get(page)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK || code == "" {
		t.Fatalf("the browser got %s", resp.Status)
	}
	return code
}

// TestLoginCommand runs all commands of a sign-in.
func TestLoginCommand(t *testing.T) {
	_, flags := simulate(t, "login=approve")
	home := t.TempDir()
	l := startLogin(t, home, flags)
	approve(t, l.page)
	if code := l.end(); code != 0 || !strings.Contains(l.stdout.String(), "mock@example.test") || strings.Contains(l.stdout.String(), "http") {
		t.Fatalf("exit %d, stdout %q, stderr %q", code, &l.stdout, &l.stderr)
	}
	for _, step := range []struct{ args, stdout string }{
		{"whoami", "acct_mock"},
		{"call codex.usage", `"plan_type":"plus"`},
		{"doctor", "signed in as mock@example.test"},
		{"logout", "Signed out.\n"},
		{"logout", "There was no sign-in.\n"},
	} {
		out, err := command(t, home, flags, strings.Fields(step.args)...).Output()
		if err != nil || !strings.Contains(string(out), step.stdout) {
			t.Errorf("%s: %v: %q", step.args, err, out)
		}
	}
	if out, err := command(t, home, flags, "whoami").Output(); err == nil || len(out) > 0 {
		t.Errorf("whoami after logout: %q", out)
	}
}

// TestLoginsOfTwoProcesses checks that the second of two sign-ins takes over
// the port, and that the first one ends.
func TestLoginsOfTwoProcesses(t *testing.T) {
	_, flags := simulate(t, "login=approve")
	home := t.TempDir()
	first := startLogin(t, home, flags)
	second := startLogin(t, home, flags)
	if code := first.end(); code != 1 || !strings.HasSuffix(first.stderr.String(), "codex-rpc: Login cancelled.\n") {
		t.Errorf("the first: exit %d, stderr %q", code, &first.stderr)
	}
	approve(t, second.page)
	if code := second.end(); code != 0 {
		t.Errorf("the second: exit %d, stderr %q", code, &second.stderr)
	}
}

// TestProcessesRefreshOnce checks that an expired token is refreshed once,
// however many processes need it. CODEX_RPC_TEST_ROUNDS sets the number of
// rounds: 50 for a thorough run.
func TestProcessesRefreshOnce(t *testing.T) {
	rounds := 5
	if text := os.Getenv("CODEX_RPC_TEST_ROUNDS"); text != "" {
		var err error
		if rounds, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	for range rounds {
		issuer, flags := simulate(t, "")
		home := t.TempDir()
		writeExpired(t, home, "refresh")
		var all sync.WaitGroup
		for range 20 {
			cmd := command(t, home, flags, "call", "codex.usage")
			all.Go(func() {
				if out, err := cmd.CombinedOutput(); err != nil || !bytes.Contains(out, []byte(`"plan_type":"plus"`)) {
					t.Errorf("%v: %s", err, out)
				}
			})
		}
		all.Wait()
		if stats := issuer.Stats(); stats.Refreshes != 1 || stats.Reuses != 0 {
			t.Fatalf("%d refreshes, %d of them with a used token", stats.Refreshes, stats.Reuses)
		}
	}
}

// TestNoSecrets searches all output of the program for secrets, in a session
// with many errors and in each command.
func TestNoSecrets(t *testing.T) {
	// The token of the sign-in is renewed at once.
	_, flags := simulate(t, "login=approve;path=/oauth/token,token_life=200,times=1")
	flags = append(flags, "--log-level=debug", "--max-retries=0")
	home := t.TempDir()
	path := filepath.Join(home, "auth.json")
	var written bytes.Buffer
	secrets := make(map[string]bool)
	note := func() string {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			APIKey string            `json:"OPENAI_API_KEY"`
			Tokens map[string]string `json:"tokens"`
		}
		if err := json.Unmarshal(text, &file); err != nil {
			t.Fatal(err)
		}
		secrets[file.APIKey] = true
		for _, name := range []string{"id_token", "access_token", "refresh_token"} {
			secrets[file.Tokens[name]] = true
		}
		return file.Tokens["access_token"]
	}

	server := command(t, home, flags)
	server.Stderr = &written
	in, err := server.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	pipe, err := server.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Process.Kill() })
	var stdout bytes.Buffer // apart, since stderr is written meanwhile
	out := bufio.NewReader(io.TeeReader(pipe, &stdout))
	receive := func() (m struct {
		Result json.RawMessage
		Error  struct{ Message string }
		Params struct{ Event struct{ URL string } }
	}) {
		t.Helper()
		line, err := out.ReadBytes('\n')
		if err == nil {
			err = json.Unmarshal(line, &m)
		}
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	call := func(method, params string) string {
		t.Helper()
		fmt.Fprintf(in, `{"jsonrpc":"2.0","id":1,"method":%q,"params":%s}`+"\n", method, params)
		return receive().Error.Message
	}

	call("account_info", `{}`)
	call("authenticate", `{"interactive":false}`)
	fmt.Fprintln(in, `{"jsonrpc":"2.0","id":1,"method":"authenticate","params":{"open_browser":false}}`)
	secrets[approve(t, receive().Params.Event.URL)] = true
	if fault := receive().Error.Message; fault != "" {
		t.Fatal(fault)
	}
	note()
	if fault := call("codex.usage", `{}`); fault != "" {
		t.Fatal(fault)
	}
	access := note()
	if len(secrets) != 8 { // a code, an API key, and two times three tokens
		t.Fatalf("%d secrets are known", len(secrets))
	}
	// The backend repeats the token in what it answers.
	for _, directives := range []string{"status=400", "status=401", "status=500", "end=failed", "end=error"} {
		params := fmt.Sprintf(`{"input":"x","model":"mock:%s,message=%s"}`, directives, access)
		if fault := call("responses.create", params); !strings.Contains(fault, "[redacted]") {
			t.Errorf("%s: %q", directives, fault)
		}
	}
	note() // a 401 has it renewed
	call("account_info", `{}`)
	call("authenticate", `{}`)
	const broken = "broken-secret-token"
	secrets[broken] = true
	if err := os.WriteFile(path, []byte(`{"tokens":{"access_token":"`+broken), 0o600); err != nil {
		t.Fatal(err)
	}
	if fault := call("codex.usage", `{}`); !strings.Contains(fault, "malformed") {
		t.Errorf("%q", fault)
	}
	call("logout", `{}`)
	in.Close()
	io.Copy(io.Discard, out)
	if err := server.Wait(); err != nil {
		t.Fatal(err)
	}

	const password = "proxy-password"
	secrets[password] = true
	unreached := append(flags, "--openai-base-url=https://openai.example.test/v1")
	for i, args := range [][]string{
		{"--help"}, {"login", "--help"}, {"whoami"}, {"whoami", "--json"}, {"call", "codex.usage"}, {"call", "authenticate", `{"interactive":false}`},
		{"doctor"}, {"doctor", "--json"}, {"call", "embeddings.create", `{"model":"m","input":"x"}`}, {"logout"}, {"login", "--mock"},
	} {
		writeExpired(t, home, fmt.Sprintf("refresh-secret-%d", i))
		note()
		cmd := command(t, home, unreached, args...)
		cmd.Env = append(cmd.Env, "HTTPS_PROXY=http://user:"+password+"@127.0.0.1:1", "https_proxy=", "NO_PROXY=", "no_proxy=")
		out, err := cmd.CombinedOutput()
		if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		written.Write(out)
		if _, err := os.Stat(path); err == nil {
			note()
		}
	}

	written.Write(stdout.Bytes())
	delete(secrets, "") // of sign-ins without an API key
	for secret := range secrets {
		looked := []string{secret}
		if parts := strings.Split(secret, "."); len(parts) == 3 && len(parts[1]) > 40 {
			looked = append(looked, parts[1]) // the claims of a JWT
		}
		for _, text := range looked {
			if before, _, found := strings.Cut(written.String(), text); found {
				t.Errorf("%q is in what was written, after …%s", text, before[max(0, len(before)-100):])
			}
		}
	}
}
