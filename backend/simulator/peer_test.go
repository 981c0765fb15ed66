package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// peer is a client on a socket.
type peer struct {
	t    *testing.T
	conn *websocket.Conn
	head *http.Response
	last string // the id of the last response
	done map[string]any
}

// dial connects to the server. "Name: value" lines replace headers.
func dial(t *testing.T, s http.Handler, header ...string) (*peer, error) {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return dialAt(t, server.URL, nil, header...)
}

func dialAt(t *testing.T, origin string, client *http.Client, header ...string) (*peer, error) {
	h := http.Header{"Openai-Beta": {socketBeta}}
	identify(h)
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		h.Set(name, value)
	}
	conn, head, err := websocket.Dial(t.Context(), origin+responses, &websocket.DialOptions{
		HTTPHeader: h, HTTPClient: client, CompressionMode: websocket.CompressionContextTakeover,
	})
	if err != nil {
		return &peer{head: head}, err
	}
	conn.SetReadLimit(-1)
	t.Cleanup(func() { conn.CloseNow() })
	return &peer{t: t, conn: conn, head: head}, nil
}

func connected(t *testing.T, scenario string, header ...string) (*peer, *Server) {
	t.Helper()
	s := newServer(t, scenario)
	p, err := dial(t, s, header...)
	if err != nil {
		t.Fatal(err)
	}
	return p, s
}

// create requests a response. ID in the members is replaced by that of the last one.
func (p *peer) create(members string) {
	p.t.Helper()
	body := ask(strings.ReplaceAll(members, "ID", p.last))
	p.send(`{"type":"response.create",` + body[1:])
}

func (p *peer) send(frame string) {
	p.t.Helper()
	if err := p.conn.Write(p.t.Context(), websocket.MessageText, []byte(frame)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) interrupt(id string) {
	p.t.Helper()
	p.send(`{"type":"response.interrupt","response_id":"` + id + `","mode":"discard_partial_items"}`)
}

// next reads an event. At the end of the connection its type is the status of the
// close frame.
func (p *peer) next() map[string]any {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), time.Minute)
	defer cancel()
	kind, message, err := p.conn.Read(ctx)
	if closed := (websocket.CloseError{}); errors.As(err, &closed) {
		return map[string]any{"type": closed.Code.String()}
	}
	if err != nil && ctx.Err() != nil {
		p.t.Fatal(err)
	}
	var e map[string]any
	switch {
	case err != nil:
		return map[string]any{"type": "cut"}
	case kind == websocket.MessageBinary:
		return map[string]any{"type": "binary"}
	case json.Unmarshal(message, &e) != nil:
		return map[string]any{"type": "garbage"}
	case e["type"] == nil:
		return map[string]any{"type": "untyped"}
	}
	if response, ok := e["response"].(map[string]any); ok {
		p.last, p.done = response["id"].(string), response
	}
	return e
}

// until reads events up to the first one of a kind, and returns all of them.
func (p *peer) until(kinds ...string) (list []map[string]any) {
	p.t.Helper()
	for {
		e := p.next()
		list = append(list, e)
		kind := strings.TrimPrefix(e["type"].(string), "response.")
		if slices.Contains(kinds, kind) {
			return list
		}
		if slices.Contains(ends, kind) {
			p.t.Fatalf("%s before any of %v", outline(list), kinds)
		}
	}
}

var ends = []string{"completed", "incomplete", "failed", "error", "cut", "garbage", "binary", "untyped", "StatusNormalClosure", "StatusInternalError", "StatusMessageTooBig", "StatusPolicyViolation"}

// outcome summarizes the response: its last event, with the status and code of a
// fault.
func (p *peer) outcome() string {
	p.t.Helper()
	list := p.until(ends...)
	e := list[len(list)-1]
	if e["type"] != "error" {
		return strings.TrimPrefix(e["type"].(string), "response.")
	}
	fault := e["error"].(map[string]any)
	code, _ := fault["code"].(string)
	if code == "" {
		code, _ = fault["message"].(string)
	}
	return strings.TrimSpace("error " + string(encode(e["status"])) + " " + code)
}
