// Package schema holds what is generated from the declarations in package
// methods.
//
//	text := schema.Params("models.retrieve") // {"$schema": …, "properties": {"model": …}, …}
//
// NAME.params.json and NAME.result.json are JSON Schemas (draft 7) of the
// parameters and of the result of each method. Parameters are strict: a member
// that is not named is a fault. What they hold is not: items, tools and events
// are those of package vocabulary, which others may join. Results are open: the
// backend may say more. Null stands for a parameter that is not given, whatever
// its schema.
//
// openrpc.json is the OpenRPC document, which has all of them, the errors, the
// notifications, and examples that were run on the simulator. Its schemas use
// what JSON Schema draft 7 has.
package schema

import (
	"embed"
	"strings"
)

//go:generate go run ./generate

//go:embed *.json
var files embed.FS

// OpenRPC returns the OpenRPC document.
func OpenRPC() []byte { return read("openrpc.json") }

// Methods returns the names of the methods that have schemas, sorted.
func Methods() []string {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic(err) // it is embedded
	}
	var names []string
	for _, entry := range entries {
		if name, ok := strings.CutSuffix(entry.Name(), ".params.json"); ok {
			names = append(names, name)
		}
	}
	return names
}

// Params returns the schema of a method's parameters, nil if there is no such
// method.
func Params(method string) []byte { return read(method + ".params.json") }

// Result returns the schema of a method's result, nil if there is no such
// method.
func Result(method string) []byte { return read(method + ".result.json") }

func read(name string) []byte {
	text, err := files.ReadFile(name)
	if err != nil {
		return nil
	}
	return text
}
