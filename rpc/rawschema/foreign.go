package rawschema

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// Limits of a foreign schema. The backend takes 5,000 properties at 10 levels,
// and 120,000 characters of names.
const (
	maxSchemaBytes    = 1 << 20
	maxSchemas        = 10_000
	maxSchemas2020    = 2_500 // compiling draft 2020-12 takes time quadratic in these
	maxSchemaDepth    = 100
	maxSchemaPath     = 2 << 10
	maxIdentifiers    = 64      // likewise
	maxReferredValues = 100_000 // compiled again for references to places without subschemas
	maxReferredPlaces = 1_000   // of these, since compiling them takes quadratic time
	maxPatternsSize   = 10 * maxPatternSize
	maxExpansion      = 10_000 // schemas that apply to one value
)

// A SchemaError means that a foreign schema is invalid or too large.
type SchemaError struct {
	Path    string // JSON Pointer to the place in the schema
	Message string // a phrase
	Invalid bool   // whether it is not a schema
}

func (e *SchemaError) Error() string { return e.Message }

func tooLarge(path, format string, args ...any) error {
	return &SchemaError{Path: path, Message: "it is too large to check: " + fmt.Sprintf(format, args...)}
}

// CompileForeign compiles a foreign schema, in bounded time and memory.
// Keywords that cannot be checked are ignored: patterns that Go does not
// support or that are too large, and numbers that are too large to compute
// with. A null keyword counts as absent, except const. The error is a
// [SchemaError].
func CompileForeign(v rawjson.Value) (*Schema, error) {
	const name = "urn:schema"
	if len(v.Bytes()) > maxSchemaBytes {
		return nil, tooLarge("", "%d bytes", len(v.Bytes()))
	}
	p := preparation{root: v.Any(), known: make(map[string]bool)}
	if err := p.prepare(); err != nil {
		return nil, err
	}
	text, _ := json.Marshal(p.root) // it was decoded from JSON
	s, err := compile(name, text)
	if err != nil {
		return nil, schemaError(err)
	}
	if !s.expandsWithinLimit() {
		return nil, tooLarge("", "its references expand to too many schemas")
	}
	return s, nil
}

// refuseToLoad replaces the library's loader, which reads files.
func refuseToLoad(reference string) (io.ReadCloser, error) {
	return nil, fmt.Errorf("%s is not within the schema", reference)
}

// schemaError returns the library's error without its internal details.
func schemaError(err error) error {
	if broken, ok := errors.AsType[*jsonschema.SchemaError](err); ok && broken.Err != nil {
		err = broken.Err
	}
	if invalid, ok := errors.AsType[*jsonschema.ValidationError](err); ok {
		for len(invalid.Causes) > 0 {
			invalid = invalid.Causes[0]
		}
		return &SchemaError{Path: unescapeURL(invalid.InstanceLocation), Message: invalid.Message, Invalid: true}
	}
	return &SchemaError{Message: strings.TrimPrefix(err.Error(), "jsonschema: ")}
}

// A preparation modifies a decoded schema so that it can be compiled.
type preparation struct {
	root        any
	known       map[string]bool // pointers to schemas that were visited
	schemas     int
	identifiers int
	patterns    int // their total size and cost
	referred    int // values
	places      int // referred to, without subschemas
	references  []string
	has2020     bool // keywords of draft 2020-12
}

func (p *preparation) prepare() error {
	if err := p.visit(p.root, "", 0); err != nil {
		return err
	}
	for len(p.references) > 0 {
		pointer := p.references[0]
		p.references = p.references[1:]
		if p.known[pointer] {
			continue
		}
		target, ok := resolve(p.root, pointer)
		if !ok {
			continue // the compiler reports it
		}
		if p.places++; p.places > maxReferredPlaces {
			return tooLarge("", "references to more than %d places without subschemas", maxReferredPlaces)
		}
		if p.referred += count(target); p.referred > maxReferredValues {
			return tooLarge("", "references to more than %d values", maxReferredValues)
		}
		if err := p.visit(target, pointer, 0); err != nil {
			return err
		}
	}
	if p.has2020 && p.schemas > maxSchemas2020 {
		return tooLarge("", "%d schemas of draft 2020-12", p.schemas)
	}
	p.chooseDraft()
	return nil
}

// chooseDraft selects draft 2019-09, which is compiled in linear time, for a
// schema that names no draft, an unknown one, or the newest one without using
// it.
func (p *preparation) chooseDraft() {
	root, ok := p.root.(map[string]any)
	given, isText := root["$schema"].(string)
	if !ok || root["$schema"] != nil && !isText {
		return
	}
	given = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(given, "https://"), "http://"), "#")
	switch given {
	case "json-schema.org/draft/2019-09/schema", "json-schema.org/draft-07/schema", "json-schema.org/draft-06/schema", "json-schema.org/draft-04/schema":
		return
	}
	if delete(root, "$schema"); !p.has2020 {
		root["$schema"] = "https://json-schema.org/draft/2019-09/schema"
	}
}

// Sets of keywords.
var (
	schemaKeywords     = set("additionalItems", "additionalProperties", "contains", "else", "if", "items", "not", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties")
	listKeywords       = set("allOf", "anyOf", "items", "oneOf", "prefixItems")
	mapKeywords        = set("$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties")
	numberKeywords     = set("const", "enum", "exclusiveMaximum", "exclusiveMinimum", "maxContains", "maxItems", "maxLength", "maxProperties", "maximum", "minContains", "minItems", "minLength", "minProperties", "minimum", "multipleOf")
	referenceKeywords  = set("$dynamicRef", "$recursiveRef", "$ref")
	keywordsOf2020     = set("$dynamicAnchor", "$dynamicRef", "prefixItems", "unevaluatedItems") // new, or of another meaning
	identifierKeywords = set("$anchor", "$dynamicAnchor", "$id", "$recursiveAnchor", "id")
	annotationKeywords = set("$comment", "contentEncoding", "contentMediaType", "contentSchema", "default", "deprecated", "description", "examples", "format", "readOnly", "title", "writeOnly")
	keywordsOfOthers   = []string{"additionalProperties", "patternProperties", "unevaluatedProperties"}
)

func set(names ...string) map[string]bool {
	s := make(map[string]bool)
	for _, name := range names {
		s[name] = true
	}
	return s
}

// visit prepares a schema and its subschemas.
func (p *preparation) visit(schema any, path string, depth int) error {
	object, ok := schema.(map[string]any)
	if p.known[path] {
		return nil
	}
	if p.known[path] = true; !ok {
		return nil
	}
	switch p.schemas++; {
	case p.schemas > maxSchemas:
		return tooLarge(path, "more than %d schemas", maxSchemas)
	case depth > maxSchemaDepth:
		return tooLarge("", "%d levels of nested schemas", depth)
	case len(path) > maxSchemaPath:
		return tooLarge("", "a path of %d bytes", len(path))
	}
	for keyword, value := range object {
		if annotationKeywords[keyword] || value == nil && keyword != "const" {
			delete(object, keyword)
			continue
		}
		p.has2020 = p.has2020 || keywordsOf2020[keyword]
		if identifierKeywords[keyword] {
			if p.identifiers++; p.identifiers > maxIdentifiers {
				return tooLarge(path, "more than %d identifiers", maxIdentifiers)
			}
		}
		if reference, ok := value.(string); ok && referenceKeywords[keyword] {
			if err := p.refer(reference, path); err != nil {
				return err
			}
		}
		if numberKeywords[keyword] && tooLargeNumber(value) {
			delete(object, keyword)
		}
	}
	p.dropPatterns(object)
	for keyword, value := range object {
		if err := p.inner(keyword, value, path+"/"+EscapePointer(keyword), depth+1); err != nil {
			return err
		}
	}
	return nil
}

// inner visits the subschemas of a keyword.
func (p *preparation) inner(keyword string, value any, path string, depth int) error {
	switch value := value.(type) {
	case map[string]any:
		if schemaKeywords[keyword] {
			return p.visit(value, path, depth)
		}
		if !mapKeywords[keyword] {
			return nil
		}
		for name, schema := range value {
			if schema == nil {
				delete(value, name)
				continue
			}
			if err := p.visit(schema, path+"/"+EscapePointer(name), depth); err != nil {
				return err
			}
		}
	case []any:
		if !listKeywords[keyword] {
			return nil
		}
		for i, schema := range value {
			if err := p.visit(schema, path+"/"+strconv.Itoa(i), depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// refer records the target of a reference, which need not be where subschemas
// are.
func (p *preparation) refer(reference, path string) error {
	pointer, ok := strings.CutPrefix(reference, "#")
	if ok && (pointer == "" || pointer[0] == '/') {
		p.references = append(p.references, strings.TrimSuffix(unescapeURL(pointer), "/"))
		return nil
	}
	// The library searches all schemas for an identifier.
	if p.identifiers++; p.identifiers > maxIdentifiers {
		return tooLarge(path, "more than %d identifiers", maxIdentifiers)
	}
	return nil
}

// dropPatterns removes patterns that cannot be checked, and the keywords for
// members that match no pattern.
func (p *preparation) dropPatterns(schema map[string]any) {
	if pattern, ok := schema["pattern"].(string); ok && !p.affordable(pattern) {
		delete(schema, "pattern")
	}
	patterns, _ := schema["patternProperties"].(map[string]any)
	for pattern := range patterns {
		if p.affordable(pattern) {
			continue
		}
		for _, keyword := range keywordsOfOthers {
			delete(schema, keyword)
		}
		return
	}
}

func (p *preparation) affordable(pattern string) bool {
	if p.patterns += parsingCost(pattern); p.patterns > maxPatternsSize {
		return false
	}
	size, ok := patternSize(pattern)
	if !ok || p.patterns+size > maxPatternsSize {
		return false
	}
	p.patterns += size
	return true
}

// tooLargeNumber reports whether a value contains a number that is too large to
// compute with.
func tooLargeNumber(value any) bool {
	switch value := value.(type) {
	case json.Number:
		_, ok := rawjson.MustParse(string(value)).Decimal().Rat()
		return !ok || len(value) > 1000
	case []any:
		return slices.ContainsFunc(value, tooLargeNumber)
	case map[string]any:
		for _, member := range value {
			if tooLargeNumber(member) {
				return true
			}
		}
	}
	return false
}

// count returns the number of values in a value, including itself.
func count(value any) int {
	n := 1
	switch value := value.(type) {
	case []any:
		for _, element := range value {
			n += count(element)
		}
	case map[string]any:
		for _, member := range value {
			n += count(member)
		}
	}
	return n
}

// resolve returns the value at a JSON Pointer.
func resolve(value any, pointer string) (any, bool) {
	for pointer != "" {
		var name string
		name, pointer = nextName(pointer)
		switch v := value.(type) {
		case map[string]any:
			member, ok := v[name]
			if !ok {
				return nil, false
			}
			value = member
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}

// expandsWithinLimit reports whether no value is checked against more than
// maxExpansion schemas through references and keywords such as allOf,
// regardless of the number of values. The number can double with each pair of
// references.
func (s *Schema) expandsWithinLimit() bool {
	weights := make(map[*jsonschema.Schema]int)
	var weigh func(*jsonschema.Schema) int
	weigh = func(schema *jsonschema.Schema) int {
		if weight, ok := weights[schema]; ok {
			return weight
		}
		weights[schema] = 0 // for cycles
		weight := 1
		for _, part := range sameValue(schema) {
			weight = min(weight+weigh(part), maxExpansion+1)
		}
		weights[schema] = weight
		return weight
	}
	for schema := range s.facts {
		if weigh(schema) > maxExpansion {
			return false
		}
	}
	return true
}
