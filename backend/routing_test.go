package backend

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
)

// A routed backend records its requests.
type routedBackend struct {
	*httptest.Server
	*backendtest.Backend
	listed int // requests that lines has returned
}

func serveRoutes(t *testing.T, answer http.HandlerFunc) *routedBackend {
	b := backendtest.New(backendtest.Serve(answer))
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	return &routedBackend{Server: server, Backend: b}
}

// lines returns the path of each request since the last call, with the headers of
// the route.
func (b *routedBackend) lines() (lines []string) {
	requests := b.Requests()
	for _, r := range requests[b.listed:] {
		lines = append(lines, fmt.Sprintf("%s %s/%s", r.URL.Path, r.Header.Get(residencyHeader), r.Header.Get(overrideHeader)))
	}
	b.listed = len(requests)
	return lines
}

func TestRoute(t *testing.T) {
	ok := func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte(`{}`)) }
	workspace := serveRoutes(t, ok)
	base := serveRoutes(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/check") {
			fmt.Fprintf(w, `{"accounts":[{"id":"other"},{"account_id":"a","workspace_backend_origin":%q,"account_routing_override":"us_cr"}]}`, workspace.URL)
			return
		}
		ok(w, r)
	})
	var log bytes.Buffer
	client := func(residency string) *Client {
		c, err := New(Config{
			ChatGPTBaseURL: base.URL + "/backend-api", OpenAIBaseURL: base.URL + "/v1", Logger: slog.New(slog.NewTextHandler(&log, nil)),
			Credentials: StaticCredentials(Token{Access: "access", AccountID: "a", Residency: residency}),
		})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	call := func(c *Client, r Request) {
		t.Helper()
		if _, _, err := c.JSON(t.Context(), &r); err != nil {
			t.Error(err)
		}
	}
	// An account without a residency needs no route.
	call(client(""), Request{Base: Codex, Path: []string{"responses"}})
	if got := strings.Join(base.lines(), "\n"); got != "/backend-api/codex/responses /" {
		t.Errorf("without a residency:\n%s", got)
	}
	// Concurrent calls share one request for the route.
	c := client("us")
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() { call(c, Request{Base: Codex, Path: []string{"responses"}}) })
	}
	all.Wait()
	call(c, Request{Base: ChatGPT, Path: []string{"wham", "usage"}})
	call(c, Request{Base: OpenAI, Path: []string{"embeddings"}})
	want := "/backend-api/wham/accounts/check us/\n/backend-api/wham/usage us/\n/v1/embeddings /"
	if got := strings.Join(base.lines(), "\n"); got != want {
		t.Errorf("requests to the base\n%s\nwant\n%s", got, want)
	}
	got := workspace.lines()
	if len(got) != 20 {
		t.Errorf("%d of 20 requests went to the workspace", len(got))
	}
	for _, line := range got {
		if line != "/backend-api/codex/responses us/us_cr" {
			t.Errorf("request to the workspace: %s", line)
		}
	}
	if warnings := strings.Count(log.String(), "level=WARN"); warnings != 1 || !strings.Contains(log.String(), workspace.URL) {
		t.Errorf("%d warnings:\n%s", warnings, log.String())
	}
	// The caller's headers take precedence.
	call(c, Request{Base: Codex, Path: []string{"models"}, Header: http.Header{residencyHeader: {"eu"}, overrideHeader: {"mine"}}})
	if got := strings.Join(workspace.lines(), "\n"); got != "/backend-api/codex/models eu/mine" {
		t.Errorf("with headers of the caller: %s", got)
	}
	if route, err := c.Route(t.Context()); err != nil || route != (Route{workspace.URL, "us_cr"}) {
		t.Errorf("the route is %v, %v", route, err)
	}
}

// A call does not fail if the route is unavailable.
func TestRouteNotKnown(t *testing.T) {
	for _, answer := range []string{"", "[", `[]`, `{}`, `{"accounts":[{"id":"other"}]}`, `{"accounts":"none"}`, `{"accounts":[{"id":"a","account_routing_override":"x\ny"}]}`} {
		base := serveRoutes(t, func(w http.ResponseWriter, r *http.Request) {
			switch {
			case !strings.HasSuffix(r.URL.Path, "/check"):
				w.Write([]byte(`{}`))
			case answer == "":
				w.WriteHeader(http.StatusForbidden)
			default:
				w.Write([]byte(answer))
			}
		})
		c, err := New(Config{ChatGPTBaseURL: base.URL, Credentials: StaticCredentials(Token{Access: "x", AccountID: "a", Residency: "us"})})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, _, err := c.JSON(t.Context(), &Request{Base: Codex, Path: []string{"responses"}}); err != nil {
				t.Errorf("%s: %v", answer, err)
			}
		}
		if got := strings.Join(base.lines(), ", "); got != "/wham/accounts/check us/, /codex/responses us/, /codex/responses us/" {
			t.Errorf("%s: %s", answer, got)
		}
	}
}

func TestRouteIn(t *testing.T) {
	c, err := New(Config{Credentials: StaticCredentials(Token{})})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		answer, account string
		want            Route
	}{
		{`{"accounts":[{"id":"a","workspace_backend_origin":"https://eu.chatgpt.com/"}]}`, "a", Route{Origin: "https://eu.chatgpt.com"}},
		{`{"accounts":{"a":{"account":{"account_routing_override":"us","workspace_backend_origin":"no_constraint"}}}}`, "a", Route{Override: "us"}},
		{`{"accounts":[{"id":"b"},{"id":"a","account_routing_override":"us"}],"default_account_id":"a"}`, "", Route{Override: "us"}},
		{`{"accounts":[{"id":"a","account_routing_override":null,"workspace_backend_origin":null}]}`, "a", Route{}},
	} {
		if got, err := c.routeIn([]byte(test.answer), test.account); err != nil || got != test.want {
			t.Errorf("%s: %v, %v", test.answer, got, err)
		}
	}
}

// The bearer is not sent to an origin that is not https, that is on this machine,
// or that would replace the user's own base URL.
func TestRouteOrigins(t *testing.T) {
	for _, test := range []struct {
		base, origin string
		ok           bool
	}{
		{"https://chatgpt.com/backend-api", "https://us.example.com", true},
		{"https://chatgpt.com/backend-api", "https://us.example.com:8443", true},
		{"https://chatgpt.com/backend-api", "http://us.example.com", false},
		{"https://chatgpt.com/backend-api", "http://127.0.0.1:8080", false},
		{"https://chatgpt.com/backend-api", "https://localhost", false},
		{"https://chatgpt.com/backend-api", "https://us.example.com/backend-api", false},
		{"https://chatgpt.com/backend-api", "https://user:secret@us.example.com", false},
		{"https://chatgpt.com/backend-api", "https://us.example.com?x=1", false},
		{"https://chatgpt.com/backend-api", "ws://us.example.com", false},
		{"https://chatgpt.com/backend-api", "us.example.com", false},
		{"https://chatgpt.com/backend-api", "https://", false},
		{"https://proxy.example.com/backend-api", "https://us.example.com", false},
		{"http://127.0.0.1:1/backend-api", "http://127.0.0.1:2", true},
		{"http://127.0.0.1:1/backend-api", "https://us.example.com", false},
	} {
		c, err := New(Config{ChatGPTBaseURL: test.base, Credentials: StaticCredentials(Token{})})
		if err != nil {
			t.Fatal(err)
		}
		answer := fmt.Sprintf(`{"accounts":[{"id":"a","workspace_backend_origin":%q,"account_routing_override":"us"}]}`, test.origin)
		got, err := c.routeIn([]byte(answer), "a")
		if (err == nil) != test.ok || (got.Origin != "") != test.ok || got.Override != "us" {
			t.Errorf("%s from %s: %v, %v", test.origin, test.base, got, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error contains a secret: %v", err)
		}
	}
}

// A redirect from a workspace's origin to another one is not followed.
func TestRouteRedirects(t *testing.T) {
	elsewhere := serveRoutes(t, func(http.ResponseWriter, *http.Request) {})
	workspace := serveRoutes(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	base := serveRoutes(t, func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"accounts":[{"id":"a","workspace_backend_origin":%q}]}`, workspace.URL)
	})
	c, err := New(Config{ChatGPTBaseURL: base.URL, Credentials: StaticCredentials(Token{Access: "x", AccountID: "a", Residency: "us"})})
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = c.JSON(t.Context(), &Request{Base: Codex, Path: []string{"responses"}})
	if err == nil || !strings.Contains(err.Error(), "where credentials are not sent") || len(elsewhere.lines()) != 0 {
		t.Errorf("%v; %d requests elsewhere", err, len(elsewhere.lines()))
	}
}
