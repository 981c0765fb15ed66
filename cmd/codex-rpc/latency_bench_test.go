//go:build linux

package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// BenchmarkLatency compares the time from the backend's event to the client
// with and without a host, at a total rate of events per second, and with a
// program in place of the host that wraps events without reading them, the
// minimum for a relay. Clients are separate processes and handle events alike.
// 50,000 events per second, each sent and written separately, are more than two
// processors can handle, and so show queueing.
func BenchmarkLatency(b *testing.B) {
	for _, load := range []struct{ streams, rate int }{{1, 1_000}, {50, 1_000}, {50, 50_000}} {
		streams, events := load.streams, 2*load.rate // of two seconds
		b.Run(fmt.Sprintf("streams=%d/rate=%d", streams, load.rate), func(b *testing.B) {
			up := newUpstream(b, "http", func(w http.ResponseWriter, r *http.Request) {
				io.Copy(io.Discard, r.Body)
				writeStamped(w, events/streams, time.Second*time.Duration(streams)/time.Duration(load.rate))
			})
			requests := creates(streams)
			f := figures{}
			for b.Loop() {
				client := begin(b, up.direct(b, "stamps", fmt.Sprint(events)))
				io.WriteString(client.in, requests)
				directMedian, directLast := client.latencies()
				client.end()

				wrapper, client := beginWithClient(b, up.direct(b, "wrap"), upstream{}.direct(b, "stamps", fmt.Sprint(events)))
				io.WriteString(wrapper.in, requests)
				wrapMedian, _ := client.latencies()
				wrapper.end()
				client.end()

				host, client := beginWithClient(b, up.host(b), upstream{}.direct(b, "stamps", fmt.Sprint(events)))
				before := host.writes()
				io.WriteString(host.in, requests)
				median, last := client.latencies()
				writes := host.writes() - before - streams // each has sent a request
				host.end()
				client.end()

				f.add("p50/direct", median/directMedian)
				f.add("p50/wrap", median/wrapMedian)
				f.add("wrap-p50/direct", wrapMedian/directMedian)
				f.add("p99/direct", last/directLast)
				f.add("p50-µs", median/1e3)
				f.add("p99-µs", last/1e3)
				f.add("writes/event", float64(writes)/float64(events))
			}
			f.report(b)
		})
	}
}

// writeStamped writes events with their time at a pace.
func writeStamped(w http.ResponseWriter, events int, pace time.Duration) {
	w.Header().Set("Content-Type", "text/event-stream")
	start := time.Now()
	for i := range events {
		time.Sleep(time.Until(start.Add(time.Duration(i) * pace)))
		var now unix.Timespec
		unix.ClockGettime(unix.CLOCK_MONOTONIC, &now)
		fmt.Fprintf(w, "data: {\"type\":\"response.output_text.delta\",\"at\":%d,\"delta\":\" word\"}\n\n", now.Nano())
		w.(http.Flusher).Flush()
	}
	w.Write(eventBody(0))
}

// beginWithClient starts a host whose output is read by a client.
func beginWithClient(b *testing.B, hosting, reading *exec.Cmd) (host, client *subject) {
	b.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		b.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	hosting.Stdout, reading.Stdin = w, r
	return begin(b, hosting), begin(b, reading)
}

// latencies returns the latencies measured by a client, in nanoseconds.
func (s *subject) latencies() (median, last float64) {
	s.b.Helper()
	if _, err := fmt.Fscan(s.out, &median, &last); err != nil {
		s.b.Fatal(err)
	}
	return median, last
}
