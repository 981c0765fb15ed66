package rpc

import "testing"

func TestOneLine(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{" a\r\n\tb\u00a0 c\u2028d ", "a b c d"},
		{"a\x1b[31m\u0085\u009b\x7fb", "a [31m b"},
		{"a\u202eb\u2066c\u200fd", "a b c\u200fd"},
		{"\U0001f468\u200d\U0001f469", "\U0001f468\u200d\U0001f469"},
	} {
		if got := OneLine(test.in); got != test.want {
			t.Errorf("OneLine(%q) = %q, want %q", test.in, got, test.want)
		}
	}
}

// TestErrorMessage checks that an error is sent with its message on one line.
func TestErrorMessage(t *testing.T) {
	e := InternalError.Errorf("a\n\u202eb\x07")
	if got, want := string(e.appendTo(nil)), `{"code":-32603,"message":"a b","data":{"retryable":false,"type":"internal_error"}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
