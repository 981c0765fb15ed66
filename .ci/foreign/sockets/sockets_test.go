// Package sockets has the host's WebSocket talk to servers of other authors, which
// it installs from PyPI and npm: each echoes what it is sent, in fragments.
package sockets

import (
	"bufio"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

// How the servers compress, and parameters that they answer with.
var servers = map[string][]struct{ how, answer string }{
	"python": {
		{`none`, ""},
		{`{}`, "client_no_context_takeover"},
		{`{"server_no_context_takeover": true}`, "client_no_context_takeover; server_no_context_takeover"},
		{`{"client_max_window_bits": 10}`, "client_no_context_takeover"},
		{`{"client_max_window_bits": 10, "require_client_max_window_bits": true}`, "client_max_window_bits=10"},
		{`{"server_max_window_bits": 9}`, "client_no_context_takeover; server_max_window_bits=9"},
		{`{"compress_settings": {"level": 0}}`, "client_no_context_takeover"},
	},
	"node": {
		{`none`, ""},
		{`{}`, "client_no_context_takeover"},
		{`{"serverNoContextTakeover": true}`, "client_no_context_takeover; server_no_context_takeover"},
		{`{"serverMaxWindowBits": 10}`, "client_no_context_takeover; server_max_window_bits=10"},
		{`{"clientMaxWindowBits": 10}`, "client_max_window_bits=10"},
	},
}

func TestPython(t *testing.T) {
	t.Parallel()
	venv := t.TempDir()
	python := filepath.Join(venv, "bin", "python")
	run(t, ".", "python3", "-m", "venv", venv)
	run(t, ".", python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements.txt")
	echo(t, "python", python, "-B", "server.py")
}

func TestNode(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "node")
	if err := os.CopyFS(dir, os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "npm", "ci", "--silent", "--no-audit", "--no-fund")
	echo(t, "node", "node", filepath.Join(dir, "server.mjs"))
}

func run(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

// texts are short, large, repetitive and not compressible.
func texts() []string {
	random := rand.New(rand.NewSource(1))
	noise := make([]byte, 1<<20)
	for i := range noise {
		noise[i] = byte(' ' + random.Intn(95))
	}
	list := []string{"", "a", "Grüße aus Köln 🚀"}
	for size := 100; size <= len(noise); size *= 3 {
		list = append(list, strings.Repeat(`{"type":"function"}`, size/19), string(noise[:size]))
	}
	return list
}

// echo has each kind of a server, a command that prints its port, send back texts.
func echo(t *testing.T, kind string, command ...string) {
	for _, server := range servers[kind] {
		t.Run(server.how, func(t *testing.T) {
			cmd := exec.Command(command[0], append(command[1:], server.how)...)
			cmd.Stderr = os.Stderr
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer cmd.Wait()
			defer cmd.Process.Kill()
			port, err := bufio.NewReader(out).ReadString('\n')
			if err != nil {
				t.Fatal(err)
			}
			client, err := backend.New(backend.Config{
				Credentials:    backend.StaticCredentials(backend.Token{Access: "token"}),
				ChatGPTBaseURL: "http://127.0.0.1:" + strings.TrimSpace(port),
				Settings:       backend.Settings{Timeout: time.Minute},
			})
			if err != nil {
				t.Fatal(err)
			}
			socket, err := client.Dial(t.Context(), &backend.Request{Path: []string{"echo"}})
			if err != nil {
				t.Fatal(err)
			}
			defer socket.Close()
			answer := strings.ReplaceAll(socket.Header().Get("Sec-WebSocket-Extensions"), " ", "")
			for _, parameter := range strings.Split(server.answer, "; ") {
				if !strings.Contains(answer, parameter) || parameter == "" && answer != "" {
					t.Errorf("the server answers %q, want %q", answer, server.answer)
				}
			}
			for _, text := range texts() {
				if err := socket.Send(t.Context(), []byte(text)); err != nil {
					t.Fatal(err)
				}
				got, err := socket.Next(t.Context())
				if err != nil || string(got) != text {
					t.Fatalf("%d bytes came back as %d: %v", len(text), len(got), err)
				}
			}
		})
	}
}
