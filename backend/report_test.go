package backend

import "testing"

// TestIsFailure tests that reports of failures are distinguished from results of
// methods.
func TestIsFailure(t *testing.T) {
	for _, test := range []struct {
		text string
		want bool
	}{
		{`{"error":{"message":"m"}}`, true},
		{`{"error":"m"}`, true},
		{`{"detail":"m"}`, true},
		{`{"errors":[{"message":"m"}],"success":false,"result":null}`, true},
		{`[{"error":{"code":1}}]`, true},
		{`{"message":"m","code":"insufficient_quota"}`, true},
		{`{"message":"m","type":"server_error"}`, true},
		{`{"error":{},"detail":"m"}`, true},
		{`{"object":"error","message":"m","type":"mistake","param":null}`, true},
		{`{"statusCode":429,"message":"m"}`, true},
		{`{"status":"error","message":"m"}`, true},
		{`{"message":"m","code":400}`, true},
		{`{"id":"r","object":"response","status":"failed","error":{"message":"m"},"output":[]}`, true},
		{`{"id":"r","object":"response","status":"completed","error":null,"output":[]}`, false},
		{`{"id":"t","object":"task","status":"failed","error":{"message":"m"}}`, false},
		{`{"error":null}`, false},
		{`{"error":{}}`, false},
		{`{"error":{"message":"m"},"output":[]}`, false},
		{`{"message":"hello"}`, false},
		{`{"code":"no_credit"}`, false},
		{`{"code":"already_redeemed","message":""}`, false},
		{`{"status":"error","error_message":"m"}`, false},
		{`{}`, false}, {`[]`, false}, {`"m"`, false}, {`x`, false}, {``, false},
	} {
		if got := IsFailure([]byte(test.text)); got != test.want {
			t.Errorf("%s: %v", test.text, got)
		}
	}
}

// TestClassOf tests the classes of names in all styles.
func TestClassOf(t *testing.T) {
	for want, names := range map[class][]string{
		permanent:    {"usage_limit_reached", "UsageLimitReached", "USAGE-LIMIT-REACHED", "workspace_spend_limit", "quotaExceeded", "credits_depleted", "subscription_sharing_user_not_eligible", "ContentPolicyViolationError", "ContextWindowExceededError"},
		invalid:      {"invalid_request_error", "BadRequestError", "invalid_value", "model_not_found", "unsupported_value", "NotFoundError", "authentication_error", "string_too_long", "missing_required_parameter"},
		transient:    {"rate_limit_exceeded", "RateLimitError", "throttling_error", "overloaded_error", "APITimeoutError", "Internal Server Error"},
		unclassified: {"", "unknown", "unknown_error", "mistake", "1302", "cloudflare"},
	} {
		for _, name := range names {
			if got := classOf(name); got != want {
				t.Errorf("%s is %d, want %d", name, got, want)
			}
		}
	}
}

func FuzzReport(f *testing.F) {
	f.Add(`{"error":{"message":"{\"error\":{\"code\":\"x\"}}"},"detail":[{"msg":"m"}],"headers":{"retry-after":[1]},"resets_at":"1e99"}`)
	f.Add(`[[[[[[[[[[{"error":1}]]]]]]]]]]`)
	f.Fuzz(func(t *testing.T, text string) {
		e := FailureOf([]byte(text))
		if e.Message == "" || e.RetryAfter != nil && *e.RetryAfter < 0 || e.Status != 0 && (e.Status < 400 || e.Status > 599) {
			t.Errorf("%+v", e)
		}
		if IsFailure([]byte(text)) && len(text) > maxBareBytes {
			t.Error("too long")
		}
	})
}
