// Package editors runs unmodified editors with a host: their own JSON-RPC
// clients, and the examples in conformance/editors. It is run by name, since it
// needs Neovim, Emacs, a Vim with channels, and Linux:
//
//	go test ./.ci/foreign/editors
package editors

import (
	"slices"
	"strings"
	"testing"
	"time"
)

var clients = []struct {
	name, framing string
	command       []string
	steps         []string
}{
	{"neovim", "Content-Length", nvim("-c", "luafile client/neovim.lua"), lsp},
	{"emacs", "Content-Length", emacs("-l", "client/emacs.el"), lsp},
	{"vim in lsp mode", "Content-Length", vim("--cmd", "let mode = 'lsp'", "-S", "client/vim.vim"), lsp},
	{"vim in nl mode", "lines", vim("--cmd", "let mode = 'nl'", "-S", "client/vim.vim"), lines},
}

// The steps of the clients:
//
//   - initialize and initialized, if the client is an LSP client
//   - a call, and its result
//   - a stream, whose events are complete, in order and before the response
//   - a stream that stalls and is cancelled, which is answered with -32800
//   - a call with an unknown parameter, whose error names it
//   - a clean close: shutdown and exit, or the end of the input; the host exits with 0
//
// CODEX_RPC_HOLD names another model for the stream that is cancelled, which is then left open instead.
var (
	lines = []string{"call", "stream 13 events", "cancel", "error", "close"}
	lsp   = append([]string{"initialize"}, lines...)
)

// A host whose client is killed during a stream must exit within a second, even
// if it has nothing to write and so does not notice a closed pipe.
var held = []struct{ name, model string }{
	{"silent", "mock:stall=1"},
	{"busy", "mock:pace=1ms,deltas=100000"},
}

const recordPID = `echo $$ >pid; exec HOST "$@"`

func TestClients(t *testing.T) {
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			e := start(t, recordPID, c.command)
			client := strings.TrimPrefix(e.line(), "# ")
			steps := e.steps()
			if !slices.Equal(steps, c.steps) {
				t.Errorf("steps %q, want %q", steps, c.steps)
			}
			if pid := e.file("pid"); running(t, pid) {
				t.Errorf("the host still runs, as process %s", pid)
			}
			killed := true
			for _, h := range held {
				killed = t.Run("killed, "+h.name, func(t *testing.T) { kill(t, c.command, h.model) }) && killed
			}
			if killed {
				steps = append(steps, "kill -9")
			}
			t.Attr("table", "foreign-clients")
			t.Attr("client", client)
			t.Attr("framing", c.framing)
			t.Attr("steps", strings.Join(steps, ", "))
		})
	}
}

func kill(t *testing.T, command []string, model string) {
	e := start(t, recordPID, command, "CODEX_RPC_HOLD="+model)
	for line := e.line(); line != "# held"; line = e.line() {
		if line == "" || strings.HasPrefix(line, "not ok") {
			t.Fatalf("no stream is held: %q", line)
		}
	}
	pid := e.file("pid")
	if !running(t, pid) {
		t.Fatal("the host has ended before its client")
	}
	e.cmd.Process.Kill()
	e.cmd.Wait()
	for killed := time.Now(); running(t, pid); time.Sleep(5 * time.Millisecond) {
		if time.Since(killed) > time.Second {
			t.Fatal("the host outlives its client by more than a second")
		}
	}
}
