//go:build linux

package main

import (
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// BenchmarkStart compares the time from the host's start to its response to
// initialize with that of a program that links net/http and prints a line; and
// the time to the first delta of a stream over TLS with that of a Go program
// that makes the same request.
func BenchmarkStart(b *testing.B) {
	body := serveBody(0, eventBody(1))
	hello := func() *exec.Cmd { return exec.Command(built(b, "./testdata/hello")) }
	initialize := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}` + "\n"

	// With a backend to connect to by TLS, the host does so meanwhile.
	for _, protocol := range []string{"http", "tls2"} {
		b.Run("warm/"+protocol, func(b *testing.B) {
			up := newUpstream(b, protocol, body)
			f := figures{}
			for b.Loop() {
				floor, _ := first(b, hello(), "", "\n")
				started, _ := first(b, up.host(b), initialize, "\n")
				f.add("time/hello", ratio(started, floor))
				f.add("ms", started.Seconds()*1e3)
			}
			f.report(b)
		})
	}
	// The programs are not cached in memory. If the file system keeps them
	// cached, there are no page faults.
	b.Run("cold", func(b *testing.B) {
		up := newUpstream(b, "http", body)
		f := figures{}
		for b.Loop() {
			evict(b, built(b, "./testdata/hello"))
			floor, _ := first(b, hello(), "", "\n")
			evict(b, built(b, "."))
			started, faults := first(b, up.host(b), initialize, "\n")
			f.add("time/hello", ratio(started, floor))
			f.add("ms", started.Seconds()*1e3)
			f.add("major-faults", faults)
		}
		f.report(b)
	})
	for _, protocol := range protocols[1:] {
		b.Run("first-delta/"+protocol, func(b *testing.B) {
			up := newUpstream(b, protocol, body)
			const delta = `"delta":`
			f := figures{}
			for b.Loop() {
				direct, _ := first(b, up.direct(b, "copy"), create(1, "m")+"\n", delta)
				hosted, _ := first(b, up.host(b), create(1, "m")+"\n", delta)
				f.add("time/direct", ratio(hosted, direct))
				f.add("ms", hosted.Seconds()*1e3)
			}
			f.report(b)
		})
	}
}

// first returns the time from the start of a command until its output contains
// a text, and the number of major page faults of the whole run.
func first(b *testing.B, cmd *exec.Cmd, in, text string) (taken time.Duration, faults float64) {
	b.Helper()
	s := begin(b, cmd)
	io.WriteString(s.in, in)
	s.until(text, 1)
	taken = time.Since(s.started)
	s.end()
	return taken, float64(cmd.ProcessState.SysUsage().(*syscall.Rusage).Majflt)
}

// evict removes a file from the page cache.
func evict(b *testing.B, path string) {
	b.Helper()
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil { // what is not yet on disk stays
		b.Fatal(err)
	}
	if err := unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED); err != nil {
		b.Fatal(err)
	}
}
