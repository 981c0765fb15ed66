package methods

import (
	"context"
	"errors"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
)

// Credentials lets a backend.Client sign its requests with what a store holds.
func Credentials(store *auth.Store) backend.Credentials { return credentials{store} }

type credentials struct{ store *auth.Store }

func (c credentials) Token(ctx context.Context) (backend.Token, error) {
	token, err := c.store.Token(ctx)
	return backend.Token(token), credentialsError(err)
}

func (c credentials) Refresh(ctx context.Context, rejected backend.Token) (backend.Token, error) {
	token, err := c.store.Refresh(ctx, auth.Token(rejected))
	return backend.Token(token), credentialsError(err)
}

// credentialsError tells the client which errors may pass.
func credentialsError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, auth.ErrUnavailable):
		return &backend.Error{Kind: backend.ErrConnection, Message: err.Error(), Retryable: true}
	case errors.Is(err, auth.ErrNotAuthenticated):
		return &backend.Error{Kind: backend.ErrNotAuthenticated, Message: err.Error()}
	}
	return err
}
