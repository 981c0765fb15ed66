package simulator

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// fault is an error answer: a status and its JSON body. Handlers return it as an error.
type fault struct {
	status int
	body   any // the body's shape differs from endpoint to endpoint
}

func (f *fault) Error() string { return fmt.Sprintf("HTTP %d", f.status) }

// detail is the error shape of the ChatGPT backend's own checks.
type detail struct {
	Detail string `json:"detail"`
}

func refuse(status int, format string, args ...any) error {
	return &fault{status, detail{fmt.Sprintf(format, args...)}}
}

// apiError is the error shape of the OpenAI API.
type apiError struct {
	Message  string  `json:"message"`
	Type     string  `json:"type"`
	Param    *string `json:"param"`
	Code     *string `json:"code"`
	PlanType string  `json:"plan_type,omitempty"`
	ResetsAt int64   `json:"resets_at,omitempty"`
	ResetsIn int     `json:"resets_in_seconds,omitempty"`
}

type errorBody struct {
	Error apiError `json:"error"`
}

func invalid(param, code, format string, args ...any) error {
	e := apiError{Message: fmt.Sprintf(format, args...), Type: "invalid_request_error"}
	if param != "" {
		e.Param = &param
	}
	if code != "" {
		e.Code = &code
	}
	return &fault{http.StatusBadRequest, errorBody{e}}
}

// required says that a member of the body is missing, as those parts of the
// backend do that are no part of the OpenAI API.
func required(path ...string) error {
	type flaw struct {
		Type    string   `json:"type"`
		Loc     []string `json:"loc"`
		Message string   `json:"msg"`
	}
	return &fault{http.StatusUnprocessableEntity, map[string][]flaw{"detail": {{"missing", append([]string{"body"}, path...), "Field required"}}}}
}

func missing(param string) error {
	return invalid(param, "missing_required_parameter", "Missing required parameter: '%s'.", param)
}

func refuseCode(status int, code, message string) error {
	return &fault{status, errorBody{apiError{Message: message, Type: "invalid_request_error", Code: &code}}}
}

// condition is an error the real backend is known to answer with.
type condition struct {
	status        int
	code          string
	kind, message string
}

const connectionLimit = "Responses websocket connection limit reached (60 minutes). Create a new websocket connection to continue."

// The first condition of a status is what the directive status=N alone gives.
var conditions = []condition{
	{400, "invalid_request", "invalid_request_error", "The request is invalid."},
	{400, "context_length_exceeded", "invalid_request_error", "Your input exceeds the context window of this model. Please adjust your input and try again."},
	{400, "invalid_prompt", "invalid_request_error", "Invalid prompt: your prompt was flagged as potentially violating our usage policy."},
	{400, "cyber_policy", "invalid_request_error", "This request has been flagged for possible cybersecurity risk."},
	{400, "bio_policy", "invalid_request_error", "This request has been flagged for possible biological risk."},
	{400, "content_policy_violation", "invalid_request_error", "This request was rejected by the safety system."},
	{400, "previous_response_not_found", "invalid_request_error", "Previous response not found."},
	{400, "websocket_connection_limit_reached", "invalid_request_error", connectionLimit},
	{401, "token_expired", "invalid_request_error", "Provided authentication token is expired. Please try signing in again."},
	{401, "token_invalidated", "invalid_request_error", "Your authentication token has been invalidated. Please try signing in again."},
	{401, "refresh_token_expired", "invalid_request_error", "Your refresh token has expired. Please try signing in again."},
	{401, "refresh_token_reused", "invalid_request_error", "Your refresh token has already been used to generate a new access token. Please try signing in again."},
	{401, "refresh_token_invalidated", "invalid_request_error", "Your refresh token has been revoked. Please try signing in again."},
	{402, "credit_balance_exhausted", "insufficient_quota", "Your credit balance is used up."},
	{403, "forbidden", "permission_error", "Your account may not use this endpoint."},
	{404, "not_found", "invalid_request_error", "The requested resource was not found."},
	{404, "model_not_found", "invalid_request_error", "The model does not exist or you do not have access to it."},
	{429, "rate_limit_exceeded", "requests", "Rate limit reached. Please try again in %s."},
	{429, "usage_limit_reached", "usage_limit_reached", "The usage limit has been reached"},
	{429, "usage_not_included", "usage_not_included", "To use Codex with your ChatGPT plan, upgrade to Plus."},
	{429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota, please check your plan and billing details."},
	{500, "server_error", "server_error", "An error occurred while processing your request. You can retry your request."},
	{502, "bad_gateway", "server_error", "The upstream server gave no valid answer."},
	{503, "server_is_overloaded", "service_unavailable_error", "Our servers are currently overloaded. Please try again later."},
	{503, "slow_down", "service_unavailable_error", "Slow down: reduce your request rate and try again later."},
	{503, "flex_unavailable", "service_unavailable_error", "Flex processing is not available at the moment."},
	{504, "gateway_timeout", "server_error", "The upstream server did not answer in time."},
}

// condition finds what the directives ask for; what they leave open the table fills.
func (s *scenario) condition(fallback string) condition {
	i := slices.IndexFunc(conditions, func(c condition) bool {
		if s.code != "" {
			return c.code == s.code
		}
		if s.status != 0 {
			return c.status == s.status
		}
		return c.code == fallback
	})
	c := condition{400, s.code, "invalid_request_error", http.StatusText(s.status)}
	if i >= 0 {
		c = conditions[i]
	} else if s.code != "" {
		c.message = "The request failed with " + s.code + "."
	} else if s.status >= 500 {
		c.kind = "server_error"
	}
	c.status = cmp.Or(s.status, c.status)
	if c.code == "rate_limit_exceeded" {
		wait := "1s"
		if _, err := strconv.ParseFloat(s.retryAfter, 64); err == nil {
			wait = s.retryAfter + "s"
		}
		c.message = fmt.Sprintf(c.message, wait)
	}
	c.message = cmp.Or(s.message, c.message, "The request failed.")
	return c
}

// resetAfter is when a reached usage limit ends.
const resetAfter = time.Hour

func (c condition) apiError() apiError {
	e := apiError{Message: c.message, Type: c.kind}
	if c.code != "" {
		e.Code = &c.code
	}
	if c.code == "usage_limit_reached" {
		// The real body has no code: its type says it all.
		e.Code = nil
		e.PlanType = planType
		e.ResetsAt = time.Now().Add(resetAfter).Unix()
		e.ResetsIn = int(resetAfter.Seconds())
	}
	return e
}

// directedFault is the error answer of status= and code=.
func (c *call) directedFault() error {
	h, scenario := c.w.Header(), &c.scenario
	fault := scenario.condition("")
	switch scenario.retryAfter {
	case "":
	case "date":
		h.Set("Retry-After", time.Now().Add(2*time.Second).UTC().Format(http.TimeFormat))
	default:
		h.Set("Retry-After", scenario.retryAfter)
	}
	if fault.code == "usage_limit_reached" {
		limit := "codex"
		if strings.Contains(c.URL.Path, "/images/") {
			limit = "image_gen"
		}
		limitHeaders(h, limit, 100)
		h.Set("x-codex-active-limit", limit)
		h.Set("x-codex-rate-limit-reached-type", "rate_limit_reached")
	}
	return fault.fault()
}

func (c condition) fault() error { return &fault{c.status, errorBody{c.apiError()}} }

// limitHeaders is the family of rate limit headers that the model endpoints send,
// for a limit of this name.
func limitHeaders(h http.Header, limit string, usedPercent int) {
	now := time.Now()
	family := "x-" + strings.ReplaceAll(limit, "_", "-")
	for name, value := range map[string]int64{
		"-primary-used-percent":     int64(usedPercent),
		"-primary-window-minutes":   300,
		"-primary-reset-at":         now.Add(resetAfter).Unix(),
		"-secondary-used-percent":   int64(usedPercent / 2),
		"-secondary-window-minutes": 10080,
		"-secondary-reset-at":       now.Add(6 * 24 * time.Hour).Unix(),
	} {
		h.Set(family+name, strconv.FormatInt(value, 10))
	}
	h.Set("x-codex-credits-has-credits", "false")
	h.Set("x-codex-credits-unlimited", "false")
	h.Set("x-ratelimit-limit-requests", "500")
	h.Set("x-ratelimit-remaining-requests", strconv.Itoa(500-5*usedPercent))
	h.Set("x-ratelimit-reset-requests", resetAfter.String())
}

// limitEvent returns the members of the event that holds the limits where an answer
// has no headers.
func limitEvent(usedPercent int) []any {
	type window struct {
		UsedPercent   int   `json:"used_percent"`
		WindowMinutes int   `json:"window_minutes"`
		ResetAt       int64 `json:"reset_at"`
	}
	now := time.Now()
	return []any{
		"plan_type", planType,
		"rate_limits", map[string]window{
			"primary":   {usedPercent, 300, now.Add(resetAfter).Unix()},
			"secondary": {usedPercent / 2, 10080, now.Add(6 * 24 * time.Hour).Unix()},
		},
		"credits", map[string]any{"has_credits": false, "unlimited": false, "balance": nil},
		"metered_limit_name", "codex",
		"limit_name", nil,
	}
}
