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
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

func main() {
	path := flag.String("o", "", "file to write, in Markdown (default: standard output, after what the tests print)")
	tables := flag.String("tables", "foreign-clients,backend-faults,socket-faults,client-faults,hostile-input,locks-and-files,sign-in,strict-backend,host-before,failure-reports,failure-codes,collected-output,secrets,replay-reaches,network,command-line,python-client,node-client,openai-node", "tables that must have rows, in their order")
	flag.Parse()
	failed, err := generate(*path, strings.FieldsFunc(*tables, func(r rune) bool { return r == ',' }))
	if err != nil {
		fmt.Fprintln(os.Stderr, "evidence:", err)
		os.Exit(2)
	}
	for _, fault := range failed {
		fmt.Fprintln(os.Stderr, "evidence:", fault)
	}
	if len(failed) > 0 {
		os.Exit(1)
	}
}

func generate(path string, tables []string) (failed []string, err error) {
	run := newRun(tables)
	if err := run.read(os.Stdin, os.Stdout); err != nil {
		return nil, err
	}
	where, err := environment()
	if err != nil {
		return nil, err
	}
	page := run.page(where)
	if path == "" {
		fmt.Println()
		_, err = os.Stdout.WriteString(page)
	} else {
		err = os.WriteFile(path, []byte(page), 0o644)
	}
	return run.faults(), err
}

// environment describes the commit and the platform of the run.
func environment() (string, error) {
	commit, err := output("git", "describe", "--always", "--dirty", "--abbrev=12")
	if err != nil {
		commit = "unknown" // of sources without a repository
	}
	version, err := output("go", "env", "GOOS", "GOARCH", "GOVERSION")
	if err != nil {
		return "", err
	}
	platform := strings.Fields(version)
	if len(platform) != 3 {
		return "", errors.New("unexpected output of go env: " + version)
	}
	return fmt.Sprintf("Commit %s, %s, %s/%s, %s.", commit, time.Now().UTC().Format(time.DateOnly), platform[0], platform[1], platform[2]), nil
}

func output(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}
