package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// fault is an error answer. Handlers return it as an error.
type fault struct {
	status int
	body   any // the body's shape differs from endpoint to endpoint
}

func (f *fault) Error() string { return fmt.Sprintf("HTTP %d", f.status) }

// detail is the error body of the ChatGPT backend.
type detail struct {
	Detail string `json:"detail"`
}

func refuse(status int, format string, args ...any) error {
	return &fault{status, detail{fmt.Sprintf(format, args...)}}
}

// apiError is the error of the OpenAI API.
type apiError struct {
	Message  string `json:"message"`
	Type     string `json:"type"`
	Param    any    `json:"param"` // a string or nil, as the code
	Code     any    `json:"code"`
	PlanType string `json:"plan_type,omitempty"`
	ResetsAt int64  `json:"resets_at,omitempty"`
	ResetsIn int    `json:"resets_in_seconds,omitempty"`
}

type errorBody struct {
	Error apiError `json:"error"`
}

// textOr returns a text, or another value instead of an empty one.
func textOr(text string, otherwise any) any {
	if text == "" {
		return otherwise
	}
	return text
}

func invalid(param, code, format string, args ...any) error {
	return &fault{http.StatusBadRequest, errorBody{apiError{
		Message: fmt.Sprintf(format, args...), Type: "invalid_request_error", Param: textOr(param, nil), Code: textOr(code, nil),
	}}}
}

// required is the fault for a missing parameter in the parts of the backend that
// are not part of the OpenAI API.
func required(status int, loc ...string) error {
	return &fault{status, fill("required", "loc", loc)}
}

// missing is the fault for a missing parameter in the OpenAI API.
func missing(param string) error {
	return invalid(param, "missing_required_parameter", "Missing required parameter: '%s'.", param)
}

// condition is a known error of the real backend.
type condition struct {
	Status              int
	Code, Type, Message string
}

// conditions are all of them. The directive status alone selects the first one of that status.
var conditions = load[[]condition]("conditions.json")

// known returns the fault for a code in conditions.
func known(code string) error { return (&scenario{Code: code}).condition("").fault() }

// condition returns the error that the directives select, by default that of the fallback code. Conditions supplies what
// the directives do not set.
func (s *scenario) condition(fallback string) condition {
	i := slices.IndexFunc(conditions(), func(c condition) bool {
		if s.Code != "" {
			return c.Code == s.Code
		}
		if s.Status != 0 {
			return c.Status == s.Status
		}
		return c.Code == fallback
	})
	c := condition{400, s.Code, "invalid_request_error", http.StatusText(s.Status)}
	if i >= 0 {
		c = conditions()[i]
	} else if s.Code != "" {
		c.Message = "The request failed with " + s.Code + "."
	} else if s.Status >= 500 {
		c.Type = "server_error"
	}
	c.Status = cmp.Or(s.Status, c.Status)
	if c.Code == "rate_limit_exceeded" {
		wait := "1s"
		if _, err := strconv.ParseFloat(s.RetryAfter, 64); err == nil {
			wait = s.RetryAfter + "s"
		}
		c.Message = fmt.Sprintf(c.Message, wait)
	}
	c.Message = cmp.Or(s.Message, c.Message, "The request failed.")
	return c
}

func (c condition) apiError() apiError {
	e := apiError{Message: c.Message, Type: c.Type, Code: textOr(c.Code, nil)}
	if c.Code == "usage_limit_reached" {
		// The real body has a type but no code.
		e.Code = nil
		e.PlanType = planType
		e.ResetsAt = time.Now().Add(primaryReset).Unix()
		e.ResetsIn = int(primaryReset.Seconds())
	}
	return e
}

// directedFault returns the fault for the directives status and code.
func (c *call) directedFault() error {
	h, scenario := c.w.Header(), &c.scenario
	fault := scenario.condition("")
	switch scenario.RetryAfter {
	case "":
	case "date":
		h.Set("Retry-After", time.Now().Add(2*time.Second).UTC().Format(http.TimeFormat))
	default:
		h.Set("Retry-After", scenario.RetryAfter)
	}
	if fault.Code == "usage_limit_reached" {
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

func (c condition) fault() error { return &fault{c.Status, errorBody{c.apiError()}} }

// limitHeaders sets the rate limit headers of the model endpoints, for the limit
// of this name.
func limitHeaders(h http.Header, limit string, usedPercent int) {
	var values map[string]json.RawMessage
	// Unmarshal cannot fail: a filled shape is an object.
	_ = json.Unmarshal(fill("limit headers", append(windows(usedPercent), "remaining", 500-5*usedPercent, "reset", primaryReset.String())...), &values)
	for name, value := range values {
		h.Set(strings.Replace(name, "LIMIT", strings.ReplaceAll(limit, "_", "-"), 1), strings.Trim(string(value), `"`))
	}
}
