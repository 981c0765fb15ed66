// Command evidence turns a run of the tests into the tables of what is promised
// and what was seen:
//
//	go test -json ./cmd/codex-rpc ./backend/auth ./backend/simulator ./methods ./clients ./.ci/foreign/... | go run ./conformance/evidence -o conformance/RESULTS.md
//
// A test is a row if it says so by testing's Attr: the attribute "table" names
// its table, each other attribute is a column, and the outcome is the last one.
// What the tests print goes through to standard output as without -json: the
// line of each package, and all that a failed test said. Several runs may come
// one behind the other.
//
// The exit status is 1 if anything failed, a row or not, if a row was skipped,
// or if a table has no rows: a test that fails may do so before it says what
// row it is.
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
	tables := flag.String("tables", "foreign-clients,backend-faults,socket-faults,client-faults,hostile-input,locks-and-files,sign-in,strict-backend,host-before,failure-reports,failure-codes,told-output,secrets,replay-reaches,network,command-line,python-client,node-client,openai-node", "tables that must have rows, in their order")
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
	where, err := here()
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

// here says of what the tables speak.
func here() (string, error) {
	commit, err := tell("git", "describe", "--always", "--dirty", "--abbrev=12")
	if err != nil {
		commit = "unknown" // of sources without a repository
	}
	version, err := tell("go", "env", "GOOS", "GOARCH", "GOVERSION")
	if err != nil {
		return "", err
	}
	platform := strings.Fields(version)
	if len(platform) != 3 {
		return "", errors.New("go env tells " + version)
	}
	return fmt.Sprintf("Commit %s, %s, %s/%s, %s.", commit, time.Now().UTC().Format(time.DateOnly), platform[0], platform[1], platform[2]), nil
}

func tell(name string, args ...string) (string, error) {
	out, err := exec.Command(name, args...).Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), err)
	}
	return strings.TrimSpace(string(out)), nil
}
