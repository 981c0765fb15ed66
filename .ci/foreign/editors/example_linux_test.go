package editors

import (
	"fmt"
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

const recordStatus = `HOST "$@"; echo $? >status`

// The examples do what their headers say. The user asks with a line, and gets a partial answer, since the backend
// stalls; cancels, which leaves that; asks with two lines, which stand below it, and has the whole answer; and quits.
func TestExamples(t *testing.T) {
	for _, x := range examples {
		t.Run(x.name, func(t *testing.T) {
			e := start(t, recordStatus, x.command, account(t)...)
			if done := e.steps(); !slices.Equal(done, []string{"partial", "answer"}) {
				t.Errorf("done is %q", done)
			}
			if status := e.status(); status != "0" {
				t.Errorf("the host ends with %s", status)
			}
		})
	}
}

// account returns an environment in which a host has a made-up account at a backend that falls silent in the middle of
// its first response, and begins another one when nobody waits for that any more.
func account(t *testing.T) []string {
	mock, err := simulator.New(simulator.Options{Scenario: "path=/responses,stall=7,times=1"})
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
