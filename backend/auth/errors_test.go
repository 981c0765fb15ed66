package auth

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/backend"
)

func TestOneLine(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "plain"},
		{" a\r\n\tb\x1b[31m\u202ec\x00 ", "a b [31m c"},
		{"got tok-1 back", "got [redacted] back"},
		{strings.Repeat("é", 400), strings.Repeat("é", 300) + "…"},
		{"bad \xff byte", "bad \ufffd byte"},
	} {
		if got := oneLine(c.in, "tok-1", ""); got != c.want {
			t.Errorf("%q: %q, want %q", c.in, got, c.want)
		}
	}
}

// Failures of the store are errors of the backend: transient ones are retryable,
// others require a sign-in.
func TestBackendErrors(t *testing.T) {
	for _, test := range []struct {
		err       error
		want      backend.Kind // "" for none
		retryable bool
	}{
		{unavailable("m"), backend.ErrConnection, true},
		{signedOut("m"), backend.ErrNotAuthenticated, false},
		{loginFailed("m"), backend.ErrNotAuthenticated, false},
		{&Error{Message: "m", cause: ErrNotLocked}, backend.ErrNotAuthenticated, false},
		{notSaved(errors.New("m")), "", false},
	} {
		var got *backend.Error
		switch is := errors.As(fmt.Errorf("wrapped: %w", test.err), &got); {
		case is != (test.want != ""):
			t.Errorf("%v is an error of the backend: %v", test.err, is)
		case is && (got.Kind != test.want || got.Retryable != test.retryable || got.Message != test.err.Error()):
			t.Errorf("%v is %+v", test.err, got)
		}
	}
}
