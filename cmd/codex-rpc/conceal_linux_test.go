package main

import (
	"errors"
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

	"golang.org/x/sys/unix"
)

func init() { roles["snoop"] = snoop }

// snoop tries to read another process's memory, as a malicious program of the
// same user would.
func snoop() {
	_, mem := os.Open("/proc/" + os.Args[1] + "/mem")
	var pid int
	fmt.Sscan(os.Args[1], &pid)
	fmt.Print(errors.Is(mem, os.ErrPermission), " ", unix.PtraceAttach(pid) == unix.EPERM)
}

// unprivileged returns a command that does not run as root, from a directory
// that its user may access.
func unprivileged(t *testing.T, program string, args ...string) *exec.Cmd {
	t.Helper()
	if os.Geteuid() != 0 {
		return exec.Command(program, args...)
	}
	return asUser(t, 12345, program, args...)
}

// asUser returns a command that runs as another user. It requires root.
func asUser(t *testing.T, uid uint32, program string, args ...string) *exec.Cmd {
	t.Helper()
	copied := filepath.Join(t.TempDir(), filepath.Base(program))
	text, err := os.ReadFile(program)
	if err == nil {
		err = errors.Join(os.WriteFile(copied, text, 0o755), openParents(copied))
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(copied, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	return cmd
}

// TestMemoryIsConcealed checks that other programs of the user cannot read the
// memory of a host that holds tokens, that it leaves no core dump, and that its
// own use of /proc and its parent are not affected.
func TestMemoryIsConcealed(t *testing.T) {
	uploaded := make(chan string, 1)
	base := ""
	base = serveBackend(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch body, _ := io.ReadAll(r.Body); {
		case strings.HasSuffix(r.URL.Path, "/files"):
			fmt.Fprintf(w, `{"file_id":"f","upload_url":"%s/store"}`, base)
		case r.URL.Path == "/store":
			uploaded <- string(body)
		default:
			io.WriteString(w, `{"status":"success","download_url":"d"}`)
		}
	}))
	home := home(t)
	report := filepath.Join(home, "report.txt")
	if err := os.WriteFile(report, []byte("the report"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := unprivileged(t, built(t, "."), using(base)...)
	if cmd.SysProcAttr != nil {
		for _, path := range []string{home, report, filepath.Join(home, "auth.json")} {
			if err := os.Chown(path, 12345, 12345); err != nil {
				t.Fatal(err)
			}
		}
		if err := openParents(home); err != nil {
			t.Fatal(err)
		}
	}
	opened, err := os.Open(report)
	if err != nil {
		t.Fatal(err)
	}
	defer opened.Close()
	cmd.ExtraFiles = []*os.File{opened} // is descriptor 3
	cmd.Env = append(os.Environ(), "CODEX_HOME="+home, "HOME="+home, "CODEX_RPC_DEBUGGABLE=")
	c := connectCommand(t, "lines", cmd)
	c.say(`{"jsonrpc":"2.0","id":1,"method":"files.upload","params":{"path":"/proc/self/fd/3"}}`)
	c.expect("1", "result")
	if got := <-uploaded; got != "the report" {
		t.Errorf("uploaded %q", got)
	}
	spy := unprivileged(t, os.Args[0], fmt.Sprint(c.cmd.Process.Pid))
	spy.Env = append(os.Environ(), "CODEX_RPC_TEST_ROLE=snoop")
	if out, err := spy.Output(); err != nil || string(out) != "true true" {
		t.Errorf("another program of the user may not read its memory, nor attach: %s, %v", out, err)
	}
	// A core would be written to its directory or passed to a handler of the
	// system.
	c.cmd.Process.Signal(syscall.SIGQUIT)
	c.cmd.Process.Signal(syscall.SIGSEGV)
	select {
	case <-c.ended:
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
	if status := c.cmd.ProcessState.Sys().(syscall.WaitStatus); status.CoreDump() {
		t.Error("a core was dumped")
	}
	t.Attr("table", "sign-in")
	t.Attr("tried", "a program of the same user reads the host's memory, or attaches to it (Linux)")
	t.Attr("came", "permission denied; uploads by /proc/self/fd and the rest go on")
}
