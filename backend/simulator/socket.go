package simulator

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/coder/websocket"
)

const (
	upgradeRoute = "GET /backend-api/codex/responses"
	socketBeta   = "responses_websockets=2026-02-06"
)

// socket is a connection on which a client asks for one response after another.
// What a response was made from is held until the next one, so that the client
// need not send it again.
type socket struct {
	s         *Server
	handshake *call
	conn      *websocket.Conn
	ctx       context.Context // ends with the connection

	held     *history // nil: nothing that a response may continue
	answered int      // responses so far

	mu      sync.Mutex // held also while a terminal event is written
	running *exchange  // nil between two responses
}

// connect is GET /responses, which asks for a socket.
func (s *Server) connect(c *call) error {
	beta := c.Header.Values("OpenAI-Beta")
	known := func(value string) bool { return value == socketBeta || value == "responses=experimental" }
	if !c.scenario.lenient && !slices.ContainsFunc(beta, known) {
		return refuse(http.StatusBadRequest, "OpenAI-Beta: %s is required", socketBeta)
	}
	h := c.w.Header()
	h.Set("openai-model", defaultModel)
	h.Set("x-reasoning-included", "true")
	h.Set("x-models-etag", etag(c.scenario.listed(c.Header.Get("version"))))
	h.Set("x-codex-websocket-max-message-bytes", strconv.Itoa(c.scenario.maxMessage))
	// The one to send back comes in an event. This one is refused.
	h.Set(turnStateHeader, "mock-handshake")
	ctx, leave := context.WithCancelCause(c.Context())
	defer leave(nil)
	options := c.scenario.compressed()
	options.OnPingReceived = func(context.Context, []byte) bool { return c.pong(ctx) }
	conn, err := websocket.Accept(c.w, c.Request, options)
	if err != nil {
		return errAnswered
	}
	defer conn.CloseNow()
	conn.SetReadLimit(int64(c.scenario.maxMessage))
	s.count(&s.stats.Sockets, 1)
	defer s.count(&s.stats.Sockets, -1)
	k := &socket{s: s, handshake: c, conn: conn, ctx: ctx}
	creates := make(chan *exchange, 1)
	var reader sync.WaitGroup
	defer reader.Wait()
	defer conn.CloseNow()
	reader.Go(func() {
		defer close(creates)
		leave(k.read(creates))
	})
	for x := range creates {
		k.answer(x)
	}
	return errAnswered
}

// compressed returns how a socket is to be compressed.
func (s *scenario) compressed() *websocket.AcceptOptions {
	switch s.compression {
	case "none":
		return &websocket.AcceptOptions{}
	case "all":
		return &websocket.AcceptOptions{CompressionMode: websocket.CompressionNoContextTakeover, CompressionThreshold: 1}
	case "takeover":
		return &websocket.AcceptOptions{CompressionMode: websocket.CompressionContextTakeover, CompressionThreshold: 1}
	}
	return &websocket.AcceptOptions{CompressionMode: websocket.CompressionNoContextTakeover, CompressionThreshold: 1 << 10}
}

func (s *Server) count(counter *int, n int) {
	s.mu.Lock()
	*counter += n
	s.mu.Unlock()
}

// read takes what the client sends until the connection ends.
func (k *socket) read(creates chan<- *exchange) error {
	for {
		kind, message, err := k.conn.Read(k.ctx)
		if err != nil {
			return err
		}
		if kind != websocket.MessageText {
			k.conn.Close(websocket.StatusUnsupportedData, "text messages only")
			return errors.New("a binary message")
		}
		switch frame := readFrame(message); frame.Type {
		case "response.create":
			x := &exchange{k: k, request: message, frame: frame, stop: make(chan struct{})}
			if !k.begin(x) {
				k.fail(invalid("", "response_in_progress", "A response is in progress on this connection."), nil)
				k.conn.Close(websocket.StatusPolicyViolation, "one response at a time")
				return errors.New("a second response.create")
			}
			creates <- x
		case "response.interrupt":
			if err := k.interrupt(frame); err != nil {
				return err
			}
		default:
			k.fail(invalid("type", "invalid_value", "Invalid value: '%s'. Supported values are: 'response.create' and 'response.interrupt'.", frame.Type), nil)
		}
	}
}

// begin makes the exchange the one that is running, if there is none.
func (k *socket) begin(x *exchange) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.running != nil {
		return false
	}
	k.running = x
	return true
}

// answer gives the response that the client asks for, or says why there is none.
func (k *socket) answer(x *exchange) {
	c := k.call(x)
	k.s.count(&k.s.stats.Created, 1)
	if x.frame.Previous != "" {
		k.s.count(&k.s.stats.Continued, 1)
	}
	err := k.s.steer(c)
	if err == nil {
		err = k.respond(c, x)
	}
	k.s.logger.Debug("simulated", "route", "response.create", "fault", err)
	if err != nil {
		x.last(func(bool) { k.fail(err, c.w.Header()) })
	}
}

func (k *socket) respond(c *call, x *exchange) error {
	directed := &k.handshake.scenario
	if n := directed.socketLimit; n > 0 && k.answered >= n || time.Since(k.handshake.begun) >= directed.socketLife {
		return known("websocket_connection_limit_reached")
	}
	now, err := k.join(c, x.frame)
	if err != nil {
		return err
	}
	r, err := c.request()
	if err != nil {
		return err
	}
	resp := c.response(r)
	resp.cached = k.s.cached(c, r)
	if x.frame.Previous != "" {
		resp.PreviousResponseID = &x.frame.Previous
	}
	state := c.turnState(r)
	if c.scenario.turnState == "header" {
		state = ""
	}
	var items []*item
	if x.frame.generates() {
		items = c.compose(r)
	}
	k.mu.Lock()
	x.id, x.directed = resp.ID, &c.scenario
	k.mu.Unlock()
	st := k.s.stream(c, x)
	st.play(resp, items, state)
	k.answered++
	k.held = nil // a compaction takes the place of what came before it
	if len(r.triggers()) == 0 {
		k.held = now.after(resp)
	}
	st.end()
	return nil
}

// write sends an event that belongs to no response.
func (k *socket) write(event any) error {
	return k.conn.Write(k.ctx, websocket.MessageText, encode(event))
}

// fail sends a fault in the form that it has here.
func (k *socket) fail(err error, header http.Header) {
	f := (*fault)(nil)
	if !errors.As(err, &f) {
		return // the client has left
	}
	body, ok := f.body.(errorBody)
	if d, is := f.body.(detail); is {
		body.Error = apiError{Message: d.Detail, Type: "invalid_request_error"}
	} else if !ok {
		body.Error = apiError{Message: string(encode(f.body)), Type: "invalid_request_error"}
	}
	named := map[string]string{}
	for name, values := range header {
		named[strings.ToLower(name)] = values[0]
	}
	k.write(struct {
		Type    string            `json:"type"`
		Status  int               `json:"status"`
		Error   apiError          `json:"error"`
		Headers map[string]string `json:"headers,omitempty"`
	}{"error", f.status, body.Error, named})
}
