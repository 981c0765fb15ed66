package openai

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// An apiError is an error in the form of the OpenAI API.
type apiError struct {
	status  int
	Message string  `json:"message"`
	Type    string  `json:"type"`
	Param   *string `json:"param"`
	Code    *string `json:"code"`
	// After so many seconds another try may succeed; negative if not known.
	retryAfter float64
}

func (e *apiError) Error() string { return e.Message }

// refusal returns an error of this package's own. An empty param or code is none.
func refusal(status int, param, code, format string, args ...any) *apiError {
	return &apiError{
		status: status, Message: fmt.Sprintf(format, args...), Type: typeOfStatus(status),
		Param: optional(param), Code: optional(code), retryAfter: -1,
	}
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// body returns the body of the answer that the error is.
func (e *apiError) body() rawjson.Value {
	var o rawjson.Object
	o.Set("error", encode(e))
	return o.Value()
}

// typeOfStatus is what the API calls errors of a status.
func typeOfStatus(status int) string {
	switch {
	case status == http.StatusUnauthorized:
		return "authentication_error"
	case status == http.StatusForbidden:
		return "permission_error"
	case status == http.StatusTooManyRequests:
		return "rate_limit_error"
	case status >= 500:
		return "server_error"
	}
	return "invalid_request_error"
}

// A Broken error is a failure without a response of the API: the backend could
// not be reached, timed out, or was cut off. Clients of the official packages
// should see a failed connection.
type Broken struct {
	Cause *rpc.Error
}

func (b *Broken) Error() string { return b.Cause.Message }
func (b *Broken) Unwrap() error { return b.Cause }

// Timeout reports whether the answer did not come in time.
func (b *Broken) Timeout() bool { return b.Cause.Type == "timeout" }

// statusOf returns the HTTP status for a failure of the host, 0 if it is not a
// response of the API.
func statusOf(e *rpc.Error) int {
	switch e.Type {
	case "connection_error", "timeout", "stream_interrupted", "cancelled":
		return 0
	case "overloaded":
		return http.StatusTooManyRequests
	case "response_failed":
		switch code, _ := e.Data["code"].(string); {
		case strings.Contains(code, "rate_limit") || strings.Contains(code, "usage_limit") || strings.Contains(code, "quota"):
			return http.StatusTooManyRequests
		case e.Retryable:
			return http.StatusInternalServerError
		}
		return http.StatusBadRequest
	}
	switch {
	case e.Code >= 400 && e.Code <= 599:
		return e.Code
	case e.Code == rpc.CodeInvalidParams:
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// answerOf returns the answer that a failure of the host is, nil if it is none.
func answerOf(e *rpc.Error) *apiError {
	status := statusOf(e)
	if status == 0 {
		return nil
	}
	code, _ := e.Data["code"].(string)
	if code == "" && e.Type != "api_error" && !e.Is(rpc.InvalidParams) {
		code = e.Type
	}
	param := ""
	if faults, ok := e.Data["errors"].([]rpc.Fault); ok && len(faults) > 0 {
		param = paramOf(faults[0].Path)
	}
	answer := &apiError{
		status: status, Message: e.Message, Type: typeOfStatus(status), Param: optional(param), Code: optional(code), retryAfter: -1,
	}
	if kind := reportedType(e); kind != "" {
		answer.Type = kind
	}
	switch after := e.Data["retry_after"].(type) {
	case float64:
		answer.retryAfter = after
	}
	if ms, ok := e.Data["retry_after_ms"].(int64); ok {
		answer.retryAfter = float64(ms) / 1000
	}
	return answer
}

// reportedType returns the type that the backend itself gives an error.
func reportedType(e *rpc.Error) string {
	switch report := e.Data["error"].(type) {
	case rawjson.Value:
		return stringOf(report, "type")
	}
	if body, ok := e.Data["body"].(interface{ MarshalJSON() ([]byte, error) }); ok {
		if text, err := body.MarshalJSON(); err == nil {
			if v, err := rawjson.Parse(text); err == nil {
				return stringOf(v.Get("error"), "type")
			}
		}
	}
	return ""
}

// paramOf returns a JSON Pointer as the API names a place: input[0].content.
func paramOf(pointer string) string {
	var b strings.Builder
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		part = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
		if _, err := strconv.Atoi(part); err == nil && b.Len() > 0 {
			b.WriteString("[" + part + "]")
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(part)
	}
	return b.String()
}

// fail answers with an error, or returns it where it is no answer. In a stream
// that has begun it is an event, and returned all the same: the stream is not
// whole.
func (x *exchange) fail(err error) error {
	var answer *apiError
	var failed *rpc.Error
	switch {
	case errors.As(err, &answer):
	case errors.As(err, &failed):
		if answer = answerOf(failed); answer == nil {
			broken := &Broken{failed}
			if x.begun {
				x.reply.Event("error", refusal(http.StatusInternalServerError, "", failed.Type, "%s", failed.Message).body())
				x.reply.Flush()
			}
			return broken
		}
	default:
		return err
	}
	if x.begun {
		if err := x.reply.Event("error", answer.body()); err != nil {
			return err
		}
		return x.reply.End(false)
	}
	// The host has repeated what a repetition may help.
	if answer.status == http.StatusConflict || answer.status == http.StatusTooManyRequests || answer.status == http.StatusRequestTimeout || answer.status >= 500 {
		x.header.Set("X-Should-Retry", "false")
	}
	if answer.retryAfter >= 0 && x.header.Get("Retry-After") == "" {
		x.header.Set("Retry-After", strconv.FormatFloat(answer.retryAfter, 'f', -1, 64))
	}
	return x.send(answer.status, answer.body())
}
