//go:build linux

package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"
)

// BenchmarkRelay holds what the host does with a stream of many small events
// against copying the same bytes from the same server to the same pipe. Ratios
// are of CPU time, of the pair of runs that is the median.
//
//	go test -bench Relay -run '^$' -benchtime 5x ./cmd/codex-rpc
func BenchmarkRelay(b *testing.B) {
	const events = 100_000
	body := eventBody(events)
	server := serveBody(b, body)
	var ratios, rates, growth []float64
	for b.Loop() {
		copied := measure(b, role("copier", server), "", "word\"}\n\nevent: response.completed")
		host := exec.Command(built(b, "."), "--chatgpt-base-url", server+"/backend-api")
		host.Env = append(os.Environ(), "CODEX_HOME="+home(b))
		relayed := measure(b, host, create(1, "m")+"\n", `"tool_calls":[]}}`)
		ratios = append(ratios, relayed.cpu.Seconds()/copied.cpu.Seconds())
		rates = append(rates, events/relayed.wall.Seconds())
		growth = append(growth, relayed.growth)
	}
	b.ReportMetric(median(ratios), "cpu/copy")
	b.ReportMetric(median(rates), "events/s")
	b.ReportMetric(median(growth)/(1<<20), "growth-MB")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkStart holds the time from starting the host to its answer to
// initialize against that of a program that links net/http and prints a line.
//
//	go test -bench Start -run '^$' -benchtime 40x ./cmd/codex-rpc
func BenchmarkStart(b *testing.B) {
	hello, host := built(b, "./testdata/hello"), built(b, ".")
	dir := home(b)
	var ratios, times []float64
	for b.Loop() {
		floor := toFirstLine(b, exec.Command(hello), "")
		cmd := exec.Command(host, "--mock")
		cmd.Env = append(os.Environ(), "CODEX_HOME="+dir)
		started := toFirstLine(b, cmd, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}`+"\n")
		ratios = append(ratios, started.Seconds()/floor.Seconds())
		times = append(times, started.Seconds()*1e3)
	}
	b.ReportMetric(median(ratios), "time/hello")
	b.ReportMetric(median(times), "start-ms")
	b.ReportMetric(0, "ns/op")
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// eventBody is a stream of small deltas and the event that completes it.
func eventBody(events int) []byte {
	var body bytes.Buffer
	for i := range events {
		fmt.Fprintf(&body, "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":%d,\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\" word\"}\n\n", i)
	}
	body.WriteString("event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"output\":[]}}\n\n")
	return body.Bytes()
}

// serveBody serves a body in writes of 32 KB and returns the server's address.
func serveBody(b *testing.B, body []byte) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "text/event-stream")
		for rest := body; len(rest) > 0; {
			n := min(len(rest), 32<<10)
			w.Write(rest[:n])
			w.(http.Flusher).Flush()
			rest = rest[n:]
		}
	})}
	go server.Serve(listener)
	b.Cleanup(func() { server.Close() })
	return "http://" + listener.Addr().String()
}

type measured struct {
	cpu, wall time.Duration
	growth    float64 // of the memory in use, from the first output to the last; bytes
}

// measure runs a command on an input and to its end once its output, which must
// be at least some megabytes, holds the text that it ends in.
func measure(b *testing.B, cmd *exec.Cmd, in, last string) measured {
	b.Helper()
	stdin, out, start := begin(b, cmd)
	io.WriteString(stdin, in)
	var tail []byte
	var before int
	buf := make([]byte, 64<<10)
	for total := 0; !bytes.Contains(tail, []byte(last)); {
		n, err := out.Read(buf)
		if err != nil {
			b.Fatalf("after %d bytes: %v", total, err)
		}
		if total == 0 {
			before = status(b, cmd.Process.Pid, "VmRSS")
		}
		total += n
		tail = append(tail[max(0, len(tail)-len(last)):], buf[:n]...)
	}
	m := measured{wall: time.Since(start)}
	m.growth = float64(status(b, cmd.Process.Pid, "VmHWM") - before)
	stdin.Close()
	io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	m.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return m
}

// begin starts a command and returns its pipes, and when that was.
func begin(b *testing.B, cmd *exec.Cmd) (io.WriteCloser, io.Reader, time.Time) {
	b.Helper()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	return stdin, out, start
}

func init() { roles["copier"] = playCopier }

// playCopier copies what a server sends to standard output.
func playCopier() {
	resp, err := http.Post(os.Args[1], "application/json", nil)
	if err != nil {
		panic(err)
	}
	if _, err := io.Copy(os.Stdout, resp.Body); err != nil {
		panic(err)
	}
	io.Copy(io.Discard, os.Stdin) // the one who measures takes a last look
}

// toFirstLine returns the time from the start of a command to the end of the
// first line that it prints.
func toFirstLine(b *testing.B, cmd *exec.Cmd, in string) time.Duration {
	b.Helper()
	stdin, out, start := begin(b, cmd)
	io.WriteString(stdin, in)
	buf := make([]byte, 64<<10)
	for n := 0; ; {
		m, err := out.Read(buf[n:])
		if n += m; bytes.IndexByte(buf[:n], '\n') >= 0 {
			break
		}
		if err != nil {
			b.Fatalf("%q, %v", buf[:n], err)
		}
	}
	taken := time.Since(start)
	stdin.Close()
	io.Copy(io.Discard, out)
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	return taken
}
