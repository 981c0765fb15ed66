package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
)

const (
	responses = "/backend-api/codex/responses"
	marker    = "X-Openai-Internal-Codex-Responses-Lite: true"
	announced = "X-Codex-Beta-Features: other, remote_compaction_v2"
	onLite    = `"model":"gpt-6.2-sol","parallel_tool_calls":false,"reasoning":{"effort":"low","context":"all_turns"}`
	wrapped   = `{"type":"additional_tools","role":"developer","tools":[{"type":"namespace","name":"home","description":"d","tools":[` + function + `]}]}`
	said1     = `{"role":"user","content":"Hello"}`
	triggered = `"input":[` + said1 + `,{"type":"compaction_trigger"}]`
)

// explained returns the message of an error in any shape.
func explained(t *testing.T, body []byte) string {
	t.Helper()
	var e struct {
		Detail json.RawMessage
		Error  struct{ Message string }
	}
	if err := json.Unmarshal(body, &e); err != nil {
		t.Fatalf("no error: %s", body)
	}
	if e.Detail == nil {
		return e.Error.Message
	}
	return strings.Trim(string(e.Detail), `"`)
}

// Invalid requests are refused, unless the backend is lenient. The first cases are
// valid.
func TestStrict(t *testing.T) {
	const lane = "X-OpenAI-Internal-Codex-Responses-Lite "
	for _, c := range []struct {
		name, members string
		header        []string
		status        int
		fault         string
	}{
		{"the least", ``, nil, 200, ""},
		{"an alpha of the client", ``, []string{"Version: 0.172.0-alpha.1"}, 200, ""},
		{"the official client", ``, []string{"Originator: codex_exec", "User-Agent: codex_exec/0.171.0 (Linux; x86_64)"}, 200, ""},
		{"an effort by number", `"reasoning":{"effort":17}`, nil, 200, ""},
		{"without instructions", `"instructions":null`, nil, 200, ""},
		{"a developer message", `"input":[{"role":"developer","content":"x"},` + said1 + `]`, nil, 200, ""},
		{"tools of today", `"tools":[{"type":"namespace","name":"n","tools":[` + function + `]},{"type":"tool_search","execution":"client"},{"type":"web_search","external_web_access":true}]`, nil, 200, ""},
		{"metadata", `"client_metadata":{"session_id":"s"}`, nil, 200, ""},
		{"a model of the lane without it", `"model":"gpt-5.6-luna","parallel_tool_calls":true,"tools":[` + function + `]`, nil, 200, ""},
		{"the lane", onLite + `,"instructions":"","tools":[],"input":[` + wrapped + `,` + said1 + `]`, []string{marker}, 200, ""},
		{"compaction", triggered, []string{announced}, 200, ""},
		{"compaction on the lane", onLite + `,` + triggered, []string{marker, announced}, 200, ""},
		{"what compaction gave", `"input":[` + said1 + `,{"type":"compaction","id":"cmp_1","encrypted_content":"x"},` + said1 + `]`, nil, 200, ""},
		{"directives for a model", `"model":"mock:deltas=2"`, nil, 200, ""},

		{"retired", `"model":"gpt-5.4"`, nil, 400, "The 'gpt-5.4' model is not supported when using Codex with a ChatGPT account."},
		{"retired, small", `"model":"gpt-5.4-mini"`, nil, 400, "The 'gpt-5.4-mini' model is not supported when using Codex with a ChatGPT account."},
		{"unknown", `"model":"gpt-4o"`, nil, 400, "The 'gpt-4o' model is not supported when using Codex with a ChatGPT account."},
		{"no version", ``, []string{"Version: "}, 404, "Model not found gpt-5.5"},
		{"no version, directives for a model", `"model":"mock:deltas=2"`, []string{"Version: "}, 404, "Model not found mock:deltas=2"},
		{"no version at all", ``, []string{"Version: latest"}, 400, "The 'gpt-5.5' model requires a newer version of Codex. Please upgrade to the latest app or CLI and try again."},
		{"an old version", `"model":"gpt-6-sol"`, []string{"Version: 0.154.9"}, 400, "The 'gpt-6-sol' model requires a newer version of Codex. Please upgrade to the latest app or CLI and try again."},
		{"no originator", ``, []string{"Originator: "}, 404, "Model not found gpt-5.5"},
		{"another's originator", `"model":"gpt-5.6-luna"`, []string{"Originator: codex_cli_rs"}, 404, "Model not found gpt-5.6-luna"},
		{"system", `"input":[{"role":"system","content":"x"},` + said1 + `]`, nil, 400, "System messages are not allowed"},
		{"metadata that are no texts", `"client_metadata":{"n":1}`, nil, 400, "Invalid type for 'client_metadata': expected an object of strings."},
		{"the lane for gpt-5.5", onLite + `,"model":"gpt-5.5"`, []string{marker}, 400, "This model is not supported when using X-OpenAI-Internal-Codex-Responses-Lite."},
		{"parallel calls on the lane", onLite + `,"parallel_tool_calls":true`, []string{marker}, 400, lane + "requires `parallel_tool_calls` to be false."},
		{"parallel calls by default on the lane", onLite + `,"parallel_tool_calls":null`, []string{marker}, 400, lane + "requires `parallel_tool_calls` to be false."},
		{"no reasoning on the lane", onLite + `,"reasoning":null`, []string{marker}, 400, lane + "requires reasoning.context to be all_turns."},
		{"no context on the lane", onLite + `,"reasoning":{"effort":"low"}`, []string{marker}, 400, lane + "requires reasoning.context to be all_turns."},
		{"another context on the lane", onLite + `,"reasoning":{"context":"last_turn"}`, []string{marker}, 400, lane + "requires reasoning.context to be all_turns."},
		{"tools beside the input of the lane", onLite + `,"tools":[` + function + `]`, []string{marker}, 400, lane + "takes tools in an item of type additional_tools."},
		{"instructions beside the input of the lane", onLite + `,"instructions":"Be brief."`, []string{marker}, 400, lane + "takes instructions in a developer message."},
		{"hosted tool on the lane", onLite + `,"input":[{"type":"additional_tools","role":"developer","tools":[{"type":"web_search"}]},` + said1 + `]`, []string{marker}, 400, lane + "only supports function tools, custom tools, and client-executed tool search."},
		{"trigger before the end", `"input":[{"type":"compaction_trigger"},` + said1 + `]`, []string{announced}, 400, "The compaction_trigger must be the last input item."},
		{"two triggers", `"input":[{"type":"compaction_trigger"},{"type":"compaction_trigger"}]`, []string{announced}, 400, "Only one compaction_trigger is allowed."},
		{"compaction unannounced", triggered, nil, 400, "A compaction_trigger requires remote_compaction_v2 in x-codex-beta-features."},
		{"compaction with a turn's state", triggered, []string{announced, "X-Codex-Turn-State: x"}, 400, "A compaction that is a turn of its own takes no x-codex-turn-state."},
		{"a state that was not issued", ``, []string{"X-Codex-Turn-State: mock.a.b.c.d"}, 400, "The x-codex-turn-state was not issued by this backend."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Attr("table", "strict-backend")
			t.Attr("request", c.name)
			w := do(newServer(t, ""), "POST", responses, ask(c.members), c.header...)
			if w.Code != c.status {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			t.Attr("answer", strings.TrimSpace(fmt.Sprint(w.Code, " ", c.fault)))
			if (w.Header().Get("x-mock-reason") != "") != (c.status == 404) {
				t.Errorf("reason: %q", w.Header().Get("x-mock-reason"))
			}
			if c.status != 200 {
				if got := explained(t, w.Body.Bytes()); got != c.fault {
					t.Errorf("got  %s\nwant %s", got, c.fault)
				}
			}
			if w := do(newServer(t, "lenient"), "POST", responses, ask(c.members), c.header...); w.Code != 200 {
				t.Errorf("leniently: %d %s", w.Code, w.Body)
			}
		})
	}
	for _, parameter := range strings.Fields(`background conversation max_output_tokens max_tool_calls metadata moderation previous_response_id prompt
		prompt_cache_options prompt_cache_retention safety_identifier stream_options temperature top_logprobs top_p truncation user`) {
		w := do(newServer(t, ""), "POST", responses, ask(`"`+parameter+`":null`))
		if got := explained(t, w.Body.Bytes()); w.Code != 400 || got != "Unsupported parameter: "+parameter {
			t.Errorf("%s: %d %s", parameter, w.Code, got)
		}
	}
	if w := do(newServer(t, ""), "POST", responses, hello, "Content-Encoding: zstd"); w.Code != 415 {
		t.Errorf("zstd: %d", w.Code)
	}
}

// TestHostBefore tests the answers to requests that this program sent before it
// followed the backend of November 2026, recorded at commit 4aa35e6.
func TestHostBefore(t *testing.T) {
	var signIn struct {
		Tokens struct {
			AccessToken string `json:"access_token"`
		}
	}
	if err := json.Unmarshal(AuthJSON(), &signIn); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/host-4aa35e6.json")
	if err != nil {
		t.Fatal(err)
	}
	var requests []struct {
		Name, Method, Target, Body, Answer string
		Status                             int
		Header                             map[string]string
	}
	if err := json.Unmarshal(text, &requests); err != nil {
		t.Fatal(err)
	}
	for _, r := range requests {
		t.Run(r.Name, func(t *testing.T) {
			t.Attr("table", "host-before")
			t.Attr("call", r.Name)
			header := []string{"Originator: ", "Version: ", "User-Agent: ", "Chatgpt-Account-Id: "}
			for name, value := range r.Header {
				header = append(header, name+": "+strings.ReplaceAll(value, "{sign-in}", signIn.Tokens.AccessToken))
			}
			w := do(newServer(t, "closed"), r.Method, r.Target, r.Body, header...)
			var got string
			if w.Code == 200 {
				got = slugs(t, w.Body.Bytes())
			} else {
				got = explained(t, w.Body.Bytes())
			}
			t.Attr("answer", fmt.Sprint(w.Code, " ", got))
			if w.Code != r.Status || got != r.Answer {
				t.Errorf("%d %s", w.Code, got)
			}
			if w := do(newServer(t, "lenient"), r.Method, r.Target, r.Body, header...); w.Code/100 != 2 {
				t.Errorf("leniently: %d %s", w.Code, w.Body)
			}
		})
	}
}

// TestOfficialClient tests requests of the official client 0.171.0, in both lanes: a
// turn, a compaction within it, and its continuation. They were recorded from the
// client, without most of its texts and schemas.
func TestOfficialClient(t *testing.T) {
	text, err := os.ReadFile("testdata/official-0.171.0.json")
	if err != nil {
		t.Fatal(err)
	}
	var requests []struct {
		Name   string
		Header map[string]string
		Body   json.RawMessage
	}
	if err := json.Unmarshal(text, &requests); err != nil {
		t.Fatal(err)
	}
	s := newServer(t, "")
	state := ""
	for _, r := range requests {
		t.Run(r.Name, func(t *testing.T) {
			t.Attr("table", "strict-backend")
			t.Attr("request", "of the official client: "+r.Name)
			var header []string
			for name, value := range r.Header {
				header = append(header, name+": "+strings.ReplaceAll(value, "{state}", state))
			}
			w := do(s, "POST", responses, string(r.Body), header...)
			t.Attr("answer", fmt.Sprint(w.Code))
			if w.Code != 200 {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			if issued := w.Header().Get(turnStateHeader); issued != "" {
				state = issued
			}
		})
	}
}

// slugs returns the names of the models in a list.
func slugs(t *testing.T, list []byte) string {
	t.Helper()
	var names []string
	for _, m := range at(t, object(t, list), "models").([]any) {
		names = append(names, at(t, m, "slug").(string))
	}
	return strings.Join(names, " ")
}

func TestModels(t *testing.T) {
	const models = "/backend-api/codex/models"
	s := newServer(t, "")
	for version, want := range map[string]string{
		"0.123.9":         "",
		"0.130.0":         "gpt-5.5 codex-auto-review",
		"0.144.0":         "gpt-5.6-sol gpt-5.6-terra gpt-5.6-luna gpt-daybreak-blue-latest gpt-daybreak-red-latest gpt-5.5 codex-auto-review",
		"0.153.0":         "gpt-6-astra gpt-5.6-sol gpt-5.6-terra gpt-5.6-luna gpt-daybreak-blue-latest gpt-daybreak-red-latest gpt-5.5 codex-auto-review",
		"0.171.0":         allSlugs,
		"0.171.0-alpha.2": allSlugs,
		"0.0.0":           allSlugs,
		"none":            "",
	} {
		w := do(s, "GET", models+"?client_version="+version, "")
		if got := slugs(t, w.Body.Bytes()); got != want {
			t.Errorf("%s: %s", version, got)
		}
	}
	w := do(s, "GET", models+"?client_version=0.171.0", "")
	tag := w.Header().Get("ETag")
	last := at(t, object(t, w.Body.Bytes()), "models.0")
	for path, want := range map[string]any{
		"slug": "gpt-6.2-sol", "visibility": "list", "use_responses_lite": true, "minimal_client_version": "0.160.0", "priority": 1.0,
		"service_tiers.0.id": "priority", "supported_reasoning_levels.5.effort": "ultra", "context_window": 500000.0,
	} {
		if got := at(t, last, path); got != want {
			t.Errorf("%s is %v, want %v", path, got, want)
		}
	}
	if w := do(s, "GET", models+"?client_version=0.171.0", "", "If-None-Match: "+tag); w.Code != 304 || w.Body.Len() > 0 || w.Header().Get("ETag") != tag {
		t.Errorf("with its ETag: %d %s", w.Code, w.Body)
	}
	if w := do(s, "GET", models+"?client_version=0.130.0", "", "If-None-Match: "+tag); w.Code != 200 {
		t.Errorf("with the ETag of another version: %d", w.Code)
	}
	if w := do(s, "POST", responses, hello); w.Header().Get("x-models-etag") != tag {
		t.Errorf("x-models-etag %s beside ETag %s", w.Header().Get("x-models-etag"), tag)
	}
	aged := newServer(t, "retired=gpt-5.5")
	if got := slugs(t, do(aged, "GET", models+"?client_version=0.130.0", "").Body.Bytes()); got != "codex-auto-review" {
		t.Errorf("without gpt-5.5: %s", got)
	}
	if w := do(aged, "POST", responses, hello); w.Code != 400 || !strings.Contains(w.Body.String(), "The 'gpt-5.5' model is not supported") {
		t.Errorf("gpt-5.5: %d %s", w.Code, w.Body)
	}
	if got := slugs(t, do(newServer(t, "lenient"), "GET", models+"?client_version=0.130.0", "").Body.Bytes()); got != "gpt-5.4 gpt-5.4-mini gpt-5.3-codex "+allSlugs {
		t.Errorf("leniently: %s", got)
	}
}

const allSlugs = "gpt-6.2-sol gpt-6.2-astra gpt-6.1-terra gpt-6.1-sol gpt-6-astra gpt-6-sol gpt-6-luna gpt-5.6-sol gpt-5.6-terra gpt-5.6-luna " +
	"gpt-daybreak-blue-latest gpt-daybreak-red-latest gpt-5.5 codex-auto-review"

// A tool within a namespace of the input is called.
func TestWrappedTools(t *testing.T) {
	w := do(newServer(t, ""), "POST", responses, ask(onLite+`,"input":[`+wrapped+`,`+said1+`]`), marker)
	list := events(t, w.Body.Bytes())
	if call := at(t, list[len(list)-1], "response.output.1"); at(t, call, "name") != "get_weather" || at(t, call, "namespace") != "home" {
		t.Errorf("%v", call)
	}
}

func TestCompaction(t *testing.T) {
	w := do(newServer(t, ""), "POST", responses, ask(triggered), announced)
	list := events(t, w.Body.Bytes())
	if got := outline(list); got != begin+"output_item.added output_item.done completed" {
		t.Errorf("events: %s", got)
	}
	for path, want := range map[string]any{"response.status": "completed", "response.output.0.type": "compaction"} {
		if got := at(t, list[len(list)-1], path); got != want {
			t.Errorf("%s is %v", path, got)
		}
	}
	if sealed, _ := at(t, list[3], "item.encrypted_content").(string); sealed == "" || at(t, list[2], "item.encrypted_content") != nil {
		t.Errorf("%v %v", list[2], list[3])
	}
	if w.Header().Get(turnStateHeader) != "" {
		t.Error("a turn's state for a compaction")
	}
	// The old route exists only in a lenient backend.
	const compact, two = responses + "/compact", `{"model":"m","input":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}`
	if w := do(newServer(t, ""), "POST", compact, two); w.Code != 404 {
		t.Errorf("/compact: %d", w.Code)
	}
	w = do(newServer(t, "lenient"), "POST", compact, two)
	if body := object(t, w.Body.Bytes()); at(t, body, "output.0.content") != "a" || at(t, body, "output.1.type") != "compaction_summary" {
		t.Errorf("/compact leniently: %s", w.Body)
	}
}

// The state from a turn's first answer is accepted only in its later requests.
func TestTurnState(t *testing.T) {
	s := newServer(t, "")
	const key, session = `"prompt_cache_key":"k"`, "session-id: k"
	first := do(s, "POST", responses, ask(key), session)
	state := first.Header().Get(turnStateHeader)
	list := events(t, first.Body.Bytes())
	if state == "" || at(t, list[len(list)-2], "headers."+turnStateHeader) != state {
		t.Fatalf("header %q, event %v", state, list[len(list)-2])
	}
	replayed := turnStateHeader + ": " + state
	for _, c := range []struct {
		name, members string
		header        []string
		fault         string
	}{
		{"the same turn", key, []string{session, replayed}, ""},
		{"forged", key, []string{session, replayed + "0"}, "was not issued by this backend"},
		{"another account", key, []string{session, replayed, "Chatgpt-Account-Id: acct_other"}, "belongs to another account"},
		{"another session-id", key, []string{"session-id: l", replayed}, "belongs to another session-id or prompt_cache_key"},
		{"another key", `"prompt_cache_key":"l"`, []string{session, replayed}, "belongs to another session-id or prompt_cache_key"},
		{"no session", "", []string{replayed}, "belongs to another session-id or prompt_cache_key"},
	} {
		w := do(s, "POST", responses, ask(c.members), c.header...)
		if c.fault == "" {
			if w.Code != 200 || w.Header().Get(turnStateHeader) != "" {
				t.Errorf("%s: %d %v", c.name, w.Code, w.Header())
			}
		} else if got := explained(t, w.Body.Bytes()); w.Code != 400 || !strings.Contains(got, c.fault) {
			t.Errorf("%s: %d %s", c.name, w.Code, got)
		}
	}
	for where, want := range map[string]string{"header": "true false", "event": "false true", "both": "true true", "none": "false false"} {
		w := do(newServer(t, "turn_state="+where), "POST", responses, hello)
		if got := fmt.Sprint(w.Header().Get(turnStateHeader) != "", " ", strings.Contains(w.Body.String(), "response.metadata")); got != want {
			t.Errorf("turn_state=%s: header and event %s", where, got)
		}
	}
}

// The cached tokens of an input are its longest common prefix with an earlier input
// of the session.
func TestPromptCache(t *testing.T) {
	s := newServer(t, "")
	cached := func(members string, header ...string) int {
		t.Helper()
		w := do(s, "POST", responses, ask(members), header...)
		list := events(t, w.Body.Bytes())
		return int(at(t, list[len(list)-1], "response.usage.input_tokens_details.cached_tokens").(float64))
	}
	one := `"input":[{"role":"user","content":"` + strings.Repeat("a", 400) + `"}]`
	two := strings.TrimSuffix(one, "]") + `,{"role":"user","content":"` + strings.Repeat("b", 400) + `"}]`
	other := strings.Replace(two, "bbbb", "cccc", 1)
	for i, c := range []struct {
		members  string
		header   string
		from, to int
	}{
		{one, "session-id: s", 0, 0},
		{one, "session-id: s", 100, 120},
		{two, "session-id: s", 100, 120},
		{two, "session-id: s", 200, 240},
		{other, "session-id: s", 100, 120},
		{two, "session-id: t", 0, 0},
		{two, "", 0, 0},
		{two, "", 0, 0},
		{two + `,"prompt_cache_key":"k"`, "", 0, 0},
		{two + `,"prompt_cache_key":"k"`, "", 200, 240},
		{two + `,"instructions":"Be brief."`, "session-id: s", 0, 0},
	} {
		if got := cached(c.members, c.header); got < c.from || got > c.to {
			t.Errorf("request %d: %d tokens cached, want %d to %d", i, got, c.from, c.to)
		}
	}
}

func TestCookies(t *testing.T) {
	s := newServer(t, "")
	w := do(s, "POST", responses, hello)
	var names, back []string
	for _, cookie := range (&http.Response{Header: w.Header()}).Cookies() {
		names = append(names, cookie.Name)
		back = append(back, cookie.Name+"="+cookie.Value)
	}
	if got := strings.Join(names, " "); got != "__cf_bm __oailb" {
		t.Errorf("set: %s", got)
	}
	w = do(s, "POST", responses, hello, "Cookie: "+strings.Join(back, "; "))
	if w.Header().Get("Set-Cookie") != "" || s.Stats().Returns != 1 {
		t.Errorf("kept: %v, %d returns", w.Header(), s.Stats().Returns)
	}
	if w := do(s, "POST", "/v1/embeddings", `{}`); w.Header().Get("Set-Cookie") != "" {
		t.Errorf("from another host: %v", w.Header())
	}
}

// Routes that are closed for ChatGPT sign-ins are refused.
func TestDeadRoutes(t *testing.T) {
	const offer = `{"sdp":"v=0\r\n"}`
	speech, kind := form("RIFF", "model=m")
	for _, c := range []struct {
		target, body string
		header       []string
		status       int
		want         string
	}{
		{"/backend-api/transcribe", speech, []string{kind, "X-Mock: closed"}, 403, "<!DOCTYPE html>"},
		{"/backend-api/transcribe", speech, []string{kind}, 200, `{"text":"This is a mock transcript of clip.wav, 4 bytes."}`},
		{"/v1/audio/transcriptions", speech, []string{kind, "Authorization: Bearer e30.e30.eA"}, 401, "Missing scopes"},
		{"/v1/audio/transcriptions", speech, []string{kind, "Authorization: Bearer sk-mock"}, 200, "mock transcript"},
		{"/backend-api/codex/realtime/calls", offer, []string{"X-Mock: closed"}, 404, "Not Found"},
		{"/backend-api/codex/realtime/calls", offer, nil, 201, "v=0"},
		{"/backend-api/codex/realtime/calls?intent=quicksilver&architecture=avas", offer, []string{"openai-alpha: quicksilver=v2"}, 400, "session-id and thread-id"},
	} {
		if w := do(newServer(t, ""), "POST", c.target, c.body, c.header...); w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %v: %d %s", c.target, c.header, w.Code, w.Body)
		}
	}
}

// Every request is answered.
func FuzzRespond(f *testing.F) {
	f.Add(hello, "")
	f.Add(ask(onLite+`,"input":[`+wrapped+`,`+said1+`]`), "true")
	f.Add(ask(triggered), "")
	f.Fuzz(func(t *testing.T, body, lite string) {
		if strings.Contains(body, modelPrefix) {
			t.Skip() // directives may stall
		}
		for _, directives := range []string{"", "lenient"} {
			w := do(newServer(t, directives), "POST", responses, body, announced, "X-Openai-Internal-Codex-Responses-Lite: "+lite)
			if w.Code == 200 && !strings.Contains(w.Body.String(), "response.completed") || w.Code != 200 && (w.Code < 400 || w.Code >= 500) {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		}
	})
}
