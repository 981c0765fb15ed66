package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// An httpHost is a host that serves the OpenAI API over HTTP.
type httpHost struct {
	*process
	base, key string
}

func startHTTP(t testing.TB, args ...string) *httpHost {
	t.Helper()
	h := &httpHost{process: startCommand(t, exec.Command(built(t, "."), append([]string{"http"}, args...)...))}
	for _, line := range []struct {
		name string
		to   *string
	}{{"OPENAI_BASE_URL=", &h.base}, {"OPENAI_API_KEY=", &h.key}} {
		text, err := h.out.ReadString('\n')
		value, ok := strings.CutPrefix(strings.TrimSpace(text), line.name)
		if err != nil || !ok {
			t.Fatalf("printed %q, want %s: %v; stderr: %s", text, line.name, err, &h.log)
		}
		*line.to = value
	}
	return h
}

// request sends a request with additional headers, given as pairs.
func (h *httpHost) request(method, path, body string, header ...string) (*http.Response, error) {
	r, err := http.NewRequest(method, h.base+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+h.key)
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	return http.DefaultClient.Do(r)
}

func (h *httpHost) ask(method, path, body string, header ...string) (*http.Response, string) {
	h.t.Helper()
	w, err := h.request(method, path, body, header...)
	if err != nil {
		h.t.Fatal(err)
	}
	defer w.Body.Close()
	text, _ := io.ReadAll(w.Body)
	return w, string(text)
}

// TestHTTPGuard checks which requests are accepted.
func TestHTTPGuard(t *testing.T) {
	h := startHTTP(t, "--mock", "--allow-origin", "http://localhost:3000")
	port := h.base[strings.LastIndex(h.base, ":")+1 : strings.LastIndex(h.base, "/")]
	tests := []struct {
		name   string
		method string
		header []string
		status int
		allow  string // Access-Control-Allow-Origin
	}{
		{"the key", "GET", nil, 200, ""},
		{"no key", "GET", []string{"Authorization", ""}, 401, ""},
		{"another key", "GET", []string{"Authorization", "Bearer codex-rpc-0"}, 401, ""},
		{"the key, after bearer", "GET", []string{"Authorization", "bearer  " + h.key}, 200, ""},
		{"a key of another kind", "GET", []string{"Authorization", "Basic " + h.key}, 401, ""},
		{"localhost", "GET", []string{"Host", "localhost:" + port}, 200, ""},
		{"a name that points here", "GET", []string{"Host", "evil.example:" + port}, 403, ""},
		{"another port", "GET", []string{"Host", "127.0.0.1:1"}, 403, ""},
		{"a web page", "GET", []string{"Origin", "https://evil.example"}, 403, ""},
		{"a page of nowhere", "GET", []string{"Origin", "null"}, 403, ""},
		{"a page that may", "GET", []string{"Origin", "http://localhost:3000"}, 200, "http://localhost:3000"},
		{"a page that may, without the key", "GET", []string{"Origin", "http://localhost:3000", "Authorization", ""}, 401, "http://localhost:3000"},
		{"asking whether it may", "OPTIONS", []string{"Origin", "http://localhost:3000", "Authorization", ""}, 204, "http://localhost:3000"},
		{"asking for another", "OPTIONS", []string{"Origin", "http://localhost:3001", "Authorization", ""}, 403, ""},
	}
	for _, test := range tests {
		w, text := h.ask(test.method, "/models", "", test.header...)
		if w.StatusCode != test.status {
			t.Errorf("%s: %d %s", test.name, w.StatusCode, text)
		}
		if got := w.Header.Get("Access-Control-Allow-Origin"); got != test.allow {
			t.Errorf("%s: allows %q", test.name, got)
		}
		if got := w.Header.Get("Access-Control-Expose-Headers"); (got == "*") != (test.allow != "") {
			t.Errorf("%s: exposes %q", test.name, got)
		}
		if test.status >= 400 && (!strings.HasPrefix(text, `{"error":{"message":"`) || strings.Contains(text, h.key)) {
			t.Errorf("%s: %s", test.name, text)
		}
		if id := w.Header.Get("X-Request-Id"); test.status >= 400 && !strings.HasPrefix(id, "req_") {
			t.Errorf("%s: the request id is %q", test.name, id)
		}
	}
}

// TestHTTPHost checks which names of the server are accepted on the default port of
// HTTP, which clients omit, and on another.
func TestHTTPHost(t *testing.T) {
	for port, hosts := range map[string]map[string]bool{
		"80": {"127.0.0.1": true, "localhost": true, "LocalHost": true, "[::1]": true, "127.0.0.1:80": true, "evil.example": false, "": false, "127.0.0.1:81": false},
		"81": {"127.0.0.1:81": true, "[::1]:81": true, "127.0.0.1": false, "localhost": false, "evil.example:81": false, "127.0.0.1.evil.example:81": false},
	} {
		guard := &httpGuard{next: http.NotFoundHandler(), token: "key", port: port}
		for host, accepted := range hosts {
			r := httptest.NewRequest("GET", "/v1/models", nil)
			r.Host = host
			r.Header.Set("Authorization", "Bearer key")
			w := httptest.NewRecorder()
			guard.ServeHTTP(w, r)
			if (w.Code == http.StatusNotFound) != accepted {
				t.Errorf("port %s: %q: %d", port, host, w.Code)
			}
		}
	}
}

// TestHTTPKeyFile checks that the key of --token-file is kept and not printed.
func TestHTTPKeyFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	var keys []string
	for range 2 {
		p := startCommand(t, exec.Command(built(t, "."), "http", "--mock", "--token-file", file))
		line, _ := p.out.ReadString('\n')
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, strings.TrimSpace(string(text)))
		h := &httpHost{p, strings.TrimPrefix(strings.TrimSpace(line), "OPENAI_BASE_URL="), keys[0]}
		if w, text := h.ask("GET", "/models", ""); w.StatusCode != 200 {
			t.Errorf("%d %s", w.StatusCode, text)
		}
		p.cmd.Process.Kill()
		if rest, _ := io.ReadAll(p.out); len(rest) > 0 {
			t.Errorf("printed %q", rest)
		}
	}
	if keys[0] != keys[1] || len(keys[0]) < 32 {
		t.Errorf("keys are %q", keys)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// TestHTTPStream checks that a stream is passed on as it arrives, is cancelled
// when the client closes it, and breaks off if the backend's does.
func TestHTTPStream(t *testing.T) {
	b := newSteppedBackend(t)
	h := startHTTP(t, b.flags()...)
	begin := func() (*http.Response, *bufio.Reader, *pendingRequest) {
		t.Helper()
		answers := make(chan *http.Response, 1)
		go func() {
			w, err := h.request("POST", "/responses", `{"input": "x", "stream": true}`)
			if err != nil {
				t.Error(err)
			}
			answers <- w
		}()
		u := b.next()
		u.Begin()
		u.Event(someDelta)
		w := <-answers
		lines := bufio.NewReader(w.Body)
		for _, want := range []string{"event: response.output_text.delta\n", "data: " + someDelta + "\n", "\n"} {
			if got, err := lines.ReadString('\n'); got != want {
				t.Fatalf("read %q, want %q: %v", got, want, err)
			}
		}
		return w, lines, u
	}
	w, lines, u := begin()
	u.complete()
	rest, err := io.ReadAll(lines)
	if err != nil || !strings.Contains(string(rest), `"type":"response.completed"`) {
		t.Errorf("the end is %q, %v", rest, err)
	}
	if got := w.Header.Get("Content-Type"); got != "text/event-stream; charset=utf-8" {
		t.Errorf("the type is %s", got)
	}

	w, _, u = begin()
	w.Body.Close()
	u.closed()
	u.finish()

	w, lines, u = begin()
	u.finish() // the backend ends it without a last event
	rest, err = io.ReadAll(lines)
	if err == nil || !strings.Contains(string(rest), `{"error":{`) {
		t.Errorf("a stream that broke off ends with %q, %v", rest, err)
	}
	w.Body.Close()
}

// TestHTTPDrains checks that running requests finish after a signal and no new
// ones are accepted.
func TestHTTPDrains(t *testing.T) {
	b := newSteppedBackend(t)
	h := startHTTP(t, b.flags()...)
	type outcome struct {
		status int
		err    error
	}
	done := make(chan outcome, 1)
	go func() {
		w, err := h.request("POST", "/responses", `{"input": "x"}`)
		if err != nil {
			done <- outcome{0, err}
			return
		}
		_, err = io.ReadAll(w.Body)
		done <- outcome{w.StatusCode, err}
	}()
	u := b.next()
	if err := h.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; {
		conn, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(h.base, "http://"), "/v1"))
		if errors.Is(err, syscall.ECONNREFUSED) {
			break
		} else if conn != nil {
			conn.Close()
		}
		if time.Now().After(deadline) {
			t.Fatal("it still takes requests")
		}
	}
	u.complete()
	if got := <-done; got.status != 200 || got.err != nil {
		t.Errorf("the running request: %+v", got)
	}
	h.exit()
}

// TestHTTPMany checks that many simultaneous requests are answered.
func TestHTTPMany(t *testing.T) {
	h := startHTTP(t, "--mock")
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = 100
	const many = 1000
	failures := make(chan string, many)
	var all sync.WaitGroup
	for i := range many {
		all.Go(func() {
			w, err := h.request("POST", "/chat/completions", fmt.Sprintf(`{"messages": [{"role": "user", "content": "call %d"}]}`, i))
			if err != nil {
				failures <- err.Error()
				return
			}
			defer w.Body.Close()
			text, err := io.ReadAll(w.Body)
			if err != nil || w.StatusCode != 200 || !strings.Contains(string(text), fmt.Sprintf(`call %d\"`, i)) {
				failures <- fmt.Sprintf("%d %s %v", w.StatusCode, text, err)
			}
		})
	}
	all.Wait()
	close(failures)
	n := 0
	for failure := range failures {
		if n++; n <= 3 {
			t.Error(failure)
		}
	}
	if n > 0 {
		t.Errorf("%d of %d failed", n, many)
	}
}

// TestHTTPDirectives checks that directives in a model name work, although it
// is not listed.
func TestHTTPDirectives(t *testing.T) {
	h := startHTTP(t, "--mock", "--unknown-model", "error", "--max-retries", "0")
	for model, want := range map[string]int{"mock:status=429": 429, "mock:reply=x": 200, "gpt-4o": 404} {
		if w, text := h.ask("POST", "/responses", `{"input": "x", "model": "`+model+`"}`); w.StatusCode != want {
			t.Errorf("%s: %d %s", model, w.StatusCode, text)
		}
	}
}
