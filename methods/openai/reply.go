package openai

import (
	"net/http"
	"strings"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	droppedHeader = "X-Codex-Rpc-Dropped"
	modelHeader   = "X-Codex-Rpc-Model"
)

// call calls a method of the host. The headers of the backend's answer are noted
// for that of this one.
func (a *API) call(x *exchange, method string, params rawjson.Value, report rpc.Reporter) (rawjson.Value, error) {
	ctx, headers := backend.WithAnswerHeaders(x.ctx)
	if report != nil {
		report = &firstEvent{report, x, headers}
	}
	result, err := a.options.Call(ctx, method, x.limited(params), report)
	x.note(headers)
	return result, err
}

// deriveCacheKey returns the parameter of that name, absent if no key is to be
// derived.
func (x *exchange) deriveCacheKey() rawjson.Value {
	if !x.DeriveCacheKeys {
		return rawjson.Value{}
	}
	return rawjson.Bool(true)
}

// limited returns the parameters of a call with the timeout of the request.
func (x *exchange) limited(params rawjson.Value) rawjson.Value {
	if x.Timeout == 0 {
		return params
	}
	return params.With("timeout", encode(x.Timeout))
}

// A firstEvent notes the headers of the backend's answer before its events.
type firstEvent struct {
	rpc.Reporter
	x       *exchange
	headers *backend.AnswerHeaders
}

func (f *firstEvent) Event(v rawjson.Value) error {
	if f.headers != nil {
		f.x.note(f.headers)
		f.headers = nil
	}
	return f.Reporter.Event(v)
}

func (x *exchange) note(headers *backend.AnswerHeaders) {
	for name, value := range headers.Last() {
		if name != "x-codex-turn-state" {
			x.header.Set(name, value)
		}
	}
}

// begin sends the head of the answer.
func (x *exchange) begin(status int, contentType string) error {
	if x.begun {
		return nil
	}
	x.begun = true
	x.header.Set("Content-Type", contentType)
	if len(x.dropped) > 0 {
		x.header.Set(droppedHeader, strings.Join(x.dropped, ", "))
	}
	return x.reply.Begin(status, x.header)
}

// send sends a whole answer of JSON.
func (x *exchange) send(status int, v rawjson.Value) error {
	if err := x.begin(status, "application/json"); err != nil {
		return err
	}
	return x.reply.Body(v)
}

// event sends an event, after the head if it is the first.
func (x *exchange) event(name string, data rawjson.Value) error {
	if err := x.begin(http.StatusOK, "text/event-stream; charset=utf-8"); err != nil {
		return err
	}
	return x.reply.Event(name, data)
}

// encode returns a value of Go as JSON.
func encode(value any) rawjson.Value {
	v, err := rawjson.Marshal(value)
	if err != nil {
		panic("openai: " + err.Error()) // of types that this package declares
	}
	return v
}

// body returns the body of the request, which must be a JSON object.
func (x *exchange) body() (rawjson.Value, error) {
	v, err := rawjson.Parse(x.Body)
	if err != nil || !v.ValidUTF8() {
		return v, refusal(http.StatusBadRequest, "", "", "We could not parse the JSON body of your request.")
	}
	if v.Kind() != '{' {
		return v, refusal(http.StatusBadRequest, "", "", "The body of the request must be a JSON object.")
	}
	if v.MoreThan(rpc.MaxValues) { // no call takes as many
		return v, refusal(http.StatusRequestEntityTooLarge, "", "request_too_large", "The body of the request has more than %d values.", rpc.MaxValues)
	}
	return v, nil
}

// stringOf returns the text of a member, "" if it is none.
func stringOf(v rawjson.Value, name string) string {
	text, _ := v.Get(name).Text()
	return text
}

func isGiven(v rawjson.Value) bool { return v.Kind() != 0 && v.Kind() != 'n' }
