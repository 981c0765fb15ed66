// Package browser signs in with a real browser. It is run by name, since it
// needs Chromium:
//
//	go test ./.ci/browser
//
// Pictures of the pages are left in CODEX_RPC_SCREENSHOTS, a directory, if it
// is set.
package browser

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
)

// A login is the command of that name, waiting for its user.
type login struct {
	cmd     *exec.Cmd
	page    string
	started string // the file that holds what a browser was started with
	stdout  bytes.Buffer
	stderr  io.Reader
}

func startLogin(t *testing.T, program string) *login {
	t.Helper()
	issuer, err := simulator.Listen("127.0.0.1:0", simulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { issuer.Close() })
	l := &login{cmd: exec.Command(program, "login", "--auth-issuer="+issuer.URL()), started: filepath.Join(t.TempDir(), "started")}
	bin := t.TempDir()
	// Instead of a browser, this script records the arguments that it is
	// started with.
	script := "#!/bin/sh\necho \"$*\" >" + l.started + ".new && mv " + l.started + ".new " + l.started + "\n"
	if err := os.WriteFile(filepath.Join(bin, "xdg-open"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	l.cmd.Env = append(os.Environ(), "CODEX_HOME="+t.TempDir(), "PATH="+bin+":"+os.Getenv("PATH"))
	l.cmd.Stdout = &l.stdout
	pipe, err := l.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.cmd.Process.Kill() })
	lines := bufio.NewReader(pipe)
	l.stderr = lines
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			t.Fatal("no URL is printed")
		}
		if address := strings.TrimSpace(line); strings.HasPrefix(address, "http://") {
			l.page = address
			return l
		}
	}
}

// end returns the rest of stderr and the exit code.
func (l *login) end() (stderr string, code int) {
	rest, _ := io.ReadAll(l.stderr)
	l.cmd.Wait()
	return string(rest), l.cmd.ProcessState.ExitCode()
}

func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "codex-rpc")
	out, err := exec.Command("go", "build", "-o", path, "github.com/codex-rpc/codex-rpc/cmd/codex-rpc").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// pictures returns the directory for pictures.
func pictures(t *testing.T) string {
	if dir := os.Getenv("CODEX_RPC_SCREENSHOTS"); dir != "" {
		return dir
	}
	return t.TempDir()
}

func TestApprove(t *testing.T) {
	l := startLogin(t, build(t))
	b := openTab(t)
	b.open(l.page)
	b.sees("mock@example.test")
	b.click("#approve")
	b.sees("Signed in", "You can close this page and return to your program.")
	if title := b.eval("document.title"); title != "Signed in" {
		t.Errorf("the title is %q", title)
	}
	dir := pictures(t)
	b.screenshot(filepath.Join(dir, "success.png"), "light")
	b.screenshot(filepath.Join(dir, "success-dark.png"), "dark")
	if stderr, code := l.end(); code != 0 || !strings.Contains(l.stdout.String(), "mock@example.test") {
		t.Errorf("exit %d, stdout %q, stderr %q", code, &l.stdout, stderr)
	}
}

// TestDoor checks that the URL with which a browser is started leads to the
// issuer and back.
func TestDoor(t *testing.T) {
	l := startLogin(t, build(t))
	var door string
	for deadline := time.Now().Add(30 * time.Second); door == ""; time.Sleep(10 * time.Millisecond) {
		text, err := os.ReadFile(l.started)
		if err == nil {
			door = strings.TrimSpace(string(text))
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	if strings.Contains(door, "authorize") || strings.Contains(door, " ") {
		t.Errorf("a browser is started with %s", door)
	}
	b := openTab(t)
	b.open(door)
	b.sees("mock@example.test")
	b.click("#approve")
	b.sees("Signed in")
	if stderr, code := l.end(); code != 0 {
		t.Errorf("exit %d, stderr %q", code, stderr)
	}
}

// TestCancelByAWebPage checks that a web page cannot end the sign-in by
// requesting /cancel in any way.
func TestCancelByAWebPage(t *testing.T) {
	l := startLogin(t, build(t))
	at, err := url.Parse(l.page)
	if err != nil {
		t.Fatal(err)
	}
	cancel := strings.Replace(at.Query().Get("redirect_uri"), "/auth/callback", "/cancel", 1)
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!doctype html><title>evil</title>")
	}))
	defer page.Close()
	b := openTab(t)
	b.open(page.URL)
	b.eval(`Promise.allSettled([
		new Promise(done => { const i = new Image(); i.onload = i.onerror = done; i.src = %q }),
		new Promise(done => { const f = document.createElement('iframe'); f.onload = done; f.src = %[1]q; document.documentElement.append(f) }),
		fetch(%[1]q, {mode: 'no-cors', referrerPolicy: 'no-referrer'}),
		fetch(%[1]q),
	]).then(() => 'done')`, cancel)
	b.open(l.page)
	b.click("#approve")
	b.sees("Signed in")
	if stderr, code := l.end(); code != 0 {
		t.Errorf("exit %d, stderr %q", code, stderr)
	}
}

func TestDeny(t *testing.T) {
	l := startLogin(t, build(t))
	b := openTab(t)
	b.open(l.page)
	b.click("#deny")
	b.sees("Sign-in failed\n", "The user denied the request.")
	if stderr, code := l.end(); code != 1 || !strings.Contains(stderr, "The user denied the request.") {
		t.Errorf("exit %d, stderr %q", code, stderr)
	}
}

// TestHostileDescription checks that error_description, which anyone who can
// make a link controls, is shown as text: nothing in it runs, loads or
// redirects.
func TestHostileDescription(t *testing.T) {
	l := startLogin(t, build(t))
	at, err := url.Parse(l.page)
	if err != nil {
		t.Fatal(err)
	}
	const hostile = `</p><script>window.owned=1</script><img src=x onerror="window.owned=2"><svg onload=window.owned=3>` +
		`<a href="javascript:window.owned=4">next</a><style>body{display:none}</style><base href=//192.0.2.1><meta http-equiv=refresh content="0;url=//192.0.2.1">`
	back := at.Query().Get("redirect_uri") + "?" + url.Values{
		"error": {"access_denied"}, "error_description": {hostile}, "state": {at.Query().Get("state")},
	}.Encode()
	b := openTab(t)
	b.open(back)
	dir := pictures(t)
	b.screenshot(filepath.Join(dir, "failure.png"), "light")
	b.screenshot(filepath.Join(dir, "failure-dark.png"), "dark")
	b.sees("Sign-in failed", `<script>window.owned=1</script>`, `onerror="window.owned=2"`)
	if owned := b.eval("window.owned"); owned != "undefined" {
		t.Errorf("script number %s ran", owned)
	}
	if at := b.eval("location.href"); at != back {
		t.Errorf("the browser was redirected to %s", at)
	}
	if n := b.eval("document.querySelectorAll('script, img, svg, a, base, meta[http-equiv], body style').length"); n != "0" {
		t.Errorf("the text became %s elements", n)
	}
	// The page's policy blocks scripts that would get past the escaping.
	b.eval(`new Promise(done => {
		document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.owned=5">')
		document.body.lastChild.addEventListener('error', done)
	})`)
	b.eval("document.body.appendChild(Object.assign(document.createElement('script'), {textContent: 'window.owned=6'}))")
	if owned := b.eval("window.owned"); owned != "undefined" {
		t.Errorf("script number %s ran although the policy allows none", owned)
	}
	stderr, code := l.end()
	if code != 1 || !strings.Contains(stderr, "\ncodex-rpc: Sign-in failed: </p><script>") || strings.Count(stderr, "\n") != 2 {
		t.Errorf("exit %d, stderr %q", code, stderr)
	}
}
