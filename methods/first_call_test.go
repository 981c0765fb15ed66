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

// TestFirstCall checks that the schema of responses.create is compiled without the
// library, which takes 12 ms and allocates nine times as many objects.
func TestFirstCall(t *testing.T) {
	text := schema.Params("responses.create")
	objects := testing.AllocsPerRun(5, func() {
		if _, err := rawschema.Compile("urn:responses.create", text); err != nil {
			t.Fatal(err)
		}
	})
	if most := float64(len(text)) / 3; objects > most {
		t.Errorf("%.0f objects for %d bytes, want %.0f at most", objects, len(text), most)
	}
}

// BenchmarkFirstCall reports how much longer the first call of a method takes than
// the second, since it compiles the schema: the maximum of all methods.
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
