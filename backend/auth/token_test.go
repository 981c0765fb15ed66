package auth

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestTokenShowsNothing(t *testing.T) {
	token := Token{Access: "access-secret", AccountID: "account-secret", APIKey: "key-secret", FedRAMP: true}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%t"} {
		fmt.Fprintf(&out, verb+verb+verb, token, &token, struct{ T Token }{token})
	}
	fmt.Fprint(&out, token, token.String(), fmt.Errorf("%v", token))
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(h).Info("x", "token", token, "pointer", &token, "in", struct{ T Token }{token})
	}
	text, err := json.Marshal([]any{token, &token})
	if err != nil {
		t.Fatal(err)
	}
	out.Write(text)
	for _, hex := range []string{"secret", fmt.Sprintf("%x", "secret"), "true"} {
		if strings.Contains(out.String(), hex) {
			t.Errorf("%q is in\n%s", hex, out.String())
		}
	}
	if same := token; same != token || (Token{}) == token {
		t.Error("tokens do not compare")
	}
}

func TestOneLine(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"},
		{" a\r\n\tb\x1b[31m\u202ec\x00 ", "a b [31m c"},
		{"got tok-1 back", "got [redacted] back"},
		{strings.Repeat("é", 400), strings.Repeat("é", 299) + "…"},
		{"bad \xff byte", "bad \ufffd byte"},
	} {
		if got := oneLine(c.in, "tok-1", ""); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}
