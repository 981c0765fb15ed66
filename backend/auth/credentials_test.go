package auth

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestParseClaims(t *testing.T) {
	raw := func(payload string) string {
		return "e30." + enc([]byte(payload)) + ".x"
	}
	for _, c := range []struct {
		name, token string
		want        claims
	}{
		{"opaque", "access-token", claims{}},
		{"empty", "", claims{}},
		{"not base64", "a.!.c", claims{}},
		{"not JSON", raw(`{"email":`), claims{}},
		{"not an object", raw(`[1]`), claims{}},
		{"two parts", "a." + enc([]byte(`{"email":"a@b.c"}`)), claims{Email: "a@b.c"}},
		{"padded", "a." + enc([]byte(`{"email":"a@b.cd"}`)) + "==.c", claims{Email: "a@b.cd"}},
		{"all", raw(`{"email":"a@b.c","exp":1700000000,"https://api.openai.com/auth":{"chatgpt_account_id":"x","chatgpt_plan_type":"hc","chatgpt_account_is_fedramp":true}}`),
			claims{AccountID: "x", PlanType: "hc", Email: "a@b.c", FedRAMP: true, Expires: time.Unix(1700000000, 0).UTC()}},
		{"profile", raw(`{"https://api.openai.com/profile":{"email":"p@b.c"}}`), claims{Email: "p@b.c"}},
		{"fraction", raw(`{"exp":1700000000.9}`), claims{Expires: time.Unix(1700000000, 0).UTC()}},
		{"far", raw(`{"exp":1e300}`), claims{Expires: time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)}},
		{"wrong types", raw(`{"email":7,"exp":"soon","https://api.openai.com/auth":{"chatgpt_account_id":"x","chatgpt_plan_type":[]}}`), claims{AccountID: "x"}},
		{"auth no object", raw(`{"email":"a@b.c","https://api.openai.com/auth":"x"}`), claims{Email: "a@b.c"}},
	} {
		if got := parseClaims(c.token); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

var enc = base64.RawURLEncoding.EncodeToString

func FuzzClaims(f *testing.F) {
	f.Add(accessToken(time.Unix(1700000000, 0), "x"))
	f.Add(idToken("acct", "x"))
	f.Add("access-token")
	f.Add("a." + enc([]byte(`{"exp":-1e999}`)) + ".c")
	f.Fuzz(func(t *testing.T, token string) {
		c := parseClaims(token)
		if _, err := json.Marshal(c.Expires); err != nil { // years after 9999 have no JSON form
			t.Error(err)
		}
	})
}

func TestParseCredentials(t *testing.T) {
	for _, c := range []struct{ name, doc, want string }{
		{"official", authJSON("access", "refresh", "acct-1"), "chatgpt access refresh acct-1 ''"},
		{"no mode", `{"tokens":{"access_token":"a"}}`, "chatgpt a '' '' ''"},
		{"id token names the account", `{"tokens":{"access_token":"a","account_id":null,"id_token":"` + idToken("acct-2", "x") + `"}}`, "chatgpt a '' acct-2 ''"},
		{"the file outranks it", `{"tokens":{"access_token":"a","account_id":"acct-1","id_token":"` + idToken("acct-2", "x") + `"}}`, "chatgpt a '' acct-1 ''"},
		{"key", `{"OPENAI_API_KEY":"k"}`, "apikey '' '' '' k"},
		{"the Python SDK's key", `{"openai_api_key":"k","auth_mode":"chatgpt"}`, "chatgpt '' '' '' k"},
		{"behind a null", `{"OPENAI_API_KEY":null,"openai_api_key":"k"}`, "apikey '' '' '' k"},
		{"the official one outranks it", `{"openai_api_key":"old","OPENAI_API_KEY":"k"}`, "apikey '' '' '' k"},
		{"nulls", `{"tokens":null,"OPENAI_API_KEY":null,"last_refresh":null,"auth_mode":null}`, "'' '' '' '' ''"},
		{"nothing", `{}`, "'' '' '' '' ''"},
		{"tokens of another kind", `{"tokens":[]}`, "tokens: not a JSON object"},
		{"token of another kind", `{"tokens":{"access_token":5,"refresh_token":"r"}}`, "'' '' r '' ''"},
		{"mode of another kind", `{"auth_mode":{},"tokens":{"access_token":"a","account_id":7}}`, "chatgpt a '' '' ''"},
	} {
		got, err := parseCredentials(document(c.doc))
		text := strings.ReplaceAll(fmt.Sprintf("%q %q %q %q %q", got.mode, got.access, got.refresh, got.accountID, got.apiKey), `""`, "''")
		text = strings.ReplaceAll(text, `"`, "")
		if err != nil {
			text = err.Error()
		}
		if text != c.want {
			t.Errorf("%s: %s, want %s", c.name, text, c.want)
		}
	}
}

func TestDue(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name         string
		exp, last    time.Duration // from now; 0 for unknown
		refresh      string
		due, expired bool
	}{
		{"fresh", time.Hour, 0, "r", false, false},
		{"a second before the margin", 5*time.Minute + time.Second, 0, "r", false, false},
		{"at the margin", 5 * time.Minute, 0, "r", true, false},
		{"expired", -time.Second, 0, "r", true, true},
		{"expired, nothing to refresh with", -time.Second, 0, "", false, true},
		{"exp outranks age", time.Hour, -30 * 24 * time.Hour, "r", false, false},
		{"young", 0, -8*24*time.Hour + time.Second, "r", false, false},
		{"8 days old", 0, -8 * 24 * time.Hour, "r", true, false},
		{"nothing known", 0, 0, "r", false, false},
	} {
		held := credentials{access: "a", refresh: c.refresh}
		if c.exp != 0 {
			held.Expires = now.Add(c.exp)
		}
		if c.last != 0 {
			held.lastRefresh = now.Add(c.last)
		}
		if held.due(now) != c.due || held.expired(now) != c.expired {
			t.Errorf("%s: due %v, expired %v", c.name, held.due(now), held.expired(now))
		}
	}
}

func TestLastRefreshFormats(t *testing.T) {
	want := time.Date(2026, 1, 2, 3, 4, 5, 678000000, time.UTC)
	for _, text := range []string{"2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05.678000+00:00", "2026-01-02T03:04:05.678000000Z"} {
		c, err := parseCredentials(document(`{"last_refresh":"` + text + `"}`))
		if err != nil || !c.lastRefresh.Equal(want) {
			t.Errorf("%s: %v, %v", text, c.lastRefresh, err)
		}
	}
	seconds := want.Truncate(time.Second)
	for _, text := range []string{"1767323045", "1767323045.678", "1767323045678", "1.767323045e9"} {
		c, err := parseCredentials(document(`{"last_refresh":` + text + `}`))
		if err != nil || !c.lastRefresh.Equal(seconds) {
			t.Errorf("%s: %v, %v", text, c.lastRefresh, err)
		}
	}
	for _, text := range []string{`"yesterday"`, `""`, "null", "-5", "0", "true", "{}", "[1767323045]"} {
		if c, err := parseCredentials(document(`{"last_refresh":` + text + `}`)); err != nil || !c.lastRefresh.IsZero() {
			t.Errorf("%s: %v, %v", text, c.lastRefresh, err)
		}
	}
	if c, err := parseCredentials(document(`{"last_refresh":1e300}`)); err != nil || c.lastRefresh.Year() > 9999 {
		t.Errorf("%v, %v", c.lastRefresh, err)
	}
}

const foreign = `{
    "future": [1.0, {"b": 1, "a": 2}],
  "auth_mode" : "chatgpt",
  "OPENAI_API_KEY": "k", "agent_identity": "a.b.c",
  "tokens": {"x_new": 1e3, "access_token": "old", "refresh_token": "old", "account_id": "acct-1"},
  "bedrock_api_key":{"k":"\u00e9"}
}
`

func TestPatchedKeepsOtherMembers(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 120000000, time.UTC)
	got := document(foreign).patched(tokenAnswer{Access: "A", Refresh: "R"}, now)
	want := strings.NewReplacer(
		`"access_token": "old"`, `"access_token": "A"`,
		`"refresh_token": "old"`, `"refresh_token": "R"`,
		"\n}\n", ",\n  \"last_refresh\": \"2026-03-01T12:00:00.12Z\"\n}\n",
	).Replace(foreign)
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestSignedIn(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	answer := tokenAnswer{ID: idToken("acct-1", "x"), Access: "A", Refresh: "R"}
	fresh := `{
  "auth_mode": "chatgpt",
  "OPENAI_API_KEY": null,
  "tokens": {
    "id_token": "` + answer.ID + `",
    "access_token": "A",
    "refresh_token": "R",
    "account_id": "acct-1"
  },
  "last_refresh": "2026-03-01T12:00:00Z"
}
`
	withKey := strings.Replace(fresh, "null", `"k"`, 1)
	for _, c := range []struct{ name, doc, want string }{
		{"no file", "", fresh},
		{"broken", `{"auth_mode":`, fresh},
		{"not an object", `[]`, fresh},
		{"again", fresh, fresh},
		{"a key of the same account", withKey, withKey},
		{"a key of another account", strings.ReplaceAll(withKey, `"acct-1"`, `"acct-2"`), fresh},
		{"the key of an API key login", `{"auth_mode":"apikey","OPENAI_API_KEY":"k"}`,
			`{"auth_mode":"chatgpt","OPENAI_API_KEY":"k","tokens": {
    "id_token": "` + answer.ID + `",
    "access_token": "A",
    "refresh_token": "R",
    "account_id": "acct-1"
  },"last_refresh": "2026-03-01T12:00:00Z"}`},
		{"a member of another kind", `{"auth_mode":5,"mine":1.0}`,
			`{"auth_mode":"chatgpt","mine":1.0,"OPENAI_API_KEY": null,"tokens": {
    "id_token": "` + answer.ID + `",
    "access_token": "A",
    "refresh_token": "R",
    "account_id": "acct-1"
  },"last_refresh": "2026-03-01T12:00:00Z"}`},
	} {
		if got := document(c.doc).signedIn(answer, now); string(got) != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
	got := document(`{"openai_api_key":"k"}`).signedIn(answer, now)
	if strings.Contains(string(got), "openai_api_key") || !strings.Contains(string(got), `"OPENAI_API_KEY": "k"`) {
		t.Errorf("the Python SDK's key:\n%s", got)
	}
}

// FuzzAuthJSON tests that any file is usable after a sign-in, and that a refresh only changes tokens.
func FuzzAuthJSON(f *testing.F) {
	f.Add([]byte(foreign))
	f.Add([]byte(authJSON("access", "refresh", "acct-1")))
	f.Add([]byte(`{"tokens":"x"}`))
	f.Add([]byte(`{"tokens":{},"tokens":null,"OPENAI_API_KEY":"k","openai_api_key":"l"}`))
	f.Add([]byte(`{"tokens":{"access_token":"a"},"last_refresh":7}`))
	answer := tokenAnswer{ID: idToken("acct-1", "x"), Access: "A", Refresh: "R"}
	now := time.Unix(1700000000, 0)
	f.Fuzz(func(t *testing.T, text []byte) {
		signed := document(text).signedIn(answer, now)
		c, err := parseCredentials(signed)
		if err != nil || c.access != "A" || c.refresh != "R" || c.accountID != "acct-1" || c.mode != "chatgpt" || !c.lastRefresh.Equal(now) {
			t.Fatalf("%v from\n%s", err, signed)
		}
		old, err := parseCredentials(text)
		if err != nil {
			return
		}
		patched := document(text).patched(answer, now)
		c, err = parseCredentials(patched)
		if err != nil || c.access != "A" || c.apiKey != old.apiKey {
			t.Fatalf("%v from\n%s", err, patched)
		}
	})
}
