package openai

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

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
	// Takes reports whether the backend takes a model that is on no list; nil if
	// there are none.
	Takes  func(model string) bool
	Logger *slog.Logger // discards if nil
	// Preferences are those of requests over HTTP.
	Preferences Preferences
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
	// DeriveCacheKeys gives a call without prompt_cache_key one that is derived
	// from how its conversation begins, so that the turns of a conversation meet
	// their prompt cache.
	DeriveCacheKeys bool
}

// An API answers requests. It remembers the responses that it made, for requests
// that refer to them. It may be used by many goroutines at once.
type API struct {
	options Options
	log     *slog.Logger
	memory  memory

	mu   sync.Mutex
	told map[string]bool // what was logged, which is done once
}

// New returns an API.
func New(options Options) *API {
	a := &API{options: options, log: options.Logger, told: make(map[string]bool)}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	return a
}

// A Request is one request of the OpenAI API.
type Request struct {
	Method string
	Path   string // below /v1, as /chat/completions; escaped
	Query  url.Values
	Header http.Header
	Body   []byte
	// Timeout fails the request if the backend sends nothing for so many
	// seconds; the session's counts if it is 0.
	Timeout float64
	Preferences
}

// A Reply takes the answer to a request: Begin once, then either Body once or any
// number of events, and End where all of them came. An error of theirs ends the
// call.
type Reply interface {
	Begin(status int, header http.Header) error
	// Body takes a whole answer, which is JSON, and Text one that is text.
	Body(v rawjson.Value) error
	Text(text string) error
	// Event takes the data of an event, and its name if it has one.
	Event(name string, data rawjson.Value) error
	Flush() error
	// End ends a stream of events that is complete. done says that the stream
	// ends with [DONE].
	End(done bool) error
}

// A handler handles the requests of a path. The name is the {id} in the path.
type handler func(a *API, x *exchange, name string) error

// routes are all paths there are, in the order in which they are listed.
var routes = []struct {
	method, path string
	answer       handler
}{
	{"POST", "/responses", (*API).createResponse},
	{"POST", "/responses/compact", (*API).compactResponse},
	{"GET", "/responses/{id}", (*API).retrieveResponse},
	{"DELETE", "/responses/{id}", (*API).deleteResponse},
	{"GET", "/responses/{id}/input_items", (*API).listInputItems},
	{"POST", "/chat/completions", (*API).createChatCompletion},
	{"GET", "/models", (*API).listModels},
	{"GET", "/models/{id}", (*API).retrieveModel},
	{"POST", "/embeddings", (*API).createEmbeddings},
	{"POST", "/audio/transcriptions", (*API).createTranscription},
	{"POST", "/images/generations", (*API).generateImage},
	{"POST", "/images/edits", (*API).editImage},
	{"POST", "/files", (*API).createFile},
}

// An exchange is a request that is being answered.
type exchange struct {
	*Request
	reply   Reply
	ctx     context.Context
	header  http.Header // of the answer
	begun   bool
	dropped []string
}

// Serve answers a request. It returns an error where no answer could be given, or
// not a whole one: then whoever waits for it should see its connection break. An
// error of the host's that is an answer of the API is answered, and no error.
func (a *API) Serve(ctx context.Context, r *Request, reply Reply) error {
	x := &exchange{Request: r, reply: reply, ctx: ctx, header: http.Header{}}
	err := a.route(x)
	if err == nil {
		return nil
	}
	return x.fail(err)
}

func (a *API) route(x *exchange) error {
	for _, route := range routes {
		if name, ok := match(route.path, x.Path); ok && route.method == x.Method {
			return route.answer(a, x, name)
		}
	}
	return refusal(http.StatusNotFound, "", "unknown_url", "Unknown request URL: %s %s. Supported: %s.", x.Method, x.Path, listRoutes())
}

// listRoutes names all there is.
func listRoutes() string {
	var list []string
	for _, route := range routes {
		list = append(list, route.method+" "+route.path)
	}
	return strings.Join(list, ", ")
}

// match reports whether a path matches a pattern, and returns its {id}.
func match(pattern, path string) (name string, ok bool) {
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
		if name, err = url.PathUnescape(have[i]); err != nil || name == "" {
			return "", false
		}
	}
	return name, true
}

// once logs a message, the first time that it is about this subject.
func (a *API) once(subject, message string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	const enough = 1000 // of what programs may name
	if a.told[subject] || len(a.told) >= enough {
		return
	}
	a.told[subject] = true
	a.log.Warn(message, args...)
}
