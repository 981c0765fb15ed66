package conformance

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

// Host is a codex-rpc implementation: a command that serves JSON-RPC on its
// standard input and output, and accepts the flags --chatgpt-base-url,
// --openai-base-url, --auth-issuer, --model, --instructions and --max-retries.
type Host struct {
	Command []string      // program and first arguments; the flags follow
	Env     []string      // in addition to the inherited PATH and to HOME and CODEX_HOME of the case
	Timeout time.Duration // of a whole case; 30 s if zero
}

// The secrets of the default credentials, which must not occur in errors or the log.
const (
	accessToken = "access-token"
	apiKey      = "sk-realtime"
)

// Run starts the host, makes the calls of the case in the given framing, closes
// the host's input and waits for it to exit. It returns the differences between
// the host and the case, one per line; none means that it conforms. The error
// says why the case could not be played.
func (h Host) Run(ctx context.Context, c *Case, framing rpctest.Framing) (faults []string, err error) {
	s, err := h.play(ctx, c, framing)
	if err != nil {
		return nil, err
	}
	return s.faults(), nil
}

// A session is a played case.
type session struct {
	conversation *conversation
	backend      *Backend // closed
	stderr       string
}

func (h Host) play(ctx context.Context, c *Case, framing rpctest.Framing) (*session, error) {
	ctx, cancel := context.WithTimeout(ctx, h.timeout())
	defer cancel()
	if len(h.Command) == 0 {
		return nil, errors.New("the host has no command")
	}
	program, err := exec.LookPath(h.Command[0])
	if err != nil {
		return nil, err
	}
	if program, err = filepath.Abs(program); err != nil { // it runs in another directory
		return nil, err
	}
	dir, err := os.MkdirTemp("", "conformance-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := writeHome(dir, c.Given); err != nil {
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
	return &session{talk, backend, stderr.String()}, nil
}

// faults returns the differences between the session and the case.
func (s *session) faults() []string {
	faults := append(s.conversation.compare(), s.backend.Faults()...)
	leaky := s.stderr
	for _, t := range s.conversation.transcripts {
		for _, m := range t.answers {
			if m.Error != nil {
				leaky += m.Text
			}
		}
	}
	for _, secret := range []string{accessToken, apiKey} {
		if strings.Contains(leaky, secret) {
			faults = append(faults, fmt.Sprintf("the secret %q is in an error or in the log", secret))
		}
	}
	if log := strings.TrimSpace(s.stderr); len(faults) > 0 && log != "" {
		faults = append(faults, "stderr: "+brief([]byte(log)))
	}
	return faults
}

func flags(origin string, config Config) []string {
	args := []string{
		"--chatgpt-base-url", origin + "/backend-api",
		"--openai-base-url", origin + "/v1",
		"--auth-issuer", origin, // never called; otherwise it would be among the requests
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

func (h Host) timeout() time.Duration { return cmp.Or(h.Timeout, 30*time.Second) }

func codexHome(dir string) string { return filepath.Join(dir, "codex") }
func filesDir(dir string) string  { return filepath.Join(dir, "files") }

// writeHome creates the credentials and files of the case in dir.
func writeHome(dir string, given Given) error {
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
	// The tokens have no expiry and there is no refresh token: only the
	// requests of the case are sent.
	usual := map[string]json.RawMessage{
		"auth_mode":      json.RawMessage(`"chatgpt"`),
		"OPENAI_API_KEY": mustMarshal(apiKey),
		"tokens": mustMarshal(map[string]string{
			"id_token": "e30.e30.e30", "access_token": accessToken, "refresh_token": "", "account_id": "acct-1",
		}),
	}
	return os.WriteFile(filepath.Join(codexHome(dir), "auth.json"), mustMarshal(merged(given.Auth, usual)), 0o600)
}
