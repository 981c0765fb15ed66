package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A commandLine is a command, its input, and the expected result.
type commandLine struct {
	use         string
	args        []string
	environment []string
	input       string
	await       string         // on standard output or in the log, before
	signal      syscall.Signal // is sent
	ends        string
	out, log    string // parts of the outputs
}

const stalled = `{"input":"x","model":"mock:stall=2"}`

var commandLines = []commandLine{
	{use: "call, parameters with a byte order mark", args: []string{"call", "--mock", "codex.usage", "\ufeff{}"}, ends: "exit status 0", out: "plan_type"},
	{use: "call -, input with a byte order mark", args: []string{"call", "--mock", "codex.usage", "-"}, input: "\ufeff{}\r\n", ends: "exit status 0", out: "plan_type"},
	{use: "call, parameters in Latin-1", args: []string{"call", "--mock", "responses.create", "{\"input\":\"caf\xe9\"}"}, ends: "exit status 2", log: "not UTF-8"},
	{use: "call -, input in Latin-1", args: []string{"call", "--mock", "responses.create", "-"}, input: "{\"input\":\"caf\xe9\"}", ends: "exit status 2", log: "not UTF-8"},
	{use: "call -, input in UTF-16", args: []string{"call", "--mock", "codex.usage", "-"}, input: "\xff\xfe{\x00}\x00", ends: "exit status 2", log: "not UTF-8"},

	{use: "call, SIGINT", args: []string{"call", "--mock", "--stream", "responses.create", stalled}, await: "response.created", signal: syscall.SIGINT, ends: "signal: interrupt"},
	{use: "call, SIGTERM", args: []string{"call", "--mock", "--stream", "responses.create", stalled}, await: "response.created", signal: syscall.SIGTERM, ends: "signal: terminated"},
	{use: "ask, SIGINT", args: []string{"ask", "--mock=deltas=1000,pace=50ms", "x"}, await: "x", signal: syscall.SIGINT, ends: "signal: interrupt"},
	{use: "mock, SIGINT", args: []string{"mock"}, await: "http://", signal: syscall.SIGINT, ends: "signal: interrupt"},
	{use: "mock, SIGTERM", args: []string{"mock"}, await: "http://", signal: syscall.SIGTERM, ends: "signal: terminated"},
	{use: "http, SIGINT", args: []string{"http", "--mock"}, await: "OPENAI_API_KEY", signal: syscall.SIGINT, ends: "signal: interrupt"},
	{use: "login, SIGINT", args: []string{"login", "--device-code", "--mock=device_polls=1000000"}, await: "Enter this code", signal: syscall.SIGINT, ends: "signal: interrupt"},
	{use: "whoami, no signal", args: []string{"whoami", "--mock"}, ends: "exit status 0", out: "mock@example.test"},
	{use: "serve, SIGTERM", args: []string{"serve", "--mock", "--log-level", "info"}, input: `{"jsonrpc":"2.0","id":1,"method":"initialize"}` + "\n", await: "serverInfo", signal: syscall.SIGTERM, ends: "exit status 0"},
	{use: "a loop of a shell, SIGINT", args: []string{"sh", "-c", "for i in 1 2 3; do {codex-rpc} call --mock --stream responses.create '" + stalled + "'; echo again; done"},
		await: "response.created", signal: syscall.SIGINT, ends: "signal: interrupt"},

	{use: "serve, --mock and --replay", args: []string{"--mock", "--replay", "x"}, ends: "exit status 2", log: "--mock and --replay cannot be used together"},
	{use: "serve, $CODEX_RPC_MOCK and --replay", args: []string{"--replay", "x"}, environment: []string{"CODEX_RPC_MOCK=1"}, ends: "exit status 2", log: "$CODEX_RPC_MOCK"},
	{use: "mock, --mock and --replay", args: []string{"mock", "--mock=lenient", "--replay", "x"}, ends: "exit status 2", log: "cannot be used together"},
	{use: "initialize with unknown options", args: []string{"--mock"},
		input: `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"options":{"modle":"x","timeout":5,"originator":"o","modle":"y"}}}`,
		ends:  "exit status 0", out: `"ignoredOptions":["modle","originator"]`},
	{use: "--version", args: []string{"--version"}, ends: "exit status 0", out: "codex-rpc " + strings.TrimSpace(versionFile) + " (go"},
	{use: "version", args: []string{"version"}, ends: "exit status 0", out: "codex-rpc " + strings.TrimSpace(versionFile) + " (go"},
}

func TestCommandLine(t *testing.T) {
	for _, c := range commandLines {
		t.Run(c.use, func(t *testing.T) {
			seen := c.run(t)
			if seen != c.ends {
				t.Errorf("%s, want %s", seen, c.ends)
			}
			tellCommandLine(t, c.use, seen)
		})
	}
}

func tellCommandLine(t *testing.T, use, seen string) {
	t.Attr("table", "command-line")
	t.Attr("use", use)
	t.Attr("ends", seen)
}

func (c *commandLine) run(t *testing.T) string {
	t.Helper()
	program := built(t, ".")
	cmd := exec.Command(program, c.args...)
	if c.args[0] == "sh" {
		cmd = exec.Command("bash", c.args[1], strings.ReplaceAll(c.args[2], "{codex-rpc}", program))
	}
	cmd.Env = append(append(os.Environ(), "CODEX_HOME="+home(t)), c.environment...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	seen, said := make(chan struct{}), &awaited{text: c.await, seen: nil}
	said.seen = seen
	cmd.Stdout, cmd.Stderr = said, said
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	hangs := time.AfterFunc(patience, func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	defer hangs.Stop()
	io.WriteString(in, c.input)
	if c.signal == 0 {
		in.Close()
	} else {
		<-seen
		syscall.Kill(-cmd.Process.Pid, c.signal)
	}
	cmd.Wait()
	text := said.all.String()
	if !strings.Contains(text, c.out) || !strings.Contains(text, c.log) || strings.Contains(text, "again") {
		t.Errorf("output %q", text)
	}
	return cmd.ProcessState.String()
}

// An awaited is an output in which a text is awaited. The command writes to it
// from one goroutine, since both of its outputs are the same.
type awaited struct {
	all  bytes.Buffer
	text string
	seen chan struct{} // closed when the text was written; then nil
}

func (a *awaited) Write(p []byte) (int, error) {
	a.all.Write(p)
	if a.seen != nil && strings.Contains(a.all.String(), a.text) {
		close(a.seen)
		a.seen = nil
	}
	return len(p), nil
}

// TestMockLogs checks that the embedded backend logs each request without
// secrets.
func TestMockLogs(t *testing.T) {
	recording := (&hostileRecording{chunks: []string{"{}"}}).write(t, "127.0.0.1:1")
	for use, args := range map[string][]string{
		"mock": {"mock"}, "mock --replay": {"mock", "--replay", recording}, "mock --log-level=warn": {"mock", "--log-level=warn"},
	} {
		t.Run(use, func(t *testing.T) {
			p := start(t, args...)
			base, err := p.out.ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			req, err := http.NewRequest("GET", strings.TrimSpace(base)+"/backend-api/wham/usage?pin=hunter2", nil)
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("Authorization", "Bearer hunter2")
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			p.cmd.Process.Signal(syscall.SIGTERM)
			p.exit()
			log, want := p.log.String(), "method=GET path=/backend-api/wham/usage status="
			if strings.Contains(log, want) != (use != "mock --log-level=warn") || strings.Contains(log, "hunter2") {
				t.Errorf("logged %q", log)
			}
			tellCommandLine(t, use+", a request", fmt.Sprintf("%d lines in the log", strings.Count(log, "\n")))
		})
	}
}

// TestRecordBesideOthers checks that hosts which record to the same name use
// different files and keep existing ones.
func TestRecordBesideOthers(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "bug.jsonl")
	if err := os.WriteFile(path, []byte("kept"), 0o600); err != nil {
		t.Fatal(err)
	}
	first, second := start(t, "--mock", "--record", path), start(t, "--mock", "--record", path)
	for _, p := range []*process{first, second} {
		p.send(`{"jsonrpc":"2.0","id":1,"method":"codex.usage"}`)
		p.receive()
	}
	for _, p := range []*process{first, second} {
		p.in.Close()
		p.exit()
		if !strings.Contains(p.log.String(), "recording="+dir) {
			t.Errorf("the log does not name the file: %s", &p.log)
		}
	}
	if text, err := os.ReadFile(path); string(text) != "kept" {
		t.Errorf("%q, %v", text, err)
	}
	for _, name := range []string{"bug.2.jsonl", "bug.3.jsonl"} {
		file, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		headers := 0
		for lines := bufio.NewScanner(file); lines.Scan(); {
			headers += strings.Count(lines.Text(), `{"type":"header"`)
		}
		if headers != 1 {
			t.Errorf("%s has %d headers", name, headers)
		}
	}
	tellCommandLine(t, "two hosts --record to a file that is there", "two new files")
}
