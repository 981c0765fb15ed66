package methods

import (
	"context"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc"
)

// UsageParams are the parameters of codex.usage.
type UsageParams struct {
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
	return get[Usage](ctx, s, &backend.Request{
		Base: backend.ChatGPT, Path: []string{"wham", "usage"}, Timeout: p.duration(),
	})
}
