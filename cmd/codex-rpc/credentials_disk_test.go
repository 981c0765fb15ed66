//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
)

func init() { roles["bound"] = becomeBound }

// becomeBound executes a command that is subject to permission bits, even as
// root.
func becomeBound() {
	runtime.LockOSThread() // of which the capabilities are, until the exec
	if os.Geteuid() == 0 {
		for _, c := range []uintptr{unix.CAP_DAC_OVERRIDE, unix.CAP_DAC_READ_SEARCH} {
			if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err != nil {
				panic(err)
			}
		}
	}
	panic(unix.Exec(os.Args[1], os.Args[1:], os.Environ()))
}

// Where auth.json cannot be written, a refreshed token serves this process, the
// file stays as it was, and the log says so without the token.
func TestCredentialsThatCannotBeSaved(t *testing.T) {
	for _, tt := range []struct {
		fault, said string
		command     func(t *testing.T, home string, args []string) *exec.Cmd
	}{
		{"no room on the disk for auth.json", "file too large", func(t *testing.T, _ string, args []string) *exec.Cmd {
			return exec.Command("sh", append([]string{"-c", `ulimit -f 0; exec "$0" "$@"`}, args...)...)
		}},
		{"a home and an auth.json that are read-only", "permission denied", func(t *testing.T, home string, args []string) *exec.Cmd {
			for _, name := range []string{"auth.lock", "auth.json.lock"} { // which other programs have made
				if err := os.WriteFile(filepath.Join(home, name), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if err := errors.Join(os.Chmod(filepath.Join(home, "auth.json"), 0o400), os.Chmod(home, 0o500)); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.Chmod(home, 0o700) })
			return role("bound", args...)
		}},
	} {
		for _, framing := range framings {
			t.Run(framing+"/"+tt.fault, func(t *testing.T) {
				b := newSteppedBackend(t)
				home := home(t)
				environment := append(os.Environ(), "CODEX_HOME="+home)
				path := writeAuth(t, environment, expiredToken, "refresh-1")
				before, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				cmd := tt.command(t, home, append([]string{built(t, ".")}, b.flags()...))
				cmd.Env = append(cmd.Env, environment...)
				c := connectCommand(t, framing, cmd)

				c.call("1")
				b.next().reply(backendtest.JSON(`{"access_token":"fresh-1","refresh_token":"refresh-2"}`))
				u := b.next()
				u.expectBearer("fresh-1")
				u.complete()
				answer := c.expect("1", "result")

				// What was got for it, and not what the file has, is spent next.
				c.call("2")
				u = b.next()
				u.expectBearer("fresh-1")
				u.reply(backendtest.Reply{Status: http.StatusUnauthorized})
				if u = b.next(); !strings.Contains(u.Body(), `"refresh-2"`) {
					t.Errorf("refreshed by %s", u.Body())
				}
				u.reply(backendtest.JSON(`{"access_token":"fresh-2","refresh_token":"refresh-3"}`))
				u = b.next()
				u.expectBearer("fresh-2")
				u.complete()
				c.expect("2", "result")
				c.end(0)

				after, err := os.ReadFile(path)
				if err != nil || !bytes.Equal(after, before) {
					t.Errorf("auth.json is now %s, %v", after, err)
				}
				if left, _ := filepath.Glob(filepath.Join(home, ".auth.json*")); len(left) > 0 {
					t.Errorf("leftover files: %v", left)
				}
				log := c.log.String()
				if !strings.Contains(log, "could not be written") || !strings.Contains(log, tt.said) || strings.Contains(log, "fresh-") || strings.Contains(log, "refresh-") {
					t.Errorf("the log: %s", log)
				}
				row(t, tt.fault, framing, answer+" with the refreshed token, a log line", "session continues, the file is whole")
			})
		}
	}
}

func (u *pendingRequest) expectBearer(token string) {
	u.t.Helper()
	if got := u.Request.Header.Get("Authorization"); got != "Bearer "+token {
		u.t.Errorf("the request goes with %q, want %s", got, token)
	}
}

// TestNoHome checks that a missing home is reported at the start, unless no
// credentials are needed.
func TestNoHome(t *testing.T) {
	for _, tt := range []struct {
		fault string
		args  []string
		code  int
	}{
		{"neither HOME nor CODEX_HOME", nil, exitUsage},
		{"neither, and --mock", []string{"--mock"}, 0},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			cmd := exec.Command(built(t, "."), tt.args...)
			cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
			c := connectCommand(t, "lines", cmd)
			answer := "none"
			if tt.code == 0 {
				c.say(usage)
				answer = c.expect("1", "result")
			}
			c.in.Close()
			c.ends(tt.code)
			if advised := strings.Contains(c.log.String(), "set HOME or CODEX_HOME"); advised != (tt.code != 0) {
				t.Errorf("stderr: %s", &c.log)
			}
			row(t, tt.fault, "any", answer, fmt.Sprintf("exit %d", tt.code))
		})
	}
}
