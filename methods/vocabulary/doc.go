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
// at run time items and events stay the JSON text that they came as, so that no
// member is lost, known here or not. Types have the names that the official
// packages give them.
//
// The tag type of a struct's first field names the values of its member type, by
// which the alternatives of a union are told apart. A member with omitempty may be
// left out, and where a client gives it, be null; the tag known lists the texts
// that it is known to hold, beside which there may be others.
//
// A type that is not declared fits every union, and so does a member that is not
// declared every struct: what the backend learns tomorrow passes. A declared member
// is held to its JSON type. That a request lacks a member is for the backend to
// say, since null counts as not given and is accepted everywhere.
package vocabulary

// An Object is a JSON object whose members are not declared.
type Object map[string]any

// A JSONSchema is a JSON Schema.
type JSONSchema map[string]any

// A Union is one of several types.
type Union interface {
	// Union returns a value of each of them.
	Union() []any
}

// Other is the alternative of a union for objects of a type that is not declared.
type Other struct {
	Untyped bool // an object without a type is one of them, too
	Given   bool // clients give them
}

// A TextOr is a text or a T.
type TextOr[T any] struct{}

// Union implements [Union].
func (TextOr[T]) Union() []any { return []any{"", *new(T)} }
