package rpc_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
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

// Objects that are built are written as others are, whatever they are built of.
func TestBuiltResults(t *testing.T) {
	large := strings.Repeat("a", 1<<18)
	texts := []string{"a", large, "é", large + "é", strings.Repeat("b\u2028", 1<<15)}
	type params struct {
		Text int `json:"text"`
	}
	build := func(_ context.Context, p *params) (*rpc.Built[any], error) {
		var o rpc.Built[any]
		o.SetString("kind", "text")
		o.Set("text", rawjson.MustParse(`"`+texts[p.Text]+`"`))
		o.SetMember("last", rawjson.Null())
		return &o, nil
	}
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			p := connect(t, framing, rpc.Options{Methods: []rpc.Method{rpc.Call("build", "Build.", build)}})
			for i, text := range texts {
				id, params := fmt.Sprint(i), fmt.Sprintf(`{"text":%d}`, i)
				value := rawjson.MustParse(`"` + text + `"`)
				want := `{"jsonrpc":"2.0","id":` + id + `,"result":{"kind":"text","text":` + string(value.AppendTo(nil)) + `,"last":null}}`
				p.send(request(id, "build", params))
				if got := p.raw(); got != want {
					t.Errorf("the answer with text %d is %d bytes, %.100s, want %d", i, len(got), got, len(want))
				}
				p.send("[" + request(id, "build", params) + "]")
				if got := p.raw(); got != "["+want+"]" {
					t.Errorf("the batch with text %d is answered with %d bytes, %.100s", i, len(got), got)
				}
			}
			p.end(nil)
		})
	}
}

// What a built object consists of is not copied.
func TestBuiltResultsAreNotCopied(t *testing.T) {
	text := rawjson.String(strings.Repeat("a", 16<<20))
	build := func(context.Context, *struct{}) (*rpc.Built[any], error) {
		var o rpc.Built[any]
		o.Set("text", text)
		o.SetJoined("twice", text, text)
		return &o, nil
	}
	server := rpc.NewServer(rpc.Options{Methods: []rpc.Method{rpc.Call("build", "Build.", build)}})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := server.Serve(t.Context(), strings.NewReader(request("1", "build", "{}")+"\n"), io.Discard); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; took > 8<<20 {
		t.Errorf("a result of 48 MiB takes %d bytes", took)
	}
}
