// Command codex-rpc speaks JSON-RPC 2.0 on its standard input and output and
// offers the OpenAI-shaped surface of the ChatGPT Codex backend.
//
// See the README for a session, and codex-rpc --help.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/codex-rpc/codex-rpc/rpc"
)

// Exit codes other than 0.
const (
	exitFailed = 1
	exitUsage  = 2
)

// exitStatuses are the exit codes for the manual page.
var exitStatuses = []struct{ code, meaning string }{
	{"0", "Success: end of input, or exit after shutdown."},
	{"1", "A call failed, exit without shutdown, or the client is gone."},
	{"2", "The command line is invalid."},
}

func main() {
	// net/http logs malformed responses there, which may contain credentials.
	log.SetOutput(io.Discard)
	os.Exit(run(os.Args[1:], os.Stderr))
}

// run executes a command line and returns the exit code.
func run(args []string, stderr io.Writer) int {
	stderr = &shownWriter{w: stderr}
	var c config
	root := newRoot(&c)
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		completeFlags(root)
	}
	root.SetArgs(args)
	root.SetOut(&shownWriter{w: os.Stdout})
	root.SetErr(stderr)
	err := root.Execute()
	if err == nil {
		return 0
	}
	if ended, ok := errors.AsType[*interruption](err); ok {
		ended.raise()
	}
	var failed *failure
	if !errors.As(err, &failed) { // an error from cobra
		failed = &failure{exitUsage, err.Error(), []string{"codex-rpc --help lists the commands"}}
	}
	failed.print(stderr, func(text string) string {
		if failed.code != exitUsage { // which may be about the command login itself
			text = c.withHome(text)
		}
		return c.secrets.Redact(text)
	})
	return failed.code
}

// A failure is an error that ends the program with an exit code.
type failure struct {
	code    int
	message string // one line, or ""
	hints   []string
}

func (f *failure) Error() string { return f.message }

// print prints the failure as shown makes its texts.
func (f *failure) print(w io.Writer, shown func(string) string) {
	if f.message != "" {
		fmt.Fprintf(w, "codex-rpc: %s\n", rpc.OneLine(shown(f.message)))
	}
	for _, hint := range f.hints {
		fmt.Fprintf(w, "hint: %s\n", rpc.OneLine(shown(hint)))
	}
}

func usageError(format string, args ...any) error {
	return &failure{code: exitUsage, message: fmt.Sprintf(format, args...)}
}

func newRoot(c *config) *cobra.Command {
	root := &cobra.Command{
		Use:   "codex-rpc",
		Short: "JSON-RPC 2.0 on stdin and stdout for the ChatGPT Codex backend",
		Long: `codex-rpc gives any program that can start a process access to the ChatGPT
Codex backend: responses, tools, structured output, models, embeddings,
transcription, files and usage. It speaks JSON-RPC 2.0, either as one JSON text
per line or with Content-Length headers as in LSP; the first line received
determines which.

Without a command, codex-rpc serves on stdin and stdout.

--record FILE writes all traffic between client, host and backend to FILE, one
JSON object per line, without credentials; --replay FILE replays the backend's
answers from it. A recording contains all prompts and answers: review it before
sharing it.`,
		Example: `  codex-rpc ask --mock "Say hello"
  codex-rpc call --mock --stream responses.create '{"input": "Say hello"}'
  echo '{"jsonrpc":"2.0","id":1,"method":"models.list"}' | codex-rpc --mock`,
		Args:          noArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if c.showVersion {
				return printVersion(cmd)
			}
			return serve(cmd, c)
		},
	}
	c.addFlags(root)
	root.SetUsageFunc(printUsage)
	addGroup(root, "people", "For people:", newAsk(c), newLogin(c), newLogout(c), newWhoami(c), newDoctor(c))
	addGroup(root, "programs", "For programs and their developers:", newServe(c), newCall(c), newHTTP(c), newSchema(), newMock(c))
	addGroup(root, "more", "More:", newMan(), newVersion())
	addOwnCommands(root, "more")
	return root
}
