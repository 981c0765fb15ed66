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

// A Token is the credentials of a request. It is formatted, logged and marshaled as
// "[redacted]".
type Token struct {
	Access    string // bearer token for all bases
	AccountID string // for ChatGPT and Codex; not secret
	APIKey    string // bearer token for OpenAI if Access is empty
	FedRAMP   bool   // whether the account is in the FedRAMP environment
	UserID    string // identifies the user of the account, not sent; "" if unknown
	Residency string // the region that requests must be served in, such as "us"; "" for any
}

// Format implements fmt.Formatter.
func (Token) Format(f fmt.State, _ rune) { io.WriteString(f, blank) }

// String returns "[redacted]".
func (Token) String() string { return blank }

// GoString returns "[redacted]".
func (Token) GoString() string { return blank }

// LogValue implements slog.LogValuer.
func (Token) LogValue() slog.Value { return slog.StringValue(blank) }

// MarshalText implements encoding.TextMarshaler.
func (Token) MarshalText() ([]byte, error) { return []byte(blank), nil }

// sign adds the credentials to the header of a request for base.
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

// Credentials provides tokens. Its methods are called concurrently. Errors
// should be of type [*Error]; any other is treated as [ErrNotAuthenticated],
// and its text is shown to the user.
type Credentials interface {
	// Token is called before every attempt and should be cheap.
	Token(ctx context.Context) (Token, error)
	// Refresh is called when the backend rejected a token with 401, at most once
	// per request. If it returns the same token, the 401 is final.
	Refresh(ctx context.Context, rejected Token) (Token, error)
}

// StaticCredentials returns Credentials with a fixed token, for tests and for backends
// without authentication.
func StaticCredentials(token Token) Credentials {
	return static(func() Token { return token })
}

// static is a function, since fmt prints unexported fields without calling their
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
