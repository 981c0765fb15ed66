//go:build linux

package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
)

const (
	agentTurns   = 50
	outputBytes  = 8 << 10 // of a tool; 400 KB of history at the end
	historyBytes = 400_000
)

// BenchmarkAgentLoop compares the turns of an agent over a WebSocket with the
// same turns over HTTP. In each turn the model calls a tool and then answers,
// and the client sends the whole history with both calls. In two further loops
// a socket is lost halfway: while it is idle, and during a request.
func BenchmarkAgentLoop(b *testing.B) {
	f := figures{}
	for b.Loop() {
		http := runAgent(b, "http", loseNothing)
		socket := runAgent(b, "websocket", loseNothing)
		idle := runAgent(b, "websocket", loseIdle)
		cut := runAgent(b, "websocket", loseRequest)
		f.add("bytes/http", float64(socket.sent)/float64(http.sent))
		f.add("http-MB", float64(http.sent)/1e6)
		f.add("socket-MB", float64(socket.sent)/1e6)
		f.add("cpu/http", ratio(socket.cpu, http.cpu))
		f.add("http-cpu-ms", http.cpu.Seconds()*1e3)
		f.add("socket-cpu-ms", socket.cpu.Seconds()*1e3)
		f.add("first/http", ratio(median(socket.first), median(http.first)))
		f.add("http-first-ms", median(http.first).Seconds()*1e3)
		f.add("socket-first-ms", median(socket.first).Seconds()*1e3)
		f.add("last/http", ratio(median(socket.first[len(socket.first)-20:]), median(http.first[len(http.first)-20:])))
		f.add("lost-KB", float64(idle.sent-socket.sent)/1e3)
		f.add("idle-ms", idle.first[agentTurns].Seconds()*1e3)
		f.add("cut-ms", cut.first[agentTurns].Seconds()*1e3)
	}
	f.report(b)
}

// What becomes of a socket in the middle of a loop.
const (
	loseNothing = ""
	loseIdle    = "idle"
	loseRequest = "request"
)

// An agentRun is the cost of a loop.
type agentRun struct {
	sent  int64           // bytes that the backend received
	cpu   time.Duration   // of the host
	first []time.Duration // until the first event of each call
}

func runAgent(b *testing.B, transport, lost string) (run agentRun) {
	b.Helper()
	// Events are sent one by one, as a model's are, instead of in one burst.
	scenario := "pace=1us"
	if lost == loseRequest {
		scenario += fmt.Sprintf(";over=socket,skip=%d,times=1,cut=0", agentTurns)
	}
	mock, err := simulator.New(simulator.Options{Scenario: scenario})
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewUnstartedServer(mock)
	network := &countedListener{Listener: server.Listener}
	server.Listener = network
	server.Start()
	defer server.Close()
	dir := b.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "auth.json"), simulator.AuthJSON(), 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(built(b, "."), "--chatgpt-base-url", server.URL+"/backend-api", "--transport", transport, "--log-level", "error")
	cmd.Env = append(os.Environ(), "CODEX_HOME="+dir)
	s := begin(b, cmd)
	defer s.end()
	a := &agent{subject: s, lines: bufio.NewReaderSize(s.out, 64<<10)}
	output := strings.Repeat("\tif err := step(ctx, \"file.go\"); err != nil { return err }\n", outputBytes/60)
	for turn := range agentTurns {
		if turn == agentTurns/2 && lost == loseIdle {
			network.cut()
		}
		a.add(map[string]string{"role": "user", "content": fmt.Sprintf("Task %d: change the file and run the tests.", turn)})
		call := a.create()
		a.add(map[string]string{"type": "function_call_output", "call_id": call, "output": output})
		a.create()
	}
	if a.bytes < historyBytes {
		b.Fatalf("%d bytes of history at the end", a.bytes)
	}
	if stats := mock.Stats(); transport == "websocket" && (stats.Created < 2*agentTurns || stats.Requests["POST /backend-api/codex/responses"] > 0) {
		b.Fatalf("not over a socket: %+v", stats)
	}
	return agentRun{network.received.Load(), s.cpu(), a.first}
}

// An agent is a client that sends its whole history with each call.
type agent struct {
	*subject
	lines   *bufio.Reader
	history []json.RawMessage
	bytes   int // of the history
	first   []time.Duration
}

func (a *agent) add(item any) {
	text, err := json.Marshal(item)
	if err != nil {
		a.b.Fatal(err)
	}
	a.history = append(a.history, text)
	a.bytes += len(text)
}

// create makes a call and returns the id of the tool call at its end.
func (a *agent) create() (call string) {
	a.b.Helper()
	params, err := json.Marshal(map[string]any{
		"input": a.history, "stream": true, "prompt_cache_key": "agent",
		"tools": []map[string]any{{"type": "function", "name": "run", "parameters": map[string]string{"type": "object"}}},
	})
	if err != nil {
		a.b.Fatal(err)
	}
	request := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"responses.create","params":%s}`+"\n", len(a.first), params)
	begun := time.Now()
	go io.WriteString(a.in, request) // if it fails, so does the reading
	for events := 0; ; events++ {
		line, err := a.lines.ReadBytes('\n')
		if err != nil {
			a.b.Fatal(err)
		}
		if strings.Contains(string(line), `"method":"stream.event"`) {
			if events == 0 {
				a.first = append(a.first, time.Since(begun))
			}
			continue
		}
		var m struct {
			Result struct{ Output []json.RawMessage }
		}
		if err := json.Unmarshal(line, &m); err != nil || len(m.Result.Output) == 0 {
			a.b.Fatalf("no answer: %s %v", line, err)
		}
		for _, item := range m.Result.Output {
			var named struct {
				CallID string `json:"call_id"`
			}
			json.Unmarshal(item, &named)
			call = named.CallID
			a.add(item)
		}
		return call
	}
}

// A countedListener counts the bytes that its connections receive, and can
// close them.
type countedListener struct {
	net.Listener
	received atomic.Int64

	mu   sync.Mutex
	open []net.Conn
}

func (l *countedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = append(l.open, c)
	return &countedConn{c, l}, nil
}

func (l *countedListener) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range l.open {
		c.Close()
	}
	l.open = nil
}

type countedConn struct {
	net.Conn
	listener *countedListener
}

func (c *countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.listener.received.Add(int64(n))
	return n, err
}

func median(times []time.Duration) time.Duration {
	sorted := slices.Clone(times)
	slices.Sort(sorted)
	return sorted[len(sorted)/2]
}
