package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/recording"
	"github.com/codex-rpc/codex-rpc/backend/simulator"
	"github.com/codex-rpc/codex-rpc/rpc/rpctest"
)

// A dialogue is a client of a host in this process, and records its output.
type dialogue struct {
	t       *testing.T
	in      io.WriteCloser
	out     *bufio.Reader
	framing rpctest.Framing
	said    strings.Builder
	served  chan error
	stop    func()
}

func talk(t *testing.T, c *config, file string, framed bool) *dialogue {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	h, err := c.open(log, file)
	if err != nil {
		t.Fatal(err)
	}
	in, requests := io.Pipe()
	responses, out := io.Pipe()
	framing := rpctest.Lines
	if framed {
		framing = rpctest.Headers
	}
	d := &dialogue{t: t, in: requests, out: bufio.NewReader(responses), framing: framing, served: make(chan error, 1)}
	d.stop = func() { h.stop(log) }
	go func() {
		d.served <- h.serve(context.Background(), in, out)
		out.Close()
	}()
	return d
}

// end closes the input and returns all output.
func (d *dialogue) end() string {
	d.t.Helper()
	d.in.Close()
	if _, err := d.out.ReadByte(); err != io.EOF {
		d.t.Errorf("reading the output: %v", err)
	}
	if err := <-d.served; err != nil {
		d.t.Error(err)
	}
	d.stop()
	return d.said.String()
}

func (d *dialogue) send(text string) {
	d.t.Helper()
	if _, err := d.in.Write(d.framing.Encode([]byte(text))); err != nil {
		d.t.Fatal(err)
	}
}

func (d *dialogue) receive() *rpctest.Message {
	d.t.Helper()
	text, err := d.framing.Read(d.out)
	if err != nil {
		d.t.Fatal(err)
	}
	m, err := rpctest.Parse(text)
	if err != nil {
		d.t.Fatal(err)
	}
	fmt.Fprintf(&d.said, "%s\n", text)
	return m
}

// ask sends a request and receives all messages up to its response. A request
// whose id is a string is cancelled at the third event, which must be the last before
// the backend stalls: others may or may not come before the cancel.
func (d *dialogue) ask(request string) {
	d.t.Helper()
	d.send(request)
	for {
		m := d.receive()
		if m.ID != nil {
			return
		}
		if m.Params.Seq == 2 && m.Params.ID[0] == '"' {
			d.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":%s}}`, m.Params.ID))
		}
	}
}

// hasty returns settings with immediate retries.
func hasty() backend.Settings {
	s := backend.DefaultSettings()
	s.RetryBaseDelay = time.Millisecond
	return s
}

// TestReplay checks that a replayed session has the same output for the client,
// except for redactions and the backend's address, and that recording it again
// gives the same recording.
func TestReplay(t *testing.T) {
	dir := t.TempDir()
	report := filepath.Join(dir, "report.csv")
	if err := os.WriteFile(report, []byte("a,b\n1,2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	respond := func(id, model string) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"responses.create","params":{"input":"é x","model":%q,"stream":true}}`, id, model)
	}
	call := func(method, params string) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":%s}`, method, params)
	}
	session := []string{
		respond("1", "gpt-5.5"),
		respond("1", "mock:status=400"),
		respond("1", "mock:status=503,times=1"),
		respond("1", "mock:status=429,code=usage_limit_reached"),
		respond("1", "mock:status=401,times=1"), // refreshed, and asked again
		respond("1", "mock:cut=3"),
		respond("1", "mock:cut=0"),
		respond("1", "mock:close=3"),
		call("responses.create", `{"input":"x","model":"mock:stall=3","stream":true,"timeout":1}`),
		respond("1", "mock:end=failed"),
		respond("1", "mock:html"),
		respond(`"to be cancelled"`, "mock:stall=3"),
		respond("1", "mock:deltas=50,size=30000"),
		call("responses.create", `{"input":"no stream","tools":[{"type":"function","name":"f","parameters":{"type":"object"}}]}`),
		call("responses.create", `{"input":"same"}`),
		call("responses.create", `{"input":"same"}`),
		call("models.list", `{}`),
		call("codex.usage", `{}`),
		call("codex.usage", `{}`),
		call("embeddings.create", `{"model":"m","input":["a","b"]}`),
		call("audio.transcriptions.create", `{"model":"m","file":{"name":"a.wav","data":"UklGRg=="}}`),
		call("files.upload", fmt.Sprintf(`{"path":%q}`, report)),
		call("realtime_websocket_headers", `{}`),
		call("responses.create", `{"inputt":1}`),
		call("no.such.method", `{}`),
		`{`,
	}
	for _, framed := range []bool{false, true} {
		t.Run(fmt.Sprintf("framed %t", framed), func(t *testing.T) {
			play := func(c *config, file string) string {
				d := talk(t, c, file, framed)
				for _, request := range session {
					if request == "{" {
						d.send(request)
						d.receive()
						continue
					}
					d.ask(request)
				}
				return d.end()
			}
			first, second := filepath.Join(dir, fmt.Sprint("first ", framed)), filepath.Join(dir, fmt.Sprint("second ", framed))
			recorded := play(&config{settings: hasty(), mock: mockFlag{on: true}}, first)
			replayed := play(&config{settings: hasty(), replay: first}, second)
			compare(t, "said", settled(recorded), settled(replayed))
			compare(t, "frames", settled(framesOf(t, first, "host")), settled(framesOf(t, second, "host")))
			compare(t, "requests", settled(framesOf(t, first, "client")), settled(framesOf(t, second, "client")))
			if framed {
				return
			}
			// The output equals the recorded frames.
			compare(t, "recorded", settled(recorded), settled(framesOf(t, first, "host")))
		})
	}
}

// TestReplaySpoken replays transcriptions over a WebSocket, and their failures.
func TestReplaySpoken(t *testing.T) {
	dir := t.TempDir()
	spoken := func(seconds int) string {
		const rate = 24000
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"audio.transcriptions.create","params":{"model":"m","file":{"name":"a.pcm","data":%q},"timeout":20}}`,
			base64.StdEncoding.EncodeToString(make([]byte, 2*rate*seconds)))
	}
	for _, directives := range []string{
		"closed", "closed;path=realtime,end=error", "closed;path=realtime,cut=0", "closed;path=realtime,cut=2", "closed;path=realtime,close=3,close_code=1011",
		"closed;path=realtime,close=3,close_code=1000", "closed;path=realtime,status=503",
	} {
		t.Run(directives, func(t *testing.T) {
			file := filepath.Join(dir, directives)
			play := func(c *config, file string, sessions ...string) string {
				d := talk(t, c, file, false)
				for _, request := range sessions {
					d.ask(request)
				}
				return d.end()
			}
			recorded := play(&config{settings: hasty(), mock: mockFlag{on: true, directives: directives}}, file, spoken(2), spoken(1))
			replayed := play(&config{settings: hasty(), replay: file}, "", spoken(2), spoken(1))
			if directives == "closed" && (strings.Contains(recorded, `"error"`) || !strings.Contains(recorded, "of 2.0 seconds")) {
				t.Errorf("it was recorded from %s", recorded)
			}
			compare(t, "said", settled(recorded), settled(replayed))
			if directives != "closed" {
				return
			}
			if other := play(&config{settings: hasty(), replay: file}, "", spoken(3)); !strings.Contains(other, "The recording has a message of") {
				t.Errorf("other audio: %s", other)
			}
		})
	}
}

var varying = []*regexp.Regexp{
	regexp.MustCompile(`127\.0\.0\.1:\d+`),
	regexp.MustCompile(`\bsig=[^"&\\]+`),
	regexp.MustCompile(`"(?:account_id|Authorization)":"[^"]*"`),
	regexp.MustCompile(`"created_at":\d+\.\d+`), // set by the host if the response has none
	regexp.MustCompile(`read tcp \S+`),
	regexp.MustCompile(`Content-Length: \d+\r\n`),
}

// settled removes what differs between runs.
func settled(said string) string {
	for _, pattern := range varying {
		said = pattern.ReplaceAllString(said, "…")
	}
	return said
}

func compare(t *testing.T, what, want, got string) {
	t.Helper()
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		if i >= len(w) || i >= len(g) || w[i] != g[i] {
			t.Errorf("%s, line %d of %d, and of %d when played again:\n%.800s\n%.800s", what, i, len(w), len(g), strings.Join(w[min(i, len(w)):], "\n"), strings.Join(g[min(i, len(g)):], "\n"))
			return
		}
	}
}

// framesOf returns the recorded frames of one side.
func framesOf(t *testing.T, path, from string) string {
	t.Helper()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for line := range bytes.Lines(file) {
		var r struct{ Type, From, Text string }
		if err := json.Unmarshal(line, &r); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if r.Type == "frame" && r.From == from {
			text.WriteString(r.Text)
		}
	}
	return text.String()
}

// TestRecordHoldsNoSecret checks that a recording contains no secrets, after a
// host has used all of them: it was refused, refreshed its token, signed in and
// signed out.
func TestRecordHoldsNoSecret(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	d := talk(t, &config{settings: hasty(), mock: mockFlag{on: true}}, file, false)
	for _, request := range []string{
		`{"jsonrpc":"2.0","id":1,"method":"codex.usage"}`,
		`{"jsonrpc":"2.0","id":1,"method":"realtime_websocket_headers"}`,
		create(1, "mock:status=401,times=1"),
		`{"jsonrpc":"2.0","id":1,"method":"responses.create","params":{"input":"` + refreshedMock(t) + `"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"authenticate","params":{"force":true,"method":"device_code"}}`,
		`{"jsonrpc":"2.0","id":1,"method":"authenticate","params":{"force":true}}`,
		create(1, "gpt-5.5"),
		`{"jsonrpc":"2.0","id":1,"method":"logout"}`,
	} {
		d.ask(request)
	}
	d.end()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// Tokens begin so, the refresh token and the API key of the made-up account
	// are called so, and codes and verifiers belong to sign-in alone.
	for _, secret := range []string{"eyJ", "rt_", "sk-mock", "acct_mock", "code_verifier", "device_code=", "grant_type"} {
		if i := bytes.Index(text, []byte(secret)); i >= 0 {
			t.Errorf("%s is in the recording: %s", secret, text[max(0, i-200):min(len(text), i+200)])
		}
	}
	if n := bytes.Count(text, []byte(`"sign_in":true`)); n < 4 {
		t.Errorf("%d requests to sign in are recorded", n)
	}
}

// refreshedMock returns the refresh token after the first refresh of the made-up
// account, which is the same in each session.
func refreshedMock(t *testing.T) string {
	t.Helper()
	mock, err := simulator.Listen("127.0.0.1:0", simulator.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer mock.Close()
	resp, err := http.Post(mock.URL()+"/oauth/token", "application/json",
		strings.NewReader(`{"client_id":"app","grant_type":"refresh_token","refresh_token":"rt_mock"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var tokens struct {
		Refresh string `json:"refresh_token"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&tokens); err != nil || len(tokens.Refresh) < 8 {
		t.Fatalf("status %d, %q, %v", resp.StatusCode, tokens.Refresh, err)
	}
	return tokens.Refresh
}

// TestRecordHoldsNoSecretOfTheCaller checks that a recording contains no
// secrets from parameters.
func TestRecordHoldsNoSecretOfTheCaller(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	d := talk(t, &config{settings: hasty(), mock: mockFlag{on: true, directives: "lenient"}}, file, false)
	const secret = "hunter2"
	for _, params := range []string{
		`"extra_headers":{"X-Team":"hunter2","Cookie":"a=hunter2"}`,
		`"extra_query":{"pin":"hunter2"}`,
		`"tools":[{"type":"mcp","server_label":"a","server_url":"https://u:hunter2@mcp.test/sse?key=hunter2","headers":{"X-Team":"hunter2"},"authorization":"hunter2"}]`,
		`"instructions":"See https://u:hunter2@a.test/?token=hunter2"`,
	} {
		d.ask(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"responses.create","params":{"input":"x","stream":true,%s}}`, params))
	}
	if said := d.end(); strings.Contains(said, `"error":{`) {
		t.Errorf("a call failed: %.500s", said)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if i := bytes.Index(text, []byte(secret)); i >= 0 {
		t.Errorf("in the recording: %s", text[max(0, i-200):min(len(text), i+200)])
	}
}

// TestRecordOfKilledHost checks that the recording of a killed host can be
// replayed as far as it goes.
func TestRecordOfKilledHost(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	p := start(t, "--mock", "--record", file)
	p.send(create(1, "mock:stall=3"))
	for range 3 {
		p.receive()
	}
	for written := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte(`\"seq\":2`)) {
			break
		}
		if time.Since(written) > patience {
			t.Fatalf("it is not written: %s", text)
		}
	}
	p.cmd.Process.Kill()
	<-p.ended
	if _, err := recording.Open(file); err != nil {
		t.Fatal(err)
	}
	p = start(t, "--replay", file)
	p.send(create(1, "mock:stall=3"))
	for seq := range 3 {
		if m := p.receive(); m.ID != nil || m.Params.Seq != seq {
			t.Fatalf("%+v", m)
		}
	}
	// There it hangs, as it did.
	p.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}`)
	if m := p.receive(); m.Error == nil || m.Error.Code != -32800 {
		t.Errorf("%+v", m)
	}
}

// TestReplayLacksRequest checks that a request which was not recorded fails at
// once, without retries.
func TestReplayLacksRequest(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	d := talk(t, &config{mock: mockFlag{on: true}}, file, false)
	d.ask(`{"jsonrpc":"2.0","id":1,"method":"responses.create","params":{"input":"a"}}`)
	d.end()
	d = talk(t, &config{settings: backend.DefaultSettings(), replay: file}, "", false)
	d.ask(`{"jsonrpc":"2.0","id":1,"method":"responses.create","params":{"input":"b"}}`)
	if said := d.end(); !strings.Contains(said, `"code":404,`) || !strings.Contains(said, `"code":"not_recorded"`) ||
		!strings.Contains(said, `exchange 1, whose body has \"a\" at \"/input/0/content`) || !strings.Contains(said, `"retryable":false`) {
		t.Errorf("%s", said)
	}
}
