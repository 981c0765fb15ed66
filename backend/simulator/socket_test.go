package simulator

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
)

// The events over a socket are those over HTTP, for the same request and for one
// that continues a response.
func TestSocketEvents(t *testing.T) {
	const more = `{"role":"user","content":"And now?"}`
	p, s := connected(t, "turn_state=none") // which differs between the transports
	p.create("")
	first := p.until("completed")
	over := events(t, do(s, "POST", responses, hello).Body.Bytes())
	if a, b := timeless(first), timeless(over); a != b {
		t.Errorf("socket %s\nhttp   %s", a, b)
	}
	output := p.done["output"].([]any)[0]
	p.create(`"previous_response_id":"ID","input":[` + more + `]`)
	second := p.until("completed")
	// In the simulator's order of members, as in the socket's history.
	item := fill("message", "id", at(t, output, "id"), "status", "completed",
		"content", []any{fill("output_text", "text", at(t, output, "content.0.text"))})
	whole := events(t, do(s, "POST", responses, ask(`"input":[`+said1+`,`+string(item)+`,`+more+`]`)).Body.Bytes())
	for _, list := range [][]map[string]any{second, whole} {
		for _, e := range list {
			if response, ok := e["response"].(map[string]any); ok {
				delete(response, "previous_response_id")
			}
		}
	}
	if a, b := timeless(second), timeless(whole); a != b {
		t.Errorf("socket %s\nhttp   %s", a, b)
	}
	if stats := s.Stats(); stats.Created != 2 || stats.Continued != 1 || stats.Sockets != 1 {
		t.Errorf("%+v", stats)
	}
}

// timeless returns events without their times.
func timeless(list []map[string]any) string {
	for _, e := range list {
		if response, ok := e["response"].(map[string]any); ok {
			delete(response, "created_at")
			delete(response, "completed_at")
		}
	}
	return string(encode(list))
}

// TestUpgrade tests the conditions and the directives of the upgrade.
func TestUpgrade(t *testing.T) {
	for _, c := range []struct {
		name, scenario string
		header         []string
		status         int
	}{
		{"the least", "", nil, 101},
		{"as an SDK asks", "", []string{"OpenAI-Beta: responses=experimental"}, 101},
		{"without the header", "", []string{"OpenAI-Beta: x"}, 400},
		{"without the header, leniently", "lenient", []string{"OpenAI-Beta: x"}, 101},
		{"without a bearer", "", []string{"Authorization: "}, 401},
		{"from a web page", "", []string{"Origin: https://example.com"}, 403},
		{"use HTTP", "over=upgrade,status=426", nil, 426},
		{"expired", "over=upgrade,status=401", nil, 401},
		{"overloaded", "status=503", nil, 503},
		{"a web page", "html", nil, 200},
		{"over HTTP only", "over=http,status=503", nil, 101},
		{"on a socket only", "over=socket,status=503", nil, 101},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := dial(t, newServer(t, c.scenario), c.header...)
			if p.head == nil || p.head.StatusCode != c.status || (err == nil) != (c.status == 101) {
				t.Errorf("%+v %v", p.head, err)
			}
		})
	}
	if w := do(newServer(t, ""), "GET", responses, "", "OpenAI-Beta: "+socketBeta); w.Code != 426 {
		t.Errorf("without an upgrade: %d", w.Code)
	}
}

// TestSocketRequests tests sequences of requests on one socket. ID in their members
// is the id of the last response.
func TestSocketRequests(t *testing.T) {
	const (
		on         = `"previous_response_id":"ID",`
		more       = on + `"input":[{"role":"user","content":"And now?"}]`
		compact    = on + `"input":[{"type":"compaction_trigger"}]`
		toolAnswer = on + `"tools":[` + function + `],"input":[{"type":"function_call_output","call_id":"CALL","output":"18"}]`
	)
	for _, c := range []struct {
		name, scenario string
		requests       []string // alternating with their outcomes
	}{
		{"one after another", "", []string{``, "completed", ``, "completed", more, "completed", more, "completed"}},
		{"a lost id", "", []string{``, "completed", `"previous_response_id":"resp_0"`, "error 400 previous_response_not_found", more, "completed"}},
		{"an id before the last", "", []string{``, "completed", more, "completed", `"previous_response_id":"resp_0"`, "error 400 previous_response_not_found"}},
		{"first", "", []string{`"previous_response_id":"resp_0"`, "error 400 previous_response_not_found"}},
		{"after a failure", "", []string{`"model":"mock:end=failed"`, "failed", `"model":"mock:end=failed",` + more, "error 400 previous_response_not_found"}},
		{"after an incomplete one", "", []string{`"model":"mock:end=incomplete"`, "incomplete", `"model":"mock:end=incomplete",` + more, "error 400 previous_response_not_found"}},
		{"prepared", "", []string{`"generate":false,"input":[]`, "completed", more, "completed"}},
		{"other instructions", "", []string{``, "completed", `"instructions":"x",` + more, "error 400 invalid_value"}},
		{"other tools", "", []string{``, "completed", `"tools":[` + function + `],` + more, "error 400 invalid_value"}},
		{"another model", "", []string{``, "completed", `"model":"gpt-5.6-luna",` + more, "error 400 invalid_value"}},
		{"another model, leniently", "lenient", []string{``, "completed", `"model":"gpt-5.6-luna",` + more, "completed"}},
		{"an item twice", "", []string{`"input":[{"role":"user","content":"a","id":"msg_1"}]`, "completed",
			on + `"input":[{"role":"user","content":"a","id":"msg_1"}]`, "error 400 Duplicate item found with id msg_1. Remove duplicate items from your input and try again."}},
		{"an output without its call", "", []string{``, "completed", on + `"input":[` + output1 + `]`, "error 400 No tool call found for function call output with call_id c1."}},
		{"an output", "", []string{`"tools":[` + function + `]`, "completed", toolAnswer, "completed"}},
		{"unknown parameter", "", []string{`"user":"x"`, "error 400 Unsupported parameter: user", ``, "completed"}},
		{"not streamed", "", []string{`"stream":false`, "error 400 Stream must be set to true"}},
		{"the lane", "", []string{onLite + `,"client_metadata":{"ws_request_header_x_openai_internal_codex_responses_lite":"true"},"tools":[` + function + `]`, "error 400 unsupported_value"}},
		{"metadata that are no texts", "", []string{`"client_metadata":{"n":1}`, "error 400 invalid_type"}},
		{"the state of the handshake", "", []string{`"client_metadata":{"x-codex-turn-state":"mock-handshake"}`, "error 400 invalid_value"}},
		{"a limit", "over=socket,code=usage_limit_reached,times=1", []string{``, "error 429 The usage limit has been reached", ``, "completed"}},
		{"overloaded", "over=socket,status=503", []string{``, "error 503 server_is_overloaded"}},
		{"an error", "end=error", []string{``, "error 500 server_error", ``, "error 500 server_error"}},
		{"as many as a socket gives", "socket_limit=1", []string{``, "completed", more, "error 400 websocket_connection_limit_reached"}},
		{"too old", "socket_life=0", []string{``, "error 400 websocket_connection_limit_reached"}},
		{"the second", "over=socket,code=previous_response_not_found,skip=1,times=1", []string{``, "completed", more, "error 400 previous_response_not_found", more, "completed"}},
		{"compaction", "", []string{``, "completed", compact, "completed", more, "error 400 previous_response_not_found", ``, "completed"}},
		{"compaction of all that is sent", "", []string{triggered, "completed", more, "error 400 previous_response_not_found"}},
		{"compaction with other tools", "", []string{``, "completed", `"tools":[` + function + `],` + compact, "error 400 invalid_value"}},
		{"compaction before the end", "", []string{``, "completed", on + `"input":[{"type":"compaction_trigger"},` + said1 + `]`, "error 400 invalid_value"}},
		{"compaction that failed", "over=socket,end=failed,skip=1,times=1", []string{``, "completed", compact, "failed", compact, "error 400 previous_response_not_found"}},
		{"no tools, in two ways", "", []string{`"tools":[]`, "completed", more, "completed"}},
		{"forgotten", "over=socket,code=previous_response_not_found,times=1", []string{``, "error 400 previous_response_not_found"}},
		{"too long", "max_message=1000", []string{``, "completed", `"instructions":"` + strings.Repeat("x", 1000) + `"`, "StatusMessageTooBig"}},
		{"cut before the first event", "cut=0", []string{``, "cut"}},
		{"cut", "cut=3", []string{``, "cut"}},
		{"closed", "close=3", []string{``, "StatusNormalClosure"}},
		{"closed with a status", "close=3,close_code=1011", []string{``, "StatusInternalError"}},
		{"closed without a frame", "close=3,close_code=1006", []string{``, "cut"}},
		{"binary", "binary=2", []string{``, "binary"}},
		{"garbage", "garbage=0", []string{``, "garbage"}},
		{"without a type", "untyped=2", []string{``, "untyped"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, _ := connected(t, c.scenario, announced)
			for i := 0; i < len(c.requests); i += 2 {
				members := c.requests[i]
				if strings.Contains(members, "CALL") {
					members = strings.ReplaceAll(members, "CALL", p.done["output"].([]any)[0].(map[string]any)["call_id"].(string))
				}
				p.create(members)
				if got := p.outcome(); got != c.requests[i+1] {
					t.Fatalf("request %d: %s, want %s", i/2, got, c.requests[i+1])
				}
			}
		})
	}
}

// The handshake must announce a compaction, and a compaction has no turn state.
func TestSocketCompactionRefused(t *testing.T) {
	p, _ := connected(t, "")
	p.create(triggered)
	if got := p.outcome(); got != "error 400 invalid_value" {
		t.Error(got)
	}
	p, _ = connected(t, "", announced)
	p.create("")
	state := ""
	for _, e := range p.until("completed") {
		if e["type"] == "response.metadata" {
			state = at(t, e, "headers."+turnStateHeader).(string)
		}
	}
	p.create(`"client_metadata":{"x-codex-turn-state":"` + state + `"},` + triggered)
	if got := p.outcome(); state == "" || got != "error 400 invalid_value" {
		t.Errorf("with the state %q: %s", state, got)
	}
}

// The frame of a fault contains its headers.
func TestSocketFaultHeaders(t *testing.T) {
	p, _ := connected(t, "over=socket,status=429,code=usage_limit_reached,retry_after=7")
	p.create("")
	headers := at(t, p.next(), "headers").(map[string]any)
	if headers["retry-after"] != "7" || headers["x-codex-primary-used-percent"] != "100" {
		t.Errorf("%v", headers)
	}
}

func TestLimitEvent(t *testing.T) {
	p, _ := connected(t, "limits")
	p.create("")
	if e := p.next(); e["type"] != "codex.rate_limits" || at(t, e, "rate_limits.primary.used_percent") != 12.0 {
		t.Errorf("%v", e)
	}
}

// A turn state comes in an event, and is returned in the metadata.
func TestSocketTurnState(t *testing.T) {
	p, _ := connected(t, "")
	p.create("")
	list := p.until("completed")
	i := slices.IndexFunc(list, func(e map[string]any) bool { return e["type"] == "response.metadata" })
	if i < 0 {
		t.Fatalf("%s", outline(list))
	}
	state := at(t, list[i], "headers").(map[string]any)[turnStateHeader].(string)
	p.create(`"previous_response_id":"ID","input":[` + said1 + `],"client_metadata":{"x-codex-turn-state":"` + state + `"}`)
	if list := p.until(ends...); strings.Contains(outline(list), "metadata") || list[len(list)-1]["type"] != "response.completed" {
		t.Errorf("%s", outline(list))
	}
}

func TestInterrupt(t *testing.T) {
	const held = "stall=6" // within the text
	for _, c := range []struct{ name, scenario, events string }{
		{"accepted", held, "interrupt.accepted incomplete"},
		{"late", held + ",interrupt=late", "incomplete interrupt.accepted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, _ := connected(t, c.scenario)
			p.create("")
			p.until("output_text.delta")
			p.interrupt(p.last)
			list := []map[string]any{}
			for range strings.Fields(c.events) {
				list = append(list, p.until(strings.Fields(c.events)...)...)
			}
			list = slices.DeleteFunc(list, func(e map[string]any) bool { return e["type"] == "response.output_text.delta" })
			if got := outline(list); got != c.events {
				t.Errorf("%s", got)
			}
			if reason := p.done["incomplete_details"]; !strings.Contains(string(encode(reason)), "interrupted") || len(p.done["output"].([]any)) != 0 {
				t.Errorf("%v", p.done)
			}
			p.create(`"previous_response_id":"ID","input":[{"role":"user","content":"Rather this"}]`)
			p.until("output_text.delta") // the next one has begun
			p.interrupt(p.last)
			p.until("incomplete")
		})
	}
	t.Run("refused", func(t *testing.T) {
		p, _ := connected(t, "pace=5ms,interrupt=failed")
		p.create("")
		p.until("created")
		p.interrupt(p.last)
		p.until("interrupt.failed")
		if got := p.outcome(); got != "completed" {
			t.Error(got)
		}
	})
	t.Run("ignored", func(t *testing.T) {
		p, _ := connected(t, "pace=5ms,interrupt=ignored")
		p.create("")
		p.until("created")
		p.interrupt(p.last)
		if list := p.until(ends...); strings.Contains(outline(list), "interrupt") {
			t.Error(outline(list))
		}
	})
	t.Run("nothing runs", func(t *testing.T) {
		p, _ := connected(t, "")
		p.interrupt("resp_0")
		if e := p.next(); e["type"] != "response.interrupt.failed" || e["response_id"] != "resp_0" {
			t.Error(e)
		}
		p.create("")
		p.until("completed")
		p.interrupt(p.last)
		p.until("interrupt.failed")
	})
}

// A second request during a response is refused.
func TestSecondCreate(t *testing.T) {
	p, _ := connected(t, "stall=2")
	p.create("")
	p.until("in_progress")
	p.create("")
	if got := p.outcome(); got != "error 400 response_in_progress" {
		t.Error(got)
	}
	if got := p.outcome(); got != "StatusPolicyViolation" {
		t.Error(got)
	}
}

func TestWrongFrames(t *testing.T) {
	p, _ := connected(t, "")
	for _, frame := range []string{`{"type":"response.delete"}`, `{}`, `[]`, `no JSON`} {
		p.send(frame)
		if got := p.outcome(); got != "error 400 invalid_value" {
			t.Errorf("%s: %s", frame, got)
		}
	}
	p.create("")
	if got := p.outcome(); got != "completed" {
		t.Error(got)
	}
}

// A disconnected client leaves nothing open.
func TestSocketLeft(t *testing.T) {
	for name, leave := range map[string]func(*peer){
		"without a word":     func(p *peer) { p.conn.CloseNow() },
		"with a close frame": func(p *peer) { p.conn.Close(websocket.StatusNormalClosure, "") },
	} {
		inBubble(t, name, func(t *testing.T) {
			s := newServer(t, "stall=3")
			p, err := dialAt(t, "http://mock", serve(t, s))
			if err != nil {
				t.Fatal(err)
			}
			p.create("")
			p.until("output_item.added")
			if stats := s.Stats(); stats.Sockets != 1 || stats.OpenStreams != 1 {
				t.Fatalf("%+v", stats)
			}
			leave(p)
			synctest.Wait()
			if stats := s.Stats(); stats.Sockets+stats.OpenStreams > 0 {
				t.Errorf("%+v", stats)
			}
		})
	}
}

func TestPong(t *testing.T) {
	for delay, answered := range map[string]bool{"pong=3": true, "pong=5": false} {
		inBubble(t, delay, func(t *testing.T) {
			p, err := dialAt(t, "http://mock", serve(t, newServer(t, delay)))
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			p.conn.CloseRead(t.Context()) // the pong is read
			begun := time.Now()
			err = p.conn.Ping(ctx)
			if took := time.Since(begun); (err == nil) != answered || took != map[bool]time.Duration{true: 3 * time.Second, false: time.Minute}[answered] {
				t.Errorf("%v after %v", err, took)
			}
			p.conn.CloseNow()
		})
	}
}

// A socket has a limit of responses and a maximum age.
func TestSocketLife(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, err := dialAt(t, "http://mock", serve(t, newServer(t, "")))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"completed", "completed", "error 400 websocket_connection_limit_reached"} {
			p.create("")
			if got := p.outcome(); got != want {
				t.Errorf("%s, want %s", got, want)
			}
			time.Sleep(30 * time.Minute)
		}
		p.conn.CloseNow()
	})
}

// Each way to compress is agreed on, gives the same events, and takes less than the
// one before.
func TestCompression(t *testing.T) {
	var want string
	last := int64(1 << 40)
	for _, test := range []struct{ scenario, answer string }{
		{"compression=none", ""},
		{"", "permessage-deflate; client_no_context_takeover; server_no_context_takeover"},
		{"compression=all", "permessage-deflate; client_no_context_takeover; server_no_context_takeover"},
		{"compression=takeover", "permessage-deflate"},
	} {
		server := httptest.NewServer(newServer(t, test.scenario))
		t.Cleanup(server.Close)
		var received atomic.Int64
		transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			return &receivingConn{conn, &received}, err
		}}
		p, err := dialAt(t, server.URL, &http.Client{Transport: transport})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.head.Header.Get("Sec-WebSocket-Extensions"); got != test.answer {
			t.Errorf("%q answers %q, want %q", test.scenario, got, test.answer)
		}
		p.create(`"instructions":"` + strings.Repeat("Be brief. ", 1000) + `"`)
		got := timeless(p.until("completed"))
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%q gives other events", test.scenario)
		}
		if n := received.Load(); n >= last {
			t.Errorf("%q takes %d bytes, and the one before %d", test.scenario, n, last)
		}
		last = received.Load()
	}
}

type receivingConn struct {
	net.Conn
	bytes *atomic.Int64
}

func (c *receivingConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.bytes.Add(int64(n))
	return n, err
}
