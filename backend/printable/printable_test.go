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

func TestExcerpt(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{" a\r\n\tb\u00a0 c ", "a b c"},
		{"a\x1b[0m\u0085\u009b\x7f\u2029b", "a [0m b"},
		{"a\u202eb\u2066c", "a b c"},
		{"0123456789", "0123456789"},
		{"0123456789a", "0123456789…"},
		{"012345678é", "012345678…"},
	} {
		if got := Excerpt(test.in, 10); got != test.want {
			t.Errorf("Excerpt(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}
