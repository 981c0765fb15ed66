package methods

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// transcribeSpoken transcribes samples in a session of the Realtime API over a
// WebSocket. Such a session has no temperature. It is not retried.
func (s *Service) transcribeSpoken(ctx context.Context, p *AudioTranscriptionsCreateParams, spoken pcm, file *content) (rawjson.Value, error) {
	header := p.header()
	header.Set("Originator", s.client.Originator())
	header.Set("X-Session-Id", newUUID())
	query := p.query()
	query.Set("intent", "transcription")
	socket, err := s.client.Dial(ctx, &backend.Request{
		Base: backend.OpenAI, Path: []string{"realtime"}, Header: header, Query: query, Timeout: p.duration(),
		Sign: func(token backend.Token, header http.Header) {
			if token.AccountID != "" {
				header.Set("ChatGPT-Account-ID", token.AccountID)
			}
		},
	})
	if err != nil {
		return rawjson.Value{}, errorOf(err)
	}
	defer socket.Close()
	t := &transcription{ctx: ctx, socket: socket}
	if err := t.send("session.update", "session", p.session()); err != nil {
		return rawjson.Value{}, err
	}
	if _, err := t.await("session.updated"); err != nil {
		return rawjson.Value{}, err
	}
	if err := t.speak(spoken.reader(file), newResampler(spoken.rate)); err != nil {
		return rawjson.Value{}, err
	}
	if err := t.send("input_audio_buffer.commit", "", rawjson.Value{}); err != nil {
		return rawjson.Value{}, err
	}
	heard, err := t.await("conversation.item.input_audio_transcription.completed")
	if err != nil {
		return rawjson.Value{}, err
	}
	socket.Leave()
	var result rawjson.Object
	result.Set("text", heard.Get("transcript"))
	if usage := heard.Get("usage"); usage.Kind() == '{' {
		result.Set("usage", usage)
	}
	return result.Value(), nil
}

// session returns the configuration of the session.
func (p *AudioTranscriptionsCreateParams) session() rawjson.Value {
	var session rawjson.Object
	session.SetString("type", "transcription")
	session.SetObject("audio", func(audio *rawjson.Object) {
		audio.SetObject("input", func(input *rawjson.Object) {
			input.SetObject("format", func(format *rawjson.Object) {
				format.SetString("type", "audio/pcm")
				format.Set("rate", rawjson.Int(transcribedRate))
			})
			var model rawjson.Object
			model.SetString("model", p.Model)
			model.Set("language", p.Language.Value)
			model.Set("prompt", p.Prompt.Value)
			input.Set("transcription", p.ExtraBody.addTo(model))
			input.Set("turn_detection", rawjson.Null())
		})
	})
	return session.Value()
}

// A transcription is a transcription session on a WebSocket.
type transcription struct {
	ctx    context.Context
	socket *backend.Socket
}

// send sends an event with a member, unless it is absent.
func (t *transcription) send(kind, name string, member rawjson.Value) error {
	var event rawjson.Object
	event.SetString("type", kind)
	event.Set(name, member)
	if err := t.socket.Send(t.ctx, event.Value().Bytes()); err != nil {
		return t.failure(err)
	}
	return nil
}

// spokenBytes is the size of the audio in an event: half a second.
const spokenBytes = transcribedRate

// speak sends the resampled audio, and handles the events received meanwhile.
func (t *transcription) speak(samples *pcmReader, r *resampler) error {
	var read, resampled []float32
	var audio []byte
	for {
		var err error
		read, err = samples.next(read[:0])
		resampled = r.add(resampled[:0], read)
		if err == io.EOF {
			resampled = r.end(resampled)
		} else if err != nil {
			return fileError("the audio cannot be read: %v", cause(err))
		}
		audio = appendPCM(audio, resampled)
		for len(audio) >= spokenBytes || err == io.EOF && len(audio) > 0 {
			n := min(len(audio), spokenBytes)
			text := base64.StdEncoding.EncodeToString(audio[:n])
			if err := t.send("input_audio_buffer.append", "audio", rawjson.String(text)); err != nil {
				return err
			}
			audio = audio[:copy(audio, audio[n:])]
		}
		for message, ok := t.socket.Received(); ok; message, ok = t.socket.Received() {
			if _, err := t.event(message); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

// await returns the next event of a type.
func (t *transcription) await(kind string) (rawjson.Value, error) {
	for {
		message, err := t.socket.Next(t.ctx)
		if err != nil {
			return rawjson.Value{}, t.failure(err)
		}
		event, err := t.event(message)
		if err != nil {
			return rawjson.Value{}, err
		}
		if typeOf(event) == kind {
			return event.Clone(), nil
		}
	}
}

// event parses a message, and returns the failure that it reports as an error.
func (t *transcription) event(message []byte) (rawjson.Value, error) {
	event, err := rawjson.Parse(message)
	if err != nil || event.Kind() != '{' {
		return event, unexpected("it is not a JSON object")
	}
	switch typeOf(event) {
	case "error", "conversation.item.input_audio_transcription.failed":
		return event, errorOf(backend.FailureOf(message))
	}
	return event, nil
}

// failure returns the error for the end of the connection.
func (t *transcription) failure(err error) error {
	if context.Cause(t.ctx) != nil {
		return context.Cause(t.ctx)
	}
	e, err := interruption("transcription", err)
	if err != nil {
		return errorOf(err)
	}
	return e
}
