package methods

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// The ways that a request for a response goes.
const (
	transportHTTP      = "http"
	transportWebSocket = "websocket"
	// transportAuto is the socket where it is known to be there, else HTTP.
	transportAuto = "auto"
)

// Transports are the transports of response requests, the default first.
var Transports = []string{transportHTTP, transportWebSocket, transportAuto}

// socketBeta asks for the protocol that is spoken on a socket.
const socketBeta = "responses_websockets=2026-02-06"

// A socketRequest is a request for a response while it is sent over a socket.
type socketRequest struct {
	*Service
	*exchange
	ctx    context.Context
	dial   *backend.Request
	frame  *createFrame
	key    conversationKey
	pinned []string // the turn state that the caller gives

	// A compaction goes over a connection only where it continues a response: on a
	// new one its whole input would have to go up, as it does over HTTP, and the
	// next request goes on from neither.
	compact bool

	attempts int  // that failed, as Settings.MaxRetries counts them
	fresh    bool // no idle connection will do
	reopened bool // for what the backend said of the connection
	renewed  bool // the credentials were, after 401
}

// errNoSocket means that a request must use HTTP.
var errNoSocket = errors.New("methods: the request goes over HTTP")

// openSocket sends the request of an exchange over a socket, to a new one where
// the first goes wrong, and returns when the response has begun. It returns
// errNoSocket, and how many attempts it has made, if the request is to go over
// HTTP after all.
//
// A compaction is sent once over the idle connection of its conversation, and
// then over HTTP. What openSocket does about the faults of other requests:
//
//	the handshake answers 426          HTTP, for the rest of the session
//	                      401          the credentials are renewed, once
//	              fails otherwise      again, and HTTP for the last attempt
//	the request is larger than the     HTTP, for this request
//	  backend takes, or 1009 says so
//	the connection ends before the     a new one, with the whole input; each
//	  response begins                  is an attempt
//	limit reached, lost response       the same, once beside the attempts
//	an error with a status             as the answer of that status over HTTP
func (s *Service) openSocket(ctx context.Context, c *responseCall, x *exchange, header http.Header) (attempts int, err error) {
	whole := func() rawjson.Value {
		body := x.request.body()
		return body.Value()
	}
	rest, input := x.request.split()
	r := &socketRequest{
		Service: s, exchange: x, ctx: ctx, compact: c.compact, frame: newCreateFrame(whole, rest, input),
		dial: &backend.Request{Base: backend.Codex, Path: []string{"responses"}, Query: c.query(), Header: header, Timeout: c.duration()},
	}
	header.Del(liteHeader)
	if !c.compact { // which takes no state
		r.pinned = header[turnStateHeader]
	}
	header.Del(turnStateHeader)
	// A connection is told at its beginning what may be asked for on it.
	header.Set(betaFeaturesHeader, withFeature(header.Get(betaFeaturesHeader), compactionFeature))
	if header.Get("OpenAI-Beta") == "" {
		header.Set("OpenAI-Beta", socketBeta)
	}
	opened := header.Clone()
	opened.Del("X-Client-Request-Id") // which is another each time
	r.key = newConversationKey(c.cacheKey(), c.Turn, opened, r.dial.Query)
	for {
		again, err := r.try()
		if !again {
			return r.attempts, err
		}
	}
}

// try sends the request once, and reports whether that is to be done again.
func (r *socketRequest) try() (again bool, err error) {
	conversation, err := r.connect()
	if err == errNoSocket {
		return false, err
	} else if err != nil {
		return r.afterHandshake(err)
	}
	r.signed = identityOf(conversation.Token())
	from := conversation.from
	if r.compact {
		r.frame.include(from)
	}
	if !r.frame.continues(from) {
		from = nil
	}
	if r.compact && from == nil {
		r.sockets.keep(conversation)
		return false, errNoSocket
	}
	text := r.frame.text(from, r.metadata(conversation.Token()))
	if len(text) > conversation.limit {
		r.sockets.keep(conversation)
		return false, errNoSocket
	}
	conversation.SetTimeout(cmp.Or(r.dial.Timeout, r.client.Settings().Timeout))
	source := &socketSource{conversation: conversation, ctx: r.ctx, sockets: &r.sockets, frame: r.frame, lane: r.request.lane}
	source.release = context.AfterFunc(r.ctx, func() { conversation.Close() })
	r.log.Debug("response over a socket", slog.Bool("continued", from != nil), slog.Int("bytes", len(text)), slog.Int("attempt", r.attempts))
	var first rawjson.Value
	if err = conversation.Send(r.ctx, text); err == nil {
		first, err = source.begin()
	}
	switch {
	case err != nil:
		return r.afterEnd(source, err)
	case isType(first, "error") || isType(first, "response.failed"):
		return r.afterError(source, first)
	}
	r.source = source
	return false, nil
}

// connect returns the idle connection of the conversation, or a new one. It
// returns errNoSocket if only the idle one will do.
func (r *socketRequest) connect() (*conversation, error) {
	if !r.fresh {
		if token, err := r.store.Token(r.ctx); err == nil { // else Dial says why
			if c := r.sockets.take(r.key, token); c != nil {
				return c, nil
			}
		}
	}
	if r.compact {
		return nil, errNoSocket
	}
	socket, err := r.client.Dial(r.ctx, r.dial)
	if err != nil {
		return nil, err
	}
	r.sockets.opened()
	r.models.compare(socket.Header())
	return newConversation(socket, r.key), nil
}

// afterHandshake decides what follows a handshake that failed.
func (r *socketRequest) afterHandshake(err error) (again bool, _ error) {
	var failure *backend.Error
	if !errors.As(err, &failure) || failure.Kind == backend.ErrNotAuthenticated || failure.Kind == backend.ErrRequest ||
		failure.Status == http.StatusUnauthorized {
		return false, err
	}
	refused := failure.Status == http.StatusUpgradeRequired
	if !refused {
		r.attempts++
		// The last attempt is that over HTTP.
		if r.attempts < r.client.Settings().MaxRetries && r.client.Pause(r.ctx, err, r.attempts-1) == nil {
			return true, nil
		}
		if r.ctx.Err() != nil {
			return false, r.ctx.Err()
		}
	}
	if r.sockets.fail(refused) {
		level := slog.LevelWarn
		if r.transport != transportWebSocket {
			level = slog.LevelInfo // it was not requested
		}
		r.log.Log(r.ctx, level, "no WebSocket to the backend; responses go over HTTP", "error", err)
	}
	return false, errNoSocket
}

// afterEnd decides what follows a connection that ended before the response began.
func (r *socketRequest) afterEnd(source *socketSource, err error) (again bool, _ error) {
	source.Close()
	if r.ctx.Err() != nil {
		return false, r.ctx.Err()
	}
	r.attempts++
	var said *backend.CloseError
	if errors.As(err, &said) && said.Code == backend.CloseTooBig {
		return false, errNoSocket
	}
	if r.client.Pause(r.ctx, err, r.attempts-1) == nil {
		r.fresh = true
		return true, nil
	}
	source.err = err
	r.source = source
	return false, nil
}

// afterError decides how to continue after an error instead of a response.
func (r *socketRequest) afterError(source *socketSource, said rawjson.Value) (again bool, _ error) {
	failure := refusalOf(said)
	switch code := cmp.Or(failure, backend.FailureOf(said.Bytes())).Code; {
	case (code == "websocket_connection_limit_reached" || code == "previous_response_not_found") &&
		!r.reopened && !r.frame.named: // what a caller names is not on a new connection
		source.Close()
		r.reopened, r.fresh = true, true
		return true, nil
	case failure == nil: // as an event of a stream
		r.source = source
		return false, nil
	case failure.Status == http.StatusUnauthorized && !r.renewed:
		source.Close()
		r.renewed, r.fresh = true, true
		token, err := r.store.Refresh(r.ctx, source.Token())
		if err != nil {
			return false, err
		}
		if token != source.Token() {
			return true, nil
		}
		return false, failure
	}
	r.client.NoteHeaders(r.ctx, headersOf(said))
	r.limits.hear(r.signed, limitsOfHeader(failure.Status, headersOf(said)))
	source.from, source.over = nil, true
	source.Close()
	r.attempts++
	if r.client.Pause(r.ctx, failure, r.attempts-1) == nil {
		return true, nil
	}
	return false, failure
}

// refusalOf returns the error for a message that reports a rejected request,
// nil if it has no status.
func refusalOf(message rawjson.Value) *backend.Error {
	for _, name := range []string{"status", "status_code"} {
		if status, ok := message.Get(name).Decimal().Int(); ok && status >= 400 && status <= 599 {
			return backend.StatusError(status, headersOf(message), message.Bytes())
		}
	}
	return nil
}

// headersOf returns the headers that a message brings along.
func headersOf(message rawjson.Value) http.Header {
	header := make(http.Header)
	for name, value := range message.Get("headers").Members() {
		if value.Kind() == '[' {
			for first := range value.Elements() {
				value = first
				break
			}
		}
		text, ok := value.Text()
		if !ok {
			text = string(value.Bytes()) // a number reads as it is written
		}
		header.Set(name, text)
	}
	return header
}

// metadata returns what a request over HTTP has headers for.
func (r *socketRequest) metadata(token backend.Token) rawjson.Value {
	var o rawjson.Object
	if state := r.turn.state(token, r.pinned); state != "" {
		o.SetString("x-codex-turn-state", state)
	}
	if r.request.lane == liteLane {
		o.SetString("ws_request_header_x_openai_internal_codex_responses_lite", "true")
	}
	return o.Value()
}
