package printable

import "testing"

func TestLine(t *testing.T) {
	for text, want := range map[string]string{
		"plain":                           "plain",
		" a\r\n\tb ":                      "a b",
		"\x1b]0;title\x07\x1b[31mred":     "]0;title [31mred",
		"a\u009b31mb\u0085c":              "a 31mb c",
		"\x00\x08\x7f":                    "",
		"abc\u202ecod\u202c":              "abc cod",
		"a\u2066b\u2069c\u2028d":          "a b c d",
		"\xff\x9b":                        "\ufffd\ufffd",
		"שלום\u200f עולם":                 "שלום\u200f עולם",
		"👩\u200d🔬":                        "👩\u200d🔬",
		"sk-\u202asecret\u202csk-another": "sk- secret sk-another",
	} {
		if got := Line(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
