package methods

import (
	"context"
	"net/http"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// UsageParams are the parameters of codex.usage.
type UsageParams struct {
	// Return the limits known so far, without sending a request: those reported
	// by the headers and events of calls, and by the last result of this method.
	// Limits of another sign-in are not kept.
	Cached bool `json:"cached,omitempty"`
	CallTimeout
}

// Usage is the account's usage and rate limits, as returned by the backend.
// The members depend on the plan.
type Usage struct {
	// Such as "plus" or "pro".
	PlanType             string    `json:"plan_type,omitempty"`
	RateLimit            RateLimit `json:"rate_limit,omitzero" jsonschema:"nullable"`
	Credits              Object    `json:"credits,omitzero" jsonschema:"nullable"`
	AdditionalRateLimits []Object  `json:"additional_rate_limits,omitempty" jsonschema:"nullable"`
	RateLimitReachedType any       `json:"rate_limit_reached_type,omitempty"`
	// The name of the limit that the last call counted towards. Only in cached
	// usage.
	ActiveLimit string `json:"active_limit,omitempty"`
	// Unix time in seconds of the last response that reported limits, or null if
	// there was none, in which case there are no other members. Only in cached usage.
	SeenAt int64 `json:"seen_at,omitempty" jsonschema:"nullable"`
}

// RateLimit is a limit on calls, with a short and a long window.
type RateLimit struct {
	Allowed         bool        `json:"allowed,omitempty"`
	LimitReached    bool        `json:"limit_reached,omitempty"`
	PrimaryWindow   UsageWindow `json:"primary_window,omitzero" jsonschema:"nullable"`
	SecondaryWindow UsageWindow `json:"secondary_window,omitzero" jsonschema:"nullable"`
}

// UsageWindow is a time window of a rate limit.
type UsageWindow struct {
	// The percentage of the limit that is used.
	UsedPercent float64 `json:"used_percent,omitempty"`
	// In seconds.
	LimitWindowSeconds int `json:"limit_window_seconds,omitempty"`
	// In seconds from now.
	ResetAfterSeconds int `json:"reset_after_seconds,omitempty"`
	// Unix time in seconds.
	ResetAt int64 `json:"reset_at,omitempty"`
}

func (s *Service) usage(ctx context.Context, p *UsageParams) (*rpc.Raw[Usage], error) {
	if p.Cached {
		account, err := s.store.Account(ctx)
		if err != nil {
			return nil, errorOf(err)
		}
		return &rpc.Raw[Usage]{Value: s.redact(s.limits.state(identity{account.AccountID, account.UserID}))}, nil
	}
	var signed identity
	request := p.chatGPT("wham", "usage")
	request.Sign = func(token backend.Token, _ http.Header) { signed = identityOf(token) }
	usage, err := get[Usage](ctx, s, request)
	if err == nil {
		s.limits.setUsage(signed, usage.Value)
	}
	return usage, err
}
