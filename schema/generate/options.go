package main

import (
	"slices"
	"strings"

	"github.com/codex-rpc/codex-rpc/rpc"
)

// optional are the parameters that the Node client adds to calls by itself, if
// the method supports them.
var optional = []string{"extra_headers", "extra_query", "include_headers"}

// nodeOptions returns a table of the methods that support each of them.
func nodeOptions(all []rpc.Method) []byte {
	methods := make(map[string][]string)
	for _, name := range optional {
		methods[name] = slices.Sorted(slices.Values(supporting(all, name)))
	}
	return render("methods.js", nil, methods)
}

// camel returns a name in camel case.
func camel(name string) string {
	words := strings.Split(name, "_")
	for i, word := range words[1:] {
		words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		if word == "url" { // as in baseURL
			words[i+1] = "URL"
		}
	}
	return strings.Join(words, "")
}
