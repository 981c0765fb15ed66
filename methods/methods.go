// Package methods is the surface that codex-rpc offers its clients: the calls of
// the OpenAI SDKs that the ChatGPT Codex backend can serve, and those for what
// it has beside them. Each call is declared once, in [Service.All]; its name,
// parameters, result, schema and documentation follow from that line and its Go
// types.
//
//	service := methods.New(client, credentials, methods.Defaults{Model: "gpt-5.4"}, nil)
//	server := rpc.NewServer(rpc.Options{Methods: service.All(), …})
//
// A method turns its parameters into a request of package backend and the answer
// into a result; [errorOf] says what becomes of failures. What the backend says
// is passed on as it came wherever possible, members that nobody here knows
// included.
package methods

import (
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// Defaults stand in for parameters that a call leaves out.
type Defaults struct {
	Model        string
	Instructions string
}

// A Service carries out calls. It may be used by many goroutines at once.
type Service struct {
	client      *backend.Client
	credentials backend.Credentials
	defaults    atomic.Pointer[Defaults]
	log         *slog.Logger
	models      modelCache
}

// New returns a Service on client, which uses the same credentials. A nil
// logger discards.
func New(client *backend.Client, credentials backend.Credentials, defaults Defaults, log *slog.Logger) *Service {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Service{client: client, credentials: credentials, log: log}
	s.SetDefaults(defaults)
	return s
}

// Defaults returns the defaults in force.
func (s *Service) Defaults() Defaults { return *s.defaults.Load() }

// SetDefaults changes the defaults of calls made from now on.
func (s *Service) SetDefaults(d Defaults) { s.defaults.Store(&d) }

// All returns the declarations of all methods.
func (s *Service) All() []rpc.Method {
	return []rpc.Method{
		rpc.Stream("responses.create", "Create a model response.", s.createResponse),
		rpc.Call("models.list", "List the models that the account may use.", s.listModels),
		rpc.Call("models.retrieve", "Look up one model.", s.retrieveModel),
		rpc.Call("codex.usage", "Tell how much of the account's quota is used.", s.usage),
	}
}

// A CallTimeout is the parameter that every method takes.
type CallTimeout struct {
	// Fail if the backend sends nothing for so many seconds. A stream that
	// runs has no limit in all.
	Timeout float64 `json:"timeout,omitempty" jsonschema:"exclusiveMinimum=0,example=30"`
}

// duration returns the timeout, 0 for the session's.
func (t CallTimeout) duration() time.Duration {
	return time.Duration(min(t.Timeout*float64(time.Second), math.MaxInt64/2))
}

// Extras are the parameters for what a method has no parameter for.
type Extras struct {
	// Headers to send with the request. Those that carry the credentials
	// cannot be given.
	ExtraHeaders map[string]string `json:"extra_headers,omitempty"`
	// Query parameters to send with the request.
	ExtraQuery map[string]QueryValue `json:"extra_query,omitempty"`
}

func (e Extras) header() http.Header {
	header := make(http.Header)
	for name, value := range e.ExtraHeaders {
		header.Add(name, value)
	}
	return header
}

func (e Extras) query() url.Values {
	query := make(url.Values)
	for name, values := range e.ExtraQuery {
		query[name] = values
	}
	return query
}

// A QueryValue is the value of a query parameter, or several of them.
type QueryValue []string

// UnmarshalJSON takes a string, a number, a boolean, or an array of these.
func (q *QueryValue) UnmarshalJSON(text []byte) error {
	var many []json.RawMessage
	if err := json.Unmarshal(text, &many); err != nil {
		many = []json.RawMessage{text}
	}
	for _, one := range many {
		var s string
		if err := json.Unmarshal(one, &s); err != nil {
			s = string(one) // a number or a boolean reads as it is written
		}
		*q = append(*q, s)
	}
	return nil
}

// JSONSchemaText is the schema of a QueryValue.
func (QueryValue) JSONSchemaText() string {
	return `{"anyOf": [
		{"type": ["string", "number", "boolean"]},
		{"type": "array", "items": {"type": ["string", "number", "boolean"]}}
	]}`
}

// An Object is any JSON object.
type Object struct{}

// JSONSchemaText is the schema of an Object.
func (Object) JSONSchemaText() string { return `{"type": "object"}` }

// get fetches JSON that is the result as it is.
func get[T any](ctx context.Context, s *Service, r *backend.Request) (*rpc.Raw[T], error) {
	text, _, err := s.client.JSON(ctx, r)
	if err != nil {
		return nil, errorOf(err)
	}
	return rpc.RawOf[T](text)
}
