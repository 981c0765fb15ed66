package auth

import (
	"errors"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/printable"
)

// The kinds of failure, for errors.Is. All are returned as an [*Error].
var (
	// ErrNotAuthenticated means that there are no usable credentials, and a new sign-in is required.
	ErrNotAuthenticated error = backend.ErrNotAuthenticated
	// ErrLoginFailed means that a sign-in was refused, cancelled in the browser, or not completed in time.
	ErrLoginFailed = errors.New("sign-in failed")
	// ErrUnavailable means that the issuer could not be reached or had a transient failure, or that another process
	// locked auth.json for too long. The same call may succeed later.
	ErrUnavailable = errors.New("sign-in service unavailable")
	// ErrNotLocked means that auth.json cannot be locked, so that no refresh token is used. The message has the reason.
	ErrNotLocked = errors.New("credentials not locked")
	// ErrNotSaved means that the credentials are valid for this session, but could not be written to auth.json.
	ErrNotSaved = errors.New("credentials not saved")
)

// Error is a failure with a hint. Both texts are one line without secrets.
type Error struct {
	Message string // the problem
	Hint    string // what to do, as a sentence; may be empty
	cause   error
}

// Error returns the message followed by the hint.
func (e *Error) Error() string {
	if e.Hint == "" {
		return e.Message
	}
	return e.Message + " " + e.Hint
}

// Unwrap returns the kind.
func (e *Error) Unwrap() error { return e.cause }

// As converts the failure to an error of the backend, so that a Store can be the Credentials of a client.
func (e *Error) As(target any) bool {
	failure, ok := target.(**backend.Error)
	if !ok {
		return false
	}
	switch {
	case errors.Is(e.cause, ErrUnavailable):
		*failure = &backend.Error{Kind: backend.ErrConnection, Message: e.Error(), Retryable: true}
	case errors.Is(e.cause, ErrNotAuthenticated), errors.Is(e.cause, ErrLoginFailed), errors.Is(e.cause, ErrNotLocked):
		*failure = &backend.Error{Kind: backend.ErrNotAuthenticated, Message: e.Error()}
	default:
		return false
	}
	return true
}

const (
	loginHint = "Run `codex-rpc login`."
	// Programs written for the Python SDK match this sentence.
	notAuthenticated = "Not authenticated. Call authenticate() first."
)

func signedOut(reason string) *Error {
	return &Error{Message: notAuthenticated + " " + oneLine(reason), Hint: loginHint, cause: ErrNotAuthenticated}
}

func loginFailed(message string) *Error {
	return &Error{Message: oneLine(message), cause: ErrLoginFailed}
}

func unavailable(message string) *Error {
	return &Error{Message: oneLine(message), Hint: "Try again later.", cause: ErrUnavailable}
}

// notSaved converts an error of package os, which has a path and an errno, or of a lock.
func notSaved(err error) *Error {
	e := &Error{
		Message: "The sign-in is valid for this session only: auth.json cannot be written: " + err.Error() + ".",
		Hint:    "Make the Codex home writable, or set CODEX_HOME to a directory that is.",
		cause:   ErrNotSaved,
	}
	if lock, ok := errors.AsType[*Error](err); ok {
		e.Message, e.Hint = "The sign-in is valid for this session only: "+lock.Message, lock.Hint
	}
	e.Message = oneLine(e.Message)
	return e
}

// oneLine returns an external text as one line for a message: shortened, and without the given secrets, which an issuer
// may echo.
func oneLine(text string, secrets ...string) string {
	return printable.Excerpt(backend.Redact(text, secrets...), 600)
}
