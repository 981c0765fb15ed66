package conformance

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// TestSocketScript checks what a host may do on a socket, and what is a fault.
func TestSocketScript(t *testing.T) {
	ask := json.RawMessage(`{"type":"response.create","n":1}`)
	tell := json.RawMessage(`{"type":"response.completed"}`)
	text := "no JSON"
	send := func(message string) func(*websocket.Conn) error {
		return func(c *websocket.Conn) error {
			return c.Write(t.Context(), websocket.MessageText, []byte(message))
		}
	}
	receive := func(want string) func(*websocket.Conn) error {
		return func(c *websocket.Conn) error {
			kind, message, err := c.Read(t.Context())
			if got := kind.String() + " " + string(message); err == nil && got != want {
				t.Errorf("received %q, want %q", got, want)
			}
			return err
		}
	}
	ended := func(status websocket.StatusCode) func(*websocket.Conn) error {
		return func(c *websocket.Conn) error {
			if _, _, err := c.Read(t.Context()); err == nil || websocket.CloseStatus(err) != status {
				t.Errorf("the connection ends with %v", err)
			}
			return nil
		}
	}
	for _, c := range []struct {
		name   string
		script []Frame
		host   []func(*websocket.Conn) error
		fault  string
	}{
		{"as it should", []Frame{{Host: ask}, {Server: tell}}, []func(*websocket.Conn) error{send(`{"n":1.0,"type":"response.create"}`), receive("MessageText " + string(tell))}, ""},
		{"other than JSON", []Frame{{Text: &text}, {Binary: []byte("{}")}}, []func(*websocket.Conn) error{receive("MessageText no JSON"), receive("MessageBinary {}")}, ""},
		{"closed", []Frame{{Close: 1011}}, []func(*websocket.Conn) error{ended(1011)}, ""},
		{"cut", []Frame{{Server: tell}, {Cut: true}}, []func(*websocket.Conn) error{receive("MessageText " + string(tell)), ended(-1)}, ""},
		{"left", []Frame{{Host: ask}, {Left: true}}, []func(*websocket.Conn) error{send(string(ask))}, ""},
		{"another message", []Frame{{Host: ask}}, []func(*websocket.Conn) error{send(`{"type":"response.create","n":2}`)}, "frames[0].n: want 1, got 2"},
		{"no message", []Frame{{Host: ask}}, nil, "frames[0]: want a message of the host, got none"},
		{"one too many", []Frame{{Host: ask}}, []func(*websocket.Conn) error{send(string(ask)), send(string(tell))}, "frames[1]: unexpected: " + string(tell)},
		{"stays", []Frame{{Left: true}}, []func(*websocket.Conn) error{send(string(ask))}, "frames[0]: want the end of the connection, got " + string(ask)},
	} {
		t.Run(c.name, func(t *testing.T) {
			upgrade := Request{Method: http.MethodGet, Path: "/responses", Headers: map[string]json.RawMessage{"upgrade": json.RawMessage(`"websocket"`)}}
			b := serve(t, &Step{
				Backend: []Reply{{Status: 101, Headers: map[string]string{"X-Told": "yes"}, Frames: c.script}},
				Expect:  Expect{Requests: []Request{upgrade}},
			})
			conn, head, err := websocket.Dial(t.Context(), b.Origin()+"/responses", nil)
			if err != nil || head.Header.Get("X-Told") != "yes" {
				t.Fatal(head, err)
			}
			for _, act := range c.host {
				if err := act(conn); err != nil {
					t.Error(err)
				}
			}
			conn.CloseNow()
			faults := b.Faults()
			if c.fault == "" && len(faults) > 0 || c.fault != "" && !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, c.fault) }) {
				t.Errorf("faults %q, want %q", faults, c.fault)
			}
		})
	}
}

// TestSocketNotRequested checks that a host which requests no socket is at
// fault if the case has one.
func TestSocketNotRequested(t *testing.T) {
	b := serve(t, &Step{Backend: []Reply{{Status: 101, Frames: []Frame{{Left: true}}}}})
	resp, err := http.Get(b.Origin())
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if faults := strings.Join(b.Faults(), "\n"); !strings.Contains(faults, "no WebSocket") {
		t.Error(faults)
	}
}
