package rpc_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc"
)

func request(id, method, params string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":%q,"params":%s}`, id, method, params)
}

func cancelRequest(id string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":%s}}`, id)
}

func await[T any](t testing.TB, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatal("timed out")
	}
	panic("unreachable")
}

func TestCancel(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			g := newGate()
			p := connect(t, framing, options(g))
			p.send(request(`"a"`, "wait", `{}`))
			p.send(request(`"\u0062"`, "wait", `{}`))
			await(t, g.entered)
			await(t, g.entered)
			p.send(cancelRequest(`"b"`)) // the same id with other escapes
			p.expectError(`"\u0062"`, rpc.CodeCancelled, "cancelled")
			p.send(cancelRequest(`"a"`) + "")
			p.expectError(`"a"`, rpc.CodeCancelled, "cancelled")
			p.send(request(`"a"`, "sum", `[1]`)) // the id is free again
			p.expectResult(`"a"`, "1")
			p.end(nil)
		})
	}
}

// TestCancelAfterRequest checks that a cancel finds its request even if both
// arrive in one read, or in one batch.
func TestCancelAfterRequest(t *testing.T) {
	g := newGate()
	p := connect(t, "lines", options(g))
	for range 100 {
		p.send(request("1", "wait", `{}`) + "\n" + cancelRequest("1"))
		p.expectError("1", rpc.CodeCancelled, "cancelled")
	}
	p.send("[" + request("1", "wait", `{}`) + "," + cancelRequest("1") + "]")
	if got := p.raw(); !strings.HasPrefix(got, "[") || !strings.Contains(got, "-32800") {
		t.Errorf("got %s", got)
	}
	p.end(nil)
}

func TestDuplicateID(t *testing.T) {
	g := newGate()
	p := connect(t, "lines", options(g))
	p.send(request("1", "wait", `{}`))
	await(t, g.entered)
	p.send(request("1", "sum", `[]`))
	p.expectError("1", rpc.CodeInvalidRequest, "duplicate_id")
	p.send("[" + request("1", "sum", `[]`) + "," + request("2", "sum", `[]`) + "," + request("2", "sum", `[]`) + "]")
	if got := p.raw(); strings.Count(got, "duplicate_id") != 2 || strings.Count(got, "result") != 1 {
		t.Errorf("got %s", got)
	}
	close(g.open)
	p.expectResult("1", `""`)
	p.end(nil)
}

// TestIDIsFreeWhenAnswered checks that an id can be reused as soon as its
// response can be read.
func TestIDIsFreeWhenAnswered(t *testing.T) {
	p := connect(t, "lines", options(nil))
	for range 2000 {
		p.send(request("1", "sum", `[2]`))
		p.expectResult("1", "2")
	}
	p.end(nil)
}

func TestOverload(t *testing.T) {
	g := newGate()
	o := options(g)
	o.MaxInFlight, o.MaxQueue = 2, -1
	p := connect(t, "lines", o)
	p.send(request("1", "wait", `{}`))
	p.send(request("2", "wait", `{}`))
	p.send(request("3", "sum", `[]`))
	r := p.expectError("3", rpc.CodeOverloaded, "overloaded")
	if !*r.Error.Data.Retryable || !strings.Contains(r.Text, `"retry_after_ms":`) {
		t.Errorf("refusal is %s", r.Text)
	}
	p.send(cancelRequest("1"))
	p.expectError("1", rpc.CodeCancelled, "cancelled")
	p.send(request("3", "sum", `[]`)) // there is room once the response is read
	p.expectResult("3", "0")
	close(g.open)
	p.expectResult("2", `""`)
	p.end(nil)
}

// TestClientThatDoesNotRead checks that input is read while the client does not
// read the output: calls are refused, cancels take effect, and the end of input
// is noticed. When the client reads again, nothing is missing, and responses
// precede events.
func TestClientThatDoesNotRead(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			g := newGate()
			o := options(g)
			o.MaxInFlight, o.MaxQueue = 3, -1
			p := connect(t, framing, o)
			const events = 5000
			p.send(request("1", "count", fmt.Sprintf(`{"events":%d,"stream":true}`, events)))
			p.send(request("2", "wait", `{}`))
			p.send(request("3", "count", fmt.Sprintf(`{"events":%d,"stream":true}`, events)))
			await(t, g.entered)
			const refused = 1000
			for i := range refused {
				p.send(request(fmt.Sprint(1000+i), "sum", `[]`))
			}
			p.send(cancelRequest("2"))
			if err := await(t, g.left); err == nil {
				t.Fatal("the call was not cancelled")
			}
			p.in.Close()

			seq := map[string]int{}
			answers := map[string]int{}
			for len(answers) < refused+3 {
				r := p.receive()
				if r.Method != "" {
					id := string(r.Params.ID)
					if answers[id] > 0 || r.Params.Seq != seq[id] {
						t.Fatalf("event %d of %s, want %d", r.Params.Seq, id, seq[id])
					}
					seq[id]++
					continue
				}
				answers[string(r.ID)]++
				if r.Error != nil && seq["1"]+seq["3"] > 2*32<<10/80 {
					t.Fatalf("a refusal waited behind %d events", seq["1"]+seq["3"])
				}
			}
			for id, n := range answers {
				if n != 1 {
					t.Errorf("%s is answered %d times", id, n)
				}
			}
			if seq["1"] != events || seq["3"] != events {
				t.Errorf("events: %v", seq)
			}
			p.ended(nil)
		})
	}
}

// TestCancelWhileEventsWait checks that a call whose events wait for the client
// is cancelled at once, and that its waiting events are dropped without leaving
// a gap.
func TestCancelWhileEventsWait(t *testing.T) {
	g := newGate()
	p := connect(t, "lines", options(g))
	p.send(request("1", "wait", `{"events":100000,"name":"blocked"}`))
	p.send(request("2", "wait", `{"events":100000}`))
	if r := p.receive(); r.Params.Seq != 0 { // one of them now fills the pipe
		t.Fatalf("got %s", r.Text)
	}
	p.send(cancelRequest("1"))
	p.send(cancelRequest("2"))
	p.send("") // returns once the cancels are handled
	next := map[string]int{}
	done := map[string]bool{}
	for len(done) < 2 {
		r := p.receive()
		if r.Method == "" {
			if r.Error == nil || r.Error.Code != rpc.CodeCancelled {
				t.Fatalf("got %s", r.Text)
			}
			done[string(r.ID)] = true
			continue
		}
		id := string(r.Params.ID)
		if done[id] || r.Params.Seq > next[id]+1 {
			t.Fatalf("event %s after seq %d", r.Text, next[id])
		}
		next[id] = r.Params.Seq
		if r.Params.Seq > 10 {
			t.Fatalf("an event after the cancel: %s", r.Text)
		}
	}
	p.end(nil)
}

func TestEndOfInputWhileCallsRun(t *testing.T) {
	for _, framing := range framings {
		g := newGate()
		p := connect(t, framing, options(g))
		p.send(request("1", "wait", `{"name":"x"}`))
		p.send("[" + request("2", "wait", `{"name":"y"}`) + "]")
		await(t, g.entered)
		await(t, g.entered)
		p.in.Close()
		close(g.open)
		if got := p.raw() + p.raw(); !strings.Contains(got, `"x"`) || !strings.Contains(got, `"y"`) {
			t.Errorf("got %s", got)
		}
		p.ended(nil)
	}
}

func TestClientGone(t *testing.T) {
	g := newGate()
	p := connect(t, "lines", options(g))
	p.send(request("1", "wait", `{}`))
	await(t, g.entered)
	p.out.Close()
	p.send(request("2", "sum", `[]`))
	if err := await(t, g.left); err == nil {
		t.Error("the call was not cancelled")
	}
	if err := await(t, p.done); err != rpc.ErrClientGone {
		t.Errorf("Serve = %v", err)
	}
}

// TestClientGoneAfterShutdown checks that a client may leave after the response
// to shutdown.
func TestClientGoneAfterShutdown(t *testing.T) {
	p := connect(t, "lines", options(nil))
	p.send(request("1", "shutdown", "{}"))
	p.expectResult("1", "null")
	p.out.Close()
	p.send(request("2", "sum", `[]`))
	if err := await(t, p.done); err != nil {
		t.Errorf("Serve = %v", err)
	}
}

func TestStopped(t *testing.T) {
	g := newGate()
	p := connect(t, "lines", options(g))
	p.send(request("1", "wait", `{}`))
	await(t, g.entered)
	stop := errors.New("stop")
	p.cancel(stop)
	p.expectError("1", rpc.CodeCancelled, "cancelled")
	p.ended(stop)
}

func TestShutdown(t *testing.T) {
	g := newGate()
	p := connect(t, "lines", options(g))
	p.send(request("1", "wait", `{"name":"x"}`))
	await(t, g.entered)
	p.server.Shutdown()
	p.send(request("2", "sum", `[]`))
	p.expectError("2", rpc.CodeInvalidRequest, "invalid_request")
	close(g.open)
	p.expectResult("1", `"x"`)
	p.ended(nil)
}

func TestExit(t *testing.T) {
	for _, tt := range []struct {
		messages []string
		want     error
	}{
		{[]string{`{"jsonrpc":"2.0","method":"exit"}`}, rpc.ErrExit},
		{[]string{`{"jsonrpc":"2.0","id":7,"method":"shutdown"}`, `{"jsonrpc":"2.0","method":"exit"}`}, nil},
	} {
		g := newGate()
		p := connect(t, "headers", options(g))
		p.send(request("1", "wait", `{}`))
		await(t, g.entered)
		for _, m := range tt.messages {
			p.send(m)
		}
		if len(tt.messages) > 1 {
			p.expectResult("7", "null")
		}
		p.expectError("1", rpc.CodeCancelled, "cancelled") // no call is left unanswered
		p.ended(tt.want)
	}
}

func TestInitialize(t *testing.T) {
	o := options(nil)
	var clients []rpc.Client
	o.Initialize = func(c rpc.Client) *rpc.Error {
		clients = append(clients, c)
		if c.Options.Get("model").Kind() == '0' {
			return rpc.InvalidParams.Errorf("model must be a string.")
		}
		return nil
	}
	p := connect(t, "headers", o)
	p.send(request("1", "initialize", `{"options":{"model":5}}`))
	p.expectError("1", rpc.CodeInvalidParams, "invalid_params")
	p.send(request("2", "initialize", `{"processId":42,"clientInfo":{"name":"n","version":"v"},"initializationOptions":{"model":"m"},"trace":"off"}`))
	if r := p.receive(); r.Error != nil || !strings.Contains(r.Text, `"methods":["count",`) {
		t.Fatalf("got %s", r.Text)
	}
	c := clients[1]
	if model, _ := c.Options.Get("model").Text(); model != "m" || c.ProcessID != 42 || c.Name != "n" || c.Version != "v" {
		t.Errorf("client: %+v", c)
	}
	p.end(nil)
}

// TestIgnoredOptions checks that the result of initialize names unknown
// options, each once and up to a limit.
func TestIgnoredOptions(t *testing.T) {
	many := strings.Repeat(`"a":1,`, 1000)
	for i := range 1000 {
		many += fmt.Sprintf(`"o%d":1,`, i)
	}
	for _, test := range []struct {
		known           []string
		options, ignore string
	}{
		{nil, `{"model":"m","modle":"m"}`, ""},
		{[]string{}, `{"model":"m"}`, `["model"]`},
		{[]string{"model"}, `{"model":"m"}`, ""},
		{[]string{"model"}, `{"mod\u0065l":"m","modle":"m","é":null,"modle":1}`, `["modle","\u00e9"]`},
		{[]string{"model"}, `[1]`, ""},
		{[]string{"model"}, `"model"`, ""},
		{[]string{"model"}, `{` + many + `"model":"m"}`, `"o98"]`},
	} {
		o := options(nil)
		o.InitializeOptions = test.known
		p := connect(t, "lines", o)
		p.send(request("1", "initialize", `{"options":`+test.options+`}`))
		_, got, _ := strings.Cut(p.receive().Text, `"ignoredOptions":`)
		if got = strings.TrimSuffix(strings.TrimSpace(got), "}}"); got != test.ignore && (test.ignore == "" || !strings.HasSuffix(got, test.ignore)) {
			t.Errorf("%.80s: %s", test.options, got)
		}
		p.end(nil)
	}
}

func TestDescribe(t *testing.T) {
	o := options(nil)
	o.Describe = func() []byte { return []byte(`{"openrpc":"1.4.1"}`) }
	p := connect(t, "lines", o)
	p.send(request("1", "rpc.discover", `{}`))
	p.expectResult("1", `{"openrpc":"1.4.1"}`)
	discover := request("2", "rpc.discover", `{}`)
	p.send("[" + discover + strings.Repeat(","+discover, 16) + "]")
	const answer = `{"jsonrpc":"2.0","id":2,"result":{"openrpc":"1.4.1"}},`
	const refusal = `{"jsonrpc":"2.0","id":2,"error":{"code":-32600,"message":"A batch may call rpc.discover at most 16 times.","data":{"retryable":false,"type":"invalid_request"}}}`
	if got, want := p.raw(), "["+strings.Repeat(answer, 16)+refusal+"]"; got != want { // the document is large, and a batch answered at once
		t.Errorf("a batch: %s", got)
	}
	p.end(nil)
}

// TestManyStreams checks that every event of many concurrent streams arrives in
// order and before its response.
func TestManyStreams(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			const streams, events = 200, 100
			p := connect(t, framing, options(nil))
			var group sync.WaitGroup
			group.Go(func() {
				for i := range streams {
					p.send(request(fmt.Sprint(i), "count", fmt.Sprintf(`{"events":%d,"stream":true,"text":"é"}`, events)))
					if i%10 == 9 {
						p.send(cancelRequest(fmt.Sprint(i)))
					}
				}
			})
			next := map[string]int{}
			for answered := 0; answered < streams; {
				r := p.receive()
				if r.Method != "" {
					id := string(r.Params.ID)
					if r.Params.Seq != next[id] {
						t.Fatalf("event %s, want seq %d", r.Text, next[id])
					}
					next[id]++
					continue
				}
				answered++
				if r.Error == nil && next[string(r.ID)] != events {
					t.Fatalf("%s after %d events", r.Text, next[string(r.ID)])
				}
				next[string(r.ID)] = math.MaxInt32 // no event may follow
			}
			group.Wait()
			p.end(nil)
		})
	}
}

// TestHugeFaults checks that responses to large invalid messages are bounded.
func TestHugeFaults(t *testing.T) {
	p := connect(t, "lines", options(nil))
	p.send("[" + strings.Repeat("1,", 200_000) + "1]")
	if got := p.raw(); strings.Count(got, "-32600") != 10_001 || !strings.Contains(got, "was ignored") {
		t.Errorf("%d refusals in %d bytes", strings.Count(got, "-32600"), len(got))
	}
	var params strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&params, `"unknown%d":0,`, i)
	}
	p.send(request("1", "count", "{"+params.String()+`"events":1}`))
	if r := p.expectError("1", rpc.CodeInvalidParams, "invalid_params"); len(r.Error.Data.Errors) != 1000 {
		t.Errorf("%d faults", len(r.Error.Data.Errors))
	}
	p.send(request("1", strings.Repeat("x", 1<<20), "{}"))
	if r := p.expectError("1", rpc.CodeMethodNotFound, "method_not_found"); len(r.Text) > 1000 {
		t.Errorf("%d bytes", len(r.Text))
	}
	p.end(nil)
}

// TestExitWhileDraining checks that exit without shutdown is regular while the
// last calls finish, since the server has stopped already.
func TestExitWhileDraining(t *testing.T) {
	g := newGate()
	p := connect(t, "lines", options(g))
	p.send(request("1", "wait", `{}`))
	await(t, g.entered)
	p.server.Shutdown()
	p.send(`{"jsonrpc":"2.0","method":"exit"}`)
	p.expectError("1", rpc.CodeCancelled, "cancelled")
	p.ended(nil)
}

// TestNoEventAfterCancel checks that events which a method reports after a
// cancel are not written.
func TestNoEventAfterCancel(t *testing.T) {
	entered := make(chan bool)
	o := options(nil)
	o.Schema = nil
	o.Methods = []rpc.Method{rpc.Stream("late", "Report after a cancel.", func(ctx context.Context, _ *struct{}, events *rpc.Events) (*int, error) {
		entered <- true
		<-ctx.Done()
		if err := events.Emit("late"); err == nil {
			t.Error("Emit succeeded after the cancel")
		}
		return nil, ctx.Err()
	})}
	p := connect(t, "lines", o)
	p.send(request("1", "late", "{}"))
	await(t, entered)
	p.send(cancelRequest("1"))
	p.expectError("1", rpc.CodeCancelled, "cancelled")
	p.end(nil)
}

// TestCancelWhileParametersAreChecked checks that validating parameters does
// not delay a cancel of the same or another call.
func TestCancelWhileParametersAreChecked(t *testing.T) {
	o := options(nil)
	o.MaxMessageBytes = 256 << 20
	p := connect(t, "lines", o)
	items := strings.Repeat(`{"role":"a"},`, 300_000) + `{"role":"a"}`
	for i := range 4 {
		p.send(request(fmt.Sprint(i), "count", `{"events":1,"input":[`+items+`]}`) + "\n" + cancelRequest(fmt.Sprint(i)))
	}
	for range 4 {
		r := p.receive()
		if r.Error != nil && r.Error.Code != rpc.CodeCancelled {
			t.Errorf("got %s", r.Text)
		}
	}
	p.end(nil)
}
