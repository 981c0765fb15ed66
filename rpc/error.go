package rpc

import (
	"maps"
	"strings"
	"unicode"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// The error codes of this package: those of JSON-RPC 2.0, LSP's for a cancelled
// request, and one of the range reserved for servers.
const (
	CodeParseError     = -32700
	CodeInvalidRequest = -32600
	CodeMethodNotFound = -32601
	CodeInvalidParams  = -32602
	CodeInternalError  = -32603
	CodeCancelled      = -32800
	CodeOverloaded     = -32001
)

// An Error is the error of a failed call. A handler returns one to set the code; any
// other error becomes [CodeInternalError].
//
// On the wire, its data is an object that always has the members type and retryable.
type Error struct {
	Code      int
	Message   string         // one line of text
	Type      string         // the kind of error, more specific than Code
	Retryable bool           // whether the same call may succeed later
	Data      map[string]any // further members of data
}

func (e *Error) Error() string { return e.Message }

// With returns e with an additional member of data.
func (e *Error) With(name string, value any) *Error {
	with := *e
	with.Data = maps.Clone(e.Data)
	if with.Data == nil {
		with.Data = make(map[string]any)
	}
	with.Data[name] = value
	return &with
}

// appendTo appends the error object in ASCII.
func (e *Error) appendTo(dst []byte) []byte {
	data := map[string]any{}
	maps.Copy(data, e.Data)
	data["type"], data["retryable"] = e.Type, e.Retryable
	v, err := rawjson.Marshal(struct {
		Code    int            `json:"code"`
		Message string         `json:"message"`
		Data    map[string]any `json:"data"`
	}{e.Code, OneLine(e.Message), data})
	if err != nil { // a member cannot be encoded: send the error without it
		return (&Error{Code: e.Code, Message: e.Message, Type: e.Type, Retryable: e.Retryable}).appendTo(dst)
	}
	return v.AppendTo(dst)
}

// The causes of the end of a call's context.
var (
	errCancelled = Cancelled.Errorf("The call was cancelled by the client.")
	errStopped   = Cancelled.Errorf("The call was cancelled: the server is stopping.")
)

// shorten returns a client's name as an excerpt for a message.
func shorten(name string) string {
	const enough = 100
	if len(name) > enough {
		name = strings.ToValidUTF8(name[:enough], "") + "…"
	}
	return OneLine(name)
}

// OneLine returns text in the form of a message: on one line, with white space
// collapsed and without control and bidirectional formatting characters.
func OneLine(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
	}), " ")
}
