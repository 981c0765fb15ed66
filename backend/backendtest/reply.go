package backendtest

import (
	"io"
	"net/http"
	"strings"
)

// A Reply is a complete response.
type Reply struct {
	Status int    // default 200
	Header string // "Name: value" lines
	Body   string // {{origin}} is replaced by the backend's origin
}

// JSON returns a reply of JSON.
func JSON(text string) Reply { return Reply{Header: "Content-Type: application/json", Body: text} }

// Events returns a reply that is a stream of events in JSON.
func Events(events ...string) Reply {
	return Reply{Header: "Content-Type: text/event-stream", Body: Stream(events...)}
}

// With returns the reply with additional header lines.
func (r Reply) With(header string) Reply {
	r.Header += "\n" + header
	return r
}

// Play is a step that reads the request and sends the reply.
func (r Reply) Play(x *Exchange) {
	x.Body()
	x.Header()["Content-Type"] = nil // disables sniffing
	for line := range strings.Lines(r.Header) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			x.Header().Set(name, value)
		}
	}
	x.WriteHeader(max(r.Status, http.StatusOK))
	io.WriteString(x, strings.ReplaceAll(r.Body, "{{origin}}", "http://"+x.Request.Host))
}
