package backend

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/http"
	"strings"
)

const eventStream = "text/event-stream"

// An EventStream is an answer of server-sent events. That Next returns io.EOF
// says that it ended, not that it was complete: that, the events tell.
type EventStream struct {
	*EventReader
	resp *http.Response
	head *head
}

// Stream sends a request as [Client.Do] does and returns the events of the
// answer as they come. The caller closes the stream. An answer of JSON that
// reports a failure is an ErrFailed; other JSON and web pages, of a proxy or of
// a network that wants a login, are an ErrConnection. What does not tell its
// type is read, since not all servers tell that of a stream.
func (c *Client) Stream(ctx context.Context, r *Request) (*EventStream, error) {
	resp, err := c.Do(ctx, accepting(r, eventStream))
	if err != nil {
		return nil, err
	}
	switch kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type")); {
	case kind == "text/html":
		resp.Body.Close()
		return nil, noStream(resp, "a web page")
	case kind == "application/json" || strings.HasSuffix(kind, "+json"):
		body := explanation(resp)
		if !IsFailure(body) {
			return nil, noStream(resp, "JSON instead of an event stream")
		}
		return nil, FailureOf(body)
	}
	head := &head{body: resp.Body}
	return &EventStream{NewEventReader(head), resp, head}, nil
}

// Next is [EventReader.Next]. A body that is no stream of events, but JSON that
// reports a failure, is an ErrFailed.
func (s *EventStream) Next() (*Event, error) {
	event, err := s.EventReader.Next()
	if err == io.EOF && len(s.head.kept) > 0 && IsFailure(s.head.kept) {
		return nil, FailureOf(s.head.kept)
	}
	return event, err
}

// A head keeps the beginning of a body that begins as JSON does.
type head struct {
	body io.Reader
	kept []byte
	over bool // nothing more is kept
}

func (h *head) Read(p []byte) (int, error) {
	n, err := h.body.Read(p)
	if h.over {
		return n, err
	}
	if len(h.kept) == 0 {
		begin := bytes.TrimLeft(p[:n], " \t\r\n")
		h.over = len(begin) > 0 && begin[0] != '{' && begin[0] != '['
	}
	if h.over = h.over || len(h.kept)+n > maxBareBytes; h.over {
		h.kept = nil
	} else {
		h.kept = append(h.kept, p[:n]...)
	}
	return n, err
}

func noStream(resp *http.Response, what string) *Error {
	return &Error{Kind: ErrConnection, Message: resp.Request.URL.Host + " answered with " + what + ": check the base URL and the network"}
}

// Header returns the answer's header.
func (s *EventStream) Header() http.Header { return s.resp.Header }

// Close ends the stream. It may be called while Next waits.
func (s *EventStream) Close() error { return s.resp.Body.Close() }
