// Command backend serves the replies of one conformance case on loopback, for test suites in any language:
//
//	go run ./conformance/backend conformance/cases/models.list.json models_list
//
// It prints the origin as its first line of output. The host's base URLs are that origin with /backend-api and /v1
// added. At the end of its input it prints one line of JSON:
//
//	{"matched": true, "faults": [], "requests": [{"method": "GET", "path": …}]}
//
// requests are the recorded ones, in the form of the case's expectations, and faults are the differences. The exit
// status is 0 if there are none, 1 if there are some, 2 if the case cannot be served.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/codex-rpc/codex-rpc/conformance"
)

func main() {
	matched, err := run(os.Args[1:], os.Stdin, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "backend:", err)
		os.Exit(2)
	}
	if !matched {
		os.Exit(1)
	}
}

func run(args []string, stdin io.Reader, stdout io.Writer) (matched bool, err error) {
	if len(args) != 2 {
		return false, fmt.Errorf("usage: backend CASES.json CASE_ID")
	}
	cases, err := conformance.Load(args[0])
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(cases, func(c *conformance.Case) bool { return c.ID == args[1] })
	if i < 0 {
		return false, fmt.Errorf("%s has no case %q", args[0], args[1])
	}
	backend, err := conformance.Serve(cases[i])
	if err != nil {
		return false, err
	}
	defer backend.Close()
	fmt.Fprintln(stdout, backend.Origin())
	if _, err := io.Copy(io.Discard, stdin); err != nil {
		return false, err
	}
	faults := append([]string{}, backend.Faults()...)
	return len(faults) == 0, json.NewEncoder(stdout).Encode(map[string]any{
		"matched":  len(faults) == 0,
		"faults":   faults,
		"requests": append([]conformance.Request{}, backend.Requests()...),
	})
}
