package editors

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// binary is the path of the host.
var binary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "codex-rpc-editors")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		binary = filepath.Join(dir, "codex-rpc")
		build := exec.Command("go", "build", "-trimpath", "-o", binary, "github.com/codex-rpc/codex-rpc/cmd/codex-rpc")
		if out, err := build.CombinedOutput(); err != nil {
			panic(fmt.Sprintf("go build: %v\n%s", err, out))
		}
		return m.Run()
	}())
}

// patience bounds the time of an editor for all its steps. The scripts give up
// on a step after 30 seconds.
const patience = 60 * time.Second

// An editor runs a script that reports its steps in the Test Anything Protocol.
type editor struct {
	t   *testing.T
	cmd *exec.Cmd
	out *bufio.Scanner
	dir string // working directory of the program codex-rpc
}

func nvim(args ...string) []string {
	return append([]string{"nvim", "--headless", "-u", "NONE", "-i", "NONE", "-n"}, args...)
}

func emacs(args ...string) []string {
	return append([]string{"emacs", "--batch", "-Q"}, args...)
}

// vim writes messages to stderr with -V1; with -Es alone it writes none.
func vim(args ...string) []string {
	return append([]string{"vim", "-V1", "-N", "-u", "NONE", "-i", "NONE", "-n", "-Es", "--not-a-term"}, args...)
}

// start starts an editor. The program codex-rpc that it finds is a shell
// script, in which HOST is replaced by the host.
func start(t *testing.T, script string, command []string, environment ...string) *editor {
	t.Helper()
	e := &editor{t: t, cmd: exec.Command(command[0], command[1:]...), dir: t.TempDir()}
	program := fmt.Sprintf("#!/bin/sh\ncd '%s'\n%s\n", e.dir, strings.ReplaceAll(script, "HOST", "'"+binary+"'"))
	if err := os.WriteFile(filepath.Join(e.dir, "codex-rpc"), []byte(program), 0o755); err != nil {
		t.Fatal(err)
	}
	e.cmd.Env = append([]string{
		"PATH=" + e.dir + string(os.PathListSeparator) + os.Getenv("PATH"),
		"HOME=" + t.TempDir(), "TERM=dumb", "LC_ALL=C.UTF-8",
		"NVIM_LOG_FILE=" + filepath.Join(e.dir, "nvim.log"), // else here
	}, environment...)
	// Files instead of buffers: otherwise waiting for the editor would also
	// wait for its host.
	log, err := os.Create(filepath.Join(e.dir, "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	out, stdout, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdout.Close()
	e.cmd.Stdout, e.cmd.Stderr = stdout, log
	if err := e.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.SetReadDeadline(time.Now().Add(patience))
	e.out = bufio.NewScanner(out)
	t.Cleanup(func() {
		e.cmd.Process.Kill()
		e.cmd.Wait()
		out.Close()
		if t.Failed() {
			t.Logf("the editor: %s", e.file("stderr"))
		}
	})
	return e
}

// line returns the next line of the script, or "" at its end.
func (e *editor) line() string {
	e.t.Helper()
	if !e.out.Scan() && e.out.Err() != nil {
		e.t.Fatalf("the editor: %v", e.out.Err())
	}
	return e.out.Text()
}

// steps runs the script to its end, with a subtest for each step, and returns
// the successful steps.
func (e *editor) steps() (done []string) {
	e.t.Helper()
	for line := e.line(); line != ""; line = e.line() {
		step, ok := strings.CutPrefix(line, "ok - ")
		if ok {
			done = append(done, step)
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(step, "not ok - "), ":")
		e.t.Run(name, func(t *testing.T) {
			if !ok {
				t.Error(line)
			}
		})
	}
	if err := e.cmd.Wait(); err != nil {
		e.t.Errorf("the editor: %v", err)
	}
	return done
}

// file returns the trimmed text of a file written by the program codex-rpc or
// the editor.
func (e *editor) file(name string) string {
	return strings.TrimSpace(e.raw(name))
}

func (e *editor) raw(name string) string {
	text, err := os.ReadFile(filepath.Join(e.dir, name))
	if err != nil {
		e.t.Error(err)
	}
	return string(text)
}

// running reports whether a process runs and is not a zombie.
func running(t *testing.T, pid string) bool {
	t.Helper()
	if pid == "" {
		t.Fatal("the host's process id is missing")
	}
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return false
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	return !strings.HasPrefix(after, "Z")
}
