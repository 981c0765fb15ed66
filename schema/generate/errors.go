package main

import (
	"fmt"

	"github.com/codex-rpc/codex-rpc/rpc"
)

// errorClasses maps error types to the clients' classes.
var errorClasses = map[string]struct{ Python, Node string }{
	"parse_error":           {"RPCError", "APIError"},
	"invalid_request":       {"RPCError", "APIError"},
	"frame_too_large":       {"RPCError", "APIError"},
	"duplicate_id":          {"RPCError", "APIError"},
	"method_not_found":      {"RPCError", "APIError"},
	"invalid_params":        {"InvalidParamsError", "InvalidParamsError"},
	"unsupported_parameter": {"CodexBackendUnsupportedParameterError", "CodexBackendUnsupportedParameterError"},
	"file_error":            {"FileError", "FileError"},
	"internal_error":        {"RPCError", "APIError"},
	// A client discards calls that it cancels itself, so this one was cancelled
	// by the server.
	"cancelled":          {"CallCancelledError", "APIConnectionError"},
	"overloaded":         {"OverloadedError", "OverloadedError"},
	"connection_error":   {"APIConnectionError", "APIConnectionError"},
	"timeout":            {"APITimeoutError", "APIConnectionTimeoutError"},
	"stream_interrupted": {"StreamInterruptedError", "StreamInterruptedError"},
	"response_failed":    {"ResponseFailedError", "ResponseFailedError"},
	"not_authenticated":  {"NotAuthenticatedError", "NotAuthenticatedError"},
	"model_not_found":    {"ModelNotFoundError", "NotFoundError"},
}

// errorTables returns the tables by which the clients choose the class of an
// error. Types whose code is the HTTP status are not included, since the
// clients choose by the status.
func errorTables(types []rpc.Kind) (python, node []byte, err error) {
	type row struct {
		rpc.Kind
		Python, Node string
	}
	var rows []row
	for _, e := range types {
		if e.Code == 0 {
			continue
		}
		class, ok := errorClasses[e.Type]
		if !ok {
			return nil, nil, fmt.Errorf("the clients have no class for the error type %s", e.Type)
		}
		rows = append(rows, row{e, class.Python, class.Node})
	}
	if len(rows) != len(errorClasses) {
		return nil, nil, fmt.Errorf("the clients have classes for %d error types, want %d", len(errorClasses), len(rows))
	}
	return render("error_types.py", nil, rows), render("error-types.js", nil, rows), nil
}
