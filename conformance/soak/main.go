// Command soak keeps many streams of a codex-rpc host open for a long time while
// its backend and its client misbehave, and checks every message against the
// host's promises:
//
//	go run ./conformance/soak [-duration 10m] [-streams 200] [-seed N] [-binary PATH]
//
// Every request is answered exactly once; events arrive without gaps, as the
// backend sent them and before the answer; the result is the backend's; a cancel
// closes the connection to the backend within 100 ms. Half as many conversations
// as streams go over WebSockets, which are cut, closed and limited at random: the
// backend receives each history exactly once, although only new items are sent.
// At the end the host must hold no more goroutines and descriptors than a fresh
// one, and no more threads and memory than after a warm-up with the same load.
// The exit status is 1 if a promise was broken.
//
// The seed determines what happens, but not when.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

func main() {
	var c config
	flag.DurationVar(&c.duration, "duration", 10*time.Minute, "duration of the test, after a warm-up of a tenth of it")
	flag.IntVar(&c.streams, "streams", 200, "number of concurrent streams")
	flag.Uint64Var(&c.seed, "seed", uint64(time.Now().UnixNano()), "seed of the random numbers")
	flag.StringVar(&c.binary, "binary", "", "path of the host (default: build ./cmd/codex-rpc)")
	flag.Parse()
	violations, err := soak(c, os.Stdout)
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(2)
	}
	if violations > 0 {
		os.Exit(1)
	}
}

type config struct {
	duration time.Duration
	streams  int
	seed     uint64
	binary   string
}

const (
	// Goroutines of connections that were just closed may not have returned yet.
	moreGoroutines = 4
	// The runtime keeps threads for reuse, and their number depends on how many
	// system calls happened to block at the same time.
	moreThreads = 8
	// Each collection sees other streams in progress.
	moreHeap = 16
	// The host lets garbage grow to twice the heap in use, and the runtime
	// returns memory with a delay.
	moreMemory = 4 * moreHeap
)

// soak runs the test and returns the number of violations.
func soak(c config, out io.Writer) (int, error) {
	dir, err := os.MkdirTemp("", "soak-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	if c.binary == "" {
		c.binary = filepath.Join(dir, "codex-rpc")
		build := exec.Command("go", "build", "-trimpath", "-o", c.binary, "github.com/codex-rpc/codex-rpc/cmd/codex-rpc")
		if text, err := build.CombinedOutput(); err != nil {
			return 0, fmt.Errorf("go build: %w\n%s", err, text)
		}
	}
	l := newLedger(out)
	b := serveBackend(l)
	defer b.close()
	fmt.Fprintf(out, "seed %d: %d streams for %v, after a warm-up of %v\n", c.seed, c.streams, c.duration, c.duration/10)

	fresh, err := begin(l, b, c, dir)
	if err != nil {
		return 0, err
	}
	defer fresh.cmd.Process.Kill()
	start, before, err := fresh.end()
	if err != nil {
		return 0, err
	}

	host, err := begin(l, b, c, dir)
	if err != nil {
		return 0, err
	}
	defer host.cmd.Process.Kill()
	go l.watch(host.running, host.cmd.Process.Pid)
	began := time.Now()
	host.run(1, c.duration/10)
	warmed := time.Now()
	warm, err := host.settle()
	if err != nil {
		return 0, err
	}
	host.run(2, c.duration)
	ended := time.Now()
	end, after, err := host.end()
	if err != nil {
		return 0, err
	}

	l.checkClosings()
	host.checkOutstanding()
	host.checkLog()
	l.print(out, time.Since(began))
	was, is := added(out, before, after)
	heapWarm, heapEnd := host.heap(began, warmed), host.heap(ended.Add(began.Sub(warmed)), ended)
	compare(l, out, []measure{
		{"descriptors", start.descriptors, warm.descriptors, end.descriptors, start.descriptors},
		{"goroutines", was, -1, is, was + moreGoroutines},
		{"threads", start.threads, warm.threads, end.threads, warm.threads + moreThreads},
		{"heap in use, MB", -1, heapWarm, heapEnd, heapWarm + moreHeap},
		{"resident memory, MB", start.memory, warm.memory, end.memory, warm.memory + moreMemory},
	})
	fmt.Fprintf(out, "%d violations\n", l.total())
	return l.total(), nil
}

// begin starts a host and makes one call, so that it has started up fully.
func begin(l *ledger, b *backend, c config, dir string) (*load, error) {
	limit := inFlightLimit(c.streams)
	s, err := launch(l, c.binary, dir, b, limit)
	if err != nil {
		return nil, err
	}
	h := &load{session: s, backend: b, config: c, maxInFlight: limit}
	first := h.prepare("1", script{call: int(h.calls.Add(1)), stream: true, ending: completed, deltas: 1}, nil)
	h.write(first.script.request(first.id) + "\n")
	h.finish(first)
	return h, nil
}
