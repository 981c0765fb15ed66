package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

// A client uses one framing and checks the form of all messages: their members,
// one answer to each call, events without a gap and before the answer.
type client struct {
	*process
	framing string
	said    []*rpctest.Message // of a batch, not yet heard
	calls   rpctest.Calls

	cancelled time.Time   // when the last cancel was sent
	hangs     *time.Timer // kills a host that is silent for longer than patience
}

// framings are the framings of clients.
var framings = []string{"lines", "headers"}

func frame(framing, text string) string {
	return string(rpctest.Framing(framing).Encode([]byte(text)))
}

func connect(t testing.TB, framing string, args ...string) *client {
	t.Helper()
	return connectTo(framing, start(t, args...))
}

func connectCommand(t testing.TB, framing string, cmd *exec.Cmd) *client {
	t.Helper()
	return connectTo(framing, startCommand(t, cmd))
}

func connectTo(framing string, p *process) *client {
	hangs := time.AfterFunc(patience, func() { p.cmd.Process.Kill() })
	p.t.Cleanup(func() { hangs.Stop() })
	return &client{process: p, framing: framing, hangs: hangs}
}

// say sends messages in one write.
func (c *client) say(texts ...string) {
	c.t.Helper()
	var b strings.Builder
	for _, text := range texts {
		b.WriteString(frame(c.framing, text))
	}
	c.write(b.String())
}

func (c *client) write(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.in, text); err != nil {
		c.t.Fatal(err)
	}
}

// hear returns the next message. Messages of a batch are returned one by one.
func (c *client) hear() *rpctest.Message {
	c.t.Helper()
	m, err := c.listen()
	if err != nil {
		c.t.Fatalf("hear: %v", err)
	}
	return m
}

func (c *client) listen() (*rpctest.Message, error) {
	if len(c.said) == 0 {
		text, err := rpctest.Framing(c.framing).Read(c.out)
		if err != nil {
			return nil, err
		}
		c.hangs.Reset(patience)
		members := []json.RawMessage{text}
		if text[0] == '[' {
			if err := json.Unmarshal(text, &members); err != nil {
				return nil, err
			}
		}
		for _, member := range members {
			m, err := rpctest.Parse(member)
			if err == nil {
				err = c.calls.Take(m)
			}
			if err != nil {
				return nil, fmt.Errorf("%w in %.300q", err, member)
			}
			c.said = append(c.said, m)
		}
	}
	m := c.said[0]
	c.said = c.said[1:]
	return m, nil
}

// call makes a streaming call. The id may have been used by an answered call.
func (c *client) call(id string) {
	c.t.Helper()
	c.calls.Renew(id)
	c.say(creation(id))
}

func creation(id string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"method":"responses.create","params":{"input":"x","stream":true}}`
}

func cancellation(id string) string {
	return `{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":` + id + `}}`
}

// cancel sends cancels in one write.
func (c *client) cancel(ids ...string) {
	c.t.Helper()
	var texts []string
	for _, id := range ids {
		texts = append(texts, cancellation(id))
	}
	c.cancelled = time.Now()
	c.say(texts...)
}

// answer skips events and returns the next answer.
func (c *client) answer() *rpctest.Message {
	c.t.Helper()
	for {
		if m := c.hear(); m.ID != nil {
			return m
		}
	}
}

// expect receives the next answer, which must be for the id, and returns its
// outcome.
func (c *client) expect(id string, wants ...string) string {
	c.t.Helper()
	m := c.answer()
	got := m.Outcome()
	if string(m.ID) != id || !slices.Contains(wants, got) {
		c.t.Fatalf("%s for %s, want %q for %s", got, m.ID, wants, id)
	}
	return got
}

// outcomes receives n answers in any order and returns their outcomes.
func (c *client) outcomes(n int) (seen []string) {
	c.t.Helper()
	for range n {
		m := c.answer()
		seen = append(seen, m.Outcome())
	}
	return seen
}

// end closes the input and expects the host to exit with the code, without
// further output.
func (c *client) end(code int) {
	c.t.Helper()
	c.in.Close()
	c.ends(code)
}

// ends expects the host to exit with the code, without further output.
func (c *client) ends(code int) {
	c.t.Helper()
	if m, err := c.listen(); err != io.EOF {
		c.t.Fatalf("at the end: %+v, %v", m, err)
	}
	if got := c.exit(); got != code {
		c.t.Fatalf("exit code %d, want %d; stderr: %s", got, code, &c.log)
	}
}

// probe is a call that always succeeds.
const probe = `{"jsonrpc":"2.0","id":"probe","method":"codex.usage"}`

// goesOn checks that the session continues, with a call that a simulator
// answers.
func (c *client) goesOn() {
	c.t.Helper()
	c.calls.Renew(`"probe"`)
	c.say(probe)
	if m := c.answer(); string(m.ID) != `"probe"` || !bytes.Contains(m.Result, []byte(`"plan_type":"plus"`)) {
		c.t.Fatalf("the session does not continue: %+v", m)
	}
}
