package rpc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

type heat struct {
	Degrees int    `json:"degrees"`
	Place   string `json:"place"`
}

// heating returns options with a method that sends a notice before it returns.
func heating() (o rpc.Options, begin func(*rpc.Server)) {
	var server *rpc.Server
	type params struct {
		To    int `json:"to"`
		Steps int `json:"steps"`
	}
	heats := rpc.Call("heat", "Heat.", func(_ context.Context, p *params) (*int, error) {
		for step := p.Steps; step >= 0; step-- {
			state, err := rawjson.Parse(fmt.Appendf(nil, `{"degrees":%d,"place":"Zürich"}`, p.To-step))
			if err != nil {
				return nil, err
			}
			server.Notify("heat.changed", state)
		}
		return &p.To, nil
	})
	o = options(nil)
	o.Methods = []rpc.Method{heats}
	o.Notices = []rpc.Notice{rpc.NewNotice[heat]("heat.changed", "The heat has changed.")}
	o.InitializeOptions = []string{}
	return o, func(s *rpc.Server) { server = s }
}

func connectHeating(t *testing.T, framing string) *peer {
	o, begin := heating()
	p := connect(t, framing, o)
	begin(p.server)
	return p
}

// TestNotice checks that a notice precedes the response of the call that caused
// it, in ASCII and in the framing of the client.
func TestNotice(t *testing.T) {
	for _, framing := range framings {
		t.Run(framing, func(t *testing.T) {
			p := connectHeating(t, framing)
			p.send(request("0", "initialize", `{"options":{"notifications":["heat.changed","cold.changed","heat.changed"]}}`))
			if got := p.raw(); !strings.Contains(got, `"notifications":["heat.changed"]`) || !strings.Contains(got, `"ignoredOptions":["notifications.cold.changed"]`) {
				t.Fatalf("initialize: %s", got)
			}
			for n := 1; n <= 200; n++ {
				p.send(request(fmt.Sprint(n), "heat", fmt.Sprintf(`{"to":%d}`, n)))
				want := fmt.Sprintf(`{"jsonrpc":"2.0","method":"heat.changed","params":{"degrees":%d,"place":"Z\u00fcrich"}}`, n)
				if got := p.raw(); got != want {
					t.Fatalf("got %s, want %s", got, want)
				}
				p.expectResult(fmt.Sprint(n), fmt.Sprint(n))
			}
			p.end(nil)
		})
	}
}

// TestNoticeUnsubscribed checks that a client without a subscription receives
// no notices.
func TestNoticeUnsubscribed(t *testing.T) {
	for _, options := range []string{`{}`, `{"options":{}}`, `{"options":{"notifications":[]}}`, `{"options":{"notifications":null}}`} {
		p := connectHeating(t, "lines")
		p.send(request("0", "initialize", options))
		p.receive()
		p.send(request("1", "heat", `{"to":5}`))
		p.expectResult("1", "5")
		p.end(nil)
	}
}

func TestInvalidNotices(t *testing.T) {
	tooMany := `[` + strings.Repeat(`"",`, 100_000) + `""]`
	for _, names := range []string{`"heat.changed"`, `[1]`, `{}`, `true`, tooMany} {
		p := connectHeating(t, "lines")
		p.send(request("0", "initialize", `{"options":{"notifications":`+names+`}}`))
		if r := p.expectError("0", rpc.CodeInvalidParams, "invalid_params"); len(r.Error.Data.Errors) != 1 || r.Error.Data.Errors[0].Path != "/options/notifications" {
			t.Errorf("%.80s: %s", names, r.Text)
		}
		p.end(nil)
	}
}

// TestNoticeUnread checks that calls continue while the client does not read,
// and that only the latest state is kept.
func TestNoticeUnread(t *testing.T) {
	p := connectHeating(t, "lines")
	p.send(request("0", "initialize", `{"options":{"notifications":["heat.changed"]}}`))
	p.receive()
	const steps = 100_000
	p.send(request("1", "heat", fmt.Sprintf(`{"to":%d,"steps":%d}`, steps, steps)))
	last := -1
	for {
		text := p.raw()
		var m struct {
			Method string
			Params heat
		}
		if err := json.Unmarshal([]byte(text), &m); err != nil {
			t.Fatal(err)
		}
		if m.Method == "" {
			break
		}
		if m.Params.Degrees <= last {
			t.Fatalf("%d after %d", m.Params.Degrees, last)
		}
		last = m.Params.Degrees
	}
	if last != steps {
		t.Errorf("the last state is %d, want %d", last, steps)
	}
	p.end(nil)
}
