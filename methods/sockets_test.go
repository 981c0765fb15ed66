package methods

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/backendtest"
	"github.com/codex-rpc/codex-rpc/backend/simulator"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// TestSocketAge checks that a connection is reused within its conversation, replaced
// before it is an hour old, and closed after the idle timeout.
func TestSocketAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		served, err := simulator.New(simulator.Options{})
		if err != nil {
			t.Fatal(err)
		}
		server, transport := backendtest.Pipe(served)
		defer server.Close()
		defer transport.CloseIdleConnections()
		service := newBubbleService(t, transport)
		defer service.sockets.closeIdle()
		history := ""
		for minute := 0; minute < 70; minute += 4 {
			params := &ResponsesCreateParams{ResponseRequest: ResponseRequest{ModelRequest: ModelRequest{Transport: "websocket", Turn: "t"}}}
			history += `,{"role":"user","content":"` + fmt.Sprint(minute) + `"}`
			params.Input.Value = parsed(t, "["+history[1:]+"]")
			result, err := service.createResponse(t.Context(), params, nil)
			if err != nil {
				t.Fatal(err)
			}
			for item := range result.Value().Get("output").Elements() {
				history += "," + string(item.Bytes())
			}
			time.Sleep(4 * time.Minute)
		}
		stats := served.Stats()
		if got := fmt.Sprint(stats.Sockets, stats.Requests["GET /backend-api/codex/responses"], stats.Created, stats.Continued); got != "1 2 18 16" {
			t.Errorf("open, opened, asked, continued: %s", got)
		}
		time.Sleep(2 * time.Minute)
		if n := served.Stats().Sockets; n != 0 {
			t.Errorf("%d are open", n)
		}
	})
}

func newBubbleService(t *testing.T, transport http.RoundTripper) *Service {
	store := credentialsStore{credentials: backend.StaticCredentials(backend.Token{Access: "access", AccountID: "account"})}
	client, err := backend.New(backend.Config{
		ChatGPTBaseURL: "http://localhost/backend-api", Credentials: store, Transport: transport,
		Settings: backend.Settings{Timeout: time.Minute},
	})
	if err != nil {
		t.Fatal(err)
	}
	return New(client, store, Defaults{}, nil)
}

// TestSocketsAreBounded checks that the least recently used idle connections are
// closed.
func TestSocketsAreBounded(t *testing.T) {
	c := overSockets(t, "", 0)
	const more = 3
	for i := range maxIdleSockets + more {
		c.result("responses.create", fmt.Sprintf(`{"input":"Hello","transport":"websocket","prompt_cache_key":"c%d"}`, i))
	}
	if n := len(c.service.sockets.idle); n != maxIdleSockets {
		t.Errorf("%d are kept", n)
	}
	for _, asked := range []struct{ conversation, upgrades int }{{more, 0}, {0, 1}} { // in this order, since the second one evicts another
		i, want := asked.conversation, asked.upgrades
		before := c.backend.Stats().Requests["GET /backend-api/codex/responses"]
		c.result("responses.create", fmt.Sprintf(`{"input":"Hello","transport":"websocket","prompt_cache_key":"c%d"}`, i))
		if got := c.backend.Stats().Requests["GET /backend-api/codex/responses"] - before; got != want {
			t.Errorf("conversation %d: %d upgrades, want %d", i, got, want)
		}
	}
	for c.backend.Stats().Sockets > maxIdleSockets {
		time.Sleep(time.Millisecond)
	}
}

// FuzzCreateFrame checks that frames have the whole body or the new items of its
// input, and that items are recognized in any notation.
func FuzzCreateFrame(f *testing.F) {
	for _, seed := range []string{`{"input":[{"a":1},"b",[null]]}`, `{"input":[]}`, `{"input":"x","client_metadata":{"a":"b"}}`, `{"type":1,"input":[1,1,1],"model":"m"}`, `[]`} {
		f.Add(seed, 1)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		body, err := rawjson.Parse([]byte(text))
		if err != nil || body.Kind() != '{' {
			return
		}
		frame := frameOf(body)
		whole, err := rawjson.Parse(frame.text(nil, rawjson.Value{}))
		if err != nil || string(whole.Get("input").Bytes()) != string(body.Get("input").Bytes()) {
			t.Fatalf("%s makes %s", text, whole.Bytes())
		}
		var items []string
		for item := range body.Get("input").Elements() {
			items = append(items, string(item.Bytes()))
		}
		frame.read(nil)
		if frame.input.isList() && len(frame.history) != len(items)+1 {
			t.Fatalf("%d items have %d fingerprints", len(items), len(frame.history))
		}
		if n < 0 || n >= len(items) || frame.named {
			return
		}
		before := frameOf(body.With("input", parsed(t, "[ "+strings.Join(items[:n], " , ")+" ]")))
		written := frameOf(body.With("input", parsed(t, "["+strings.Join(items, ",")+"]")))
		beginning := frameOf(body.With("input", parsed(t, "["+strings.Join(items[:n], ",")+"]")))
		for _, turn := range []struct{ before, after *createFrame }{
			{before, frame},      // item by item
			{beginning, written}, // to the byte
		} {
			from := turn.before.after("resp_1", parsed(t, "[]"))
			if !turn.after.continues(from) {
				t.Fatalf("%s does not continue its first %d items", text, n)
			}
			rest, err := rawjson.Parse(turn.after.text(from, rawjson.Value{}))
			if err != nil {
				t.Fatal(err)
			}
			sameJSON(t, "new items", string(rest.Get("input").Bytes()), "["+strings.Join(items[n:], ",")+"]")
		}
	})
}
