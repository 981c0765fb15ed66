package methods

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/printable"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// The codes of backend errors. An HTTP error with a status from 400 to 599 has
// that status as its code.
const (
	CodeConnectionError   = -32010
	CodeTimeout           = -32011
	CodeStreamInterrupted = -32012
	CodeResponseFailed    = -32013
	CodeNotAuthenticated  = 401
	CodeModelNotFound     = 404
)

// The kinds of errors of the methods. The exceptions of the client libraries
// are generated from them and those of package rpc.
var (
	FileError         = rpc.Kind{Code: rpc.CodeInvalidParams, Type: "file_error", When: "The file does not exist, is not a regular file, cannot be read, or is larger than 512 MiB."}
	ConnectionError   = rpc.Kind{Code: CodeConnectionError, Type: "connection_error", When: "The backend could not be reached, or its response is malformed."}
	Timeout           = rpc.Kind{Code: CodeTimeout, Type: "timeout", When: "The backend sent nothing within the idle timeout."}
	StreamInterrupted = rpc.Kind{Code: CodeStreamInterrupted, Type: "stream_interrupted", When: "The stream ended before the response was complete; data.partial holds what was received."}
	ResponseFailed    = rpc.Kind{Code: CodeResponseFailed, Type: "response_failed", When: "The backend reported a failure in a stream or with status 200 (data.error), or the response does not match text_format (data.response)."}
	APIError          = rpc.Kind{Type: "api_error", When: "The backend returned an HTTP error; its status is the code."}
	NotAuthenticated  = rpc.Kind{Code: CodeNotAuthenticated, Type: "not_authenticated", When: "There are no usable credentials; the message says how to sign in."}
	ModelNotFound     = rpc.Kind{Code: CodeModelNotFound, Type: "model_not_found", When: "The account has no model of that name."}
)

// ErrorKinds returns all kinds of errors of calls.
func ErrorKinds() []rpc.Kind {
	return []rpc.Kind{
		rpc.ParseError, rpc.InvalidRequest, rpc.FrameTooLarge, rpc.DuplicateID, rpc.MethodNotFound, rpc.InvalidParams, rpc.UnsupportedParameter,
		FileError, rpc.InternalError, rpc.Cancelled, rpc.Overloaded, ConnectionError, Timeout, StreamInterrupted, ResponseFailed,
		APIError, NotAuthenticated, ModelNotFound,
	}
}

// deadRoute adds an explanation to an error if it means that the backend has
// disabled the whole route for this sign-in.
func deadRoute(err error, explanation string) error {
	if !isDeadRoute(err) {
		return err
	}
	dead := *err.(*rpc.Error)
	dead.Message += " (" + explanation + ".)"
	dead.Retryable = false
	return &dead
}

// isDeadRoute reports whether an error may mean that the route is disabled.
func isDeadRoute(err error) bool {
	e, ok := err.(*rpc.Error)
	return ok && e.Is(APIError) && (e.Code == 401 || e.Code == 403 || e.Code == 404 || e.Code == 410)
}

// invalidParams returns the error for faults that the schema does not detect.
func invalidParams(faults []rpc.Fault) *rpc.Error {
	slices.SortFunc(faults, func(a, b rpc.Fault) int { return cmp.Compare(a.Path, b.Path) })
	return rpc.InvalidParams.Errorf("%s", faults[0].Message).With("errors", faults)
}

// invalidParam returns the error for one such fault. The path is a JSON Pointer.
func invalidParam(path, format string, args ...any) *rpc.Error {
	return invalidParams([]rpc.Fault{{Path: path, Message: rpc.OneLine(fmt.Sprintf(format, args...))}})
}

// unexpected returns the error for an invalid response of the backend.
func unexpected(format string, args ...any) *rpc.Error {
	return ConnectionError.Errorf("The backend's response is invalid: %s.", fmt.Sprintf(format, args...))
}

// unfit returns the error for a complete response that is not as requested. It includes
// the response, since it has been paid for.
func unfit(response rawjson.Value, format string, args ...any) *rpc.Error {
	return ResponseFailed.Errorf(format, args...).With("response", response)
}

// brief returns an excerpt of a foreign text for use in a message.
func brief(text string) string { return printable.Excerpt(text, 1000) }

// errorOf converts an error of package backend. It returns others unchanged, such
// as that of a cancelled context.
func errorOf(err error) error {
	if own, ok := errors.AsType[*rpc.Error](err); ok { // from reading a file to be sent
		return own
	}
	failure, ok := errors.AsType[*backend.Error](err)
	if !ok {
		return err
	}
	kind := ConnectionError
	switch status := failure.Status; failure.Kind {
	case backend.ErrStatus:
		if status >= 400 && status <= 599 {
			kind = APIError
			kind.Code = status
		}
	case backend.ErrFailed:
		kind = ResponseFailed
	case backend.ErrTimeout:
		kind = Timeout
	case backend.ErrNotAuthenticated:
		kind = NotAuthenticated
	case backend.ErrRequest:
		kind = rpc.InvalidParams
	}
	e := kind.Errorf("%s", failure.Message)
	e.Retryable = failure.Retryable
	if failure.Kind == backend.ErrStatus || failure.Kind == backend.ErrFailed {
		report(e, failure)
	}
	return e
}

// report sets the data of an error that the backend reported, with an HTTP status
// or in a response with status 200.
func report(e *rpc.Error, failure *backend.Error) {
	e.Data = make(map[string]any)
	if failure.Kind == backend.ErrFailed {
		e.Data["error"] = failureReport(failure.Body)
	} else {
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
	for name, value := range map[string]any{
		"status": failure.Status, "code": failure.Code, "request_id": failure.RequestID, "plan_type": failure.PlanType,
	} {
		if !reflect.ValueOf(value).IsZero() {
			e.Data[name] = value
		}
	}
	if failure.RetryAfter != nil {
		e.Data["retry_after"] = failure.RetryAfter.Seconds()
	}
	if !failure.ResetsAt.IsZero() {
		e.Data["resets_at"] = failure.ResetsAt.Unix()
	}
}

// modelRefused explains why a model may be refused, and what to do.
const modelRefused = "Either this account does not have the model, or the client version is too old for it: see models.list, and raise --client-version."

// failureReport returns the part of an event or a body that reports the failure:
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

// Redact removes the secrets of the session from an error, which a backend may
// have echoed anywhere in it. All errors sent to clients are redacted.
func (s *Service) Redact(e *rpc.Error) *rpc.Error {
	clean := *e
	clean.Message = s.client.Secrets().Redact(e.Message)
	clean.Data = make(map[string]any, len(e.Data))
	for name, value := range e.Data {
		clean.Data[name] = s.redacted(value)
	}
	return &clean
}

// redacted returns a value of the same type whose JSON is redacted.
func (s *Service) redacted(value any) any {
	if raw, ok := value.(rawjson.Value); ok {
		return s.redact(raw)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return nil // it could not be sent either
	}
	clean := s.client.Secrets().RedactJSON(text)
	if bytes.Equal(clean, text) {
		return value
	}
	same := reflect.New(reflect.TypeOf(value))
	if json.Unmarshal(clean, same.Interface()) != nil {
		return json.RawMessage(clean)
	}
	return same.Elem().Interface()
}
