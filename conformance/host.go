package conformance

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Host is a codex-rpc implementation: a command that serves JSON-RPC on its standard input and output, and takes the
// configuration flags --chatgpt-base-url, --openai-base-url, --auth-issuer, --model, --instructions and --max-retries.
type Host struct {
	Command []string      // program and first arguments; the flags follow
	Env     []string      // beside PATH, which is inherited, and CODEX_HOME and HOME, which are of the case
	Timeout time.Duration // of a whole case, 30 s if zero
}

// The secrets of the usual credentials; they must turn up in no error and no log.
const (
	accessToken = "access-token"
	apiKey      = "sk-realtime"
)

// requestID is the id of the case's nth call. It differs by framing to show that an id comes back as it went: beyond a
// float's integers, and a string.
func requestID(framing Framing, n int) json.RawMessage {
	if framing == Headers {
		return fmt.Appendf(nil, `"call/%d"`, n+1)
	}
	return fmt.Append(nil, 1<<53+1+2*n)
}

// Run starts the host, makes the case's calls in the given framing, ends the host's input and waits for it to exit. It returns
// where the host departs from the case, one line a fault; none means that it conforms. The error says why the
// case could not be played at all.
func (h Host) Run(ctx context.Context, c *Case, framing Framing) (faults []string, err error) {
	ctx, cancel := context.WithTimeout(ctx, h.timeout())
	defer cancel()
	if len(h.Command) == 0 {
		return nil, errors.New("the host has no command")
	}
	program, err := exec.LookPath(h.Command[0])
	if err != nil {
		return nil, err
	}
	if program, err = filepath.Abs(program); err != nil { // it runs in a folder of its own
		return nil, err
	}
	dir, err := os.MkdirTemp("", "conformance-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := lay(dir, c.Given); err != nil {
		return nil, err
	}
	backend, err := Serve(c)
	if err != nil {
		return nil, err
	}
	defer backend.Close()
	c, err = c.fill(map[string]string{"origin": backend.Origin(), "tmp": filepath.ToSlash(filesDir(dir))})
	if err != nil {
		return nil, err
	}

	stderr := new(bytes.Buffer)
	talk := &conversation{framing: framing, steps: c.steps(), requests: func() int { return len(backend.Requests()) }}
	args := slices.Concat(h.Command[1:], flags(backend.Origin(), c.Given.Config))
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.Env = h.environment(dir)
	cmd.Stderr = stderr
	if err := h.converse(ctx, cmd, talk); err != nil {
		return nil, err
	}
	faults = append(talk.hold(), backend.Faults()...)
	leaky := stderr.String()
	for _, t := range talk.transcripts {
		for _, r := range t.responses {
			leaky += string(r.err)
		}
	}
	for _, secret := range []string{accessToken, apiKey} {
		if strings.Contains(leaky, secret) {
			faults = append(faults, fmt.Sprintf("the secret %q is in an error or in the log", secret))
		}
	}
	if len(faults) > 0 && stderr.Len() > 0 {
		faults = append(faults, "stderr: "+brief(bytes.TrimSpace(stderr.Bytes())))
	}
	return faults, nil
}

// A conversation is the calls of a case: each is made when the one before has been answered.
type conversation struct {
	framing     Framing
	steps       []*Step
	transcripts []*transcript // of the calls made so far
	requests    func() int    // how many the backend has had
}

// ask makes the next call.
func (c *conversation) ask(host io.Writer) *transcript {
	n := len(c.transcripts)
	call, t := c.steps[n].Call, &transcript{id: requestID(c.framing, n)}
	c.transcripts = append(c.transcripts, t)
	request := fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"method":%s,"params":%s}`, t.id, mustMarshal(call.Method), call.Params)
	if _, err := host.Write(c.framing.encode(request)); err != nil {
		t.fault("the host does not read its input: %v", err)
	}
	return t
}

// hold returns where the calls depart from the case.
func (c *conversation) hold() (faults []string) {
	for i, t := range c.transcripts {
		for _, fault := range t.hold(c.steps[i].Expect) {
			if len(c.steps) > 1 {
				fault = fmt.Sprintf("steps[%d]: %s", i, fault)
			}
			faults = append(faults, fault)
		}
	}
	if made := len(c.transcripts); made < len(c.steps) {
		faults = append(faults, fmt.Sprintf("steps[%d]: not reached", made))
	}
	return faults
}

// converse makes the calls and reads frames until the output ends; the input is ended when the last call is over, so
// that whatever wrongly follows its response is seen.
func (h Host) converse(ctx context.Context, cmd *exec.Cmd, c *conversation) error {
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Cancel = func() error {
		stdout.Close() // a child of the host may hold the other end
		return cmd.Process.Kill()
	}
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return err
	}
	frames := bufio.NewReader(stdout)
	before, t := 0, c.ask(stdin)
	for {
		frame, err := c.framing.read(frames)
		if err != nil {
			if err != io.EOF && ctx.Err() == nil {
				t.fault("%v", err)
			}
			break
		}
		if !t.add(frame) {
			continue
		}
		step, sent := len(c.transcripts)-1, c.requests()
		if step == len(c.steps)-1 {
			stdin.Close() // the backend's count of all requests is its own to judge
			continue
		}
		if got, want := sent-before, len(c.steps[step].Expect.Requests); got != want {
			t.fault("requests: want %d, got %d", want, got)
		}
		before, t = sent, c.ask(stdin)
	}
	stdin.Close()
	io.Copy(io.Discard, frames) // after a broken frame, let the host finish
	err = cmd.Wait()
	if ctx.Err() != nil {
		t.fault("not over within %v", h.timeout())
	} else if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		t.fault("want exit status 0 after the end of input, got: %v", exit)
	} else if err != nil {
		return err
	}
	return nil
}

func flags(origin string, config Config) []string {
	args := []string{
		"--chatgpt-base-url", origin + "/backend-api",
		"--openai-base-url", origin + "/v1",
		"--auth-issuer", origin, // never called, or it shows among the requests
	}
	if config.Model != "" {
		args = append(args, "--model", config.Model)
	}
	if config.Instructions != "" {
		args = append(args, "--instructions", config.Instructions)
	}
	if config.MaxRetries != nil {
		args = append(args, "--max-retries", strconv.Itoa(*config.MaxRetries))
	}
	return args
}

func (h Host) environment(dir string) []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "CODEX_HOME=" + codexHome(dir)}
	if runtime.GOOS == "windows" { // no socket without SystemRoot
		env = append(env, "SystemRoot="+os.Getenv("SystemRoot"), "USERPROFILE="+dir)
	}
	return append(env, h.Env...)
}

func (h Host) timeout() time.Duration {
	if h.Timeout == 0 {
		return 30 * time.Second
	}
	return h.Timeout
}

func codexHome(dir string) string { return filepath.Join(dir, "codex") }
func filesDir(dir string) string  { return filepath.Join(dir, "files") }

// lay puts the case's credentials and files under dir.
func lay(dir string, given Given) error {
	for _, d := range []string{codexHome(dir), filesDir(dir)} {
		if err := os.Mkdir(d, 0o700); err != nil {
			return err
		}
	}
	for name, content := range given.Files {
		if !filepath.IsLocal(name) {
			return fmt.Errorf("file %q lies outside of {{tmp}}", name)
		}
		if err := os.WriteFile(filepath.Join(filesDir(dir), name), content, 0o600); err != nil {
			return err
		}
	}
	if given.SignedOut {
		return nil
	}
	// The tokens have no date to expire by and there is none to refresh with: nothing but the case's calls is sent.
	usual := map[string]json.RawMessage{
		"auth_mode":      json.RawMessage(`"chatgpt"`),
		"OPENAI_API_KEY": mustMarshal(apiKey),
		"tokens": mustMarshal(map[string]string{
			"id_token": "e30.e30.e30", "access_token": accessToken, "refresh_token": "", "account_id": "acct-1",
		}),
	}
	return os.WriteFile(filepath.Join(codexHome(dir), "auth.json"), mustMarshal(over(given.Auth, usual)), 0o600)
}
