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
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
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
		rpc.Stream("responses.parse", "Create a model response whose text is JSON of a given schema, and parse it.", s.parseResponse),
		rpc.Call("responses.compact", "Compress a long input into one that can be used in its place.", s.compactResponse),
		rpc.Call("models.list", "List the models that the account may use.", s.listModels),
		rpc.Call("models.retrieve", "Look up one model.", s.retrieveModel),
		rpc.Call("embeddings.create", "Turn texts into vectors.", s.createEmbeddings),
		rpc.Stream("audio.transcriptions.create", "Write down what is said in an audio file.", s.createTranscription),
		rpc.Call("realtime.calls.create", "Begin a realtime call: trade an SDP offer for the answer.", s.createRealtimeCall),
		rpc.Call("realtime_websocket_url", "Tell the URL of the Realtime API's WebSocket.", s.realtimeWebSocketURL),
		rpc.Call("realtime_websocket_headers", "Tell the headers to open the Realtime API's WebSocket with.", s.realtimeWebSocketHeaders),
		rpc.Stream("files.upload", "Upload a local file, for tools that take files.", s.uploadFile),
		rpc.Call("codex.usage", "Tell how much of the account's quota is used.", s.usage),
		rpc.Call("codex.config.requirements", "Tell the managed requirements of the account.", s.requirements),
		rpc.Call("codex.tasks.list", "List cloud tasks.", s.listTasks),
		rpc.Call("codex.tasks.retrieve", "Look up one cloud task.", s.retrieveTask),
		rpc.Call("codex.tasks.turns.list", "List the turns of a cloud task.", s.listTurns),
		rpc.Call("codex.tasks.turns.sibling_turns", "List the other attempts at a turn of a cloud task.", s.siblingTurns),
		rpc.Call("codex.environments.list", "List the environments of cloud tasks.", s.listEnvironments),
		rpc.Call("codex.memories.list", "List what ChatGPT remembers about the user.", s.listMemories),
		rpc.Call("codex.memories.trace_summarize", "Summarize traces of sessions into memories.", s.summarizeTraces),
		rpc.Call("codex.user_system_messages.retrieve", "Look up the user's customization of ChatGPT.", s.userSystemMessages),
	}
}

// A CallTimeout is the parameter that every method takes.
type CallTimeout struct {
	// Fail if the backend sends nothing for so many seconds. A stream that
	// runs has no limit in all.
	Timeout float64 `json:"timeout,omitempty" jsonschema:"exclusiveMinimum=0,example=30"`
}

// duration returns the timeout, 0 for the session's.
func (t CallTimeout) duration() time.Duration { return seconds(t.Timeout) }

// seconds returns a number of seconds as a duration, the longest there is if it
// is longer.
func seconds(n float64) time.Duration {
	return time.Duration(min(n*float64(time.Second), math.MaxInt64/2))
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

// ExtraBody is the parameter for members of a request's body that a method has
// no parameter for.
type ExtraBody struct {
	// Members to add to the request's body. They take the place of others with
	// the same name.
	ExtraBody rpc.Raw[Object] `json:"extra_body,omitempty"`
}

// addTo returns the body with the members.
func (e ExtraBody) addTo(body object) (rawjson.Value, error) {
	v, err := rawjson.Parse(body.end())
	if err != nil || e.ExtraBody.Kind() == 0 {
		return v, err
	}
	return rawjson.Parse(merged(v, e.ExtraBody.Value))
}
