package methods

import (
	"context"
	"errors"

	"github.com/codex-rpc/codex-rpc/backend/auth"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// An Account is what may be shown of the credentials. What is not known is null.
type Account struct {
	// Whether calls can be made.
	Authenticated bool    `json:"authenticated"`
	AccountID     *string `json:"account_id" jsonschema:"nullable"`
	Email         *string `json:"email" jsonschema:"nullable"`
	// As "plus" or "pro".
	PlanType *string `json:"plan_type" jsonschema:"nullable"`
	// When the access token ends, which is renewed before, in Unix seconds.
	ExpiresAt *int64 `json:"expires_at" jsonschema:"nullable"`
	// As "chatgpt", or "apikey", with which no calls can be made.
	AuthMode *string `json:"auth_mode" jsonschema:"nullable"`
}

// AccountOf returns an account as methods tell it.
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

func known(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// AccountInfoParams are the parameters of account_info.
type AccountInfoParams struct {
	CallTimeout
}

func (s *Service) accountInfo(ctx context.Context, _ *AccountInfoParams) (*Account, error) {
	return s.account(ctx)
}

func (s *Service) account(ctx context.Context) (*Account, error) {
	account, err := s.store.Account(ctx)
	if err != nil {
		return nil, errorOf(err)
	}
	return AccountOf(account), nil
}

// LogoutParams are the parameters of logout.
type LogoutParams struct {
	// Give up revoking after so many seconds. The credentials are removed in
	// any case.
	Timeout float64 `json:"timeout,omitempty" jsonschema:"exclusiveMinimum=0,default=10"`
	// Of no effect, as where nothing is asked of the backend.
	IncludeHeaders bool `json:"include_headers,omitempty"`
}

// A LoggedOut is the result of logout.
type LoggedOut struct {
	// Whether the sign-in service took the revocation. The credentials are
	// removed in any case.
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
	var failed *auth.Error
	if errors.As(err, &failed) { // the file stands: nothing that a sign-in or another try would mend
		return nil, rpc.InternalError.Errorf("%s", failed.Error())
	}
	return &LoggedOut{revoked}, err
}
