package backend

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestRedact(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"nothing to hide", "nothing to hide"},
		{"token-a and token-b, token-a", "[redacted] and [redacted], [redacted]"},
		{"Authorization: Bearer abc.DEF-123_~+/=", "Authorization: Bearer [redacted]"},
		{"authorization: bearer  abcdefgh12", "authorization: bearer  [redacted]"},
		{"a bbBEaReR abcdefgh12 bEAreR abcdefgh12b", "a bbBEaReR abcdefgh12 bEAreR [redacted]"},
		{"Missing bearer token in request", "Missing bearer token in request"},
		{"Incorrect API key provided: sk-proj-****abcd. See", "Incorrect API key provided: [redacted] See"},
		{`"sk-abcdef",`, `"[redacted]",`},
		{"a task-123456 at a desk-12345", "a task-123456 at a desk-12345"},
		{"jwt eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln!", "jwt [redacted]!"},
		{"eye eyJ and eyJabc", "eye eyJ and eyJabc"},
	} {
		if got := Redact(test.in, "token-a", "token-b", "", "to"); got != test.want {
			t.Errorf("Redact(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func TestOneLine(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{" a\r\n\tb\u00a0 c ", "a b c"},
		{"a\x1b[0m\u0085\u009b\x7f\u2029b", "a [0m b"},
		{"0123456789", "0123456789"},
		{"0123456789a", "0123456789…"},
		{"012345678é", "012345678…"},
	} {
		if got := oneLine(test.in, 10); got != test.want {
			t.Errorf("oneLine(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

func FuzzRedactJSON(f *testing.F) {
	for _, seed := range []string{`{"a":"my secret","b":["\u0073ecret",1.50]}`, `"\\"`, `"\"secret"`, `{"secret":{}}`, `"Bearer secretsecret\n"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var before any
		if json.Unmarshal([]byte(text), &before) != nil {
			return
		}
		clean := RedactJSON([]byte(text), "secret")
		var after any
		if err := json.Unmarshal(clean, &after); err != nil {
			t.Fatalf("%q became %q: %v", text, clean, err)
		}
		if strings.Contains(string(clean), "secret") {
			t.Errorf("secret in %q", clean)
		}
		if Redact(text, "secret") == text && !strings.Contains(text, `\`) {
			if string(clean) != text || !reflect.DeepEqual(before, after) {
				t.Errorf("%q became %q", text, clean)
			}
		}
	})
}
