package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
	"github.com/codex-rpc/codex-rpc/backend/simulator"
	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/methods/openai"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// A declaration returns the methods of a service.
type declaration func(*methods.Service) []rpc.Method

// complete runs the examples of a document on the simulator and adds their
// results. Parameters and results are validated.
func complete(d *document, declare declaration, files map[string][]byte) error {
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("urn:openrpc", bytes.NewReader(encode(d))); err != nil {
		return err
	}
	for i, m := range d.Methods {
		schema, err := compiler.Compile(fmt.Sprintf("urn:openrpc#/methods/%d/result/schema", i))
		if err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
		for j, e := range m.Examples {
			result, err := perform(declare, files, m.Name, e.Params)
			if err != nil {
				return fmt.Errorf("%s: the example %q fails: %w", m.Name, e.Name, err)
			}
			if err := schema.Validate(result.Any()); err != nil {
				return fmt.Errorf("%s: the result of the example %q is invalid: %w", m.Name, e.Name, err)
			}
			m.Examples[j].Result = &example{Name: m.Result.Name, Value: result.Bytes()}
		}
	}
	return nil
}

// perform calls a method on its own server and simulator, in a directory with a
// file report.csv, and returns the result for the document.
func perform(declare declaration, files map[string][]byte, name string, params []example) (rawjson.Value, error) {
	var none rawjson.Value
	mock, err := simulator.Listen("127.0.0.1:0", simulator.Options{})
	if err != nil {
		return none, err
	}
	defer mock.Close()
	store, err := auth.OpenMemory(simulator.AuthJSON(), auth.Options{Issuer: mock.URL()})
	if err != nil {
		return none, err
	}
	client, err := backend.New(backend.Config{
		ChatGPTBaseURL: mock.URL() + "/backend-api", OpenAIBaseURL: mock.URL() + "/v1",
		ClientVersion: "0.130.0", // has few models, which keeps the document short
		Settings:      backend.DefaultSettings(), Credentials: store,
	})
	if err != nil {
		return none, err
	}
	service := methods.New(client, store, methods.Defaults{}, nil)
	server := rpc.NewServer(rpc.Options{
		Name: "codex-rpc", Version: protocolVersion, ProtocolVersion: 1,
		Methods: declare(service), Notices: methods.Notices(),
		Schema: func(method string) []byte { return files[method+".params.json"] },
	})
	service.ServeOpenAI(openai.New(openai.Options{Call: server.Invoke, DefaultModel: service.DefaultModel}))
	given := make(map[string]json.RawMessage)
	for _, p := range params {
		given[p.Name] = p.Value
	}
	request, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": name, "params": given})
	if err != nil {
		return none, err
	}
	var answers bytes.Buffer
	if err := server.Serve(context.Background(), bytes.NewReader(request), &answers); err != nil {
		return none, err
	}
	lines := strings.Split(strings.TrimSpace(answers.String()), "\n")
	answer, err := rawjson.Parse([]byte(lines[len(lines)-1]))
	if err != nil {
		return none, err
	}
	if fault := answer.Get("error"); fault.Kind() != 0 {
		return none, errors.New(string(fault.Bytes()))
	}
	result := bytes.ReplaceAll(answer.Get("result").Bytes(), []byte(mock.URL()), []byte("https://example.com"))
	return timeless(rawjson.MustParse(string(result))), nil
}

// documented is the time that the document shows: the start of 2026.
const documented = 1767225600

// timeless replaces every number that may be a Unix time between 2020 and 2090.
func timeless(v rawjson.Value) rawjson.Value {
	switch v.Kind() {
	case '{':
		var o rawjson.Object
		for name, member := range v.Members() {
			o.Set(name, timeless(member))
		}
		return o.Value()
	case '[':
		return v.Map(timeless)
	case '0':
		var n float64
		if err := v.Decode(&n); err == nil && n > 1_577_836_800 && n < 3_786_912_000 {
			return rawjson.Int(documented)
		}
	}
	return v
}

// inScratch runs a function in a directory with the files that examples name.
func inScratch(do func() error) error {
	dir, err := os.MkdirTemp("", "codex-rpc-examples")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "report.csv"), []byte("month,total\nJanuary,12\n"), 0o600); err != nil {
		return err
	}
	return in(dir, do)
}
