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

const (
	transportHTTP      = "http"
	transportWebSocket = "websocket"
	// transportAuto is WebSocket if the backend is known to support it, else HTTP.
	transportAuto = "auto"
)

// Transports are the transports of response requests, the default first.
var Transports = []string{transportHTTP, transportWebSocket, transportAuto}

// socketBeta is the version of the protocol.
const socketBeta = "responses_websockets=2026-02-06"

// A socketRequest is a request for a response while it is sent over a socket.
type socketRequest struct {
	*Service
	*exchange
	ctx    context.Context
	dial   *backend.Request
	frame  *createFrame
	key    conversationKey
	pinned []string // the turn state given by the caller

	// A compaction is sent over a connection only if it continues a response.
	// Otherwise its whole input must be sent, as over HTTP, and the next request can
	// continue neither.
	compact bool

	attempts int  // failed ones, as counted by Settings.MaxRetries
	fresh    bool // do not use an idle connection
	reopened bool // a new connection was opened because of an error about the last one
	renewed  bool // the credentials were refreshed after 401
}

// errNoSocket means that a request must use HTTP.
var errNoSocket = errors.New("methods: the request goes over HTTP")

// openSocket sends the request of an exchange over a WebSocket and returns when
// the response starts. If the request must use HTTP instead, it returns
// errNoSocket and the number of attempts made.
//
// A compaction is sent once over the idle connection of its conversation, and
// then over HTTP. Failures of other requests are handled as follows:
//
//	handshake: 426                     use HTTP for the rest of the session
//	           401                     refresh the credentials, once
//	           other failures          retry, with HTTP as the last attempt
//	the request exceeds the limit of   use HTTP for this request
//	  the backend, or close code 1009
//	the connection ends before the     retry on a new connection, with the
//	  response starts                  whole input; if all retries fail, use HTTP
//	connection limit reached,          the same, once, not counted as an attempt
//	  previous response not found
//	an error with a status             as for a response with that status
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
	if !c.compact { // compactions have no state
		r.pinned = header[turnStateHeader]
	}
	header.Del(turnStateHeader)
	// The features of all requests must be given when the connection is opened.
	header.Set(betaFeaturesHeader, withFeature(header.Get(betaFeaturesHeader), compactionFeature))
	if header.Get("OpenAI-Beta") == "" {
		header.Set("OpenAI-Beta", socketBeta)
	}
	opened := header.Clone()
	opened.Del("X-Client-Request-Id") // differs between requests
	r.key = newConversationKey(c.cacheKey(), c.Turn, opened, r.dial.Query)
	for {
		again, err := r.try()
		if !again {
			return r.attempts, err
		}
	}
}

// try makes an attempt to send the request, and reports whether to make another.
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
	sent := conversation.Send(r.ctx, text)
	// The backend may have refused a request before it read the whole of it.
	first, err := source.begin()
	switch {
	case err != nil && sent != nil:
		return r.afterEnd(source, sent)
	case err != nil:
		return r.afterEnd(source, err)
	case isType(first, "error") || isType(first, "response.failed"):
		return r.afterError(source, first)
	}
	r.source = source
	return false, nil
}

// connect returns the idle connection of the conversation, or a new one. For a
// compaction it returns errNoSocket instead of a new one.
func (r *socketRequest) connect() (*conversation, error) {
	if !r.fresh {
		if token, err := r.store.Token(r.ctx); err == nil { // otherwise Dial returns the error
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
	r.models.checkETag(socket.Header())
	return newConversation(socket, r.key), nil
}

// afterHandshake handles a failed handshake.
func (r *socketRequest) afterHandshake(err error) (again bool, _ error) {
	var failure *backend.Error
	if !errors.As(err, &failure) || failure.Kind == backend.ErrNotAuthenticated || failure.Kind == backend.ErrRequest ||
		failure.Status == http.StatusUnauthorized || errors.Is(err, backend.ErrProxyRefused) {
		return false, err
	}
	refused := failure.Status == http.StatusUpgradeRequired
	if !refused {
		r.attempts++
		// The last attempt uses HTTP.
		if r.attempts < r.client.Settings().MaxRetries && r.client.Pause(r.ctx, err, r.attempts-1) == nil {
			return true, nil
		}
		if r.ctx.Err() != nil {
			return false, r.ctx.Err()
		}
	}
	return false, r.fallBack(err, refused)
}

// fallBack records that no WebSocket works, and whether the backend supports none. It
// returns errNoSocket.
func (r *socketRequest) fallBack(err error, refused bool) error {
	if r.sockets.fail(refused) {
		level := slog.LevelWarn
		if r.transport != transportWebSocket {
			level = slog.LevelInfo // no WebSocket was requested
		}
		r.log.Log(r.ctx, level, "no WebSocket to the backend; responses go over HTTP", "error", err)
	}
	return errNoSocket
}

// afterEnd handles the end of a connection before the response started.
func (r *socketRequest) afterEnd(source *socketSource, err error) (again bool, _ error) {
	source.Close()
	if r.ctx.Err() != nil {
		return false, r.ctx.Err()
	}
	r.attempts++
	if closed, ok := errors.AsType[*backend.CloseError](err); ok && closed.Code == backend.CloseTooBig {
		return false, errNoSocket
	}
	if r.client.Pause(r.ctx, err, r.attempts-1) == nil {
		r.fresh = true
		return true, nil
	}
	// Something on the way may accept connections and break them. Without retries, the
	// request must not be sent twice.
	retries := r.client.Settings().MaxRetries
	if failure, ok := errors.AsType[*backend.Error](err); ok && failure.Retryable && 0 < retries && retries < r.attempts {
		return false, r.fallBack(err, false)
	}
	source.err = err
	r.source = source
	return false, nil
}

// afterError handles an error event in place of a response.
func (r *socketRequest) afterError(source *socketSource, event rawjson.Value) (again bool, _ error) {
	failure := refusalOf(event)
	switch code := cmp.Or(failure, backend.FailureOf(event.Bytes())).Code; {
	case (code == "websocket_connection_limit_reached" || code == "previous_response_not_found") &&
		!r.reopened && !r.frame.named: // a new connection does not have the response that the caller names
		source.Close()
		r.reopened, r.fresh = true, true
		return true, nil
	case failure == nil: // handled like an error event over HTTP
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
	r.client.NoteHeaders(r.ctx, headersOf(event))
	r.limits.add(r.signed, limitsOfHeader(failure.Status, headersOf(event)))
	source.from, source.over = nil, true
	source.Close()
	r.attempts++
	if r.client.Pause(r.ctx, failure, r.attempts-1) == nil {
		return true, nil
	}
	return false, failure
}

// refusalOf returns the error for an event with an HTTP status, nil if it has
// none.
func refusalOf(message rawjson.Value) *backend.Error {
	for _, name := range []string{"status", "status_code"} {
		if status, ok := message.Get(name).Decimal().Int(); ok && status >= 400 && status <= 599 {
			return backend.StatusError(status, headersOf(message), message.Bytes())
		}
	}
	return nil
}

// headersOf returns the HTTP headers in an event.
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
			text = string(value.Bytes()) // a number
		}
		header.Set(name, text)
	}
	return header
}

// metadata returns the client metadata that replaces headers of the request over
// HTTP.
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
