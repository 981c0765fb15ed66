// Package rpc serves typed methods over JSON-RPC 2.0 on a byte stream, such as
// the standard input and output of a process that an editor has started.
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
// What it promises its clients:
//
//   - Either dialect: one JSON text a line, or Content-Length headers as in
//     LSP. The first line that is either decides; what a shell says before it is
//     answered as a line.
//   - Output is ASCII on one line. Ids come back as they were sent, numbers
//     keep their digits and objects their order.
//   - Batches; ids that are fractions, negative or null; and an answer for
//     anything malformed, after which the session goes on.
//   - Exactly one response to every request. A call reports events while it
//     runs, see [Events], all of which stand before its response.
//   - $/cancelRequest counts as it is read, and input is read also while the
//     client does not read what it is sent. Memory stays bounded meanwhile:
//     calls wait, and answers to what is refused are held up to 4 MiB. Work and
//     memory are linear in the bytes of a message, whatever is in it.
//   - More calls than may be under way wait for their turn, the first come first
//     served; more than may wait are refused.
//   - The end of input lets calls under way finish.
//   - initialize, shutdown and exit as in LSP, none of them needed.
//
// The connection is a github.com/sourcegraph/jsonrpc2 Conn, which dispatches the
// calls. The stream behind it is this package's own, and so are the responses:
// left alone, the library closes the connection at the first malformed message
// or batch, rewrites ids and parameters, and drops calls at the end of input.
//
// Parameters are checked against a JSON Schema where [Options] has one; all
// faults of a call are told at once, see [Fault].
package rpc
