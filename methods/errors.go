package methods

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// Codes of errors that come from the backend. An answer with an HTTP status
// from 400 to 599 has that status for a code.
const (
	CodeConnectionError   = -32010
	CodeTimeout           = -32011
	CodeStreamInterrupted = -32012
	CodeResponseFailed    = -32013
	CodeNotAuthenticated  = 401
	CodeModelNotFound     = 404
)

// An ErrorType describes one type of error for the documentation. The classes
// of the client libraries are made from these, too.
type ErrorType struct {
	Code int // 0: the HTTP status
	Type string
	When string
}

// ErrorTypes are all types of errors that a call can be answered with.
func ErrorTypes() []ErrorType {
	return []ErrorType{
		{rpc.CodeParseError, "parse_error", "The message is not JSON, or not UTF-8."},
		{rpc.CodeInvalidRequest, "invalid_request", "The message is no JSON-RPC 2.0 request, or the server is shutting down."},
		{rpc.CodeInvalidRequest, "frame_too_large", "The message is larger than --max-message-bytes."},
		{rpc.CodeInvalidRequest, "duplicate_id", "The id belongs to a call that is not answered yet."},
		{rpc.CodeMethodNotFound, "method_not_found", "There is no such method; data.suggestions names similar ones."},
		{rpc.CodeInvalidParams, "invalid_params", "The parameters do not fit; data.errors tells each fault with its path."},
		{rpc.CodeInvalidParams, "unsupported_parameter", "The Codex backend rejects an official parameter."},
		{rpc.CodeInvalidParams, "file_error", "A path that is absent, no regular file, unreadable, or over 512 MiB."},
		{rpc.CodeInternalError, "internal_error", "A fault of the server; its log has the details."},
		{rpc.CodeCancelled, "cancelled", "The call was cancelled, or the server stopped."},
		{rpc.CodeOverloaded, "overloaded", "More calls are under way and wait than may; try again after data.retry_after_ms."},
		{CodeConnectionError, "connection_error", "No answer from the backend, or none that can be read."},
		{CodeTimeout, "timeout", "The backend sent nothing for the time of the timeout."},
		{CodeStreamInterrupted, "stream_interrupted", "The stream ended before the response was complete; data.partial is what had come."},
		{CodeResponseFailed, "response_failed", "The backend reports a failure, which is data.error, in a stream or under status 200; or a response holds nothing that fits text_format, and is data.response."},
		{0, "api_error", "The backend answered with an HTTP error, whose status is the code."},
		{CodeNotAuthenticated, "not_authenticated", "There are no usable credentials; the message says what to run."},
		{CodeModelNotFound, "model_not_found", "No model of that name is on the account's list."},
	}
}

// deadRoute returns a failure of a route that answers nothing to this sign-in any
// more, with what is known about it. Other failures than a refusal it returns as
// they are.
func deadRoute(err error, known string) error {
	var e *rpc.Error
	if !errors.As(err, &e) || e.Type != "api_error" || e.Code != 401 && e.Code != 403 && e.Code != 404 && e.Code != 410 {
		return err
	}
	dead := *e
	dead.Message += " (" + known + ".)"
	dead.Retryable = false
	return &dead
}

// invalidParams returns the error for faults that the schema lets pass.
func invalidParams(faults []rpc.Fault) *rpc.Error {
	slices.SortFunc(faults, func(a, b rpc.Fault) int { return cmp.Compare(a.Path, b.Path) })
	return rpc.Errorf(rpc.CodeInvalidParams, "invalid_params", "%s", faults[0].Message).With("errors", faults)
}

// invalidParam returns the error for a parameter that the schema lets pass. The
// path is a JSON Pointer.
func invalidParam(path, format string, args ...any) *rpc.Error {
	message := rpc.OneLine(fmt.Sprintf(format, args...))
	return invalidParams([]rpc.Fault{{Path: path, Message: message}})
}

// unexpected returns the error for an answer that lacks what it must have.
func unexpected(format string, args ...any) *rpc.Error {
	return rpc.Errorf(CodeConnectionError, "connection_error", "The backend's answer cannot be used: %s.", fmt.Sprintf(format, args...))
}

// brief returns so much of a text of others as a message has room for.
func brief(text string) string {
	const enough = 1000
	if len(text) <= enough {
		return text
	}
	return strings.ToValidUTF8(text[:enough], "") + "…"
}

// errorOf returns the error that a failure of the backend is answered with.
// Errors that it does not know, such as that of a cancelled context, it returns
// as they are.
func errorOf(err error) error {
	var own *rpc.Error
	if errors.As(err, &own) { // of a body of ours that could not be read
		return own
	}
	var failure *backend.Error
	if !errors.As(err, &failure) {
		return err
	}
	e := &rpc.Error{Message: failure.Message, Retryable: failure.Retryable}
	switch failure.Kind {
	case backend.ErrStatus, backend.ErrFailed:
		return reportedError(e, failure)
	case backend.ErrTimeout:
		e.Code, e.Type = CodeTimeout, "timeout"
	case backend.ErrNotAuthenticated:
		e.Code, e.Type = CodeNotAuthenticated, "not_authenticated"
	case backend.ErrRequest:
		e.Code, e.Type = rpc.CodeInvalidParams, "invalid_params"
	default:
		e.Code, e.Type = CodeConnectionError, "connection_error"
	}
	return e
}

// reportedError completes the error for a failure in the backend's own words: by
// a status, or in an answer of status 200.
func reportedError(e *rpc.Error, failure *backend.Error) *rpc.Error {
	e.Data = make(map[string]any)
	if failure.Kind == backend.ErrFailed {
		e.Code, e.Type = CodeResponseFailed, "response_failed"
		e.Data["error"] = failureReport(failure.Body)
	} else {
		e.Code, e.Type = failure.Status, "api_error"
		if failure.Status < 400 || failure.Status > 599 {
			e.Code, e.Type = CodeConnectionError, "connection_error"
		}
		e.Data["message"] = failure.Message
		if failure.Body != nil {
			e.Data["body"] = failure.Body
		}
	}
	switch {
	case failure.ModelRefused:
		e.Message += " (" + modelRefused + ")"
	case failure.Status == CodeNotAuthenticated:
		e.Message += " (Run `codex-rpc login` to sign in again.)"
	}
	if failure.Status != 0 {
		e.Data["status"] = failure.Status
	}
	if failure.Code != "" {
		e.Data["code"] = failure.Code
	}
	if failure.RequestID != "" {
		e.Data["request_id"] = failure.RequestID
	}
	if failure.RetryAfter != nil {
		e.Data["retry_after"] = failure.RetryAfter.Seconds()
	}
	if failure.PlanType != "" {
		e.Data["plan_type"] = failure.PlanType
	}
	if !failure.ResetsAt.IsZero() {
		e.Data["resets_at"] = failure.ResetsAt.Unix()
	}
	return e
}

// modelRefused says what a refused model can mean and what to do.
const modelRefused = "Either this account does not have the model, or the client version is too old for it: see models.list, and raise --client-version."

// failureReport returns what of an event or a body reports the failure:
//
//	{"type": "response.failed", "response": {"error": {…}}}
//	{"type": "error", "error": {…}}
//	{"type": "error", "code": …, "message": …}, as the OpenAI API documents it
func failureReport(text []byte) rawjson.Value {
	v, err := rawjson.Parse(text)
	if err != nil {
		return rawjson.String(string(text))
	}
	for _, report := range []rawjson.Value{v.Get("response").Get("error"), v.Get("error")} {
		switch report.Kind() {
		case '"', '[':
			return report
		case '{':
			for _, name := range []string{"code", "type", "message", "detail", "error", "errors"} {
				if report.Get(name).Kind() != 0 {
					return report
				}
			}
		}
	}
	return v
}

// Redact returns an error without the secrets of the session, which a backend may
// have repeated anywhere in it. It is for all errors that leave the service.
func (s *Service) Redact(e *rpc.Error) *rpc.Error {
	secrets := s.client.Secrets()
	clean := *e
	clean.Message = secrets.Redact(e.Message)
	clean.Data = make(map[string]any, len(e.Data))
	for name, value := range e.Data {
		clean.Data[name] = redacted(secrets, value)
	}
	return &clean
}

// redacted returns a value of the same type whose JSON is redacted.
func redacted(secrets *backend.Secrets, value any) any {
	raw, isRaw := value.(rawjson.Value)
	text := raw.Bytes()
	if !isRaw {
		var err error
		if text, err = json.Marshal(value); err != nil {
			return nil // it cannot go out
		}
	}
	clean := secrets.RedactJSON(text)
	if bytes.Equal(clean, text) {
		return value
	}
	if isRaw {
		raw, _ = rawjson.Parse(clean)
		return raw
	}
	same := reflect.New(reflect.TypeOf(value))
	if json.Unmarshal(clean, same.Interface()) != nil {
		return json.RawMessage(clean)
	}
	return same.Elem().Interface()
}
