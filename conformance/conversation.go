package conformance

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

// A conversation makes the calls of a case, each after the response to the
// previous one.
type conversation struct {
	framing     rpctest.Framing
	steps       []*Step
	transcripts []*transcript // of the calls made so far
	requests    func() int    // number of requests that the backend has received
}

// ask makes the next call.
func (c *conversation) ask(host io.Writer) *transcript {
	n := len(c.transcripts)
	call, t := c.steps[n].Call, &transcript{id: requestID(c.framing, n)}
	c.transcripts = append(c.transcripts, t)
	if call.InterruptAfter == "nothing" {
		c.notify(host, t, "responses.interrupt")
	}
	c.send(host, t, `{"jsonrpc":"2.0","id":%s,"method":%s,"params":%s}`, t.id, mustMarshal(call.Method), call.Params)
	return t
}

// react sends the client's reaction to the latest event of a call.
func (c *conversation) react(host io.Writer, t *transcript) {
	var event struct{ Type string }
	json.Unmarshal(t.events[len(t.events)-1], &event)
	call := c.steps[len(c.transcripts)-1].Call
	for method, after := range map[string]string{"responses.interrupt": call.InterruptAfter, "$/cancelRequest": call.CancelAfter} {
		if after == event.Type && !t.notified {
			t.notified = true
			c.notify(host, t, method)
		}
	}
}

func (c *conversation) notify(host io.Writer, t *transcript, method string) {
	c.send(host, t, `{"jsonrpc":"2.0","method":"%s","params":{"id":%s}}`, method, t.id)
}

func (c *conversation) send(host io.Writer, t *transcript, format string, args ...any) {
	if _, err := host.Write(c.framing.Encode(fmt.Appendf(nil, format, args...))); err != nil {
		t.faults.add("the host does not read its input: %v", err)
	}
}

// compare returns the differences between the calls and the case.
func (c *conversation) compare() (faults []string) {
	for i, t := range c.transcripts {
		for _, fault := range t.compare(c.steps[i].Expect) {
			if len(c.steps) > 1 {
				fault = fmt.Sprintf("steps[%d]: %s", i, fault)
			}
			faults = append(faults, fault)
		}
	}
	if made := len(c.transcripts); made < len(c.steps) {
		faults = append(faults, fmt.Sprintf("steps[%d]: not reached", made))
	}
	return faults
}

// requestID returns the id of the nth call. It is an integer beyond the range
// of floats, or a string, to check that ids are returned unchanged.
func requestID(framing rpctest.Framing, n int) json.RawMessage {
	if framing == rpctest.Headers {
		return fmt.Appendf(nil, `"call/%d"`, n+1)
	}
	return fmt.Append(nil, int64(1)<<53+1+2*int64(n))
}

// converse makes the calls and reads frames until the output ends. It closes
// the input after the last response, so that unexpected messages after it are
// noticed.
func (h Host) converse(ctx context.Context, cmd *exec.Cmd, c *conversation) error {
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Cancel = func() error {
		stdout.Close() // a child of the host may hold the other end
		return cmd.Process.Kill()
	}
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return err
	}
	frames := bufio.NewReader(stdout)
	before, t := 0, c.ask(stdin)
	for {
		frame, err := c.framing.Read(frames)
		if err != nil {
			if err != io.EOF && ctx.Err() == nil {
				t.faults.add("%v", err)
			}
			break
		}
		events := len(t.events)
		if !t.add(frame) {
			if len(t.events) > events {
				c.react(stdin, t)
			}
			continue
		}
		step, sent := len(c.transcripts)-1, c.requests()
		if step == len(c.steps)-1 {
			stdin.Close() // the backend checks the total number of requests
			continue
		}
		if got, want := sent-before, len(c.steps[step].Expect.Requests); got != want {
			t.faults.add("requests: want %d, got %d", want, got)
		}
		before, t = sent, c.ask(stdin)
	}
	stdin.Close()
	io.Copy(io.Discard, frames) // after a broken frame, let the host finish
	err = cmd.Wait()
	if ctx.Err() != nil {
		t.faults.add("not over within %v", h.timeout())
	} else if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		t.faults.add("want exit status 0 after the end of input, got: %v", exit)
	} else if err != nil {
		return err
	}
	return nil
}
