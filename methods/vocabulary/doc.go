// Package vocabulary declares the types of requests, responses and streams:
// items, content parts, tools and events of the official Responses API and the
// Codex backend.
//
//	type ResponseInputText struct {
//		_    struct{} `type:"input_text"`
//		Text string   `json:"text"`
//	}
//
// The schemas, the OpenRPC document, the types of both clients and the tables of
// the README are generated from these declarations. Nothing is decoded into them:
// at run time items and events remain JSON text, so that members that are not
// declared are preserved. Types have the names of the official packages.
//
// The tag type of a struct's first field lists the values of the member type, which
// selects the alternative of a union. A member with omitempty is optional, and may
// be null in a request. The tag known lists known values of a member, which may also
// have others.
//
// Types and members that are not declared are accepted, so that new features of the
// backend work. A declared member must have its JSON type. Required members of
// requests are checked by the backend only, since null counts as omitted and is
// accepted everywhere.
package vocabulary

// An Object is a JSON object whose members are not declared.
type Object map[string]any

// A JSONSchema is a JSON Schema.
type JSONSchema map[string]any

// A Union is a value of one of several types.
type Union interface {
	// Union returns a value of each of the types.
	Union() []any
}

// Other is the alternative of a union for objects of a type that is not declared.
type Other struct {
	Untyped bool // also for objects without a type
	Given   bool // may occur in requests
}

// A TextOr is a text or a T.
type TextOr[T any] struct{}

// Union implements [Union].
func (TextOr[T]) Union() []any { return []any{"", *new(T)} }
