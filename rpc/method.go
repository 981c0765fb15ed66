package rpc

import (
	"context"
	"reflect"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A Method is one thing that a client can call. [Call] and [Stream] make them;
// what the documents are to tell beside that, such as an [Method.Example], is
// added to the declaration:
//
//	rpc.Call("greet", "Greet a person.", greet).Example("a friend", `{"name": "Ada"}`)
type Method struct {
	name, summary  string
	streams        bool
	params, result reflect.Type
	decode         func(rawjson.Value) (any, error) // the parameters, to a *P
	do             func(ctx context.Context, params any, events *Events) (any, error)
	about          about
}

// Call declares a method by its name, a sentence that says what it does, and
// the function that does it. P and R are the shapes of its parameters and its
// result, as encoding/json sees them; the documents that describe the method
// are generated from them.
//
// The function runs in a goroutine of its own. Its context ends when the call
// is cancelled or the client is gone. What it panics with is answered with
// [CodeInternalError] and does no harm to other calls.
func Call[P, R any](name, summary string, do func(context.Context, *P) (*R, error)) Method {
	m := Stream(name, summary, func(ctx context.Context, params *P, _ *Events) (*R, error) {
		return do(ctx, params)
	})
	m.streams = false
	return m
}

// Stream declares a method that can report events while it runs. Whether it
// does, for instance only if a parameter asks for it, is its own affair.
func Stream[P, R any](name, summary string, do func(context.Context, *P, *Events) (*R, error)) Method {
	return Method{
		name:    name,
		summary: summary,
		streams: true,
		params:  reflect.TypeFor[P](),
		result:  reflect.TypeFor[R](),
		decode:  newDecoder(reflect.TypeFor[P]()).decode,
		do: func(ctx context.Context, params any, events *Events) (any, error) {
			result, err := do(ctx, params.(*P), events)
			if err != nil {
				return nil, err
			}
			return result, nil
		},
	}
}

// Name returns the name that clients call the method by.
func (m Method) Name() string { return m.name }

// Summary returns the sentence that says what the method does.
func (m Method) Summary() string { return m.summary }

// Streams reports whether the method was declared by [Stream].
func (m Method) Streams() bool { return m.streams }

// Params returns the type that the parameters are decoded into.
func (m Method) Params() reflect.Type { return m.params }

// Result returns the type of the result.
func (m Method) Result() reflect.Type { return m.result }

// A Raw holds JSON text that is passed on as it is, and says that its shape is
// T. The documents show T; at run time nothing is decoded, so that no member
// and no digit is lost, known here or not. As a member of parameters it may be
// absent; as a result it must be set.
type Raw[T any] struct{ rawjson.Value }

// RawOf returns a value as a Raw, which says that its shape is T.
func RawOf[T any](v rawjson.Value) *Raw[T] { return &Raw[T]{v} }

// UnmarshalJSON keeps a copy of the text.
func (r *Raw[T]) UnmarshalJSON(text []byte) (err error) {
	r.Value, err = rawjson.Parse(append([]byte(nil), text...))
	return err
}

// JSONSchemaAlias tells the generator of schemas what stands here.
func (Raw[T]) JSONSchemaAlias() any { return *new(T) }

// SetMember sets a member of the object that r holds, in place of one of that
// name or as the last one. What is not an object it leaves as it is.
func (r *Raw[T]) SetMember(name string, v rawjson.Value) {
	if r.Kind() != '{' {
		return
	}
	r.Value = r.With(name, v)
}

func (r *Raw[T]) setRaw(v rawjson.Value) { r.Value = v }

func (r *Raw[T]) wireText() rawjson.Value {
	if r == nil {
		return rawjson.Value{}
	}
	return r.Value
}
