package auth

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

// The test binary is also run as the other processes of these tests, whose role is set in the environment.
const (
	childIssuer = "AUTH_TEST_ISSUER"
	childHome   = "AUTH_TEST_HOME"
	childKill   = "AUTH_TEST_KILL_BEFORE"
	childURL    = "AUTH_TEST_OPEN_BROWSER"
	childRole   = "AUTH_TEST_ROLE"
	childName   = "AUTH_TEST_NAME"
)

// beResident runs a process with a role, if the system has flock.
var beResident = func() int { return 1 }

func TestMain(m *testing.M) {
	if os.Getenv(childRole) != "" {
		os.Exit(beResident())
	}
	if os.Getenv(childIssuer) != "" {
		os.Exit(child())
	}
	if address := os.Getenv(childURL); address != "" {
		if err := openBrowser(address); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child requests a token and prints its digest. With childKill set it kills itself before that step of the write.
func child() int {
	s, err := Open(Options{Home: os.Getenv(childHome), Issuer: os.Getenv(childIssuer)})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if step := os.Getenv(childKill); step != "" {
		s.keeper.(*file).fault = func(at string) error {
			if at == step {
				if self, err := os.FindProcess(os.Getpid()); err == nil {
					self.Kill()
				}
				select {}
			}
			return nil
		}
	}
	token, err := s.Token(context.Background())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Printf("%x\n", sha256.Sum256([]byte(token.Access)))
	return 0
}

func spawn(t *testing.T, home, issuer, kill string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self)
	c.Env = append(os.Environ(), childHome+"="+home, childIssuer+"="+issuer, childKill+"="+kill)
	return c
}

// AUTH_TEST_ROUNDS sets the number of rounds, such as 50 for a thorough run.
func TestManyProcessesRefreshOnce(t *testing.T) {
	rounds := 5
	if text := os.Getenv("AUTH_TEST_ROUNDS"); text != "" {
		var err error
		if rounds, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	for range rounds {
		issuer := newFakeIssuer(t, "refresh-secret")
		address := issuer.serve()
		home := t.TempDir()
		writeFile(t, filepath.Join(home, fileName), authJSON(expired(), "refresh-secret", "acct-1"))
		var wg sync.WaitGroup
		outputs := make([]string, 20)
		for n := range outputs {
			wg.Go(func() {
				out, err := spawn(t, home, address, "").CombinedOutput()
				if err != nil {
					t.Errorf("%v: %s", err, out)
				}
				outputs[n] = string(out)
			})
		}
		wg.Wait()
		if n := issuer.count("refresh"); n != 1 {
			t.Errorf("%d refreshes", n)
		}
		for _, out := range outputs {
			if out != outputs[0] {
				t.Errorf("tokens differ: %s, %s", out, outputs[0])
			}
		}
	}
}

func TestKilledAtAnyStep(t *testing.T) {
	for _, step := range writeSteps {
		issuer := newFakeIssuer(t, "refresh-secret")
		address := issuer.serve()
		home := t.TempDir()
		path := filepath.Join(home, fileName)
		old := authJSON(expired(), "refresh-secret", "acct-1")
		writeFile(t, path, old)
		out, err := spawn(t, home, address, step).CombinedOutput()
		if err == nil {
			t.Errorf("%s: not killed: %s", step, out)
		}
		text := readFile(t, path)
		c, err := parseCredentials(document(text))
		isNew := err == nil && c.refresh == "refresh-secret-1" && c.access != "" && c.id != ""
		if text != old && !isNew {
			t.Errorf("%s: neither old nor new: %v\n%s", step, err, text)
		}
		if isNew != (step == "sync directory") {
			t.Errorf("%s: new: %v", step, isNew)
		}
		// The kernel has released the lock of the dead process, and the next writer removes its temporary file.
		issuer.change(func() { issuer.live = c.refresh })
		s, err := Open(Options{Home: home, Issuer: address, Logger: testLog(t)})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		if _, err := s.Refresh(ctx, backend.Token{Access: c.access}); err != nil {
			t.Errorf("%s: afterwards: %v", step, err)
		}
		cancel()
		entries, err := os.ReadDir(home)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), temporary) {
				t.Errorf("%s: %s is left", step, e.Name())
			}
		}
	}
}

// The output of a browser must not reach standard output, which is used by the protocol.
func TestBrowserIsSilent(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no program on the PATH opens pages there")
	}
	bin := t.TempDir()
	script := "#!/bin/sh\necho noise\necho noise >&2\necho \"$1\" >" + filepath.Join(bin, "opened") + "\n"
	for _, name := range []string{"xdg-open", "open"} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	c := spawn(t, "", "", "")
	c.Env = append(c.Env, childURL+"=https://example.com/?a=1&b=2", "PATH="+bin)
	if out, err := c.CombinedOutput(); err != nil || len(out) != 0 {
		t.Errorf("%v: %s", err, out)
	}
	if got := readFile(t, filepath.Join(bin, "opened")); got != "https://example.com/?a=1&b=2\n" {
		t.Errorf("opened %q", got)
	}
}
