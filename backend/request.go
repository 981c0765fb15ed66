package backend

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/http/httpguts"
)

// A Base is a base URL that the bearer token is sent to.
type Base int

const (
	ChatGPT Base = iota // https://chatgpt.com/backend-api
	Codex               // https://chatgpt.com/backend-api/codex
	OpenAI              // https://api.openai.com/v1, without the account header
)

// A Request is an HTTP request to the backend. It is not modified, and can be reused.
type Request struct {
	Method string // "" is GET
	Base   Base
	// Path is the list of segments after the base. Each is escaped, so that ids
	// may contain any character; "", "." and ".." are rejected.
	Path  []string
	Query url.Values
	// Header overrides the client's own headers, including Accept and
	// Content-Type. Headers that carry credentials or frame the message are
	// rejected.
	Header http.Header
	// Sign, if set, is called with the token and the header of each attempt, after
	// the credentials were added, to add headers that belong to the account.
	Sign    func(Token, http.Header)
	Body    Body
	Accept  string
	Timeout time.Duration // overrides Settings.Timeout if not 0
	// Attempts is the number of attempts that the caller has already made in
	// another way. They count towards Settings.MaxRetries.
	Attempts int
}

// A Body can be reopened for each attempt. The zero Body is empty.
type Body struct {
	ContentType string
	Size        int64 // in bytes; 0 for an empty body, and where it is not known
	Open        func() (io.ReadCloser, error)
}

// BytesBody returns a Body that is held in memory, in any number of parts.
func BytesBody(contentType string, parts ...[]byte) Body {
	size := 0
	for _, part := range parts {
		size += len(part)
	}
	return Body{
		ContentType: contentType,
		Size:        int64(size),
		Open:        func() (io.ReadCloser, error) { return io.NopCloser(&partsReader{parts: parts}), nil },
	}
}

// JSONBody returns a Body of JSON, sent unchanged.
func JSONBody(parts ...[]byte) Body { return BytesBody("application/json", parts...) }

// A partsReader reads the concatenation of its parts. Unlike that of
// [io.MultiReader], a Read may cover several parts.
type partsReader struct {
	parts [][]byte
	read  int // of the first one
}

func (r *partsReader) Read(p []byte) (n int, err error) {
	for n < len(p) && len(r.parts) > 0 {
		copied := copy(p[n:], r.parts[0][r.read:])
		n += copied
		if r.read += copied; r.read == len(r.parts[0]) {
			r.parts, r.read = r.parts[1:], 0
		}
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func bodyError(err error) *Error {
	return &Error{Kind: ErrRequest, Message: "cannot read the request body: " + reason(err), cause: err}
}

// attach sets the body of req, and GetBody, since net/http resends a request on
// its own on a redirect, and if a kept connection turns out to be closed before a
// byte was sent.
func (b Body) attach(req *http.Request, w *watch, progress func(int64)) error {
	if b.Open == nil {
		return nil
	}
	open := func() (io.ReadCloser, error) {
		body, err := b.Open()
		if err != nil {
			return nil, bodyError(err)
		}
		return &sendingBody{ReadCloser: body, watch: w, progress: progress}, nil
	}
	var err error
	req.ContentLength = b.Size
	req.GetBody = open
	req.Body, err = open()
	return err
}

// A prepared request was validated. Its header lacks the credentials.
type prepared struct {
	base    Base
	method  string
	target  *url.URL
	header  http.Header
	body    Body
	timeout time.Duration
	sign    func(Token, http.Header) // nil for none
	upgrade bool                     // to WebSocket: the expected status is 101
}

func (c *Client) prepare(r *Request) (*prepared, error) {
	if r.Base < ChatGPT || r.Base > OpenAI {
		return nil, &Error{Kind: ErrRequest, Message: fmt.Sprintf("unknown base %d", r.Base)}
	}
	target, err := join(c.bases[r.Base], r.Path, r.Query)
	if err != nil {
		return nil, err
	}
	header, err := c.header(r)
	if err != nil {
		return nil, err
	}
	return &prepared{
		base: r.Base, method: cmp.Or(r.Method, http.MethodGet), target: target, header: header,
		body: r.Body, timeout: c.timeout(r.Timeout), sign: r.Sign,
	}, nil
}

func (c *Client) timeout(given time.Duration) time.Duration {
	if given > 0 {
		return given
	}
	return c.Settings().Timeout
}

// header returns the headers of r without the credentials.
func (c *Client) header(r *Request) (http.Header, error) {
	header := http.Header{"User-Agent": {c.userAgent}}
	if r.Base != OpenAI {
		header.Set("originator", c.originator)
	}
	if r.Base == Codex {
		header.Set("version", c.clientVersion)
	}
	if r.Accept != "" {
		header.Set("Accept", r.Accept)
	}
	if r.Body.ContentType != "" {
		header.Set("Content-Type", r.Body.ContentType)
	}
	if err := addHeader(header, r.Header); err != nil {
		return nil, err
	}
	if header.Get("Accept") == eventStream {
		// A compressor may hold back events. For other requests net/http
		// accepts gzip and decodes it.
		header.Set("Accept-Encoding", "identity")
	}
	return header, nil
}

// reserved are the headers that a caller must not set: the credentials, and those
// that net/http derives from the request.
var reserved = map[string]bool{
	"Authorization":       true,
	"Chatgpt-Account-Id":  true,
	"X-Openai-Fedramp":    true,
	"Proxy-Authorization": true,
	"Host":                true,
	"Content-Length":      true,
	"Transfer-Encoding":   true,
	"Content-Encoding":    true,
	"Accept-Encoding":     true,
	"Connection":          true,
	"Proxy-Connection":    true,
	"Keep-Alive":          true,
	"Upgrade":             true,
	"Te":                  true,
	"Trailer":             true,
	"Expect":              true,
}

// addHeader adds the headers of a caller, or returns an error for one that is
// invalid or reserved.
func addHeader(to, from http.Header) error {
	for name, values := range from {
		if !httpguts.ValidHeaderFieldName(name) {
			return &Error{Kind: ErrRequest, Message: fmt.Sprintf("%q is not a valid header name", name)}
		}
		if reserved[http.CanonicalHeaderKey(name)] {
			return &Error{Kind: ErrRequest, Message: "the header " + name + " is set by the client and cannot be overridden"}
		}
		for _, value := range values {
			if !httpguts.ValidHeaderFieldValue(value) {
				// Without the value, which may be secret.
				return &Error{Kind: ErrRequest, Message: "the value of the header " + name + " holds a line break or another control character"}
			}
		}
		to[http.CanonicalHeaderKey(name)] = values
	}
	return nil
}
