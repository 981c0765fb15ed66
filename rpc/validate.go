package rpc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A Fault is one thing that is wrong with the parameters of a call.
type Fault struct {
	Path    string `json:"path"` // JSON Pointer (RFC 6901) to the member, "" for the whole
	Message string `json:"message"`
}

// A paramsSchema is the schema that the parameters of a method must fit. It is
// compiled when the method is called for the first time: compiling them all
// would cost more than the rest of the start.
type paramsSchema struct {
	method  string
	text    []byte
	compile func() (*jsonschema.Schema, error)
	// document is the text, to look up what an error is about.
	document rawjson.Value
}

func newParamsSchema(method string, text []byte) *paramsSchema {
	s := &paramsSchema{method: method, text: text}
	s.compile = sync.OnceValues(func() (*jsonschema.Schema, error) {
		var err error
		if s.document, err = rawjson.Parse(s.text); err != nil {
			return nil, err
		}
		// Without an absolute name the library would take one from the
		// working directory and show it in messages.
		name := "urn:jsonrpc:" + method
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource(name, bytes.NewReader(s.text)); err != nil {
			return nil, err
		}
		return compiler.Compile(name)
	})
	return s
}

// check returns what is wrong with the arguments, nil if nothing is.
func (s *paramsSchema) check(given arguments) *Error {
	schema, err := s.compile()
	if err != nil {
		return Errorf(CodeInternalError, "internal_error", "The schema of %s is broken: %s.", s.method, oneLine(err.Error()))
	}
	value := given.checked()
	err = validate(schema, value)
	if err == nil {
		return nil
	}
	var invalid *jsonschema.ValidationError
	if !errors.As(err, &invalid) {
		return Errorf(CodeInvalidParams, "invalid_params", "The parameters cannot be checked: %s.", oneLine(err.Error()))
	}
	e := faultFinder{schema: s.document, params: value}
	e.visit(invalid)
	return e.report(s.method)
}

// validate calls the library, which panics on numbers that it cannot hold.
func validate(schema *jsonschema.Schema, value any) (err error) {
	defer func() {
		if p := recover(); p != nil {
			path, found := findVast(value, "")
			if !found {
				panic(p)
			}
			err = &jsonschema.ValidationError{InstanceLocation: path, Message: "the number is out of range"}
		}
	}()
	return schema.Validate(value)
}

// findVast returns where a number stands that is too large or too small.
func findVast(value any, path string) (string, bool) {
	switch v := value.(type) {
	case json.Number:
		_, ok := new(big.Rat).SetString(string(v))
		return path, !ok
	case map[string]any:
		for name, member := range v {
			if path, found := findVast(member, path+"/"+escapePointer(name)); found {
				return path, true
			}
		}
	case []any:
		for i, element := range v {
			if path, found := findVast(element, path+"/"+strconv.Itoa(i)); found {
				return path, true
			}
		}
	}
	return "", false
}

// A faultFinder turns the library's tree of errors into a list of faults.
type faultFinder struct {
	schema      rawjson.Value
	params      any
	faults      []Fault
	unsupported map[string][]string // sentence to names
}

func (f *faultFinder) report(method string) *Error {
	slices.SortStableFunc(f.faults, func(a, b Fault) int { return strings.Compare(a.Path, b.Path) })
	f.faults = slices.Compact(f.faults)
	kind, message := "invalid_params", f.faults[0].Message
	if more := len(f.faults) - 1; more > 0 {
		message = fmt.Sprintf("%s (And %d more, see data.errors.)", message, more)
	}
	for sentence, names := range f.unsupported {
		kind, message = "unsupported_parameter", unsupportedMessage(sentence, names)
		if strings.Contains(sentence, "%s") {
			break // the one that lists names says more
		}
	}
	return Errorf(CodeInvalidParams, kind, "%s", message).With("method", method).With("errors", f.faults)
}

// unsupportedMessage fills the names into the sentence that the schema gives.
func unsupportedMessage(sentence string, names []string) string {
	slices.Sort(names)
	return strings.ReplaceAll(sentence, "%s", strings.Join(names, ", "))
}

// visit adds the faults below one error. The errors worth telling are the
// leaves; of the branches of a choice, those of the branch that was meant.
func (f *faultFinder) visit(e *jsonschema.ValidationError) {
	switch keyword := lastSegment(e.KeywordLocation); {
	case len(e.Causes) == 0:
		f.leaf(e, pointer(e.InstanceLocation))
	case (keyword == "anyOf" || keyword == "oneOf") && len(e.Causes) > 1:
		f.choice(e)
	default:
		for _, cause := range e.Causes {
			f.visit(cause)
		}
	}
}

// choice adds the faults of the branch that fits best: one that did not fail
// for the type of the value itself. If all did, the types are told together.
func (f *faultFinder) choice(e *jsonschema.ValidationError) {
	var best []Fault
	var types []string
	for _, branch := range e.Causes {
		inner := faultFinder{schema: f.schema, params: f.params}
		inner.visit(branch)
		if wanted := inner.typesAt(branch, e.InstanceLocation); wanted != nil {
			types = append(types, wanted...)
		} else if best == nil || len(inner.faults) < len(best) {
			best = inner.faults
		}
	}
	if best == nil {
		path := pointer(e.InstanceLocation)
		best = []Fault{{path, f.wrongType(path, types)}}
	}
	f.faults = append(f.faults, best...)
}

// typesAt returns the types that a branch wants of the value at path, if that
// is where it failed.
func (f *faultFinder) typesAt(e *jsonschema.ValidationError, path string) []string {
	for len(e.Causes) > 0 {
		e = e.Causes[0]
	}
	if e.InstanceLocation != path || lastSegment(e.KeywordLocation) != "type" {
		return nil
	}
	return f.wantedTypes(e)
}

func (f *faultFinder) wantedTypes(e *jsonschema.ValidationError) []string {
	wanted := f.at(e).Get("type")
	if text, ok := wanted.Text(); ok {
		return []string{text}
	}
	var types []string
	for element := range wanted.Elements() {
		text, _ := element.Text()
		types = append(types, text)
	}
	return types
}

// at returns the schema object that holds the keyword which failed.
func (f *faultFinder) at(e *jsonschema.ValidationError) rawjson.Value {
	_, location, _ := strings.Cut(e.AbsoluteKeywordLocation, "#")
	return lookUp(f.schema, parent(pointer(location)))
}

// pointer returns the JSON Pointer that the library has escaped for a URL.
func pointer(location string) string {
	if plain, err := url.PathUnescape(location); err == nil {
		return plain
	}
	return location
}

// maxFaults bounds the faults that are told of one call.
const maxFaults = 1000

func (f *faultFinder) add(path, format string, args ...any) {
	if len(f.faults) < maxFaults {
		f.faults = append(f.faults, Fault{path, fmt.Sprintf(format, args...)})
	}
}

func (f *faultFinder) leaf(e *jsonschema.ValidationError, path string) {
	schema := f.at(e)
	name := lastSegment(path)
	if sentence, ok := schema.Get("x-unsupported").Text(); ok {
		if f.unsupported == nil {
			f.unsupported = make(map[string][]string)
		}
		f.unsupported[sentence] = append(f.unsupported[sentence], name)
		f.add(path, "%s", unsupportedMessage(sentence, []string{name}))
		return
	}
	value := find(f.params, path)
	switch lastSegment(e.KeywordLocation) {
	case "required":
		object, _ := value.(map[string]any)
		for element := range schema.Get("required").Elements() {
			name, _ := element.Text()
			if _, given := object[name]; !given {
				f.add(path+"/"+escapePointer(name), "Missing required parameter: `%s`.", name)
			}
		}
	case "additionalProperties":
		f.unknown(path, value, schema.Get("properties"))
	case "type":
		f.add(path, "%s", f.wrongType(path, f.wantedTypes(e)))
	case "minLength":
		if value == "" {
			f.add(path, "Expected a non-empty value for `%s` but received ''", name)
			return
		}
		fallthrough
	default:
		f.add(path, "%s: %s.", describePath(path), oneLine(e.Message))
	}
}

func (f *faultFinder) unknown(path string, value any, properties rawjson.Value) {
	var known []string
	for key := range properties.Members() {
		name, _ := key.Text()
		known = append(known, name)
	}
	object, _ := value.(map[string]any)
	for name := range object {
		if slices.Contains(known, name) {
			continue
		}
		if len(f.faults) == maxFaults {
			return
		}
		hint := ""
		if near := Nearest(name, known, 1); len(near) > 0 {
			hint = fmt.Sprintf(" Did you mean `%s`?", near[0])
		}
		f.add(path+"/"+escapePointer(name), "Unknown parameter: `%s`.%s", shorten(name), hint)
	}
}

func (f *faultFinder) wrongType(path string, types []string) string {
	slices.Sort(types)
	types = slices.Compact(types)
	wanted := strings.Join(types, " or ")
	return fmt.Sprintf("%s: expected %s, but got %s.", describePath(path), wanted, kindOf(find(f.params, path)))
}

// describePath names a place in the parameters for a sentence.
func describePath(path string) string {
	if path == "" {
		return "params"
	}
	return "`" + shorten(strings.TrimPrefix(path, "/")) + "`"
}

func kindOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	return "number"
}
