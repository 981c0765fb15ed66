// Package schema holds what is generated from the declarations in package
// methods: a JSON Schema (draft 2020-12) of the parameters and of the result of
// each method, in NAME.params.json and NAME.result.json. Parameters are strict:
// a member that is not named is a fault. Results are open: the backend may say
// more. Null stands for a parameter that is not given, whatever its schema.
package schema

import (
	"embed"
)

//go:generate go run ./generate

//go:embed *.json
var files embed.FS

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
