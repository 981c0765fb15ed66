package methods

import (
	"context"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
)

// A Store keeps the credentials of one sign-in. It is an [auth.Store], or one
// that has a way of its own to sign in.
type Store interface {
	backend.Credentials
	Account(context.Context) (auth.Account, error)
	Login(context.Context, auth.LoginOptions, func(auth.Event)) (auth.Account, error)
	Logout(context.Context) (revoked bool, err error)
}
