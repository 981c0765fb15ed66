// Command hour measures an agent's hour: what a coding agent of 50 turns costs
// on codex-rpc and on other clients of the same strict embedded backend.
//
//	go run ./.ci/benchmarks/hour [-rounds 5] [-only LIBRARY,…] [-folder DIR]
//
// The history grows to 1 MB; the definitions of the tools are 40 KB; some calls
// are parallel, two turns have an image, one answer's connection breaks, one is
// cancelled, and one turn begins with a compaction. A figure is the median of
// the rounds, in which the clients take turns. It runs on Linux, and needs
// Python 3 with venv, Node, npm and a network to install the clients in a
// temporary directory, or in the one given by -folder.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	rounds := flag.Int("rounds", 5, "number of hours played by each client")
	only := flag.String("only", "", "comma-separated list of clients to measure (default: all)")
	folder := flag.String("folder", "", "directory in which the clients are installed and kept (default: a temporary one)")
	flag.Parse()
	if err := run(*rounds, *only, *folder); err != nil {
		fmt.Fprintln(os.Stderr, "hour:", err)
		os.Exit(1)
	}
}

// A client is a library that plays the hour.
type client struct {
	name    string // in the table
	library string // the name for the agent
	agent   string // the program that plays the hour
}

var clients = []client{
	{"codex-rpc, Python, WebSocket", "codex_rpc+websocket", "agent.py"},
	{"codex-rpc, Python, WebSocket, Lite", "codex_rpc+websocket+lite", "agent.py"},
	{"codex-rpc, Python", "codex_rpc", "agent.py"},
	{"codex-rpc under openai-python", "codex_rpc+openai", "agent.py"},
	{"openai-python", "openai", "agent.py"},
	{"codex-backend-sdk", "codex_backend_sdk", "agent.py"},
	{"codex-rpc, Node, WebSocket", "codex-rpc+websocket", "agent.mjs"},
	{"codex-rpc, Node", "codex-rpc", "agent.mjs"},
	{"codex-rpc under openai-node", "codex-rpc+openai", "agent.mjs"},
	{"openai-node", "openai-node", "agent.mjs"},
	{"the official app server", "codex", "official.py"},
	// What a client cannot save: the interpreter with the script in memory.
	{"Python alone", "python", "agent.py"},
	{"Node alone", "node", "agent.mjs"},
}

const (
	openaiPython = "openai==3.57.0"
	sdk          = "codex-backend-sdk==0.5.9"
	openaiNode   = "openai@7.57.0"
	official     = "@openai/codex@0.171.0"
)

// A played hour is the cost of one client.
type played struct {
	Input, Cached int       // tokens
	First         []float64 // milliseconds to the first event of each turn
	History       int       // bytes at the end
	up, requests  int64
	cpu           time.Duration
	peak          int64 // bytes
	host          usage // of codex-rpc
}

// isAlone reports whether no client was played.
func (p *played) isAlone() bool { return p.Input == 0 }

func run(rounds int, only, folder string) error {
	chosen := clients
	if only != "" {
		names := strings.Split(only, ",")
		chosen = slices.DeleteFunc(slices.Clone(clients), func(c client) bool { return !slices.Contains(names, c.library) })
	}
	w, err := prepare(folder)
	if err != nil {
		return err
	}
	defer w.remove()
	hours := make(map[string][]*played)
	for range rounds {
		for _, c := range chosen {
			p, err := w.play(c)
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
			hours[c.library] = append(hours[c.library], p)
		}
	}
	if only == "" {
		writeTargets(os.Stdout, hours)
	}
	writeTable(os.Stdout, chosen, hours)
	return nil
}

// A workshop is the directory in which the clients are installed.
type workshop struct {
	folder, root string
	python       string
	kept         bool
}

func (w *workshop) remove() {
	if !w.kept {
		os.RemoveAll(w.folder)
	}
}

func (w *workshop) path(name ...string) string {
	return filepath.Join(append([]string{w.folder}, name...)...)
}

func prepare(folder string) (w *workshop, err error) {
	w = &workshop{folder: folder, kept: folder != ""}
	if w.root, err = os.Getwd(); err != nil {
		return nil, err
	}
	if w.kept {
		w.folder, err = filepath.Abs(folder)
	} else {
		w.folder, err = os.MkdirTemp("", "codex-rpc-hour")
	}
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			w.remove()
		}
	}()
	w.python = w.path("python", "bin", "python")
	for _, install := range [][]string{
		{"go", "build", "-trimpath", "-o", w.path("codex-rpc"), "./cmd/codex-rpc"},
		{"python3", "-m", "venv", w.path("python")},
		{w.python, "-m", "pip", "install", "--quiet", openaiPython, sdk},
		{"npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", w.folder, openaiNode, official},
	} {
		cmd := exec.Command(install[0], install[1:]...)
		cmd.Stderr = os.Stderr
		if err := cmd.Run(); err != nil {
			return nil, fmt.Errorf("%s: %w", strings.Join(install, " "), err)
		}
	}
	text, err := json.Marshal(newScript())
	if err != nil {
		return nil, err
	}
	agent, err := os.ReadFile(w.agent("agent.mjs"))
	if err != nil {
		return nil, err
	}
	return w, errors.Join(
		os.WriteFile(w.path("script.json"), text, 0o600),
		os.WriteFile(w.path("agent.mjs"), agent, 0o600), // beside node_modules
	)
}

// agent returns the path of an agent in the tree.
func (w *workshop) agent(name string) string {
	return filepath.Join(w.root, ".ci", "benchmarks", "hour", name)
}

// signIn returns an auth.json for the embedded backend, with tokens that
// outlast the run.
func signIn() []byte {
	encode := func(v any) string {
		text, _ := json.Marshal(v)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	const account = "acct_mock"
	token := encode(map[string]string{"alg": "none"}) + "." + encode(map[string]any{
		"email": "hour@example.com", "exp": time.Now().Add(24 * time.Hour).Unix(),
		"https://api.openai.com/auth": map[string]string{"chatgpt_plan_type": "plus", "chatgpt_account_id": account},
	}) + ".e30"
	text, _ := json.Marshal(map[string]any{
		"auth_mode": "chatgpt", "OPENAI_API_KEY": nil, "last_refresh": time.Now().UTC(),
		"tokens": map[string]string{"id_token": token, "access_token": token, "refresh_token": "", "account_id": account},
	})
	return text
}

// play runs a client on its own backend.
func (w *workshop) play(c client) (*played, error) {
	b, err := newBackend()
	if err != nil {
		return nil, err
	}
	defer b.Close()
	home := w.path("home")
	if err := errors.Join(os.RemoveAll(home), os.Mkdir(home, 0o700), os.WriteFile(filepath.Join(home, "auth.json"), signIn(), 0o600)); err != nil {
		return nil, err
	}
	args := []string{w.python, w.agent(c.agent), c.library}
	switch c.agent {
	case "agent.mjs":
		args = []string{"node", w.path("agent.mjs"), c.library}
	case "official.py":
		found, err := filepath.Glob(w.path("node_modules", "@openai", "codex-*", "vendor", "*", "bin", "codex"))
		if err != nil || len(found) == 0 {
			return nil, errors.New("npm did not install the app server")
		}
		args[2] = found[0]
	}
	const closed = "http://127.0.0.1:9" // nothing listens there, so that nothing leaves the machine
	cmd := exec.Command(args[0], append(args[1:], b.URL, w.path("script.json"))...)
	cmd.Env = append(os.Environ(),
		"HTTP_PROXY="+closed, "HTTPS_PROXY="+closed, "ALL_PROXY="+closed, "NO_PROXY=127.0.0.1",
		"PYTHONDONTWRITEBYTECODE=", "PYTHONPYCACHEPREFIX="+w.path("pycache"), // as installed packages have it
		"CODEX_HOME="+home, "CODEX_RPC_BIN="+w.path("codex-rpc"), "CODEX_RPC_LOG=error",
		"CODEX_RPC_CHATGPT_BASE_URL="+b.URL+"/backend-api", "CODEX_RPC_OPENAI_BASE_URL="+b.URL+"/v1", "CODEX_RPC_AUTH_ISSUER="+b.URL,
		"PYTHONPATH="+filepath.Join(w.root, "clients", "python", "src"), "CODEX_RPC_NODE="+filepath.Join(w.root, "clients", "node", "src"))
	var answer bytes.Buffer
	cmd.Stdout, cmd.Stderr = &answer, os.Stderr
	fmt.Fprintln(os.Stderr, "==", c.name)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	done, seen := make(chan struct{}), make(chan tree)
	go func() { seen <- watch(cmd.Process.Pid, done) }()
	err = cmd.Wait()
	close(done)
	tree := <-seen
	p := &played{peak: tree.peak, host: tree.host, up: b.up.Load(), requests: b.requests.Load(), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(answer.Bytes(), p); err != nil {
		return nil, fmt.Errorf("%q: %w", answer.Bytes(), err)
	}
	if !p.isAlone() && b.cuts.Load() != 1 {
		return nil, fmt.Errorf("%d connections were cut, want 1", b.cuts.Load())
	}
	fmt.Fprintf(os.Stderr, "   %d input tokens, %d of them cached\n", p.Input, p.Cached)
	return p, nil
}
