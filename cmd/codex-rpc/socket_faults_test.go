package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

// A socketFault is a fault of a socket to the backend, and its expected effect
// on a conversation.
type socketFault struct {
	fault    string
	scenario string   // of the embedded backend
	turns    []string // what the client does: asks, or "EVENT cancel" or "EVENT interrupt" after it has asked
	answers  []string // to the turns
	says     string   // part of the last error's message
	wire     string   // the backend's counts
	timeout  time.Duration
	logged   string // occurs once in the log
}

const (
	asks = ""
)

// once and second are when a fault on a socket happens.
const (
	once   = "over=socket,times=1,"
	second = "over=socket,skip=1,times=1,"
)

// wireForm is the form of the backend's counts: upgrades, responses on sockets,
// those that continue another, and requests over HTTP.
const wireForm = "%d upgrades, %d on sockets, %d continued, %d over HTTP"

func wire(upgrades, created, continued, posted int) string {
	return fmt.Sprintf(wireForm, upgrades, created, continued, posted)
}

var (
	two  = []string{asks, asks}
	both = []string{"completed", "completed"}
)

var socketFaults = []socketFault{
	{fault: "none", turns: two, answers: both, wire: wire(1, 2, 1, 0)},
	{fault: "limits in an event", scenario: "limits", turns: two, answers: both, wire: wire(1, 2, 1, 0)},

	{fault: "upgrade refused with 426", scenario: "over=upgrade,status=426", turns: two, answers: both, wire: wire(1, 0, 0, 2), logged: "responses go over HTTP"},
	{fault: "upgrade refused with 401, once", scenario: "over=upgrade,status=401,times=1", turns: two, answers: both, wire: wire(2, 2, 1, 0)},
	{fault: "upgrade refused with 401", scenario: "over=upgrade,status=401", turns: []string{asks}, answers: []string{"401 api_error, token_expired"}, wire: wire(2, 0, 0, 0)},
	{fault: "upgrade refused with 503, once", scenario: "over=upgrade,status=503,times=1", turns: two, answers: both, wire: wire(2, 2, 1, 0)},
	{fault: "upgrade refused with 503", scenario: "over=upgrade,status=503", turns: []string{asks}, answers: []string{"completed"}, wire: wire(2, 0, 0, 1), logged: "responses go over HTTP"},
	{fault: "a web page in place of an upgrade", scenario: "over=upgrade,html", turns: []string{asks}, answers: []string{"completed"}, wire: wire(1, 0, 0, 1), logged: "responses go over HTTP"},

	{fault: "as many responses as a socket gives", scenario: "socket_limit=1", turns: two, answers: both, wire: wire(2, 3, 1, 0)},
	{fault: "limit reached on every socket", scenario: "socket_life=0", turns: []string{asks}, answers: []string{"400 api_error, websocket_connection_limit_reached, retryable"}, wire: wire(4, 4, 0, 0)},
	{fault: "response lost", scenario: second + "code=previous_response_not_found", turns: two, answers: both, wire: wire(2, 3, 1, 0)},
	{fault: "error with status 401", scenario: second + "status=401", turns: two, answers: both, wire: wire(2, 3, 1, 0)},
	{fault: "error with status 429", scenario: second + "status=429,retry_after=0", turns: two, answers: both, wire: wire(1, 3, 1, 0)},
	{fault: "error with status 429 and a wait", scenario: once + "status=429,retry_after=3600", turns: []string{asks, asks}, answers: []string{"429 api_error, rate_limit_exceeded, retry_after 3600, retryable", "completed"}, wire: wire(1, 2, 0, 0)},
	{fault: "usage limit", scenario: once + "code=usage_limit_reached", turns: two, answers: []string{"429 api_error, usage_limit_reached", "completed"}, wire: wire(1, 2, 0, 0)},
	{fault: "error with status 503", scenario: once + "status=503", turns: two, answers: both, wire: wire(1, 3, 1, 0)},
	{fault: "error with status 400", scenario: once + "code=invalid_prompt", turns: two, answers: []string{"400 api_error, invalid_prompt", "completed"}, wire: wire(1, 2, 0, 0)},
	{fault: "message longer than the backend says it takes", scenario: "max_message=100", turns: two, answers: both, wire: wire(1, 0, 0, 2)},
	{fault: "closed with 1009", scenario: second + "close=0,close_code=1009", turns: two, answers: both, wire: wire(1, 2, 1, 1)},

	{fault: "cut before the first event, once", scenario: second + "cut=0", turns: two, answers: both, wire: wire(2, 3, 1, 0)},
	{fault: "closed before the first event, once", scenario: second + "close=0,close_code=1012", turns: two, answers: both, wire: wire(2, 3, 1, 0)},
	{fault: "cut, then a lost response", scenario: once + "cut=0;" + second + "code=previous_response_not_found", turns: []string{asks}, answers: []string{"completed"}, wire: wire(3, 3, 0, 0)},
	{fault: "cut before the first event", scenario: "over=socket,cut=0", turns: []string{asks}, answers: []string{"completed"}, wire: wire(3, 3, 0, 1)},
	{fault: "cut in mid-stream", scenario: once + "cut=6", turns: two, answers: []string{`-32012 stream_interrupted, retryable, partial "You said"`, "completed"}, says: "cut off", wire: wire(2, 2, 0, 0)},
	{fault: "closed in mid-stream", scenario: once + "close=6", turns: two, answers: []string{`-32012 stream_interrupted, retryable, partial "You said"`, "completed"}, says: "1000", wire: wire(2, 2, 0, 0)},
	{fault: "closed with 1011 in mid-stream", scenario: once + "close=6,close_code=1011", turns: two, answers: []string{`-32012 stream_interrupted, retryable, partial "You said"`, "completed"}, says: "1011", wire: wire(2, 2, 0, 0)},
	{fault: "stall in mid-stream", scenario: once + "stall=6", timeout: 3 * time.Second, turns: []string{asks}, answers: []string{`-32011 timeout, retryable, partial "You said"`}, says: "no bytes for 3s", wire: wire(1, 1, 0, 0)},
	{fault: "binary message in mid-stream", scenario: once + "binary=6", turns: two, answers: []string{`-32012 stream_interrupted, partial "You said"`, "completed"}, says: "binary", wire: wire(2, 2, 0, 0)},
	{fault: "binary message before the first event", scenario: once + "binary=0", turns: two, answers: []string{`-32012 stream_interrupted, partial ""`, "completed"}, says: "binary", wire: wire(2, 2, 0, 0)},
	{fault: "message that is not JSON", scenario: once + "garbage=6", turns: two, answers: []string{`-32012 stream_interrupted, partial "You said"`, "completed"}, says: "not a JSON event", wire: wire(2, 2, 0, 0)},
	{fault: "message without a type", scenario: once + "untyped=6", turns: two, answers: []string{`-32012 stream_interrupted, partial "You said"`, "completed"}, says: "not a JSON event", wire: wire(2, 2, 0, 0)},

	{fault: "response.failed", scenario: once + "end=failed", turns: two, answers: []string{"-32013 response_failed, server_error, retryable", "completed"}, wire: wire(1, 2, 0, 0)},
	{fault: "error in mid-stream", scenario: once + "end=error", turns: two, answers: []string{"-32013 response_failed, server_error, retryable", "completed"}, wire: wire(2, 2, 0, 0)},
	{fault: "response.incomplete", scenario: once + "end=incomplete", turns: two, answers: []string{"incomplete", "completed"}, wire: wire(1, 2, 0, 0)},

	{fault: "the client cancels", scenario: once + "stall=6", turns: []string{"response.output_text.delta cancel", asks}, answers: []string{"-32800 cancelled", "completed"}, wire: wire(2, 2, 0, 0)},
	{fault: "the client interrupts", scenario: once + "stall=5", turns: []string{"response.output_text.delta interrupt", asks}, answers: []string{`incomplete "You"`, "completed"}, wire: wire(1, 2, 1, 0)},
	{fault: "interrupt acknowledged late", scenario: once + "stall=5,interrupt=late", turns: []string{"response.output_text.delta interrupt", asks}, answers: []string{`incomplete "You"`, "completed"}, wire: wire(1, 2, 1, 0)},
	{fault: "interrupt refused", scenario: once + "pace=300ms,interrupt=failed", turns: []string{"response.created interrupt", asks}, answers: both, wire: wire(1, 2, 1, 0)},
	{fault: "interrupt unanswered", scenario: once + "stall=5,interrupt=ignored", turns: []string{"response.output_text.delta interrupt", asks}, answers: []string{`incomplete "You"`, "completed"}, wire: wire(2, 2, 0, 0)},
}

// TestSocketFaults checks that each call with a fault gets one answer with the
// documented code, after events without a gap; that the next call has the whole
// history; that there are no more connections and requests than promised; and
// that no socket stays open.
func TestSocketFaults(t *testing.T) {
	for _, f := range socketFaults {
		t.Run(f.fault, func(t *testing.T) {
			t.Parallel()
			f.provoke(t)
		})
	}
}

func (f *socketFault) provoke(t *testing.T) {
	mock, err := simulator.Listen("127.0.0.1:0", simulator.Options{Scenario: f.scenario})
	if err != nil {
		t.Fatal(err)
	}
	defer mock.Close()
	timeout := patience
	if f.timeout > 0 {
		timeout = f.timeout
	}
	c := &chat{process: startSimulated(t, mock, "--transport", "websocket", "--timeout", fmt.Sprint(timeout.Seconds()),
		"--max-retries", "2", "--retry-base-delay", "0.001")}
	hangs := time.AfterFunc(2*patience, func() { c.cmd.Process.Kill() })
	defer hangs.Stop()

	var answers []string
	for i, turn := range f.turns {
		after, what, _ := strings.Cut(turn, " ")
		question := fmt.Sprintf("question %d", i+1)
		m := c.ask(question, after, what)
		// The embedded backend repeats what it was asked.
		answers = append(answers, strings.Replace(describe(t, m, 0), fmt.Sprintf(" %q", `You said: "`+question+`"`), "", 1))
		if textOf(m) != "" && !strings.Contains(textOf(m), f.says) {
			t.Errorf("message %q does not contain %q", textOf(m), f.says)
		}
	}
	got := strings.Join(answers, "; ")
	want := strings.Join(f.answers, "; ")
	if got != want {
		t.Errorf("answers: %s\n   want: %s", got, want)
	}
	stats := mock.Stats()
	const route = " /backend-api/codex/responses"
	seen := wire(stats.Requests["GET"+route], stats.Created, stats.Continued, stats.Requests["POST"+route])
	if seen != f.wire {
		t.Errorf("%s, want %s\n%s", seen, f.wire, &c.log)
	}
	c.in.Close()
	if code := c.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for deadline := time.Now().Add(patience); mock.Stats().Sockets+mock.Stats().OpenStreams > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("left open: %+v", mock.Stats())
		}
	}
	if n := strings.Count(c.log.String(), f.logged); f.logged != "" && n != 1 {
		t.Errorf("%q is in the log %d times: %s", f.logged, n, &c.log)
	}
	t.Attr("table", "socket-faults")
	t.Attr("fault", f.fault)
	t.Attr("answers", got)
	t.Attr("backend", seen)
}

// startSimulated starts a host that is signed in to the embedded backend.
func startSimulated(t testing.TB, mock *simulator.Running, args ...string) *process {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "auth.json"), simulator.AuthJSON(), 0o600); err != nil {
		t.Fatal(err)
	}
	host := exec.Command(built(t, "."), slices.Concat([]string{
		"--chatgpt-base-url", mock.URL() + "/backend-api", "--openai-base-url", mock.URL() + "/v1", "--auth-issuer", mock.URL(),
	}, args)...)
	host.Env = append(os.Environ(), "CODEX_HOME="+dir)
	return startCommand(t, host)
}

// A chat is a client that sends the whole conversation with each call.
type chat struct {
	*process
	asked   int
	history []json.RawMessage
}

// ask makes a call and returns its answer. After the first event of a type it
// cancels or interrupts the call.
func (c *chat) ask(question, after, what string) *rpctest.Message {
	c.t.Helper()
	c.asked++
	c.history = append(c.history, json.RawMessage(fmt.Sprintf(`{"role":"user","content":%q}`, question)))
	input, err := json.Marshal(c.history)
	if err != nil {
		c.t.Fatal(err)
	}
	c.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"responses.create","params":{"input":%s,"stream":true,"turn":"t"}}`, c.asked, input))
	for events := 0; ; events++ {
		m := c.receive()
		if m.ID != nil {
			if m.Error == nil {
				var result struct{ Output []json.RawMessage }
				if err := json.Unmarshal(m.Result, &result); err != nil {
					c.t.Fatal(err)
				}
				c.history = append(c.history, result.Output...)
			}
			return m
		}
		if string(m.Params.ID) != strconv.Itoa(c.asked) || m.Params.Seq != events {
			c.t.Fatalf("event %d of %s, want %d", m.Params.Seq, m.Params.ID, events)
		}
		if m.Params.Event.Type == after {
			after = ""
			method := map[string]string{"cancel": "$/cancelRequest", "interrupt": "responses.interrupt"}[what]
			c.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"%s","params":{"id":%d}}`, method, c.asked))
		}
	}
}
