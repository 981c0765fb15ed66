package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

// A session is a host process and the client's end of its pipes.
type session struct {
	*ledger
	cmd    *exec.Cmd
	stderr bytes.Buffer // to be read when the host has ended
	pause  atomic.Int64 // nanoseconds to wait before the next read
	// running ends with the host.
	running context.Context

	launched time.Time

	writing sync.Mutex
	in      io.WriteCloser

	mu          sync.Mutex
	calls       map[string]*call // by id
	nullAnswers map[string]int   // number of expected answers with the id null, by outcome
}

// maxQueue is the host's limit of queued calls.
const maxQueue = 20

// launch starts a host that uses the backend.
func launch(l *ledger, binary, dir string, b *backend, maxInFlight int) (*session, error) {
	auth := `{"auth_mode":"chatgpt","OPENAI_API_KEY":null,"tokens":{"id_token":"e30.e30.e30","access_token":"access-token","refresh_token":"","account_id":"acct-1"}}`
	if err := os.WriteFile(filepath.Join(dir, "auth.json"), []byte(auth), 0o600); err != nil {
		return nil, err
	}
	s := &session{ledger: l, calls: make(map[string]*call), nullAnswers: make(map[string]int)}
	s.cmd = exec.Command(binary,
		"--chatgpt-base-url", b.server.URL+"/backend-api", "--openai-base-url", b.server.URL+"/v1", "--auth-issuer", b.server.URL,
		"--max-retries", fmt.Sprint(maxRetries), "--retry-base-delay", "0.02",
		"--max-in-flight", fmt.Sprint(maxInFlight), "--max-queue", fmt.Sprint(maxQueue), "--max-message-bytes", fmt.Sprint(maxMessageBytes))
	// The runtime reports each collection on standard error, and the descriptors
	// of a debuggable host can be counted.
	s.cmd.Env = append(os.Environ(), "CODEX_HOME="+dir, "GODEBUG=gctrace=1", "CODEX_RPC_DEBUGGABLE=1")
	s.cmd.Stderr = &s.stderr
	var err error
	if s.in, err = s.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	s.launched = time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	var ended context.CancelFunc
	s.running, ended = context.WithCancel(context.Background())
	go func() {
		defer ended()
		s.read(out)
		s.cmd.Wait()
	}()
	return s, nil
}

// write writes lines in one piece.
func (s *session) write(lines string) {
	s.writing.Lock()
	defer s.writing.Unlock()
	io.WriteString(s.in, lines) // it fails only when the host has ended, which the reader notices
}

// expectTwo records that a call is sent twice.
func (s *session) expectTwo(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.due = 2
}

// cancel cancels a call in the same write as the lines in before.
func (s *session) cancel(c *call, before string) {
	s.mu.Lock()
	c.cancelled = true
	s.mu.Unlock()
	s.writing.Lock()
	defer s.writing.Unlock()
	c.exchange.cancel()
	fmt.Fprintf(s.in, "%s"+`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":%s}}`+"\n", before, c.id)
}

// expectNull records that an answer with the id null is expected.
func (s *session) expectNull(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nullAnswers[what]++
}

// read handles the host's output until it ends.
func (s *session) read(out io.Reader) {
	lines := bufio.NewReaderSize(out, 64<<10)
	for {
		if pause := s.pause.Swap(0); pause > 0 {
			time.Sleep(time.Duration(pause))
		}
		line, err := lines.ReadBytes('\n')
		if err != nil {
			if len(line) > 0 {
				s.violate("the output ends within a line: %.200q", line)
			}
			return
		}
		s.handleLine(line)
	}
}

func (s *session) handleLine(line []byte) {
	line = line[:len(line)-1]
	if line[0] != '[' {
		s.handleMessage(line)
		return
	}
	var batch []json.RawMessage
	if err := json.Unmarshal(line, &batch); err != nil || len(batch) == 0 {
		s.violate("%v: %.200q", err, line)
	}
	for _, member := range batch {
		s.handleMessage(member)
	}
}

func (s *session) handleMessage(text []byte) {
	m, err := rpctest.Parse(text)
	if err != nil {
		s.violate("%v", err)
		return
	}
	s.bytes.Add(int64(len(text)))
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case m.Method == "stream.event":
		s.events.Add(1)
		if c := s.calls[string(m.Params.ID)]; c != nil {
			c.event(s.ledger, m)
		} else {
			s.violate("an event of no open call: %.200q", text)
		}
	case m.Method != "":
		s.violate("neither an event nor an answer: %.200q", text)
	case string(m.ID) == "null":
		s.answered(m.Outcome() + ", id null")
		if s.nullAnswers[m.Outcome()]--; s.nullAnswers[m.Outcome()] < 0 {
			s.violate("an unexpected answer with the id null: %.200q", text)
		}
	default:
		c := s.calls[string(m.ID)]
		if c == nil {
			s.violate("an answer to no open call: %.200q", text)
			return
		}
		s.answered(m.Outcome())
		if c.answer(m) {
			delete(s.calls, c.id)
		}
	}
}

// checkOutstanding reports answers that are still missing at the end.
func (s *session) checkOutstanding() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for what, n := range s.nullAnswers {
		if n > 0 {
			s.violate("%d answers with the id null are missing: %s", n, what)
		}
	}
	for id := range s.calls {
		s.violate("%s is not answered", id)
	}
}
