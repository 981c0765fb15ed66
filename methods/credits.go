package methods

import (
	"cmp"
	"context"

	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// ResetCredits holds the credits that reset exhausted rate limits.
type ResetCredits struct {
	AvailableCount   int           `json:"available_count"`
	TotalEarnedCount int           `json:"total_earned_count"`
	Credits          []ResetCredit `json:"credits"`
}

// ResetCredit is a credit that resets the rate limits once.
type ResetCredit struct {
	ID        string `json:"id" jsonschema:"example=credit_1"`
	ResetType string `json:"reset_type"`
	// Such as "available" or "redeemed".
	Status    string `json:"status"`
	GrantedAt string `json:"granted_at"`
	// Null if it does not expire.
	ExpiresAt   string `json:"expires_at" jsonschema:"nullable"`
	Title       string `json:"title" jsonschema:"nullable"`
	Description string `json:"description" jsonschema:"nullable"`
}

func (s *Service) listCredits(ctx context.Context, p *CallTimeout) (*rpc.Raw[ResetCredits], error) {
	answer, err := s.fetchObject(ctx, p.chatGPT("wham", "rate-limit-reset-credits"))
	if err != nil {
		return nil, err
	}
	return rpc.RawOf[ResetCredits](complete(completeEach(answer, "credits", creditDefaults), creditsDefaults)), nil
}

// The members that the backend may omit.
var (
	creditsDefaults        = rawjson.MustParse(`{"available_count": 0, "total_earned_count": 0}`)
	creditDefaults         = rawjson.MustParse(`{"expires_at": null, "title": null, "description": null}`)
	consumedCreditDefaults = rawjson.MustParse(`{"windows_reset": 0}`)
)

// CreditsHistoryParams are the parameters of
// codex.rate_limit_reset_credits.history.
type CreditsHistoryParams struct {
	// The cursor of the previous page.
	Cursor *string `json:"cursor,omitempty" jsonschema:"minLength=1"`
	CallTimeout
}

// CreditsHistory is a page of the history of credits over the last 30 days.
type CreditsHistory struct {
	Items  []Object `json:"items"`
	Cursor string   `json:"cursor" jsonschema:"nullable"`
}

func (s *Service) creditsHistory(ctx context.Context, p *CreditsHistoryParams) (*rpc.Raw[CreditsHistory], error) {
	request := p.chatGPT("wham", "rate-limit-reset-credits", "history")
	request.Query = pageQuery(p.Cursor, nil)
	return get[CreditsHistory](ctx, s, request)
}

// CreditsConsumeParams are the parameters of
// codex.rate_limit_reset_credits.consume.
type CreditsConsumeParams struct {
	// An idempotency key (a UUID): repeated calls with the same id use one
	// credit. Generated if omitted, and kept while the host retries the request.
	RedeemRequestID *string `json:"redeem_request_id,omitempty" jsonschema:"minLength=1,example=0199a1b2-0000-7000-8000-000000000001"`
	// The credit to use. By default the backend chooses one.
	CreditID *string `json:"credit_id,omitempty" jsonschema:"example=credit_1"`
	CallTimeout
}

// ConsumedCredit is the outcome of using a credit.
type ConsumedCredit struct {
	// "reset", "nothing_to_reset", "no_credit" or "already_redeemed".
	Code string `json:"code" jsonschema:"example=reset"`
	// The number of limits that were reset.
	WindowsReset int `json:"windows_reset"`
	// The idempotency key of the call.
	RedeemRequestID string `json:"redeem_request_id"`
}

func (s *Service) consumeCredit(ctx context.Context, p *CreditsConsumeParams) (*rpc.Raw[ConsumedCredit], error) {
	if p.CreditID != nil && *p.CreditID == "" {
		return nil, invalidParam("/credit_id", "Expected `credit_id` to be non-empty when provided")
	}
	id := cmp.Or(deref(p.RedeemRequestID), newUUID())
	var body rawjson.Object
	body.SetString("redeem_request_id", id)
	body.Set("credit_id", optional(p.CreditID, rawjson.String))
	answer, err := s.fetchObject(ctx, post(p.chatGPT("wham", "rate-limit-reset-credits", "consume"), body.Value()))
	if failed, ok := err.(*rpc.Error); ok {
		// A retry with another id might use another credit.
		return nil, failed.With("redeem_request_id", id)
	}
	if err != nil {
		return nil, err
	}
	s.limits.forget()
	answer = answer.With("redeem_request_id", rawjson.String(id))
	return rpc.RawOf[ConsumedCredit](complete(answer, consumedCreditDefaults)), nil
}

// Accounts holds the accounts and workspaces of the signed-in user, as returned by
// the backend.
type Accounts struct {
	// A list of accounts, or an object that maps ids to accounts.
	Accounts         AnyJSON  `json:"accounts"`
	AccountOrdering  []string `json:"account_ordering,omitempty"`
	DefaultAccountID string   `json:"default_account_id,omitempty" jsonschema:"nullable"`
}
