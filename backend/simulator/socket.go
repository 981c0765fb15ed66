package simulator

import (
	"context"
	"encoding/json"
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

// socket is a connection on which a client requests one response after another. It
// keeps the history of the last response, so that the client need not resend it.
type socket struct {
	messageSink
	s         *Server
	handshake *call

	previous *history // nil if there is no response to continue
	answered int      // number of responses so far

	mu      sync.Mutex // also held while a terminal event is written
	running *exchange  // nil between responses
}

// connect is GET /responses, the handshake of a socket.
func (s *Server) connect(c *call) error {
	beta := c.Header.Values("OpenAI-Beta")
	known := func(value string) bool { return value == socketBeta || value == "responses=experimental" }
	if !c.scenario.Lenient && !slices.ContainsFunc(beta, known) {
		return refuse(http.StatusBadRequest, "OpenAI-Beta: %s is required", socketBeta)
	}
	h := c.w.Header()
	h.Set("openai-model", defaultModel)
	h.Set("x-reasoning-included", "true")
	h.Set("x-models-etag", etag(c.scenario.listed(c.Header.Get("version"))))
	h.Set("x-codex-websocket-max-message-bytes", strconv.Itoa(c.scenario.MaxMessage))
	// This state is refused: the valid one is sent in an event.
	h.Set(turnStateHeader, "mock-handshake")
	ctx, leave := context.WithCancel(c.Context())
	defer leave()
	options := c.scenario.compressed()
	options.OnPingReceived = func(context.Context, []byte) bool { return c.pong(ctx) }
	conn, err := websocket.Accept(c.w, c.Request, options)
	if err != nil {
		return errAnswered
	}
	defer conn.CloseNow()
	conn.SetReadLimit(int64(c.scenario.MaxMessage))
	s.count(&s.stats.Sockets, 1)
	defer s.count(&s.stats.Sockets, -1)
	k := &socket{messageSink: messageSink{conn, ctx}, s: s, handshake: c}
	creates := make(chan *exchange, 1)
	var reader sync.WaitGroup
	defer reader.Wait()
	defer conn.CloseNow()
	reader.Go(func() {
		defer close(creates)
		defer leave()
		k.read(creates)
	})
	for x := range creates {
		k.answer(x)
	}
	return errAnswered
}

// compressed returns the options for the compression of a socket.
func (s *scenario) compressed() *websocket.AcceptOptions {
	switch s.Compression {
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

// read handles the messages of the client until the connection ends.
func (k *socket) read(creates chan<- *exchange) {
	for {
		kind, message, err := k.conn.Read(k.ctx)
		if err != nil {
			return
		}
		if kind != websocket.MessageText {
			k.conn.Close(websocket.StatusUnsupportedData, "text messages only")
			return
		}
		var frame frame
		_ = json.Unmarshal(message, &frame) // the checks of the request report what is invalid
		switch frame.Type {
		case "response.create":
			x := &exchange{messageSink: k.messageSink, k: k, c: k.call(message, frame), frame: frame}
			if !k.begin(x) {
				k.fail(invalid("", "response_in_progress", "A response is in progress on this connection."), nil)
				k.conn.Close(websocket.StatusPolicyViolation, "one response at a time")
				return
			}
			creates <- x
		case "response.interrupt":
			k.interrupt(frame)
		default:
			k.fail(invalid("type", "invalid_value", "Invalid value: '%s'. Supported values are: 'response.create' and 'response.interrupt'.", frame.Type), nil)
		}
	}
}

// begin makes x the running exchange, if there is none.
func (k *socket) begin(x *exchange) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.running != nil {
		return false
	}
	k.running = x
	return true
}

// answer answers a request with a response or a fault.
func (k *socket) answer(x *exchange) {
	k.s.count(&k.s.stats.Created, 1)
	if x.frame.Previous != "" {
		k.s.count(&k.s.stats.Continued, 1)
	}
	err := k.s.steer(x.c)
	if err == nil {
		err = k.respond(x)
	}
	k.s.logger.Debug("simulated", "route", "response.create", "fault", err)
	if err != nil {
		x.last(func(bool) { k.fail(err, x.c.w.Header()) })
	}
}

func (k *socket) respond(x *exchange) error {
	c := x.c
	directed := &k.handshake.scenario
	if n := directed.SocketLimit; n > 0 && k.answered >= n || time.Since(k.handshake.started) >= directed.SocketLife {
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
	resp := k.s.response(c, r)
	if x.frame.Previous != "" {
		resp.previous = &x.frame.Previous
	}
	_, state := c.turnState(r)
	var items []*item
	if x.frame.generates() {
		items = c.compose(r)
	}
	k.mu.Lock()
	x.id = resp.id
	k.mu.Unlock()
	st := k.s.stream(c, x)
	st.play(resp, items, state)
	k.answered++
	k.previous = nil // a compaction cannot be continued
	if len(r.triggers()) == 0 {
		k.previous = now.after(resp)
	}
	st.end()
	return nil
}

// fail sends a fault as an error event.
func (k *socket) fail(err error, header http.Header) {
	f := (*fault)(nil)
	if !errors.As(err, &f) {
		return // the client has disconnected
	}
	body, ok := f.body.(errorBody)
	if !ok {
		body.Error = apiError{Message: f.body.(detail).Detail, Type: "invalid_request_error"}
	}
	var headers any = absent{}
	if named := map[string]string{}; len(header) > 0 {
		for name, values := range header {
			named[strings.ToLower(name)] = values[0]
		}
		headers = named
	}
	k.send(websocket.MessageText, fill("error", "status", f.status, "error", body.Error, "headers", headers))
}
