package rpc_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// TestSequenceNumbers checks that events are numbered from 0 without a gap.
func TestSequenceNumbers(t *testing.T) {
	const events = 11_002
	count := rpc.Stream("count", "Count.", func(_ context.Context, _ *struct{}, e *rpc.Events) (*int, error) {
		for range events {
			if err := e.Send(rawjson.Null()); err != nil {
				return nil, err
			}
		}
		return new(int), nil
	})
	out := serveText(t, rpc.Options{Methods: []rpc.Method{count}}, request(`"9"`, "count", "{}")+"\n")
	lines := strings.Split(out, "\n")
	for seq := range events {
		want := fmt.Sprintf(`{"jsonrpc":"2.0","method":"stream.event","params":{"id":"9","seq":%d,"event":null}}`, seq)
		if lines[seq] != want {
			t.Fatalf("event %d is %s, want %s", seq, lines[seq], want)
		}
	}
	if got, want := strings.Join(lines[events:], "\n"), `{"jsonrpc":"2.0","id":"9","result":0}`+"\n"; got != want {
		t.Errorf("after the events: %s, want %s", got, want)
	}
}
