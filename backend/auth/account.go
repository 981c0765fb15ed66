package auth

import (
	"context"
	"time"
)

// Account describes the signed-in account, without secrets.
type Account struct {
	Authenticated bool   // whether there are usable credentials, as far as known locally
	AccountID     string // "" if unknown, as for the following
	Email         string
	PlanType      string    // such as free, plus, pro or team
	ExpiresAt     time.Time // of the access token, which is refreshed before then; zero if unknown
	AuthMode      string    // chatgpt, apikey, or another of the official CLI's
	UserID        string    // identifies the user of the account
}

// Account returns the signed-in account, without network access. Being signed out is not an error; an unreadable file is.
func (s *Store) Account(ctx context.Context) (Account, error) {
	held, err := s.load(ctx)
	if err != nil {
		return Account{}, err
	}
	return held.account(s.now()), nil
}

func (h snapshot) account(now time.Time) Account {
	return Account{
		Authenticated: h.access != "" && h.rejected == nil && (h.refresh != "" || !h.expired(now)),
		AccountID:     h.accountID,
		UserID:        h.UserID,
		Email:         h.Email,
		PlanType:      h.PlanType,
		ExpiresAt:     h.Expires,
		AuthMode:      h.mode,
	}
}
