package main

import (
	"bytes"
	"embed"
	"regexp"
	"slices"
	"strings"
	"text/template"

	"github.com/codex-rpc/codex-rpc/schema/generate/readme"
)

//go:embed templates
var templates embed.FS

// render returns the output of a file's template, with functions in addition to
// those of all templates. It panics if the template is faulty.
func render(file string, functions template.FuncMap, data any) []byte {
	t := template.New(file + ".tmpl")
	t.Funcs(functions).Funcs(template.FuncMap{
		"join":  func(separator string, list []string) string { return strings.Join(list, separator) },
		"camel": camel, "cell": readme.Cell, "docstring": docstring, "jsdoc": jsdoc, "mentioned": mentioned, "property": property, "union": union, "wrap": wrap,
		// part returns the text of a part, so that what precedes it can depend on it.
		"part": func(name string, data any) (string, error) {
			var text strings.Builder
			err := t.ExecuteTemplate(&text, name, data)
			return text.String(), err
		},
	})
	template.Must(t.ParseFS(templates, "templates/common.tmpl", "templates/"+file+".tmpl"))
	var text bytes.Buffer
	if err := t.Execute(&text, data); err != nil {
		panic(err)
	}
	return text.Bytes()
}

// mentioned returns the names that occur in code, sorted. Its comments,
// docstrings and strings do not count.
func mentioned(code string, names []string) []string {
	code = notCode.ReplaceAllString(code, "")
	found := slices.DeleteFunc(slices.Clone(names), func(name string) bool {
		return !regexp.MustCompile(`\b` + name + `\b`).MatchString(code)
	})
	slices.Sort(found)
	return slices.Compact(found)
}

var notCode = regexp.MustCompile(`(?s)""".*?"""|/\*.*?\*/|"[^"\n]*"`)
