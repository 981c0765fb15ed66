package methods

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawschema"
	"github.com/codex-rpc/codex-rpc/schema"
)

// A method's schema is read at its first call without the library, which makes many
// times as many objects of it: for responses.create that took 12 ms.
func TestFirstCall(t *testing.T) {
	for _, method := range schema.Methods() {
		text := schema.Params(method)
		objects := testing.AllocsPerRun(1, func() {
			if _, err := rawschema.Compile("urn:"+method, text); err != nil {
				t.Fatal(err)
			}
		})
		if most := float64(len(text)) / 4; objects > most {
			t.Errorf("%s: %.0f objects for %d bytes, want %.0f at most", method, objects, len(text), most)
		}
	}
}

// BenchmarkFirstCall tells how much more the first call of a method costs than
// the second, for the schema that is compiled then: the most of any method.
//
//	go test -run '^$' -bench FirstCall ./methods
func BenchmarkFirstCall(b *testing.B) {
	all := New(nil, nil, Defaults{}, nil).All()
	var most time.Duration
	for b.Loop() {
		for _, method := range all {
			server := rpc.NewServer(rpc.Options{Methods: []rpc.Method{method}, Schema: schema.Params})
			request := `{"jsonrpc":"2.0","id":1,"method":"` + method.Name() + `","params":{"nonsense":1}}` + "\n"
			var taken [2]time.Duration
			for i := range taken {
				start := time.Now()
				if err := server.Serve(context.Background(), strings.NewReader(request), io.Discard); err != nil {
					b.Fatal(err)
				}
				taken[i] = time.Since(start)
			}
			most = max(most, taken[0]-taken[1])
		}
	}
	b.ReportMetric(float64(most.Microseconds())/1000, "most-ms")
}
