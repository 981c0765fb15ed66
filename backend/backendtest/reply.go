package backendtest

import (
	"io"
	"net/http"
	"strings"
)

// A Reply is a whole answer.
type Reply struct {
	Status int    // 0: 200
	Header string // "Name: value" a line
	Body   string // in which {{origin}} is the backend's own
}

// JSON returns the reply that is JSON.
func JSON(text string) Reply { return Reply{Header: "Content-Type: application/json", Body: text} }

// Events returns the reply that is a stream of events, each given in JSON.
func Events(events ...string) Reply {
	return Reply{Header: "Content-Type: text/event-stream", Body: Stream(events...)}
}

// With returns the reply with more of a header.
func (r Reply) With(header string) Reply {
	r.Header += "\n" + header
	return r
}

// Play is the step that reads the request and sends the reply.
func (r Reply) Play(x *Exchange) {
	x.Body()
	x.Header()["Content-Type"] = nil // not guessed
	for line := range strings.Lines(r.Header) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			x.Header().Set(name, value)
		}
	}
	x.WriteHeader(max(r.Status, http.StatusOK))
	io.WriteString(x, strings.ReplaceAll(r.Body, "{{origin}}", "http://"+x.Request.Host))
}
