package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
)

func init() { roles["mounted"] = becomeMounted }

// becomeMounted executes a command that sees the first file at the path of the
// second, like a container with a bind-mounted file.
func becomeMounted() {
	if err := unix.Mount(os.Args[1], os.Args[2], "", unix.MS_BIND, ""); err != nil {
		panic(err)
	}
	panic(unix.Exec(os.Args[3], os.Args[3:], os.Environ()))
}

// fileRow reports a row of the table of faults of credential files.
func fileRow(t *testing.T, tried, came string) {
	t.Helper()
	t.Attr("table", "locks-and-files")
	t.Attr("tried", tried)
	t.Attr("came", came)
}

// A lockFault replaces a lock file.
type lockFault struct {
	name    string
	lock    string // the file's name
	prepare func(path string) error
	mend    func(path string) error
}

func lockFaults() (faults []lockFault) {
	for _, lock := range []string{"auth.lock", "auth.json.lock"} {
		faults = append(faults, []lockFault{
			{"a directory", lock, func(path string) error { return os.Mkdir(path, 0o700) }, os.Remove},
			{"a FIFO", lock, func(path string) error { return unix.Mkfifo(path, 0o600) }, os.Remove},
			{"a link to a FIFO", lock, func(path string) error {
				return errors.Join(unix.Mkfifo(path+".fifo", 0o600), os.Symlink(path+".fifo", path))
			}, os.Remove},
			{"a socket", lock, func(path string) error {
				fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM, 0)
				if err != nil {
					return err
				}
				defer unix.Close(fd)
				return unix.Bind(fd, &unix.SockaddrUnix{Name: path})
			}, os.Remove},
			{"a device", lock, func(path string) error { return os.Symlink("/dev/zero", path) }, os.Remove},
			{"a link to nowhere", lock, func(path string) error { return os.Symlink("absent/lock", path) }, os.Remove},
			{"a file that may not be opened", lock, func(path string) error { return os.WriteFile(path, nil, 0) },
				func(path string) error { return os.Chmod(path, 0o600) }},
			{"nothing, and a home that is read-only", lock, func(path string) error { return os.Chmod(filepath.Dir(path), 0o500) },
				func(path string) error { return os.Chmod(filepath.Dir(path), 0o700) }},
		}...)
	}
	return faults
}

// TestLockThatCannotBeHad checks that a refresh does not start without its
// lock, and that the error names the obstacle. Nothing blocks: a signal ends
// the host, and once the lock is available the next call refreshes.
func TestLockThatCannotBeHad(t *testing.T) {
	for _, f := range lockFaults() {
		t.Run(f.lock+"/"+f.name, func(t *testing.T) {
			issuer, flags := simulate(t, "")
			home := t.TempDir()
			writeExpired(t, home, "refresh")
			path := filepath.Join(home, f.lock)
			if err := f.prepare(path); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.Chmod(home, 0o700) })
			bound := func() *exec.Cmd {
				cmd := role("bound", append([]string{built(t, ".")}, flags...)...)
				cmd.Env = append(cmd.Env, "CODEX_HOME="+home)
				return cmd
			}
			c := connectCommand(t, "lines", bound())
			c.say(usage)
			m := c.answer()
			named := filepath.Join(home, "auth.lock") // the first that is opened
			if f.lock == "auth.json.lock" && !strings.HasPrefix(f.name, "nothing") {
				named = path
			}
			if m.Outcome() != "401 not_authenticated" || !strings.Contains(m.Error.Message, named) || strings.Contains(m.Error.Message, "login") {
				t.Errorf("%s: %+v", m.Outcome(), m.Error)
			}
			if f.name == "a link to nowhere" && !strings.Contains(m.Error.Message, "not a regular file. Remove it.") {
				t.Errorf("the message is not clear: %s", m.Error.Message)
			}
			if n := issuer.Stats().Refreshes; n != 0 {
				t.Errorf("%d refreshes without the lock", n)
			}
			signalled := time.Now()
			c.cmd.Process.Signal(syscall.SIGTERM)
			c.ends(0)
			if took := time.Since(signalled); took > 3*time.Second {
				t.Errorf("ended %v after SIGTERM", took)
			}
			if err := f.mend(path); err != nil {
				t.Fatal(err)
			}
			c = connectCommand(t, "lines", bound())
			c.goesOn()
			c.end(0)
			if n := issuer.Stats().Refreshes; n != 1 {
				t.Errorf("%d refreshes once the lock can be had", n)
			}
			fileRow(t, f.lock+": "+f.name, "no refresh; 401 not_authenticated that names the lock; SIGTERM ends it; once repaired, it refreshes")
		})
	}
}

func TestProcessesWithoutALock(t *testing.T) {
	issuer, flags := simulate(t, "")
	home := t.TempDir()
	writeExpired(t, home, "refresh")
	if err := os.Mkdir(filepath.Join(home, "auth.lock"), 0o700); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 12 {
		cmd := command(t, home, flags, "call", "codex.usage")
		all.Go(func() {
			if out, err := cmd.CombinedOutput(); err == nil || !bytes.Contains(out, []byte("auth.lock: not a regular file")) {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	all.Wait()
	if stats := issuer.Stats(); stats.Refreshes != 0 {
		t.Errorf("%d refreshes", stats.Refreshes)
	}
	fileRow(t, "12 processes, and a directory at auth.lock", "no refresh, 12 errors that name it")
}

// TestTokenServesWithoutALock checks that a token which has not expired is used
// while it cannot be refreshed.
func TestTokenServesWithoutALock(t *testing.T) {
	b := newSteppedBackend(t)
	home := t.TempDir()
	cmd := exec.Command(built(t, "."), b.flags()...)
	cmd.Env = append(os.Environ(), "CODEX_HOME="+home)
	soon := tokenUntil(time.Now().Add(time.Minute))
	writeAuth(t, cmd.Env, soon, "refresh")
	if err := unix.Mkfifo(filepath.Join(home, "auth.lock"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := connectCommand(t, "lines", cmd)
	c.call("1")
	u := b.next()
	u.expectBearer(soon)
	u.complete()
	c.expect("1", "result")
	c.end(0)
	if !strings.Contains(c.log.String(), "auth.lock") {
		t.Errorf("the log: %s", &c.log)
	}
	fileRow(t, "a FIFO for auth.lock, and a token that ends in a minute", "the call uses it, with a warning in the log")
}

// TestMountedFile checks that a bind-mounted file, which cannot be replaced, is
// written in place.
func TestMountedFile(t *testing.T) {
	issuer, flags := simulate(t, "")
	home, outside := t.TempDir(), t.TempDir()
	writeExpired(t, outside, "refresh")
	file, place := filepath.Join(outside, "auth.json"), filepath.Join(home, "auth.json")
	if err := os.WriteFile(place, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second finds what the first has saved
		cmd := role("mounted", append([]string{file, place, built(t, "."), "call", "codex.usage"}, flags...)...)
		cmd.Env = append(cmd.Env, "CODEX_HOME="+home)
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		}
		if out, err := cmd.CombinedOutput(); err != nil || bytes.Contains(out, []byte("level=ERROR")) || bytes.Contains(out, []byte("saved")) {
			t.Fatalf("%v: %s", err, out)
		}
	}
	after, err := os.Stat(file)
	if err != nil || !os.SameFile(before, after) {
		t.Errorf("another file: %v", err)
	}
	if stats := issuer.Stats(); stats.Refreshes != 1 || stats.Reuses != 0 {
		t.Errorf("%d refreshes, %d of them with a used token", stats.Refreshes, stats.Reuses)
	}
	if left, _ := filepath.Glob(filepath.Join(home, ".auth*")); len(left) > 0 {
		t.Errorf("leftover files: %v", left)
	}
	fileRow(t, "auth.json as a mount of its own (rename: EBUSY)", "written in place; two processes refresh once")
}

// A refresh as root leaves auth.json and the lock files to their owner.
func TestRefreshAsRoot(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root acts for others")
	}
	const uid, gid = 12345, 23456
	_, flags := simulate(t, "")
	for _, c := range []struct {
		tried string
		args  []string
		ready func(t *testing.T, home string) error
	}{
		{"a refresh as root", []string{"call", "codex.usage"}, func(t *testing.T, home string) error {
			writeExpired(t, home, "refresh")
			return os.Chown(filepath.Join(home, "auth.json"), uid, gid)
		}},
		{"the same, in a home that belongs to a third user", []string{"call", "codex.usage"}, func(t *testing.T, home string) error {
			writeExpired(t, home, "refresh-2")
			return errors.Join(os.Chown(home, 1, 1), os.Chown(filepath.Join(home, "auth.json"), uid, gid))
		}},
		{"the same, with lock files that root left behind", []string{"call", "codex.usage"}, func(t *testing.T, home string) error {
			writeExpired(t, home, "refresh-3")
			return errors.Join(os.Chown(filepath.Join(home, "auth.json"), uid, gid),
				os.WriteFile(filepath.Join(home, "auth.lock"), nil, 0o600), os.WriteFile(filepath.Join(home, "auth.json.lock"), nil, 0o600))
		}},
		{"a sign-in as root in another's home", []string{"login", "--device-code"}, func(_ *testing.T, home string) error {
			return os.Chown(home, uid, gid)
		}},
		{"the same, without an existing .codex", []string{"login", "--device-code"}, func(_ *testing.T, home string) error {
			return errors.Join(os.Remove(home), os.Chown(filepath.Dir(home), uid, gid))
		}},
	} {
		t.Run(c.tried, func(t *testing.T) {
			home := filepath.Join(t.TempDir(), ".codex")
			if err := errors.Join(os.Mkdir(home, 0o700), c.ready(t, home)); err != nil {
				t.Fatal(err)
			}
			_, own := simulate(t, "device_polls=0")
			if c.args[0] == "call" {
				own = flags
			}
			if out, err := command(t, home, own, c.args...).CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			for _, name := range []string{"auth.json", "auth.json.lock", "auth.lock"} {
				info, err := os.Stat(filepath.Join(home, name))
				if name == "auth.lock" && errors.Is(err, os.ErrNotExist) && c.args[0] == "login" {
					continue // a sign-in refreshes nothing
				}
				if err != nil {
					t.Fatal(err)
				}
				if s := info.Sys().(*syscall.Stat_t); s.Uid != uid || s.Gid != gid {
					t.Errorf("%s belongs to %d:%d", name, s.Uid, s.Gid)
				}
				if name == "auth.json" && info.Mode().Perm() != 0o600 {
					t.Errorf("auth.json has mode %v", info.Mode())
				}
			}
			fileRow(t, c.tried, "auth.json and both lock files belong to its owner and group")
		})
	}
}

// A file that its reader may write and not replace, since it is another's, stays
// that other's.
func TestFileOfAnother(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make files of others")
	}
	_, flags := simulate(t, "")
	home := t.TempDir()
	writeExpired(t, home, "refresh")
	path := filepath.Join(home, "auth.json")
	// The directory is ours, the file another's who lets our group write it.
	const uid, other, gid = 12345, 12346, 23456
	program := filepath.Join(t.TempDir(), "codex-rpc")
	text, err := os.ReadFile(built(t, "."))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chown(home, uid, gid), os.Chown(path, other, gid), os.Chmod(path, 0o660),
		os.WriteFile(program, text, 0o755), openParents(program), openParents(home)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, append([]string{"call", "codex.usage"}, flags...)...)
	cmd.Env = append(os.Environ(), "CODEX_HOME="+home, "HOME="+home)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid}}
	if out, err := cmd.CombinedOutput(); err != nil || bytes.Contains(out, []byte("ERROR")) {
		t.Fatalf("%v: %s", err, out)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if s := info.Sys().(*syscall.Stat_t); s.Uid != other || s.Gid != gid {
		t.Errorf("auth.json belongs to %d:%d", s.Uid, s.Gid)
	}
	if text, err := os.ReadFile(path); err != nil || bytes.Contains(text, []byte(`"refresh"`)) {
		t.Errorf("not refreshed: %v", err)
	}
	fileRow(t, "an auth.json of another user that our group may write", "written in place; it stays the other's")
}

// openParents lets other users reach a file below the tests' own directories.
func openParents(path string) error {
	for dir := filepath.Dir(path); strings.HasPrefix(dir, os.TempDir()+"/"); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			return err
		}
	}
	return nil
}

// What other programs make of auth.json does not sign the user out, and what is
// theirs is still there after a refresh.
func TestFilesOfOtherPrograms(t *testing.T) {
	for _, c := range []struct{ tried, text, account string }{
		{"a byte order mark", "\ufeff" + foreignAuth(`"acct-1"`, `"2026-11-25T10:00:00Z"`), "acct-1"},
		{"last_refresh as a number", foreignAuth(`"acct-1"`, "1764064800"), "acct-1"},
		{"last_refresh as an empty text", foreignAuth(`"acct-1"`, `""`), "acct-1"},
		{"tokens that name no account", foreignAuth("null", `"2026-11-25T10:00:00Z"`), ""},
	} {
		t.Run(c.tried, func(t *testing.T) {
			b := newSteppedBackend(t)
			home := home(t)
			path := filepath.Join(home, "auth.json")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(built(t, "."), b.flags()...)
			cmd.Env = append(os.Environ(), "CODEX_HOME="+home)
			host := connectCommand(t, "lines", cmd)
			host.call("1")
			b.next().reply(backendtest.JSON(`{"access_token":"fresh"}`))
			u := b.next()
			u.expectBearer("fresh")
			if got, sent := u.Request.Header.Get("Chatgpt-Account-Id"), u.Request.Header["Chatgpt-Account-Id"]; got != c.account || c.account == "" && sent != nil {
				t.Errorf("account %q", sent)
			}
			u.complete()
			host.expect("1", "result")
			host.end(0)
			text, err := os.ReadFile(path)
			if err != nil || !bytes.Contains(text, []byte(`"theirs":[1.0]`)) || !bytes.Contains(text, []byte(`"fresh"`)) {
				t.Errorf("auth.json is now %s, %v", text, err)
			}
			came := "refreshed and called; members of others are kept"
			if c.account == "" {
				came += "; no chatgpt-account-id is sent"
			}
			fileRow(t, "auth.json with "+c.tried, came)
		})
	}
}

func foreignAuth(account, lastRefresh string) string {
	return fmt.Sprintf(`{"theirs":[1.0],"tokens":{"id_token":"e30.e30.e30","access_token":%q,"refresh_token":"r","account_id":%s},"last_refresh":%s}`,
		expiredToken, account, lastRefresh)
}
