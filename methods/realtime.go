package methods

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// RealtimeCallsCreateParams are the parameters of realtime.calls.create.
type RealtimeCallsCreateParams struct {
	// The SDP offer.
	SDP string `json:"sdp" jsonschema:"minLength=1"`
	// The session configuration. Required for extra_body to have an effect.
	Session rpc.Raw[RealtimeSession] `json:"session,omitempty"`
	ExtraBody
	Extras
	CallTimeout
}

// RealtimeSession is the configuration of a realtime call.
type RealtimeSession struct{}

// JSONSchemaText is the schema of a RealtimeSession.
func (RealtimeSession) JSONSchemaText() string {
	return `{"type": "object", "examples": [{"type": "realtime", "model": "gpt-realtime-1.5"}]}`
}

// RealtimeCall is the answer to an offer.
type RealtimeCall struct {
	// The SDP answer.
	Text        string `json:"text"`
	ContentType string `json:"content_type" jsonschema:"example=application/sdp"`
	// The id of the call, if the backend returns one.
	CallID string `json:"call_id,omitempty" jsonschema:"example=rtc_1"`
}

func (s *Service) createRealtimeCall(ctx context.Context, p *RealtimeCallsCreateParams) (*rpc.Raw[RealtimeCall], error) {
	offer := backend.BytesBody("application/sdp", []byte(p.SDP))
	if p.Session.Kind() != 0 {
		var body rawjson.Object
		body.SetString("sdp", p.SDP)
		body.Set("session", p.Session.Value)
		offer = backend.JSONBody(p.addTo(body).Bytes())
	}
	call, err := s.realtimeCall(ctx, &backend.Request{Body: offer, Header: p.header(), Query: p.query(), Timeout: p.duration()}, callID)
	return call, deadRoute(err, "The backend no longer supports version 1 of realtime calls for this sign-in. Use version 3: realtime.calls.create_v3")
}

// RealtimeCallsCreateV3Params are the parameters of realtime.calls.create_v3.
type RealtimeCallsCreateV3Params struct {
	// The SDP offer.
	SDP string `json:"sdp" jsonschema:"minLength=1"`
	// The session configuration. An id in it is not sent.
	Session rpc.Raw[RealtimeSession] `json:"session"`
	// The session of the call. Defaults to a new one.
	SessionID *string `json:"session_id,omitempty" jsonschema:"minLength=1"`
	// The thread of the call. Defaults to a new one.
	ThreadID *string `json:"thread_id,omitempty" jsonschema:"minLength=1"`
	ExtraBody
	Extras
	CallTimeout
}

func (s *Service) createRealtimeCallV3(ctx context.Context, p *RealtimeCallsCreateV3Params) (*rpc.Raw[RealtimeCall], error) {
	var offer rawjson.Object
	offer.SetString("sdp", p.SDP)
	offer.Set("session", p.Session.Without("id"))
	header := http.Header{"Openai-Alpha": {"quicksilver=v2"}}
	header.Set("Session-Id", cmp.Or(deref(p.SessionID), newUUID()))
	header.Set("Thread-Id", cmp.Or(deref(p.ThreadID), newUUID()))
	maps.Copy(header, p.header())
	query := url.Values{"intent": {"quicksilver"}, "architecture": {"avas"}}
	maps.Copy(query, p.query())
	return s.realtimeCall(ctx, &backend.Request{
		Body: backend.JSONBody(p.addTo(offer).Bytes()), Header: header, Query: query, Timeout: p.duration(),
	}, lastSegment)
}

// realtimeCall posts an offer and returns the answer. The function returns the id
// of the call in the path of the Location header.
func (s *Service) realtimeCall(ctx context.Context, r *backend.Request, id func(location string) string) (*rpc.Raw[RealtimeCall], error) {
	r.Method, r.Base, r.Path, r.Accept = http.MethodPost, backend.Codex, []string{"realtime", "calls"}, "application/sdp"
	answer, err := s.client.Do(ctx, r)
	if err != nil {
		return nil, errorOf(err)
	}
	defer answer.Body.Close()
	text, err := readText(answer)
	if err != nil {
		return nil, err
	}
	location, _, _ := strings.Cut(answer.Header.Get("Location"), "?")
	var call rawjson.Object
	call.SetString("text", string(text))
	call.SetString("content_type", answer.Header.Get("Content-Type"))
	call.Set("call_id", stringOr(id(location), rawjson.Value{}))
	return rpc.RawOf[RealtimeCall](call.Value()), nil
}

func lastSegment(location string) string {
	location = strings.TrimRight(location, "/")
	return location[strings.LastIndexByte(location, '/')+1:]
}

// callID returns the segment of a path that has the form of an id, as in
// /v1/realtime/calls/rtc_1.
func callID(location string) (id string) {
	for segment := range strings.SplitSeq(location, "/") {
		if strings.HasPrefix(segment, "rtc_") {
			id = segment
		}
	}
	return id
}

// RealtimeWebSocketURLParams are the parameters of realtime_websocket_url.
type RealtimeWebSocketURLParams struct {
	// The model.
	Model string `json:"model" jsonschema:"minLength=1,example=gpt-realtime-1.5"`
	CallTimeout
}

func (s *Service) realtimeWebSocketURL(_ context.Context, p *RealtimeWebSocketURLParams) (*string, error) {
	// This is independent of the configured base URL: the caller connects to the
	// official API, with a key for that.
	at := "wss://api.openai.com/v1/realtime?" + url.Values{"model": {p.Model}}.Encode()
	return &at, nil
}

// RealtimeWebSocketHeadersParams are the parameters of
// realtime_websocket_headers.
type RealtimeWebSocketHeadersParams struct {
	// No effect. Accepted for compatibility with the Python SDK.
	SessionID string `json:"session_id,omitempty"`
	CallTimeout
}

// RealtimeWebSocketHeaders holds the headers for opening a WebSocket, which contain
// the account's API key.
type RealtimeWebSocketHeaders struct {
	Authorization string `json:"Authorization"`
	OpenAIBeta    string `json:"OpenAI-Beta"`
}

func (s *Service) realtimeWebSocketHeaders(ctx context.Context, _ *RealtimeWebSocketHeadersParams) (*RealtimeWebSocketHeaders, error) {
	token, err := s.store.Token(ctx)
	if err != nil {
		return nil, errorOf(err)
	}
	if token.APIKey == "" {
		return nil, NotAuthenticated.Errorf(
			"Realtime WebSocket requires an OpenAI API key. Call authenticate(request_api_key=True) to persist one. (Or run `codex-rpc login`.)")
	}
	return &RealtimeWebSocketHeaders{Authorization: "Bearer " + token.APIKey, OpenAIBeta: "realtime=v1"}, nil
}
