package backend

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// A local transport connects only to its addresses, regardless of the URL and the
// proxy.
func TestLocalTransport(t *testing.T) {
	clearEnvironment(t)
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a request to the other server")
	}))
	defer other.Close()
	t.Setenv("HTTP_PROXY", other.URL)
	t.Setenv("HTTPS_PROXY", other.URL)
	server := httptest.NewServer(http.HandlerFunc(echoProtocol))
	defer server.Close()
	address := server.Listener.Addr().String()
	transport := NewLocalTransport(address)
	defer transport.CloseIdleConnections()
	if resp, err := transport.RoundTrip(httptest.NewRequest("GET", server.URL, nil)); err != nil {
		t.Error(err)
	} else {
		resp.Body.Close()
	}
	port := address[strings.LastIndex(address, ":"):]
	for _, target := range []string{
		other.URL, "https://" + address, "http://localhost" + port, "http://[::1]" + port, "http://example.com", "https://chatgpt.com",
	} {
		req := httptest.NewRequest("PUT", target, strings.NewReader("file"))
		_, err := transport.RoundTrip(req)
		if e := failure(t, err, ErrConnection); e.Retryable || !strings.Contains(e.Message, req.URL.Host) {
			t.Errorf("%s: %+v", target, e)
		}
	}
	// The dialer checks the address as well.
	_, err := transport.plain.RoundTrip(httptest.NewRequest("GET", other.URL, nil))
	failure(t, err, ErrConnection)
	client := newClient(t, Config{Credentials: StaticCredentials(testToken), Transport: transport, ChatGPTBaseURL: server.URL})
	if err := client.Upload(t.Context(), &Upload{URL: other.URL, Body: JSONBody([]byte("file"))}); !errors.Is(err, ErrConnection) {
		t.Error(err)
	}
}

// A redirect must not change the scheme, the host or the port.
func TestCheckRedirect(t *testing.T) {
	for _, test := range []struct {
		from, to string
		ok       bool
	}{
		{"https://a.example/x", "https://a.example/y", true},
		{"https://a.example/x", "https://A.EXAMPLE:443/y", true},
		{"http://127.0.0.1/x", "http://127.0.0.1:80/y", true},
		{"https://a.example/x", "http://a.example/x", false},
		{"https://a.example:8443/x", "http://a.example:8443/x", false},
		{"https://a.example/x", "https://a.example:8443/x", false},
		{"http://127.0.0.1:1/x", "http://127.0.0.1:2/x", false},
		{"https://a.example/x", "https://b.a.example/x", false},
		{"https://a.example/x", "https://a.example.evil.example/x", false},
	} {
		from, to := httptest.NewRequest("GET", test.from, nil), httptest.NewRequest("GET", test.to, nil)
		err := checkRedirect(to, []*http.Request{from})
		if (err == nil) != test.ok {
			t.Errorf("%s to %s: %v", test.from, test.to, err)
		}
	}
}

// A redirect from https to http on the same host is refused, since it would send
// the bearer in clear.
func TestRedirectInClear(t *testing.T) {
	clearEnvironment(t)
	clear := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		t.Errorf("in clear: %v", r.Header)
	}))
	defer clear.Close()
	server, file := serveTLS(t, nil, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, clear.URL+r.URL.Path, http.StatusTemporaryRedirect)
	})
	t.Setenv("CODEX_CA_CERTIFICATE", file)
	from, _ := url.Parse(server.URL)
	to, _ := url.Parse(clear.URL)
	if from.Hostname() != to.Hostname() {
		t.Fatal("two hosts")
	}
	_, err := newClient(t, config(server.URL)).Do(t.Context(), &Request{Path: []string{"a"}})
	if e := failure(t, err, ErrConnection); !strings.Contains(e.Message, "redirects to http://") || e.Retryable {
		t.Errorf("%+v", e)
	}
}
