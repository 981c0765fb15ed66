package rpc_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc"
)

// TestQueue checks that calls beyond MaxInFlight are queued in order, and
// refused when the queue is full.
func TestQueue(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			g := newGate()
			o := options(g)
			o.MaxInFlight, o.MaxQueue = 1, 3
			p := connect(t, framing, o)
			for i := 1; i <= 4; i++ {
				p.send(request(fmt.Sprint(i), "wait", fmt.Sprintf(`{"name":"%d"}`, i)))
			}
			if first := await(t, g.entered); first != "1" {
				t.Fatalf("%s is first", first)
			}
			p.send(request("5", "sum", `[]`))
			if r := p.expectError("5", rpc.CodeOverloaded, "overloaded"); !strings.Contains(r.Text, `"retry_after_ms":`) || !*r.Error.Data.Retryable {
				t.Errorf("refusal is %s", r.Text)
			}
			p.send(request("4", "sum", `[]`)) // the id of a queued call is in use
			p.expectError("4", rpc.CodeInvalidRequest, "duplicate_id")
			p.send(cancelRequest("3")) // 1 and 2 are not affected
			p.expectError("3", rpc.CodeCancelled, "cancelled")
			p.send(request("3", "sum", `[7]`)) // there is room again, at the end
			p.send(cancelRequest("1"))
			p.expectError("1", rpc.CodeCancelled, "cancelled")
			if next := await(t, g.entered); next != "2" {
				t.Fatalf("%s is next", next)
			}
			p.in.Close() // queued calls are still served
			close(g.open)
			p.expectResult("2", `"2"`)
			p.expectResult("4", `"4"`)
			p.expectResult("3", "7")
			p.ended(nil)
		})
	}
}

// TestQueueOfABatch checks that a batch may have more members than MaxInFlight:
// one that has finished makes room, although it is answered with the last.
func TestQueueOfABatch(t *testing.T) {
	o := options(nil)
	o.MaxInFlight, o.MaxQueue = 2, 8
	p := connect(t, "lines", o)
	var members []string
	for i := range 12 {
		members = append(members, request(fmt.Sprint(i), "count", `{"events":3}`))
	}
	p.send("[" + strings.Join(members, ",") + "]")
	got := p.raw()
	if served := strings.Count(got, `"result":3`); served < 10 || served+strings.Count(got, "-32001") != 12 {
		t.Errorf("%d calls served: %s", served, got)
	}
	p.end(nil)
}

// TestQueueAtTheEnd checks that exit cancels queued calls as well.
func TestQueueAtTheEnd(t *testing.T) {
	g := newGate()
	o := options(g)
	o.MaxInFlight = 1
	p := connect(t, "lines", o)
	p.send(request("1", "wait", `{}`))
	await(t, g.entered)
	p.send(request("2", "wait", `{}`) + "\n" + `{"jsonrpc":"2.0","method":"exit"}`)
	answered := map[string]bool{}
	for range 2 {
		r := p.receive()
		if r.Error == nil || r.Error.Code != rpc.CodeCancelled {
			t.Errorf("got %s", r.Text)
		}
		answered[string(r.ID)] = true
	}
	if len(answered) != 2 {
		t.Errorf("answered: %v", answered)
	}
	p.ended(rpc.ErrExit)
}
