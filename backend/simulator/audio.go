package simulator

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
)

const maxAudio = 25 << 20

const transcribeRoute = "POST /backend-api/transcribe"

// transcribe is POST /transcribe, which the real backend answers with a web page,
// and POST /v1/audio/transcriptions, which accepts only API keys. The text is the
// file's name and size.
func (s *Server) transcribe(c *call) error {
	switch {
	case c.Pattern == transcribeRoute && c.scenario.closed:
		c.write(http.StatusForbidden, "text/html; charset=utf-8", []byte("<!DOCTYPE html><title>Just a moment...</title><p>Enable JavaScript and cookies to continue</p>\n"))
		return errAnswered
	case c.Pattern != transcribeRoute && !c.scenario.lenient && isJWT(c.Header.Get("Authorization")):
		return refuseCode(http.StatusUnauthorized, "missing_scope",
			"You have insufficient permissions for this operation. Missing scopes: api.model.audio.request.")
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
	text := fmt.Sprintf("This is a mock transcript of %s, %d bytes.", header.Filename, header.Size)
	if directed, ok := c.scenario.text(); ok {
		text = directed
	}
	return c.reply(map[string]string{"text": text})
}
