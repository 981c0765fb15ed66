package methods

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
	"github.com/codex-rpc/codex-rpc/backend/backendtest"
	"github.com/codex-rpc/codex-rpc/backend/simulator"
	"github.com/codex-rpc/codex-rpc/methods/openai"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/schema"
)

// A caller calls methods over a pipe.
type caller struct {
	t       *testing.T
	service *Service
	server  *rpc.Server
	in      io.Writer
	out     *bufio.Reader
	calls   int
}

// A failure is the error of a call.
type failure struct {
	Code    int
	Message string
	Data    map[string]any
}

// kind returns the type of the error.
func (f *failure) kind() string {
	kind, _ := f.Data["type"].(string)
	return kind
}

// paths returns the paths of the faults.
func (f *failure) paths() (paths []string) {
	faults, _ := f.Data["errors"].([]any)
	for _, fault := range faults {
		paths = append(paths, fault.(map[string]any)["path"].(string))
	}
	return paths
}

// harness returns a caller of all methods on a backend served on loopback.
func harness(t *testing.T, served http.Handler) *caller {
	t.Helper()
	return harnessServed(t, served, backend.Config{})
}

// harnessServed is harness with a configuration beyond the base URLs.
func harnessServed(t *testing.T, served http.Handler, config backend.Config) *caller {
	t.Helper()
	server := httptest.NewServer(served)
	t.Cleanup(server.Close)
	config.ChatGPTBaseURL, config.OpenAIBaseURL = server.URL+"/backend-api", server.URL+"/v1"
	return harnessOn(t, config)
}

// fakeCredentials are credentials with functions for their methods.
type fakeCredentials struct {
	token   func() backend.Token
	refresh func() // nil if it has no effect
}

func (c fakeCredentials) Token(context.Context) (backend.Token, error) { return c.token(), nil }
func (c fakeCredentials) Refresh(context.Context, backend.Token) (backend.Token, error) {
	if c.refresh != nil {
		c.refresh()
	}
	return c.token(), nil
}

// parsed parses JSON.
func parsed(t *testing.T, text string) rawjson.Value {
	t.Helper()
	v, err := rawjson.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// harnessOn returns a caller of all methods on a client with a configuration. It
// does not retry. Without credentials, it uses a signed-in account.
func harnessOn(t *testing.T, config backend.Config) *caller {
	t.Helper()
	if config.Credentials != nil {
		return harnessWith(t, credentialsStore{credentials: config.Credentials}, config)
	}
	return harnessWith(t, memoryStore(t, config.ChatGPTBaseURL, signedInJSON), config)
}

// signedInJSON is the auth.json of a signed-in account.
const signedInJSON = `{"OPENAI_API_KEY": "key", "tokens": {"access_token": "access", "account_id": "account"}}`

// memoryStore returns a store that starts from the text of an auth.json, "" for
// none. The issuer has the origin of the base URL, if one is given.
func memoryStore(t *testing.T, base, authJSON string) *auth.Store {
	t.Helper()
	var text []byte
	if authJSON != "" {
		text = []byte(authJSON)
	}
	store, err := auth.OpenMemory(text, auth.Options{Issuer: strings.TrimSuffix(base, "/backend-api")})
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// A credentialsStore is a Store that only has credentials.
type credentialsStore struct {
	Store
	credentials backend.Credentials
}

func (s credentialsStore) Token(ctx context.Context) (backend.Token, error) {
	return s.credentials.Token(ctx)
}

func (s credentialsStore) Refresh(ctx context.Context, rejected backend.Token) (backend.Token, error) {
	return s.credentials.Refresh(ctx, rejected)
}

// harnessWith returns a caller of all methods on a store and a client.
func harnessWith(t *testing.T, store Store, config backend.Config) *caller {
	t.Helper()
	config.Credentials = store
	config.Settings = backend.Settings{Timeout: 10 * time.Second}
	client, err := backend.New(config)
	if err != nil {
		t.Fatal(err)
	}
	service := New(client, store, Defaults{Model: "gpt-5.5"}, nil)
	server := rpc.NewServer(rpc.Options{Methods: service.All(), Notices: Notices(), Schema: schema.Params, Redact: service.Redact, Interrupt: InterruptNotification})
	service.OnNotice(server.Notify)
	service.ServeOpenAI(openai.New(openai.Options{Call: server.Invoke, DefaultModel: service.DefaultModel}))
	in, write := io.Pipe()
	read, out := io.Pipe()
	var served sync.WaitGroup
	served.Go(func() { server.Serve(context.Background(), in, out) })
	t.Cleanup(func() {
		write.Close()
		read.Close() // ends calls that a failed test left behind
		served.Wait()
	})
	return &caller{t: t, service: service, server: server, in: write, out: bufio.NewReader(read)}
}

// call calls a method with JSON parameters, and returns the events and either the
// result or the error.
func (c *caller) call(method, params string) (events []rawjson.Value, result rawjson.Value, failed *failure) {
	c.t.Helper()
	c.begin(method, params)
	for {
		message := c.receive()
		if message.Get("method").Kind() != 0 {
			events = append(events, message.Get("params").Get("event"))
			continue
		}
		if fault := message.Get("error"); fault.Kind() != 0 {
			if err := fault.Decode(&failed); err != nil {
				c.t.Fatal(err)
			}
		}
		return events, message.Get("result"), failed
	}
}

// begin calls a method and returns the id of the call.
func (c *caller) begin(method, params string) int {
	c.t.Helper()
	c.calls++
	c.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`, c.calls, method, params))
	return c.calls
}

func (c *caller) send(message string) {
	c.t.Helper()
	if _, err := io.WriteString(c.in, strings.ReplaceAll(message, "\n", " ")+"\n"); err != nil {
		c.t.Fatal(err)
	}
}

// receive returns the next message.
func (c *caller) receive() rawjson.Value {
	c.t.Helper()
	line, err := c.out.ReadBytes('\n')
	if err != nil {
		c.t.Fatal(err)
	}
	message, err := rawjson.Parse(line)
	if err != nil {
		c.t.Fatal(err)
	}
	return message
}

// result calls a method that must succeed.
func (c *caller) result(method, params string) rawjson.Value {
	c.t.Helper()
	_, result, failed := c.call(method, params)
	if failed != nil {
		c.t.Fatalf("%s: %+v", method, failed)
	}
	return result
}

// failure calls a method that must fail.
func (c *caller) failure(method, params string) *failure {
	c.t.Helper()
	_, result, failed := c.call(method, params)
	if failed == nil {
		c.t.Fatalf("%s: no error, but %s", method, result.Bytes())
	}
	if !c.declares(method, failed.kind()) {
		c.t.Errorf("%s fails with %s, which is not declared", method, failed.kind())
	}
	for name := range failed.Data {
		if kinds := documentedData[name]; !slices.Contains(kinds, failed.kind()) && !slices.Contains(kinds, "all") {
			c.t.Errorf("%s fails with %s, whose member %s is not in schema/PROTOCOL.md", method, failed.kind(), name)
		}
	}
	return failed
}

// documentedData holds the types of errors, or "all", that have a member in their
// data, by its name, as the protocol page lists them. It is read before tests change
// the working directory.
var documentedData = readDocumentedData()

func readDocumentedData() map[string][]string {
	page, err := os.ReadFile("../schema/PROTOCOL.md")
	if err != nil {
		panic(err)
	}
	_, section, _ := strings.Cut(string(page), "\n## Errors\n")
	kinds := map[string][]string{"type": {"all"}, "retryable": {"all"}}
	word := regexp.MustCompile("`([a-z_]+)`|\\ball\\b")
	for line := range strings.Lines(section) {
		columns := strings.Split(line, " | ")
		if len(columns) != 3 {
			continue
		}
		for _, name := range word.FindAllStringSubmatch(columns[0], -1) {
			for _, kind := range word.FindAllStringSubmatch(columns[1], -1) {
				kinds[name[1]] = append(kinds[name[1]], cmp.Or(kind[1], kind[0]))
			}
		}
	}
	return kinds
}

// declares reports whether a method declares an error, or no method does: such
// errors are common to all.
func (c *caller) declares(method, kind string) bool {
	common := true
	for _, m := range c.service.All() {
		if slices.Contains(m.Errors(), kind) {
			if m.Name() == method {
				return true
			}
			common = false
		}
	}
	return common
}

// simulated returns the simulator with directives.
func simulated(t *testing.T, directives string) http.Handler {
	t.Helper()
	s, err := simulator.New(simulator.Options{Scenario: directives})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A reply is the answer of a script to a request.
type reply = backendtest.Reply

var (
	events    = backendtest.Events
	jsonReply = backendtest.JSON
)

// script returns a backend that answers requests with the replies in order.
func script(replies ...reply) *backendtest.Backend {
	var steps []backendtest.Step
	for _, r := range replies {
		steps = append(steps, r.Play)
	}
	return backendtest.New(backendtest.Once(steps...))
}

// sameJSON reports two JSON texts that differ in value.
func sameJSON(t *testing.T, what, got, want string) {
	t.Helper()
	normal := func(text string) string {
		v, err := rawjson.Parse([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v: %s", what, err, text)
		}
		sorted, err := json.Marshal(v.Any())
		if err != nil {
			t.Fatal(err)
		}
		return string(sorted)
	}
	if got, want := normal(got), normal(want); got != want {
		t.Errorf("%s\n got %s\nwant %s", what, got, want)
	}
}

func encoded(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
