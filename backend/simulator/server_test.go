package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
)

func newServer(t *testing.T, scenario string) *Server {
	t.Helper()
	s, err := New(Options{Scenario: scenario})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// identify sets the headers that identify a program and its user.
func identify(h http.Header) {
	for name, value := range map[string]string{
		"Authorization": "Bearer anything", "Chatgpt-Account-Id": "acct_mock", "Originator": "test", "User-Agent": "test/1.0", "Version": "0.171.0",
	} {
		h.Set(name, value)
	}
}

// do sends a request. "Name: value" lines replace its headers, or remove them without a value.
func do(s http.Handler, method, target, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	identify(r.Header)
	r.Header.Set("Content-Type", "application/json")
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Del(name)
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func object(t *testing.T, raw []byte) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatalf("not a JSON object: %s", raw)
	}
	return v
}

// at returns a value within decoded JSON. The path is keys and indexes separated by dots.
func at(t *testing.T, v any, path string) any {
	t.Helper()
	for step := range strings.SplitSeq(path, ".") {
		switch node := v.(type) {
		case map[string]any:
			v = node[step]
		case []any:
			var i int
			if err := json.Unmarshal([]byte(step), &i); err != nil || i >= len(node) {
				t.Fatalf("no %s in %v", path, node)
			}
			v = node[i]
		default:
			t.Fatalf("no %s: %v", path, v)
		}
	}
	return v
}

// serve runs the server for a bubble and returns its client.
func serve(t *testing.T, s *Server) *http.Client {
	server, transport := backendtest.Pipe(s)
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	return &http.Client{Transport: transport}
}

func post(t *testing.T, ctx context.Context, client *http.Client, directives string) *http.Response {
	t.Helper()
	r, _ := http.NewRequestWithContext(ctx, "POST", "http://mock/backend-api/codex/responses", strings.NewReader(hello))
	identify(r.Header)
	r.Header.Set("X-Mock", directives)
	resp, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// inBubble runs a subtest in a bubble, including its clean-up.
func inBubble(t *testing.T, name string, f func(t *testing.T)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

func TestListen(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80", "example.test:80", "127.0.0.1"} {
		if r, err := Listen(addr, Options{}); err == nil {
			r.Close()
			t.Errorf("%s: accepted", addr)
		} else if strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), addr) {
			t.Errorf("%s: message %q", addr, err)
		}
	}
	if _, err := Listen("127.0.0.1:0", Options{Scenario: "nonsense=1"}); err == nil || !strings.Contains(err.Error(), "retry_after") {
		t.Errorf("bad scenario: %v", err)
	}
	r, err := Listen("localhost:0", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	resp, err := http.Get(r.URL() + "/nowhere")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != 404 || r.Stats().Requests["/"] != 1 {
		t.Errorf("status %d, stats %v", resp.StatusCode, r.Stats())
	}
}

// Close ends a stream that would never end by itself.
func TestCloseWithOpenStream(t *testing.T) {
	r, err := Listen("127.0.0.1:0", Options{Scenario: "stall=1"})
	if err != nil {
		t.Fatal(err)
	}
	req, _ := http.NewRequest("POST", r.URL()+"/backend-api/codex/responses", strings.NewReader(hello))
	identify(req.Header)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if n := r.Stats().OpenStreams; n != 1 {
		t.Errorf("open streams: %d", n)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if got, err := io.ReadAll(resp.Body); err == nil {
		t.Errorf("a clean end after %q", got)
	}
}

func TestBearer(t *testing.T) {
	s := newServer(t, "")
	for _, c := range []struct{ header, code string }{
		{"Authorization: ", "missing_bearer"},
		{"Authorization: Basic eA==", "missing_bearer"},
		{"Authorization: Bearer e30.eyJleHAiOjF9.eA", "token_expired"},
		{"Authorization: Bearer e30.eyJleHAiOjk5OTk5OTk5OTl9.eA", ""},
		{"Authorization: Bearer not.a.jwt", ""},
		{"Authorization: Bearer sk-mock", ""},
	} {
		w := do(s, "GET", "/backend-api/wham/usage", "", c.header)
		if c.code == "" {
			if w.Code != 200 {
				t.Errorf("%s: %d %s", c.header, w.Code, w.Body)
			}
			continue
		}
		if code := at(t, object(t, w.Body.Bytes()), "error.code"); w.Code != 401 || code != c.code {
			t.Errorf("%s: %d %v, want 401 %s", c.header, w.Code, code, c.code)
		}
	}
}

// Only the route of a request is logged.
func TestLog(t *testing.T) {
	var log bytes.Buffer
	s, err := New(Options{Logger: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	do(s, "POST", "/oauth/token?q=secret-1", `{"refresh_token":"secret-2"}`, "Authorization: Bearer secret-3", "X-Mock: message=secret-4,status=400")
	if !strings.Contains(log.String(), "/oauth/token") || strings.Contains(log.String(), "secret") {
		t.Errorf("log: %s", &log)
	}
}

// Another backend answers everything except sign-in.
func TestBackend(t *testing.T) {
	s, err := New(Options{Backend: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "other")
	})})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		method, target string
		other          bool
	}{
		{"POST", "/backend-api/codex/responses", true},
		{"GET", "/v1/anything", true},
		{"PUT", "/upload/x", true},
		{"POST", "/oauth/token", false},
		{"POST", "/api/accounts/deviceauth/usercode", false},
	} {
		if w := do(s, test.method, test.target, "{}"); (w.Body.String() == "other") != test.other {
			t.Errorf("%s %s: %s", test.method, test.target, w.Body)
		}
	}
}

// HEAD is answered as GET is, without the body.
func TestHead(t *testing.T) {
	inBubble(t, "device page", func(t *testing.T) {
		client := serve(t, newServer(t, ""))
		const page = "http://mock/codex/device?user_code=MOCK-00001"
		get, err := client.Get(page)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(get.Body)
		if err != nil || get.StatusCode != 200 || !bytes.Contains(text, []byte("MOCK-00001")) {
			t.Fatalf("GET: %d %s, %v", get.StatusCode, text, err)
		}
		head, err := client.Head(page)
		if err != nil {
			t.Fatal(err)
		}
		if rest, err := io.ReadAll(head.Body); err != nil || len(rest) > 0 {
			t.Errorf("HEAD has a body: %q, %v", rest, err)
		}
		get.Header.Del("X-Request-Id") // which derives from the method, too
		head.Header.Del("X-Request-Id")
		if head.StatusCode != 200 || head.ContentLength != int64(len(text)) || !maps.EqualFunc(head.Header, get.Header, slices.Equal) {
			t.Errorf("HEAD: %d %v, GET: %v", head.StatusCode, head.Header, get.Header)
		}
	})
}

// A body that does not end holds up no other request.
func TestEndlessBodies(t *testing.T) {
	for _, target := range []string{
		"POST /oauth/token", "POST /codex/device", "POST /backend-api/codex/responses", "POST /backend-api/wham/tasks", "POST /backend-api/wham/tasks/task_1/archive",
		"POST /backend-api/wham/rate-limit-reset-credits/consume", "POST /backend-api/files", "PUT upload",
	} {
		inBubble(t, target, func(t *testing.T) {
			s := newServer(t, "")
			method, path, _ := strings.Cut(target, " ")
			if path == "upload" {
				w := do(s, "POST", "/backend-api/files", `{"file_name":"a","file_size":9,"use_case":"codex"}`)
				path = object(t, w.Body.Bytes())["upload_url"].(string)
			}
			body, rest := io.Pipe()
			defer rest.Close()
			r := httptest.NewRequest(method, path, body)
			identify(r.Header)
			if method == "PUT" {
				r.ContentLength = 9
				r.Header.Del("Authorization")
				r.Header.Set("X-Ms-Blob-Type", "BlockBlob")
			}
			answered := make(chan struct{})
			go func() {
				defer close(answered)
				s.ServeHTTP(httptest.NewRecorder(), r)
			}()
			io.WriteString(rest, `{`) // returns once the server has read it
			synctest.Wait()
			if !s.mu.TryLock() {
				t.Fatal("the lock is held")
			}
			s.mu.Unlock()
			for _, other := range []string{"/backend-api/wham/tasks/list", "/backend-api/memories", "/codex/device"} {
				if w := do(s, "GET", other, ""); w.Code != 200 {
					t.Errorf("%s: %d %s", other, w.Code, w.Body)
				}
			}
			select {
			case <-answered:
				t.Error("answered before the end of the body")
			default:
			}
		})
	}
}
