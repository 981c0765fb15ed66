package methods

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/schema"
)

// local are the parameters that are not sent, with their effect. Those without the
// name of a method belong to all methods.
var local = map[string]string{
	"timeout":                               "bounds the wait",
	"include_headers":                       "adds headers to the result",
	"stream":                                "events are sent to the client",
	"responses.create.turn":                 "selects the state that is sent: TestTurnStates",
	"responses.parse.turn":                  "as for responses.create",
	"responses.compact.turn":                "no state is sent with a compaction",
	"models.list.force_refresh":             "bypasses the cache",
	"models.retrieve.model":                 "is looked up in the list",
	"files.upload.finalize_timeout":         "bounds the wait",
	"files.upload.finalize_retry_delay":     "bounds the wait",
	"realtime_websocket_url.model":          "is part of the result",
	"realtime_websocket_headers.session_id": "has no effect, as in the Python SDK",
}

// signIn are the methods that only send requests to the issuer.
var signIn = []string{"authenticate", "account_info", "logout"}

// more are calls in which parameters have an effect that have none in the examples.
var more = map[string][]string{
	"responses.create":  {`{"model": "gpt-5.6-luna", "input": "x"}`},
	"responses.parse":   {`{"model": "gpt-5.6-luna", "input": "x", "text_format": {"name": "N", "schema": {}}}`, `{"input": "x", "text_format": {"name": "N", "schema": {}}, "tools": ` + declaredTools + `}`},
	"responses.compact": {`{"model": "gpt-5.6-luna", "input": []}`, `{"input": [], "tools": ` + declaredTools + `}`},
	"openai.request": {
		`{"method": "POST", "path": "/responses", "body": {"model": "gpt-4o", "input": "x", "temperature": 0.5}}`,
		`{"method": "POST", "path": "/files", "headers": {"content-type": "multipart/form-data; boundary=b"}, "body_base64": "LS1iDQpDb250ZW50LURpc3Bvc2l0aW9uOiBmb3JtLWRhdGE7IG5hbWU9ImZpbGUiOyBmaWxlbmFtZT0iYS5jc3YiDQoNCmEsYg0KLS1iLS0NCg=="}`,
	},
}

const declaredTools = `[{"type": "function", "name": "declared", "parameters": {"type": "object", "properties": {}}}]`

// specific are values for parameters whose schema is not sufficient to derive one.
var specific = map[string][]string{
	"aliases":       {`{"gpt-4o": "gpt-5.6-luna"}`},
	"body":          {`{"model": "gpt-4o", "input": "declared"}`},
	"body_base64":   {`""`},
	"file":          {`{"name": "declared.csv", "data": "YSxi"}`},
	"image":         {`"https://example.com/declared.png"`},
	"input":         {`[{"role": "user", "content": "declared"}]`},
	"mask":          {`{"file_id": "file_declared"}`},
	"reasoning":     {`{"effort": "low"}`},
	"text":          {`{"verbosity": "low"}`},
	"text_format":   {`{"name": "Declared", "schema": {"type": "object", "properties": {"n": {"type": "integer"}}}}`},
	"tool_choice":   {`"auto"`, `"required"`},
	"tools":         {declaredTools},
	"traces":        {`[{"id": "declared", "metadata": {"source_path": "p"}, "items": []}]`},
	"transport":     {`"websocket"`},
	"unknown_model": {`"error"`},
	"unsupported":   {`"error"`},
}

// TestParametersAreSent calls each method with each of its parameters, and checks
// that the parameter has an effect on the requests.
func TestParametersAreSent(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"report.csv", "declared"} { // the paths of files
		if err := os.WriteFile(name, []byte("a,b\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	unused := maps.Clone(local)
	for _, m := range harness(t, http.NotFoundHandler()).service.All() {
		if slices.Contains(signIn, m.Name()) {
			continue
		}
		bases := more[m.Name()]
		for _, e := range m.Examples() {
			bases = append(bases, e.Params)
		}
		for name, property := range parsed(t, string(schema.Params(m.Name()))).Get("properties").Members() {
			if property.Get("x-unsupported").Kind() != 0 || property.Get("not").Kind() != 0 {
				continue // unsupported
			}
			if own := m.Name() + "." + name; local[own] != "" || local[name] != "" {
				delete(unused, own)
				delete(unused, name)
			} else if !isSent(t, m.Name(), name, bases, append(specific[name], values(name, property)...)) {
				t.Errorf("%s: %s is declared and never sent", m.Name(), name)
			}
		}
	}
	for name := range unused {
		t.Errorf("%s is listed as not sent, but there is no such parameter", name)
	}
}

// isSent reports whether one of the values changes the requests of one of the
// calls.
func isSent(t *testing.T, method, name string, bases, values []string) bool {
	t.Helper()
	for _, text := range bases {
		base := make(map[string]json.RawMessage)
		if err := json.Unmarshal([]byte(text), &base); err != nil {
			t.Fatal(err)
		}
		without, failed := requestsOf(t, method, base)
		if failed != nil {
			t.Fatalf("%s %s: %+v", method, text, failed)
		}
		for _, value := range values {
			params := maps.Clone(base)
			params[name] = json.RawMessage(value)
			with, failed := requestsOf(t, method, params)
			if with == without || failed != nil && failed.Code == rpc.CodeInvalidParams {
				continue
			}
			if again, _ := requestsOf(t, method, base); again != without {
				t.Fatalf("%s %s makes the requests\n%s\nand then\n%s", method, text, without, again)
			}
			return true
		}
	}
	return false
}

// values returns values of a parameter that match its schema.
func values(name string, s rawjson.Value) (list []string) {
	for _, keyword := range []string{"examples", "enum"} {
		for v := range s.Get(keyword).Elements() {
			list = append(list, string(v.Bytes()))
		}
	}
	for _, keyword := range []string{"anyOf", "oneOf"} {
		for v := range s.Get(keyword).Elements() {
			list = append(list, values(name, v)...)
		}
	}
	for kind, some := range map[string][]string{
		"string":  {`"declared"`},
		"integer": {"7"},
		"number":  {"7"},
		"boolean": {"true", "false"},
		"object":  {fmt.Sprintf(`{"X-%s": "declared"}`, strings.ReplaceAll(name, "_", "-"))},
		"array":   {`["declared"]`},
	} {
		if strings.Contains(string(s.Get("type").Bytes()), `"`+kind+`"`) {
			list = append(list, some...)
		}
	}
	return list
}

// requestsOf returns the requests that a call makes on a new host.
func requestsOf(t *testing.T, method string, params map[string]json.RawMessage) (string, *failure) {
	t.Helper()
	var mu sync.Mutex
	var requests strings.Builder
	backend := simulated(t, "")
	c := harness(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		mu.Lock()
		fmt.Fprintf(&requests, "%s %s\n", r.Method, r.URL)
		for _, name := range slices.Sorted(maps.Keys(r.Header)) {
			fmt.Fprintf(&requests, "%s: %s\n", name, r.Header[name])
		}
		fmt.Fprintf(&requests, "%s\n\n", body)
		mu.Unlock()
		backend.ServeHTTP(w, r)
	}))
	_, _, failed := c.call(method, encoded(t, params))
	mu.Lock()
	defer mu.Unlock()
	return random.ReplaceAllString(requests.String(), "…"), failed
}

// random matches the parts that differ between requests: UUIDs, boundaries, keys of
// WebSockets and ports.
var random = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{60}|Sec-Websocket-Key: .*|127\.0\.0\.1:\d+`)
