package backend

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"
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

// A secret is found in any encoding, and other text is unchanged.
func TestDisguises(t *testing.T) {
	const long, word, overlapping = "aB3/dEf+gHi=jKl0mNo", "tok/en-1234", "pass-word-past"
	for _, test := range []struct{ in, want string }{
		{"x" + long + "y" + long, "x[redacted]y[redacted]"},
		{"aB3%2FdEf%2BgHi%3DjKl0mNo.", "[redacted]."},
		{"aB3%252fdEf%252bgHi%253djKl0mNo", "[redacted]"},
		{"%61B3/dEf+gHi=jKl0mNo", "[redacted]"},
		{`aB3\/dEf\u002bgHi\x3djKl0mNo`, "[redacted]"},
		{`\\u0061B3\\/dEf+gHi=jKl0mNo`, "[redacted]"},
		{"aB3&#47;dEf&plus;gHi&#x3D;jKl0mNo", "[redacted]"},
		{"aB3&amp;#47;dEf+gHi=jKl0mNo", "[redacted]"},
		{"aB3/d\r\n   Ef+gHi\x00=jK\u200bl0m%E2%80%8BNo", "[redacted]"},
		{"aB3/d" + strings.Repeat(" ", 9) + "Ef+gHi=jKl0mNo", "aB3/d" + strings.Repeat(" ", 9) + "Ef+gHi=jKl0mNo"},
		{"aB3/dEf+gHi=j and more", "[redacted] and more"},
		{"aB3/dEf+g and more", "aB3/dEf+g and more"},
		{"aB3/dEf+g…", "[redacted]…"},
		{"aB3/dEf+...", "[redacted]..."},
		{"aB3/dE", "aB3/dE"},
		{"at aB3/dEf+gHi=... B3/dEf+gHi=jKl0mNo", "at [redacted]... [redacted]"},
		{"in ...3/dEf+gHi=jKl0mN, and 3/dEf+gHi=jKl0m", "in ...[redacted], and 3/dEf+gHi=jKl0m"},
		{"tok/en-12", "tok/en-12"},
		{"pass-word-pass-word-past.", "pass-word-[redacted]."},
		{"tok\n/en-1234", "[redacted]"},
		{`C:\new\%temp%\&c, 100%, a\u00e9\`, `C:\new\%temp%\&c, 100%, a\u00e9\`},
		{"%", "%"}, {"%e", "%e"}, {`\`, `\`}, {`\u12`, `\u12`}, {"&", "&"}, {"&#", "&#"}, {"&#x;&;&amp", "&#x;&;&amp"}, {"%ff%fe%fd%fc", "%ff%fe%fd%fc"},
	} {
		if got := Redact(test.in, long, word, overlapping); got != test.want {
			t.Errorf("Redact(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

// The time is linear in the length of any text.
func TestRedactIsLinear(t *testing.T) {
	const secret = "aB3/dEf+gHi=jKl0mNo"
	for _, piece := range []string{"%", "%25", `\`, `\u005c`, "&", "&amp;", "&#38;", "&aaaaaaa", "a", "a ", secret[:11] + " ", "a\x01\x01\x01"} {
		text := strings.Repeat(piece, 1<<20/len(piece))
		start := time.Now()
		Redact(text, secret)
		if took := time.Since(start); took > 5*time.Second {
			t.Errorf("1 MiB of %q took %v", piece, took)
		} else {
			t.Logf("%q: %v", piece, took)
		}
	}
}

// Any number of secrets are found, in a time that hardly depends on it: with a
// comparison for each, this would take minutes.
func TestManySecrets(t *testing.T) {
	const many = 10_000
	var secrets []string
	for i := range many {
		secrets = append(secrets, fmt.Sprintf("tok%%/%05d", i), fmt.Sprintf("eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9-%05d", i))
	}
	r := NewRedactor(append(secrets, secrets...)...)
	var text, want strings.Builder
	for i := range many {
		fmt.Fprintf(&text, `tok%%/%05d tok%%25%%2f%05d eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9-%05d eyJ\u0068bGciOiJSUzI1 NiIsInR5cCI6IkpXVCJ9-%05d tok%%/x `, i, i, i, i)
		want.WriteString("[redacted] [redacted] [redacted] [redacted] tok%/x ")
	}
	start := time.Now()
	if got := r.Text(text.String()); got != want.String() {
		t.Errorf("%.200q", got)
	}
	if took := time.Since(start); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}

// The last credentials are kept, separately from those of URLs.
func TestSecrets(t *testing.T) {
	var s Secrets
	s.Add("first-token", "", "x")
	for i := range 10_000 {
		s.addSignatures(fmt.Sprint("signature-of-a-url-", i))
	}
	if got := s.Redact("first-token x signature-of-a-url-9999"); got != "[redacted] x [redacted]" {
		t.Errorf("%q", got)
	}
	token := strings.Repeat("x", credentialBytes/100)
	for i := range 200 {
		s.Add("token-in-use", fmt.Sprint("later-token-", i, ".", token))
	}
	if got := s.Redact("first-token token-in-use later-token-199."); got != "first-token [redacted] [redacted]" {
		t.Errorf("%q", got)
	}
	if kept := length(s.credentials) + length(s.signatures); kept > credentialBytes+signatureBytes {
		t.Errorf("%d bytes are kept", kept)
	}
	for i := range 10 {
		s.Add(fmt.Sprint("later-token-", i, "."))
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: s.RedactAttr})).With("a", "later-token-1.").WithGroup("g").
		Info("later-token-2.", "b", errors.New("x later-token-3."), "c", []byte("later-token-4."), "d", []string{"later-token-5."}, "e", slog.GroupValue(slog.String("f", "later%2dtoken-6.")), "n", 7)
	if text := log.String(); strings.Contains(text, "token") || strings.Count(text, blank) != 6 || !strings.Contains(text, "g.n=7") {
		t.Errorf("%s", text)
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
		clean := NewRedactor("secret").JSON([]byte(text))
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

func FuzzRedact(f *testing.F) {
	const secret = "aB3/dEf+gHi=jKl0mNo"
	for _, seed := range []string{secret, "aB3%2FdEf%2bgHi&#61;jKl0mNo", `\u0061B3\/dEf+gHi=jKl0mNo`, "%25%5c&amp;", "aB3/d\x01Ef+gHi=jKl0mNo…", "100% \\ & \xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean := Redact(text, secret, "tok/en-1234")
		if strings.Contains(clean, secret) || strings.Contains(clean, "tok/en-1234") {
			t.Errorf("%q became %q", text, clean)
		}
		if strings.Contains(text, secret) && clean == text {
			t.Errorf("%q stayed", text)
		}
	})
}
