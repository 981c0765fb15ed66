package methods

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/simulator"
)

// A safeBuffer is a log that is written and read at once.
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

// A socketCaller calls methods over sockets of a simulator.
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
	t.Cleanup(s.service.sockets.closeIdle)
	return s
}

// traffic is what the backend saw: upgrades, responses asked for on sockets, those
// of them that continue another, and requests over HTTP.
func (s *socketCaller) traffic() string {
	stats := s.backend.Stats()
	return fmt.Sprintf("%d upgrades, %d created, %d continued, %d posted", stats.Requests["GET /backend-api/codex/responses"],
		stats.Created, stats.Continued, stats.Requests["POST /backend-api/codex/responses"])
}

// A talk is a conversation that sends its whole history with each call.
type talk struct {
	*socketCaller
	options string // members of the parameters
	history []string
}

// say asks for a response and returns the outcome: the status, or the type of the
// error.
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

// TestSocketFaults goes through what can go wrong on a socket, and what is done
// about it.
func TestSocketFaults(t *testing.T) {
	for _, test := range []struct {
		name, scenario string
		retries        int
		outcomes       string // of one call after the other
		traffic        string
	}{
		{"nothing", "", 2, "completed completed completed", "1 upgrades, 3 created, 2 continued, 0 posted"},
		{"426", "over=upgrade,status=426", 2, "completed completed", "1 upgrades, 0 created, 0 continued, 2 posted"},
		{"401 once", "over=upgrade,status=401,times=1", 0, "api_error", "1 upgrades, 0 created, 0 continued, 0 posted"}, // the credentials cannot be renewed here
		{"503 for ever", "over=upgrade,status=503", 2, "completed", "2 upgrades, 0 created, 0 continued, 1 posted"},
		{"503 once", "over=upgrade,status=503,times=1", 2, "completed completed", "2 upgrades, 2 created, 1 continued, 0 posted"},
		{"503, and no retries", "over=upgrade,status=503", 0, "completed", "1 upgrades, 0 created, 0 continued, 1 posted"},
		{"403", "over=upgrade,status=403", 2, "completed", "1 upgrades, 0 created, 0 continued, 1 posted"},
		{"503 everywhere", "status=503", 2, "api_error", "2 upgrades, 0 created, 0 continued, 1 posted"},
		{"a web page", "over=upgrade,html", 2, "completed", "1 upgrades, 0 created, 0 continued, 1 posted"},
		{"limit reached", "socket_limit=1", 0, "completed completed completed", "3 upgrades, 5 created, 0 continued, 0 posted"},
		{"limit reached on each", "socket_life=0", 0, "api_error", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"lost response", "over=socket,code=previous_response_not_found,times=1", 0, "completed completed", "2 upgrades, 3 created, 1 continued, 0 posted"},
		{"429", "over=socket,status=429,retry_after=0,times=1", 1, "completed completed", "1 upgrades, 3 created, 1 continued, 0 posted"},
		{"429, and no retries", "over=socket,status=429,times=1", 0, "api_error completed", "1 upgrades, 2 created, 0 continued, 0 posted"},
		{"used up", "over=socket,code=usage_limit_reached", 2, "api_error", "1 upgrades, 1 created, 0 continued, 0 posted"},
		{"503 for ever on a socket", "over=socket,status=503", 2, "api_error", "1 upgrades, 3 created, 0 continued, 0 posted"},
		{"401 on a socket", "over=socket,status=401", 2, "api_error", "1 upgrades, 1 created, 0 continued, 0 posted"},
		{"1009", "over=socket,close=0,close_code=1009", 2, "completed completed", "2 upgrades, 2 created, 0 continued, 2 posted"},
		{"larger than the backend takes", "max_message=100", 2, "completed completed", "1 upgrades, 0 created, 0 continued, 2 posted"},
		{"cut before the first event", "over=socket,cut=0,times=2", 2, "completed completed", "3 upgrades, 4 created, 1 continued, 0 posted"},
		{"cut before the first event for ever", "over=socket,cut=0", 2, "stream_interrupted", "3 upgrades, 3 created, 0 continued, 0 posted"},
		{"cut before the first event, and no retries", "over=socket,cut=0", 0, "stream_interrupted", "1 upgrades, 1 created, 0 continued, 0 posted"},
		{"closed before the first event", "over=socket,close=0,close_code=1011,times=1", 1, "completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"cut amid the output", "over=socket,cut=5,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"closed amid the output", "over=socket,close=5,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"binary", "over=socket,binary=3,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"binary at once", "over=socket,binary=0,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"not JSON", "over=socket,garbage=3,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"not JSON at once", "over=socket,garbage=0,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"without a type", "over=socket,untyped=3,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"without a type at once", "over=socket,untyped=0,times=1", 2, "stream_interrupted completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
		{"failed", "over=socket,end=failed,times=1", 2, "response_failed completed completed", "1 upgrades, 3 created, 1 continued, 0 posted"},
		{"incomplete", "over=socket,end=incomplete,times=1", 2, "incomplete completed completed", "1 upgrades, 3 created, 1 continued, 0 posted"},
		{"an error amid the output", "over=socket,end=error,times=1", 2, "response_failed completed", "2 upgrades, 2 created, 0 continued, 0 posted"},
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
			if strings.Contains(test.traffic, " 0 created") && !strings.Contains(test.traffic, " 0 posted") && !strings.Contains(test.scenario, "max_message") {
				want = 1
			}
			if told := strings.Count(c.log.text(), "responses go over HTTP"); told != want {
				t.Errorf("the log says %d times that HTTP is used, want %d", told, want)
			}
		})
	}
}
