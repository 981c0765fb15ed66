package simulator

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/coder/websocket"
)

const (
	transcriptionRoute = "GET /v1/realtime"
	transcriptionRate  = 24_000
	// A tenth of a second, below which a commit is refused.
	leastAudio = 2 * transcriptionRate / 10
)

// transcriber is a transcription session of the Realtime API.
type transcriber struct {
	*stream
	updated bool
	audio   int // bytes of audio since the last commit
}

// connectTranscription is GET /realtime?intent=transcription, the handshake of a
// socket. The text is the duration of the audio.
func (s *Server) connectTranscription(c *call) error {
	switch {
	case c.URL.Query().Get("intent") != "transcription":
		return invalid("intent", "invalid_value", "This endpoint transcribes: intent=transcription is required.")
	case c.scenario.Lenient:
	case c.Header.Get("x-session-id") == "" || c.Header.Get("originator") == "":
		return invalid("", "missing_header", "x-session-id and originator are required.")
	case isJWT(strings.TrimPrefix(c.Header.Get("Authorization"), "Bearer ")) && c.Header.Get("ChatGPT-Account-ID") == "":
		return refuse(http.StatusUnauthorized, "ChatGPT-Account-ID is required")
	}
	conn, err := websocket.Accept(c.w, c.Request, nil)
	if err != nil {
		return errAnswered
	}
	defer conn.CloseNow()
	conn.SetReadLimit(15 << 20)
	k := &transcriber{stream: s.stream(c, messageSink{conn, c.Context()})}
	defer k.end()
	k.send("session.created", "session", map[string]string{"type": "transcription"})
	for k.err == nil {
		kind, message, err := conn.Read(c.Context())
		if err != nil {
			return errAnswered
		}
		if kind != websocket.MessageText {
			conn.Close(websocket.StatusUnsupportedData, "text messages only")
			return errAnswered
		}
		if err := k.handle(message); err != nil {
			k.send("error", "error", err)
		}
	}
	return errAnswered
}

// handle handles an event of the client.
func (k *transcriber) handle(message []byte) *apiError {
	var event struct {
		Type    string `json:"type"`
		Audio   string `json:"audio"`
		Session struct {
			Type  string `json:"type"`
			Audio struct {
				Input struct {
					Format struct {
						Type string `json:"type"`
						Rate int    `json:"rate"`
					} `json:"format"`
					Transcription struct {
						Model string `json:"model"`
					} `json:"transcription"`
				} `json:"input"`
			} `json:"audio"`
		} `json:"session"`
	}
	wrong := func(code, format string, args ...any) *apiError {
		return &apiError{Message: fmt.Sprintf(format, args...), Type: "invalid_request_error", Code: code}
	}
	if err := json.Unmarshal(message, &event); err != nil {
		return wrong("invalid_json", "The event is not valid.")
	}
	if !k.updated && event.Type != "session.update" {
		return wrong("session_not_updated", "session.update must come first.")
	}
	switch input := event.Session.Audio.Input; event.Type {
	case "session.update":
		switch {
		case event.Session.Type != "transcription":
			return wrong("invalid_value", "session.type must be transcription.")
		case input.Format.Type != "audio/pcm" || input.Format.Rate != transcriptionRate:
			return wrong("invalid_value", "session.audio.input.format must be audio/pcm with rate %d.", transcriptionRate)
		case input.Transcription.Model == "":
			return wrong("missing_required_parameter", "session.audio.input.transcription.model is required.")
		}
		k.updated = true
		k.send("session.updated", "session", event.Session)
	case "input_audio_buffer.append":
		audio, err := base64.StdEncoding.DecodeString(event.Audio)
		if err != nil || len(audio) == 0 || len(audio)%2 != 0 {
			return wrong("invalid_value", "audio must be PCM of 16 bits in base64.")
		}
		k.audio += len(audio)
	case "input_audio_buffer.commit":
		if k.audio < leastAudio {
			return wrong("input_audio_buffer_commit_empty", "Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has %.2fms of audio.",
				float64(k.audio)*1000/2/transcriptionRate)
		}
		k.transcribe()
	default:
		return wrong("invalid_value", "Invalid value: '%s'.", event.Type)
	}
	return nil
}

func (k *transcriber) transcribe() {
	seconds := float64(k.audio) / 2 / transcriptionRate
	text := k.c.scenario.transcript(fmt.Sprintf("%.1f seconds", seconds))
	const item, of = "item_mock", "conversation.item.input_audio_transcription."
	k.send("input_audio_buffer.committed", "item_id", item)
	if end := k.c.scenario.End; end != "" && end != "completed" {
		failed := k.c.scenario.condition("server_error").apiError()
		if end == "error" {
			k.send("error", "error", failed)
		} else {
			k.send(of+"failed", "item_id", item, "content_index", 0, "error", failed)
		}
	} else {
		for piece := range strings.SplitAfterSeq(text, " ") {
			k.send(of+"delta", "item_id", item, "content_index", 0, "delta", piece)
		}
		k.send(of+"completed", "item_id", item, "content_index", 0, "transcript", text,
			"usage", map[string]any{"type": "duration", "seconds": seconds})
	}
	k.audio = 0
}
