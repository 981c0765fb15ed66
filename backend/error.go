package backend

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/codex-rpc/codex-rpc/backend/printable"
)

// A Kind is a kind of failure. It is a target of errors.Is:
//
//	if errors.Is(err, backend.ErrTimeout) { … }
type Kind string

const (
	// ErrRequest means that the request is invalid or its body cannot be read.
	ErrRequest Kind = "invalid request"
	// ErrNotAuthenticated means that there are no usable credentials, or that
	// they have expired and cannot be refreshed. A 401 after a refresh is an
	// ErrStatus.
	ErrNotAuthenticated Kind = "not authenticated"
	// ErrConnection means that there was no response, or that it was truncated
	// or malformed (not JSON, or a redirect to another host).
	ErrConnection Kind = "connection failed"
	// ErrTimeout means that the idle timeout, [Settings].Timeout, passed.
	ErrTimeout Kind = "timeout"
	// ErrStatus means that the backend responded with a status other than 2xx.
	ErrStatus Kind = "unexpected status"
	// ErrFailed means that the backend reported a failure with status 2xx, in an
	// event or in JSON.
	ErrFailed Kind = "failure reported"
)

func (k Kind) Error() string { return "backend: " + string(k) }

// An Error is a failed request. Its text is the backend's, which may echo
// tokens: it must be redacted with [Secrets] before it is shown.
type Error struct {
	Kind    Kind
	Message string // one line; for ErrStatus and ErrFailed the backend's message
	// Retryable reports whether the same request may succeed later. It was
	// already retried as the settings allow, unless the response had started.
	Retryable bool

	// The members below are set for ErrStatus and ErrFailed alone, each where
	// the backend gave it.

	Status     int             // HTTP status; for ErrFailed the one in the report
	Code       string          // such as "usage_limit_reached": the failure's code or else its type
	RequestID  string          // for bug reports
	Body       json.RawMessage // the body; one that is not JSON as a JSON string
	RetryAfter *time.Duration  // the delay requested by the backend, never negative
	PlanType   string          // such as "plus"
	ResetsAt   time.Time       // when the exhausted limit is reset
	// ModelRefused reports whether the model is not available to this client
	// version or account. Another version or model may work; a retry does not.
	ModelRefused bool

	cause error
}

// Error returns the message, after the status if there is one.
func (e *Error) Error() string {
	if e.Status != 0 {
		return fmt.Sprintf("HTTP %d: %s", e.Status, e.Message)
	}
	return e.Message
}

// Is reports whether target is the error's kind.
func (e *Error) Is(target error) bool { return target == e.Kind }

// Unwrap returns the cause of a connection failure, or nil. It is for errors.As, not
// for display.
func (e *Error) Unwrap() error { return e.cause }

const (
	// Limits of an error body.
	errorBodyBytes = 1 << 20
	errorBodyTime  = 5 * time.Second
	// Limits of the excerpts from a body that is not JSON, and of messages.
	errorTextBytes = 8 << 10
	messageBytes   = 1000
	excerptBytes   = 200
)

func success(status int) bool { return status >= 200 && status <= 299 }

// responseError converts an unsuccessful response to an error, and closes it.
func responseError(ctx context.Context, resp *http.Response) error {
	body := errorBody(resp)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return StatusError(resp.StatusCode, resp.Header, body)
}

// errorBody returns the body within the limits of an error body, and closes it.
func errorBody(resp *http.Response) []byte {
	// Closing the body ends the reading: what was read until then is returned.
	limit := time.AfterFunc(errorBodyTime, func() { resp.Body.Close() })
	defer resp.Body.Close()
	defer limit.Stop()
	plain := io.Reader(resp.Body)
	switch strings.ToLower(foreignEncoding(resp.Header)) {
	case "":
	case "gzip": // for example of a proxy that compresses regardless of Accept-Encoding
		decoder, err := gzip.NewReader(resp.Body)
		if err != nil {
			return nil
		}
		plain = decoder
	default:
		return nil
	}
	body, _ := io.ReadAll(io.LimitReader(plain, errorBodyBytes))
	return body
}

// StatusError returns the error for a response with a status other than 2xx, or
// for an equivalent message of a [Socket].
func StatusError(status int, header http.Header, body []byte) *Error {
	e := &Error{
		Kind:      ErrStatus,
		Status:    status,
		Message:   cmp.Or(http.StatusText(status), "no explanation given"),
		RequestID: requestID(header),
	}
	if wait, ok := retryAfter(header, time.Now()); ok {
		e.RetryAfter = &wait
	}
	var r report
	body = bytes.TrimSpace(bytes.ToValidUTF8(body, []byte("\uFFFD")))
	switch event := eventData(body); {
	case event != nil:
		e.Body = event
		r = readReport(e.Body)
	case json.Valid(body) && len(body) > 0:
		e.Body = body
		r = readReport(e.Body)
	case len(body) > 0:
		e.Body, _ = json.Marshal(printable.Cut(string(body), errorTextBytes))
		if line := printable.Excerpt(string(body), excerptBytes); !isPage(line) {
			r.message = line
		}
	}
	r.merge(headerReport(header))
	e.explain(r, header)
	return e
}

// FailureOf returns the error for the JSON of an event, or of a response with status
// 200, that reports a failure.
func FailureOf(text []byte) *Error {
	e := &Error{Kind: ErrFailed, Message: "Response failed", Body: text}
	r := readReport(text)
	e.Status = r.status
	e.explain(r, nil)
	return e
}

// explain sets the fields of the error from a report. If that has no message, the
// error keeps its own.
func (e *Error) explain(r report, header http.Header) {
	e.Code, e.PlanType, e.ResetsAt = cmp.Or(r.code, r.kind), r.planType, r.resetsAt
	if text := printable.Excerpt(cmp.Or(r.message, r.fallback), messageBytes); text != "" {
		e.Message = text
	} else if e.Code != "" {
		e.Message += " (" + printable.Excerpt(e.Code, excerptBytes) + ")"
	}
	e.ModelRefused = r.refusesModel(e.Status)
	e.Retryable = r.retryable(e.Status, header) && !e.ModelRefused
	e.RetryAfter = cmp.Or(e.RetryAfter, r.retryAfter)
	if e.RetryAfter == nil && e.Retryable {
		e.RetryAfter = messageRetryAfter(r.message)
	}
}

// requestID returns the id that the backend's support needs to find a request.
func requestID(header http.Header) string {
	id := cmp.Or(header.Get("X-Request-Id"), header.Get("X-Oai-Request-Id"), header.Get("Cf-Ray"))
	return printable.Excerpt(id, excerptBytes)
}
