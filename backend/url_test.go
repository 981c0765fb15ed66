package backend

import (
	"net/url"
	"strings"
	"testing"
)

func TestParseBaseURL(t *testing.T) {
	for _, test := range []struct{ in, want string }{ // "" for an error
		{"https://chatgpt.com/backend-api", "https://chatgpt.com/backend-api"},
		{"https://chatgpt.com/backend-api//", "https://chatgpt.com/backend-api"},
		{"https://chatgpt.com", "https://chatgpt.com"},
		{"HTTP://LocalHost:8080/x/", "http://LocalHost:8080/x"},
		{"http://127.0.0.1:1", "http://127.0.0.1:1"},
		{"http://127.9.9.9", "http://127.9.9.9"},
		{"http://[::1]:1", "http://[::1]:1"},
		{"http://[::ffff:127.0.0.1]", "http://[::ffff:127.0.0.1]"},
		{"http://chatgpt.com", ""},
		{"http://127.0.0.1.example.com", ""},
		{"http://localhost.example.com", ""},
		{"http://10.0.0.1", ""},
		{"http://[::2]", ""},
		{"ftp://localhost", ""},
		{"chatgpt.com", ""},
		{"//chatgpt.com", ""},
		{"https:///path", ""},
		{"", ""},
		{"https://user:secret@chatgpt.com", ""},
		{"https://chatgpt.com/?secret=1", ""},
		{"https://chatgpt.com/#secret", ""},
		{"https://chatgpt.com/%zzsecret", ""},
	} {
		got, err := ParseBaseURL("test URL", test.in)
		if got != test.want || (err == nil) != (test.want != "") {
			t.Errorf("%q: %q, %v", test.in, got, err)
		}
		if err != nil && (!strings.Contains(err.Error(), "the test URL") || strings.Contains(err.Error(), "secret")) {
			t.Errorf("%q: %v", test.in, err)
		}
	}
}

func FuzzJoin(f *testing.F) {
	for _, seed := range []string{"task_1", "..", "../x", "a/../../b", "%2e%2e", "?q", "#f", "\x00\r\n", "é", "a;b", "@host", "//host"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, id string) {
		u, err := join("https://host/base", []string{"tasks", id, "turns"}, nil)
		if id == "" || id == "." || id == ".." {
			if err == nil {
				t.Errorf("%q was accepted", id)
			}
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", id, err)
		}
		segments := strings.Split(u.EscapedPath(), "/")
		if u.Host != "host" || u.RawQuery != "" || u.Fragment != "" || len(segments) != 5 {
			t.Fatalf("%q made %q", id, u)
		}
		if back, err := url.PathUnescape(segments[3]); back != id || err != nil {
			t.Errorf("%q became %q", id, back)
		}
		if strings.ContainsAny(u.String(), "\r\n \x00") {
			t.Errorf("%q made %q", id, u)
		}
	})
}
