package backend

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// An Upload is a file to upload to a signed URL, which needs no credentials.
type Upload struct {
	URL     string // any https URL, or http on loopback
	Header  http.Header
	Body    Body          // its Size must be known
	Timeout time.Duration // overrides Settings.Timeout if not 0
	// Progress, if set, is called often, from another goroutine, with the
	// number of bytes sent, but never after Upload has returned. It must not
	// block. The count restarts if the body is sent again.
	Progress func(sent int64)
}

// Upload sends the body to the URL with PUT, streamed and without credentials.
// It is not retried, since the store may not support it. Errors do not contain
// the query of the URL.
func (c *Client) Upload(ctx context.Context, u *Upload) error {
	target, err := url.Parse(u.URL)
	if err != nil || target.User != nil || !safe(target) {
		return &Error{Kind: ErrRequest, Message: "the upload URL must be https, or http on a loopback address"}
	}
	if u.Body.Open == nil || u.Body.Size < 0 {
		return &Error{Kind: ErrRequest, Message: "an upload needs a body of a known size"}
	}
	header := http.Header{"User-Agent": {c.userAgent}}
	if u.Body.ContentType != "" {
		header.Set("Content-Type", u.Body.ContentType)
	}
	if err := addHeader(header, u.Header); err != nil {
		return err
	}

	c.secrets.addSignatures(signature(target)...)
	body := u.Body
	if body.Size == 0 {
		body = Body{} // otherwise net/http treats the length as unknown
	}
	progress := &progress{report: u.Progress}
	defer progress.end()
	start := time.Now()
	req := &http.Request{Method: http.MethodPut, URL: target, Header: header}
	resp, err := c.send(ctx, req, body, c.timeout(u.Timeout), progress.add)
	status := 0
	if resp != nil {
		status = resp.StatusCode
		if success(status) {
			resp.Body.Close()
		} else {
			err = responseError(ctx, resp)
		}
	}
	// The path is left out: it may be as secret as the query.
	c.logger.LogAttrs(ctx, slog.LevelDebug, "upload",
		slog.String("method", req.Method), slog.String("host", target.Host), slog.Int64("size", u.Body.Size),
		slog.Int("status", status), slog.Duration("duration", time.Since(start)))
	return err
}

// maxSignatures is how many values of a URL are treated as signatures.
const maxSignatures = 16

// signature returns the secrets of a signed URL: the query, and its values that
// are long enough to be signatures.
func signature(u *url.URL) []string {
	var secrets []string
	for _, values := range u.Query() {
		for _, value := range values {
			if len(value) >= longSecret && len(secrets) < maxSignatures {
				secrets = append(secrets, value)
			}
		}
	}
	if len(u.RawQuery) >= longSecret {
		secrets = append(secrets, u.RawQuery)
	}
	return secrets
}

// A progress forwards counts until it is ended: a transport may still read the
// body after the response was received.
type progress struct {
	mu     sync.Mutex
	report func(int64) // nil if not set, or after the end
}

func (p *progress) add(sent int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.report != nil {
		p.report(sent)
	}
}

func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.report = nil
}
