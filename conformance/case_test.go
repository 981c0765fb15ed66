package conformance

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

func TestCaseFiles(t *testing.T) {
	schema := compileSchema(t)
	owner := map[string]string{}
	for _, path := range caseFiles(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(t, schema, text); err != nil {
			t.Errorf("%s: %#v", path, err)
		}
		for _, c := range load(t, path) {
			if method := c.steps()[0].Call.Method; method != strings.TrimSuffix(filepath.Base(path), ".json") {
				t.Errorf("%s: case %s calls %s", path, c.ID, method)
			}
			if owner[c.ID] != "" {
				t.Errorf("case %s is in %s and in %s", c.ID, owner[c.ID], path)
			}
			owner[c.ID] = path
		}
	}
	if len(owner) < 221 {
		t.Errorf("want at least the 221 recorded cases, got %d", len(owner))
	}
}

func TestSchemaIsStrict(t *testing.T) {
	schema := compileSchema(t)
	const sound = `{"cases": [{"id": "a", "call": {"method": "m", "params": {}}, "backend": [{"status": 200, "text": ""}],
		"expect": {"requests": [{"method": "GET", "path": "/"}], "result": 1}}]}`
	const step = `{"call": {"method": "m", "params": {}}, "expect": {"departs": "x"}}`
	for _, text := range []string{
		sound,
		`{"cases": [{"id": "a", "steps": [` + step + `, ` + step + `]}]}`,
		strings.Replace(sound, `"path": "/"`, `"path": "/", "headers": {"a": "b", "c": null, "d": {"{{json}}": {"e": 1}}}`, 1),
	} {
		if err := validate(t, schema, []byte(text)); err != nil {
			t.Fatalf("%s: %#v", text, err)
		}
	}
	for name, change := range map[string][2]string{
		"no cases":               {`"cases"`, `"case"`},
		"unknown case member":    {`"id": "a"`, `"id": "a", "ids": 1`},
		"unknown expectation":    {`"result": 1`, `"result": 1, "results": 1`},
		"neither result nor err": {`, "result": 1`, ``},
		"both result and error":  {`"result": 1`, `"result": 1, "error": {}`},
		"like and error":         {`"result": 1`, `"like": "x", "error": {}`},
		"departs and result":     {`"result": 1`, `"result": 1, "departs": "x"`},
		"no id":                  {`"id": "a", `, ``},
		"a call and steps":       {`"id": "a"`, `"id": "a", "steps": [` + step + `, ` + step + `]`},
		"no call":                {`"call": {"method": "m", "params": {}}, `, ``},
		"a header of a number":   {`"path": "/"`, `"path": "/", "headers": {"a": 1}`},
		"two bodies in a reply":  {`"text": ""`, `"text": "", "json": 1`},
		"no body in a reply":     {`, "text": ""`, ``},
		"two bodies in a request": {`"path": "/"`,
			`"path": "/", "query": {}, "headers": {}, "json": 1, "text": ""`},
		"query within the path":    {`"path": "/"`, `"path": "/?a=b"`},
		"header not in lower case": {`"path": "/"`, `"path": "/", "headers": {"Accept": "x"}`},
		"error data without type":  {`"result": 1`, `"error": {"data": {}}`},
	} {
		t.Run(name, func(t *testing.T) {
			broken := strings.Replace(sound, change[0], change[1], 1)
			if broken == sound {
				t.Fatal("the case is unchanged")
			}
			if validate(t, schema, []byte(broken)) == nil {
				t.Errorf("valid: %s", broken)
			}
		})
	}
}

func TestLoad(t *testing.T) {
	const call = `"call": {"method": "m", "params": {}}`
	file := func(t *testing.T, text string) string {
		path := filepath.Join(t.TempDir(), "m.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	t.Run("shared", func(t *testing.T) {
		cases := load(t, file(t, `{
			"headers": {"accept": "a", "originator": "o"},
			"json": {"n": 12345678901234567890, "s": "base"},
			"replies": {"ok": {"status": 201, "text": "hi"}},
			"results": {"base": {"n": 12345678901234567890, "s": "base"}},
			"cases": [{"id": "a", `+call+`, "backend": ["ok"], "expect": {
				"requests": [{"method": "GET", "path": "/", "headers": {"accept": "own"}}, {"json": {"s": "own"}}],
				"like": "base", "result": {"s": "own"}}},
				{"id": "b", "steps": [{`+call+`, "expect": {"result": 1}}, {`+call+`, "backend": ["ok", {"like": "ok", "headers": {"X-A": "b"}}], "expect": {"like": "base"}}]}]}`))
		c := cases[0]
		if r := c.Backend[0]; r.Status != 201 || *r.Text != "hi" {
			t.Errorf("reply: %+v", r)
		}
		if r := c.Expect.Requests[0]; string(r.Headers["accept"]) != `"own"` || string(r.Headers["originator"]) != `"o"` || r.JSON != nil {
			t.Errorf("request without a body: %+v", r)
		}
		if r := c.Expect.Requests[1]; string(r.JSON) != `{"n":12345678901234567890,"s":"own"}` {
			t.Errorf("body: %s", r.JSON)
		}
		if s := cases[1].steps()[1]; s.Backend[0].Headers["X-A"] != "" || s.Backend[1].Headers["X-A"] != "b" || *s.Backend[1].Text != "hi" {
			t.Errorf("replies: %+v", s.Backend)
		}
		if s := cases[1].steps()[1]; s.Backend[0].Status != 201 || string(s.Expect.Result) != `{"n":12345678901234567890,"s":"base"}` {
			t.Errorf("second step: %+v", s)
		}
		if got := string(c.Expect.Result); got != `{"n":12345678901234567890,"s":"own"}` {
			t.Errorf("result: %s", got)
		}
	})
	for name, tc := range map[string]struct{ text, want string }{
		"no JSON":        {`{`, "unexpected EOF"},
		"unknown member": {`{"case": []}`, `unknown field "case"`},
		"unknown reply":  {`{"cases": [{"id": "a", ` + call + `, "backend": ["x"]}]}`, `case a: no reply is named "x"`},
		"unknown result": {`{"cases": [{"id": "a", ` + call + `, "expect": {"like": "x"}}]}`, `case a: no result is named "x"`},
		"body no object": {`{"json": {"a": 1}, "cases": [{"id": "a", ` + call + `, "expect": {"requests": [{"json": 1}]}}]}`,
			"case a: json: json: cannot unmarshal"},
		"result no object": {`{"results": {"x": {}}, "cases": [{"id": "a", ` + call + `, "expect": {"like": "x", "result": 1}}]}`,
			"case a: result: json: cannot unmarshal"},
		"reply misspelt": {`{"cases": [{"id": "a", ` + call + `, "backend": [{"state": 1}]}]}`, `unknown field "state"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Load(file(t, tc.text))
			if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "m.json") {
				t.Errorf("want an error about the file with %q, got %v", tc.want, err)
			}
		})
	}
	if _, err := Load(filepath.Join(t.TempDir(), "absent.json")); !os.IsNotExist(err) {
		t.Errorf("absent file: %v", err)
	}
}

func TestFillKeepsDigitsAndText(t *testing.T) {
	c := Case{Step: Step{
		Call:    Call{Params: json.RawMessage(`{"path":"{{tmp}}/a","n":1790000000.0}`)},
		Backend: []Reply{{Status: 200, JSON: json.RawMessage(`{"u":"{{origin}}","big":12345678901234567890,"h":"</a>&"}`)}},
	}}
	got, err := c.fill(map[string]string{"origin": "http://h", "tmp": `C:\dir "x"`})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"path":"C:\\dir \"x\"/a","n":1790000000.0}`; string(got.Call.Params) != want {
		t.Errorf("params: want %s, got %s", want, got.Call.Params)
	}
	if want := `{"u":"http://h","big":12345678901234567890,"h":"</a>&"}`; string(got.Backend[0].JSON) != want {
		t.Errorf("reply: want %s, got %s", want, got.Backend[0].JSON)
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("case.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertContent = true
	if err := compiler.AddResource("urn:codex-rpc:conformance:case", bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("urn:codex-rpc:conformance:case")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(t *testing.T, schema *jsonschema.Schema, text []byte) error {
	t.Helper()
	tree, err := decodeTree(text)
	if err != nil {
		t.Fatal(err)
	}
	return schema.Validate(tree)
}
