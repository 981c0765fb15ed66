package methods

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// strictSchema returns the text of a schema whose objects allow no further
// members, unless they say otherwise themselves. It goes where the Python SDK
// goes: into properties of what is an object and nothing else, items, anyOf,
// oneOf, allOf and $defs.
func strictSchema(schema rawjson.Value) []byte {
	if schema.Kind() != '{' {
		return schema.Bytes()
	}
	isObject := isType(schema, "object")
	var strict object
	for key, value := range schema.Members() {
		name, _ := key.Text()
		switch {
		case name == "properties" && isObject, name == "$defs":
			strict.given(name, strictMembers(value))
		case name == "items" && value.Kind() == '{':
			strict.given(name, strictSchema(value))
		case name == "anyOf" || name == "oneOf" || name == "allOf":
			strict.given(name, strictElements(value))
		default:
			strict.setValue(name, value)
		}
	}
	if isObject && schema.Get("additionalProperties").Kind() == 0 {
		strict.set("additionalProperties", "false")
	}
	return strict.end()
}

func strictMembers(schemas rawjson.Value) []byte {
	if schemas.Kind() != '{' {
		return schemas.Bytes()
	}
	var strict object
	for key, schema := range schemas.Members() {
		name, _ := key.Text()
		strict.given(name, strictSchema(schema))
	}
	return strict.end()
}

func strictElements(schemas rawjson.Value) []byte {
	if schemas.Kind() != '[' {
		return schemas.Bytes()
	}
	return appendList(nil, schemas, func(dst []byte, schema rawjson.Value) []byte {
		return append(dst, strictSchema(schema)...)
	})
}

// An outputSchema is what the text of a response is held against: the schema as
// the caller gave it.
type outputSchema struct{ compiled *jsonschema.Schema }

// compileOutputSchema returns the schema, or what is wrong with it.
func compileOutputSchema(schema rawjson.Value) (*outputSchema, error) {
	const name = "urn:text_format"
	compiler := jsonschema.NewCompiler()
	compiler.LoadURL = func(reference string) (io.ReadCloser, error) {
		// The library would read files.
		return nil, fmt.Errorf("%s is not within the schema", reference)
	}
	err := compiler.AddResource(name, bytes.NewReader(schema.Bytes()))
	if err == nil {
		var compiled *jsonschema.Schema
		if compiled, err = compiler.Compile(name); err == nil {
			return &outputSchema{compiled}, nil
		}
	}
	var broken *jsonschema.SchemaError
	if errors.As(err, &broken) && broken.Err != nil {
		err = broken.Err
	}
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		fault := leaves(nil, invalid)[0]
		return nil, invalidParam("/text_format/schema"+fault.Path, "The schema of text_format is none: %s", fault.Message)
	}
	return nil, invalidParam("/text_format/schema", "The schema of text_format cannot be used: %s.", strings.TrimPrefix(err.Error(), "jsonschema: "))
}

// check returns in what respects a value does not fit.
func (s *outputSchema) check(v rawjson.Value) (faults []rpc.Fault) {
	defer func() {
		// The library panics on numbers that it cannot hold.
		if recover() != nil {
			faults = []rpc.Fault{{Path: "", Message: "a number in it is out of range."}}
		}
	}()
	err := s.compiled.Validate(v.Any())
	var invalid *jsonschema.ValidationError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &invalid):
		faults = leaves(nil, invalid)
		slices.SortStableFunc(faults, func(a, b rpc.Fault) int { return strings.Compare(a.Path, b.Path) })
		return faults
	}
	return []rpc.Fault{{Path: "", Message: oneLine(err.Error()) + "."}}
}

// leaves appends the innermost causes of an error, which are what is wrong.
func leaves(dst []rpc.Fault, e *jsonschema.ValidationError) []rpc.Fault {
	for _, cause := range e.Causes {
		dst = leaves(dst, cause)
	}
	if len(e.Causes) > 0 {
		return dst
	}
	path := e.InstanceLocation
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	message := oneLine(e.Message) + "."
	if path != "" {
		message = "`" + oneLine(path[1:]) + "`: " + message
	}
	return append(dst, rpc.Fault{Path: path, Message: message})
}
