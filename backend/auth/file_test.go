package auth

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var writeSteps = []string{"create", "write", "sync", "rename", "sync directory"}

func TestHome(t *testing.T) {
	dir := t.TempDir()
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(dir, "plain")
	writeFile(t, plain, "")
	user, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ set, want, fault string }{
		{"", filepath.Join(user, ".codex"), ""},
		{dir, real, ""},
		{link, real, ""},
		{plain, "", "is not a directory"},
		{filepath.Join(dir, "absent"), filepath.Join(dir, "absent"), ""},
	} {
		t.Setenv("CODEX_HOME", c.set)
		got, err := Home()
		if got != c.want || (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("CODEX_HOME=%s: %s, %v", c.set, got, err)
		}
		if _, err := Open(Options{}); (err == nil) != (c.fault == "") {
			t.Errorf("CODEX_HOME=%s: Open: %v", c.set, err)
		}
	}
}

func testFile(t *testing.T) *file {
	return &file{path: filepath.Join(t.TempDir(), "made", "on demand", fileName), log: testLog(t)}
}

func TestWriteRepairsTheMode(t *testing.T) {
	f := testFile(t)
	for range 2 { // made, then replaced
		if err := f.write([]byte("{}")); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(f.path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		if err := os.Chmod(f.path, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWriteThroughSymlinks(t *testing.T) {
	for _, c := range []struct {
		name   string
		exists bool
	}{{"to a file", true}, {"dangling", false}} {
		f := testFile(t)
		home, dots := filepath.Dir(f.path), t.TempDir()
		if err := os.MkdirAll(home, 0o700); err != nil {
			t.Fatal(err)
		}
		target, middle := filepath.Join(dots, "real.json"), filepath.Join(dots, "middle")
		if c.exists {
			writeFile(t, target, "old")
		}
		if err := errors.Join(os.Symlink("real.json", middle), os.Symlink(middle, f.path)); err != nil {
			t.Fatal(err)
		}
		if err := f.write([]byte("new")); err != nil {
			t.Fatal(err)
		}
		if got := readFile(t, target); got != "new" {
			t.Errorf("%s: target holds %q", c.name, got)
		}
		for range 2 {
			if err := f.remove(); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if _, err := os.Lstat(target); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: the tokens are still on disk: %v", c.name, err)
		}
		for _, link := range []string{f.path, middle} {
			if _, err := os.Readlink(link); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
		}
	}
	loop := testFile(t)
	if err := errors.Join(os.MkdirAll(filepath.Dir(loop.path), 0o700), os.Symlink(fileName, loop.path)); err != nil {
		t.Fatal(err)
	}
	if err := loop.write([]byte("x")); err == nil {
		t.Error("wrote through a loop of links")
	}
}

func TestFailedWriteLeavesTheOldText(t *testing.T) {
	for _, step := range writeSteps {
		f := testFile(t)
		if err := f.write([]byte("old")); err != nil {
			t.Fatal(err)
		}
		f.fault = func(at string) error {
			if at == step {
				return syscall.ENOSPC
			}
			return nil
		}
		err, want := f.write([]byte("new")), "old"
		if step == "sync directory" {
			want = "new"
		} else if !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s: %v", step, err)
		}
		if got := readFile(t, f.path); got != want {
			t.Errorf("%s: %q, want %q", step, got, want)
		}
		if left := list(t, f); len(left) != 1 {
			t.Errorf("%s left %v", step, left)
		}
	}
}

func list(t *testing.T, f *file) (names []string) {
	entries, err := os.ReadDir(filepath.Dir(f.path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestRemainsOfAKilledWriterGo(t *testing.T) {
	for name, change := range map[string]func(*file) error{
		"write":  func(f *file) error { return f.write([]byte("{}")) },
		"remove": (*file).remove,
	} {
		f := testFile(t)
		if err := f.write([]byte("{}")); err != nil {
			t.Fatal(err)
		}
		left := filepath.Join(filepath.Dir(f.path), temporary+"123")
		writeFile(t, left, "tokens")
		if err := change(f); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadRefusesWhatIsNoFile(t *testing.T) {
	f := testFile(t)
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := f.read(); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Error(err)
	}
	large := testFile(t)
	if err := large.write(make([]byte, maxFileBytes+1)); err != nil {
		t.Fatal(err)
	}
	if _, err := large.read(); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Error(err)
	}
}

func TestLock(t *testing.T) {
	f := testFile(t)
	unlock, err := f.lock(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	other := &file{path: f.path, log: f.log}
	ctx, cancel := context.WithCancel(context.Background())
	got := make(chan error)
	go func() {
		_, err := other.lock(ctx)
		got <- err
	}()
	cancel()
	if err := <-got; !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for a held lock: %v", err)
	}
	unlock()
	unlock, err = other.lock(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}

// A directory in the lock's place stands for a home where nothing can be created.
func TestNoLockIsNoObstacle(t *testing.T) {
	f := testFile(t)
	if err := os.MkdirAll(f.path+".lock", 0o700); err != nil {
		t.Fatal(err)
	}
	unlock, err := f.lock(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	unlock()
}

// A process that was stopped while it held the lock holds up refreshes, and neither sign-in nor sign-out.
func TestStoppedLockHolder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		issuer := newFakeIssuer(t, "refresh-secret")
		home := t.TempDir()
		path := filepath.Join(home, fileName)
		writeFile(t, path, authJSON(expired(), "refresh-secret", "acct-1"))
		s, err := Open(Options{Home: home, HTTPClient: &http.Client{Transport: issuer}, Logger: testLog(t)})
		if err != nil {
			t.Fatal(err)
		}
		unlock, err := (&file{path: path, log: s.log}).lock(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer unlock()
		start := time.Now()
		if _, err := s.Token(ctx); !errors.Is(err, ErrUnavailable) || time.Since(start) < lockLimit || issuer.count("refresh") != 0 {
			t.Errorf("token after %v: %v", time.Since(start), err)
		}
		if _, err := s.Login(ctx, LoginOptions{DeviceCode: true}, nil); err != nil {
			t.Errorf("login: %v", err)
		}
		if !strings.Contains(readFile(t, path), "refresh-secret-1") {
			t.Error("the sign-in was not written")
		}
		if revoked, err := s.Logout(ctx); err != nil || !revoked {
			t.Errorf("logout: %v, %v", revoked, err)
		}
		if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
			t.Error(err)
		}
	})
}
