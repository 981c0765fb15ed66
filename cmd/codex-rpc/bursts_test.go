//go:build linux

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// checkMemory fails if the peak memory of the host exceeds a limit in
// megabytes.
func (c *client) checkMemory(limit int) {
	c.t.Helper()
	if peak := status(c.t, c.cmd.Process.Pid, "VmHWM") >> 20; peak >= limit {
		c.t.Errorf("peak memory is %d MB", peak)
	}
}

// TestRequestBurst sends ten thousand requests at once: MaxInFlight run,
// MaxQueue are queued, and the others are refused as overloaded.
func TestRequestBurst(t *testing.T) {
	const requests, room, queue = 10_000, 256, 4096
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			b := newSteppedBackend(t)
			c := connect(t, framing, b.flags()...)
			var text strings.Builder
			for i := range requests {
				text.WriteString(frame(framing, creation(strconv.Itoa(i))))
			}
			go io.WriteString(c.in, text.String())
			var open []*pendingRequest
			for range room {
				open = append(open, b.next())
			}
			seen := c.outcomes(requests - room - queue)
			for _, u := range open {
				u.complete()
			}
			go func() {
				for range queue {
					b.next().complete()
				}
			}()
			seen = append(seen, c.outcomes(room+queue)...)
			c.checkMemory(160) // for 256 connections, and those that wait
			c.end(0)
			got := sum(seen)
			row(t, "10,000 requests in one write", framing, got, "exit 0")
			if want := "5648 × -32001 overloaded, 4352 × result"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestCancelBurst sends ten thousand cancels at once, one of which has an
// effect.
func TestCancelBurst(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			b := newSteppedBackend(t)
			c := connect(t, framing, b.flags()...)
			u := streaming(c, b)
			var text strings.Builder
			for i := range 10_000 {
				text.WriteString(frame(framing, cancellation(strconv.Itoa(10_000-i)))) // the last one is of 1
			}
			go io.WriteString(c.in, text.String())
			answer := c.expect("1", cancelled)
			u.closed()
			c.call("2")
			b.next().complete()
			c.expect("2", "result")
			c.checkMemory(64)
			c.end(0)
			row(t, "10,000 cancels in one write", framing, answer, "session continues")
		})
	}
}

// TestSlowWriter checks input that is sent byte by byte.
func TestSlowWriter(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			c := connect(t, framing, "--mock")
			for _, part := range []byte(frame(framing, usage) + frame(framing, "{") + frame(framing, "["+withID("2")+"]")) {
				c.write(string(part))
			}
			got := sum(c.outcomes(3))
			c.goesOn()
			c.end(0)
			row(t, "a byte at a time", framing, got, "session continues")
			if want := "-32700 parse_error, 2 × result"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestHugeMessage checks that a message which is refused for its size is not
// buffered.
func TestHugeMessage(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			c := connect(t, framing, "--mock", "--max-message-bytes", "1000000")
			text := frame(framing, "["+strings.Repeat(" ", 96<<20)+"]")
			go io.WriteString(c.in, text+frame(framing, probe))
			got := sum(c.outcomes(2))
			c.checkMemory(64)
			c.end(0)
			row(t, "96 MiB in a message, where 1 MB is allowed", framing, got, "session continues")
			if want := "-32600 frame_too_large, result"; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

// TestStalledReader checks that memory is bounded while the client does not
// read, and that nothing is missing afterwards. The pause lasts until the host
// is idle, plus CODEX_RPC_TEST_STALL, such as 30s.
func TestStalledReader(t *testing.T) {
	const streams, deltas = 8, 10_000
	var stall time.Duration
	if text := os.Getenv("CODEX_RPC_TEST_STALL"); text != "" {
		var err error
		if stall, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			c := connect(t, framing, "--mock")
			c.hangs.Reset(patience + stall)
			for i := range streams {
				c.say(create(i, fmt.Sprintf("mock:deltas=%d", deltas)))
			}
			settle(t, c.cmd.Process.Pid)
			time.Sleep(stall)
			c.checkMemory(64)
			answered := 0
			for answered < streams {
				m := c.hear() // checks the order of events
				if m.ID == nil {
					continue
				}
				answered++
				if events := c.calls.Events(string(m.ID)); m.Outcome() != "result" || events < deltas {
					t.Errorf("%s to %s after %d events", m.Outcome(), m.ID, events)
				}
			}
			c.checkMemory(64)
			c.end(0)
			row(t, "a reader that stops, with 8 streams", framing, fmt.Sprintf("%d × result, every event", answered), "exit 0")
		})
	}
}

// TestEndOfInputWhileNobodyReads checks that the end of input takes effect
// while the client does not read, and cuts nothing short.
func TestEndOfInputWhileNobodyReads(t *testing.T) {
	const deltas = 5000
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			c := connect(t, framing, "--mock")
			c.say(create(1, fmt.Sprintf("mock:deltas=%d", deltas)))
			settle(t, c.cmd.Process.Pid)
			c.in.Close()
			answer := c.expect("1", "result")
			if events := c.calls.Events("1"); events < deltas {
				t.Errorf("%d events", events)
			}
			c.ends(0)
			row(t, "end of input without a reader", framing, answer+", every event", "exit 0")
		})
	}
}

// TestReaderLostInMidStream checks that losing the reader during a stream ends
// the host and its requests.
func TestReaderLostInMidStream(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			b := newSteppedBackend(t)
			cmd := exec.Command(built(t, "."), b.flags()...)
			cmd.Env = append(os.Environ(), "CODEX_HOME="+home(t))
			in, err := cmd.StdinPipe() // stays open
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			out, err := cmd.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			wait := startCommandOn(t, cmd)
			if _, err := io.WriteString(in, frame(framing, creation("1"))); err != nil {
				t.Fatal(err)
			}
			u := b.next()
			u.Begin()
			u.Event(someDelta)
			if _, err := out.Read(make([]byte, 1)); err != nil {
				t.Fatal(err)
			}
			out.Close()
			u.closed()
			code := wait()
			row(t, "stdout closed in mid-stream", framing, "backend's connection closed", fmt.Sprintf("exit %d", code))
			if code != exitFailed {
				t.Errorf("exit code %d", code)
			}
		})
	}
}
