package openai

import (
	"net/http"
	"strings"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	droppedHeader   = "X-Codex-Rpc-Dropped"
	modelHeader     = "X-Codex-Rpc-Model"
	requestIDHeader = "X-Request-Id"

	eventStream = "text/event-stream; charset=utf-8"
)

// relay calls a method of the host and sends its result as the answer: JSON, or
// text if it is a string.
func (a *API) relay(x *exchange, method string, params rawjson.Value) error {
	result, err := a.call(x, method, params, nil)
	if err != nil {
		return err
	}
	text, ok := result.Text()
	if !ok {
		return x.send(http.StatusOK, result)
	}
	if err := x.begin(http.StatusOK, "text/plain; charset=utf-8"); err != nil {
		return err
	}
	return x.reply.Text(text)
}

// call calls a method of the host. It adds the backend's response headers to
// those of the answer.
func (a *API) call(x *exchange, method string, params rawjson.Value, report rpc.Reporter) (rawjson.Value, error) {
	ctx, received := backend.WithAnswerHeaders(x.ctx)
	x.received = received
	result, err := a.options.Call(ctx, method, x.withTimeout(params), report)
	x.note()
	return result, err
}

// deriveCacheKey returns the parameter derive_cache_key, absent for false.
func (x *exchange) deriveCacheKey() rawjson.Value {
	if !x.DeriveCacheKeys {
		return rawjson.Value{}
	}
	return rawjson.Bool(true)
}

// withTimeout adds the timeout of the request to the parameters of a call.
func (x *exchange) withTimeout(params rawjson.Value) rawjson.Value {
	if x.Timeout == 0 {
		return params
	}
	return params.With("timeout", rawjson.MustMarshal(x.Timeout))
}

// note adds the backend's response headers, if there was a call, to those of the
// answer.
func (x *exchange) note() {
	if x.received == nil {
		return
	}
	for name, value := range x.received.Last() {
		if name != "x-codex-turn-state" {
			x.header.Set(name, value)
		}
	}
}

// begin sends the status and the headers, once.
func (x *exchange) begin(status int, contentType string) error {
	if x.begun {
		return nil
	}
	x.begun = true
	x.note() // for a stream, which begins before the call ends
	x.header.Set("Content-Type", contentType)
	if x.header.Get(requestIDHeader) == "" { // there is no response of the backend, or it has none
		x.header.Set(requestIDHeader, newID("req"))
	}
	if len(x.dropped) > 0 {
		x.header.Set(droppedHeader, strings.Join(x.dropped, ", "))
	}
	return x.reply.Begin(status, x.header)
}

// send sends a JSON answer.
func (x *exchange) send(status int, v rawjson.Value) error {
	if err := x.begin(status, "application/json"); err != nil {
		return err
	}
	return x.reply.Body(v)
}

func (x *exchange) event(name string, data rawjson.Value) error {
	if err := x.begin(http.StatusOK, eventStream); err != nil {
		return err
	}
	return x.reply.Event(name, data)
}

// body returns the body of the request, which must be a JSON object.
func (x *exchange) body() (rawjson.Value, error) {
	v, err := rawjson.Parse(x.Body)
	x.Body = nil // the value has it
	if err != nil || !v.ValidUTF8() {
		return v, refusal(http.StatusBadRequest, "", "", "We could not parse the JSON body of your request.")
	}
	if v.Kind() != '{' {
		return v, refusal(http.StatusBadRequest, "", "", "The body of the request must be a JSON object.")
	}
	if v.MoreThan(rpc.MaxValues) { // the limit of a call
		return v, refusal(http.StatusRequestEntityTooLarge, "", "frame_too_large", "The body of the request has more than %d values.", rpc.MaxValues)
	}
	return v, checkKinds(v)
}

// kinds lists the types of members that this package reads. A member of another
// type must not be taken for an absent one.
var kinds = []struct{ name, kind, phrase string }{
	{"functions", "[", "an array"},
	{"messages", "[", "an array"},
	{"model", `"`, "a string"},
	{"previous_response_id", `"`, "a string"},
	{"stream", "tf", "a boolean"},
	{"tools", "[", "an array"},
}

func checkKinds(body rawjson.Value) error {
	for _, member := range kinds {
		if v := body.Get(member.name); isGiven(v) && !strings.ContainsRune(member.kind, rune(v.Kind())) {
			return refusal(http.StatusBadRequest, member.name, "invalid_type", "Invalid type for '%s': expected %s.", member.name, member.phrase)
		}
	}
	return nil
}

// stringOf returns a member that is a string, or "".
func stringOf(v rawjson.Value, name string) string {
	text, _ := v.Get(name).Text()
	return text
}

// isGiven reports whether a value is neither absent nor null.
func isGiven(v rawjson.Value) bool { return v.Kind() != 0 && v.Kind() != 'n' }

// orElse returns a value, or another one if it is absent or null.
func orElse(v, other rawjson.Value) rawjson.Value {
	if !isGiven(v) {
		return other
	}
	return v
}

// given returns a value, absent if it is null.
func given(v rawjson.Value) rawjson.Value { return orElse(v, rawjson.Value{}) }

// A member is a member of a JSON object.
type member struct {
	name  string
	value rawjson.Value
}

// typed returns an object of a type. Members without a value are left out.
func typed(kind string, members ...member) rawjson.Value {
	var o rawjson.Object
	o.SetString("type", kind)
	for _, m := range members {
		o.Set(m.name, m.value)
	}
	return o.Value()
}
