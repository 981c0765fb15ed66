package methods

import (
	"context"
	"errors"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/rpc/rawschema"
)

// strictSchema sets additionalProperties to false where an object schema omits it.
// Like the Python SDK it descends into items, anyOf, oneOf, allOf, $defs, and the
// properties of schemas whose only type is object.
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

// compileOutputSchema compiles the schema that the text of a response must match,
// as given by the caller.
func compileOutputSchema(ctx context.Context, schema rawjson.Value) (*rpc.Schema, error) {
	compiled, err := rpc.CompileSchema(ctx, schema)
	if e, ok := errors.AsType[*rawschema.SchemaError](err); ok {
		if e.Invalid {
			return nil, invalidParam("/text_format/schema"+e.Path, "The schema of text_format is invalid: %s", rpc.FaultAt(e.Path, e.Message).Message)
		}
		return nil, invalidParam("/text_format/schema"+e.Path, "The schema of text_format cannot be used: %s.", e.Message)
	}
	return compiled, err
}

// The budget for checking a response, in steps of about 50 ns: a base, and more
// per byte than any reasonable schema needs.
const (
	checkAllowance    = 1 << 20
	checkStepsPerByte = 8
)

// outputCheck returns a function that checks texts of a response. When the budget
// is exhausted, texts pass: the backend has generated them for this schema.
func outputCheck(ctx context.Context, schema *rpc.Schema, response rawjson.Value) func(rawjson.Value) []rpc.Fault {
	budget := checkAllowance + checkStepsPerByte*len(response.Bytes())
	return func(text rawjson.Value) []rpc.Fault { return schema.Check(ctx, text, &budget) }
}
