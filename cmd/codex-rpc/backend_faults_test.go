package main

import (
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

// A backendFault is a fault of a backend, or of something before it, and its
// expected effect on the client.
type backendFault struct {
	fault    string
	method   string // "" is responses.create, stream
	backend  step
	http2    http2Script // instead of backend
	secure   *tls.Config
	url      string        // instead of the scripted backend's base URL
	deaf     bool          // no HTTP request can be made
	timeout  time.Duration // a long one if 0
	input    int           // bytes of the request's input
	cancel   bool          // by the client, once it is flooded
	answer   string        // as returned by describe
	says     string        // part of the error's message
	attempts int           // number of requests or connections
}

const (
	streamed  = "responses.create, stream"
	collected = "responses.create"
	plain     = "models.list"
)

// idle is the idle timeout in cases where the host is expected to time out.
const idle = 150 * time.Millisecond

// calls are the methods with which the faults are tested.
var calls = map[string]struct{ path, request string }{
	streamed:  {"/codex/responses", `"method":"responses.create","params":{"input":"%s","stream":true}`},
	collected: {"/codex/responses", `"method":"responses.create","params":{"input":"%s"}`},
	plain:     {"/codex/models", `"method":"models.list","params":{}%.0s`},
}

// TestBackendFaults checks that a call with a fault gets one answer with the
// documented code, after events without a gap; that there are as many attempts
// as promised; that no secret is in an error or the log; and that the host
// continues to answer and exits normally.
func TestBackendFaults(t *testing.T) {
	t.Setenv("CODEX_CA_CERTIFICATE", authority().file(t))
	t.Setenv("NO_PROXY", "*")
	for _, group := range [][]backendFault{
		connectionFaults, statusFaults, bodyFaults, eventFaults, certificateFaults(), http2Faults(),
	} {
		for _, f := range group {
			t.Run(f.name(), func(t *testing.T) {
				trial := f.provoke(t)
				trial.end()
			})
		}
	}
}

func (f *backendFault) name() string {
	if f.method == "" {
		f.method = streamed
	}
	return f.method + "/" + f.fault
}

// A trial is a host that encounters a fault.
type trial struct {
	*backendFault
	t       testing.TB
	host    *process
	backend *scriptedBackend
	other   *scriptedBackend
	said    strings.Builder // all that the host wrote to its client
	seen    string
}

// provoke makes the call with the fault, and one without.
func (f *backendFault) provoke(t testing.TB) *trial {
	t.Helper()
	r := &trial{backendFault: f, t: t}
	r.other = listen(t, say(answer(200, "", "{}")), nil, nil)
	base, healthy := f.url, `"method":"embeddings.create","params":{"input":"x","model":"m"}`
	if base == "" {
		r.backend = listen(t, f.backend, f.http2, f.secure)
		r.backend.other = r.other.host()
		base = "http://" + r.backend.host() + "/backend-api"
		if f.secure != nil {
			base = "https" + strings.TrimPrefix(base, "http")
		}
		if !f.deaf {
			healthy = `"method":"codex.usage"`
		}
	}
	timeout := patience
	if f.timeout > 0 {
		timeout = f.timeout
	}
	r.host = start(t, "--chatgpt-base-url", base, "--openai-base-url", platform(t), "--log-level", "debug",
		"--timeout", fmt.Sprint(timeout.Seconds()), "--max-retries", "2", "--retry-base-delay", "0.001")
	hangs := time.AfterFunc(patience, func() { r.host.cmd.Process.Kill() })
	defer hangs.Stop()

	input := strings.Repeat("x", max(1, f.input))
	r.host.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,`+calls[f.method].request+`}`, input))
	if f.cancel {
		<-r.backend.flooded
		r.host.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}`)
	}
	events := 0
	m := r.receive()
	for ; m.ID == nil; m = r.receive() {
		if string(m.Params.ID) != "1" || m.Params.Seq != events {
			t.Fatalf("event %d of %s, want %d", m.Params.Seq, m.Params.ID, events)
		}
		events++
		r.backend.events <- struct{}{}
	}
	r.seen = describe(t, m, events)
	if r.seen != f.answer {
		t.Errorf("answer: %s\n  want: %s\n%s", r.seen, f.answer, textOf(m))
	}
	if !strings.Contains(textOf(m), f.says) {
		t.Errorf("message %q does not contain %q", textOf(m), f.says)
	}

	r.host.send(`{"jsonrpc":"2.0","id":2,` + healthy + `}`)
	if m := r.receive(); string(m.ID) != "2" || m.Error != nil {
		t.Errorf("the next call: %s, %+v", m.ID, m.Error)
	}
	return r
}

// platform returns the base URL of a healthy OpenAI API, for calls that do not
// use the scripted backend.
func platform(t testing.TB) string {
	embeddings := backendtest.JSON(`{"object":"list","data":[],"model":"m","usage":{"prompt_tokens":1,"total_tokens":1}}`)
	return serveBackend(t, backendtest.New(embeddings.Play)) + "/v1"
}

// end ends the host and checks its log and the number of attempts.
func (r *trial) end() {
	r.t.Helper()
	hangs := time.AfterFunc(patience, func() { r.host.cmd.Process.Kill() })
	defer hangs.Stop()
	r.host.in.Close()
	rest, err := io.ReadAll(r.host.out)
	if len(rest) > 0 || err != nil {
		r.t.Errorf("after the last answer: %q, %v", rest, err)
	}
	if code := r.host.exit(); code != 0 {
		r.t.Errorf("exit code %d", code)
	}
	log := r.host.log.String()
	for _, text := range []string{r.said.String(), log} {
		if strings.Contains(text, "access-token") {
			r.t.Errorf("the access token is in %s", text)
		}
	}
	for line := range strings.Lines(log) {
		if !strings.HasPrefix(line, "time=") {
			r.t.Errorf("a line of the log without structure: %q", line)
		}
	}
	// The log also counts attempts that do not reach the backend.
	attempts := strings.Count(log, "path=/backend-api"+calls[r.method].path+" ")
	if r.backend != nil && r.backend.attempts.Load() > 0 {
		attempts = int(r.backend.attempts.Load())
	}
	if attempts != r.attempts {
		r.t.Errorf("%d attempts, want %d\n%s", attempts, r.attempts, log)
	}
	if n := r.other.attempts.Load(); n > 0 {
		r.t.Errorf("the other host got %d requests", n)
	}
	r.t.Attr("table", "backend-faults")
	r.t.Attr("fault", r.fault)
	r.t.Attr("method", r.method)
	r.t.Attr("answer", r.seen)
	r.t.Attr("attempts", fmt.Sprint(attempts))
}

// receive returns the next message and records its text.
func (r *trial) receive() *rpctest.Message {
	r.t.Helper()
	m := r.host.receive()
	r.said.WriteString(m.Text)
	return m
}

// textOf returns the message of an error.
func textOf(m *rpctest.Message) string {
	if m.Error == nil {
		return ""
	}
	return m.Error.Message
}

// describe summarizes an answer after a number of events.
func describe(t testing.TB, m *rpctest.Message, events int) string {
	var words []string
	if m.Error != nil {
		data := m.Error.Data
		words = append(words, m.Outcome())
		if data.Code != "" {
			words = append(words, data.Code)
		}
		if data.RetryAfter != nil {
			words = append(words, fmt.Sprintf("retry_after %g", *data.RetryAfter))
		}
		if *data.Retryable {
			words = append(words, "retryable")
		}
	} else {
		var result struct {
			Status     string
			OutputText string `json:"output_text"`
			Data       []json.RawMessage
		}
		if err := json.Unmarshal(m.Result, &result); err != nil {
			t.Fatal(err)
		}
		if result.Status != "" {
			words = append(words, fmt.Sprintf("%s %q", result.Status, result.OutputText))
		} else {
			words = append(words, fmt.Sprintf("%d models", len(result.Data)))
		}
	}
	if events > 0 {
		words = append(words, fmt.Sprintf("%d events", events))
	}
	if m.Error != nil && m.Error.Data.Partial != nil {
		words = append(words, fmt.Sprintf("partial %q", m.Error.Data.Partial.OutputText))
	}
	return strings.Join(words, ", ")
}
