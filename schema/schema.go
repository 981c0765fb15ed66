// Package schema contains the schemas and the OpenRPC document, which are
// generated from the declarations in package methods.
//
//	text := schema.Params("models.retrieve") // {"$schema": …, "properties": {"model": …}, …}
//
// NAME.params.json and NAME.result.json are JSON Schemas (draft 7) of the
// parameters and the result of each method. Parameters are strict: unknown ones
// are rejected. Their contents are open: items, tools and events are those of
// package vocabulary, and others are passed on. Results are open: the backend
// may add members. A parameter may be null instead of absent, whatever its
// schema.
//
// openrpc.json is the OpenRPC document with all schemas, the errors, the
// notifications, and examples that were run on the simulator.
package schema

import (
	"embed"
	"io/fs"
	"strings"
)

//go:generate go run ./generate

//go:embed *.json
var files embed.FS

// OpenRPC returns the OpenRPC document.
func OpenRPC() []byte { return read("openrpc.json") }

// Methods returns the names of the methods that have schemas, sorted.
func Methods() []string {
	names, _ := fs.Glob(files, "*.params.json") // the pattern is valid
	for i, name := range names {
		names[i] = strings.TrimSuffix(name, ".params.json")
	}
	return names
}

// Params returns the schema of a method's parameters, or nil if there is no
// such method.
func Params(method string) []byte { return read(method + ".params.json") }

// Result returns the schema of a method's result, or nil if there is no such
// method.
func Result(method string) []byte { return read(method + ".result.json") }

func read(name string) []byte {
	text, err := files.ReadFile(name)
	if err != nil {
		return nil
	}
	return text
}
