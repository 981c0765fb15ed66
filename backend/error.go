package backend

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A Kind tells failures apart. Each is an error of its own, for errors.Is:
//
//	if errors.Is(err, backend.ErrTimeout) { … }
type Kind string

const (
	// ErrRequest: the request cannot be sent as it was given, or its body
	// cannot be read.
	ErrRequest Kind = "invalid request"
	// ErrNotAuthenticated: there are no usable credentials, or they expired and
	// cannot be renewed. A 401 that a renewal does not cure is an ErrStatus.
	ErrNotAuthenticated Kind = "not authenticated"
	// ErrConnection: no answer, a part of one, or one that is no answer of
	// the backend's (no JSON where JSON was due, a redirect to another host).
	ErrConnection Kind = "connection failed"
	// ErrTimeout: no byte came or went for the time of [Settings].Timeout.
	ErrTimeout Kind = "timeout"
	// ErrStatus: the backend answered with a status other than 2xx.
	ErrStatus Kind = "unexpected status"
)

func (k Kind) Error() string { return "backend: " + string(k) }

// An Error is a failed request. All text in it is free of tokens.
type Error struct {
	Kind    Kind
	Message string // one line; for ErrStatus in the backend's own words
	// Retryable: the same request may succeed later. It was already repeated
	// as often as the settings allow, unless the answer had begun.
	Retryable bool

	// The members below are set for ErrStatus alone, each where the backend
	// gave it.

	Status     int             // HTTP status
	Code       string          // as "usage_limit_reached"
	RequestID  string          // to quote to the backend's support
	Body       json.RawMessage // the body; one that is not JSON as a JSON string
	RetryAfter *time.Duration  // the wait the backend asks for, never negative
	PlanType   string          // as "plus"
	ResetsAt   time.Time       // when the used-up limit starts afresh

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

// Unwrap returns what made a connection fail, or nil. Its text may hold more
// than Message does: it is for errors.As, not for display.
func (e *Error) Unwrap() error { return e.cause }

const (
	// An error body is an explanation, not a download.
	errorBodyBytes = 1 << 20
	errorBodyTime  = 5 * time.Second
	// What of a body that is not JSON is worth passing on.
	errorTextBytes = 8 << 10
	messageBytes   = 1000
	excerptBytes   = 200
)

func success(status int) bool { return status >= 200 && status <= 299 }

// refusal turns an answer that is no success into an error, and closes it. The
// secrets are blanked wherever the answer echoes them.
func refusal(ctx context.Context, resp *http.Response, secrets ...string) error {
	// Closing the body ends the reading, with what has come by then.
	limit := time.AfterFunc(errorBodyTime, func() { resp.Body.Close() })
	var body []byte
	if foreignEncoding(resp.Header) == "" {
		body, _ = io.ReadAll(io.LimitReader(resp.Body, errorBodyBytes))
	}
	limit.Stop()
	resp.Body.Close()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return statusError(resp.StatusCode, resp.Header, body, secrets...)
}

func statusError(status int, header http.Header, body []byte, secrets ...string) *Error {
	e := &Error{
		Kind:      ErrStatus,
		Status:    status,
		Message:   cmp.Or(http.StatusText(status), "no explanation given"),
		Retryable: status == http.StatusTooManyRequests || status >= 500,
	}
	e.RequestID = requestID(header, secrets...)
	if wait, ok := retryAfter(header, time.Now()); ok {
		e.RetryAfter = &wait
	}

	body = bytes.TrimSpace(bytes.ToValidUTF8(body, []byte("\uFFFD")))
	switch {
	case len(body) == 0:
	case json.Valid(body):
		e.Body = RedactJSON(body, secrets...)
		e.explain(e.Body)
	default:
		text := Redact(string(body), secrets...)
		e.Body, _ = json.Marshal(cut(text, errorTextBytes))
		if line := oneLine(text, excerptBytes); line != "" && line[0] != '<' { // no page, which is for browsers
			e.Message = line
		}
	}
	if e.Code == "usage_limit_reached" {
		e.Retryable = false
	}
	return e
}

// requestID returns the id by which the backend's support finds a request.
func requestID(header http.Header, secrets ...string) string {
	id := cmp.Or(header.Get("X-Request-Id"), header.Get("X-Oai-Request-Id"), header.Get("Cf-Ray"))
	return oneLine(Redact(id, secrets...), excerptBytes)
}

// explain takes from a JSON body what the backend says there. Its parts answer
// in different shapes: {"error": {…}}, {"error": "…"}, {"detail": "…"},
// {"detail": [{"msg": "…"}]}, {"message": "…"}.
func (e *Error) explain(body json.RawMessage) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber() // a reset time keeps its digits
	var top map[string]any
	if decoder.Decode(&top) != nil {
		return
	}
	object, _ := top["error"].(map[string]any) // nil reads as empty
	e.Code = first(object["code"], object["type"], top["code"])
	e.PlanType = first(object["plan_type"])
	if at, err := strconv.ParseFloat(first(object["resets_at"]), 64); err == nil && at > 0 && at < 1<<40 {
		e.ResetsAt = time.Unix(int64(at), 0)
	}

	candidates := []any{object["message"], top["error"], top["detail"], top["message"]}
	if faults, ok := top["detail"].([]any); ok {
		var words []string
		for _, fault := range faults {
			if fault, ok := fault.(map[string]any); ok {
				if text := first(fault["msg"]); text != "" {
					words = append(words, text)
				}
			}
		}
		candidates = append(candidates, strings.Join(words, "; "))
	}
	if text := oneLine(first(candidates...), messageBytes); text != "" {
		e.Message = text
	}
}

// first returns the first that is a number or a string that is not blank.
func first(values ...any) string {
	for _, value := range values {
		switch value := value.(type) {
		case string:
			if strings.TrimSpace(value) != "" {
				return value
			}
		case json.Number:
			return value.String()
		}
	}
	return ""
}
