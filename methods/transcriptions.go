package methods

import (
	"bytes"
	"context"
	"io"
	"path/filepath"
	"strings"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// AudioTranscriptionsCreateParams are the parameters of
// audio.transcriptions.create.
type AudioTranscriptionsCreateParams struct {
	// The audio file.
	File File `json:"file"`
	// The model.
	Model string `json:"model" jsonschema:"minLength=1,example=gpt-4o-mini-transcribe"`
	// The language of the audio.
	Language rpc.Raw[string] `json:"language,omitempty" jsonschema:"example=en"`
	// A text that guides the style of the transcription or precedes it.
	Prompt rpc.Raw[string] `json:"prompt,omitempty"`
	// "json", or "text" for a string as the result.
	ResponseFormat rpc.Raw[TranscriptionFormat] `json:"response_format,omitempty"`
	// The sampling temperature, from 0 to 1.
	Temperature rpc.Raw[float64] `json:"temperature,omitempty"`
	RejectedOfTranscriptions
	ExtraBody
	Extras
	CallTimeout
}

// TranscriptionFormat is the format of a transcription.
type TranscriptionFormat struct{}

// JSONSchemaText is the schema of a TranscriptionFormat.
func (TranscriptionFormat) JSONSchemaText() string {
	return `{"enum": ["json", "text"], "examples": ["json"]}`
}

// RejectedOfTranscriptions holds the official parameters that the backend rejects.
// Null counts as omitted.
type RejectedOfTranscriptions struct {
	ChunkingStrategy       UnsupportedInTranscription `json:"chunking_strategy,omitzero"`
	Include                UnsupportedInTranscription `json:"include,omitzero"`
	Keywords               UnsupportedInTranscription `json:"keywords,omitzero"`
	KnownSpeakerNames      UnsupportedInTranscription `json:"known_speaker_names,omitzero"`
	KnownSpeakerReferences UnsupportedInTranscription `json:"known_speaker_references,omitzero"`
	Languages              UnsupportedInTranscription `json:"languages,omitzero"`
	Stream                 NotStreamed                `json:"stream,omitempty"`
	TimestampGranularities UnsupportedInTranscription `json:"timestamp_granularities,omitzero"`
}

// UnsupportedInTranscription is the type of parameters that accept no value.
type UnsupportedInTranscription struct{}

const unsupportedInTranscription = `"x-unsupported": "The ChatGPT transcription backend does not support: %s"`

// JSONSchemaText is the schema of an UnsupportedInTranscription.
func (UnsupportedInTranscription) JSONSchemaText() string {
	return `{"not": {}, "description": "Rejected by the transcription backend.", ` + unsupportedInTranscription + `}`
}

// NotStreamed is the type of the parameter stream, which must be false.
type NotStreamed bool

// JSONSchemaText is the schema of NotStreamed.
func (NotStreamed) JSONSchemaText() string {
	return `{"const": false, "description": "Must be false: the transcription is not streamed.", ` + unsupportedInTranscription + `}`
}

// Transcription is a transcription: an object, or a string if requested.
type Transcription struct{}

// JSONSchemaText is the schema of a Transcription.
func (Transcription) JSONSchemaText() string {
	return `{
		"type": ["object", "string"],
		"properties": {
			"text": {"type": "string"},
			"usage": {"type": "object", "description": "The usage, in tokens or seconds."}
		},
		"required": ["text"]
	}`
}

func (s *Service) createTranscription(ctx context.Context, p *AudioTranscriptionsCreateParams) (*rpc.Raw[Transcription], error) {
	file, err := p.File.content(s.files)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	if err := file.detectAudioType(); err != nil {
		return nil, err
	}
	answer, err := s.transcribe(ctx, p, file)
	if err != nil {
		return nil, err
	}
	if format, _ := p.ResponseFormat.Text(); format == "text" {
		return rpc.RawOf[Transcription](rawjson.String(textOf(answer, "text"))), nil
	}
	return rpc.RawOf[Transcription](complete(answer, transcriptionDefaults)), nil
}

// transcribe posts the file. If the backend rejects it, as it does for all sign-ins
// since October 2026, files with PCM audio are sent in a session of the Realtime
// API, and later ones are not posted first.
func (s *Service) transcribe(ctx context.Context, p *AudioTranscriptionsCreateParams, file *content) (rawjson.Value, error) {
	spoken, notPCM := file.findPCM()
	if notPCM == nil && s.filesRefused.Load() {
		return s.transcribeSpoken(ctx, p, spoken, file)
	}
	answer, err := s.fetchObject(ctx, &backend.Request{
		Method: "POST", Base: backend.ChatGPT, Path: []string{"transcribe"}, Body: formBody(p.fields(), file),
		Header: p.header(), Query: p.query(), Timeout: p.duration(),
	})
	if !isDeadRoute(err) {
		return answer, err
	}
	if notPCM == nil {
		s.log.Info("the backend does not support file transcriptions; sending the audio over a WebSocket")
		answer, err := s.transcribeSpoken(ctx, p, spoken, file)
		if err == nil {
			s.filesRefused.Store(true)
		}
		return answer, err
	}
	return answer, deadRoute(err, "The backend has rejected file transcriptions since October 2026. WAV and PCM are transcribed over a WebSocket instead, "+
		"but this file cannot be: "+notPCM.Error()+". Convert it, for example with `ffmpeg -i INPUT -ac 1 -ar 24000 -c:a pcm_s16le OUTPUT.wav`")
}

// transcriptionDefaults are the members that the backend may omit.
var transcriptionDefaults = rawjson.MustParse(`{"text": ""}`)

// fields returns the fields of the form other than the file.
func (p *AudioTranscriptionsCreateParams) fields() rawjson.Value {
	var o rawjson.Object
	o.SetString("model", p.Model)
	o.Set("language", p.Language.Value)
	o.Set("prompt", p.Prompt.Value)
	o.Set("response_format", p.ResponseFormat.Value)
	o.Set("temperature", p.Temperature.Value)
	return p.addTo(o)
}

// audioTypes maps the first bytes of a file to audio formats.
var audioTypes = []struct {
	at     int
	magic  string
	suffix string
	kind   string
}{
	{0, "ID3", ".mp3", "audio/mpeg"},
	{0, "\xff\xfb", ".mp3", "audio/mpeg"},
	{0, "\xff\xf3", ".mp3", "audio/mpeg"},
	{0, "\xff\xf2", ".mp3", "audio/mpeg"},
	{0, "OggS", ".ogg", "audio/ogg"},
	{0, "fLaC", ".flac", "audio/flac"},
	{4, "ftyp", ".m4a", "audio/mp4"},
	{8, "WAVE", ".wav", "audio/wav"}, // after RIFF
}

// detectAudioType sets the media type and the extension of the name, which the
// backend relies on, by the first bytes of the file, if they are known.
func (c *content) detectAudioType() error {
	start := make([]byte, 12)
	n, err := io.ReadFull(c.reader(), start)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return err
	}
	start = start[:n]
	for _, audio := range audioTypes {
		if bytes.HasPrefix(start[min(audio.at, n):], []byte(audio.magic)) && (audio.magic != "WAVE" || string(start[:4]) == "RIFF") {
			c.contentType = audio.kind
			c.name = strings.TrimSuffix(c.name, filepath.Ext(c.name)) + audio.suffix
			break
		}
	}
	return nil
}
