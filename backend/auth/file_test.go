package auth

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
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
		got, err := Home("")
		if got != c.want || (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("CODEX_HOME=%s: %s, %v", c.set, got, err)
		}
		if _, err := Open(Options{}); (err == nil) != (c.fault == "") {
			t.Errorf("CODEX_HOME=%s: Open: %v", c.set, err)
		}
		t.Setenv("CODEX_HOME", filepath.Join(dir, "another"))
		if got, err := Home(c.set); c.set != "" && (got != c.want || (err == nil) != (c.fault == "")) {
			t.Errorf("chosen %s: %s, %v", c.set, got, err)
		}
	}
}

func needModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a file has an access list there, and no mode")
	}
}

func testFile(t *testing.T) *file {
	return &file{path: filepath.Join(t.TempDir(), "made", "on demand", fileName)}
}

func TestWriteSetsMode(t *testing.T) {
	needModes(t)
	f := testFile(t)
	inPlace := func(text []byte) error { return overwrite(f.path, text) }
	for _, write := range []func([]byte) error{f.write, f.write, inPlace} { // created, replaced, overwritten
		if err := write([]byte("{}")); err != nil {
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

func TestFailedWriteKeepsOldText(t *testing.T) {
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

func TestTemporariesAreRemoved(t *testing.T) {
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

func TestIrregularFile(t *testing.T) {
	f := testFile(t)
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		t.Fatal(err)
	}
	_, reading := f.read()
	for what, err := range map[string]error{"read": reading, "write": f.write([]byte("new")), "remove": f.remove()} {
		if err == nil || !strings.Contains(err.Error(), "not a regular file") {
			t.Errorf("%s: %v", what, err)
		}
	}
	if info, err := os.Lstat(f.path); err != nil || !info.IsDir() {
		t.Errorf("what is not ours was removed: %v", err)
	}
	large := testFile(t)
	if err := large.write(make([]byte, maxFileBytes+1)); err != nil {
		t.Fatal(err)
	}
	if _, err := large.read(); err == nil || !strings.Contains(err.Error(), "larger") {
		t.Error(err)
	}
}

func TestLocks(t *testing.T) {
	for name, lock := range map[string]func(*file, context.Context) (func(), error){
		"refresh": (*file).lockRefresh, "commit": (*file).lockCommit,
	} {
		f := testFile(t)
		unlock, err := lock(f, context.Background())
		if err != nil {
			t.Fatal(err)
		}
		other := &file{path: f.path}
		ctx, cancel := context.WithCancel(context.Background())
		got := make(chan error)
		go func() {
			_, err := lock(other, ctx)
			got <- err
		}()
		cancel()
		if err := <-got; !errors.Is(err, context.Canceled) {
			t.Errorf("%s: waiting for a held lock: %v", name, err)
		}
		unlock()
		unlock, err = lock(other, context.Background())
		if err != nil {
			t.Fatal(err)
		}
		unlock()
	}
}

// A user who can open a lock file could hold the lock for ever, so its mode is that of auth.json.
func TestLockFileMode(t *testing.T) {
	needModes(t)
	for _, c := range []struct{ file, before, want os.FileMode }{
		{0o600, 0, 0o600}, {0o600, 0o644, 0o600}, {0o600, 0o666, 0o600}, {0o660, 0o666, 0o660}, {0o660, 0o640, 0o640},
	} {
		f := testFile(t)
		if err := f.write([]byte("{}")); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(filepath.Dir(f.path), refreshLockName)
		if c.before != 0 {
			writeFile(t, path, "")
			if err := os.Chmod(path, c.before); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(f.path, c.file); err != nil {
			t.Fatal(err)
		}
		unlock, err := f.lockRefresh(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		unlock()
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != c.want {
			t.Errorf("auth.json %v, lock before %v: now %v, %v", c.file, c.before, info.Mode(), err)
		}
	}
}

// If a lock file is removed while a process waits for it, the process locks the new one.
func TestLockFileIsReplaced(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a file that is open cannot be removed there")
	}
	synctest.Test(t, func(t *testing.T) {
		f := testFile(t)
		unlock, err := f.lockCommit(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		got := make(chan func())
		other := &file{path: f.path}
		go func() {
			unlock, err := other.lockCommit(t.Context())
			if err != nil {
				t.Error(err)
			}
			got <- unlock
		}()
		synctest.Wait()
		path := filepath.Join(filepath.Dir(f.path), commitLockName)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		unlock()
		defer (<-got)()
		opened, err := openRegular(path, os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		if held, err := tryLock(opened); held || err != nil {
			t.Errorf("the file of the name is not the one that is locked: %v", err)
		}
	})
}

// Two homes with the same auth.json share its lock.
func TestHomesShareLock(t *testing.T) {
	f, other := testFile(t), testFile(t)
	if err := f.write([]byte("{}")); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(other.path), 0o700), os.Symlink(f.path, other.path)); err != nil {
		t.Fatal(err)
	}
	unlock, err := f.lockRefresh(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 3*lockPoll)
	defer cancel()
	if _, err := other.lockRefresh(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the other home: %v", err)
	}
}

// openExpired returns a store of a file with an expired token, with an issuer in
// memory.
func openExpired(t *testing.T) (s *Store, path string, issuer *fakeIssuer) {
	t.Helper()
	issuer = newFakeIssuer(t, "refresh-secret")
	home := t.TempDir()
	path = filepath.Join(home, fileName)
	writeFile(t, path, authJSON(expired(), "refresh-secret", "acct-1"))
	s, err := Open(Options{Home: home, HTTPClient: &http.Client{Transport: issuer}, Logger: testLog(t)})
	if err != nil {
		t.Fatal(err)
	}
	return s, path, issuer
}

// A process that was stopped with the refresh lock held blocks refreshes, but neither sign-in nor sign-out.
func TestStoppedLockHolder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		s, path, issuer := openExpired(t)
		unlock, err := (&file{path: path}).lockRefresh(ctx)
		if err != nil {
			t.Fatal(err)
		}
		defer unlock()
		start := time.Now()
		if _, err := s.Token(ctx); !errors.Is(err, ErrUnavailable) || time.Since(start) < refreshLockLimit || issuer.count("refresh") != 0 {
			t.Errorf("token after %v: %v", time.Since(start), err)
		}
		start = time.Now()
		if _, err := s.Login(ctx, LoginOptions{DeviceCode: true}, nil); err != nil || time.Since(start) > time.Second {
			t.Errorf("login after %v: %v", time.Since(start), err)
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

// If a process was stopped during its commit, refreshed tokens are used nevertheless, and saved when it continues.
func TestStoppedInCommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		s, path, _ := openExpired(t)
		unlock, err := (&file{path: path}).lockCommit(ctx)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if token, err := s.Token(ctx); err != nil || !strings.HasSuffix(token.Access, "access-secret-1") || time.Since(start) < 5*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		if strings.Contains(readFile(t, path), "refresh-secret-1") {
			t.Error("written without the lock")
		}
		unlock()
		if _, err := s.Token(ctx); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if strings.Contains(readFile(t, path), "refresh-secret-1") {
			t.Error("retried immediately")
		}
		time.Sleep(restTime)
		if _, err := s.Token(ctx); err != nil { // after the rest time
			t.Error(err)
		}
		synctest.Wait()
		if !strings.Contains(readFile(t, path), "refresh-secret-1") {
			t.Error("not saved after the other process continued")
		}
	})
}

// The official CLI loses its new tokens if it cannot acquire the commit lock within 5 s, so the lock is not held during
// requests.
func TestLocksDuringTheRequest(t *testing.T) {
	issuer := newFakeIssuer(t, "refresh-secret")
	s, path := openFile(t, issuer, authJSON(expired(), "refresh-secret", "acct-1"))
	busy := func(name string) bool {
		opened, err := openRegular(filepath.Join(filepath.Dir(path), name), os.O_RDWR, 0)
		if err != nil {
			t.Error(err)
			return false
		}
		defer opened.Close()
		held, err := tryLock(opened)
		if err != nil {
			t.Error(err)
		}
		return !held
	}
	issuer.before = func(context.Context, string) {
		if !busy("auth.lock") || busy("auth.json.lock") {
			t.Errorf("auth.lock is held: %v; auth.json.lock is held: %v", busy("auth.lock"), busy("auth.json.lock"))
		}
	}
	steps := 0
	s.keeper.(*file).fault = func(string) error {
		steps++
		if !busy("auth.lock") || !busy("auth.json.lock") {
			t.Error("written without the locks")
		}
		return nil
	}
	if _, err := s.Token(t.Context()); err != nil || steps == 0 {
		t.Errorf("%v after %d steps of a write", err, steps)
	}
}
