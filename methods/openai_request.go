package methods

import (
	"context"
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/codex-rpc/codex-rpc/methods/openai"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// OpenAIRequestParams are the parameters of openai.request: a request as a
// program would send it to https://api.openai.com/v1.
type OpenAIRequestParams struct {
	// The HTTP method.
	Method string `json:"method" jsonschema:"minLength=1,example=POST"`
	// The path and the query. A prefix that ends in /v1 is ignored.
	Path string `json:"path" jsonschema:"minLength=1,example=/chat/completions"`
	// The headers. Headers that carry credentials are ignored.
	Headers map[string]string `json:"headers,omitempty"`
	// A JSON body.
	Body rpc.Raw[AnyJSON] `json:"body,omitempty"`
	// A body other than JSON, such as a form, in base64.
	BodyBase64 string `json:"body_base64,omitempty" jsonschema:"contentEncoding=base64"`
	// Model aliases: the model to use for each name.
	Aliases map[string]string `json:"aliases,omitempty"`
	// Policy for models that the account does not have: "replace" with the
	// default model, or "error".
	UnknownModel string `json:"unknown_model,omitempty" jsonschema:"enum=replace,enum=error,default=replace"`
	// Policy for parameters that the backend does not support and that do not
	// change the answer: "drop" or "error".
	Unsupported string `json:"unsupported,omitempty" jsonschema:"enum=drop,enum=error,default=drop"`
	// Derive a missing prompt_cache_key from the start of the conversation, so
	// that its turns share cached prompts.
	DeriveCacheKey *bool `json:"derive_cache_key,omitempty" jsonschema:"default=true"`
	CallTimeout
}

// AnyJSON is any value.
type AnyJSON struct{}

// JSONSchemaText is the schema of AnyJSON.
func (AnyJSON) JSONSchemaText() string { return `{}` }

// OpenAIAnswer is the HTTP response. For a stream it has no body: the events
// were sent before, after an event of the type http.response.
type OpenAIAnswer struct {
	Status int `json:"status" jsonschema:"example=200"`
	// The headers, with names in lower case.
	Headers map[string]string `json:"headers"`
	// A JSON body.
	Body AnyJSON `json:"body,omitzero"`
	// A text body.
	Text string `json:"text,omitempty"`
	// Whether the stream ends with [DONE], as for chat completions.
	Done bool `json:"done,omitempty"`
}

// OpenAIResponseStart is the first event of a stream. The events that follow
// are the data of the OpenAI API's events.
type OpenAIResponseStart struct {
	Type    string            `json:"type" jsonschema:"enum=http.response"`
	Status  int               `json:"status"`
	Headers map[string]string `json:"headers"`
}

// ServeOpenAI sets the API that the method openai.request uses. It must not be
// called after the first call.
func (s *Service) ServeOpenAI(api *openai.API) { s.openAI = api }

func (s *Service) openAIRequest(ctx context.Context, p *OpenAIRequestParams, events *rpc.Events) (*rpc.Raw[OpenAIAnswer], error) {
	target, err := url.Parse(p.Path)
	if err != nil || !strings.HasPrefix(target.Path, "/") {
		return nil, invalidParam("/path", "`path` must begin with a slash.")
	}
	path := target.EscapedPath()
	if _, below, ok := strings.Cut(path, "/v1/"); ok {
		path = "/" + below
	}
	request := &openai.Request{
		Method: strings.ToUpper(p.Method), Path: path, Query: target.Query(), Header: make(http.Header), Body: p.Body.Bytes(), Timeout: p.Timeout,
		Preferences: openai.Preferences{
			Aliases: p.Aliases, RefuseUnknownModels: p.UnknownModel == "error", RefuseUnsupported: p.Unsupported == "error",
			DeriveCacheKeys: p.DeriveCacheKey == nil || *p.DeriveCacheKey,
		},
	}
	for name, value := range p.Headers {
		request.Header.Set(name, value)
	}
	if p.BodyBase64 != "" {
		if request.Body, err = base64.StdEncoding.DecodeString(p.BodyBase64); err != nil {
			return nil, invalidParam("/body_base64", "`body_base64` is not base64: %v.", err)
		}
	}
	reply := &pipeReply{events: events}
	err = s.openAI.Serve(ctx, request, reply)
	if broken, ok := errors.AsType[*openai.Broken](err); ok {
		return nil, broken.Cause
	}
	if err != nil {
		return nil, err
	}
	return rpc.RawOf[OpenAIAnswer](reply.answer()), nil
}

// A pipeReply collects an answer as the result of the call, and sends its events.
type pipeReply struct {
	events  *rpc.Events
	status  int
	headers map[string]string
	body    rawjson.Value
	text    rawjson.Value
	done    bool
}

func (r *pipeReply) Begin(status int, header http.Header) error {
	r.status, r.headers = status, make(map[string]string)
	for name, values := range header {
		r.headers[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	if !strings.HasPrefix(header.Get("Content-Type"), "text/event-stream") {
		return nil
	}
	return r.events.Emit(OpenAIResponseStart{"http.response", status, r.headers})
}

func (r *pipeReply) Body(v rawjson.Value) error {
	r.body = v
	return nil
}

func (r *pipeReply) Text(text string) error {
	r.text = rawjson.String(text)
	return nil
}

func (r *pipeReply) Event(_ string, data rawjson.Value) error { return r.events.Send(data) }
func (r *pipeReply) Flush() error                             { return r.events.Flush() }

func (r *pipeReply) End(done bool) error {
	r.done = done
	return nil
}

// answer returns the result of the call.
func (r *pipeReply) answer() rawjson.Value {
	var answer rawjson.Object
	answer.Set("status", rawjson.Int(r.status))
	answer.SetObject("headers", func(headers *rawjson.Object) {
		for _, name := range slices.Sorted(maps.Keys(r.headers)) {
			headers.SetString(name, r.headers[name])
		}
	})
	answer.Set("body", r.body)
	answer.Set("text", r.text)
	if r.done {
		answer.Set("done", rawjson.Bool(true))
	}
	return answer.Value()
}
