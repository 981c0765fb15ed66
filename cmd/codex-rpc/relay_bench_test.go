//go:build linux

package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/backend"
)

// BenchmarkRelay compares the relay of a stream of small events with a program
// that copies the same bytes, and with one that wraps the events in
// notifications without reading them, the minimum for a relay. The first stream
// of a process counts as its start; everything else is measured in later ones.
func BenchmarkRelay(b *testing.B) {
	request := create(1, "m") + "\n"
	for _, events := range []int{100_000, 2_000, 1} {
		body := eventBody(events - 1)
		again := min(40, 100_000/events)
		for _, writes := range []struct {
			name  string
			piece int
		}{{"32KB", burst}, {"event", 0}} {
			for _, protocol := range protocols {
				b.Run(fmt.Sprintf("events=%d/writes=%s/%s", events, writes.name, protocol), func(b *testing.B) {
					up := newUpstream(b, protocol, serveBody(writes.piece, body))
					f := figures{}
					for b.Loop() {
						copyStart, copying := play(b, up.direct(b, "copy"), request, copied, again)
						_, wrapping := play(b, up.direct(b, "wrap"), request, "end\n", again)
						hostStart, relaying := play(b, up.host(b), request, answered, again)
						f.add("cpu/copy", ratio(relaying.cpu, copying.cpu))
						f.add("cpu/wrap", ratio(relaying.cpu, wrapping.cpu))
						f.add("wrap/copy", ratio(wrapping.cpu, copying.cpu))
						f.add("start+cpu/copy", ratio(hostStart.cpu, copyStart.cpu))
						f.add("rate/copy", ratio(copying.wall, relaying.wall))
						f.add("events/s", float64(again*events)/relaying.wall.Seconds())
						f.add("writes/event", float64(relaying.writes)/float64(again*events))
					}
					f.report(b)
				})
			}
		}
	}
}

// BenchmarkAllocations reports the host's allocations per event of a burst.
// They include those of the server in the same process, a few objects per 32
// KB.
func BenchmarkAllocations(b *testing.B) {
	const events = 100_000
	up := newUpstream(b, "http", serveBody(burst, eventBody(events-1)))
	b.Setenv("CODEX_HOME", home(b))
	log := slog.New(slog.DiscardHandler)
	c := config{
		settings: backend.DefaultSettings(), chatGPTBaseURL: up.url + "/backend-api",
		openAIBaseURL: up.url + "/v1", authIssuer: up.url,
	}
	h, err := c.open(log, "")
	if err != nil {
		b.Fatal(err)
	}
	defer h.stop(log)
	call := func() {
		request := strings.NewReader(create(1, "m") + "\n")
		if err := h.server.Serve(context.Background(), request, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
	call() // what only the first call needs
	f := figures{}
	for b.Loop() {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		call()
		runtime.ReadMemStats(&after)
		f.add("allocs/event", float64(after.Mallocs-before.Mallocs)/events)
		f.add("B/event", float64(after.TotalAlloc-before.TotalAlloc)/events)
	}
	f.report(b)
}
