package methods

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// AudioTranscriptionsCreateParams are the parameters of
// audio.transcriptions.create.
type AudioTranscriptionsCreateParams struct {
	// The audio.
	File File `json:"file"`
	// The model.
	Model string `json:"model" jsonschema:"minLength=1,example=gpt-4o-mini-transcribe"`
	// How to cut the audio: "auto", or an object that sets up voice detection.
	ChunkingStrategy rpc.Raw[ChunkingStrategy] `json:"chunking_strategy,omitempty"`
	// What to include in the result beside the ordinary.
	Include rpc.Raw[[]string] `json:"include,omitempty" jsonschema:"example=logprobs"`
	// The names of speakers whose voices are given.
	KnownSpeakerNames rpc.Raw[[]string] `json:"known_speaker_names,omitempty"`
	// Their voices, as data URLs, in the order of the names.
	KnownSpeakerReferences rpc.Raw[[]string] `json:"known_speaker_references,omitempty"`
	// The language that is spoken.
	Language rpc.Raw[string] `json:"language,omitempty" jsonschema:"example=en"`
	// A text in whose style to go on.
	Prompt rpc.Raw[string] `json:"prompt,omitempty"`
	// "json", "verbose_json" and the like, or "text", "srt" and "vtt", whose
	// result is a string.
	ResponseFormat rpc.Raw[string] `json:"response_format,omitempty" jsonschema:"example=json"`
	// Report the backend's events as stream.event notifications while they
	// come, if the model can do that.
	Stream *bool `json:"stream,omitempty"`
	// From 0 to 1.
	Temperature rpc.Raw[float64] `json:"temperature,omitempty"`
	// "word" and "segment".
	TimestampGranularities rpc.Raw[[]string] `json:"timestamp_granularities,omitempty" jsonschema:"example=word"`
	ExtraBody
	Extras
	CallTimeout
}

// A ChunkingStrategy is "auto", or an object that sets up voice detection.
type ChunkingStrategy struct{}

// JSONSchemaText is the schema of a ChunkingStrategy.
func (ChunkingStrategy) JSONSchemaText() string {
	return `{"type": ["string", "object"], "examples": ["auto"]}`
}

// A Transcription is what was said: an object, or a string if that was asked
// for.
type Transcription struct{}

// JSONSchemaText is the schema of a Transcription.
func (Transcription) JSONSchemaText() string {
	return `{
		"type": ["object", "string"],
		"properties": {
			"text": {"type": "string"},
			"usage": {"type": "object", "description": "Tokens or seconds."},
			"language": {"type": "string", "description": "Of verbose_json."},
			"duration": {"type": "number", "description": "Of verbose_json, in seconds."},
			"segments": {"type": "array", "items": {"type": "object"}, "description": "Of verbose_json."},
			"words": {"type": "array", "items": {"type": "object"}, "description": "Of verbose_json."}
		},
		"required": ["text"]
	}`
}

func (s *Service) createTranscription(ctx context.Context, p *AudioTranscriptionsCreateParams, events *rpc.Events) (*rpc.Raw[Transcription], error) {
	file, err := p.File.content()
	if err != nil {
		return nil, err
	}
	defer file.Close()
	fields, err := p.fields()
	if err != nil {
		return nil, err
	}
	request := &backend.Request{
		Method: "POST", Base: backend.OpenAI, Path: []string{"audio", "transcriptions"}, Body: formBody(fields, file),
		Header: p.header(), Query: p.query(), Timeout: p.duration(),
	}
	streams := p.Stream != nil && *p.Stream
	if streams {
		request.Accept = "text/event-stream"
	}
	answer, err := s.client.Do(ctx, request)
	if err != nil {
		return nil, errorOf(err)
	}
	defer answer.Body.Close()
	// A model that cannot stream answers as if it had not been asked to.
	if streams && !isJSON(answer) && mediaType(answer) != "text/html" {
		return s.collectTranscription(ctx, answer, events)
	}
	text, err := readText(answer)
	if err != nil {
		return nil, err
	}
	if p.asksForText() || !isJSON(answer) {
		return rpc.RawOf[Transcription](rawjson.AppendString(nil, string(text)))
	}
	v, err := rawjson.Parse(text)
	if err != nil || v.Kind() != '{' {
		return nil, unexpected("it is no JSON object")
	}
	return transcription(v)
}

// transcription returns the result that an object of the backend stands for.
func transcription(v rawjson.Value) (*rpc.Raw[Transcription], error) {
	return rpc.RawOf[Transcription](complete(v, []member{{"text", `""`}}))
}

func isJSON(answer *http.Response) bool { return strings.Contains(mediaType(answer), "json") }

func (p *AudioTranscriptionsCreateParams) asksForText() bool {
	switch format, _ := p.ResponseFormat.Text(); format {
	case "text", "srt", "vtt":
		return true
	}
	return false
}

// fields returns the fields of the form that is posted, all but the file.
func (p *AudioTranscriptionsCreateParams) fields() (rawjson.Value, error) {
	var o object
	o.setString("model", p.Model)
	o.given("chunking_strategy", p.ChunkingStrategy.Bytes())
	o.given("include", p.Include.Bytes())
	o.given("known_speaker_names", p.KnownSpeakerNames.Bytes())
	o.given("known_speaker_references", p.KnownSpeakerReferences.Bytes())
	o.given("language", p.Language.Bytes())
	o.given("prompt", p.Prompt.Bytes())
	o.given("response_format", p.ResponseFormat.Bytes())
	if p.Stream != nil && *p.Stream {
		o.set("stream", "true")
	} else if p.Stream != nil {
		o.set("stream", "false")
	}
	o.given("temperature", p.Temperature.Bytes())
	o.given("timestamp_granularities", p.TimestampGranularities.Bytes())
	return p.ExtraBody.addTo(o)
}

// collectTranscription passes on the events of a stream and returns what the
// last one holds.
func (s *Service) collectTranscription(ctx context.Context, answer *http.Response, events *rpc.Events) (*rpc.Raw[Transcription], error) {
	stream := backend.NewEventReader(answer.Body)
	stream.OnWait = events.Flush
	finder := newEventFinder()
	var heard []byte // so far: the inside of a JSON string
	var done, failure rawjson.Value
	for {
		received, err := stream.Next()
		switch {
		case err == nil:
		case failure.Kind() != 0:
			return nil, s.failureOf(ctx, failure)
		case done.Kind() != 0:
			return transcription(done)
		case context.Cause(ctx) != nil:
			return nil, context.Cause(ctx)
		default:
			return nil, unheard(heard, err)
		}
		event, ok := finder.parse(received)
		if !ok {
			continue // such as [DONE]
		}
		if err := events.Send(event.Value); err != nil {
			return nil, err
		}
		switch string(event.kind) {
		case "transcript.text.delta":
			heard = append(heard, event.delta.Inside()...)
			continue
		case "transcript.text.done":
			// The result is that of a call without stream.
			done = without(event.Value, "type")
		case "error":
			failure = event.Clone()
		default:
			continue
		}
		late := time.AfterFunc(lateEvents, func() { answer.Body.Close() })
		defer late.Stop()
	}
}

// unheard returns the error for a stream that ended too early.
func unheard(heard []byte, err error) error {
	e, err := interruption("transcription", err)
	if err != nil {
		return err
	}
	var partial object
	partial.set("text", `"`+string(heard)+`"`)
	v, err := rawjson.Parse(partial.end())
	if err != nil {
		return err
	}
	return e.With("partial", v)
}
