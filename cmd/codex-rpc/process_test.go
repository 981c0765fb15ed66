package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

func TestMain(m *testing.M) {
	if role := roles[os.Getenv("CODEX_RPC_TEST_ROLE")]; role != nil {
		role()
		return
	}
	// Tests look at what a host reads, writes and holds open, and need not be root.
	os.Setenv("CODEX_RPC_DEBUGGABLE", "1")
	handleIgnoredSignals()
	testscript.Main(testRun{m}, map[string]func(){"codex-rpc": main})
}

// A testRun removes what the tests have built.
type testRun struct{ *testing.M }

func (r testRun) Run() int {
	defer func() {
		for _, path := range builds.paths {
			os.RemoveAll(filepath.Dir(path))
		}
	}()
	return r.M.Run()
}

// handleIgnoredSignals lets hosts started by tests handle signals that this
// process was started to ignore, by nohup or as a background job: after exec, a
// handled signal has its default action, but an ignored one stays ignored.
func handleIgnoredSignals() {
	if !strings.HasSuffix(os.Args[0], ".test") {
		return // plays a command
	}
	for _, s := range []os.Signal{syscall.SIGHUP, syscall.SIGINT, syscall.SIGTERM} {
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s)
		}
	}
}

// roles are what the test binary plays when it is started by a test.
var roles = map[string]func(){}

func role(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	cmd.Env = append(os.Environ(), "CODEX_RPC_TEST_ROLE="+name)
	return cmd
}

// built returns the path of a program of this module, built as in releases.
func built(t testing.TB, pkg string) string {
	t.Helper()
	builds.Lock()
	defer builds.Unlock()
	if path := builds.paths[pkg]; path != "" {
		return path
	}
	dir, err := os.MkdirTemp("", "codex-rpc-test")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "program")
	build := exec.Command("go", "build", "-trimpath", "-o", path, pkg)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	builds.paths[pkg] = path
	return path
}

var builds = struct {
	sync.Mutex
	paths map[string]string
}{paths: make(map[string]string)}

// patience is how long a test waits for what must come. No test passes by it.
const patience = 30 * time.Second

// A process is a host under test.
type process struct {
	t     testing.TB
	cmd   *exec.Cmd
	in    io.WriteCloser
	out   *bufio.Reader
	log   bytes.Buffer
	ended chan struct{}
}

func start(t testing.TB, args ...string) *process {
	t.Helper()
	return startCommand(t, exec.Command(built(t, "."), args...))
}

// startCommand starts a host, with its own home unless the command has an
// environment.
func startCommand(t testing.TB, cmd *exec.Cmd) *process {
	t.Helper()
	p := &process{t: t, cmd: cmd, ended: make(chan struct{})}
	if p.cmd.Env == nil {
		p.cmd.Env = append(os.Environ(), "CODEX_HOME="+home(t))
	}
	p.cmd.Stderr = &p.log
	in, err := p.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, outW, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stdout = outW
	p.in, p.out = in, bufio.NewReaderSize(out, 64<<10)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	outW.Close()
	go func() {
		p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		out.Close()
		<-p.ended
	})
	return p
}

// home returns a directory with fictitious credentials.
func home(t testing.TB) string {
	dir := t.TempDir()
	auth := `{"auth_mode":"chatgpt","OPENAI_API_KEY":null,"tokens":{"id_token":"e30.e30.e30","access_token":"access-token","refresh_token":"","account_id":"acct-1"}}`
	if err := os.WriteFile(filepath.Join(dir, "auth.json"), []byte(auth), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (p *process) send(lines ...string) {
	p.t.Helper()
	if _, err := io.WriteString(p.in, strings.Join(lines, "\n")+"\n"); err != nil {
		p.t.Fatal(err)
	}
}

func (p *process) receive() *rpctest.Message {
	p.t.Helper()
	line, err := p.out.ReadBytes('\n')
	if err != nil {
		p.t.Fatalf("receive: %v; stderr: %s", err, &p.log)
	}
	m, err := rpctest.Parse(line[:len(line)-1])
	if err != nil {
		p.t.Fatalf("receive: %v", err)
	}
	return m
}

// exit waits for the process and returns its exit code.
func (p *process) exit() int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.t.Fatal("the process does not end")
	}
	return p.cmd.ProcessState.ExitCode()
}

func create(id int, model string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"responses.create","params":{"input":"x","model":%q,"stream":true}}`, id, model)
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: true})
}
