package openai

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A Caller calls a method of the host, as [rpc.Server.Invoke] does.
type Caller func(ctx context.Context, method string, params rawjson.Value, report rpc.Reporter) (rawjson.Value, error)

// Options are the options of an API.
type Options struct {
	Call Caller
	// DefaultModel returns the model of calls that name none.
	DefaultModel func() string
	// Accepts reports whether the backend accepts a model that is not listed. It may
	// be nil.
	Accepts func(model string) bool
	Logger  *slog.Logger // discards if nil
	// Preferences apply to requests over HTTP.
	Preferences Preferences
	// MaxConcurrent is the maximum number of requests over HTTP that are served
	// at once, 0 for no limit. Others wait once their body is read.
	MaxConcurrent int
}

// Preferences control the handling of unsupported models and parameters.
type Preferences struct {
	// Aliases are models to use instead of others.
	Aliases map[string]string
	// RefuseUnknownModels answers 404 for a model that the account does not
	// have. Without it, the default model takes its place.
	RefuseUnknownModels bool
	// RefuseUnsupported rejects parameters that the backend does not support
	// with 400. Otherwise, those that do not change the answer are dropped.
	RefuseUnsupported bool
	// DeriveCacheKeys derives a missing prompt_cache_key from the start of the
	// conversation, so that its turns share cached prompts.
	DeriveCacheKeys bool
}

// An API answers requests. It remembers the responses that it created, for
// requests that refer to them. It is safe for concurrent use.
type API struct {
	options Options
	log     *slog.Logger
	memory  memory
	turns   *turns

	mu     sync.Mutex
	warned map[string]bool // the subjects of warnings that were logged
}

// New returns an API.
func New(options Options) *API {
	return &API{
		options: options, log: cmp.Or(options.Logger, slog.New(slog.DiscardHandler)),
		turns: newTurns(options.MaxConcurrent), warned: make(map[string]bool),
	}
}

// A Request is a request of the OpenAI API.
type Request struct {
	Method string
	Path   string // escaped, without /v1, such as /chat/completions
	Query  url.Values
	Header http.Header
	Body   []byte
	// Timeout is the idle timeout in seconds, 0 for that of the session.
	Timeout float64
	Preferences
}

// A Reply writes the answer to a request: Begin is called once, then Body or Text
// once, or Event any number of times and End if the stream is complete. An error
// ends the call.
type Reply interface {
	Begin(status int, header http.Header) error
	Body(v rawjson.Value) error
	Text(text string) error
	// Event writes an event. The name may be empty.
	Event(name string, data rawjson.Value) error
	Flush() error
	// End ends a complete stream, with [DONE] if done is true.
	End(done bool) error
}

// routes are the supported requests, in the order in which errors list them.
// The handlers get the {id} of the path.
var routes = []struct {
	method, path string
	handle       func(a *API, x *exchange, id string) error
}{
	{"POST", "/responses", withBody((*API).createResponse)},
	{"POST", "/responses/compact", withBody((*API).compactResponse)},
	{"GET", "/responses/{id}", (*API).retrieveResponse},
	{"DELETE", "/responses/{id}", (*API).deleteResponse},
	{"GET", "/responses/{id}/input_items", (*API).listInputItems},
	{"POST", "/chat/completions", withBody((*API).createChatCompletion)},
	{"GET", "/models", (*API).listModels},
	{"GET", "/models/{id}", (*API).retrieveModel},
	{"POST", "/embeddings", withBody((*API).createEmbeddings)},
	{"POST", "/audio/transcriptions", (*API).createTranscription},
	{"POST", "/images/generations", withBody((*API).generateImage)},
	{"POST", "/images/edits", (*API).editImage},
	{"POST", "/files", (*API).createFile},
}

// withBody returns the handler of a request whose body is JSON.
func withBody(handle func(a *API, x *exchange, body rawjson.Value) error) func(*API, *exchange, string) error {
	return func(a *API, x *exchange, _ string) error {
		body, err := x.body()
		if err != nil {
			return err
		}
		return handle(a, x, body)
	}
}

// An exchange is a request that is being answered.
type exchange struct {
	*Request
	reply    Reply
	ctx      context.Context
	header   http.Header // of the answer
	received *backend.AnswerHeaders
	begun    bool
	dropped  []string // names of parameters
}

// Serve answers a request. Errors of the host that have an equivalent in the API
// are answers. Serve returns an error if there is no answer or only a part of
// one; the client should then see a broken connection.
func (a *API) Serve(ctx context.Context, r *Request, reply Reply) error {
	x := &exchange{Request: r, reply: reply, ctx: ctx, header: http.Header{}}
	if err := a.route(x); err != nil {
		return x.fail(err)
	}
	return nil
}

func (a *API) route(x *exchange) error {
	var supported []string
	for _, route := range routes {
		if id, ok := match(route.path, x.Path); ok && route.method == x.Method {
			return route.handle(a, x, id)
		}
		supported = append(supported, route.method+" "+route.path)
	}
	return refusal(http.StatusNotFound, "", "unknown_url", "Unknown request URL: %s %s. Supported: %s.", x.Method, x.Path, strings.Join(supported, ", "))
}

// match reports whether a path matches a pattern, and returns its {id}.
func match(pattern, path string) (id string, ok bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(strings.TrimSuffix(path, "/"), "/")
	if len(want) != len(have) {
		return "", false
	}
	for i, segment := range want {
		if segment != "{id}" {
			if segment != have[i] {
				return "", false
			}
			continue
		}
		var err error
		if id, err = url.PathUnescape(have[i]); err != nil || id == "" {
			return "", false
		}
	}
	return id, true
}

// warnOnce logs the first warning about a subject.
func (a *API) warnOnce(subject, message string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	const limit = 1000 // the subjects are names in requests
	if a.warned[subject] || len(a.warned) >= limit {
		return
	}
	a.warned[subject] = true
	a.log.Warn(message, args...)
}
