package vocabulary

// The events that are not events of the official API's streams.

// ResponseMetadataEvent contains metadata that would otherwise be sent in the response headers.
type ResponseMetadataEvent struct {
	_        struct{} `type:"response.metadata"`
	Headers  Object   `json:"headers,omitempty"`
	Metadata Object   `json:"metadata,omitempty"`
}

// ResponseInterruptAcceptedEvent is sent when the backend accepts an interrupt and ends the response early.
type ResponseInterruptAcceptedEvent struct {
	_          struct{} `type:"response.interrupt.accepted"`
	ResponseID string   `json:"response_id"`
}

// ResponseInterruptFailedEvent is sent when the backend rejects an interrupt.
type ResponseInterruptFailedEvent struct {
	_          struct{} `type:"response.interrupt.failed"`
	ResponseID string   `json:"response_id"`
	Error      Object   `json:"error,omitempty"`
}

// CodexRateLimitsEvent reports the account's rate limits.
type CodexRateLimitsEvent struct {
	_        struct{} `type:"codex.rate_limits"`
	PlanType string   `json:"plan_type,omitempty"`
	// The windows, such as {"primary": {"used_percent": 12, "window_minutes": 300, "reset_at": 1767225600}}.
	RateLimits       Object `json:"rate_limits,omitempty"`
	Credits          Object `json:"credits,omitempty"`
	MeteredLimitName string `json:"metered_limit_name,omitempty"`
	LimitName        string `json:"limit_name,omitempty"`
}
