package backend

import (
	"context"
	"mime"
	"net/http"
)

const eventStream = "text/event-stream"

// An EventStream is an answer of server-sent events.
type EventStream struct {
	*EventReader
	resp *http.Response
}

// Stream sends a request as [Client.Do] does and returns the events of the
// answer as they come. The caller closes the stream.
func (c *Client) Stream(ctx context.Context, r *Request) (*EventStream, error) {
	resp, err := c.Do(ctx, accepting(r, eventStream))
	if err != nil {
		return nil, err
	}
	if kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); kind == "text/html" {
		resp.Body.Close() // the page of a proxy, or of a network that wants a login
		return nil, &Error{Kind: ErrConnection, Message: resp.Request.URL.Host + " answered with a web page: check the base URL and the network"}
	}
	return &EventStream{NewEventReader(resp.Body), resp}, nil
}

// Next returns the next event, valid until the next call. At the end of the
// stream the error is io.EOF, whether or not the stream was complete: that, the
// events tell.
func (s *EventStream) Next() (Event, error) {
	event, err := s.EventReader.Next()
	if err == ErrEventTooLarge {
		err = &Error{Kind: ErrConnection, Message: "the answer of " + s.resp.Request.URL.Host + " holds an event larger than 64 MiB", cause: err}
	}
	return event, err
}

// Header returns the answer's header.
func (s *EventStream) Header() http.Header { return s.resp.Header }

// Close ends the stream. It may be called while Next waits.
func (s *EventStream) Close() error { return s.resp.Body.Close() }
