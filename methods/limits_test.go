package methods

import (
	"encoding/json"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// headerOf parses lines of the form "Name: value".
func headerOf(text string) http.Header {
	header := make(http.Header)
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok {
			header.Add(textproto.CanonicalMIMEHeaderKey(name), value)
		}
	}
	return header
}

const mainLimitHeader = `x-codex-primary-used-percent: 12.5
	x-codex-primary-window-minutes: 300
	x-codex-primary-reset-at: 1800000000
	x-codex-secondary-used-percent: 40
	x-codex-secondary-window-minutes: 10080
	x-codex-secondary-reset-at: 1800600000
`

func TestLimitsOfHeader(t *testing.T) {
	const (
		primary   = `{"used_percent":12.5,"limit_window_seconds":18000,"reset_at":1800000000}`
		secondary = `{"used_percent":40,"limit_window_seconds":604800,"reset_at":1800600000}`
	)
	for _, test := range []struct {
		name, known, header string
		status              int
		want                string
	}{
		{"nothing", "", "x-request-id: r", 200, ""},
		{"both windows", "", mainLimitHeader, 200,
			`{"rate_limit":{"allowed":true,"limit_reached":false,"primary_window":` + primary + `,"secondary_window":` + secondary + `},"rate_limit_reached_type":null}`},
		{"a window that does not exist", "", "x-codex-primary-used-percent: 7\nx-codex-secondary-used-percent: 0\nx-codex-secondary-window-minutes: 0", 200,
			`{"rate_limit":{"allowed":true,"limit_reached":false,"primary_window":{"used_percent":7}},"rate_limit_reached_type":null}`},
		{"no window", "", "x-codex-primary-used-percent: 0", 200, ""},
		{"an unused window", "", "x-codex-primary-used-percent: 0\nx-codex-primary-window-minutes: 300", 200,
			`{"rate_limit":{"allowed":true,"limit_reached":false,"primary_window":{"used_percent":0,"limit_window_seconds":18000}},"rate_limit_reached_type":null}`},
		{"reached", `{"plan_type":"plus","rate_limit":{"allowed":true,"limit_reached":false,"primary_window":{"used_percent":99}}}`,
			"x-codex-primary-used-percent: 100\nx-codex-rate-limit-reached-type: rate_limit_reached\nx-codex-active-limit: codex", 429,
			`{"plan_type":"plus","rate_limit":{"allowed":false,"limit_reached":true,"primary_window":{"used_percent":100}},"rate_limit_reached_type":"rate_limit_reached","active_limit":"codex"}`},
		{"reached, and paid by credits", "", "x-codex-primary-used-percent: 100", 200,
			`{"rate_limit":{"allowed":true,"limit_reached":true,"primary_window":{"used_percent":100}},"rate_limit_reached_type":null}`},
		{"an additional limit", `{"rate_limit":{"allowed":true}}`,
			"x-image-gen-primary-used-percent: 100\nx-image-gen-limit-name: Images\nx-codex-active-limit: image_gen\nx-codex-rate-limit-reached-type: r", 429,
			`{"rate_limit":{"allowed":true},"additional_rate_limits":[{"limit_name":"Images","metered_feature":"image_gen","rate_limit":{"allowed":false,"limit_reached":true,"primary_window":{"used_percent":100}}}],"active_limit":"image_gen"}`},
		{"a known additional limit", `{"additional_rate_limits":[{"metered_feature":"a"},{"limit_name":"B","metered_feature":"b","future":1,"rate_limit":{"more":2,"primary_window":{"used_percent":1}}}]}`,
			"x-b-primary-used-percent: 2", 200,
			`{"additional_rate_limits":[{"metered_feature":"a"},{"limit_name":"B","metered_feature":"b","future":1,"rate_limit":{"more":2,"primary_window":{"used_percent":2},"allowed":true,"limit_reached":false}}]}`},
		{"a name that looks like a window", "", "x-codex-secondary-primary-used-percent: 3", 200,
			`{"additional_rate_limits":[{"limit_name":"codex_secondary","metered_feature":"codex_secondary","rate_limit":{"allowed":true,"limit_reached":false,"primary_window":{"used_percent":3}}}]}`},
		{"credits", `{"credits":{"has_credits":false,"future":1}}`,
			"x-codex-credits-has-credits: TRUE\nx-codex-credits-unlimited: 0\nx-codex-credits-balance: 12.50", 200,
			`{"credits":{"future":1,"has_credits":true,"unlimited":false,"balance":"12.50"}}`},
		{"incomplete credits", "", "x-codex-credits-has-credits: true", 200, ""},
		{"invalid numbers", "", "x-codex-primary-used-percent: NaN\nx-a-primary-used-percent: 1e400\nx-b-primary-used-percent: many\nx-c-primary-used-percent: 5\nx-c-primary-reset-at: 1e9\nx-c-primary-window-minutes: -3", 200,
			`{"additional_rate_limits":[{"limit_name":"c","metered_feature":"c","rate_limit":{"allowed":true,"limit_reached":false,"primary_window":{"used_percent":5}}}]}`},
		{"a text that is too long", "", mainLimitHeader + "x-codex-active-limit: " + strings.Repeat("x", 1000), 200,
			`{"rate_limit":{"allowed":true,"limit_reached":false,"primary_window":` + primary + `,"secondary_window":` + secondary + `},"rate_limit_reached_type":null}`},
	} {
		report := limitsOfHeader(test.status, headerOf(test.header))
		if report.isEmpty() != (test.want == "") {
			t.Errorf("%s: is empty: %v", test.name, report.isEmpty())
			continue
		}
		if test.want != "" {
			var known rawjson.Value
			if test.known != "" {
				known = parsed(t, test.known)
			}
			sameJSON(t, test.name, string(report.addTo(known).Bytes()), test.want)
		}
	}
}

func TestLimitsOfEvent(t *testing.T) {
	for _, test := range []struct{ name, event, want string }{
		{"all", `{"type":"codex.rate_limits","plan_type":"pro","rate_limits":{"primary":{"used_percent":3,"window_minutes":300,"reset_at":1800000000},"secondary":null},
			"credits":{"has_credits":true,"unlimited":false,"balance":"5"},"metered_limit_name":"codex","limit_name":null}`,
			`{"plan_type":"pro","rate_limit":{"allowed":true,"limit_reached":false,"primary_window":{"used_percent":3,"limit_window_seconds":18000,"reset_at":1800000000}},
			"rate_limit_reached_type":null,"credits":{"has_credits":true,"unlimited":false,"balance":"5"}}`},
		{"an additional limit", `{"rate_limits":{"primary":{"used_percent":100}},"metered_limit_name":"image_gen","limit_name":"Images"}`,
			`{"additional_rate_limits":[{"limit_name":"Images","metered_feature":"image_gen","rate_limit":{"allowed":true,"limit_reached":true,"primary_window":{"used_percent":100}}}]}`},
		{"nothing", `{"rate_limits":[1],"credits":"many"}`, ""},
		{"no object", `{"rate_limits":{"primary":"x","secondary":{"used_percent":"1"}}}`, ""},
	} {
		report := limitsOfEvent(parsed(t, test.event))
		if report.isEmpty() != (test.want == "") {
			t.Errorf("%s: is empty: %v", test.name, report.isEmpty())
		} else if test.want != "" {
			sameJSON(t, test.name, string(report.addTo(rawjson.Value{}).Bytes()), test.want)
		}
	}
}

func FuzzLimits(f *testing.F) {
	f.Add(mainLimitHeader, `{"rate_limits":{"primary":{"used_percent":1e9}}}`, `{"credits":null}`)
	f.Add("x--primary-used-percent: 1\nx-\u00e9-primary-used-percent: 2", `{}`, `{"additional_rate_limits":[1,[],{"metered_feature":""}]}`)
	f.Fuzz(func(t *testing.T, header, event, known string) {
		base, _ := rawjson.Parse([]byte(known))
		reports := []limitsReport{limitsOfHeader(429, headerOf(header))}
		if v, err := rawjson.Parse([]byte(event)); err == nil {
			reports = append(reports, limitsOfEvent(v))
		}
		for _, report := range reports {
			var l limits
			l.add(identity{}, limitsReport{plan: rawjson.String("p"), credits: base})
			l.add(identity{}, report)
			if text := l.state(identity{}).Bytes(); !json.Valid(text) {
				t.Errorf("no JSON: %q", text)
			}
		}
	})
}

// limitsOf returns a reply that reports the percentage used and the reset time of
// the main limit.
func limitsOf(used, reset string) reply {
	return events(`{"type":"response.completed","response":{"id":"r","status":"completed","output":[]}}`).
		With("x-codex-primary-used-percent: " + used + "\nx-codex-primary-reset-at: " + reset)
}

func TestUsageCached(t *testing.T) {
	served := script(
		limitsOf("5", "1800000000"),
		jsonReply(`{"plan_type":"plus","email":"e","rate_limit":{"allowed":true,"primary_window":{"used_percent":6,"reset_at":1800000000,"reset_after_seconds":77}}}`),
		events(`{"type":"codex.rate_limits","rate_limits":{"primary":{"used_percent":7}}}`, `{"type":"response.completed","response":{"id":"r","status":"completed","output":[]}}`),
		reply{Status: 429, Header: "Content-Type: application/json\nx-codex-primary-used-percent: 100", Body: `{"error":{"type":"usage_limit_reached"}}`},
		jsonReply(`{"code":"reset","windows_reset":1}`),
	)
	c := harness(t, served)
	cached := func(want string) {
		t.Helper()
		got := c.result("codex.usage", `{"cached":true}`)
		if seen, ok := whole(got.Get("seen_at")); ok {
			if age := time.Since(time.Unix(int64(seen), 0)); age < -time.Minute || age > time.Minute {
				t.Errorf("seen %v ago", age)
			}
			got = got.With("seen_at", rawjson.Bool(true))
		}
		if window := got.Get("rate_limit").Get("primary_window"); window.Get("reset_at").Kind() != 0 {
			left, _ := window.Get("reset_after_seconds").Decimal().Int()
			if want := int(1800000000 - time.Now().Unix()); left < min(0, want)-60 || left > max(0, want)+60 {
				t.Errorf("reset_after_seconds is %d", left)
			}
			got = got.With("rate_limit", got.Get("rate_limit").With("primary_window", window.Without("reset_after_seconds")))
		}
		sameJSON(t, "cached", string(got.Bytes()), want)
	}
	cached(`{"seen_at":null}`)
	c.result("responses.create", `{"input":"x"}`)
	cached(`{"rate_limit":{"allowed":true,"limit_reached":false,"primary_window":{"used_percent":5,"reset_at":1800000000}},"rate_limit_reached_type":null,"seen_at":true}`)
	c.result("codex.usage", `{}`)
	cached(`{"plan_type":"plus","email":"e","rate_limit":{"allowed":true,"primary_window":{"used_percent":6,"reset_at":1800000000}},"seen_at":true}`)
	c.result("responses.create", `{"input":"x"}`)
	cached(`{"plan_type":"plus","email":"e","rate_limit":{"allowed":true,"limit_reached":false,"primary_window":{"used_percent":7}},"rate_limit_reached_type":null,"seen_at":true}`)
	c.failure("responses.create", `{"input":"x"}`)
	cached(`{"plan_type":"plus","email":"e","rate_limit":{"allowed":false,"limit_reached":true,"primary_window":{"used_percent":100}},"rate_limit_reached_type":null,"seen_at":true}`)
	c.result("codex.rate_limit_reset_credits.consume", `{}`)
	cached(`{"seen_at":null}`)
	if n := len(served.Requests()); n != 5 {
		t.Errorf("%d requests", n)
	}
}

// TestUsageCachedPerUser checks that the limits of a user are not reported for
// another user of the same account.
func TestUsageCachedPerUser(t *testing.T) {
	var l limits
	ada, bob := identity{"a", "ada"}, identity{"a", "bob"}
	l.add(ada, limitsOfHeader(200, headerOf(mainLimitHeader)))
	if got := l.state(bob); string(got.Bytes()) != `{"seen_at":null}` {
		t.Errorf("another user: %s", got.Bytes())
	}
	l.add(bob, limitsOfHeader(200, headerOf("x-codex-credits-has-credits: 1\nx-codex-credits-unlimited: 1")))
	if got := l.state(bob); got.Get("rate_limit").Kind() != 0 || got.Get("credits").Kind() == 0 {
		t.Errorf("the other user after a report: %s", got.Bytes())
	}
	if got := l.state(ada); string(got.Bytes()) != `{"seen_at":null}` {
		t.Errorf("the first user again: %s", got.Bytes())
	}
	token := backend.Token{AccountID: "a", UserID: "bob"}
	if identityOf(token) != bob {
		t.Error("the identity of a token lacks the user")
	}
}

// TestLimitsChanged checks that a subscribed client is notified of a change before
// the response of the call that reported it, and only of changes.
func TestLimitsChanged(t *testing.T) {
	served := script(
		limitsOf("5", "1800000000"), limitsOf("5", "1800000000"), limitsOf("5", "1800000007"), limitsOf("6", "1800000000"), limitsOf("6", "1800018000"),
		jsonReply(`{"plan_type":"plus","rate_limit":{}}`), limitsOf("1", "1800000000"),
	)
	c := harness(t, served)
	c.result("initialize", `{"options":{"notifications":["limits.changed"]}}`)
	for _, step := range []struct {
		method, used string // "" for no notification
	}{
		{"responses.create", "5"}, {"responses.create", ""}, {"responses.create", ""}, {"responses.create", "6"}, {"responses.create", "6"},
		{"codex.usage", "none"}, {"responses.create", "1"},
	} {
		params := `{}`
		if step.method == "responses.create" {
			params = `{"input":"x"}`
		}
		id := c.begin(step.method, params)
		message := c.receive()
		if step.used != "" {
			params := message.Get("params")
			used := string(params.Get("rate_limit").Get("primary_window").Get("used_percent").Bytes())
			if used == "" {
				used = "none"
			}
			if name, _ := message.Get("method").Text(); name != "limits.changed" || used != step.used || params.Get("seen_at").Kind() != '0' {
				t.Fatalf("%d: %s", id, message.Bytes())
			}
			message = c.receive()
		}
		if got, _ := message.Get("id").Decimal().Int(); got != id || message.Get("result").Kind() == 0 {
			t.Fatalf("%d: %s", id, message.Bytes())
		}
	}
}

// TestLimitsRedacted checks that secrets in a report are redacted.
func TestLimitsRedacted(t *testing.T) {
	r := limitsOf("5", "1800000000").With("x-codex-active-limit: access\nx-codex-limit-name: access\nx-codex-credits-has-credits: 1\nx-codex-credits-unlimited: 0\nx-codex-credits-balance: Bearer access")
	c := harness(t, script(r))
	c.result("initialize", `{"options":{"notifications":["limits.changed"]}}`)
	c.begin("responses.create", `{"input":"x"}`)
	if text := string(c.receive().Bytes()); !strings.Contains(text, "limits.changed") || strings.Contains(text, "Bearer access") {
		t.Errorf("notification: %s", text)
	}
	c.receive()
	if text := string(c.result("codex.usage", `{"cached":true}`).Bytes()); strings.Contains(text, "Bearer access") {
		t.Errorf("cached: %s", text)
	}
}
