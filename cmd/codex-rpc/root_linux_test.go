package main

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A user who has root run the program in a home of the user's gets nothing of
// root's by it: neither is it given away, nor written to.
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
			if err := errors.Join(os.WriteFile(roots, []byte(text), 0o600), os.Chown(home, uid, gid),
				os.Chown(filepath.Join(home, "auth.json"), uid, gid), c.trap(home, roots)); err != nil {
				t.Fatal(err)
			}
			out, _ := command(t, home, flags, c.args...).CombinedOutput()
			info, err := os.Stat(roots)
			if err != nil {
				t.Fatal(err)
			}
			if s := info.Sys().(*syscall.Stat_t); s.Uid != 0 || s.Gid != 0 {
				t.Errorf("given to %d:%d: %s", s.Uid, s.Gid, out)
			}
			if got, err := os.ReadFile(roots); err != nil || string(got) != text {
				t.Errorf("now %q, %v: %s", got, err, out)
			}
			if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
				t.Errorf("beside it: %v, %v", entries, err)
			}
			fileRow(t, "root in the home of a user who made "+c.tried, "root's file stays as it is, and root's")
		})
	}
}
