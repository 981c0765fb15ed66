package methods

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"

	"golang.org/x/net/http/httpguts"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// ResponsesCreateParams are the parameters of responses.create.
type ResponsesCreateParams struct {
	ResponseRequest
	// Send the backend's events as stream.event notifications as they arrive. The
	// result does not depend on it.
	Stream bool `json:"stream,omitempty"`
	Rejected
	Extras
	CallTimeout
}

func (s *Service) createResponse(ctx context.Context, p *ResponsesCreateParams, events *rpc.Events) (*rpc.Built[Response], error) {
	if !p.Stream {
		events = nil
	}
	collected, err := s.collect(ctx, &responseCall{ResponseRequest: &p.ResponseRequest, Extras: p.Extras, CallTimeout: p.CallTimeout}, events)
	if err != nil {
		return nil, err
	}
	return &rpc.Built[Response]{Object: collected.build()}, nil
}

// A responseCall is a call for a response.
type responseCall struct {
	*ResponseRequest
	Extras
	CallTimeout
	compact bool // compact the input; the state of the turn is not sent
}

// An exchange is a request for a response and the stream of its events.
type exchange struct {
	source
	request   *preparedRequest
	model     string
	turn      turnCall
	transport string   // the requested one
	signed    identity // the user for whom the request was signed
}

// sign adds the headers of an attempt that depend on the account.
func (x *exchange) sign(token backend.Token, header http.Header) {
	x.signed = identityOf(token)
	x.turn.sign(token, header)
}

// open sends the request of a call. If neither the call nor the session names a
// model and the backend refuses the default one, it is sent to a substitute.
func (s *Service) open(ctx context.Context, c *responseCall) (*exchange, error) {
	model := cmp.Or(c.namedModel(), s.Defaults().Model)
	named := model != ""
	if !named {
		substitute, err := s.substitute(ctx, c.ResponseRequest, false)
		if err != nil {
			return nil, errorOf(err)
		}
		model, named = cmp.Or(substitute, DefaultModel), substitute != ""
	}
	x, err := s.openWith(ctx, c, model)
	if !named && refusesModel(err) {
		if substitute, failed := s.substitute(ctx, c.ResponseRequest, true); failed == nil && substitute != "" {
			model = substitute
			x, err = s.openWith(ctx, c, model)
		}
	}
	if err != nil {
		return nil, s.modelError(err, model)
	}
	return x, nil
}

// openWith sends the request to a model.
func (s *Service) openWith(ctx context.Context, c *responseCall, model string) (*exchange, error) {
	x, request, err := s.exchange(ctx, c, model)
	if err != nil || x.source != nil {
		return x, err
	}
	stream, err := s.client.Stream(ctx, request)
	if err != nil {
		return nil, err
	}
	x.source = &httpSource{EventStream: stream}
	x.turn.keep(stream.Header().Get(turnStateHeader))
	s.models.checkETag(stream.Header())
	return x, nil
}

// exchange returns an exchange with a model: one with a source if it was sent over
// a socket, and its request over HTTP otherwise.
func (s *Service) exchange(ctx context.Context, c *responseCall, model string) (*exchange, *backend.Request, error) {
	transport := cmp.Or(c.Transport, s.Defaults().Transport)
	known, _ := s.knownModel(model)
	socket := s.sockets.use(transport, known.socket)
	lane, fault := s.chooseLane(c.ResponseRequest, model)
	if c.compact && c.Lite == nil && takesFullLane(model) && !socket {
		lane, fault = fullLane, nil // like the SDK
	}
	if fault != nil {
		return nil, nil, fault
	}
	c.deriveCacheKey(model, s.Defaults().Instructions)
	x := &exchange{request: c.prepare(lane, model, s.Defaults().Instructions), model: model, transport: transport}
	header := c.header()
	if lane == liteLane {
		header.Set(liteHeader, "true")
	}
	key := c.cacheKey()
	if key != "" && header["Session-Id"] == nil && httpguts.ValidHeaderFieldValue(key) {
		header.Set("Session-Id", key)
	}
	if header.Get("X-Client-Request-Id") == "" {
		header.Set("X-Client-Request-Id", newUUID())
	}
	opened := header.Clone()
	if c.compact {
		x.request.compactInput(header)
	} else if c.Turn != "" {
		x.turn = turnCall{turns: &s.turns, name: c.Turn, affinity: affinity{session: header.Get("Session-Id"), cacheKey: key}}
	}
	attempts := 0
	if socket {
		var err error
		if attempts, err = s.openSocket(ctx, c, x, opened); err != errNoSocket {
			return x, nil, err
		}
	}
	if x.request.extra.Get("generate").Kind() == 'f' {
		return nil, nil, invalidParam("/extra_body/generate", "A request with generate: false requires a WebSocket, which is not available for this call.")
	}
	body := x.request.body()
	return x, &backend.Request{
		Method: "POST", Base: backend.Codex, Path: []string{"responses"}, Attempts: attempts,
		Body: backend.JSONBody(body.Parts()...), Header: header, Query: c.query(), Timeout: c.duration(), Sign: x.sign,
	}, nil
}

// collect requests a response and returns its collector. It sends the events,
// unless events is nil.
func (s *Service) collect(ctx context.Context, call *responseCall, events *rpc.Events) (*collector, error) {
	ctx, leave := context.WithCancelCause(ctx)
	defer leave(nil)
	steer := &steering{leave: func() { leave(errInterrupted) }}
	if !call.compact { // an incomplete compaction is useless
		defer rpc.AfterInterrupt(ctx, steer.interrupt)()
	}
	stream, err := s.open(ctx, call)
	if context.Cause(ctx) == errInterrupted {
		c := &collector{request: call.prepare(fullLane, cmp.Or(call.namedModel(), s.DefaultModel()), s.Defaults().Instructions)}
		c.interrupt()
		return c, nil
	} else if err != nil {
		return nil, err
	}
	defer stream.Close()
	steer.started(stream)
	if events != nil {
		stream.onWait(events.Flush)
	}
	c := &collector{request: stream.request}
	err = s.relay(ctx, stream, c, events)
	return c, err
}

// relay collects the events of a response, and sends them, unless events is nil.
// It is not part of collect, so that the stack of a call that is being opened is
// shallow.
func (s *Service) relay(ctx context.Context, stream *exchange, c *collector, events *rpc.Events) error {
	finder := newEventFinder()
	finder.strict = stream.strict()
	reserved := 0
	defer func() { s.memory.release(reserved) }()
	for {
		received, err := stream.Next()
		if err != nil && c.failure.Kind() != 0 {
			return s.modelError(backend.FailureOf(c.failure.Bytes()), stream.model)
		} else if err != nil && context.Cause(ctx) == errInterrupted && !c.done {
			c.interrupt()
			return nil
		} else if err != nil {
			return c.end(ctx, err)
		}
		event, ok := finder.parse(received)
		if !ok && finder.strict {
			stream.Close()
			return c.end(ctx, errNoEvent)
		} else if !ok {
			s.log.Debug("ignoring a backend event that is not a JSON object", "bytes", len(received.Data))
			continue // such as [DONE]
		}
		if stream.stray(event) {
			continue
		}
		over := c.done
		if !over {
			c.handle(event)
		}
		if c.done && !over {
			stream.ended(c)
		}
		if events != nil {
			sent := *event.Value
			if c.failure.Kind() != 0 {
				sent = s.redact(sent)
			}
			if err := events.Send(sent); err != nil {
				return err
			}
		}
		switch string(event.kind) {
		case "response.metadata":
			stream.turn.keepEvent(*event.Value)
		case "response.interrupt.accepted", "response.interrupt.failed":
			stream.interruptAnswered(event)
		case "codex.rate_limits":
			s.limits.add(stream.signed, limitsOfEvent(*event.Value))
		}
		if over {
			continue
		}
		if c.full() {
			return unexpected("its stream is larger than %d MiB", maxCollectedBytes>>20)
		}
		if more := c.size - reserved; more >= heldStep {
			reserved = c.size
			if err := s.memory.reserve(more); err != nil {
				return err
			}
		}
	}
}

// redact returns a value without the secrets of the session.
func (s *Service) redact(v rawjson.Value) rawjson.Value {
	clean, _ := rawjson.Parse(s.client.Secrets().RedactJSON(v.Bytes())) // the result is JSON
	return clean
}

// errNoEvent is the error for a WebSocket message that is not an event.
var errNoEvent = &backend.Error{Kind: backend.ErrConnection, Message: "a WebSocket message is not a JSON event with a type"}

// end returns the error for the end of a stream, nil if the response was complete.
func (c *collector) end(ctx context.Context, err error) error {
	switch {
	case c.final.Kind() != 0:
		return nil
	case context.Cause(ctx) != nil:
		return context.Cause(ctx)
	}
	e, err := interruption("response", err)
	if err != nil {
		return err
	}
	return e.With("partial", c.response())
}

// interruption returns the error for a stream that ended before something was
// complete. It returns failures of other kinds as the second result.
func interruption(what string, err error) (*rpc.Error, error) {
	e := StreamInterrupted.Errorf("The backend's stream ended before the %s was complete.", what)
	e.Retryable = true
	var failure *backend.Error
	switch {
	case err == io.EOF:
	case !errors.As(err, &failure):
		return nil, err
	case failure.Kind == backend.ErrFailed:
		return nil, errorOf(failure)
	case failure.Kind == backend.ErrTimeout:
		e = Timeout.Errorf("%s", failure.Message)
		e.Retryable = true
	default:
		e.Retryable = failure.Retryable
		e.Message = "The backend's stream was interrupted before the " + what + " was complete: " + failure.Message
	}
	return e, nil
}
