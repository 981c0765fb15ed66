package backend

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

var testToken = Token{Access: "access-token", AccountID: "acct-1", APIKey: "sk-realtime"}

// config returns a configuration for a server, with short retry delays.
func config(origin string) Config {
	return Config{
		ChatGPTBaseURL: origin + "/backend-api",
		OpenAIBaseURL:  origin + "/v1",
		UserAgent:      UserAgent("1.2.3"),
		Settings:       Settings{Timeout: time.Minute, RetryBaseDelay: time.Microsecond, MaxRetries: 2},
		Credentials:    StaticCredentials(testToken),
	}
}

func newClient(t *testing.T, config Config) *Client {
	t.Helper()
	client, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// serve returns a client of a server that answers with handler.
func serve(t *testing.T, handler http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return newClient(t, config(server.URL))
}

// failure returns err as an *Error of the kind.
func failure(t *testing.T, err error, kind Kind) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, kind) {
		t.Fatalf("error is %T %v, want kind %q", err, err, string(kind))
	}
	if strings.ContainsAny(e.Message, "\r\n") || e.Message == "" {
		t.Errorf("message is not one line: %q", e.Message)
	}
	return e
}

func TestRequests(t *testing.T) {
	type sent struct{ line, header, body string }
	var got sent
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var names []string
		for _, name := range slices.Sorted(maps.Keys(r.Header)) {
			names = append(names, name+": "+strings.Join(r.Header[name], ", "))
		}
		got = sent{r.Method + " " + r.RequestURI, strings.Join(names, "\n"), string(body)}
		io.WriteString(w, "{}")
	})
	agent := regexp.MustCompile(`User-Agent: codex-rpc/1\.2\.3 \(\w+; \w+\)`)

	for _, test := range []struct {
		name string
		r    Request
		want sent
	}{
		{"a call on the ChatGPT base", Request{Base: ChatGPT, Path: []string{"wham", "usage"}}, sent{
			"GET /backend-api/wham/usage",
			"Accept: application/json\nAccept-Encoding: gzip\nAuthorization: Bearer access-token\nChatgpt-Account-Id: acct-1\n" +
				"Originator: codex-rpc\nAGENT", ""}},
		{"a body and a query on the Codex base", Request{Method: "POST", Base: Codex, Path: []string{"models"},
			Query: url.Values{"q": {"a b&c"}}, Body: JSONBody([]byte(`{"a":1}`)), Accept: "application/sdp"}, sent{
			"POST /backend-api/codex/models?q=a+b%26c",
			"Accept: application/sdp\nAccept-Encoding: gzip\nAuthorization: Bearer access-token\nChatgpt-Account-Id: acct-1\n" +
				"Content-Length: 7\nContent-Type: application/json\nOriginator: codex-rpc\nAGENT\nVersion: 0.171.0", `{"a":1}`}},
		{"the bearer alone on the OpenAI base, and the caller's headers", Request{Method: "POST", Base: OpenAI, Path: []string{"embeddings"},
			Body: JSONBody([]byte(`{}`)), Header: http.Header{"x-trace": {"t1"}, "Accept": {"text/event-stream"}, "Content-Type": {"application/x"}}}, sent{
			"POST /v1/embeddings",
			"Accept: text/event-stream\nAccept-Encoding: identity\nAuthorization: Bearer access-token\nContent-Length: 2\n" +
				"Content-Type: application/x\nAGENT\nX-Trace: t1", "{}"}},
		{"a body of unknown size", Request{Method: "POST", Body: Body{Open: JSONBody([]byte("{}")).Open}}, sent{
			line: "POST /backend-api", body: "{}"}},
		{"any id is one segment", Request{Path: []string{"tasks", "a/b?c#d%2e é"}}, sent{
			line: "GET /backend-api/tasks/a%2Fb%3Fc%23d%252e%20%C3%A9"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, _, err := client.JSON(t.Context(), &test.r); err != nil {
				t.Fatal(err)
			}
			got.header = agent.ReplaceAllString(got.header, "AGENT")
			if test.want.header == "" {
				test.want.header = got.header
			}
			if got != test.want {
				t.Errorf("sent\n%+v\nwant\n%+v", got, test.want)
			}
		})
	}
}

func TestRefusedRequests(t *testing.T) {
	client := serve(t, func(http.ResponseWriter, *http.Request) { t.Error("a refused request was sent") })
	broken := errors.New("disk on fire")
	for name, r := range map[string]Request{
		"empty segment":      {Path: []string{"tasks", ""}},
		"dot":                {Path: []string{"tasks", "."}},
		"dots":               {Path: []string{"tasks", ".."}},
		"bearer":             {Header: http.Header{"authorization": {"Bearer other"}}},
		"account":            {Header: http.Header{"ChatGPT-Account-ID": {"other"}}},
		"host":               {Header: http.Header{"Host": {"other"}}},
		"length":             {Header: http.Header{"content-length": {"3"}}},
		"smuggled header":    {Header: http.Header{"X-A": {"b\r\nX-C: d"}}},
		"smuggled name":      {Header: http.Header{"X-A: b\r\nX-C": {"d"}}},
		"unknown base":       {Base: 3},
		"body does not open": {Method: "POST", Body: Body{Size: 1, Open: func() (io.ReadCloser, error) { return nil, broken }}},
		"negative base":      {Base: -1},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client.Do(t.Context(), &r)
			if e := failure(t, err, ErrRequest); e.Retryable {
				t.Error("retryable")
			}
			if r.Body.Open != nil && !errors.Is(err, broken) {
				t.Errorf("%v does not wrap the cause", err)
			}
		})
	}
}

func TestBodyBreaksOff(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) })
	broken := errors.New("disk on fire")
	opened := 0
	_, err := client.Do(t.Context(), &Request{Method: "POST", Body: Body{Size: 9, Open: func() (io.ReadCloser, error) {
		opened++
		return io.NopCloser(io.MultiReader(strings.NewReader("some"), brokenReader{broken})), nil
	}}})
	if e := failure(t, err, ErrRequest); !errors.Is(err, broken) || !strings.Contains(e.Message, "disk on fire") || opened != 1 {
		t.Errorf("%v after %d tries", err, opened)
	}
}

type brokenReader struct{ err error }

func (r brokenReader) Read([]byte) (int, error) { return 0, r.err }

func TestNew(t *testing.T) {
	credentials := StaticCredentials(testToken)
	for _, test := range []struct {
		config Config
		want   string // part of the error; "" for none
	}{
		{Config{Credentials: credentials}, ""},
		{Config{Credentials: credentials, ChatGPTBaseURL: "http://localhost:1/x/"}, ""},
		{Config{}, "Credentials"},
		{Config{Credentials: credentials, ChatGPTBaseURL: "http://chatgpt.com"}, "ChatGPT base URL"},
		{Config{Credentials: credentials, OpenAIBaseURL: "http://api.openai.com"}, "OpenAI base URL"},
		{Config{Credentials: credentials, Originator: "a\nb"}, "originator"},
		{Config{Credentials: credentials, UserAgent: "a\nb"}, "user agent"},
	} {
		_, err := New(test.config)
		if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, want %q", test.config, err, test.want)
		}
	}
}

func TestSettings(t *testing.T) {
	var tries int
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		tries++
		w.WriteHeader(503)
	})
	s := client.Settings()
	s.MaxRetries = 5
	client.SetSettings(s)
	if got := client.Settings(); got != s {
		t.Errorf("settings are %+v, want %+v", got, s)
	}
	_, err := client.Do(t.Context(), &Request{})
	if failure(t, err, ErrStatus); tries != 6 {
		t.Errorf("%d tries, want 6", tries)
	}
}

func TestRetries(t *testing.T) {
	for _, test := range []struct {
		name    string
		answers []int
		body    string
		header  http.Header
		tries   int
		status  int // of the last try
	}{
		{"503 then ok", []int{503, 200}, "", nil, 2, 200},
		{"429 then ok", []int{429, 200}, `{"error":{"code":"rate_limit_exceeded"}}`, nil, 2, 200},
		{"exhausted", []int{500, 502, 503, 200}, "", nil, 3, 503},
		{"400", []int{400, 200}, "", nil, 1, 400},
		{"403", []int{403, 200}, "", nil, 1, 403},
		{"usage limit by type", []int{429, 200}, `{"error":{"type":"usage_limit_reached","message":"m"}}`, nil, 1, 429},
		{"usage limit by code", []int{429, 200}, `{"error":{"code":"usage_limit_reached"}}`, nil, 1, 429},
		{"a wait too long", []int{429, 200}, "", http.Header{"Retry-After": {"61"}}, 1, 429},
		{"no wait", []int{429, 200}, "", http.Header{"Retry-After": {"0"}}, 2, 200},
		{"an unassigned status", []int{599, 599, 599, 200}, "", nil, 3, 599},
		{"no content", []int{204}, "", nil, 1, 204},
		{"not modified", []int{304}, "", nil, 1, 304},
	} {
		t.Run(test.name, func(t *testing.T) {
			var bodies []string
			client := serve(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				bodies = append(bodies, string(body))
				maps.Copy(w.Header(), test.header)
				w.WriteHeader(test.answers[len(bodies)-1])
				io.WriteString(w, test.body)
			})
			resp, err := client.Do(t.Context(), &Request{Method: "POST", Body: JSONBody([]byte(`{"whole":"body"}`))})
			status := 0
			if err == nil {
				status = resp.StatusCode
				resp.Body.Close()
			} else {
				status = failure(t, err, ErrStatus).Status
			}
			if status != test.status || len(bodies) != test.tries {
				t.Errorf("status %d after %d tries, want %d after %d", status, len(bodies), test.status, test.tries)
			}
			for _, body := range bodies {
				if body != `{"whole":"body"}` {
					t.Errorf("body %q was sent", body)
				}
			}
		})
	}
}

func TestRedirects(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("the other host was sent %v", r.Header)
	}))
	defer other.Close()
	paths := map[string]string{
		"/backend-api/near":     "/backend-api/there",
		"/backend-api/far":      other.URL + "/there?secret=1",
		"/backend-api/clear":    "http://chatgpt.example/",
		"/backend-api/loop":     "/backend-api/loop",
		"/backend-api/farther":  "/backend-api/far",
		"/backend-api/nonsense": "http://[::bad/?secret=1",
	}
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if to, ok := paths[r.URL.Path]; ok {
			http.Redirect(w, r, to, http.StatusTemporaryRedirect)
			return
		}
		body, _ := io.ReadAll(r.Body)
		fmt.Fprintf(w, "%q", r.Method+" "+string(body)+" "+r.Header.Get("Authorization"))
	})
	post := func(path string) (string, error) {
		answer, _, err := client.JSON(t.Context(), &Request{Method: "POST", Path: []string{path}, Body: JSONBody([]byte("{}"))})
		return string(answer), err
	}
	if got, err := post("near"); err != nil || got != `"POST {} Bearer access-token"` {
		t.Errorf("%s, %v", got, err)
	}
	for path, host := range map[string]string{
		"far": other.URL, "farther": other.URL, "clear": "chatgpt.example", "loop": "loop", "nonsense": "no response",
	} {
		_, err := post(path)
		e := failure(t, err, ErrConnection)
		if !strings.Contains(e.Message, host) || strings.Contains(e.Message, "secret=1") {
			t.Errorf("%s: %q, want %q named", path, e.Message, host)
		}
		if e.Retryable && path != "nonsense" {
			t.Errorf("%s: retryable", path)
		}
	}
}

func TestJSON(t *testing.T) {
	answer, encoding := "", ""
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `W/"abc"`)
		if encoding != "" {
			w.Header().Set("Content-Encoding", encoding)
		}
		io.WriteString(w, answer)
	})
	answer = `{"z":1.50,"a":[1e3]}` + "\n"
	got, header, err := client.JSON(t.Context(), &Request{})
	if err != nil || string(got) != answer || header.Get("ETag") != `W/"abc"` {
		t.Errorf("%s %v %v", got, header, err)
	}
	for _, bad := range []string{"", "<html>login</html>", `{"a":`, `{} {}`} {
		answer = bad
		_, _, err := client.JSON(t.Context(), &Request{})
		failure(t, err, ErrConnection)
	}
	answer, encoding = "{}", "gzip"
	_, _, err = client.JSON(t.Context(), &Request{})
	failure(t, err, ErrConnection)
}

func TestJSONTooLarge(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		spaces := bytes.Repeat([]byte{' '}, 1<<20)
		for range 65 {
			w.Write(spaces)
		}
		io.WriteString(w, "{}")
	})
	_, _, err := client.JSON(t.Context(), &Request{})
	if e := failure(t, err, ErrConnection); !strings.Contains(e.Message, "64 MiB") {
		t.Error(e)
	}
}

func TestLog(t *testing.T) {
	var log bytes.Buffer
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", "req-7 "+r.Header.Get("Authorization"))
		w.WriteHeader(503)
		io.WriteString(w, `{"detail":"`+r.Header.Get("Authorization")+`"}`)
	}))
	defer server.Close()
	config := config(server.URL)
	config.Secrets = new(Secrets)
	config.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: config.Secrets.RedactAttr}))
	client := newClient(t, config)
	_, err := client.Do(t.Context(), &Request{Path: []string{"a", "b"}, Query: url.Values{"q": {"private"}}})
	failure(t, err, ErrStatus)
	if err := client.Upload(t.Context(), &Upload{URL: server.URL + "/private?private=private", Body: JSONBody([]byte("private"))}); err == nil {
		t.Error("upload to a 503 succeeded")
	}
	all := log.String() + config.Secrets.Redact(err.Error())
	for _, secret := range []string{"access-token", "sk-realtime", "private"} {
		if strings.Contains(all, secret) {
			t.Errorf("%q in %s", secret, all)
		}
	}
	if n := strings.Count(log.String(), "status=503"); n != 4 {
		t.Errorf("%d lines, want 3 tries and an upload:\n%s", n, log.String())
	}
	for _, part := range []string{"method=GET", "path=/backend-api/a/b", "attempt=2", "request_id=\"req-7 Bearer [redacted]\"", "duration="} {
		if !strings.Contains(log.String(), part) {
			t.Errorf("no %q in %s", part, log.String())
		}
	}
}

func TestPartsReader(t *testing.T) {
	for _, parts := range [][]string{{}, {""}, {"a"}, {"", "ab", "", "c", "defgh", ""}} {
		var body [][]byte
		for _, part := range parts {
			body = append(body, []byte(part))
		}
		want := strings.Join(parts, "")
		for range 2 { // a body is opened once for each try
			opened, err := JSONBody(body...).Open()
			if err != nil {
				t.Fatal(err)
			}
			if err := iotest.TestReader(opened, []byte(want)); err != nil {
				t.Errorf("%q: %v", parts, err)
			}
		}
		if size := JSONBody(body...).Size; size != int64(len(want)) {
			t.Errorf("%q has the size %d", parts, size)
		}
	}
}
