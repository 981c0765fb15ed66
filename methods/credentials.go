package methods

import (
	"context"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
)

// A Store stores the credentials of a sign-in. [auth.Store] implements it.
type Store interface {
	backend.Credentials
	Account(context.Context) (auth.Account, error)
	Login(context.Context, auth.LoginOptions, func(auth.Event)) (auth.Account, error)
	Logout(context.Context) (revoked bool, err error)
}
