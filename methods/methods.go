// Package methods implements the methods of codex-rpc: those of the OpenAI SDKs
// that the ChatGPT Codex backend supports, and those specific to the backend.
// Each method is declared once, in [Service.All]; its name, parameters, result,
// schema and documentation are derived from that declaration and its Go types.
//
//	service := methods.New(client, store, methods.Defaults{}, nil)
//	server := rpc.NewServer(rpc.Options{Methods: service.All(), Redact: service.Redact, …})
//
// A method converts its parameters to a request of package backend, and the
// response to a result; [errorOf] converts failures. Wherever possible,
// responses are passed on unchanged, including undeclared members.
package methods

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/methods/openai"
	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// DefaultModel is the model of calls if neither they nor Defaults set one. It
// is in the catalog of all accounts, and on the full lane.
const DefaultModel = "gpt-5.5"

// Defaults holds the values of parameters that a call omits.
type Defaults struct {
	// Model is never substituted. If it is empty, the model is DefaultModel, or a
	// substitute if the account does not have that.
	Model        string
	Instructions string
	// Transport is "http" (also if empty), "websocket" or "auto".
	Transport string
}

// A Service implements the methods. It is safe for concurrent use.
type Service struct {
	client      *backend.Client
	store       Store
	defaults    atomic.Pointer[Defaults]
	files       fileRoot
	log         *slog.Logger
	models      modelCache
	substitutes *substitutes
	turns       turns
	sockets     sockets
	limits      limits
	// filesRefused records that the backend rejects file transcriptions.
	filesRefused atomic.Bool
	openAI       *openai.API
	memory       memoryBudget
}

// New returns a Service on a client whose [Credentials] are those of the store.
// A nil logger discards.
func New(client *backend.Client, store Store, defaults Defaults, log *slog.Logger) *Service {
	log = cmp.Or(log, slog.New(slog.DiscardHandler))
	s := &Service{client: client, store: store, log: log, substitutes: newSubstitutes(), memory: memoryBudget{limit: maxHeldBytes}}
	s.SetDefaults(defaults)
	if client != nil { // nil if only the declarations are used
		client.Observe(func(signed backend.Token, status int, header http.Header) {
			s.limits.add(identityOf(signed), limitsOfHeader(status, header))
		})
	}
	return s
}

// Close closes the idle connections to the backend. It waits until this has been
// announced on them, or ctx ends.
func (s *Service) Close(ctx context.Context) {
	for _, sent := range s.sockets.closeIdle() {
		select {
		case <-sent:
		case <-ctx.Done():
			return
		}
	}
}

// Defaults returns the current defaults.
func (s *Service) Defaults() Defaults { return *s.defaults.Load() }

// SetDefaults changes the defaults of calls made from now on.
func (s *Service) SetDefaults(d Defaults) { s.defaults.Store(&d) }

// All returns the declarations of all methods. Those for features outside the
// official API are experimental: the backend may change them, and their results
// are passed on unchanged.
func (s *Service) All() []rpc.Method {
	return []rpc.Method{
		rpc.Stream("authenticate", "Check that there are usable credentials, and sign in if there are none.", s.authenticate).
			Example("with credentials at hand", `{"interactive": false}`).
			Reports(reflect.TypeFor[AuthURL]()).Reports(reflect.TypeFor[AuthDeviceCode]()),
		call("account_info", "Return the signed-in account, without secrets.", s.accountInfo).
			Example("the account", `{}`),
		rpc.Call("logout", "Sign out: revoke the sign-in and remove the credentials.", s.logout).
			Example("sign out", `{}`),
		stream("responses.create", "Create a model response.", s.createResponse).
			Example("a text", `{"input": "Say hello"}`).
			Example("a conversation that calls a tool", `{"model": "gpt-5.5", "instructions": "Be brief.", "stream": true,
				"input": [{"role": "user", "content": "What is the weather in Rome?"}],
				"tools": [{"type": "function", "name": "get_weather", "parameters": {
					"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}]}`).
			Reports(reflect.TypeFor[vocabulary.ResponseStreamEvent]()).
			Fails("unsupported_parameter", "stream_interrupted"),
		stream("responses.parse", "Create a model response as JSON that matches a schema, and parse it.", s.parseResponse).
			Example("a person", `{"input": "Ada Lovelace was born in 1815.", "text_format": {"name": "Person", "schema": {"type": "object",
				"properties": {"name": {"type": "string"}, "born": {"type": "integer"}}, "required": ["name", "born"]}}}`).
			Reports(reflect.TypeFor[vocabulary.ResponseStreamEvent]()).
			Fails("unsupported_parameter", "stream_interrupted"),
		call("responses.compact", "Compact a long input into a shorter one that replaces it.", s.compactResponse).
			Example("two turns", `{"input": [{"role": "user", "content": "Say hello"}, {"role": "assistant", "content": "Hello!"}]}`).
			Fails("unsupported_parameter", "stream_interrupted"),
		call("models.list", "List the models available to the account.", s.listModels).
			Example("all models", `{}`).
			Fails("unsupported_parameter"),
		call("models.retrieve", "Retrieve a model.", s.retrieveModel).
			Example("one model", `{"model": "gpt-5.5"}`).
			Fails("model_not_found", "unsupported_parameter"),
		call("embeddings.create", "Create embeddings for texts.", s.createEmbeddings).
			Example("two texts", `{"model": "text-embedding-3-small", "input": ["red", "blue"], "dimensions": 4}`),
		call("audio.transcriptions.create", "Transcribe an audio file.", s.createTranscription).
			Example("a file sent with the call", `{"model": "gpt-4o-transcribe", "file": {"name": "clip.wav", "data": "UklGRg=="}}`).
			Fails("file_error", "unsupported_parameter", "stream_interrupted"),
		call("realtime.calls.create", "Create a realtime call: exchange an SDP offer for the answer.", s.createRealtimeCall).
			Example("an offer", `{"sdp": "v=0\r\n", "session": {"type": "realtime", "model": "gpt-realtime-1.5"}}`),
		call("realtime.calls.create_v3", "Create a version 3 realtime call: exchange an SDP offer for the answer.", s.createRealtimeCallV3).
			Example("an offer", `{"sdp": "v=0\r\n", "session": {"type": "realtime"}, "session_id": "s", "thread_id": "t"}`),
		call("images.generate", "Generate images.", s.generateImages).
			Example("a dot", `{"prompt": "A red dot."}`).
			Fails("unsupported_parameter"),
		call("images.edit", "Edit images.", s.editImages).
			Example("an image sent with the call", `{"prompt": "Make it blue.", "image": {"name": "dot.png", "data": "iVBORw0KGgo="}}`).
			Fails("unsupported_parameter", "file_error"),
		call("realtime_websocket_url", "Return the WebSocket URL of the Realtime API.", s.realtimeWebSocketURL).
			Example("of a model", `{"model": "gpt-realtime-1.5"}`),
		call("realtime_websocket_headers", "Return the headers for the WebSocket of the Realtime API.", s.realtimeWebSocketHeaders).
			Example("of a session", `{"session_id": "session-123"}`),
		stream("files.upload", "Upload a local file for use by tools.", s.uploadFile).
			Example("a table", `{"path": "report.csv", "finalize_retry_delay": 0}`).
			Reports(reflect.TypeFor[UploadProgress]()).
			Fails("file_error"),
		stream("openai.request", "Handle a request of the OpenAI HTTP API, as the transport of an official package.", s.openAIRequest).
			Example("one model", `{"method": "GET", "path": "/models/gpt-5.5"}`).
			Reports(reflect.TypeFor[OpenAIResponseStart]()).Reports(reflect.TypeFor[BackendEvent]()).
			Fails("stream_interrupted"),
		call("codex.usage", "Return the account's usage and rate limits.", s.usage).
			Example("the usage", `{}`).Experimental(),
		call("codex.rate_limit_reset_credits.list", "List the credits that reset exhausted rate limits.", s.listCredits).
			Example("all of them", `{}`).Experimental(),
		call("codex.rate_limit_reset_credits.history", "List the history of rate limit reset credits over the last 30 days.", s.creditsHistory).
			Example("the latest", `{}`).Experimental(),
		call("codex.rate_limit_reset_credits.consume", "Use a credit to reset the rate limits.", s.consumeCredit).
			Example("one of them", `{"redeem_request_id": "0199a1b2-0000-7000-8000-000000000001"}`).Experimental(),
		call("codex.accounts.check", "Return the accounts and workspaces of the signed-in user.", getFrom[Accounts](s, (*CallTimeout).chatGPT, "wham", "accounts", "check")).
			Example("all of them", `{}`).Experimental(),
		call("codex.web_search.search", "Search the web without calling a model.", s.webSearch).
			Example("a question", `{"id": "0199a1b2-0000-7000-8000-000000000001", "model": "gpt-5.5", "commands": {"search_query": [{"q": "weather in Rome"}]}}`).
			Experimental(),
		call("codex.config.requirements", "Return the account's managed configuration requirements.", getFrom[Object](s, (*CallTimeout).chatGPT, "wham", "config", "requirements")).
			Example("all of them", `{}`).Experimental(),
		call("codex.tasks.list", "List cloud tasks.", s.listTasks).
			Example("the latest", `{"limit": 1}`).Experimental(),
		call("codex.tasks.retrieve", "Retrieve a cloud task.", getFrom[Task](s, (*TaskParams).task)).
			Example("one task", `{"task_id": "task_1"}`).Experimental(),
		call("codex.tasks.create", "Create a cloud task.", s.createTask).
			Example("a text", `{"environment_id": "env_1", "input": "Fix the tests."}`).Experimental(),
		call("codex.tasks.cancel", "Cancel a cloud task.", s.taskAction("cancel")).
			Example("one task", `{"task_id": "task_1"}`).Experimental(),
		call("codex.tasks.archive", "Archive a cloud task.", s.taskAction("archive")).
			Example("one task", `{"task_id": "task_1"}`).Experimental(),
		call("codex.tasks.recover", "Recover an archived cloud task.", s.taskAction("recover")).
			Example("one task", `{"task_id": "task_1"}`).Experimental(),
		call("codex.tasks.mark_read", "Mark a cloud task as read.", s.taskAction("mark_read")).
			Example("one task", `{"task_id": "task_1"}`).Experimental(),
		call("codex.tasks.turns.retrieve", "Retrieve a turn of a cloud task.", getFrom[Object](s, (*TurnParams).turn)).
			Example("of a task", `{"task_id": "task_1", "turn_id": "task_1_turn_2"}`).Experimental(),
		call("codex.tasks.turns.logs", "Retrieve the logs of a turn of a cloud task.", getFrom[Object](s, (*TurnParams).turn, "logs")).
			Example("of a turn", `{"task_id": "task_1", "turn_id": "task_1_turn_2"}`).Experimental(),
		call("codex.tasks.turns.pull_request", "Create a pull request from a turn of a cloud task.", s.createPullRequest).
			Example("of a turn", `{"task_id": "task_1", "turn_id": "task_1_turn_2", "body": {"title": "Fix the tests"}}`).Experimental(),
		call("codex.tasks.turns.list", "List the turns of a cloud task.", getFrom[TurnList](s, (*TaskParams).task, "turns")).
			Example("of a task", `{"task_id": "task_1"}`).Experimental(),
		call("codex.tasks.turns.sibling_turns", "List the other attempts at a turn of a cloud task.", getFrom[SiblingTurns](s, (*TurnParams).turn, "sibling_turns")).
			Example("of a turn", `{"task_id": "task_1", "turn_id": "task_1_turn_2"}`).Experimental(),
		call("codex.environments.list", "List the environments for cloud tasks.", getFrom[[]Environment](s, (*CallTimeout).chatGPT, "wham", "environments")).
			Example("all of them", `{}`).Experimental(),
		call("codex.environments.retrieve", "Retrieve an environment for cloud tasks.", s.retrieveEnvironment).
			Example("one of them", `{"environment_id": "env_1"}`).Experimental(),
		call("codex.environments.search", "Search the environments for cloud tasks.", s.searchEnvironments).
			Example("by name", `{"query": "web"}`).Experimental(),
		call("codex.environments.by_repo", "List the environments for a repository.", s.environmentsByRepo).
			Example("of a repository", `{"provider": "github", "owner": "octocat", "repo": "hello-world"}`).Experimental(),
		call("codex.memories.list", "List ChatGPT's memories of the user.", getFrom[Memories](s, (*CallTimeout).chatGPT, "memories")).
			Example("all of them", `{}`).Experimental(),
		call("codex.memories.trace_summarize", "Summarize session traces into memories.", s.summarizeTraces).
			Example("one trace", `{"model": "gpt-5.5", "traces": [{"id": "trace_1", "metadata": {"source_path": "memory.jsonl"},
				"items": [{"type": "message", "content": "Remember this."}]}]}`).Experimental(),
		call("codex.user_system_messages.retrieve", "Retrieve the user's custom instructions for ChatGPT.", getFrom[UserSystemMessages](s, (*CallTimeout).chatGPT, "user_system_messages")).
			Example("the user's", `{}`).Experimental(),
	}
}

// CallTimeout holds the parameters of all methods.
type CallTimeout struct {
	// Idle timeout in seconds: the call fails when the backend sends nothing for
	// this long. The total duration is not limited.
	Timeout float64 `json:"timeout,omitempty" jsonschema:"exclusiveMinimum=0,example=30"`
	// Include the backend's response headers that are meant for clients, such as
	// x-request-id and the rate limits: as response_headers in a result that is
	// an object, and as headers in the data of an error.
	IncludeHeaders bool `json:"include_headers,omitempty"`
}

func (t CallTimeout) includesHeaders() bool { return t.IncludeHeaders }

// duration returns the timeout, 0 for that of the session.
func (t CallTimeout) duration() time.Duration { return seconds(t.Timeout) }

// chatGPT returns a request to a path of the ChatGPT backend.
func (t CallTimeout) chatGPT(path ...string) *backend.Request {
	return &backend.Request{Base: backend.ChatGPT, Path: path, Timeout: t.duration()}
}

// post makes a request a POST with a JSON body.
func post(r *backend.Request, body rawjson.Value) *backend.Request {
	r.Method, r.Body = http.MethodPost, backend.JSONBody(body.Bytes())
	return r
}

// seconds returns a number of seconds as a duration, limited to the longest one.
func seconds(n float64) time.Duration {
	return time.Duration(min(n*float64(time.Second), math.MaxInt64/2))
}

// Extras holds the parameters for additional headers and query parameters.
type Extras struct {
	// Additional headers of the request. Headers that carry credentials are
	// refused.
	ExtraHeaders map[string]*string `json:"extra_headers,omitempty"`
	// Additional query parameters of the request.
	ExtraQuery map[string]QueryValue `json:"extra_query,omitempty"`
}

func (e Extras) header() http.Header {
	header := make(http.Header)
	for name, value := range e.ExtraHeaders {
		if value != nil {
			header.Add(name, *value)
		}
	}
	return header
}

func (e Extras) query() url.Values {
	query := make(url.Values)
	for name, values := range e.ExtraQuery {
		query[name] = values // empty for null
	}
	return query
}

// QueryValue is a list of values of a query parameter.
type QueryValue []string

// UnmarshalJSON accepts a string, a number, a boolean, or an array of these.
func (q *QueryValue) UnmarshalJSON(text []byte) error {
	var many []json.RawMessage
	if err := json.Unmarshal(text, &many); err != nil {
		many = []json.RawMessage{text}
	}
	for _, one := range many {
		var s string
		if err := json.Unmarshal(one, &s); err != nil {
			s = string(one) // a number or a boolean
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

// Object is any JSON object.
type Object struct{}

// JSONSchemaText is the schema of an Object.
func (Object) JSONSchemaText() string { return `{"type": "object"}` }

// ExtraBody holds the parameter for additional members of the request body.
type ExtraBody struct {
	// Additional members of the request body. They override members of the same
	// name.
	ExtraBody rpc.Raw[Object] `json:"extra_body,omitempty"`
}

// addTo returns the body with the additional members.
func (e ExtraBody) addTo(body rawjson.Object) rawjson.Value {
	if e.ExtraBody.Kind() == 0 {
		return body.Value()
	}
	return body.Value().Merge(e.ExtraBody.Value)
}

// valueOr returns a value, or another one if it is absent.
func valueOr(v, other rawjson.Value) rawjson.Value {
	if v.Kind() == 0 {
		return other
	}
	return v
}

// optional returns an optional parameter as JSON, absent for nil.
func optional[T any](p *T, encode func(T) rawjson.Value) rawjson.Value {
	if p == nil {
		return rawjson.Value{}
	}
	return encode(*p)
}
