//go:build linux

package main

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// The benchmarks of this package compare the host, as built for releases, with a
// program that does the same without it, on the same backend. Each turn of a
// benchmark runs both in sequence and yields one ratio. The benchmark reports the
// median of the ratios and their quartiles, as UNIT:q1 and UNIT:q3.
//
//	go test -run '^$' -bench . -benchtime 1x ./cmd/codex-rpc
//	go run ./.ci/benchmarks

// An upstream is a backend for hosts and for the programs they are compared
// with.
type upstream struct {
	url string
	env []string // what its clients need in their environment
}

// The protocols of an upstream: HTTP/1.1 in clear and over TLS, and HTTP/2 over
// TLS.
var protocols = []string{"http", "tls1", "tls2"} // HTTP/1.1 in clear and over TLS, HTTP/2 over TLS

func newUpstream(b *testing.B, protocol string, handler http.HandlerFunc) upstream {
	b.Helper()
	server := httptest.NewUnstartedServer(handler)
	// It would log hosts that exit while they connect.
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	b.Cleanup(server.Close)
	if protocol == "http" {
		server.Start()
		return upstream{url: server.URL}
	}
	server.EnableHTTP2 = protocol == "tls2"
	server.StartTLS()
	path := filepath.Join(b.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(path, block, 0o600); err != nil {
		b.Fatal(err)
	}
	return upstream{server.URL, []string{"CODEX_CA_CERTIFICATE=" + path}}
}

// serveBody responds with a body in flushed pieces of a number of bytes, or in
// events if piece is 0.
func serveBody(piece int, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		writeEvents(w, piece, body)
	}
}

func writeEvents(w http.ResponseWriter, piece int, body []byte) {
	w.Header().Set("Content-Type", "text/event-stream")
	for rest := body; len(rest) > 0; {
		n := min(len(rest), piece)
		if piece == 0 {
			n = bytes.Index(rest, []byte("\n\n")) + 2
		}
		if _, err := w.Write(rest[:n]); err != nil {
			return
		}
		w.(http.Flusher).Flush()
		rest = rest[n:]
	}
}

// burst is the size of the pieces for servers that send everything at once.
const burst = 32 << 10

// eventBody returns a stream of small deltas and the event that completes it.
func eventBody(events int) []byte {
	var body bytes.Buffer
	for i := range events {
		fmt.Fprintf(&body, "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"sequence_number\":%d,\"item_id\":\"msg_1\",\"output_index\":0,\"content_index\":0,\"delta\":\" word\"}\n\n", i)
	}
	body.WriteString("event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"output\":[]" + copied)
	return body.Bytes()
}

// What the output of a call ends in.
const (
	answered = `"tool_calls":[]}}` + "\n" // that of the host
	copied   = "}}\n\n"                   // that of a copier, and of eventBody
)

// host returns the command of a host that uses the upstream.
func (u upstream) host(b *testing.B) *exec.Cmd {
	b.Helper()
	cmd := exec.Command(built(b, "."), "--chatgpt-base-url", u.url+"/backend-api")
	cmd.Env = append(append(os.Environ(), "CODEX_HOME="+home(b)), u.env...)
	return cmd
}

// direct returns the command of a program that uses the upstream without a
// host.
func (u upstream) direct(b *testing.B, mode string, args ...string) *exec.Cmd {
	b.Helper()
	cmd := exec.Command(built(b, "./testdata/direct"), append([]string{mode, u.url}, args...)...)
	cmd.Env = append(os.Environ(), u.env...)
	return cmd
}

// A subject is a measured process.
type subject struct {
	b       *testing.B
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     io.Reader // nil if the command has an output of its own
	started time.Time
	buf     []byte
}

func begin(b *testing.B, cmd *exec.Cmd) *subject {
	b.Helper()
	s := &subject{b: b, cmd: cmd, buf: make([]byte, 64<<10)}
	var err error
	if cmd.Stdin == nil {
		if s.in, err = cmd.StdinPipe(); err != nil {
			b.Fatal(err)
		}
	}
	if cmd.Stdout == nil {
		if s.out, err = cmd.StdoutPipe(); err != nil {
			b.Fatal(err)
		}
	}
	cmd.Stderr = os.Stderr
	s.started = time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { cmd.Process.Kill() })
	return s
}

// until reads until a text has occurred n times, and returns the number of
// bytes read.
func (s *subject) until(text string, n int) int {
	s.b.Helper()
	for held, total := 0, 0; ; {
		m, err := s.out.Read(s.buf[held:])
		if err != nil {
			s.b.Fatalf("after %d bytes: %v", total, err)
		}
		total += m
		seen := s.buf[:held+m]
		if n -= bytes.Count(seen, []byte(text)); n <= 0 {
			return total
		}
		// The text may be split; the kept part is too short to be counted again.
		held = copy(s.buf, seen[max(0, len(seen)-len(text)+1):])
	}
}

// A cost is what a subject needed for a task.
type cost struct {
	cpu, wall time.Duration
	writes    int // calls of write
}

// exchange sends requests and reads until all are answered.
func (s *subject) exchange(requests, end string, n int) cost {
	s.b.Helper()
	cpu, writes, start := s.cpu(), s.writes(), time.Now()
	go io.WriteString(s.in, requests) // if it fails, so does the reading
	s.until(end, n)
	wall := time.Since(start)
	return cost{s.cpu() - cpu, wall, s.writes() - writes}
}

// play starts a command, makes a request once and then a number of times in
// sequence, and ends it. The first cost includes the processor time of the
// start.
func play(b *testing.B, cmd *exec.Cmd, request, end string, again int) (first, later cost) {
	b.Helper()
	s := begin(b, cmd)
	defer s.end()
	first = s.exchange(request, end, 1)
	first.cpu = s.cpu()
	for range again {
		c := s.exchange(request, end, 1)
		later.cpu, later.wall, later.writes = later.cpu+c.cpu, later.wall+c.wall, later.writes+c.writes
	}
	return first, later
}

// end closes the input and waits for the process.
func (s *subject) end() {
	s.b.Helper()
	if s.in != nil {
		s.in.Close()
	}
	if s.out != nil {
		io.Copy(io.Discard, s.out)
	}
	if err := s.cmd.Wait(); err != nil {
		s.b.Fatal(err)
	}
}

// cpu returns the processor time of the process in nanoseconds. That in /proc
// has a resolution of 10 ms.
func (s *subject) cpu() time.Duration {
	s.b.Helper()
	const sched = 2 // clock_getcpuclockid(3)
	var spent unix.Timespec
	if err := unix.ClockGettime(int32(^s.cmd.Process.Pid<<3|sched), &spent); err != nil {
		s.b.Fatal(err)
	}
	return time.Duration(spent.Nano())
}

func (s *subject) writes() int {
	s.b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/io", s.cmd.Process.Pid))
	if err != nil {
		s.b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "syscw: ")
	number, _, _ := strings.Cut(rest, "\n")
	n, err := strconv.Atoi(number)
	if err != nil {
		s.b.Fatal(err)
	}
	return n
}

// megabytes returns a measure of the memory of the process: VmRSS or VmHWM.
func (s *subject) megabytes(name string) float64 {
	s.b.Helper()
	return float64(status(s.b, s.cmd.Process.Pid, name)) / (1 << 20)
}

// figures are the measurements of a benchmark by unit.
type figures map[string][]float64

func (f figures) add(unit string, value float64) { f[unit] = append(f[unit], value) }

func (f figures) report(b *testing.B) {
	for unit, values := range f {
		slices.Sort(values)
		last := len(values) - 1
		b.ReportMetric(values[last/2], unit)
		b.ReportMetric(values[last/4], unit+":q1")
		b.ReportMetric(values[last-last/4], unit+":q3")
	}
	b.ReportMetric(0, "ns/op")
}

func ratio(a, b time.Duration) float64 { return a.Seconds() / b.Seconds() }
