package simulator

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

const maxAudio = 25 << 20

const transcribeRoute = "POST /backend-api/transcribe"

// transcribe is POST /transcribe, which the real backend answers with a web page,
// and POST /v1/audio/transcriptions, which accepts only API keys. The text is the
// file's name and size.
func (s *Server) transcribe(c *call) error {
	switch {
	case c.Pattern == transcribeRoute && c.scenario.Closed:
		c.write(http.StatusForbidden, "text/html; charset=utf-8", []byte("<!DOCTYPE html><title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>\n"))
		return errAnswered
	case c.Pattern != transcribeRoute && !c.scenario.Lenient && isJWT(c.Header.Get("Authorization")):
		return known("missing_scope")
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
	text := c.scenario.transcript(fmt.Sprintf("%s, %d bytes", header.Filename, header.Size))
	return c.reply(map[string]string{"text": text})
}

// transcript returns the text for audio of this description.
func (s *scenario) transcript(audio string) string {
	if directed, ok := s.text(); ok {
		return directed
	}
	return "This is a mock transcript of " + audio + "."
}

// realtime is POST /realtime/calls, which answers an SDP offer, sent as it is or
// in JSON.
//
// The real backend has closed version 1. Version 3 has its own query and header,
// and requires a session and a thread.
func (s *Server) realtime(c *call) error {
	q := c.URL.Query()
	v3 := q.Get("intent") == "quicksilver" && q.Get("architecture") == "avas" && c.Header.Get("openai-alpha") == "quicksilver=v2"
	switch {
	case !v3 && c.scenario.Closed:
		return refuse(http.StatusNotFound, "Not Found")
	case v3 && !c.scenario.Lenient && (c.Header.Get("session-id") == "" || c.Header.Get("thread-id") == ""):
		return invalid("", "", "The headers session-id and thread-id are required.")
	}
	offer := string(c.body)
	switch kind, _, _ := mime.ParseMediaType(c.Header.Get("Content-Type")); kind {
	case "application/sdp":
	case "application/json":
		var r struct {
			SDP string `json:"sdp"`
		}
		if err := c.decode(&r); err != nil {
			return err
		}
		offer = r.SDP
	default:
		return refuse(http.StatusUnsupportedMediaType, "Content-Type must be application/sdp or application/json")
	}
	if !strings.HasPrefix(offer, "v=0") {
		return invalid("sdp", "invalid_offer", "Invalid SDP offer: it must start with v=0.")
	}
	var answer bytes.Buffer
	answer.WriteString("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=mock\r\nt=0 0\r\na=ice-lite\r\n")
	for line := range strings.Lines(offer) {
		// The answer has each medium of the offer, in the same order. All are inactive.
		if line = strings.TrimRight(line, "\r\n"); strings.HasPrefix(line, "m=") {
			answer.WriteString(line + "\r\nc=IN IP4 127.0.0.1\r\na=inactive\r\n")
		}
	}
	c.w.Header().Set("Location", "/v1/realtime/calls/"+c.id("rtc", 0))
	c.write(http.StatusCreated, "application/sdp", answer.Bytes())
	return nil
}
