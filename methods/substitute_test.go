package methods

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/backend"
)

const refusedReply = `{"detail": "The 'gpt-5.5' model is not supported when using Codex with a ChatGPT account."}`

// TestSubstitute checks which calls use a substitute for the default model.
func TestSubstitute(t *testing.T) {
	refused := reply{Status: 400, Header: "Content-Type: application/json", Body: refusedReply}
	models := jsonReply(`{"models": [{"slug": "next", "priority": 2}, {"slug": "hidden", "priority": 0, "visibility": "hide"},
		{"slug": "gpt-5.5", "priority": 0}, {"slug": "lite", "priority": 1, "use_responses_lite": true}]}`)
	completed := events(completedReply)
	tests := []struct {
		name     string
		defaults Defaults
		replies  []reply
		calls    []string
		models   string // of the requests; - for a request of the list
		fails    bool   // the last call
	}{
		{"accepted", Defaults{}, []reply{completed}, []string{`{}`}, "gpt-5.5", false},
		{"refused, once for the session", Defaults{}, []reply{refused, models, completed, completed}, []string{`{}`, `{}`}, "gpt-5.5 - lite lite", false},
		{"refused on the full lane", Defaults{}, []reply{refused, models, completed, completed}, []string{`{"lite": false}`, `{"lite": false}`}, "gpt-5.5 - next next", false},
		{"not found", Defaults{}, []reply{{Status: 404, Body: `{"detail": "Model not found"}`}, models, completed}, []string{`{}`}, "gpt-5.5 - lite", false},
		{"a call names a model", Defaults{}, []reply{refused}, []string{`{"model": "gpt-5.5"}`}, "gpt-5.5", true},
		{"extra_body names a model", Defaults{}, []reply{refused}, []string{`{"extra_body": {"model": "gpt-5.4"}}`}, "gpt-5.4", true},
		{"the session names a model", Defaults{Model: "gpt-5.5"}, []reply{refused}, []string{`{}`}, "gpt-5.5", true},
		{"the substitute is refused, too", Defaults{}, []reply{refused, models, refused}, []string{`{}`}, "gpt-5.5 - lite", true},
		{"no list", Defaults{}, []reply{refused, {Status: 404, Body: `{}`}}, []string{`{}`}, "gpt-5.5 -", true},
		{"nothing on the list", Defaults{}, []reply{refused, jsonReply(`{"models": []}`)}, []string{`{}`}, "gpt-5.5 -", true},
		{"another refusal", Defaults{}, []reply{{Status: 400, Body: `{"detail": "no"}`}}, []string{`{}`}, "gpt-5.5", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := script(test.replies...)
			c := harness(t, s)
			c.service.SetDefaults(test.defaults)
			for i, params := range test.calls {
				_, _, failed := c.call("responses.create", params)
				if last := i == len(test.calls)-1; (failed != nil) != (last && test.fails) {
					t.Errorf("call %d: %+v", i, failed)
				}
			}
			var models []string
			for _, r := range s.Requests() {
				model := "-"
				if r.Method != http.MethodGet {
					model = textOf(parsed(t, r.Text), "model")
				}
				models = append(models, model)
			}
			if got := strings.Join(models, " "); got != test.models {
				t.Errorf("requested %s, want %s", got, test.models)
			}
		})
	}
}

// TestSubstituteIsLogged checks that a substitution is logged once.
func TestSubstituteIsLogged(t *testing.T) {
	c := harness(t, script(
		reply{Status: 400, Body: refusedReply}, jsonReply(`{"models": [{"slug": "next"}]}`), events(completedReply), events(completedReply),
	))
	var log bytes.Buffer
	c.service.log = slog.New(slog.NewTextHandler(&log, nil))
	c.service.SetDefaults(Defaults{})
	for range 2 {
		c.result("responses.create", `{}`)
	}
	if got := log.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, "level=WARN") || !strings.Contains(got, "model=gpt-5.5 substitute=next") {
		t.Errorf("the log is %s", got)
	}
}

// TestModelRefusals checks the explanations of refused models.
func TestModelRefusals(t *testing.T) {
	tests := []struct {
		name, model, detail string
		status              int
		phrases             []string
		minimal             any
	}{
		{"an old client version", "gpt-6-sol", "The 'gpt-6-sol' model requires a newer version of Codex. Please upgrade.", 400,
			[]string{"requires a newer version", "gpt-6-sol requires client version 0.155.0; 0.100.0 is sent", "--client-version"}, "0.155.0"},
		{"an unknown minimal version", "gpt-9", "The 'gpt-9' model requires a newer version of Codex. Please upgrade.", 400,
			[]string{"requires a newer version", "--client-version"}, nil},
		{"retired", "gpt-5.4", "The 'gpt-5.4' model is not supported when using Codex with a ChatGPT account.", 400,
			[]string{"not supported when using Codex", "models.list", "--client-version"}, nil},
		{"not found", "x", "Model not found", 404, []string{"Model not found", "models.list", "--client-version"}, nil},
		{"another 404", "x", "Not Found", 404, []string{"Not Found"}, nil},
	}
	for _, test := range tests {
		s := script(reply{Status: test.status, Header: "Content-Type: application/json", Body: `{"detail": "` + test.detail + `"}`})
		c := harnessServed(t, s, backend.Config{ClientVersion: "0.100.0"})
		f := c.failure("responses.create", `{"model": "`+test.model+`"}`)
		for _, phrase := range test.phrases {
			if !strings.Contains(f.Message, phrase) {
				t.Errorf("%s: %q lacks %q", test.name, f.Message, phrase)
			}
		}
		if len(test.phrases) == 1 && strings.Contains(f.Message, "version") {
			t.Errorf("%s: %q", test.name, f.Message)
		}
		if f.Code != test.status || f.Data["retryable"] != false || f.Data["minimal_client_version"] != test.minimal || len(s.Requests()) != 1 {
			t.Errorf("%s: %+v after %d requests", test.name, f, len(s.Requests()))
		}
	}
}

func TestOlderVersion(t *testing.T) {
	for pair, want := range map[[2]string]bool{
		{"0.130.0", "0.144.0"}: true, {"0.144.0", "0.144.0"}: false, {"0.171.0", "0.155"}: false, {"0.99", "0.100.0"}: true, {"1", "0.155.0"}: false, {"", "0.1"}: true,
	} {
		if got := olderVersion(pair[0], pair[1]); got != want {
			t.Errorf("%q before %q: %t", pair[0], pair[1], got)
		}
	}
}

// TestIncludeHeaders checks the headers in results and errors.
func TestIncludeHeaders(t *testing.T) {
	const header = "X-Request-Id: req_1\nOpenAI-Model: m\nopenai-processing-ms: 12\nRetry-After: 1\nretry-after-ms: 900\n" +
		"X-Codex-Primary-Used-Percent: 4\nx-ratelimit-limit-requests: 9\nSet-Cookie: a=b\nServer: s\nX-Codex-Echo: Bearer something-long"
	const want = `{"x-request-id": "req_1", "openai-model": "m", "openai-processing-ms": "12", "retry-after": "1", "retry-after-ms": "900",
		"x-codex-primary-used-percent": "4", "x-ratelimit-limit-requests": "9", "x-codex-echo": "Bearer [redacted]"}`
	with := func(r reply) reply { return r.With(header) }
	results := []struct {
		method, params string
		reply          reply
	}{
		{"responses.create", `{"include_headers": true}`, with(events(completedReply))},
		{"models.list", `{"include_headers": true}`, with(jsonReply(`{"models": []}`))},
		{"realtime.calls.create", `{"sdp": "x", "include_headers": true}`, with(reply{Header: "Content-Type: application/sdp", Body: "y"})},
		{"codex.usage", `{"include_headers": true}`, with(jsonReply(`{"response_headers": 1, "plan_type": "plus"}`))},
	}
	for _, test := range results {
		got := harness(t, script(test.reply)).result(test.method, test.params)
		sameJSON(t, test.method, string(got.Get("response_headers").Bytes()), want)
	}
	list := harness(t, script(with(jsonReply(`[{"id": "e"}]`)))).result("codex.environments.list", `{"include_headers": true}`)
	sameJSON(t, "an array", string(list.Bytes()), `[{"id": "e"}]`)
	plain := harness(t, script(with(events(completedReply)))).result("responses.create", `{}`)
	if plain.Get("response_headers").Kind() != 0 {
		t.Error("headers that were not requested")
	}
	for _, r := range []reply{
		with(reply{Status: 429, Body: "{}"}),
		with(events(`{"type": "error", "error": {"message": "no"}}`)),
	} {
		f := harness(t, script(r)).failure("responses.create", `{"include_headers": true}`)
		sameJSON(t, "an error", encoded(t, f.Data["headers"]), want)
	}
}
