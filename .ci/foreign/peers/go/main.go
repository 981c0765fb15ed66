// Command peers is a client of codex-rpc that uses one of the JSON-RPC
// libraries for Go. It runs the steps of steps.go and reports them in the Test
// Anything Protocol:
//
//	peers LIBRARY lines|headers HOST
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"runtime/debug"
)

// A client is a library's connection to a host.
type client interface {
	// call returns the result, or a *failure.
	call(method string, params any) (json.RawMessage, error)
	Notify(ctx context.Context, method string, params any) error
	// Close closes the host's input in the library's way. It may wait for the
	// host.
	Close() error
}

// A batcher is a client that can send a batch.
type batcher interface {
	batch(requests []request) ([]reply, error)
}

type request struct {
	method string
	params any
}

type reply struct {
	result json.RawMessage
	err    error
}

// A failure is an error response.
type failure struct {
	code    int64
	message string
	data    json.RawMessage
}

func (f *failure) Error() string { return fmt.Sprintf("%d: %s", f.code, f.message) }

// A connector starts the host and connects to it. onEvent receives the
// parameters of each stream.event in order, before their call returns.
type connector func(host *exec.Cmd, framing string, onEvent func(json.RawMessage)) (client, error)

var libraries = map[string]struct {
	module  string
	connect connector
}{
	"jrpc2":       {"github.com/creachadair/jrpc2", connectJRPC2},
	"mcp":         {"github.com/modelcontextprotocol/go-sdk", connectMCP},
	"lsp.dev":     {"go.lsp.dev/jsonrpc2", connectLSPDev},
	"sourcegraph": {"github.com/sourcegraph/jsonrpc2", connectSourcegraph},
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: peers LIBRARY lines|headers HOST")
	}
	library, known := libraries[os.Args[1]]
	if !known {
		log.Fatalf("no library %q", os.Args[1])
	}
	fmt.Println("# client", library.module, version(library.module))
	s := &steps{connect: library.connect, framing: os.Args[2], binary: os.Args[3]}
	s.take()
}

// version returns the version of a module that this program is built with.
func version(module string) string {
	info, _ := debug.ReadBuildInfo()
	for _, m := range info.Deps {
		if m.Path == module {
			return m.Version
		}
	}
	panic("not built with " + module)
}

// A pipe is a host's output and input.
type pipe struct {
	io.Reader
	io.WriteCloser
}

func start(host *exec.Cmd) (pipe, error) {
	in, err := host.StdinPipe()
	if err != nil {
		return pipe{}, err
	}
	out, err := host.StdoutPipe()
	if err != nil {
		return pipe{}, err
	}
	return pipe{out, in}, host.Start()
}
