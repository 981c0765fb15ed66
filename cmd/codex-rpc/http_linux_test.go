package main

import (
	"bytes"
	"io"
	"sync/atomic"
	"testing"
	"time"
)

// TestHTTPStalledReader checks that a stream which is not read takes bounded
// memory, and is complete when it is read.
func TestHTTPStalledReader(t *testing.T) {
	delta := []byte("data: " + someDelta + "\n\n")
	const events = 1_000_000 // some 60 MB
	var written atomic.Int64
	b := newSteppedBackend(t)
	h := startHTTP(t, b.flags()...)
	go func() {
		u := b.next()
		u.Begin()
		burst := bytes.Repeat(delta, 1000)
		for range events / 1000 {
			u.Write(burst)
			written.Add(1000)
		}
		u.complete()
	}()
	w, err := h.request("POST", "/responses", `{"input": "x", "stream": true}`)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	before := status(t, h.cmd.Process.Pid, "VmHWM")
	// Wait until nothing is written any more.
	for last, still := int64(0), 0; still < 5; time.Sleep(100 * time.Millisecond) {
		if now := written.Load(); now == last && now > 0 {
			still++
		} else {
			last, still = now, 0
		}
	}
	if n := written.Load(); n > events/2 {
		t.Errorf("the host has buffered %d unread events", n)
	}
	text, err := io.ReadAll(w.Body)
	if got := bytes.Count(text, delta[:len(delta)-1]); err != nil || got != events {
		t.Errorf("%d events, want %d: %v", got, events, err)
	}
	if after := status(t, h.cmd.Process.Pid, "VmHWM"); after > before+32<<20 {
		t.Errorf("memory grew from %d to %d MB", before>>20, after>>20)
	}
}
