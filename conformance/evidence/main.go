// Command evidence writes the tables of results from a run of the tests:
//
//	go test -json ./cmd/codex-rpc ./backend/auth ./backend/simulator ./methods ./clients ./.ci/foreign/... | go run ./conformance/evidence -o conformance/RESULTS.md
//
// A test becomes a row by testing's Attr: the attribute "table" names its table,
// the others are columns, and the outcome is the last column. The output of the
// tests is passed to standard output as without -json: a line for each package,
// and the output of failed tests. The input may contain several runs.
//
// The exit status is 1 if any test failed, a row was skipped, or a table has no
// rows, since a test may fail before it sets its attributes.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// tables are those that must have rows, in their order.
var tables = []string{
	"foreign-clients", "backend-faults", "socket-faults", "client-faults", "hostile-input", "locks-and-files", "sign-in",
	"strict-backend", "host-before", "failure-reports", "failure-codes", "collected-output", "secrets", "replay-reaches",
	"network", "command-line", "python-client", "node-client", "openai-node",
}

func main() {
	path := flag.String("o", "", "file to write, in Markdown (default: standard output, after what the tests print)")
	flag.Parse()
	run := newRun(tables)
	if err := run.write(*path); err != nil {
		fmt.Fprintln(os.Stderr, "evidence:", err)
		os.Exit(2)
	}
	faults := run.faults()
	for _, fault := range faults {
		fmt.Fprintln(os.Stderr, "evidence:", fault)
	}
	if len(faults) > 0 {
		os.Exit(1)
	}
}

// write reads the run from standard input, and writes the page.
func (r *run) write(path string) error {
	if err := r.read(os.Stdin, os.Stdout); err != nil {
		return err
	}
	page, err := r.page(environment())
	if err != nil {
		return err
	}
	if path == "" {
		_, err = fmt.Printf("\n%s", page)
		return err
	}
	return os.WriteFile(path, []byte(page), 0o644)
}

// environment describes the commit and the platform of the run.
func environment() string {
	commit, err := exec.Command("git", "describe", "--always", "--dirty", "--abbrev=12").Output()
	if err != nil {
		commit = []byte("unknown") // of sources without a repository
	}
	return fmt.Sprintf("Commit %s, %s, %s/%s, %s.", bytes.TrimSpace(commit), time.Now().UTC().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.Version())
}
