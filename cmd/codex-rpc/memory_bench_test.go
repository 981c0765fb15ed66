//go:build linux

package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

// BenchmarkIdle reports the memory of an idle host, after its start and after a
// call over TLS, compared with a Go program.
func BenchmarkIdle(b *testing.B) {
	up := newUpstream(b, "tls2", serveBody(0, eventBody(1)))
	f := figures{}
	for b.Loop() {
		fresh := begin(b, upstream{url: "http://127.0.0.1:1"}.host(b))
		fresh.exchange(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}`+"\n", "\n", 1)
		f.add("started-MB", fresh.megabytes("VmRSS"))
		fresh.end()
		direct, host := begin(b, up.direct(b, "copy")), begin(b, up.host(b))
		direct.exchange(create(1, "m")+"\n", copied, 1)
		host.exchange(create(1, "m")+"\n", answered, 1)
		f.add("used-MB", host.megabytes("VmRSS"))
		f.add("used/direct", host.megabytes("VmRSS")/direct.megabytes("VmRSS"))
		direct.end()
		host.end()
	}
	f.report(b)
}

// BenchmarkOpenStreams reports the peak memory of 256 slow streams, compared
// with a Go program with as many connections.
func BenchmarkOpenStreams(b *testing.B) {
	const streams, events, pace = 256, 20, 50 * time.Millisecond
	up := newUpstream(b, "http", func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		writeStamped(w, events, pace)
	})
	f := figures{}
	for b.Loop() {
		direct := begin(b, up.direct(b, "split"))
		direct.exchange(creates(streams), "end\n", streams)
		host := begin(b, up.host(b))
		host.exchange(creates(streams), answered, streams)
		f.add("peak-MB", host.megabytes("VmHWM"))
		f.add("peak/direct", host.megabytes("VmHWM")/direct.megabytes("VmHWM"))
		direct.end()
		host.end()
	}
	f.report(b)
}

// BenchmarkStalledReader lets 200,000 events wait for a client that does not
// read. It reports by how much the host grows and, when the client resumes
// after calling an unknown method, when the refusal arrives: after how many
// bytes, and after what fraction of the time for all events.
func BenchmarkStalledReader(b *testing.B) {
	const events = 200_000
	body := eventBody(events)
	var sent atomic.Int64
	up := newUpstream(b, "http", func(w http.ResponseWriter, r *http.Request) {
		request, _ := io.ReadAll(r.Body)
		if !bytes.Contains(request, []byte(`"long"`)) {
			writeEvents(w, burst, eventBody(1))
			return
		}
		writeEvents(counted{w, &sent}, burst, body)
	})
	f := figures{}
	for b.Loop() {
		sent.Store(0)
		host := begin(b, up.host(b))
		host.exchange(create(1, "m")+"\n", answered, 1)
		before := host.megabytes("VmRSS")
		fmt.Fprintln(host.in, create(2, "long"))
		awaitStall(b, &sent)
		f.add("growth-MB", host.megabytes("VmHWM")-before)

		start := time.Now()
		fmt.Fprintln(host.in, `{"jsonrpc":"2.0","id":3,"method":"nonsense"}`)
		ahead := host.until(`"method_not_found"`, 1)
		refused := time.Since(start)
		host.until(answered, 1)
		f.add("refusal/drain", ratio(refused, time.Since(start)))
		f.add("refusal-ms", refused.Seconds()*1e3)
		f.add("ahead-KB", float64(ahead)/1024)
		host.end()
	}
	f.report(b)
}

// counted counts the bytes written.
type counted struct {
	http.ResponseWriter
	sent *atomic.Int64
}

func (c counted) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.sent.Add(int64(n))
	return n, err
}

func (c counted) Flush() { c.ResponseWriter.(http.Flusher).Flush() }

// awaitStall waits until a server is blocked: it has written something, and
// then nothing for longer than a reading program would take.
func awaitStall(b *testing.B, sent *atomic.Int64) {
	b.Helper()
	const still = 500 * time.Millisecond
	since, last := time.Now(), int64(0)
	for last == 0 || time.Since(since) < still {
		if n := sent.Load(); n != last {
			since, last = time.Now(), n
		}
		if time.Since(since) > patience {
			b.Fatal("nothing is sent")
		}
		time.Sleep(10 * time.Millisecond)
	}
}
