package methods

import (
	"context"
	"errors"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/rpc/rawschema"
)

// strictSchema returns a schema whose objects allow no further members, unless
// they say otherwise themselves. It goes where the Python SDK goes: into
// properties of what is an object and nothing else, items, anyOf, oneOf, allOf and
// $defs.
func strictSchema(schema rawjson.Value) rawjson.Value {
	if schema.Kind() != '{' {
		return schema
	}
	isObject := isType(schema, "object")
	var strict rawjson.Object
	for name, value := range schema.Members() {
		switch kind := value.Kind(); {
		case kind == '{' && (name == "properties" && isObject || name == "$defs"):
			strict.SetObject(name, func(o *rawjson.Object) {
				for name, schema := range value.Members() {
					o.Set(name, strictSchema(schema))
				}
			})
		case kind == '{' && name == "items":
			strict.Set(name, strictSchema(value))
		case kind == '[' && (name == "anyOf" || name == "oneOf" || name == "allOf"):
			strict.Set(name, value.Map(strictSchema))
		default:
			strict.Set(name, value)
		}
	}
	if isObject && schema.Get("additionalProperties").Kind() == 0 {
		strict.Set("additionalProperties", rawjson.Bool(false))
	}
	return strict.Value()
}

// An outputSchema is what the text of a response is held against: the schema as
// the caller gave it.
type outputSchema struct{ compiled *rawschema.Schema }

// compiling bounds the schemas that are compiled at once, which takes more memory
// than they have bytes.
var compiling = make(chan struct{}, 2)

// compileOutputSchema returns the schema, or what is wrong with it.
func compileOutputSchema(ctx context.Context, schema rawjson.Value) (*outputSchema, error) {
	type outcome struct {
		compiled *rawschema.Schema
		err      error
	}
	done := make(chan outcome, 1)
	go func() { // a cancel does not wait for it
		compiling <- struct{}{}
		defer func() { <-compiling }()
		var o outcome
		if ctx.Err() == nil {
			o.compiled, o.err = rawschema.CompileForeign(schema)
		}
		done <- o
	}()
	var o outcome
	select {
	case o = <-done:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	var wrong *rawschema.SchemaError
	switch {
	case o.err == nil:
		return &outputSchema{o.compiled}, nil
	case errors.As(o.err, &wrong) && wrong.Invalid:
		return nil, invalidParam("/text_format/schema"+wrong.Path, "The schema of text_format is invalid: %s", faultIn(wrong.Path, wrong.Message).Message)
	case errors.As(o.err, &wrong):
		return nil, invalidParam("/text_format/schema"+wrong.Path, "The schema of text_format cannot be used: %s.", wrong.Message)
	}
	return nil, o.err
}

// Work that the checks of a response may be, in steps of some 50 ns: an allowance,
// and more than any schema that is meant needs for each byte.
const (
	checkAllowance    = 1 << 20
	checkStepsPerByte = 8
)

// checkOf returns a function that tells in what respects a text of a response
// does not fit. One that takes too much work to check passes: the backend has made
// it for this schema. So does any once the context has ended.
func (s *outputSchema) checkOf(ctx context.Context, response rawjson.Value) func(rawjson.Value) []rpc.Fault {
	budget := checkAllowance + checkStepsPerByte*len(response.Bytes())
	return func(v rawjson.Value) []rpc.Fault {
		found, err := s.compiled.Check(ctx, v, rawschema.Options{Budget: &budget})
		if err != nil {
			return nil
		}
		var faults []rpc.Fault
		for i, f := range found {
			if i > 0 && f.Keyword == "required" && found[i-1].Keyword == "required" && f.Path == found[i-1].Path {
				last := &faults[len(faults)-1] // of one object the missing members are one fault
				last.Message = strings.TrimSuffix(last.Message, ".") + ", '" + rpc.OneLine(f.Name) + "'."
				continue
			}
			faults = append(faults, faultIn(f.Path, f.Message))
		}
		return faults
	}
}

// faultIn returns the fault of the value at a path.
func faultIn(path, phrase string) rpc.Fault {
	message := rpc.OneLine(phrase) + "."
	if path != "" {
		message = "`" + rpc.OneLine(path[1:]) + "`: " + message
	}
	return rpc.Fault{Path: path, Message: message}
}
