package main

import (
	"os"
	"path/filepath"
	"reflect"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/methods/openai"
	"github.com/codex-rpc/codex-rpc/methods/vocabulary"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/schema/generate/readme"
)

// withTables adds the documents whose tables follow from the declarations.
func withTables(files map[string][]byte, root string, all []rpc.Method, notifications []notification, comments map[string]string) error {
	for path, tables := range map[string]map[string]any{
		"README.md":          {"methods": all, "directives": simulator.Directives()},
		"schema/PROTOCOL.md": {"notifications": notifications, "events": eventShapes(comments), "errors": methods.ErrorKinds()},
		"schema/OPENAI.md":   {"openai": unsupported()},
	} {
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			return err
		}
		for name, data := range tables {
			table := render("tables.md", nil, map[string]any{"Name": name, "Data": data})
			if text, err = readme.Replace(text, name, string(table)); err != nil {
				return err
			}
		}
		files[path] = text
	}
	return nil
}

// eventShapes returns the shapes of the events of responses.
func eventShapes(comments map[string]string) (list []shape) {
	for _, v := range (vocabulary.ResponseStreamEvent{}).Union() {
		if t := reflect.TypeOf(v); t != otherType {
			list = append(list, shapeOf(t, comments))
		}
	}
	return list
}

// unsupported returns how the OpenAI API handles unsupported parameters of
// /responses, of /chat/completions, and of images and transcriptions.
func unsupported() map[string][3]openai.Handling {
	handling := make(map[string][3]openai.Handling)
	for i, parameters := range [][]openai.Parameter{openai.ResponseParameters, openai.ChatParameters, openai.MediaParameters} {
		for _, p := range parameters {
			row := handling[p.Name]
			row[i] = p.Handling
			handling[p.Name] = row
		}
	}
	return handling
}
