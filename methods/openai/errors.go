package openai

import (
	"cmp"
	"encoding/json"
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
	status     int
	Message    string  `json:"message"`
	Type       string  `json:"type"`
	Param      *string `json:"param"`
	Code       *string `json:"code"`
	retryAfter float64 // in seconds, negative if unknown
}

func (e *apiError) Error() string { return e.Message }

// refusal returns the error for a request that is not sent to the backend. The
// param and the code may be empty.
func refusal(status int, param, code, format string, args ...any) *apiError {
	return &apiError{
		status: status, Message: fmt.Sprintf(format, args...), Type: typeOfStatus(status),
		Param: optional(param), Code: optional(code), retryAfter: -1,
	}
}

func missing(param string) *apiError {
	return refusal(http.StatusBadRequest, param, "missing_required_parameter", "Missing required parameter: '%s'.", param)
}

// checkString returns an error unless a parameter is a string.
func checkString(param string, v rawjson.Value) error {
	switch {
	case !isGiven(v):
		return missing(param)
	case v.Kind() != '"':
		return refusal(http.StatusBadRequest, param, "invalid_type", "Invalid type for '%s': expected a string.", param)
	}
	return nil
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// body returns the body of the answer.
func (e *apiError) body() rawjson.Value { return rawjson.Value{}.With("error", rawjson.MustMarshal(e)) }

// typeOfStatus returns the type of errors with a status.
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

// A Broken error is a failure that has no equivalent in the API: the backend could
// not be reached, timed out, or ended a stream early. Clients of the official
// packages should see a failed connection.
type Broken struct {
	Cause *rpc.Error
}

func (b *Broken) Error() string { return b.Cause.Message }
func (b *Broken) Unwrap() error { return b.Cause }

// Timeout reports whether the backend timed out.
func (b *Broken) Timeout() bool { return b.Cause.Type == "timeout" }

// statusOf returns the HTTP status for an error of the host, 0 if there is none.
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

// answerOf converts an error of the host, to nil if it has no equivalent in the
// API.
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
	answer := refusal(status, param, code, "%s", e.Message)
	answer.Type = cmp.Or(reportedType(e), answer.Type)
	if seconds, ok := e.Data["retry_after"].(float64); ok {
		answer.retryAfter = seconds
	}
	if ms, ok := e.Data["retry_after_ms"].(int64); ok {
		answer.retryAfter = float64(ms) / 1000
	}
	return answer
}

// reportedType returns the type in the backend's report of an error.
func reportedType(e *rpc.Error) string {
	if report, ok := e.Data["error"].(rawjson.Value); ok {
		if kind := stringOf(report, "type"); kind != "error" { // the type of an event, whose members are the report
			return kind
		}
		return ""
	}
	text, _ := e.Data["body"].(json.RawMessage)
	body, err := rawjson.Parse(text)
	if err != nil {
		return ""
	}
	return stringOf(body.Get("error"), "type")
}

// paramOf converts a JSON Pointer to the API's notation: input[0].content.
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

// fail answers with an error, in a stream with an event. An error without an
// equivalent in the API is returned, as Broken if it is the host's.
func (x *exchange) fail(err error) error {
	var answer *apiError
	var failed *rpc.Error
	switch {
	case errors.As(err, &answer):
	case !errors.As(err, &failed):
		return err
	default:
		if answer = answerOf(failed); answer == nil {
			if x.begun {
				x.reply.Event("error", refusal(http.StatusInternalServerError, "", failed.Type, "%s", failed.Message).body())
				x.reply.Flush()
			}
			return &Broken{failed}
		}
	}
	if x.begun {
		if err := x.reply.Event("error", answer.body()); err != nil {
			return err
		}
		return x.reply.End(false)
	}
	retryable := answer.status == http.StatusConflict || answer.status == http.StatusTooManyRequests || answer.status == http.StatusRequestTimeout || answer.status >= 500
	if retryable && !errors.Is(err, rpc.Overloaded) {
		x.header.Set("X-Should-Retry", "false") // the host has retried already
	}
	if answer.retryAfter >= 0 && x.header.Get("Retry-After") == "" {
		x.header.Set("Retry-After", strconv.FormatFloat(answer.retryAfter, 'f', -1, 64))
	}
	return x.send(answer.status, answer.body())
}
