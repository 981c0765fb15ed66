package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

const root = "../.."

// TestUpToDate checks that the files in the tree are those that go generate
// writes. Since that runs every example of the document, their results are
// correct.
func TestUpToDate(t *testing.T) {
	files, err := generate(root, (*methods.Service).All)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range files {
		if got, err := os.ReadFile(filepath.Join(root, path)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is out of date (%v): run go generate ./...", path, err)
		}
	}
	present, err := filepath.Glob(filepath.Join(root, "schema", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range present {
		if files["schema/"+filepath.Base(path)] == nil {
			t.Errorf("%s is no longer generated: run go generate ./...", path)
		}
	}
}

func TestEveryMethodHasAnExample(t *testing.T) {
	for _, m := range methods.New(nil, nil, methods.Defaults{}, nil).All() {
		if len(m.Examples()) == 0 {
			t.Errorf("%s has no example", m.Name())
		}
	}
}

type greetParams struct {
	// The person to greet.
	Name  string `json:"name" jsonschema:"minLength=1" sdk:"positional"`
	Times int    `json:"times,omitempty" jsonschema:"minimum=1"`
}

type Greeting struct {
	Text string `json:"text"`
}

type Waved struct {
	Type string `json:"type" jsonschema:"enum=waved"`
}

func greet(_ context.Context, p *greetParams, _ *rpc.Events) (*Greeting, error) {
	if p.Name == "nobody" {
		return nil, errors.New("nobody to greet")
	}
	return &Greeting{"Hello, " + p.Name}, nil
}

// TestOneDeclaration checks that the schemas, the document, the README,
// validation and the clients follow from a declaration.
func TestOneDeclaration(t *testing.T) {
	declare := with(rpc.Stream("test.greet", "Greet a person.", greet).
		Example("a friend", `{"name": "Ada"}`).
		Reports(reflect.TypeFor[Waved]()).
		Fails("file_error").AddedIn("1.1.0").Experimental())
	files, err := generate(root, declare)
	if err != nil {
		t.Fatal(err)
	}
	schemas := map[string][]byte{"test.greet.params.json": files["schema/test.greet.params.json"]}
	params := func(text string) (list []example) {
		v, err := rawjson.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range v.Members() {
			list = append(list, example{name, value.Bytes()})
		}
		return list
	}
	for given, want := range map[string]string{
		`{}`:                          "Missing required parameter: `name`.",
		`{"name": "Ada", "time": 1}`:  "Did you mean `times`?",
		`{"name": "Ada", "times": 0}`: `"path":"/times"`,
	} {
		if _, err := perform(declare, schemas, "test.greet", params(given)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("call with %s: %v, want %s", given, err, want)
		}
	}
	if !bytes.Contains(files["schema/test.greet.result.json"], []byte(`"text"`)) {
		t.Errorf("result schema: %s", files["schema/test.greet.result.json"])
	}
	const row = "| `test.greet` (experimental) | Greet a person. |\n"
	if !bytes.Contains(files["README.md"], []byte(row)) {
		t.Errorf("the README lacks %s", row)
	}
	for path, parts := range map[string][]string{
		"clients/python/src/codex_rpc/_resources.py": {
			"class Test(Resource):\n", "        self.test = Test(caller)\n",
			"    def greet(self, name: str, *, times: int | None = None) -> Object:\n        \"\"\"Greet a person.\n",
			"            times: Passed to the backend.\n",
			"        return self._caller.call(\"test.greet\", {\"name\": name, \"times\": times})\n",
		},
		"clients/python/src/codex_rpc/_async_resources.py": {
			"class AsyncTest(AsyncResource):\n", "        self.test = AsyncTest(caller)\n",
			"    async def greet(self, name: str, *, times: int | None = None) -> Object:\n",
			"        return await self._caller.call(\"test.greet\", {\"name\": name, \"times\": times})\n",
		},
		"clients/node/src/resources.js": {
			"export class Test extends Resource {\n", "  test = new Test(this._session);\n",
			"   * Greet a person.\n   *\n   * @param {string} name\n   * @param {import('../types/api.js').greetParams} [params]\n",
			"  greet(name, params, options) {\n    return this._session.call('test.greet', { name, ...params }, options);\n  }\n",
		},
		"clients/node/types/resources.d.ts": {
			"export declare class Test extends Resource {\n", "    test: Test;\n",
			"    greet(name: string, params?: import('../types/api.js').greetParams, options?: RequestOptions | null): import('./promise.js').APIPromise<Raw>;\n",
		},
		"clients/node/types/declared.d.ts": {"export interface greetParams {\n  times?: number | null;\n}\n"},
	} {
		for _, part := range parts {
			if !bytes.Contains(files[path], []byte(part)) {
				t.Errorf("%s lacks %s", path, part)
			}
		}
	}

	var d document
	if err := json.Unmarshal(files["schema/openrpc.json"], &d); err != nil {
		t.Fatal(err)
	}
	var found method
	for _, m := range d.Methods {
		if m.Name == "test.greet" {
			found = m
		}
	}
	found.Errors = nil
	got, err := json.Marshal(found)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"name":"test.greet","summary":"Greet a person.","paramStructure":"by-name",` +
		`"params":[{"name":"name","required":true,"schema":{"title":"TestGreetName","type":"string","minLength":1}},` +
		`{"name":"times","required":false,"schema":{"title":"TestGreetTimes","type":"integer","minimum":1}}],` +
		`"result":{"name":"Greeting","required":false,"schema":{"$ref":"#/components/schemas/Greeting"}},` +
		`"examples":[{"name":"a friend","params":[{"name":"name","value":"Ada"}],"result":{"name":"Greeting","value":{"text":"Hello, Ada"}}}],` +
		`"x-events":[{"$ref":"#/components/schemas/Waved"}],"x-stability":"experimental","x-since":"1.1.0"}`
	if string(got) != want {
		t.Errorf("method:\n%s, want\n%s", got, want)
	}
	if !bytes.Contains(d.Components.Schemas["Event"], []byte("schemas/Waved")) {
		t.Errorf("events: %s", d.Components.Schemas["Event"])
	}
}

// with returns a declaration of all methods and more.
func with(more ...rpc.Method) declaration {
	return func(s *methods.Service) []rpc.Method { return append(s.All(), more...) }
}

func TestErrorsOfMethods(t *testing.T) {
	one := rpc.Stream("one", "", greet).Fails("file_error")
	other := rpc.Stream("other", "", greet)
	all := []rpc.Method{one, other}
	d, err := describe(all, schemasOf(all, nil), nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []bool{true, false} {
		text, err := json.Marshal(d.Methods[i].Errors)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "/file_error") != want || !strings.Contains(string(text), "/timeout") || strings.Contains(string(text), "/parse_error") {
			t.Errorf("errors of %s: %s", d.Methods[i].Name, text)
		}
	}
}

func TestBadDeclarations(t *testing.T) {
	type Response struct{}
	response := func(context.Context, *greetParams) (*Response, error) { return nil, nil }
	type Broken struct {
		Text int `json:"text"`
	}
	broken := func(context.Context, *greetParams) (*rpc.Raw[Broken], error) {
		return rpc.RawOf[Broken](rawjson.MustParse(`{"text": "x"}`)), nil
	}
	for want, m := range map[string]rpc.Method{
		"unknown error type luck":                  rpc.Stream("m", "", greet).Fails("luck"),
		`the example "e" are not a JSON object`:    rpc.Stream("m", "", greet).Example("e", `[1]`),
		"nobody to greet":                          rpc.Stream("m", "", greet).Example("e", `{"name": "nobody"}`),
		"Unknown parameter: `x`":                   rpc.Stream("m", "", greet).Example("e", `{"name": "n", "x": 1}`),
		`the result of the example "e" is invalid`: rpc.Call("m", "", broken).Example("e", `{"name": "n"}`),
		"two different schemas are named Response": rpc.Call("m", "", response),
	} {
		if _, err := generate(root, with(m)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestTimeless(t *testing.T) {
	for given, want := range map[string]string{
		`{"a": [1786000000, 1786000000.5, 17, 4102444800], "b": "1786000000"}`: `{"a":[1767225600,1767225600,17,4102444800],"b":"1786000000"}`,
		`[]`:                `[]`,
		`{}`:                `{}`,
		`[[], {}, null, 1]`: `[[],{},null,1]`,
		`1e400`:             `1e400`,
	} {
		v, err := rawjson.Parse([]byte(given))
		if err != nil {
			t.Fatal(err)
		}
		if got := timeless(v).Bytes(); string(got) != want {
			t.Errorf("%s: %s, want %s", given, got, want)
		}
	}
}
