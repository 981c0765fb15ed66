package backend

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"golang.org/x/net/http/httpguts"
)

// A Token is what a request is signed with. It formats, logs and marshals as
// "[redacted]", whatever the verb.
type Token struct {
	Access    string // bearer for all bases
	AccountID string // for ChatGPT and Codex; no secret
	APIKey    string // bearer for OpenAI where there is no Access
	FedRAMP   bool   // the account lives in the FedRAMP environment
	UserID    string // tells the users of an account apart, is not sent; "" if unknown
	Residency string // the region that requests must be served in, as "us"; "" for any
}

// Format implements fmt.Formatter.
func (Token) Format(f fmt.State, _ rune) { io.WriteString(f, blank) }

// String returns "[redacted]".
func (Token) String() string { return blank }

// GoString returns "[redacted]".
func (Token) GoString() string { return blank }

// LogValue implements slog.LogValuer.
func (Token) LogValue() slog.Value { return slog.StringValue(blank) }

// MarshalText serves JSON and every other encoding.
func (Token) MarshalText() ([]byte, error) { return []byte(blank), nil }

// sign puts the token into the header of a request for base.
func (t Token) sign(header http.Header, base Base) error {
	bearer := t.Access
	if bearer == "" && base == OpenAI {
		bearer = t.APIKey
	}
	if bearer == "" {
		return &Error{Kind: ErrNotAuthenticated, Message: "not signed in: run `codex-rpc login`"}
	}
	if !httpguts.ValidHeaderFieldValue(bearer) || !httpguts.ValidHeaderFieldValue(t.AccountID) {
		return &Error{Kind: ErrNotAuthenticated, Message: "the stored credentials are invalid: run `codex-rpc login`"}
	}
	header.Set("Authorization", "Bearer "+bearer)
	if base == OpenAI {
		return nil
	}
	header.Del("ChatGPT-Account-ID")
	if t.AccountID != "" {
		header.Set("ChatGPT-Account-ID", t.AccountID)
	}
	header.Del("X-OpenAI-Fedramp")
	if t.FedRAMP {
		header.Set("X-OpenAI-Fedramp", "true")
	}
	return nil
}

// Credentials gives out tokens. It is used by many goroutines at once. Errors
// should be of type [*Error]; any other is taken for ErrNotAuthenticated, and
// its text shown to the user.
type Credentials interface {
	// Token is called before every try and should be cheap.
	Token(ctx context.Context) (Token, error)
	// Refresh is called when the backend answered 401 to rejected, at most
	// once for a request. If that token comes back, there is nothing to be
	// renewed and the 401 stands.
	Refresh(ctx context.Context, rejected Token) (Token, error)
}

// StaticCredentials gives out one token for ever: for tests and for backends
// that do not ask who calls.
func StaticCredentials(token Token) Credentials {
	return static(func() Token { return token })
}

// A function, since fmt looks into unexported fields without calling their
// methods.
type static func() Token

func (s static) Token(context.Context) (Token, error)          { return s(), nil }
func (s static) Refresh(context.Context, Token) (Token, error) { return s(), nil }

func credentialsError(ctx context.Context, err error) error {
	var ours *Error
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &ours):
		return ours
	}
	return &Error{Kind: ErrNotAuthenticated, Message: reason(err), cause: err}
}
