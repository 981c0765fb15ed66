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

// An EventStream is a response of server-sent events. When Next returns io.EOF,
// the stream has ended; whether it is complete depends on its events.
type EventStream struct {
	*EventReader
	resp *http.Response
	head *head
}

// Stream sends a request like [Client.Do] and returns the events of the
// response as they arrive. The caller closes the stream. JSON that reports a
// failure is an ErrFailed; other JSON and web pages, of a proxy or of a network
// with a login page, are an ErrConnection. A response without a content type is
// read as events, since not all servers set it.
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
		body := errorBody(resp)
		if !IsFailure(body) {
			return nil, noStream(resp, "JSON instead of an event stream")
		}
		return nil, FailureOf(body)
	}
	head := &head{body: resp.Body}
	return &EventStream{NewEventReader(head), resp, head}, nil
}

// Next is like [EventReader.Next]. If the body is JSON that reports a failure
// rather than events, the error is an ErrFailed.
func (s *EventStream) Next() (*Event, error) {
	event, err := s.EventReader.Next()
	if err == io.EOF && len(s.head.kept) > 0 && IsFailure(s.head.kept) {
		return nil, FailureOf(s.head.kept)
	}
	return event, err
}

// A head keeps the beginning of a body that may be JSON.
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

// Header returns the header of the response.
func (s *EventStream) Header() http.Header { return s.resp.Header }

// Close closes the stream. It may be called during Next.
func (s *EventStream) Close() error { return s.resp.Body.Close() }
