package rpc

import (
	"context"
	"reflect"
	"sync"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A Method is a method that clients can call. [Call] and [Stream] create methods;
// further documentation, such as a [Method.Example], is added to the declaration:
//
//	rpc.Call("greet", "Greet a person.", greet).Example("a friend", `{"name": "Ada"}`)
type Method struct {
	name, summary  string
	params, result reflect.Type
	decode         func(rawjson.Value) (any, error) // the parameters, to a *P
	do             func(ctx context.Context, params any, events *Events) (any, error)
	about          about
}

// Call declares a method with its name, its summary, and the function that implements
// it. P and R are the types of its parameters and its result, as in encoding/json;
// the documentation of the method is generated from them.
//
// The function runs in its own goroutine. Its context ends when the call is cancelled
// or the client is gone. A panic is answered with [CodeInternalError] and does not
// affect other calls.
func Call[P, R any](name, summary string, do func(context.Context, *P) (*R, error)) Method {
	return Stream(name, summary, func(ctx context.Context, params *P, _ *Events) (*R, error) {
		return do(ctx, params)
	})
}

// Stream declares a method that can report events while it runs, for instance if a
// parameter requests it.
func Stream[P, R any](name, summary string, do func(context.Context, *P, *Events) (*R, error)) Method {
	decoder := sync.OnceValue(func() *decoder { return newDecoder(reflect.TypeFor[P]()) }) // not at the start
	return Method{
		name:    name,
		summary: summary,
		params:  reflect.TypeFor[P](),
		result:  reflect.TypeFor[R](),
		decode:  func(params rawjson.Value) (any, error) { return decoder().decode(params) },
		do: func(ctx context.Context, params any, events *Events) (any, error) {
			result, err := do(ctx, params.(*P), events)
			if err != nil {
				return nil, err
			}
			return result, nil
		},
	}
}

// Name returns the name of the method.
func (m Method) Name() string { return m.name }

// Summary returns the sentence that describes the method.
func (m Method) Summary() string { return m.summary }

// Params returns the type that the parameters are decoded into.
func (m Method) Params() reflect.Type { return m.params }

// Result returns the type of the result.
func (m Method) Result() reflect.Type { return m.result }

// A Raw is JSON text of the type T that is passed on unchanged. T is for
// documentation; at run time the text is not decoded, so that unknown members and
// all digits are kept. As a member of parameters it may be absent; as a result it
// must be set.
type Raw[T any] struct{ rawjson.Value }

// RawOf returns a value as a Raw of the type T.
func RawOf[T any](v rawjson.Value) *Raw[T] { return &Raw[T]{v} }

// UnmarshalJSON keeps a copy of the text.
func (r *Raw[T]) UnmarshalJSON(text []byte) (err error) {
	r.Value, err = rawjson.Parse(append([]byte(nil), text...))
	return err
}

// JSONSchemaAlias returns the type for the generator of schemas.
func (Raw[T]) JSONSchemaAlias() any { return *new(T) }

// SetMember sets a member of the object in r, replacing one of that name. It has no
// effect on other values.
func (r *Raw[T]) SetMember(name string, v rawjson.Value) {
	if r.Kind() != '{' {
		return
	}
	r.Value = r.With(name, v)
}

// A Built is a result like a [Raw], of an object that is written in its parts: copying
// a large one would take longer than the rest of the call.
type Built[T any] struct{ rawjson.Object }

// JSONSchemaAlias returns the type for the generator of schemas.
func (Built[T]) JSONSchemaAlias() any { return *new(T) }

// SetMember sets a member of the object.
func (b *Built[T]) SetMember(name string, v rawjson.Value) { b.Set(name, v) }

func (b *Built[T]) wireText() rawjson.Value { return b.Value() }

func (b *Built[T]) wireParts() [][]byte { return b.ASCIIParts() }

func (r *Raw[T]) setRaw(v rawjson.Value) { r.Value = v }

func (r *Raw[T]) wireText() rawjson.Value {
	if r == nil {
		return rawjson.Value{}
	}
	return r.Value
}
