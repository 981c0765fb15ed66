package backend

import (
	"net/http"
	"strings"
	"unicode"
)

// A class is what the code or the type of a failure implies for a retry.
type class int

const (
	unclassified class = iota // nothing
	transient                 // it may succeed
	invalid                   // the request is invalid; as a type, it is overridden by the code
	permanent                 // a limit is exhausted or a policy refuses, regardless of everything else
)

// classes lists the known codes and types of failures, over HTTP and in streams.
// A name that is not listed may belong to a family.
var classes = map[string]class{
	"usage_limit_reached":          permanent,
	"usage_limit_exceeded":         permanent,
	"usage_not_included":           permanent,
	"account_deactivated":          permanent,
	"deactivated_workspace":        permanent,
	"content_filter":               permanent,
	"content_filtered":             permanent,
	"moderation_blocked":           permanent,
	"responsible_ai_policy":        permanent,
	"payment_required":             permanent,
	"interrupted":                  permanent,
	"context_length_exceeded":      permanent,
	"context_window_exceeded":      permanent,
	"string_above_max_length":      permanent,
	"max_tokens_exceeded":          permanent,
	"image_too_large":              permanent,
	"image_parse_error":            permanent,
	"request_too_large":            permanent,
	"bad_request":                  invalid,
	"authentication":               invalid,
	"permission":                   invalid,
	"permission_denied":            invalid,
	"unauthorized":                 invalid,
	"forbidden":                    invalid,
	"not_found":                    invalid,
	"unprocessable_entity":         invalid,
	"unknown_parameter":            invalid,
	"rate_limit":                   transient,
	"rate_limited":                 transient,
	"rate_limit_exceeded":          transient,
	"too_many_requests":            transient,
	"requests":                     transient, // the types of the OpenAI API's rate limits
	"tokens":                       transient,
	"slow_down":                    transient,
	"throttling":                   transient,
	"throttled":                    transient,
	"flex_unavailable":             transient,
	"server":                       transient,
	"internal":                     transient,
	"internal_server":              transient,
	"server_is_overloaded":         transient,
	"overloaded":                   transient,
	"engine_overloaded":            transient,
	"service_unavailable":          transient,
	"unavailable":                  transient,
	"bad_gateway":                  transient,
	"gateway_timeout":              transient,
	"timeout":                      transient,
	"request_timeout":              transient,
	"api_connection":               transient,
	"api_timeout":                  transient,
	"upstream":                     transient,
	"invalid_response":             transient, // of a gateway, about the backend behind it
	"response_stream_disconnected": transient,

	"websocket_connection_limit_reached": transient,
}

// Families of names: exhausted limits and refusals, and invalid requests.
var (
	permanentFamily = pattern(`(^|_)(quota|spend|spending|billing|credits?|balance|plan|policy|policies|subscription|moderation|safety|eligible|entitlement)(_|$)` +
		`|^context_(length|window)`)
	invalidFamily = pattern(`^(invalid|unsupported|missing|malformed|unrecognized|unknown_param|integer_|decimal_|string_|array_|object_)` +
		`|_(not_found|not_supported|not_allowed|invalid|too_long|too_large|too_many|too_old|out_of_range|above_max\w*|below_min\w*)$`)
)

// classOf returns the class of a code or a type in any style:
// usage_limit_reached, USAGE_LIMIT_REACHED, UsageLimitReached.
func classOf(name string) class {
	if name == "" || len(name) > 100 {
		return unclassified
	}
	name = snakeCase(name)
	if class := classes[name]; class != unclassified {
		return class
	}
	for _, suffix := range []string{"_error", "_exception"} { // as in names of exceptions
		if short, found := strings.CutSuffix(name, suffix); found {
			name = short
		}
	}
	switch {
	case classes[name] != unclassified:
		return classes[name]
	case permanentFamily().MatchString(name):
		return permanent
	case invalidFamily().MatchString(name):
		return invalid
	}
	return unclassified
}

// snakeCase returns a name in lower case, its words joined by "_".
func snakeCase(name string) string {
	var b strings.Builder
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case r == '-' || r == '.' || r == ' ' || r == '/':
			r = '_'
		case unicode.IsUpper(r):
			// A word starts after a lower-case letter, and at the last letter of an acronym.
			if i > 0 && (isSmall(runes[i-1]) || unicode.IsUpper(runes[i-1]) && i+1 < len(runes) && isSmall(runes[i+1])) {
				b.WriteByte('_')
			}
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isSmall(r rune) bool { return unicode.IsLower(r) || unicode.IsDigit(r) }

// retryable reports whether the same request may succeed later. In order of
// precedence, that depends on a permanent code or type, the header
// x-should-retry, the code, the type, and the status, which may be 0. A failure
// without any of these is retryable.
func (r *report) retryable(status int, header http.Header) bool {
	code, kind := classOf(r.code), classOf(r.kind)
	if code == permanent || kind == permanent {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(header.Get("X-Should-Retry"))) {
	case "true":
		return true
	case "false":
		return false
	}
	if code == unclassified {
		code = kind
	}
	if code != unclassified {
		return code == transient
	}
	if r.status != 0 {
		status = r.status
	}
	return status == 0 || status == http.StatusTooManyRequests || status >= 500
}

// refusedModel matches messages that a model is not available to this client
// version or account.
var refusedModel = pattern(`(?i)requires a newer version of codex|not supported when using codex with a chatgpt account`)

// missingModel matches messages that a model does not exist, which are also
// sent for an outdated client version.
var missingModel = pattern(`(?is)\bmodel\b.{0,200}\b(not found|does not exist)\b`)

// refusesModel reports whether the failure is that the model is not served to
// this client version or to this account.
func (r *report) refusesModel(status int) bool {
	if snakeCase(r.code) == "model_not_found" || refusedModel().MatchString(r.message) {
		return true
	}
	return status == http.StatusNotFound && missingModel().MatchString(r.message)
}
