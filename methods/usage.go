package methods

import (
	"context"
	"net/http"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// UsageParams are the parameters of codex.usage.
type UsageParams struct {
	// Return what the answers so far have said, without a request: the limits
	// that the headers and events of calls tell, and the last answer of this
	// method. Of another sign-in nothing is known.
	Cached bool `json:"cached,omitempty"`
	CallTimeout
}

// Usage is how much of the account's quota is used, as the backend tells it.
// What there is depends on the plan.
type Usage struct {
	// As "plus" or "pro".
	PlanType             string    `json:"plan_type,omitempty"`
	RateLimit            RateLimit `json:"rate_limit,omitzero" jsonschema:"nullable"`
	Credits              Object    `json:"credits,omitzero" jsonschema:"nullable"`
	AdditionalRateLimits []Object  `json:"additional_rate_limits,omitempty" jsonschema:"nullable"`
	RateLimitReachedType any       `json:"rate_limit_reached_type,omitempty"`
	// The limit that the last call counted for, as the backend calls it; of
	// cached usage alone.
	ActiveLimit string `json:"active_limit,omitempty"`
	// Of cached usage alone: the Unix time of the last answer that said
	// something, or null if none did. Then there is no other member.
	SeenAt int64 `json:"seen_at,omitempty" jsonschema:"nullable"`
}

// A RateLimit is the limit on calls, in a short span of time and in a long one.
type RateLimit struct {
	Allowed         bool        `json:"allowed,omitempty"`
	LimitReached    bool        `json:"limit_reached,omitempty"`
	PrimaryWindow   UsageWindow `json:"primary_window,omitzero" jsonschema:"nullable"`
	SecondaryWindow UsageWindow `json:"secondary_window,omitzero" jsonschema:"nullable"`
}

// A UsageWindow is a span of time for which a limit holds.
type UsageWindow struct {
	// In percent of the limit.
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
		return &rpc.Raw[Usage]{Value: s.shown(s.limits.state(identity{account.AccountID, account.UserID}))}, nil
	}
	var signed identity
	usage, err := get[Usage](ctx, s, &backend.Request{
		Base: backend.ChatGPT, Path: []string{"wham", "usage"}, Timeout: p.duration(),
		Sign: func(token backend.Token, _ http.Header) { signed = identityOf(token) },
	})
	if err == nil {
		s.limits.hearUsage(signed, usage.Value)
	}
	return usage, err
}
