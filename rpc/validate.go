package rpc

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/rpc/rawschema"
)

// A paramsSchema is the schema of a method's parameters. It is read and compiled at
// the first call: compiling all schemas would take longer than the rest of the start.
type paramsSchema struct {
	method string
	// compile returns nil if the method has no schema.
	compile func() (*rawschema.Schema, error)
	// document is the text, for looking up the schema of a fault.
	document rawjson.Value
}

func newParamsSchema(method string, read func(method string) []byte) *paramsSchema {
	s := &paramsSchema{method: method}
	s.compile = sync.OnceValues(func() (*rawschema.Schema, error) {
		text := read(method)
		if text == nil {
			return nil, nil
		}
		var err error
		if s.document, err = rawjson.Parse(text); err != nil {
			return nil, err
		}
		// Without an absolute name the library would derive one from the
		// working directory and include it in messages.
		return rawschema.Compile("urn:jsonrpc:"+method, text)
	})
	return s
}

// check returns the error for invalid parameters, nil if they are valid, or the cause
// of the end of ctx.
func (s *paramsSchema) check(ctx context.Context, params rawjson.Value) error {
	schema, err := s.compile()
	if err != nil {
		return InternalError.Errorf("The schema of %s is invalid: %s.", s.method, OneLine(err.Error()))
	}
	if schema == nil {
		return nil
	}
	if params.Kind() == 0 {
		params = noParams
	}
	found, err := schema.Check(ctx, params, rawschema.Options{NullIsAbsent: true})
	if err != nil || len(found) == 0 {
		return err
	}
	return s.report(found)
}

var noParams = rawjson.MustParse("{}")

// report returns the error for faults.
func (s *paramsSchema) report(found []rawschema.Fault) *Error {
	faults := make([]Fault, len(found))
	unsupported := make(map[string][]string) // sentence to names
	schemas := make(map[string]*violated)    // by path
	for i, f := range found {
		schema := schemas[f.Schema]
		if schema == nil {
			schema = s.violated(f.Schema)
			schemas[f.Schema] = schema
		}
		faults[i] = schema.fault(f)
		if sentence, ok := schema.Get("x-unsupported").Text(); ok {
			name := rawschema.LastName(f.Path)
			unsupported[sentence] = append(unsupported[sentence], name)
			faults[i].Message = unsupportedMessage(sentence, []string{name})
		}
	}
	slices.SortStableFunc(faults, func(a, b Fault) int { return strings.Compare(a.Path, b.Path) })
	faults = slices.Compact(faults)
	kind, message := InvalidParams, faults[0].Message
	if more := len(faults) - 1; more > 0 {
		message = fmt.Sprintf("%s (And %d more, see data.errors.)", message, more)
	}
	for sentence, names := range unsupported {
		kind, message = UnsupportedParameter, unsupportedMessage(sentence, names)
		if strings.Contains(sentence, "%s") {
			break // reported by name instead
		}
	}
	return kind.Errorf("%s", message).With("method", s.method).With("errors", faults)
}

// A violated schema is one with violated keywords. Thousands of unknown parameters
// violate the same.
type violated struct {
	rawjson.Value
	names []string // of its properties
}

func (s *paramsSchema) violated(path string) *violated {
	v := &violated{Value: rawschema.LookUp(s.document, path)}
	for name := range v.Get("properties").Members() {
		v.names = append(v.names, name)
	}
	return v
}

// unsupportedMessage inserts the names into the schema's sentence.
func unsupportedMessage(sentence string, names []string) string {
	slices.Sort(names)
	names = slices.Compact(names)
	return strings.ReplaceAll(sentence, "%s", strings.Join(names, ", "))
}

// fault returns a fault with a message for parameters.
func (v *violated) fault(f rawschema.Fault) Fault {
	switch f.Keyword {
	case "required":
		path := f.Path + "/" + rawschema.EscapePointer(f.Name)
		return Fault{path, fmt.Sprintf("Missing required parameter: `%s`.", parameterName(path))}
	case "additionalProperties":
		hint := ""
		if near := Nearest(rawschema.LastName(f.Path), v.names, 1); len(near) > 0 {
			hint = fmt.Sprintf(" Did you mean `%s`?", near[0])
		}
		return Fault{f.Path, fmt.Sprintf("Unknown parameter: `%s`.%s", parameterName(f.Path), hint)}
	case "minLength":
		if len(f.Value.Inside()) == 0 {
			return Fault{f.Path, fmt.Sprintf("Expected a non-empty value for `%s` but received ''", rawschema.LastName(f.Path))}
		}
	}
	return paramFault(f.Path, f.Message)
}

// parameterName returns the name of a parameter or of a member of one. A member of
// an element of a list is named with its path.
func parameterName(path string) string {
	isIndex := func(name string) bool { _, err := strconv.Atoi(name); return err == nil }
	if slices.ContainsFunc(strings.Split(path, "/"), isIndex) {
		return shorten(path[1:])
	}
	return shorten(rawschema.LastName(path))
}

// paramFault is like FaultAt, but also names the root.
func paramFault(path, phrase string) Fault {
	f := FaultAt(path, phrase)
	if path == "" {
		f.Message = "params: " + f.Message
	}
	return f
}
