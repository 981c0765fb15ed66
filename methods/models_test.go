package methods

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

// TestModelsKept checks when models.list sends a request, on a fake clock.
func TestModelsKept(t *testing.T) {
	tests := []struct {
		name, method, params string
		after                time.Duration
		account              string
		requests             bool
	}{
		{"at first", "models.list", `{}`, 0, "a", true},
		{"immediately", "models.list", `{}`, 0, "a", false},
		{"to retrieve a model", "models.retrieve", `{"model": "m1"}`, 0, "a", false},
		{"force_refresh", "models.list", `{"force_refresh": true}`, 0, "a", true},
		{"after five minutes", "models.list", `{}`, 5 * time.Minute, "a", false},
		{"after a little more", "models.list", `{}`, time.Nanosecond, "a", true},
		{"for another account", "models.list", `{}`, 0, "b", true},
		{"with a query", "models.list", `{"extra_query": {"x": 1}}`, 0, "b", true},
		{"after a query", "models.list", `{}`, 0, "b", false},
	}
	synctest.Test(t, func(t *testing.T) {
		account, requests := "", 0
		c := harnessOn(t, backend.Config{
			Credentials: fakeCredentials{token: func() backend.Token { return backend.Token{Access: "access", AccountID: account} }},
			Transport: transport(func(r *http.Request) (*http.Response, error) {
				requests++
				return answer(r, fmt.Sprintf(`{"models": [{"slug": "m%d"}]}`, requests)), nil
			}),
		})
		for _, test := range tests {
			time.Sleep(test.after)
			account = test.account
			before := requests
			if _, _, failed := c.call(test.method, test.params); failed != nil {
				t.Errorf("%s: %+v", test.name, failed)
			}
			if (requests > before) != test.requests {
				t.Errorf("%s: %d requests", test.name, requests-before)
			}
		}
	})
}

func TestModels(t *testing.T) {
	list := jsonReply(`{"models": [
		{"slug": "b", "priority": 2, "future": 1.50},
		{"slug": "a", "priority": 1, "display_name": "A", "context_window": 272000},
		{"slug": "c", "priority": 2}, "d", null
	]}`).With(`ETag: W/"1"`)
	c := harness(t, script(list))
	models := c.result("models.list", `{}`)
	holds(t, "list", models, `{"object": "list", "etag": "W/\"1\""}`)
	var ids []string
	for m := range models.Get("data").Elements() {
		id, _ := m.Get("id").Text()
		ids = append(ids, id)
	}
	if got := strings.Join(ids, " "); got != "a b c" {
		t.Errorf("the models are %s", got)
	}
	holds(t, "a", c.result("models.retrieve", `{"model": "a"}`), `{"id": "a", "object": "model", "created": 0, "owned_by": "openai", "display_name": "A", "context_window": 272000, "input_modalities": []}`)
	holds(t, "b", c.result("models.retrieve", `{"model": "b"}`), `{"display_name": "b", "description": "", "context_window": null, "priority": 2, "raw": {"slug": "b", "priority": 2, "future": 1.50}}`)
	failed := c.failure("models.retrieve", `{"model": "d"}`)
	if failed.Code != CodeModelNotFound || failed.kind() != "model_not_found" || failed.Message != "Model not found: d" {
		t.Errorf("%+v", failed)
	}
}

// TestModelsETag checks that a cached list is revalidated with its ETag, also when
// another response has a different ETag of the list.
func TestModelsETag(t *testing.T) {
	list := jsonReply(`{"models": [{"slug": "a"}]}`).With(`ETag: W/"1"`)
	answer := func(etag string) reply { return events(completedReply).With("X-Models-Etag: " + etag) }
	const ask, create = "models.list", "responses.create"
	for _, test := range []struct {
		name    string
		replies []reply
		calls   [][2]string
		sent    string // If-None-Match of the requests for the list
	}{
		{"not modified", []reply{list, {Status: 304}}, [][2]string{{ask, `{}`}, {ask, `{"force_refresh": true}`}, {ask, `{}`}}, `- W/"1"`},
		{"modified", []reply{list, list}, [][2]string{{ask, `{}`}, {ask, `{"force_refresh": true}`}}, `- W/"1"`},
		{"a response has another", []reply{list, answer(`W/"2"`), {Status: 304}}, [][2]string{{ask, `{}`}, {create, `{}`}, {ask, `{}`}, {ask, `{}`}}, `- W/"1"`},
		{"a response has the same", []reply{list, answer(`W/"1"`)}, [][2]string{{ask, `{}`}, {create, `{}`}, {ask, `{}`}}, `-`},
		{"a list for another query", []reply{list, list}, [][2]string{{ask, `{}`}, {ask, `{"extra_query": {"client_version": "0.0.0"}}`}, {ask, `{}`}}, `- -`},
	} {
		s := script(test.replies...)
		c := harness(t, s)
		var last string
		for _, call := range test.calls {
			last = string(c.result(call[0], call[1]).Bytes())
		}
		if !strings.Contains(last, `"id":"a"`) {
			t.Errorf("%s: the list is %s", test.name, last)
		}
		var sent []string
		for _, r := range s.Requests() {
			if r.Method == http.MethodGet {
				sent = append(sent, cmp.Or(r.Header.Get("If-None-Match"), "-"))
			}
		}
		if got := strings.Join(sent, " "); got != test.sent {
			t.Errorf("%s: sent If-None-Match %s, want %s", test.name, got, test.sent)
		}
	}
}
