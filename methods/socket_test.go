package methods

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/simulator"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A safeBuffer is a log that is safe for concurrent use.
type safeBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *safeBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.String()
}

// A socketCaller calls methods over the WebSockets of a simulator.
type socketCaller struct {
	*caller
	backend *simulator.Server
	log     safeBuffer
}

func overSockets(t *testing.T, scenario string, retries int) *socketCaller {
	t.Helper()
	s := &socketCaller{}
	served, err := simulator.New(simulator.Options{Scenario: scenario})
	if err != nil {
		t.Fatal(err)
	}
	s.backend = served
	s.caller = harness(t, served)
	s.service.log = slog.New(slog.NewTextHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.service.client.SetSettings(backend.Settings{Timeout: 10 * time.Second, MaxRetries: retries})
	t.Cleanup(func() { s.service.sockets.closeIdle() })
	return s
}

// traffic returns what the backend received: upgrades, requests on WebSockets, those
// of them that continue another, and requests over HTTP.
func (s *socketCaller) traffic() string {
	stats := s.backend.Stats()
	return fmt.Sprintf("%d upgrades, %d created, %d continued, %d posted", stats.Requests["GET /backend-api/codex/responses"],
		stats.Created, stats.Continued, stats.Requests["POST /backend-api/codex/responses"])
}

// cancel cancels a call when the backend has received a number of requests, and
// waits until all connections are closed.
func (s *socketCaller) cancel(id, created int) {
	s.t.Helper()
	s.wait("the request", func(stats simulator.Stats) bool { return stats.Created >= created })
	s.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":%d}}`, id))
	if code := string(s.receive().Get("error").Get("code").Bytes()); code != "-32800" {
		s.t.Error(code)
	}
	s.wait("the end of the connection", func(stats simulator.Stats) bool { return stats.Sockets == 0 })
}

func (s *socketCaller) wait(what string, reached func(simulator.Stats) bool) {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); !reached(s.backend.Stats()); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("%s did not come within a minute", what)
		}
	}
}

// A talk is a conversation that sends its whole history with each call.
type talk struct {
	*socketCaller
	options string // members of the parameters
	history []string
}

// say sends a message and returns the outcome: the status of the response, or the
// type of the error.
func (k *talk) say(text string) string {
	k.t.Helper()
	k.history = append(k.history, fmt.Sprintf(`{"role":"user","content":%q}`, text))
	_, result, failed := k.call("responses.create", `{"transport":"websocket","input":[`+strings.Join(k.history, ",")+`]`+k.options+`}`)
	if failed != nil {
		return failed.kind()
	}
	for item := range result.Get("output").Elements() {
		k.history = append(k.history, string(item.Bytes()))
	}
	status, _ := result.Get("status").Text()
	return status
}

const inConversation = `,"prompt_cache_key":"c1"`

// TestSocketFaults checks the handling of faults of WebSockets.
func TestSocketFaults(t *testing.T) {
	for _, test := range []struct {
		name, scenario string
		retries        int
		outcomes       string // of consecutive calls
		traffic        string
	}{
		{"nothing", "", 2, "completed completed completed", "1 upgrades, 3 created, 2 continued, 0 posted"},
		{"426", "over=upgrade,status=426", 2, "completed completed", "1 upgrades, 0 created, 0 continued, 2 posted"},
		{"401 once", "over=upgrade,status=401,times=1", 0, "api_error", "1 upgrades, 0 created, 0 continued, 0 posted"}, // these credentials cannot be refreshed
		{"503 always", "over=upgrade,status=503", 2, "completed", "2 upgrades, 0 created, 0 continued, 1 posted"},
		{"503 once", "over=upgrade,status=503,times=1", 2, "completed completed", "2 upgrades, 2 created, 1 continued, 0 posted"},
		{"503, and no retries", "over=upgrade,status=503", 0, "completed", "1 upgrades, 0 created, 0 continued, 1 posted"},
		{"403", "over=upgrade,status=403", 2, "completed", "1 upgrades, 0 created, 0 continued, 1 posted"},
		{"503 everywhere", "status=503", 2, "api_error", "2 upgrades, 0 created, 0 continued, 1 posted"},
		{"a web page", "over=upgrade,html", 2, "completed", "1 upgrades, 0 created, 0 continued, 1 posted"},
		{"limit reached", "socket_limit=1", 0, "completed completed completed", "3 upgrades, 5 created, 2 continued, 0 posted"},
		{"limit reached on each", "socket_life=0", 0, "api_error", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"lost response", "over=socket,code=previous_response_not_found,times=1", 0, "completed completed", "2 upgrades, 3 created, 1 continued, 0 posted"},
		{"429", "over=socket,status=429,retry_after=0,times=1", 1, "completed completed", "1 upgrades, 3 created, 1 continued, 0 posted"},
		{"429, and no retries", "over=socket,status=429,times=1", 0, "api_error completed", "1 upgrades, 2 created, 0 continued, 0 posted"},
		{"used up", "over=socket,code=usage_limit_reached", 2, "api_error", "1 upgrades, 1 created, 0 continued, 0 posted"},
		{"503 always, on a socket", "over=socket,status=503", 2, "api_error", "1 upgrades, 3 created, 0 continued, 0 posted"},
		{"401 on a socket", "over=socket,status=401", 2, "api_error", "1 upgrades, 1 created, 0 continued, 0 posted"},
		{"1009", "over=socket,close=0,close_code=1009", 2, "completed completed", "2 upgrades, 2 created, 0 continued, 2 posted"},
		{"larger than the limit of the backend", "max_message=100", 2, "completed completed", "1 upgrades, 0 created, 0 continued, 2 posted"},
		{"cut before the first event", "over=socket,cut=0,times=2", 2, "completed completed", "3 upgrades, 4 created, 1 continued, 0 posted"},
		{"always cut before the first event", "over=socket,cut=0", 2, "completed", "3 upgrades, 3 created, 0 continued, 1 posted"},
		{"always cut before the first event, and over HTTP", "cut=0", 2, "stream_interrupted", "3 upgrades, 3 created, 0 continued, 1 posted"},
		{"cut before the first event, and no retries", "over=socket,cut=0", 0, "stream_interrupted", "1 upgrades, 1 created, 0 continued, 0 posted"},
		{"closed before the first event", "over=socket,close=0,close_code=1011,times=1", 1, "completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"cut within the output", "over=socket,cut=5,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"closed within the output", "over=socket,close=5,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"binary", "over=socket,binary=3,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"binary at once", "over=socket,binary=0,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"not JSON", "over=socket,garbage=3,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"not JSON at once", "over=socket,garbage=0,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"without a type", "over=socket,untyped=3,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"without a type at once", "over=socket,untyped=0,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"failed", "over=socket,end=failed,times=1", 2, "response_failed completed completed", "1 upgrades, 3 created, 1 continued, 0 posted"},
		{"incomplete", "over=socket,end=incomplete,times=1", 2, "incomplete completed completed", "1 upgrades, 3 created, 1 continued, 0 posted"},
		{"an error within the output", "over=socket,end=error,times=1", 2, "response_failed completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"limits before the response", "over=socket,limits", 2, "completed completed", "1 upgrades, 2 created, 1 continued, 0 posted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := overSockets(t, test.scenario, test.retries)
			k := &talk{socketCaller: c, options: inConversation}
			var outcomes []string
			for i := range strings.Fields(test.outcomes) {
				outcomes = append(outcomes, k.say(fmt.Sprintf("message %d", i)))
			}
			if got := strings.Join(outcomes, " "); got != test.outcomes {
				t.Errorf("%s, want %s", got, test.outcomes)
			}
			if got := c.traffic(); got != test.traffic {
				t.Errorf("%s\n want %s", got, test.traffic)
			}
			want := 0
			unusable := strings.Contains(test.traffic, " 0 created") || strings.HasPrefix(test.name, "always cut")
			if unusable && !strings.Contains(test.traffic, " 0 posted") && !strings.Contains(test.scenario, "max_message") {
				want = 1
			}
			if logged := strings.Count(c.log.text(), "responses go over HTTP"); logged != want {
				t.Errorf("the use of HTTP is logged %d times, want %d", logged, want)
			}
		})
	}
}

// TestSocketLikeHTTP checks that events, their order and results are the same over
// both transports.
func TestSocketLikeHTTP(t *testing.T) {
	for name, params := range map[string]string{
		"a text":      `"input":"Hello"`,
		"reasoning":   `"input":"Hello","reasoning":{"effort":"low","summary":"auto"},"include":["reasoning.encrypted_content"]`,
		"a tool":      `"input":"Hello","tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{"a":{"type":"string"}}}}]`,
		"the lane":    `"input":"Hello","model":"gpt-6-luna","instructions":"i","tools":[{"type":"function","name":"f","parameters":{"type":"object"}}]`,
		"many deltas": `"input":"Hello","extra_headers":{"X-Mock":"deltas=500"}`,
		"failed":      `"input":"Hello","extra_headers":{"X-Mock":"end=failed"}`,
		"incomplete":  `"input":"Hello","extra_headers":{"X-Mock":"end=incomplete"}`,
	} {
		t.Run(name, func(t *testing.T) {
			var got [2]string
			for i, transport := range []string{"http", "websocket"} {
				c := overSockets(t, "turn_state=none", 0)
				events, result, failed := c.call("responses.create", `{"stream":true,"transport":"`+transport+`",`+params+`}`)
				var text strings.Builder
				for _, event := range events {
					text.WriteString(timeless(event) + "\n")
				}
				if failed != nil {
					text.WriteString(failed.kind() + " " + failed.Message)
				} else {
					text.WriteString(timeless(result))
				}
				got[i] = text.String()
			}
			if got[0] != got[1] || len(got[0]) < 1000 {
				t.Errorf("http\n%s\nwebsocket\n%s", got[0], got[1])
			}
		})
	}
}

var times = regexp.MustCompile(`"(created_at|completed_at)":[0-9.]+`)

func timeless(v rawjson.Value) string { return times.ReplaceAllString(string(v.Bytes()), `"$1":0`) }

// TestContinuation checks which requests continue a response.
func TestContinuation(t *testing.T) {
	k := func(t *testing.T) *talk {
		k := &talk{socketCaller: overSockets(t, "", 0), options: inConversation}
		if got := k.say("one") + k.say("two"); got != "completedcompleted" || !strings.Contains(k.traffic(), "1 continued") {
			t.Fatal(got, k.traffic())
		}
		return k
	}
	for _, test := range []struct {
		name   string
		change func(*talk)
		want   string // upgrades, created, continued
	}{
		{"more", func(*talk) {}, "1 3 2"},
		{"in another notation", func(k *talk) {
			for i, item := range k.history {
				var v map[string]any
				if err := json.Unmarshal([]byte(item), &v); err != nil {
					k.t.Fatal(err)
				}
				v["unset"] = nil
				text, _ := json.MarshalIndent(v, "", "  ") // sorted
				k.history[i] = strings.ReplaceAll(string(text), "user", `\u0075ser`)
			}
		}, "1 3 2"},
		{"an edited item", func(k *talk) { k.history[0] = `{"role":"user","content":"edited"}` }, "1 3 1"},
		{"an edited output", func(k *talk) { k.history[1] = strings.Replace(k.history[1], "one", "1", 1) }, "1 3 1"},
		{"a shorter history", func(k *talk) { k.history = k.history[:1] }, "1 3 1"},
		{"another order", func(k *talk) { k.history[0], k.history[2] = k.history[2], k.history[0] }, "1 3 1"},
		{"other instructions", func(k *talk) { k.options += `,"instructions":"x"` }, "1 3 1"},
		{"other tools", func(k *talk) { k.options += `,"tools":[{"type":"function","name":"f"}]` }, "1 3 1"},
		{"other reasoning", func(k *talk) { k.options += `,"reasoning":{"effort":"low"}` }, "1 3 1"},
		{"another text format", func(k *talk) { k.options += `,"text":{"verbosity":"low"}` }, "1 3 1"},
		{"another model", func(k *talk) { k.options += `,"model":"gpt-5.6-luna","lite":false` }, "1 3 1"},
		{"another service tier", func(k *talk) { k.options += `,"service_tier":"priority"` }, "1 3 1"},
		{"another include", func(k *talk) { k.options += `,"include":["reasoning.encrypted_content"]` }, "1 3 1"},
		{"other metadata", func(k *talk) { k.options += `,"extra_body":{"client_metadata":{"a":"b"}}` }, "1 3 2"},
		{"another conversation", func(k *talk) { k.options = `,"prompt_cache_key":"c2"` }, "2 3 1"},
		{"no conversation", func(k *talk) { k.options = `` }, "2 3 1"},
		{"another header", func(k *talk) { k.options += `,"extra_headers":{"X-A":"b"}` }, "2 3 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := k(t)
			test.change(k)
			if got := k.say("three"); got != "completed" {
				t.Fatal(got)
			}
			stats := k.backend.Stats()
			if got := fmt.Sprint(stats.Requests["GET /backend-api/codex/responses"], stats.Created, stats.Continued); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
	t.Run("the lite lane, with calls", func(t *testing.T) {
		k := &talk{socketCaller: overSockets(t, "", 0), options: `,"turn":"t","model":"gpt-6-luna","instructions":"i","tools":[{"type":"function","name":"f","parameters":{"type":"object"}}]`}
		k.say("one")
		call := parsed(t, k.history[len(k.history)-1]).Get("call_id").Bytes()
		k.history = append(k.history, `{"type":"function_call_output","call_id":`+string(call)+`,"output":"42"}`)
		if got := k.say("two") + k.say("three"); got != "completedcompleted" || k.traffic() != "1 upgrades, 3 created, 2 continued, 0 posted" {
			t.Error(got, k.traffic())
		}
	})
	t.Run("parallel calls and another choice of a tool", func(t *testing.T) {
		const tools = inConversation + `,"tools":[{"type":"function","name":"f","parameters":{"type":"object"}}]`
		k := &talk{socketCaller: overSockets(t, "", 0), options: tools + `,"tool_choice":"none"`}
		k.say("one")
		k.options = tools + `,"tool_choice":"none","parallel_tool_calls":true`
		k.say("two")
		k.options = tools + `,"tool_choice":"auto"`
		if got := k.say("three"); got != "completed" || k.traffic() != "1 upgrades, 3 created, 2 continued, 0 posted" {
			t.Error(got, k.traffic())
		}
	})
	t.Run("prewarmed", func(t *testing.T) {
		k := &talk{socketCaller: overSockets(t, "", 0), options: inConversation}
		k.result("responses.create", `{"transport":"websocket","input":[],"extra_body":{"generate":false}`+inConversation+`}`)
		if got := k.say("one"); got != "completed" || k.traffic() != "1 upgrades, 2 created, 1 continued, 0 posted" {
			t.Error(got, k.traffic())
		}
		if f := k.failure("responses.create", `{"input":"x","extra_body":{"generate":false}}`); f.kind() != "invalid_params" || f.paths()[0] != "/extra_body/generate" {
			t.Errorf("%+v", f)
		}
	})
}

// TestTransportAuto checks that auto uses WebSockets if the list of models or an
// earlier call shows that the backend supports them.
func TestTransportAuto(t *testing.T) {
	c := overSockets(t, "", 2)
	ask := func(transport string) string {
		t.Helper()
		c.result("responses.create", `{"input":"Hello"`+transport+`}`)
		return strings.TrimPrefix(strings.TrimSuffix(c.traffic(), " posted"), "0 ")
	}
	c.service.SetDefaults(Defaults{Model: "gpt-5.5", Transport: "auto"})
	first := ask("")
	ask(`,"transport":"websocket"`)
	if second := ask(""); !strings.Contains(first, "0 created") || !strings.Contains(second, "2 upgrades, 2 created") {
		t.Errorf("%s; %s", first, second)
	}
	if third := ask(`,"transport":"http"`); !strings.HasSuffix(third, " 2") {
		t.Error(third)
	}
	listed := overSockets(t, "", 2)
	listed.service.models.keep("account", &modelPage{models: []fetchedModel{{id: "gpt-5.5", catalogModel: catalogModel{socket: true}}}})
	listed.result("responses.create", `{"input":"Hello","transport":"auto"}`)
	if got := listed.traffic(); !strings.HasPrefix(got, "1 upgrades, 1 created") {
		t.Error(got)
	}
	failing := overSockets(t, "over=upgrade,status=503", 2)
	failing.service.sockets.opened()
	for range 3 {
		failing.result("responses.create", `{"input":"Hello","transport":"auto"}`)
	}
	if got := failing.traffic(); got != "2 upgrades, 0 created, 0 continued, 3 posted" || strings.Count(failing.log.text(), "level=WARN") > 0 {
		t.Error(got)
	}
}

// TestSocketTurnState checks that the state of a turn is sent in the metadata, and
// not in the handshake.
func TestSocketTurnState(t *testing.T) {
	c := overSockets(t, "", 0)
	for range 2 {
		c.result("responses.create", `{"input":"Hello","transport":"websocket","turn":"t"}`)
	}
	c.result("responses.create", `{"input":"Hello","turn":"t"}`) // the same over HTTP
	c.result("responses.create", `{"input":"Hello","transport":"websocket"}`)
	if got := c.traffic(); got != "2 upgrades, 3 created, 0 continued, 1 posted" {
		t.Error(got)
	}
}

// TestSocketCredentials checks that no connection is reused after a refresh or a
// sign-in, and that a 401 on a connection refreshes the credentials once.
func TestSocketCredentials(t *testing.T) {
	var mu sync.Mutex
	token := backend.Token{Access: "old", AccountID: "account"}
	served, _ := simulator.New(simulator.Options{Scenario: "over=socket,status=401,times=1,tag=a"})
	c := harnessServed(t, served, backend.Config{Credentials: fakeCredentials{func() backend.Token {
		mu.Lock()
		defer mu.Unlock()
		return token
	}, func() {
		mu.Lock()
		defer mu.Unlock()
		token.Access = "new"
	}}})
	t.Cleanup(func() { c.service.sockets.closeIdle() })
	ask := func() {
		c.result("responses.create", `{"input":"Hello","transport":"websocket","prompt_cache_key":"c"}`)
	}
	ask()
	ask()
	mu.Lock()
	token.AccountID = "another"
	mu.Unlock()
	ask()
	s := &socketCaller{caller: c, backend: served}
	if got := s.traffic(); got != "3 upgrades, 4 created, 0 continued, 0 posted" || token.Access != "new" {
		t.Error(got, token.Access == "new")
	}
}

// TestSocketKeptAfterLastEvent checks that a client that leaves a call at its last event
// does not close the connection.
func TestSocketKeptAfterLastEvent(t *testing.T) {
	c := overSockets(t, "", 0)
	for range 3 {
		ctx, cancel := context.WithCancel(context.Background())
		c.server.Invoke(ctx, "responses.create", parsed(t, `{"input":"Hello","stream":true,"transport":"websocket","prompt_cache_key":"c"}`), leaver(cancel))
		cancel()
	}
	if got := c.traffic(); got != "1 upgrades, 3 created, 0 continued, 0 posted" {
		t.Error(got)
	}
}

// A leaver is a client that leaves a response at its last event.
type leaver context.CancelFunc

func (l leaver) Event(event rawjson.Value) error {
	if isType(event, "response.completed") {
		l()
		time.Sleep(20 * time.Millisecond) // time to close the connection wrongly
	}
	return nil
}

func (l leaver) Flush() error { return nil }

// TestSocketCancel checks that a cancellation closes the connection.
func TestSocketCancel(t *testing.T) {
	for _, scenario := range []string{"stall=0", "stall=4"} {
		c := overSockets(t, "over=socket,times=1,"+scenario, 0)
		id := c.begin("responses.create", `{"input":"Hello","stream":true,"transport":"websocket","prompt_cache_key":"c"}`)
		for range map[string]int{"stall=0": 0, "stall=4": 4}[scenario] {
			c.receive()
		}
		c.cancel(id, 1)
		c.result("responses.create", `{"input":"Hello","transport":"websocket","prompt_cache_key":"c"}`)
	}
}
