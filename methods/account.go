package methods

import (
	"context"
	"errors"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// A Store stores the credentials of a sign-in. [auth.Store] implements it.
type Store interface {
	backend.Credentials
	Account(context.Context) (auth.Account, error)
	Login(context.Context, auth.LoginOptions, func(auth.Event)) (auth.Account, error)
	Logout(context.Context) (revoked bool, err error)
}

// Account is the signed-in account, without secrets. Unknown members are null.
type Account struct {
	// Whether there are usable credentials.
	Authenticated bool    `json:"authenticated"`
	AccountID     *string `json:"account_id" jsonschema:"nullable"`
	Email         *string `json:"email" jsonschema:"nullable"`
	// Such as "plus" or "pro".
	PlanType *string `json:"plan_type" jsonschema:"nullable"`
	// Unix time in seconds at which the access token expires. It is refreshed before that.
	ExpiresAt *int64 `json:"expires_at" jsonschema:"nullable"`
	// Such as "chatgpt", or "apikey", which is not usable for calls.
	AuthMode *string `json:"auth_mode" jsonschema:"nullable"`
}

// AccountOf converts an account to a result.
func AccountOf(a auth.Account) *Account {
	account := &Account{
		Authenticated: a.Authenticated,
		AccountID:     known(a.AccountID),
		Email:         known(a.Email),
		PlanType:      known(a.PlanType),
		AuthMode:      known(a.AuthMode),
	}
	if !a.ExpiresAt.IsZero() {
		account.ExpiresAt = new(a.ExpiresAt.Unix())
	}
	return account
}

// known returns a pointer to a text, nil for "".
func known(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func (s *Service) accountInfo(ctx context.Context, _ *CallTimeout) (*Account, error) {
	account, err := s.store.Account(ctx)
	if err != nil {
		return nil, errorOf(err)
	}
	return AccountOf(account), nil
}

// LogoutParams are the parameters of logout.
type LogoutParams struct {
	// Timeout in seconds for the revocation. The credentials are removed in any
	// case.
	Timeout float64 `json:"timeout,omitempty" jsonschema:"exclusiveMinimum=0,default=10"`
	// No effect when no request is sent.
	IncludeHeaders bool `json:"include_headers,omitempty"`
}

// LoggedOut is the result of logout.
type LoggedOut struct {
	// Whether the issuer accepted the revocation. The credentials are removed in
	// any case.
	Revoked bool `json:"revoked"`
}

func (s *Service) logout(ctx context.Context, p *LogoutParams) (*LoggedOut, error) {
	if p.Timeout > 0 {
		limited, cancel := context.WithTimeout(ctx, seconds(p.Timeout))
		defer cancel()
		ctx = limited
	}
	s.sockets.closeIdle()
	revoked, err := s.store.Logout(ctx)
	if failed, ok := errors.AsType[*auth.Error](err); ok { // the file remains: neither a retry nor a sign-in would help
		return nil, rpc.InternalError.Errorf("%s", failed.Error())
	}
	return &LoggedOut{revoked}, err
}
