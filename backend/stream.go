package backend

import (
	"context"
	"mime"
	"net/http"
)

const eventStream = "text/event-stream"

// An EventStream is an answer of server-sent events. That Next returns io.EOF
// says that it ended, not that it was complete: that, the events tell.
type EventStream struct {
	*EventReader
	resp *http.Response
}

// noStream are the types of answers that hold no events. What is of none of
// them is read, since not all servers tell the type of a stream.
var noStream = map[string]string{
	"text/html":        "a web page", // of a proxy, or of a network that wants a login
	"application/json": "JSON in place of a stream of events",
}

// Stream sends a request as [Client.Do] does and returns the events of the
// answer as they come. The caller closes the stream.
func (c *Client) Stream(ctx context.Context, r *Request) (*EventStream, error) {
	resp, err := c.Do(ctx, accepting(r, eventStream))
	if err != nil {
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if what := noStream[kind]; what != "" {
		resp.Body.Close()
		return nil, &Error{Kind: ErrConnection, Message: resp.Request.URL.Host + " answered with " + what + ": check the base URL and the network"}
	}
	return &EventStream{NewEventReader(resp.Body), resp}, nil
}

// Header returns the answer's header.
func (s *EventStream) Header() http.Header { return s.resp.Header }

// Close ends the stream. It may be called while Next waits.
func (s *EventStream) Close() error { return s.resp.Body.Close() }
