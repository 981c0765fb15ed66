package main

import (
	"strconv"

	"github.com/codex-rpc/codex-rpc/backend/simulator"
	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/schema/generate/readme"
)

// withTables returns the text of the README with its tables of methods, errors
// and directives as the code has them.
func withTables(text []byte, all []rpc.Method) ([]byte, error) {
	listed := readme.Table("method", "what it does")
	for _, m := range all {
		note := ""
		if !m.Stable() {
			note = " (experimental)"
		}
		listed = listed.Row("`"+m.Name()+"`"+note, m.Summary())
	}
	errors := readme.Table("code", "`data.type`", "when")
	for _, e := range methods.ErrorTypes() {
		code := "400 to 599"
		if e.Code != 0 {
			code = strconv.Itoa(e.Code)
		}
		errors = errors.Row(code, "`"+e.Type+"`", e.When)
	}
	directives := readme.Table("directive", "what it does")
	for _, d := range simulator.Directives() {
		directives = directives.Row("`"+d.Usage()+"`", d.Doc)
	}
	for _, section := range []struct {
		name  string
		table readme.Rows
	}{{"methods", listed}, {"errors", errors}, {"directives", directives}} {
		var err error
		if text, err = readme.Replace(text, section.name, section.table); err != nil {
			return nil, err
		}
	}
	return text, nil
}
