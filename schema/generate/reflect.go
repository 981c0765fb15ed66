package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/codex-rpc/codex-rpc/rpc"
)

const module = "github.com/codex-rpc/codex-rpc"

// schemasOf returns the schemas of the methods by the names of their files.
func schemasOf(all []rpc.Method, comments map[string]string) (map[string][]byte, error) {
	files := make(map[string][]byte)
	for _, m := range all {
		for kind, t := range map[string]reflect.Type{"params": m.Params(), "result": m.Result()} {
			text, err := schemaOf(t, comments, kind == "result")
			if err != nil {
				return nil, fmt.Errorf("%s of %s: %w", kind, m.Name(), err)
			}
			files[m.Name()+"."+kind+".json"] = text
		}
	}
	return files, nil
}

// readComments returns the doc comments of package methods. The library takes
// package paths from paths relative to the working directory.
func readComments(root string) (map[string]string, error) {
	var r jsonschema.Reflector
	if err := in(root, func() error { return r.AddGoComments(module, "methods", jsonschema.WithFullComment()) }); err != nil {
		return nil, err
	}
	for name, text := range r.CommentMap {
		r.CommentMap[name] = strings.Join(strings.Fields(text), " ")
	}
	return r.CommentMap, nil
}

// in runs a function in a working directory.
func in(dir string, do func() error) error {
	before, err := os.Getwd()
	if err != nil {
		return err
	}
	if err := os.Chdir(dir); err != nil {
		return err
	}
	defer os.Chdir(before)
	return do()
}

// schemaOf returns the schema of a type. An open one allows further members.
func schemaOf(t reflect.Type, comments map[string]string, open bool) ([]byte, error) {
	var failed error
	r := jsonschema.Reflector{
		Anonymous:                 true,
		ExpandedStruct:            true,
		AllowAdditionalProperties: open,
		CommentMap:                comments,
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			s, err := shaped(t)
			if err != nil {
				failed = fmt.Errorf("%s: %w", t, err)
			}
			return s
		},
	}
	schema := r.ReflectFromType(shownType(t))
	// OpenRPC's schemas are of this draft, too, and it compiles in a third of
	// the time of the later ones. What is generated reads the same in both.
	schema.Version = "http://json-schema.org/draft-07/schema#"
	if failed != nil {
		return nil, failed
	}
	return encode(schema)
}

// shownType returns the type that the documents show for t.
func shownType(t reflect.Type) reflect.Type {
	if alias, ok := reflect.Zero(t).Interface().(interface{ JSONSchemaAlias() any }); ok {
		return reflect.TypeOf(alias.JSONSchemaAlias())
	}
	return t
}

// encode returns a value as people read JSON.
func encode(v any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(v)
	return text.Bytes(), err
}

// shaped returns the schema that a type gives of itself, nil if it gives none.
func shaped(t reflect.Type) (*jsonschema.Schema, error) {
	own, ok := reflect.Zero(t).Interface().(interface{ JSONSchemaText() string })
	if !ok {
		return nil, nil
	}
	// As members that the library passes on: it knows fewer forms of a schema
	// than there are.
	var members map[string]any
	err := json.Unmarshal([]byte(own.JSONSchemaText()), &members)
	return &jsonschema.Schema{Extras: members}, err
}
