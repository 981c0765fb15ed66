package backend

import (
	"net/http"
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// A class is what the code or the type of a failure says of the next attempt.
type class int

const (
	silent  class = iota // nothing
	passing              // it may succeed
	faulty               // the request is at fault; a code that says otherwise beside this type wins
	spent                // something is used up or refused, whatever stands beside it
)

// classes are the codes and types of failures, the one list of what is final
// and what passes, over HTTP and in streams. A name that is not here is judged
// by families.
var classes = map[string]class{
	"usage_limit_reached":          spent,
	"usage_limit_exceeded":         spent,
	"usage_not_included":           spent,
	"account_deactivated":          spent,
	"deactivated_workspace":        spent,
	"content_filter":               spent,
	"content_filtered":             spent,
	"moderation_blocked":           spent,
	"responsible_ai_policy":        spent,
	"payment_required":             spent,
	"interrupted":                  spent,
	"context_length_exceeded":      spent,
	"context_window_exceeded":      spent,
	"string_above_max_length":      spent,
	"max_tokens_exceeded":          spent,
	"image_too_large":              spent,
	"image_parse_error":            spent,
	"request_too_large":            spent,
	"bad_request":                  faulty,
	"authentication":               faulty,
	"permission":                   faulty,
	"permission_denied":            faulty,
	"unauthorized":                 faulty,
	"forbidden":                    faulty,
	"not_found":                    faulty,
	"unprocessable_entity":         faulty,
	"unknown_parameter":            faulty,
	"rate_limit":                   passing,
	"rate_limited":                 passing,
	"rate_limit_exceeded":          passing,
	"too_many_requests":            passing,
	"requests":                     passing, // the types of the OpenAI API's rate limits
	"tokens":                       passing,
	"slow_down":                    passing,
	"throttling":                   passing,
	"throttled":                    passing,
	"flex_unavailable":             passing,
	"server":                       passing,
	"internal":                     passing,
	"internal_server":              passing,
	"server_is_overloaded":         passing,
	"overloaded":                   passing,
	"engine_overloaded":            passing,
	"service_unavailable":          passing,
	"unavailable":                  passing,
	"bad_gateway":                  passing,
	"gateway_timeout":              passing,
	"timeout":                      passing,
	"request_timeout":              passing,
	"api_connection":               passing,
	"api_timeout":                  passing,
	"upstream":                     passing,
	"invalid_response":             passing, // of a gateway, about the backend behind it
	"response_stream_disconnected": passing,

	"websocket_connection_limit_reached": passing,
}

// Families of names: what is used up, and what is wrong with a request.
var (
	spentFamily = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(^|_)(quota|spend|spending|billing|credits?|balance|plan|policy|policies|subscription|moderation|safety|eligible|entitlement)(_|$)` +
			`|^context_(length|window)`)
	})
	faultyFamily = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(invalid|unsupported|missing|malformed|unrecognized|unknown_param|integer_|decimal_|string_|array_|object_)` +
			`|_(not_found|not_supported|not_allowed|invalid|too_long|too_large|too_many|too_old|out_of_range|above_max\w*|below_min\w*)$`)
	})
)

// classOf returns the class of a code or a type, in whatever style it is
// written: usage_limit_reached, USAGE_LIMIT_REACHED, UsageLimitReached.
func classOf(name string) class {
	if name == "" || len(name) > 100 {
		return silent
	}
	name = snakeCase(name)
	if class := classes[name]; class != silent {
		return class
	}
	for _, suffix := range []string{"_error", "_exception"} { // of classes of exceptions
		if short, found := strings.CutSuffix(name, suffix); found {
			name = short
		}
	}
	switch {
	case classes[name] != silent:
		return classes[name]
	case spentFamily().MatchString(name):
		return spent
	case faultyFamily().MatchString(name):
		return faulty
	}
	return silent
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
			// A word begins behind a small letter, and where an acronym ends.
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

// passes reports whether the same request may succeed later, by what decides
// that first: something that is used up; the header x-should-retry; the code;
// the type; the status, 0 where there is none. What says nothing may have been
// an accident.
func (r *report) passes(status int, header http.Header) bool {
	code, kind := classOf(r.code), classOf(r.kind)
	if code == spent || kind == spent {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(header.Get("X-Should-Retry"))) {
	case "true":
		return true
	case "false":
		return false
	}
	if code == silent {
		code = kind
	}
	if code != silent {
		return code == passing
	}
	if r.status != 0 {
		status = r.status
	}
	return status == 0 || status == http.StatusTooManyRequests || status >= 500
}

// refusedModel matches messages that a model is not available to this client
// version or account.
var refusedModel = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)requires a newer version of codex|not supported when using codex with a chatgpt account`)
})

// missingModel matches messages that a model does not exist, which are also
// sent for an outdated client version.
var missingModel = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?is)\bmodel\b.{0,200}\b(not found|does not exist)\b`)
})

// refusesModel reports whether the failure is that the model is not served to
// this client version or to this account.
func (r *report) refusesModel(status int) bool {
	if snakeCase(r.code) == "model_not_found" || refusedModel().MatchString(r.message) {
		return true
	}
	return status == http.StatusNotFound && missingModel().MatchString(r.message)
}
