package methods

import (
	"context"
	"errors"

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

// compileOutputSchema returns the schema that the text of a response is held
// against, as the caller gave it, or what is wrong with it.
func compileOutputSchema(ctx context.Context, schema rawjson.Value) (*rpc.Schema, error) {
	compiled, err := rpc.CompileSchema(ctx, schema)
	if wrong, ok := errors.AsType[*rawschema.SchemaError](err); ok {
		if wrong.Invalid {
			return nil, invalidParam("/text_format/schema"+wrong.Path, "The schema of text_format is invalid: %s", rpc.FaultAt(wrong.Path, wrong.Message).Message)
		}
		return nil, invalidParam("/text_format/schema"+wrong.Path, "The schema of text_format cannot be used: %s.", wrong.Message)
	}
	return compiled, err
}

// Work that the checks of a response may be, in steps of some 50 ns: an allowance,
// and more than any schema that is meant needs for each byte.
const (
	checkAllowance    = 1 << 20
	checkStepsPerByte = 8
)

// outputCheck returns the check of the texts of a response. One that takes too much
// work to check passes: the backend has made it for this schema.
func outputCheck(ctx context.Context, schema *rpc.Schema, response rawjson.Value) func(rawjson.Value) []rpc.Fault {
	budget := checkAllowance + checkStepsPerByte*len(response.Bytes())
	return func(text rawjson.Value) []rpc.Fault { return schema.Check(ctx, text, &budget) }
}
