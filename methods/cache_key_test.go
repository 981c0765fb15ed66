package methods

import (
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// TestDerivedCacheKeys checks that keys depend on the start of a conversation only.
func TestDerivedCacheKeys(t *testing.T) {
	parse := func(text string) rawjson.Value {
		t.Helper()
		v, err := rawjson.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	key := func(model, instructions, input string) string {
		r := ResponseRequest{ModelRequest: ModelRequest{DeriveCacheKey: true}}
		r.Input.Value = parse(input)
		r.deriveCacheKey(model, instructions)
		if r.PromptCacheKey == nil || !uuidPattern().MatchString(*r.PromptCacheKey) {
			t.Fatalf("the key of %.80s is %v", input, r.PromptCacheKey)
		}
		return *r.PromptCacheKey
	}
	const begun = `[{"role": "developer", "content": "Rules"}, {"role": "user", "content": "Hi"}`
	first := key("m", "i", begun+"]")
	for name, later := range map[string]string{
		"an answer and a question": key("m", "i", begun+`, {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Hello"}]}, {"role": "user", "content": "Next"}]`),
		"a text as a part":         key("m", "i", `[{"role": "developer", "content": "Rules"}, {"type": "message", "role": "user", "id": null, "content": [{"text": "\u0048i", "type": "input_text"}]}]`),
		"texts in a list":          key("m", "i", `[{"role": "developer", "content": ["Rules"]}, {"role": "user", "content": ["Hi"]}]`),
	} {
		if later != first {
			t.Errorf("%s: the key differs", name)
		}
	}
	image := func(last string) string {
		return `[{"role": "user", "content": [{"type": "input_image", "image_url": "data:` + strings.Repeat("A", 100) + last + `"}]}]`
	}
	keys := map[string]string{first: "the first"}
	for name, other := range map[string]string{
		"another model":         key("n", "i", begun+"]"),
		"other instructions":    key("m", "j", begun+"]"),
		"another question":      key("m", "i", `[{"role": "developer", "content": "Rules"}, {"role": "user", "content": "Ho"}]`),
		"a text":                key("m", "i", `"Hi"`),
		"texts split elsewhere": key("m", "i", `[{"role": "user", "content": ["H", "i"]}]`),
		"an image":              key("m", "i", image("A")),
		"another image":         key("m", "i", image("B")),
		"no message":            key("m", "i", `[{"type": "compaction", "encrypted_content": "x"}]`),
		"an item, no list":      key("m", "i", `{"type": "item_reference", "id": "x"}`),
		"an empty list":         key("m", "i", `[]`),
		"a role without a text": key("m", "i", `[{"role": "user"}]`),
	} {
		if same, ok := keys[other]; ok {
			t.Errorf("%s has the key of %s", name, same)
		}
		keys[other] = name
	}
	if key("m", "i", `"Hi"`) != key("m", "i", `[{"role": "user", "content": "Hi"}]`) {
		t.Error("a text and the equivalent message have different keys")
	}
}

// TestGivenCacheKey checks that a given key is not replaced, and that no key
// is derived by default.
func TestGivenCacheKey(t *testing.T) {
	for params, want := range map[string]string{
		`{"input": "Hi"}`: ``,
		`{"input": "Hi", "derive_cache_key": true, "prompt_cache_key": "own"}`:                 `own`,
		`{"input": "Hi", "derive_cache_key": true, "extra_body": {"prompt_cache_key": "own"}}`: `own`,
	} {
		s := script(events(completedReply))
		c := harness(t, s)
		c.call("responses.create", params)
		request := s.Requests()[0]
		if got := request.Header.Get("Session-Id"); got != want {
			t.Errorf("%s: session-id %q, want %q", params, got, want)
		}
	}
}

// TestDerivedCacheKeyIsSent checks that a derived key is sent like a given one, with
// the turns of a conversation, its compaction, and requests of the OpenAI API.
func TestDerivedCacheKeyIsSent(t *testing.T) {
	const (
		history    = `[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}, {"role": "user", "content": "Next"}]`
		compaction = `{"type": "response.completed", "response": {"status": "completed", "output": [{"type": "compaction"}]}}`
	)
	derived := ""
	for _, test := range []struct{ method, params string }{
		{"responses.create", `"derive_cache_key": true, "input": "Hi"`},
		{"responses.create", `"derive_cache_key": true, "input": ` + history},
		{"responses.compact", `"derive_cache_key": true, "input": ` + history},
		{"openai.request", `"method": "POST", "path": "/responses", "body": {"input": ` + history + `}`},
		{"openai.request", `"method": "POST", "path": "/chat/completions", "body": {"messages": ` + history + `}`},
		{"openai.request", `"derive_cache_key": false, "method": "POST", "path": "/responses", "body": {"input": "Hi"}`},
		{"openai.request", `"derive_cache_key": false, "method": "POST", "path": "/chat/completions", "body": {"messages": ` + history + `}`},
	} {
		answer := completedReply
		if test.method == "responses.compact" {
			answer = compaction
		}
		s := script(events(answer))
		harness(t, s).result(test.method, "{"+test.params+"}")
		requests := s.Requests()
		sent := requests[len(requests)-1]
		key, _ := parsed(t, sent.Text).Get("prompt_cache_key").Text()
		if derived == "" {
			derived = key
		}
		want := derived
		if strings.Contains(test.params, "false") {
			want = ""
		}
		if key != want || sent.Header.Get("Session-Id") != want || derived == "" {
			t.Errorf("%s {%s}: prompt_cache_key %q and session-id %q, want %q", test.method, test.params, key, sent.Header.Get("Session-Id"), want)
		}
	}
}
