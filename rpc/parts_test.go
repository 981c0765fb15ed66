package rpc_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// TestLargeTexts checks texts that are written separately instead of copied
// into a frame: alone, between small ones, and in batches.
func TestLargeTexts(t *testing.T) {
	texts := []string{"a", strings.Repeat("b", 1<<16-3), strings.Repeat("c", 1<<16-2), strings.Repeat("d", 1<<18), "e", strings.Repeat("é", 1<<16), strings.Repeat("f", 1<<17), "g"}
	echo := rpc.Stream("echo", "Echo.", func(_ context.Context, p *rpc.Raw[string], events *rpc.Events) (*rpc.Raw[string], error) {
		for _, text := range texts {
			if err := events.Send(rawjson.String(text)); err != nil {
				return nil, err
			}
		}
		if err := events.Send(rawjson.MustParse(`"` + texts[5] + `"`)); err != nil {
			return nil, err
		}
		return p, nil
	})
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			p := connect(t, framing, rpc.Options{Methods: []rpc.Method{echo}})
			for i, text := range texts {
				result := string(rawjson.String(text).Bytes())
				p.send(request(fmt.Sprint(i), "echo", result))
				for seq, event := range append(texts, texts[5]) {
					want := fmt.Sprintf(`{"jsonrpc":"2.0","method":"stream.event","params":{"id":%d,"seq":%d,"event":%s}}`, i, seq, rawjson.String(event).Bytes())
					if got := p.raw(); got != want {
						t.Fatalf("event %d of call %d: %d bytes, %.100s, want %d bytes", seq, i, len(got), got, len(want))
					}
				}
				p.expectResult(fmt.Sprint(i), result)
			}
			large := string(rawjson.String(texts[3]).Bytes())
			p.send("[" + request(`"x"`, "echo", large) + "," + `{"jsonrpc":"2.0","method":"echo","params":"n"}` + "]")
			for range len(texts) + 1 {
				p.raw()
			}
			if got, want := p.raw(), `[{"jsonrpc":"2.0","id":"x","result":`+large+`}]`; got != want {
				t.Errorf("response to the batch: %d bytes, %.100s, want %d", len(got), got, len(want))
			}
			p.end(nil)
		})
	}
}
