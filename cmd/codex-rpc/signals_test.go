//go:build linux

package main

import (
	"fmt"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func (c *client) signal(s syscall.Signal) {
	c.t.Helper()
	if err := c.cmd.Process.Signal(s); err != nil {
		c.t.Fatal(err)
	}
}

var stops = []struct {
	name   string
	signal syscall.Signal
}{{"SIGTERM", syscall.SIGTERM}, {"SIGINT", syscall.SIGINT}, {"SIGHUP", syscall.SIGHUP}}

// TestSignalWhenIdle checks that an idle host exits at once, although its input
// is open.
func TestSignalWhenIdle(t *testing.T) {
	for _, stop := range stops {
		t.Run(stop.name, func(t *testing.T) {
			c := connect(t, "lines", "--mock")
			c.goesOn()
			c.signal(stop.signal)
			c.ends(0)
			row(t, stop.name+" when idle", "any", "none", "exit 0")
		})
	}
}

// TestSignalWithCallsUnderWay checks that running calls finish first.
func TestSignalWithCallsUnderWay(t *testing.T) {
	finishCallsUnderWay(t, "SIGTERM", func(c *client) { c.signal(syscall.SIGTERM) })
}

// TestSignalWithEndlessStream checks that a call which does not finish is
// cancelled after shutdownTime.
func TestSignalWithEndlessStream(t *testing.T) {
	b := newSteppedBackend(t)
	c := connect(t, "lines", b.flags()...)
	u := streaming(c, b)
	start := time.Now()
	c.signal(syscall.SIGTERM)
	answer := c.expect("1", cancelled)
	if took := time.Since(start); took < shutdownTime {
		t.Errorf("answered after %v", took)
	}
	u.closed()
	c.ends(0)
	row(t, "SIGTERM in a stream that never ends", "lines", answer+" after 5 s", "exit 0")
}

// TestSecondSignalWhileNobodyReads checks that a second signal does not wait
// for a client that does not read.
func TestSecondSignalWhileNobodyReads(t *testing.T) {
	c := connect(t, "lines", "--mock")
	c.send(create(1, "mock:deltas=20000"))
	settle(t, c.cmd.Process.Pid)
	c.signal(syscall.SIGTERM)
	start := time.Now()
	c.signal(syscall.SIGINT)
	if code := c.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if took := time.Since(start); took >= shutdownTime {
		t.Errorf("it took %v", took)
	}
	row(t, "a second signal without a reader", "lines", "none can be written", "exit 0")
}

// TestSignalsThatEndNothing checks signals that do not end the host.
func TestSignalsThatEndNothing(t *testing.T) {
	t.Run("SIGPIPE", func(t *testing.T) {
		c := connect(t, "lines", "--mock")
		c.goesOn()
		c.signal(syscall.SIGPIPE)
		c.goesOn()
		c.end(0)
		row(t, "SIGPIPE", "any", "none", "session continues")
	})
	for _, stop := range stops[1:] {
		t.Run(stop.name+" ignored", func(t *testing.T) {
			c := connectCommand(t, "lines", exec.Command("sh", "-c", fmt.Sprintf(`trap "" %d; exec "$0" --mock`, stop.signal), built(t, ".")))
			c.goesOn()
			c.signal(stop.signal)
			c.goesOn()
			c.end(0)
			row(t, stop.name+" under nohup", "any", "none", "session continues")
		})
	}
}
