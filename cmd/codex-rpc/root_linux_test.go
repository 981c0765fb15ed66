package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func init() { roles["visitor"] = visit }

// visit requests a page, and prints the status and the location.
func visit() {
	resp, err := new(http.Transport).RoundTrip(must(http.NewRequest(http.MethodGet, os.Args[1], nil)))
	if err != nil {
		panic(err)
	}
	fmt.Print(resp.StatusCode, " ", resp.Header.Get("Location"))
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// TestAnotherUserAtTheDoor checks that another user of the machine, who can
// read the URL in the list of processes before the browser opens it, cannot use
// it.
func TestAnotherUserAtTheDoor(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root is two users")
	}
	const ours, another = 12345, 54321
	_, flags := simulate(t, "")
	home, bin := t.TempDir(), t.TempDir()
	started := filepath.Join(home, "started")
	script := "#!/bin/sh\necho \"$1\" >" + started + ".new && mv " + started + ".new " + started + "\n"
	if err := errors.Join(os.WriteFile(filepath.Join(bin, "xdg-open"), []byte(script), 0o755), os.Chown(home, ours, ours),
		openParents(started), openParents(filepath.Join(bin, "x"))); err != nil {
		t.Fatal(err)
	}
	cmd := asUser(t, ours, built(t, "."), append([]string{"login"}, flags...)...)
	cmd.Env = append(os.Environ(), "CODEX_HOME="+home, "HOME="+home, "PATH="+bin+":"+os.Getenv("PATH"))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	door := ""
	for deadline := time.Now().Add(patience); door == ""; time.Sleep(10 * time.Millisecond) {
		if text, err := os.ReadFile(started); err == nil {
			door = strings.TrimSpace(string(text))
		} else if time.Now().After(deadline) {
			t.Fatalf("no browser is started: %s", &stderr)
		}
	}
	cancel := door[:strings.LastIndexByte(door, '/')] + "/cancel"
	for _, step := range []struct {
		uid  uint32
		page string
		want string
	}{
		{another, door, "403 "}, {another, cancel, "403 "}, {ours, door, "302 http://"}, {ours, door, "410 "}, {ours, cancel, "200 "},
	} {
		visitor := asUser(t, step.uid, os.Args[0], step.page)
		visitor.Env = append(os.Environ(), "CODEX_RPC_TEST_ROLE=visitor")
		if out, err := visitor.Output(); err != nil || !strings.HasPrefix(string(out), step.want) {
			t.Errorf("user %d at %s: %s, %v; want %s", step.uid, step.page, out, err, step.want)
		}
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(stderr.String(), "Login cancelled") {
		t.Errorf("%v: %s", err, &stderr)
	}
	t.Attr("table", "sign-in")
	t.Attr("tried", "another user visits the page that our browser was started with, before it, and /cancel")
	t.Attr("came", "403 twice; our own user is let in once, and may cancel")
}

// TestRootInTheHomeOfAnother checks that a user who has root run the program in
// the user's home gains nothing: no file of root's is given away or written.
func TestRootInTheHomeOfAnother(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root has something to lose")
	}
	const uid, gid = 12345, 23456
	const text = "root's own"
	for _, c := range []struct {
		tried string
		args  []string
		trap  func(home, roots string) error
	}{
		{"auth.lock as a link to root's file", []string{"call", "codex.usage"}, func(home, roots string) error {
			return os.Symlink(roots, filepath.Join(home, "auth.lock"))
		}},
		{"auth.lock as another name of root's file", []string{"call", "codex.usage"}, func(home, roots string) error {
			return os.Link(roots, filepath.Join(home, "auth.lock"))
		}},
		{"auth.json.lock as a link to root's file", []string{"login", "--device-code"}, func(home, roots string) error {
			return os.Symlink(roots, filepath.Join(home, "auth.json.lock"))
		}},
		{"auth.json as the user's link to root's file", []string{"login", "--device-code"}, func(home, roots string) error {
			path := filepath.Join(home, "auth.json")
			return errors.Join(os.Remove(path), os.Symlink(roots, path), os.Lchown(path, uid, gid))
		}},
		{"auth.json as the user's link to a name in root's directory", []string{"login", "--device-code"}, func(home, roots string) error {
			path := filepath.Join(home, "auth.json")
			return errors.Join(os.Remove(path), os.Symlink(filepath.Join(filepath.Dir(roots), "new"), path), os.Lchown(path, uid, gid))
		}},
	} {
		t.Run(c.tried, func(t *testing.T) {
			_, flags := simulate(t, "device_polls=0")
			home, dir := t.TempDir(), t.TempDir()
			roots := filepath.Join(dir, "roots")
			writeExpired(t, home, "refresh")
			if err := errors.Join(os.WriteFile(roots, []byte(text), 0o644), os.Chown(home, uid, gid),
				os.Chown(filepath.Join(home, "auth.json"), uid, gid), c.trap(home, roots)); err != nil {
				t.Fatal(err)
			}
			out, _ := command(t, home, flags, c.args...).CombinedOutput()
			info, err := os.Stat(roots)
			if err != nil {
				t.Fatal(err)
			}
			if s := info.Sys().(*syscall.Stat_t); s.Uid != 0 || s.Gid != 0 || info.Mode().Perm() != 0o644 {
				t.Errorf("given to %d:%d, mode %v: %s", s.Uid, s.Gid, info.Mode(), out)
			}
			if got, err := os.ReadFile(roots); err != nil || string(got) != text {
				t.Errorf("now %q, %v: %s", got, err, out)
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
				t.Errorf("other files: %v, %v", entries, err)
			}
			fileRow(t, "root in the home of a user who made "+c.tried, "root's file stays as it is, and root's")
		})
	}
}
