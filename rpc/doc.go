// Package rpc serves typed methods over JSON-RPC 2.0 on a byte stream, such as
// the standard input and output of a process started by an editor.
//
//	type Params struct {
//		Name string `json:"name"`
//	}
//	type Greeting struct {
//		Text string `json:"text"`
//	}
//	greet := rpc.Call("greet", "Greet a person.", func(ctx context.Context, p *Params) (*Greeting, error) {
//		return &Greeting{Text: "Hello, " + p.Name}, nil
//	})
//	server := rpc.NewServer(rpc.Options{Name: "greeter", Version: "1.0", Methods: []rpc.Method{greet}})
//	err := server.Serve(context.Background(), os.Stdin, os.Stdout)
//
// It guarantees its clients:
//
//   - Two framings: one JSON text per line, or Content-Length headers as in
//     LSP. The first line that is either decides; preceding lines, such as the
//     output of a shell, are answered as lines.
//   - Output is ASCII on one line. Ids are returned byte for byte, numbers keep
//     their digits and objects their order.
//   - Batches, ids that are fractions, negative or null, and a response to any
//     malformed message, after which the session continues.
//   - Exactly one response to every request. A call can report events while it
//     runs, see [Events], all of which precede its response.
//   - $/cancelRequest takes effect as it is read, and input is read even while
//     the client does not read the output. Memory is bounded: calls wait, and
//     pending rejections are limited to 4 MiB. Work and memory are linear in the
//     bytes of a message, whatever it contains.
//   - Calls beyond the limit are queued in order, and rejected when the queue is
//     full.
//   - Running calls finish after the end of input.
//   - initialize, shutdown and exit as in LSP, all optional.
//
// The connection is a github.com/sourcegraph/jsonrpc2 Conn, which dispatches the
// calls. The stream beneath it and the responses are this package's own: the
// library closes the connection at the first malformed message or batch,
// rewrites ids and parameters, and drops calls at the end of input.
//
// Parameters are validated against the JSON Schema in [Options], if any; all faults
// of a call are reported together, see [Fault].
package rpc
