package methods

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// ResponsesCreateParams are the parameters of responses.create.
type ResponsesCreateParams struct {
	ResponseRequest
	// Report the backend's events as stream.event notifications while they
	// come. The result is the same with and without.
	Stream bool `json:"stream,omitempty"`
	Rejected
	Extras
	CallTimeout
}

func (s *Service) createResponse(ctx context.Context, p *ResponsesCreateParams, events *rpc.Events) (*rpc.Raw[Response], error) {
	if !p.Stream {
		events = nil
	}
	response, err := s.respond(ctx, &responseCall{ResponseRequest: &p.ResponseRequest, Extras: p.Extras, CallTimeout: p.CallTimeout}, events)
	if err != nil {
		return nil, err
	}
	return rpc.RawOf[Response](response), nil
}

// lateEvents is how long the end of a stream is waited for after the event that
// completes the response. The backend ends it at once; to see that lets its
// connection be used again, and what it may say after all is passed on.
const lateEvents = 250 * time.Millisecond

// A responseCall is a call that asks for a response.
type responseCall struct {
	*ResponseRequest
	Extras
	CallTimeout
	compact bool // the input is to be compacted; the turn's state does not go with it
}

// An exchange is a request for a response that the backend has taken.
type exchange struct {
	*backend.EventStream
	request *preparedRequest
	model   string
	turn    turnCall
	signed  identity // who the request was signed for
}

// sign adds to the header of a try what belongs to one account.
func (x *exchange) sign(token backend.Token, header http.Header) {
	x.signed = identityOf(token)
	x.turn.sign(token, header)
}

// open sends the request of a call. Where neither the call nor the session names
// a model and the backend refuses the default one, it is sent to another.
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
	lane, fault := s.chooseLane(c.ResponseRequest, model)
	if c.compact && c.Lite == nil && takesFullLane(model) {
		lane, fault = fullLane, nil // as the SDK has it
	}
	if fault != nil {
		return nil, fault
	}
	c.deriveCacheKey(model, s.Defaults().Instructions)
	x := &exchange{request: c.prepare(lane, model, s.Defaults().Instructions), model: model}
	header := c.header()
	if lane == liteLane {
		header.Set(liteHeader, "true")
	}
	key := c.cacheKey()
	if key != "" && header.Get("Session-Id") == "" && httpguts.ValidHeaderFieldValue(key) {
		header.Set("Session-Id", key)
	}
	if header.Get("X-Client-Request-Id") == "" {
		header.Set("X-Client-Request-Id", newUUID())
	}
	if c.compact {
		x.request.compactInput(header)
	} else if c.Turn != "" {
		x.turn = turnCall{turns: &s.turns, name: c.Turn, affinity: affinity{session: header.Get("Session-Id"), cacheKey: key}}
	}
	var err error
	x.EventStream, err = s.client.Stream(ctx, &backend.Request{
		Method: "POST", Base: backend.Codex, Path: []string{"responses"},
		Body: backend.JSONBody(x.request.body().Bytes()), Header: header, Query: c.query(), Timeout: c.duration(), Sign: x.sign,
	})
	if err != nil {
		return nil, err
	}
	x.turn.hear(x.Header())
	s.models.compare(x.Header())
	return x, nil
}

// respond asks for a response and returns it. The events go to events, unless
// that is nil.
func (s *Service) respond(ctx context.Context, call *responseCall, events *rpc.Events) (rawjson.Value, error) {
	collected, err := s.collect(ctx, call, events)
	if err != nil {
		return rawjson.Value{}, err
	}
	return collected.request.received(collected.response()), nil
}

// collect does the same and returns what was collected.
func (s *Service) collect(ctx context.Context, call *responseCall, events *rpc.Events) (*collector, error) {
	stream, err := s.open(ctx, call)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	if events != nil {
		stream.OnWait = events.Flush
	}
	c := &collector{request: stream.request}
	finder := newEventFinder()
	counted := 0
	defer func() { s.held.release(counted) }()
	for {
		received, err := stream.Next()
		if err != nil && c.failure.Kind() != 0 {
			return nil, s.modelError(backend.FailureOf(c.failure.Bytes()), stream.model)
		} else if err != nil {
			return c, c.end(ctx, err)
		}
		event, ok := finder.parse(received)
		if !ok {
			s.log.Debug("an event of the backend is no JSON object and was passed over", "bytes", len(received.Data))
			continue // such as [DONE]
		}
		over := c.done
		if !over {
			c.take(event)
		}
		if events != nil {
			sent := event.Value
			if c.failure.Kind() != 0 {
				sent = s.shown(sent)
			}
			if err := events.Send(sent); err != nil {
				return nil, err
			}
		}
		switch string(event.kind) {
		case "response.metadata":
			stream.turn.hearEvent(event.Value)
		case "codex.rate_limits":
			s.limits.hear(stream.signed, limitsOfEvent(event.Value))
		}
		if over {
			continue
		}
		if c.full() {
			return nil, unexpected("its stream goes on beyond %d MiB", maxCollectedBytes>>20)
		}
		if c.size-counted >= heldStep {
			more := c.size - counted
			counted = c.size
			if err := s.held.add(more); err != nil {
				return nil, err
			}
		}
		if c.done {
			late := time.AfterFunc(lateEvents, func() { stream.Close() })
			defer late.Stop()
		}
	}
}

// shown returns an event of a failed response as the client sees it: as it came,
// but for secrets.
func (s *Service) shown(event rawjson.Value) rawjson.Value {
	clean, err := rawjson.Parse(s.client.Secrets().RedactJSON(event.Bytes()))
	if err != nil {
		return event
	}
	return clean
}

// An event is one event of a stream of the backend, valid until the next.
type event struct {
	rawjson.Value
	kind  []byte        // the member type, if that is a string
	delta rawjson.Value // the member of this name
	alike bool          // it speaks of the same place in the output as the one before
}

// failed reports whether the event reports a failure.
func (e *event) failed() bool {
	switch string(e.kind) {
	case "error", "response.failed", "response.error":
		return true
	}
	// A gateway's error may have its own type for that of the event.
	return !bytes.HasPrefix(e.kind, []byte("response.")) && backend.IsFailure(e.Bytes())
}

// An eventFinder reads events.
type eventFinder struct {
	finder *rawjson.Finder
	event  event // that was parsed last
}

func newEventFinder() *eventFinder {
	f := rawjson.NewFinder("type", "delta")
	f.Fix("item_id", "call_id", "output_index", "content_index", "summary_index")
	return &eventFinder{finder: f}
}

// parse returns the JSON object of an event, false if it is none. Where it does
// not tell its type, the event's name is that; the report of a failure without
// either is an error.
func (f *eventFinder) parse(received *backend.Event) (*event, bool) {
	v, err := f.finder.Parse(received.Data)
	if err != nil || v.Kind() != '{' {
		return f.parseError(received, v)
	}
	kind := f.finder.Found(0)
	if kind.Kind() == 0 && v.Get("type").Kind() == 0 {
		name := string(received.Name)
		if name == "" {
			name = "message"
			if backend.IsFailure(received.Data) {
				name = "error"
			}
		}
		var typed rawjson.Object
		typed.SetString("type", name)
		typed.SetAll(v)
		return f.again(typed)
	}
	// Spelled out, and not by assigning a whole: a third of the time.
	e := &f.event
	e.Value, e.kind, e.delta, e.alike = v, kind.Inside(), f.finder.Found(1), f.finder.Alike()
	return e, true
}

// parseError returns the event for an error that is no object: a text, or JSON
// of another kind. It is known by its name, or as the report of a failure.
func (f *eventFinder) parseError(received *backend.Event, v rawjson.Value) (*event, bool) {
	if string(received.Name) != "error" && (v.Kind() != '[' || !backend.IsFailure(received.Data)) {
		return nil, false
	}
	var typed rawjson.Object
	typed.SetString("type", "error")
	if v.Kind() == 0 {
		typed.SetString("message", string(received.Data))
	} else {
		typed.Set("error", v)
	}
	return f.again(typed)
}

// again returns an event that was put together here.
func (f *eventFinder) again(typed rawjson.Object) (*event, bool) {
	v := typed.Value()
	f.event = event{v, v.Get("type").Inside(), v.Get("delta"), false}
	return &f.event, true
}

// end returns the error that the end of a stream is, nil after the response.
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

// interruption returns the error for a stream that ended before what it was to
// bring was complete. A failure of another kind it returns as it is.
func interruption(what string, err error) (*rpc.Error, error) {
	e := rpc.Errorf(CodeStreamInterrupted, "stream_interrupted", "The backend's stream ended before the %s was complete.", what)
	e.Retryable = true
	var failure *backend.Error
	switch {
	case err == io.EOF:
	case !errors.As(err, &failure):
		return nil, err
	case failure.Kind == backend.ErrFailed:
		return nil, errorOf(failure)
	case failure.Kind == backend.ErrTimeout:
		e.Code, e.Type, e.Message = CodeTimeout, "timeout", failure.Message
	default:
		e.Retryable = failure.Retryable
		e.Message = "The backend's stream broke before the " + what + " was complete: " + failure.Message
	}
	return e, nil
}
