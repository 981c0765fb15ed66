package vocabulary

// The events that the official API does not have, or not in a stream.

// ResponseMetadataEvent brings what the headers of the answer would, amid the stream.
type ResponseMetadataEvent struct {
	_        struct{} `type:"response.metadata"`
	Headers  Object   `json:"headers,omitempty"`
	Metadata Object   `json:"metadata,omitempty"`
}

// ResponseInterruptAcceptedEvent says that the backend ends the response early.
type ResponseInterruptAcceptedEvent struct {
	_          struct{} `type:"response.interrupt.accepted"`
	ResponseID string   `json:"response_id"`
}

// ResponseInterruptFailedEvent says that the backend does not end the response early.
type ResponseInterruptFailedEvent struct {
	_          struct{} `type:"response.interrupt.failed"`
	ResponseID string   `json:"response_id"`
	Error      Object   `json:"error,omitempty"`
}

// CodexRateLimitsEvent tells the state of the account's limits.
type CodexRateLimitsEvent struct {
	_        struct{} `type:"codex.rate_limits"`
	PlanType string   `json:"plan_type,omitempty"`
	// The windows, as {"primary": {"used_percent": 12, "window_minutes": 300, "reset_at": 1767225600}}.
	RateLimits       Object `json:"rate_limits,omitempty"`
	Credits          Object `json:"credits,omitempty"`
	MeteredLimitName string `json:"metered_limit_name,omitempty"`
	LimitName        string `json:"limit_name,omitempty"`
}
