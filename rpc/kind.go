package rpc

import "fmt"

// A Kind is a kind of error: its code, its type, and when it occurs. Each is declared
// once.
type Kind struct {
	Code int // 0 if it varies
	Type string
	When string // a sentence for the documentation
}

// The kinds of errors of this package.
var (
	ParseError           = Kind{CodeParseError, "parse_error", "The message is not JSON, or not UTF-8."}
	InvalidRequest       = Kind{CodeInvalidRequest, "invalid_request", "The message is not a JSON-RPC 2.0 request, or the server is shutting down."}
	FrameTooLarge        = Kind{CodeInvalidRequest, "frame_too_large", "The message is larger than the server accepts."}
	DuplicateID          = Kind{CodeInvalidRequest, "duplicate_id", "The id belongs to a call that is still running."}
	MethodNotFound       = Kind{CodeMethodNotFound, "method_not_found", "There is no such method; data.suggestions names similar ones."}
	InvalidParams        = Kind{CodeInvalidParams, "invalid_params", "The parameters are invalid; data.errors lists each fault with its path."}
	UnsupportedParameter = Kind{CodeInvalidParams, "unsupported_parameter", "A known parameter is not supported; the message names it."}
	InternalError        = Kind{CodeInternalError, "internal_error", "An internal error of the server; its log has the details."}
	Cancelled            = Kind{CodeCancelled, "cancelled", "The call was cancelled, or the server stopped."}
	Overloaded           = Kind{CodeOverloaded, "overloaded", "Too many calls are running and queued; try again after data.retry_after_ms."}
)

// Errorf returns an error of the kind that is not retryable.
func (k Kind) Errorf(format string, args ...any) *Error {
	return &Error{Code: k.Code, Type: k.Type, Message: fmt.Sprintf(format, args...)}
}

// Error makes a Kind a target of errors.Is.
func (k Kind) Error() string { return "rpc: " + k.Type }

// Is reports whether target is the error's kind.
func (e *Error) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && kind.Type == e.Type
}
