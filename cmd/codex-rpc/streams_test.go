package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"testing"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

// TestManyStreams runs two hundred concurrent streams, some of them cancelled,
// through the whole host and the embedded backend: each gets one answer, and
// its events come in order, without a gap and before the answer.
func TestManyStreams(t *testing.T) {
	const streams, deltas = 200, 50
	c := config{settings: backend.DefaultSettings(), mock: mockFlag{on: true}}
	h, err := c.open(slog.New(slog.DiscardHandler), "")
	if err != nil {
		t.Fatal(err)
	}
	defer h.stop(slog.New(slog.DiscardHandler))
	in, requests := io.Pipe()
	responses, out := io.Pipe()
	served := make(chan error, 1)
	go func() {
		served <- h.server.Serve(context.Background(), in, out)
		out.Close()
	}()
	go func() {
		for id := range streams {
			fmt.Fprintln(requests, create(id, fmt.Sprintf("mock:deltas=%d", deltas)))
			if id%10 == 9 {
				fmt.Fprintf(requests, `{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":%d}}`+"\n", id)
			}
		}
		requests.Close()
	}()
	next := make([]int, streams)
	answered := make([]bool, streams)
	messages := bufio.NewReader(responses)
	for {
		line, err := messages.ReadBytes('\n')
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		m, err := rpctest.Parse(bytes.TrimSpace(line))
		if err != nil {
			t.Fatal(err)
		}
		if m.ID == nil {
			id, _ := strconv.Atoi(string(m.Params.ID))
			if answered[id] || m.Params.Seq != next[id] {
				t.Fatalf("event %d of stream %d, want %d", m.Params.Seq, id, next[id])
			}
			next[id]++
			continue
		}
		id, _ := strconv.Atoi(string(m.ID))
		cancelled := m.Error != nil && m.Error.Code == -32800 && id%10 == 9
		if answered[id] || !cancelled && (m.Error != nil || next[id] < deltas) {
			t.Fatalf("answer %s after %d events", line, next[id])
		}
		answered[id] = true
	}
	for id, ok := range answered {
		if !ok {
			t.Errorf("stream %d is not answered", id)
		}
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}
