package methods

import (
	"context"
	"errors"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
)

// A Store keeps the credentials of one sign-in. It is an [auth.Store], or one
// that has a way of its own to sign in.
type Store interface {
	Token(context.Context) (auth.Token, error)
	Refresh(ctx context.Context, rejected auth.Token) (auth.Token, error)
	Account(context.Context) (auth.Account, error)
	Login(context.Context, auth.LoginOptions, func(auth.Event)) (auth.Account, error)
	Logout(context.Context) (revoked bool, err error)
}

// Credentials lets a backend.Client sign its requests with what a store holds.
func Credentials(store Store) backend.Credentials { return credentials{store} }

type credentials struct{ store Store }

func (c credentials) Token(ctx context.Context) (backend.Token, error) {
	token, err := c.store.Token(ctx)
	return backend.Token(token), credentialsError(err)
}

func (c credentials) Refresh(ctx context.Context, rejected backend.Token) (backend.Token, error) {
	token, err := c.store.Refresh(ctx, auth.Token(rejected))
	return backend.Token(token), credentialsError(err)
}

// credentialsError returns an error of a store as one of the backend, which
// tells what may pass by itself from what takes a sign-in.
func credentialsError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, auth.ErrUnavailable):
		return &backend.Error{Kind: backend.ErrConnection, Message: err.Error(), Retryable: true}
	case errors.Is(err, auth.ErrNotAuthenticated), errors.Is(err, auth.ErrLoginFailed), errors.Is(err, auth.ErrNotLocked):
		return &backend.Error{Kind: backend.ErrNotAuthenticated, Message: err.Error()}
	}
	return err
}
