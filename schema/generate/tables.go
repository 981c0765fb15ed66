package main

import (
	"maps"
	"slices"
	"strconv"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/methods/openai"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/schema/generate/readme"
)

// withTables returns the README with its tables of methods and directives
// updated.
func withTables(text []byte, all []rpc.Method) ([]byte, error) {
	listed := readme.Table("method", "what it does")
	for _, m := range all {
		note := ""
		if !m.Stable() {
			note = " (experimental)"
		}
		listed = listed.Row("`"+m.Name()+"`"+note, m.Summary())
	}
	directives := readme.Table("directive", "what it does")
	for _, d := range simulator.Directives() {
		directives = directives.Row("`"+d.Usage()+"`", d.Doc)
	}
	text, err := readme.Replace(text, "methods", listed)
	if err != nil {
		return nil, err
	}
	return readme.Replace(text, "directives", directives)
}

// withParameters returns the page on the OpenAI API with its table of
// unsupported parameters updated.
func withParameters(text []byte) ([]byte, error) {
	table := readme.Table("parameter", "of `/responses`", "of `/chat/completions`", "of images and transcriptions")
	handling := make(map[string][3]string)
	for i, parameters := range [][]openai.Parameter{openai.ResponseParameters, openai.ChatParameters, openai.MediaParameters} {
		for _, p := range parameters {
			row := handling[p.Name]
			row[i] = string(p.Handling)
			handling[p.Name] = row
		}
	}
	for _, name := range slices.Sorted(maps.Keys(handling)) {
		table = table.Row("`"+name+"`", handling[name][0], handling[name][1], handling[name][2])
	}
	return readme.Replace(text, "openai", table)
}

func errorTable() readme.Rows {
	table := readme.Table("code", "`data.type`", "when")
	for _, e := range methods.ErrorKinds() {
		code := "400 to 599"
		if e.Code != 0 {
			code = strconv.Itoa(e.Code)
		}
		table = table.Row(code, "`"+e.Type+"`", e.When)
	}
	return table
}
