//go:build linux

package main

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// shell returns a command that executes a host with the given redirections of
// its standard streams.
func shell(t testing.TB, redirections string, args ...string) *exec.Cmd {
	t.Helper()
	words := append([]string{"-c", `exec "$0" "$@" ` + redirections, built(t, ".")}, args...)
	return exec.Command("sh", words...)
}

// outcome runs a command to its end and returns its output and exit code.
func outcome(t *testing.T, cmd *exec.Cmd) (out string, code int) {
	t.Helper()
	var b bytes.Buffer
	if cmd.Stdout == nil {
		cmd.Stdout = &b
	}
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	hangs := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	defer hangs.Stop()
	cmd.Wait()
	if strings.Contains(said.String(), "panic") || strings.Contains(said.String(), "goroutine ") {
		t.Errorf("stderr: %s", &said)
	}
	return b.String(), cmd.ProcessState.ExitCode()
}

// TestStandardStreams checks that a host starts with any standard streams.
func TestStandardStreams(t *testing.T) {
	for _, tt := range []struct {
		fault, redirections string
		answers, code       int
	}{
		{"stdin is /dev/null", "</dev/null", 0, 0},
		{"stdin closed at the start", "<&-", 0, 0},
		{"stdout closed at the start", ">&-", 0, 0},
		{"stderr closed at the start", "2>&-", 1, 0},
		{"all closed at the start", "<&- >&- 2>&-", 0, 0},
		{"stdout is /dev/null", ">/dev/null", 0, 0},
		{"stdout is /dev/full", ">/dev/full", 0, exitFailed},
		{"stderr is /dev/full", "2>/dev/full", 1, 0},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			cmd := shell(t, tt.redirections, "--mock", "--log-level", "debug")
			cmd.Stdin = strings.NewReader(usage + "\n")
			out, code := outcome(t, cmd)
			n := strings.Count(out, `"result"`)
			row(t, tt.fault, "any", strconv.Itoa(n), fmt.Sprintf("exit %d", code))
			if n != tt.answers || code != tt.code {
				t.Errorf("%d answers, exit %d", n, code)
			}
		})
	}
}

// TestKindsOfStreams checks that files, sockets and named pipes work as well as
// pipes.
func TestKindsOfStreams(t *testing.T) {
	for _, framing := range framings {
		for _, kind := range []struct {
			name     string
			exchange func(*testing.T, string) (string, int)
		}{{"files", inFiles}, {"a socket pair", overSocket}, {"named pipes", overFIFO}} {
			t.Run(framing+"/"+kind.name, func(t *testing.T) {
				out, code := kind.exchange(t, frame(framing, usage)+frame(framing, creation("2")))
				answers := strings.Count(out, `"result":`)
				row(t, "stdin and stdout are "+kind.name, framing, fmt.Sprintf("%d × result", answers), fmt.Sprintf("exit %d", code))
				if answers != 2 || code != 0 || !strings.Contains(out, `"seq":0`) {
					t.Errorf("exit %d after %s", code, out)
				}
			})
		}
	}
}

func inFiles(t *testing.T, text string) (string, int) {
	in, out := filepath.Join(t.TempDir(), "in"), filepath.Join(t.TempDir(), "out")
	if err := os.WriteFile(in, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := shell(t, `<"$IN" >"$OUT"`, "--mock")
	cmd.Env = append(os.Environ(), "IN="+in, "OUT="+out)
	_, code := outcome(t, cmd)
	answered, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(answered), code
}

// overSocket uses one socket for both directions. The client shuts down its
// direction after writing.
func overSocket(t *testing.T, text string) (string, int) {
	pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	ours, theirs := os.NewFile(uintptr(pair[0]), "ours"), os.NewFile(uintptr(pair[1]), "theirs")
	defer ours.Close()
	cmd := exec.Command(built(t, "."), "--mock")
	cmd.Stdin, cmd.Stdout = theirs, theirs
	return converse(t, cmd, ours, func() { theirs.Close() }, text, func() error {
		return unix.Shutdown(pair[0], unix.SHUT_WR)
	})
}

func overFIFO(t *testing.T, text string) (string, int) {
	dir := t.TempDir()
	var files [2]*os.File
	for i, name := range []string{"in", "out"} {
		path := filepath.Join(dir, name)
		if err := unix.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
		// For reading and writing, since otherwise opening waits for the
		// other end.
		f, err := os.OpenFile(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		files[i] = f
	}
	if _, err := io.WriteString(files[0], text); err != nil {
		t.Fatal(err)
	}
	cmd := shell(t, `<"$DIR/in" >"$DIR/out"`, "--mock")
	cmd.Env = append(os.Environ(), "DIR="+dir)
	// Two messages are fewer bytes than a pipe holds, and the host must open
	// its ends before these are closed.
	c := startCommandOn(t, cmd)
	out, err := os.Open(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	first := make([]byte, 1)
	if _, err := out.Read(first); err != nil {
		t.Fatal(err)
	}
	files[0].Close()
	files[1].Close()
	rest, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(first) + string(rest), c()
}

// converse starts a command, writes the text, and reads all output.
func converse(t *testing.T, cmd *exec.Cmd, ours *os.File, started func(), text string, end func() error) (string, int) {
	t.Helper()
	wait := startCommandOn(t, cmd)
	started()
	if _, err := io.WriteString(ours, text); err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil {
		t.Fatal(err)
	}
	out, err := io.ReadAll(ours)
	if err != nil {
		t.Fatal(err)
	}
	return string(out), wait()
}

// startCommandOn starts a command with its given streams.
func startCommandOn(t *testing.T, cmd *exec.Cmd) (wait func() int) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	hangs := time.AfterFunc(patience, func() { cmd.Process.Kill() })
	return func() int {
		defer hangs.Stop()
		cmd.Wait()
		return cmd.ProcessState.ExitCode()
	}
}

// TestFewDescriptors checks that with few descriptors every call is answered
// and the session continues.
func TestFewDescriptors(t *testing.T) {
	const calls, room = 200, 40 // of the 64, with what else a host has open
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			// None is answered before all the room is taken and a call refused.
			taken := make(chan struct{})
			url := serveBackend(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				select {
				case <-taken:
					w.Header().Set("Content-Type", "text/event-stream")
					fmt.Fprintf(w, "data: %s\n\n", lastEvent)
				case <-r.Context().Done():
				}
			}))
			words := []string{"-c", `ulimit -n 64; exec "$0" "$@"`, built(t, "."), "--max-retries", "0"}
			c := connectCommand(t, framing, exec.Command("sh", append(words, using(url)...)...))
			settleAuth(t, c)
			for i := range calls {
				c.say(creation(strconv.Itoa(i)))
			}
			seen := map[string]int{}
			for range calls {
				m := c.answer()
				if len(seen) == 0 {
					close(taken)
				}
				seen[m.Outcome()]++
			}
			c.call("0")
			c.expect("0", "result")
			c.end(0)
			kinds := slices.Sorted(maps.Keys(seen))
			row(t, "200 calls with 64 descriptors", framing, strings.Join(kinds, " or "), "session continues")
			if seen["result"] < room || !slices.Equal(kinds, []string{"-32010 connection_error", "result"}) {
				t.Errorf("%v", seen)
			}
		})
	}
}

// settleAuth makes auth.json old, since one that was just written is read again
// for each call.
func settleAuth(t *testing.T, c *client) {
	t.Helper()
	path := writeAuth(t, c.cmd.Env, "access-token", "")
	if err := os.Chtimes(path, time.Time{}, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
}
