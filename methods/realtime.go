package methods

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// RealtimeCallsCreateParams are the parameters of realtime.calls.create.
type RealtimeCallsCreateParams struct {
	// The offer, as WebRTC describes a session.
	SDP string `json:"sdp" jsonschema:"minLength=1"`
	// What the call is to be like. Without it extra_body is of no effect.
	Session rpc.Raw[RealtimeSession] `json:"session,omitempty"`
	ExtraBody
	Extras
	CallTimeout
}

// A RealtimeSession says what a realtime call is to be like.
type RealtimeSession struct{}

// JSONSchemaText is the schema of a RealtimeSession.
func (RealtimeSession) JSONSchemaText() string {
	return `{"type": "object", "examples": [{"type": "realtime", "model": "gpt-realtime-1.5"}]}`
}

// A RealtimeCall is the answer to an offer.
type RealtimeCall struct {
	// The answer, as WebRTC describes a session.
	Text        string `json:"text"`
	ContentType string `json:"content_type" jsonschema:"example=application/sdp"`
	// The call's id, if the backend tells it.
	CallID string `json:"call_id,omitempty" jsonschema:"example=rtc_1"`
}

func (s *Service) createRealtimeCall(ctx context.Context, p *RealtimeCallsCreateParams) (*rpc.Raw[RealtimeCall], error) {
	offer := backend.BytesBody("application/sdp", []byte(p.SDP))
	if p.Session.Kind() != 0 {
		var body object
		body.setString("sdp", p.SDP)
		body.setValue("session", p.Session.Value)
		posted, err := p.ExtraBody.addTo(body)
		if err != nil {
			return nil, err
		}
		offer = backend.JSONBody(posted.Bytes())
	}
	answer, err := s.client.Do(ctx, &backend.Request{
		Method: "POST", Base: backend.Codex, Path: []string{"realtime", "calls"}, Body: offer, Accept: "application/sdp",
		Header: p.header(), Query: p.query(), Timeout: p.duration(),
	})
	if err != nil {
		return nil, deadRoute(errorOf(err), "The backend no longer answers realtime calls of version 1 for this sign-in. "+
			"What is known to answer is version 3, realtime/calls with intent=quicksilver and architecture=avas")
	}
	defer answer.Body.Close()
	text, err := readText(answer)
	if err != nil {
		return nil, err
	}
	var call object
	call.setString("text", string(text))
	call.setString("content_type", answer.Header.Get("Content-Type"))
	if id := callID(answer.Header); id != "" {
		call.setString("call_id", id)
	}
	return rpc.RawOf[RealtimeCall](call.end())
}

// callID returns the id of the call whose place a header tells, as
// /v1/realtime/calls/rtc_1.
func callID(header http.Header) (id string) {
	location, _, _ := strings.Cut(header.Get("Location"), "?")
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
	// Not the base of this server's own requests: it is the caller who opens
	// it, with headers that hold a key of the official API.
	at := "wss://api.openai.com/v1/realtime?" + url.Values{"model": {p.Model}}.Encode()
	return &at, nil
}

// RealtimeWebSocketHeadersParams are the parameters of
// realtime_websocket_headers.
type RealtimeWebSocketHeadersParams struct {
	// Of no effect; the Python SDK takes it.
	SessionID string `json:"session_id,omitempty"`
	CallTimeout
}

// RealtimeWebSocketHeaders are the headers to open a WebSocket with. They hold
// the account's API key.
type RealtimeWebSocketHeaders struct {
	Authorization string `json:"Authorization"`
	OpenAIBeta    string `json:"OpenAI-Beta"`
}

func (s *Service) realtimeWebSocketHeaders(ctx context.Context, _ *RealtimeWebSocketHeadersParams) (*RealtimeWebSocketHeaders, error) {
	token, err := s.credentials.Token(ctx)
	if err != nil {
		return nil, errorOf(err)
	}
	if token.APIKey == "" {
		return nil, rpc.Errorf(CodeNotAuthenticated, "not_authenticated",
			"Realtime WebSocket requires an OpenAI API key. Call authenticate(request_api_key=True) to persist one. (Or run `codex-rpc login`.)")
	}
	return &RealtimeWebSocketHeaders{Authorization: "Bearer " + token.APIKey, OpenAIBeta: "realtime=v1"}, nil
}
