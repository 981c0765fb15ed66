package auth

import (
	"context"
	"time"
)

// Account is what may be shown of the credentials.
type Account struct {
	Authenticated bool   // Token would give something, as far as can be told without asking the issuer
	AccountID     string // "" if unknown, as all that follow
	Email         string
	PlanType      string    // the issuer's word: free, plus, pro, team, …
	ExpiresAt     time.Time // of the access token, which is refreshed before then; zero if unknown
	AuthMode      string    // chatgpt, apikey, or another of the official CLI's
	UserID        string    // tells the users of an account apart
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
		Authenticated: h.access != "" && h.dead == nil && (h.refresh != "" || !h.expired(now)),
		AccountID:     h.accountID,
		UserID:        h.UserID,
		Email:         h.Email,
		PlanType:      h.PlanType,
		ExpiresAt:     h.Expires,
		AuthMode:      h.mode,
	}
}
