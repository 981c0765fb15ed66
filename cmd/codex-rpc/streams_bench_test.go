//go:build linux

package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

// BenchmarkStreams compares concurrent streams with Go programs that read the
// same from as many connections: one splits them into events, another also
// decodes the events, and a third writes them in notifications without reading
// them, the minimum for a relay.
func BenchmarkStreams(b *testing.B) {
	for _, run := range []struct {
		writes        string
		piece, events int // of all streams together
	}{{"32KB", burst, 256_000}, {"event", 0, 64_000}} {
		for _, streams := range []int{1, 16, 256} {
			b.Run(fmt.Sprintf("streams=%d/writes=%s", streams, run.writes), func(b *testing.B) {
				up := newUpstream(b, "http", serveBody(run.piece, eventBody(run.events/streams-1)))
				f := figures{}
				for b.Loop() {
					splitting := playAtOnce(b, up.direct(b, "split"), streams, "end\n")
					decoding := playAtOnce(b, up.direct(b, "collect"), streams, "\n")
					wrapping := playAtOnce(b, up.direct(b, "wrap"), streams, "end\n")
					relaying := playAtOnce(b, up.host(b), streams, answered)
					f.add("rate/split", ratio(splitting.wall, relaying.wall))
					f.add("rate/decode", ratio(decoding.wall, relaying.wall))
					f.add("rate/wrap", ratio(wrapping.wall, relaying.wall))
					f.add("wrap-rate/split", ratio(splitting.wall, wrapping.wall))
					f.add("cpu/split", ratio(relaying.cpu, splitting.cpu))
					f.add("cpu/wrap", ratio(relaying.cpu, wrapping.cpu))
					f.add("events/s", float64(run.events)/relaying.wall.Seconds())
				}
				f.report(b)
			})
		}
	}
}

// playAtOnce starts a command and makes concurrent calls twice. The second
// time, when the connections are open, is measured.
func playAtOnce(b *testing.B, cmd *exec.Cmd, streams int, end string) cost {
	b.Helper()
	s := begin(b, cmd)
	defer s.end()
	s.exchange(creates(streams), end, streams)
	return s.exchange(creates(streams), end, streams)
}

// creates returns a number of calls, one per line.
func creates(n int) string {
	var requests strings.Builder
	for id := range n {
		fmt.Fprintln(&requests, create(id, "m"))
	}
	return requests.String()
}
