package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const module = "github.com/codex-rpc/codex-rpc"

// schemasOf returns the schemas of the methods by file name.
func schemasOf(all []rpc.Method, comments map[string]string) map[string][]byte {
	files := make(map[string][]byte)
	for _, m := range all {
		for kind, t := range map[string]reflect.Type{"params": m.Params(), "result": m.Result()} {
			files[m.Name()+"."+kind+".json"] = schemaOf(t, comments, kind == "result")
		}
	}
	return files
}

// readComments returns the doc comments of package methods. The library derives
// package paths from paths relative to the working directory.
func readComments(root string) (map[string]string, error) {
	var r jsonschema.Reflector
	if err := in(root, func() error { return r.AddGoComments(module, "methods", jsonschema.WithFullComment()) }); err != nil {
		return nil, err
	}
	if err := addFieldComments(filepath.Join(root, "methods", "vocabulary"), r.CommentMap); err != nil {
		return nil, err
	}
	for name, text := range r.CommentMap {
		text = strings.Join(strings.Fields(text), " ")
		if _, local, _ := strings.Cut(path.Base(name), "."); !strings.Contains(local, ".") {
			text = description(local, text)
		}
		r.CommentMap[name] = text
	}
	return r.CommentMap, nil
}

// addFieldComments adds the comments of the fields of unexported structs, which the
// library skips: the vocabulary embeds them.
func addFieldComments(dir string, comments map[string]string) error {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return err
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for node := range ast.Preorder(file) {
			spec, ok := node.(*ast.TypeSpec)
			if !ok || spec.Name.IsExported() {
				continue
			}
			if t, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range t.Fields.List {
					for _, name := range field.Names {
						comments[ownType+"."+spec.Name.Name+"."+name.Name] = field.Doc.Text()
					}
				}
			}
		}
	}
	return nil
}

// description returns the doc comment of a type as it reads outside of Go:
// "Tool is a tool." becomes "A tool."
func description(name, comment string) string {
	text, ok := strings.CutPrefix(comment, name+" ")
	if !ok {
		return comment
	}
	for _, verb := range []string{"is ", "are ", "holds "} {
		text = strings.TrimPrefix(text, verb)
	}
	return strings.ToUpper(text[:1]) + text[1:]
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

// schemaOf returns the schema of a type. An open schema allows additional
// members. It panics if the type defines its schema and that is not JSON.
func schemaOf(t reflect.Type, comments map[string]string, open bool) []byte {
	own := &definer{comments: comments, returned: open, defs: make(map[string]any)}
	r := jsonschema.Reflector{
		Anonymous:                 true,
		ExpandedStruct:            true,
		AllowAdditionalProperties: open,
		CommentMap:                comments,
		Mapper: func(t reflect.Type) *jsonschema.Schema {
			if t.PkgPath() == ownType || isShape(t) {
				return &jsonschema.Schema{Extras: own.reference(t)}
			}
			s := shaped(t)
			if s != nil && !open {
				allowNull(s.Extras)
			}
			return s
		},
	}
	schema := r.ReflectFromType(shownType(t))
	// OpenRPC's schemas use this draft as well, and it compiles in a third of
	// the time of later ones. The generated schemas mean the same in both.
	schema.Version = "http://json-schema.org/draft-07/schema#"
	// The requested type is the root of the schema.
	if definition := own.defs[t.Name()]; definition != nil && t.PkgPath() == ownType {
		schema.Extras = definition.(map[string]any)
		delete(own.defs, t.Name())
	}
	for name, definition := range own.defs {
		if schema.Definitions == nil {
			schema.Definitions = make(jsonschema.Definitions)
		}
		schema.Definitions[name] = &jsonschema.Schema{Extras: definition.(map[string]any)}
	}
	return encode(schema)
}

// parsedSchema returns the same as a value.
func parsedSchema(t reflect.Type, comments map[string]string, open bool) rawjson.Value {
	return rawjson.MustParse(string(schemaOf(t, comments, open)))
}

// allowNull allows null for optional members at every depth: null counts as
// absent. Required members must be given.
func allowNull(schema any) {
	switch schema := schema.(type) {
	case []any:
		for _, element := range schema {
			allowNull(element)
		}
	case map[string]any:
		properties, _ := schema["properties"].(map[string]any)
		required, _ := schema["required"].([]any)
		for name, property := range properties {
			if object, ok := property.(map[string]any); ok && !slices.Contains(required, any(name)) {
				properties[name] = orNull(object)
			}
		}
		for _, keyword := range []string{"items", "anyOf", "oneOf", "allOf", "additionalProperties"} {
			allowNull(schema[keyword])
		}
		for _, property := range properties {
			allowNull(property)
		}
	}
}

// orNull returns a schema that also allows null.
func orNull(object map[string]any) map[string]any {
	null := map[string]any{"type": "null"}
	if object["$ref"] != nil {
		return map[string]any{"anyOf": []any{object, null}}
	}
	if kinds := kindsOf(object); kinds != nil && !slices.Contains(kinds, any("null")) {
		object["type"] = append(kinds, "null")
	}
	for _, choice := range []string{"anyOf", "oneOf"} {
		if list, ok := object[choice].([]any); ok {
			object[choice] = append(slices.Clone(list), null)
		}
	}
	if values, ok := object["enum"].([]any); ok && !slices.Contains(values, nil) {
		object["enum"] = append(slices.Clone(values), nil)
	}
	if constant, ok := object["const"]; ok && constant != nil {
		delete(object, "const")
		object["enum"] = []any{constant, nil}
	}
	return object
}

// shownType returns the type that documents show for t.
func shownType(t reflect.Type) reflect.Type {
	if alias, ok := reflect.Zero(t).Interface().(interface{ JSONSchemaAlias() any }); ok {
		return reflect.TypeOf(alias.JSONSchemaAlias())
	}
	return t
}

// encode returns indented JSON. It panics on a type that JSON does not support.
func encode(v any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		panic(err)
	}
	return text.Bytes()
}

// shaped returns the schema that a type defines for itself, or nil.
func shaped(t reflect.Type) *jsonschema.Schema {
	own, ok := reflect.Zero(t).Interface().(interface{ JSONSchemaText() string })
	if !ok {
		return nil
	}
	// As extras, since the library does not support every keyword.
	var members map[string]any
	if err := json.Unmarshal([]byte(own.JSONSchemaText()), &members); err != nil {
		panic(fmt.Sprintf("the schema of %s: %v", t, err))
	}
	return &jsonschema.Schema{Extras: members}
}
