package methods

import (
	"context"
	"errors"
	"io"
	"time"

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
	collected, err := s.respond(ctx, &p.ResponseRequest, p.Extras, p.CallTimeout, events)
	if err != nil {
		return nil, err
	}
	return rpc.RawOf[Response](collected)
}

// lateEvents is how long the end of a stream is waited for after the event that
// completes the response. The backend ends it at once; to see that lets its
// connection be used again, and what it may say after all is passed on.
const lateEvents = 250 * time.Millisecond

// respond asks for a response and collects it. The events go to events, unless
// that is nil.
func (s *Service) respond(ctx context.Context, r *ResponseRequest, extras Extras, timeout CallTimeout, events *rpc.Events) ([]byte, error) {
	request := r.prepare(s.Defaults())
	stream, err := s.client.Stream(ctx, &backend.Request{
		Method: "POST", Base: backend.Codex, Path: []string{"responses"},
		Body: backend.JSONBody(request.body()), Header: extras.header(), Query: extras.query(), Timeout: timeout.duration(),
	})
	if err != nil {
		return nil, errorOf(err)
	}
	defer stream.Close()
	if events != nil {
		stream.OnWait = events.Flush
	}
	c := collector{request: request}
	for {
		event, err := stream.Next()
		if err != nil {
			return c.end(ctx, err)
		}
		v, ok := parseEvent(event)
		if !ok {
			s.log.Warn("an event of the backend is no JSON object and was passed over", "bytes", len(event.Data))
			continue
		}
		if events != nil {
			if err := events.Send(v); err != nil {
				return nil, err
			}
		}
		if c.complete() {
			continue
		}
		if c.take(v); c.complete() {
			late := time.AfterFunc(lateEvents, func() { stream.Close() })
			defer late.Stop()
		}
	}
}

// parseEvent returns the JSON object of an event. Where it does not tell its
// type, the event's name is that.
func parseEvent(event backend.Event) (rawjson.Value, bool) {
	v, err := rawjson.ParseTagged(event.Data, "type")
	if err != nil || v.Kind() != '{' {
		return v, false
	}
	if v.Tag() != nil || v.Get("type").Kind() != 0 {
		return v, true
	}
	name := string(event.Name)
	if name == "" {
		name = "message"
	}
	var typed object
	typed.setString("type", name)
	for key, value := range v.Members() {
		text, _ := key.Text()
		typed.setValue(text, value)
	}
	v, err = rawjson.ParseTagged(typed.end(), "type")
	return v, err == nil
}

// end turns the end of a stream into the response, or into the error that it
// is.
func (c *collector) end(ctx context.Context, err error) ([]byte, error) {
	switch {
	case c.failure.Kind() != 0:
		return nil, c.failed()
	case c.final.Kind() != 0:
		return c.response(), nil
	case context.Cause(ctx) != nil:
		return nil, context.Cause(ctx)
	}
	e := rpc.Errorf(CodeStreamInterrupted, "stream_interrupted", "The backend's stream ended before the response was complete.")
	var failure *backend.Error
	if errors.As(err, &failure) {
		e.Message = "The backend's stream broke before the response was complete: " + failure.Message
		if failure.Kind == backend.ErrTimeout {
			e.Code, e.Type, e.Message = CodeTimeout, "timeout", failure.Message
		}
	} else if err != io.EOF {
		return nil, err
	}
	e.Retryable = true
	partial, parseErr := rawjson.Parse(c.response())
	if parseErr != nil {
		return nil, parseErr
	}
	return nil, e.With("partial", partial)
}
