package main

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const (
	// specification is the newest version of OpenRPC that is supported by both
	// its meta-schema and the clients that its generator makes.
	specification = "1.2.6"
	// protocolVersion is the version of the protocol. initialize returns its
	// first number; the second counts additions.
	protocolVersion = "1.0.0"
)

// lifecycle is the document of a server without methods: what package rpc provides
// beside them.
//
//go:embed lifecycle.json
var lifecycle []byte

// describe returns the document of the methods with their schemas. Its examples
// have no results yet.
func describe(all []rpc.Method, files map[string][]byte, comments map[string]string) (*document, error) {
	d := &document{OpenRPC: specification}
	if err := json.Unmarshal(lifecycle, d); err != nil {
		return nil, fmt.Errorf("lifecycle.json: %w", err)
	}
	d.Info.Version = protocolVersion
	for name, schema := range d.Components.Schemas {
		d.Components.Schemas[name] = titled(schema, name)
	}
	d.Components.Errors = make(map[string]fault)
	for _, e := range methods.ErrorKinds() {
		described := fault{Code: e.Code, Message: e.When}
		described.Data.Type = e.Type
		d.Components.Errors[e.Type] = described
	}
	particular := make(map[string]bool)
	for _, m := range all {
		for _, name := range m.Errors() {
			if _, known := d.Components.Errors[name]; !known {
				return nil, fmt.Errorf("%s: unknown error type %s", m.Name(), name)
			}
			particular[name] = true
		}
	}
	ofServer := d.Methods
	d.Methods = nil
	var events []reference
	for _, m := range all {
		described, err := d.method(m, files, comments, particular)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name(), err)
		}
		d.Methods = append(d.Methods, described)
		events = append(events, described.Events...)
	}
	d.Methods = append(d.Methods, ofServer...)
	for _, n := range methods.Notices() {
		described, err := d.notice(n, comments)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n.Name(), err)
		}
		d.Notifications = append(d.Notifications, described)
	}
	slices.SortFunc(events, func(a, b reference) int { return strings.Compare(a.Ref, b.Ref) })
	return d, d.add("Event", encode(map[string]any{"anyOf": slices.Compact(events)}))
}

// notice describes a notification that clients can subscribe to.
func (d *document) notice(n rpc.Notice, comments map[string]string) (notification, error) {
	described := notification{Name: n.Name(), Summary: n.Summary(), From: "server", Params: []descriptor{}}
	schema, err := d.hoist(schemaOf(n.Params(), comments, true), "")
	if err != nil {
		return described, err
	}
	for name, property := range schema.Get("properties").Members() {
		described.Params = append(described.Params, descriptor{Name: name, Schema: titled(property.Bytes(), typeName(n.Name(), name))})
	}
	return described, nil
}

// method describes a method. An error that some methods declare is specific to
// those; the others can occur in every call, except those of messages that
// reach no method, which JSON-RPC defines for every server.
func (d *document) method(m rpc.Method, files map[string][]byte, comments map[string]string, particular map[string]bool) (method, error) {
	described := method{
		Name: m.Name(), Summary: m.Summary(), ParamStructure: "by-name", Params: []descriptor{},
		Stability: "stable", Since: protocolVersion,
	}
	if !m.Stable() {
		described.Stability = "experimental"
	}
	if since := m.Since(); since != "" {
		described.Since = since
	}
	for _, e := range methods.ErrorKinds() {
		ofMessage := e.Code == rpc.CodeParseError || e.Code == rpc.CodeInvalidRequest || e.Code == rpc.CodeMethodNotFound
		if slices.Contains(m.Errors(), e.Type) || !particular[e.Type] && !ofMessage {
			described.Errors = append(described.Errors, reference{"#/components/errors/" + e.Type})
		}
	}
	if err := d.params(&described, files[m.Name()+".params.json"]); err != nil {
		return method{}, err
	}
	result, err := d.component(m.Name(), m.Result(), files[m.Name()+".result.json"])
	if err != nil {
		return method{}, err
	}
	described.Result = result
	for _, t := range m.Events() {
		event, err := d.component(m.Name(), t, schemaOf(t, comments, true))
		if err != nil {
			return method{}, err
		}
		described.Events = append(described.Events, reference{componentPath + event.Name})
	}
	for _, e := range m.Examples() {
		given, err := rawjson.Parse([]byte(e.Params))
		if err != nil || given.Kind() != '{' {
			return method{}, fmt.Errorf("the parameters of the example %q are not a JSON object", e.Name)
		}
		pair := pairing{Name: e.Name, Params: []example{}}
		for name, value := range given.Members() {
			pair.Params = append(pair.Params, example{name, value.Bytes()})
		}
		described.Examples = append(described.Examples, pair)
	}
	return described, nil
}

// params describes the parameters, the required ones first: generated clients
// pass them by position.
func (d *document) params(m *method, text []byte) error {
	schema, err := d.hoist(text, "Param")
	if err != nil {
		return err
	}
	var required []descriptor
	for name, property := range schema.Get("properties").Members() {
		if property.Get("not").Kind() == '{' { // no value is valid
			m.Unsupported = append(m.Unsupported, name)
			continue
		}
		p := descriptor{name, slices.Contains(requiredOf(schema), name), titled(property.Bytes(), typeName(m.Name, name))}
		if p.Required {
			required = append(required, p)
		} else {
			m.Params = append(m.Params, p)
		}
	}
	m.Params = append(required, m.Params...)
	return nil
}

// component adds the schema of a named type as a component and returns a
// descriptor that refers to it. The schema of another type, such as a list, is
// inlined.
func (d *document) component(name string, t reflect.Type, text []byte) (descriptor, error) {
	schema, err := d.hoist(text, "")
	if err != nil {
		return descriptor{}, err
	}
	if t = shownType(t); t.PkgPath() == "" {
		return descriptor{Name: "result", Schema: titled(schema.Bytes(), typeName(name, "result"))}, nil
	}
	ref := encode(reference{componentPath + t.Name()})
	return descriptor{Name: t.Name(), Schema: ref}, d.add(t.Name(), schema.Bytes())
}

// componentPath is the path of the schemas that others refer to.
const componentPath = "#/components/schemas/"

var localRef = regexp.MustCompile(`"\$ref":"#/\$defs/([^"]+)"`)

// hoist moves the definitions of a schema to the components. Since parameters
// are strict and results open, names of the former get a suffix, as in the
// OpenAI SDKs.
func (d *document) hoist(text []byte, suffix string) (rawjson.Value, error) {
	var compact bytes.Buffer
	_ = json.Compact(&compact, text) // it is valid
	schema := rawjson.MustParse(localRef.ReplaceAllString(compact.String(), `"$$ref":"`+componentPath+`${1}`+suffix+`"`))
	for name, definition := range schema.Get("$defs").Members() {
		if err := d.add(name+suffix, definition.Bytes()); err != nil {
			return rawjson.Value{}, err
		}
	}
	return schema.Without("$schema", "$defs"), nil
}

// add adds a schema as a component.
func (d *document) add(name string, schema []byte) error {
	text := titled(schema, name)
	if known, ok := d.Components.Schemas[name]; ok && !bytes.Equal(known, text) {
		return fmt.Errorf("two different schemas are named %s", name)
	}
	d.Components.Schemas[name] = text
	return nil
}

// titled adds a title to a schema, by which generated code names the type. A
// schema that allows everything gets none.
func titled(schema []byte, title string) []byte {
	if string(schema) == "{}" || schema[0] != '{' || bytes.HasPrefix(schema, []byte(`{"$ref"`)) {
		return schema
	}
	return fmt.Appendf(nil, `{"title":%q,%s`, title, schema[1:])
}

// typeName returns the name of a type that belongs to a part of a method, such
// as ModelsRetrieveTimeout.
func typeName(method, part string) string {
	var name strings.Builder
	for word := range strings.FieldsFuncSeq(method+"."+part, func(r rune) bool { return r == '.' || r == '_' }) {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}
