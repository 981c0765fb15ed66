package backend

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpguts"

	"github.com/codex-rpc/codex-rpc/backend/printable"
)

// A Config is the configuration of a Client. Only Credentials is required.
type Config struct {
	ChatGPTBaseURL string // default https://chatgpt.com/backend-api
	OpenAIBaseURL  string // default https://api.openai.com/v1
	Originator     string // the client name; default codex-rpc
	UserAgent      string // default codex-rpc/dev (OS; ARCH)
	// ClientVersion is the version of the official client sent to the backend,
	// which determines the available models; default [DefaultClientVersion].
	ClientVersion string
	Settings      Settings
	Credentials   Credentials
	Secrets       *Secrets          // receives the tokens of requests; default new ones
	Logger        *slog.Logger      // logs each attempt at debug level; default none
	Transport     http.RoundTripper // default NewTransport()
}

// DefaultClientVersion is the version of the official client that this package
// was last compared with.
const DefaultClientVersion = "0.171.0"

// UserAgent returns the user agent of a version of this program.
func UserAgent(version string) string {
	return fmt.Sprintf("codex-rpc/%s (%s; %s)", version, runtime.GOOS, runtime.GOARCH)
}

// A Client sends requests to the backend. It is safe for concurrent use.
type Client struct {
	bases         [3]string // by Base
	originator    string
	userAgent     string
	clientVersion string
	settings      atomic.Pointer[Settings]
	credentials   Credentials
	secrets       *Secrets
	logger        *slog.Logger
	http          *http.Client
	observe       func(Token, int, http.Header) // nil for none
	routes        routes
}

// New returns a Client, or an error if the configuration is invalid. It opens
// no connection.
func New(config Config) (*Client, error) {
	chatgpt, err := ParseBaseURL("ChatGPT base URL", cmp.Or(config.ChatGPTBaseURL, "https://chatgpt.com/backend-api"))
	if err != nil {
		return nil, err
	}
	openai, err := ParseBaseURL("OpenAI base URL", cmp.Or(config.OpenAIBaseURL, "https://api.openai.com/v1"))
	if err != nil {
		return nil, err
	}
	if config.Credentials == nil {
		return nil, errors.New("backend: no Credentials are given")
	}
	c := &Client{
		bases:         [...]string{ChatGPT: chatgpt, Codex: chatgpt + "/codex", OpenAI: openai},
		originator:    cmp.Or(config.Originator, "codex-rpc"),
		userAgent:     cmp.Or(config.UserAgent, UserAgent("dev")),
		clientVersion: cmp.Or(config.ClientVersion, DefaultClientVersion),
		credentials:   config.Credentials,
		secrets:       cmp.Or(config.Secrets, new(Secrets)),
		logger:        cmp.Or(config.Logger, slog.New(slog.DiscardHandler)),
		http:          &http.Client{Transport: config.Transport, CheckRedirect: checkRedirect, Jar: newCookieJar(isChatGPT)},
	}
	for _, header := range []struct{ what, value string }{
		{"originator", c.originator}, {"user agent", c.userAgent}, {"client version", c.clientVersion},
	} {
		if !httpguts.ValidHeaderFieldValue(header.value) {
			return nil, fmt.Errorf("the %s must be plain text on one line", header.what)
		}
	}
	if c.http.Transport == nil {
		c.http.Transport = NewTransport()
	}
	c.SetSettings(config.Settings)
	return c, nil
}

// Settings returns the current settings.
func (c *Client) Settings() Settings { return *c.settings.Load() }

// Originator returns the client name sent to the backend.
func (c *Client) Originator() string { return c.originator }

// ClientVersion returns the version of the official client that is sent to the
// backend.
func (c *Client) ClientVersion() string { return c.clientVersion }

// Secrets returns the secrets that are redacted, including the tokens of
// requests.
func (c *Client) Secrets() *Secrets { return c.secrets }

// SetSettings changes the settings of future requests.
func (c *Client) SetSettings(s Settings) { c.settings.Store(&s) }

// Observe sets a function that is called with the status and the header of each
// response of the ChatGPT backend, and the token of its request. It is set
// before the first request; f is called concurrently.
func (c *Client) Observe(f func(signed Token, status int, header http.Header)) { c.observe = f }

// Warm loads the certificates and opens a connection to the ChatGPT base URL,
// so that the first request does not wait for them. It sends no request and
// returns no error: that request will fail with it. It blocks until the
// handshake has started or ctx ends. It does nothing for a plain http base URL,
// or a transport other than [Transport].
func (c *Client) Warm(ctx context.Context) {
	if transport, ok := c.http.Transport.(*Transport); ok {
		transport.warm(ctx, c.bases[ChatGPT])
	}
}

// Do sends a request, with retries, and returns the response if its status is
// 2xx. The caller closes the body. Reading the body fails with ErrTimeout after
// the idle timeout, and with ErrConnection if the body is truncated. When ctx
// ends, the connection is closed.
func (c *Client) Do(ctx context.Context, r *Request) (*http.Response, error) {
	p, err := c.prepare(r)
	if err != nil {
		return nil, err
	}
	return c.do(ctx, p, c.Settings(), r.Attempts)
}

// do sends a prepared request, with retries. The first try has the number
// attempt.
func (c *Client) do(ctx context.Context, p *prepared, settings Settings, attempt int) (*http.Response, error) {
	refreshed := false
	token, err := c.credentials.Token(ctx)
	for {
		if err != nil {
			return nil, credentialsError(ctx, err)
		}
		if err := token.sign(p.header, p.base); err != nil {
			return nil, err
		}
		resp, failure := c.try(ctx, p, token, attempt)
		if failure == nil {
			return resp, nil
		}
		if e, ok := errors.AsType[*Error](failure); ok && e.Status == http.StatusUnauthorized && !refreshed {
			refreshed = true
			rejected := token
			token, err = c.credentials.Refresh(ctx, rejected)
			if err == nil && token == rejected {
				return nil, failure
			}
			continue
		}
		delay, again := settings.pause(failure, attempt)
		if !again {
			return nil, failure
		}
		if err := sleep(ctx, delay); err != nil {
			return nil, err
		}
		attempt++
		token, err = c.credentials.Token(ctx)
	}
}

// try sends a signed request once. What precedes and follows the wait for the
// response is in other functions, so that the stack of a waiting call is shallow.
func (c *Client) try(ctx context.Context, p *prepared, token Token, attempt int) (*http.Response, error) {
	start := time.Now()
	req, err := c.signed(ctx, p, token)
	if err != nil {
		return nil, err
	}
	resp, err := c.send(ctx, req, p.body, p.timeout, nil)
	return c.received(ctx, p, token, attempt, start, resp, err)
}

// signed returns the request of an attempt, with the headers of the account.
func (c *Client) signed(ctx context.Context, p *prepared, token Token) (*http.Request, error) {
	c.secrets.Add(token.Access, token.APIKey)
	req := &http.Request{Method: p.method, URL: p.target, Header: p.header.Clone()}
	if p.sign != nil {
		p.sign(token, req.Header)
	}
	return req, c.addRoute(ctx, req, p.base, token)
}

// received returns the response of an attempt or its error, and logs the attempt.
func (c *Client) received(ctx context.Context, p *prepared, token Token, attempt int, start time.Time, resp *http.Response, err error) (*http.Response, error) {
	status, id := 0, ""
	if resp != nil {
		status, id = resp.StatusCode, requestID(resp.Header)
		noteHeaders(ctx, resp.Header, c.secrets)
		if c.observe != nil && p.base != OpenAI {
			c.observe(token, status, resp.Header)
		}
		if p.upgrade && status == http.StatusSwitchingProtocols {
			// the body is the connection
		} else if !success(status) {
			resp, err = nil, responseError(ctx, resp)
		} else if encoding := foreignEncoding(resp.Header); encoding != "" {
			resp.Body.Close()
			resp, err = nil, &Error{
				Kind: ErrConnection,
				Message: fmt.Sprintf("%s answered in the encoding %q, which was not requested: check the base URL and the network",
					p.target.Host, printable.Excerpt(encoding, excerptBytes)),
			}
		}
	}
	c.logger.LogAttrs(ctx, slog.LevelDebug, "backend request",
		slog.String("method", p.method), slog.String("path", p.target.EscapedPath()),
		slog.Int("status", status), slog.Duration("duration", time.Since(start)),
		slog.Int("attempt", attempt), slog.String("request_id", id))
	return resp, err
}

// send sends a request once and returns the response of any status, with an idle
// timeout on its body.
func (c *Client) send(ctx context.Context, req *http.Request, body Body, timeout time.Duration, progress func(int64)) (*http.Response, error) {
	w := newWatch(ctx, timeout)
	req = req.WithContext(w.ctx)
	err := body.attach(req, w, progress)
	if err != nil {
		w.answer()
		w.cancel(nil)
		return nil, err
	}
	resp, err := c.http.Do(req)
	w.answer()
	if err != nil {
		err = w.failure(ctx, "no response from "+req.URL.Host, err)
		w.cancel(nil)
		return nil, err
	}
	resp.Request = req // the first one of a redirect
	if resp.StatusCode == http.StatusSwitchingProtocols {
		w.cancel(nil) // the connection outlives the request and no longer belongs to net/http
		return resp, nil
	}
	resp.Body = &answerBody{ReadCloser: resp.Body, parent: ctx, watch: w, host: req.URL.Host}
	return resp, nil
}

// maxJSONBytes bounds a JSON response, which is held in memory.
const maxJSONBytes = 64 << 20

// JSON sends a request like [Client.Do] and returns the body of the response,
// which must be JSON of at most 64 MiB, unchanged, and its header. If the JSON
// is only the report of a failure, the error is an ErrFailed.
func (c *Client) JSON(ctx context.Context, r *Request) (json.RawMessage, http.Header, error) {
	resp, err := c.Do(ctx, accepting(r, "application/json"))
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxJSONBytes+1))
	if err != nil {
		return nil, nil, err
	}
	host := resp.Request.URL.Host
	if len(body) > maxJSONBytes {
		return nil, nil, &Error{Kind: ErrConnection, Message: "the response from " + host + " is larger than 64 MiB"}
	}
	if !json.Valid(body) {
		return nil, nil, &Error{Kind: ErrConnection, Message: "the response from " + host + " is not JSON: check the base URL and the network"}
	}
	if IsFailure(body) {
		return nil, nil, FailureOf(body)
	}
	return body, resp.Header, nil
}

// accepting returns r with a default for Accept.
func accepting(r *Request, accept string) *Request {
	copied := *r
	copied.Accept = cmp.Or(r.Accept, accept)
	return &copied
}
