package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// openTerminal returns the two ends of a terminal.
func openTerminal(t *testing.T) (user, program *os.File) {
	t.Helper()
	user, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { user.Close() })
	n, err := unix.IoctlGetInt(int(user.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetPointerInt(int(user.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return user, program
}

// TestTerminal checks that serve on a terminal prints its help and exits.
func TestTerminal(t *testing.T) {
	_, terminal := openTerminal(t)
	cmd := exec.Command(built(t, "."), "--mock")
	cmd.Stdin = terminal
	var out, said strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &said
	cmd.Run()
	if code := cmd.ProcessState.ExitCode(); code != exitUsage || out.Len() > 0 {
		t.Errorf("exit code %d, output %q", code, out.String())
	}
	if !strings.Contains(said.String(), "Usage:") || !strings.Contains(said.String(), "hint: serve is meant for programs") {
		t.Errorf("stderr: %s", said.String())
	}
}

// askOnTerminal starts ask on a terminal with a number of columns.
func askOnTerminal(t *testing.T, columns uint16, args ...string) (cmd *exec.Cmd, user *os.File) {
	t.Helper()
	user, terminal := openTerminal(t)
	if err := unix.IoctlSetWinsize(int(user.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(built(t, "."), append([]string{"ask"}, args...)...)
	cmd.Env = append(os.Environ(), "CODEX_HOME="+home(t), "XDG_STATE_HOME="+filepath.Join(t.TempDir(), "state"))
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminal, terminal, terminal
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	terminal.Close()
	t.Cleanup(func() { cmd.Process.Kill() })
	user.SetReadDeadline(time.Now().Add(patience))
	return cmd, user
}

// shown reads the output on a terminal up to a text, or to the end of the
// program.
func shown(t *testing.T, user *os.File, until string) string {
	t.Helper()
	var text bytes.Buffer
	for p := make([]byte, 1<<10); until == "" || !strings.Contains(text.String(), until); {
		n, err := user.Read(p)
		text.Write(p[:n])
		if err == io.EOF || err != nil && strings.Contains(err.Error(), "input/output error") {
			if until != "" {
				t.Fatalf("%q does not come: %q", until, &text)
			}
			break
		}
		if err != nil {
			t.Fatalf("%v after %q", err, &text)
		}
	}
	return strings.ReplaceAll(text.String(), "\r\n", "\n")
}

// TestAskOnTerminal checks that the answer is wrapped and cannot control the
// terminal.
func TestAskOnTerminal(t *testing.T) {
	cmd, user := askOnTerminal(t, 27, "--mock=reply=It was the best of times%2C it was the %1B[31mworst of times.", "Go on")
	got := shown(t, user, "")
	cmd.Wait()
	const want = "It was the best of times,\nit was the \\u001b[31mworst\nof times.\n"
	if got != want || cmd.ProcessState.ExitCode() != 0 {
		t.Errorf("%q, %v; want %q", got, cmd.ProcessState, want)
	}
}

// TestAskInterrupted checks that Ctrl-C ends the answer with a newline, and the
// command by the signal.
func TestAskInterrupted(t *testing.T) {
	b := newSteppedBackend(t)
	cmd, user := askOnTerminal(t, 80, append(b.flags(), "Go on")...)
	u := b.nextOf("Go on")
	u.Begin()
	u.Event(`{"type":"response.output_text.delta","delta":"Once upon"}`)
	begun := shown(t, user, "Once")
	if _, err := user.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	u.closed()
	rest := shown(t, user, "")
	cmd.Wait()
	if got := begun + rest; !strings.HasSuffix(strings.ReplaceAll(got, "^C", ""), "Once upon\n") {
		t.Errorf("shown: %q", got)
	}
	if got := cmd.ProcessState.String(); got != "signal: interrupt" {
		t.Error(got)
	}
	tellCommandLine(t, "ask on a terminal, Ctrl-C", cmd.ProcessState.String())
}
