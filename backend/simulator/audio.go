package simulator

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"
)

const maxAudio = 25 << 20

const transcribeRoute = "POST /backend-api/transcribe"

// transcribe is POST /transcribe, which answers this sign-in with a web page,
// and POST /v1/audio/transcriptions, which takes API keys alone. It does not
// listen: the text tells the file's name and size.
func (s *Server) transcribe(c *call) error {
	if !c.scenario.lenient {
		if c.Pattern == transcribeRoute {
			c.write(http.StatusForbidden, "text/html; charset=utf-8", []byte("<!DOCTYPE html><title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>\n"))
			return errAnswered
		}
		if isJWT(c.Header.Get("Authorization")) {
			return refuseCode(http.StatusUnauthorized, "missing_scope",
				"You have insufficient permissions for this operation. Missing scopes: api.model.audio.request.")
		}
	}
	if kind, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type")); kind != "multipart/form-data" {
		return invalid("", "", "The request must be multipart/form-data.")
	}
	c.Body = io.NopCloser(bytes.NewReader(c.body))
	file, header, err := c.FormFile("file")
	if err != nil {
		return invalid("file", "", "The form has no readable part 'file'.")
	}
	file.Close()
	switch {
	case c.FormValue("model") == "":
		return invalid("model", "", "you must provide a model parameter")
	case header.Size == 0:
		return invalid("file", "", "Audio file is empty.")
	case header.Size > maxAudio:
		return refuse(http.StatusRequestEntityTooLarge, "Maximum content size limit (%d) exceeded (%d bytes read)", maxAudio, header.Size)
	}
	t := transcript{
		text:     fmt.Sprintf("This is a mock transcript of %s, %d bytes.", header.Filename, header.Size),
		language: c.FormValue("language"),
		// 16 kHz of 16 bits.
		length: max(time.Second, time.Duration(header.Size)*time.Second/32000),
	}
	if text, ok := c.scenario.text(); ok {
		t.text = text
	}
	if c.Pattern == transcribeRoute {
		return c.reply(map[string]string{"text": t.text})
	}
	if c.FormValue("stream") == "true" {
		s.streamTranscript(c, t)
		return nil
	}
	switch format := c.FormValue("response_format"); format {
	case "", "json":
		return c.reply(struct {
			Text  string          `json:"text"`
			Usage transcriptUsage `json:"usage"`
		}{t.text, t.usage()})
	case "verbose_json":
		return c.reply(t.verbose(slices.Concat(c.MultipartForm.Value["timestamp_granularities[]"], c.MultipartForm.Value["timestamp_granularities"])))
	case "text":
		c.write(http.StatusOK, "text/plain; charset=utf-8", []byte(t.text+"\n"))
	case "srt":
		c.write(http.StatusOK, "text/plain; charset=utf-8", []byte("1\n"+t.span(",")+"\n"+t.text+"\n\n"))
	case "vtt":
		c.write(http.StatusOK, "text/vtt; charset=utf-8", []byte("WEBVTT\n\n"+t.span(".")+"\n"+t.text+"\n\n"))
	default:
		return invalid("response_format", "invalid_value", "Invalid value: '%s'. Supported values are: 'json', 'text', 'srt', 'verbose_json', and 'vtt'.", format)
	}
	return nil
}

type transcript struct {
	text     string
	language string
	length   time.Duration
}

type transcriptUsage struct {
	Type         string `json:"type"`
	InputTokens  int    `json:"input_tokens"`
	InputDetails struct {
		TextTokens  int `json:"text_tokens"`
		AudioTokens int `json:"audio_tokens"`
	} `json:"input_token_details"`
	OutputTokens int `json:"output_tokens"`
	TotalTokens  int `json:"total_tokens"`
}

func (t transcript) usage() transcriptUsage {
	u := transcriptUsage{Type: "tokens", InputTokens: int(t.length.Seconds() * 10), OutputTokens: tokensOf(t.text)}
	u.InputDetails.AudioTokens = u.InputTokens
	u.TotalTokens = u.InputTokens + u.OutputTokens
	return u
}

// span is the one cue's time line; the formats differ in the decimal mark alone.
func (t transcript) span(mark string) string {
	end := time.Time{}.Add(t.length).Format("15:04:05.000")
	return "00:00:00" + mark + "000 --> " + strings.Replace(end, ".", mark, 1)
}

type verboseTranscript struct {
	Task     string    `json:"task"`
	Language string    `json:"language"`
	Duration float64   `json:"duration"`
	Text     string    `json:"text"`
	Words    []word    `json:"words,omitempty"`
	Segments []segment `json:"segments,omitempty"`
}

type word struct {
	Word  string  `json:"word"`
	Start float64 `json:"start"`
	End   float64 `json:"end"`
}

type segment struct {
	ID               int     `json:"id"`
	Seek             int     `json:"seek"`
	Start            float64 `json:"start"`
	End              float64 `json:"end"`
	Text             string  `json:"text"`
	Tokens           []int   `json:"tokens"`
	Temperature      float64 `json:"temperature"`
	AvgLogprob       float64 `json:"avg_logprob"`
	CompressionRatio float64 `json:"compression_ratio"`
	NoSpeechProb     float64 `json:"no_speech_prob"`
}

func (t transcript) verbose(granularities []string) verboseTranscript {
	v := verboseTranscript{"transcribe", "english", t.length.Seconds(), t.text, nil, nil}
	if t.language != "" {
		v.Language = t.language
	}
	if len(granularities) == 0 || slices.Contains(granularities, "segment") {
		v.Segments = []segment{{End: v.Duration, Text: t.text, Tokens: []int{50364}, AvgLogprob: -0.2, CompressionRatio: 1}}
	}
	if slices.Contains(granularities, "word") {
		words := strings.Fields(t.text)
		each := v.Duration / float64(max(1, len(words)))
		for i, w := range words {
			v.Words = append(v.Words, word{w, float64(i) * each, float64(i+1) * each})
		}
	}
	return v
}

func (s *Server) streamTranscript(c *call, t transcript) {
	st := s.stream(c, false)
	defer st.end()
	for delta := range pieces(t.text, c.scenario.pieces()) {
		st.send("transcript.text.delta", "delta", delta)
	}
	switch c.scenario.end {
	case "", "completed":
		st.send("transcript.text.done", "text", t.text, "usage", t.usage())
	case "failed", "error":
		st.send("error", "error", c.scenario.condition("server_error").apiError())
	}
}
