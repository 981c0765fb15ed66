package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

const hello = `{"model":"gpt-5.5","instructions":"","input":[{"role":"user","content":"Hello"}],"stream":true,"store":false}`

// ask returns a request with these members in addition to the required ones.
func ask(members string) string {
	if members == "" {
		return hello
	}
	var given, body map[string]json.RawMessage
	_ = json.Unmarshal([]byte(hello), &body)
	if err := json.Unmarshal([]byte("{"+members+"}"), &given); err != nil {
		panic(members)
	}
	for k, v := range given {
		body[k] = v
	}
	return string(encode(body))
}

// events parses an event stream, and checks that the names are the types and that the numbers count from 0.
func events(t *testing.T, stream []byte) []map[string]any {
	t.Helper()
	var list []map[string]any
	for block := range strings.SplitSeq(strings.TrimSuffix(string(stream), "\n\n"), "\n\n") {
		name, data, ok := strings.Cut(strings.TrimPrefix(block, "event: "), "\ndata: ")
		if !ok {
			t.Fatalf("no event: %q", block)
		}
		e := object(t, []byte(data))
		if e["type"] != name {
			t.Errorf("event %s has type %v", name, e["type"])
		}
		if n, ok := e["sequence_number"]; !ok || n != float64(len(list)) {
			t.Errorf("event %d has sequence number %v", len(list), n)
		}
		list = append(list, e)
	}
	return list
}

// outline lists the types of the events, without their common prefix and without repetitions.
func outline(list []map[string]any) string {
	var kinds []string
	for _, e := range list {
		kinds = append(kinds, strings.TrimPrefix(e["type"].(string), "response."))
	}
	return strings.Join(slices.Compact(kinds), " ")
}

const (
	begin    = "created in_progress "
	messages = "output_item.added content_part.added output_text.delta output_text.done content_part.done output_item.done"
	called   = "output_item.added function_call_arguments.delta function_call_arguments.done output_item.done"
	function = `{"type":"function","name":"get_weather","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}}`
	second   = `{"type":"function","name":"get_time","parameters":{}}`
	custom   = `{"type":"custom","name":"run"}`
	call1    = `{"type":"function_call","call_id":"c1","name":"get_weather","arguments":"{}"}`
	output1  = `{"type":"function_call_output","call_id":"c1","output":"18 °C"}`
)

func TestSequences(t *testing.T) {
	for _, c := range []struct{ name, members, events, texts string }{
		{"text", ``, begin + messages + " completed", `You said: "Hello"`},
		{"no input", `"input":[]`, begin + messages + " completed", `Hello from the mock backend.`},
		{"not ASCII", `"input":[{"role":"user","content":[{"type":"input_text","text":"naïve 日本 👩‍👩‍👧\u2028 \"<&>"}]}]`, begin + messages + " completed", "You said: \"naïve 日本 👩‍👩‍👧\u2028 \"<&>\""},
		{"last user text", `"input":[{"role":"user","content":"a"},{"role":"assistant","content":[{"type":"output_text","text":"b"}]},{"role":"user","content":"c"}]`, begin + messages + " completed", `You said: "c"`},
		{"reasoning", `"reasoning":{"effort":"low"}`, begin + "output_item.added output_item.done " + messages + " completed", `You said: "Hello"`},
		{"no reasoning", `"reasoning":{"effort":"none"}`, begin + messages + " completed", `You said: "Hello"`},
		{"summary", `"reasoning":{"summary":"auto"}`, begin + "output_item.added" +
			strings.Repeat(" reasoning_summary_part.added reasoning_summary_text.delta reasoning_summary_text.done reasoning_summary_part.done", 2) +
			" output_item.done " + messages + " completed", `You said: "Hello"`},
		{"function", `"tools":[` + function + `]`, begin + called + " completed", `get_weather({"city":"city"})`},
		{"one without parallel", `"tools":[` + function + `,` + second + `]`, begin + called + " completed", `get_weather({"city":"city"})`},
		{"parallel", `"parallel_tool_calls":true,"tools":[` + function + `,` + second + `,` + custom + `]`, begin + called + " " + called + " completed", `get_weather({"city":"city"}) get_time({})`},
		{"chosen", `"tools":[` + function + `,` + second + `],"tool_choice":{"type":"function","name":"get_time"}`, begin + called + " completed", `get_time({})`},
		{"allowed", `"tools":[` + function + `,` + second + `],"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"get_time"}]}`, begin + called + " completed", `get_time({})`},
		{"none", `"tools":[` + function + `],"tool_choice":"none"`, begin + messages + " completed", `You said: "Hello"`},
		{"after output", `"tools":[` + function + `],"input":[{"role":"user","content":"w"},` + call1 + `,` + output1 + `]`, begin + messages + " completed", `The tool answered: 18 °C`},
		{"next question", `"tools":[` + function + `],"input":[` + call1 + `,` + output1 + `,{"role":"user","content":"w"}]`, begin + called + " completed", `get_weather({"city":"city"})`},
		{"custom tool", `"tools":[` + custom + `]`, begin + "output_item.added custom_tool_call_input.delta custom_tool_call_input.done output_item.done completed", `run(Hello)`},
		{"web search", `"tools":[{"type":"web_search_preview"}]`, begin + "output_item.added web_search_call.in_progress web_search_call.searching web_search_call.completed output_item.done " + messages + " completed", `search(Hello) You said: "Hello"`},
		{"search beside function", `"tools":[{"type":"web_search"},` + function + `]`, begin + called + " completed", `get_weather({"city":"city"})`},
		{"image", `"tools":[{"type":"image_generation"}],"input":[{"role":"user","content":"Draw a cat"}]`, begin + "output_item.added image_generation_call.in_progress image_generation_call.generating image_generation_call.completed output_item.done " + messages + " completed", `You said: "Draw a cat"`},
		{"hosted tool", `"tools":[{"type":"image_generation"}]`, begin + messages + " completed", `You said: "Hello"`},
		{"json schema", `"text":{"format":{"type":"json_schema","name":"p","schema":{"type":"object","properties":{"n":{"type":"integer"}}}}}`, begin + messages + " completed", `{"n":1}`},
		{"json object", `"text":{"format":{"type":"json_object"}}`, begin + messages + " completed", `{"you_said":"Hello"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newServer(t, "")
			w := do(s, "POST", "/backend-api/codex/responses", ask(c.members))
			if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/event-stream") {
				t.Fatalf("%d %s", w.Code, w.Body)
			}
			list := events(t, w.Body.Bytes())
			if got := outline(list); got != c.events {
				t.Errorf("events\n got %s\nwant %s", got, c.events)
			}
			final := at(t, list[len(list)-1], "response").(map[string]any)
			if got := said(final["output"].([]any)); got != c.texts {
				t.Errorf("output\n got %s\nwant %s", got, c.texts)
			}
			if got := said(collect(t, list)); got != c.texts {
				t.Errorf("collected from deltas\n got %s\nwant %s", got, c.texts)
			}
		})
	}
}

// said summarizes output items.
func said(output []any) string {
	var parts []string
	for _, o := range output {
		switch item := o.(map[string]any); item["type"] {
		case "message":
			parts = append(parts, item["content"].([]any)[0].(map[string]any)["text"].(string))
		case "function_call":
			parts = append(parts, fmt.Sprintf("%s(%s)", item["name"], item["arguments"]))
		case "custom_tool_call":
			parts = append(parts, fmt.Sprintf("%s(%s)", item["name"], item["input"]))
		case "web_search_call":
			parts = append(parts, fmt.Sprintf("search(%s)", item["action"].(map[string]any)["query"]))
		}
	}
	return strings.Join(parts, " ")
}

// collect rebuilds the output from the added items and the deltas, and checks their ids and indexes.
func collect(t *testing.T, list []map[string]any) []any {
	t.Helper()
	var output []any
	for _, e := range list {
		kind := e["type"].(string)
		index, ok := e["output_index"].(float64)
		if !ok {
			continue
		}
		if kind == "response.output_item.added" {
			output = append(output, e["item"])
		}
		if int(index) != len(output)-1 {
			t.Fatalf("%s has index %v of %d items", kind, index, len(output))
		}
		item := output[len(output)-1].(map[string]any)
		if id, ok := e["item_id"]; ok && id != item["id"] {
			t.Errorf("%s is for item %v, not %v", kind, id, item["id"])
		}
		delta, _ := e["delta"].(string)
		switch kind {
		case "response.content_part.added":
			item["content"] = []any{e["part"]}
		case "response.output_text.delta":
			part := at(t, item, "content.0").(map[string]any)
			part["text"] = part["text"].(string) + delta
		case "response.function_call_arguments.delta":
			item["arguments"] = item["arguments"].(string) + delta
		case "response.custom_tool_call_input.delta":
			item["input"] = item["input"].(string) + delta
		}
	}
	return output
}

func TestResponseObject(t *testing.T) {
	s := newServer(t, "")
	w := do(s, "POST", "/backend-api/codex/responses", ask(`"instructions":"Be brief.","reasoning":{"effort":"high","summary":"auto"},
		"include":["reasoning.encrypted_content"],"prompt_cache_key":"k","service_tier":"priority","text":{"verbosity":"low"},"tools":null,"tool_choice":null`))
	list := events(t, w.Body.Bytes())
	for _, e := range []map[string]any{list[0], list[1], list[len(list)-1]} {
		for path, want := range map[string]any{
			"object": "response", "model": "gpt-5.5", "instructions": "Be brief.", "reasoning.effort": "high", "reasoning.summary": "auto",
			"prompt_cache_key": "k", "service_tier": "priority", "text.verbosity": "low", "text.format.type": "text", "store": false,
			"tool_choice": "auto", "truncation": "disabled", "error": nil, "incomplete_details": nil, "previous_response_id": nil,
		} {
			if got := at(t, e["response"], path); got != want {
				t.Errorf("%s: %s is %v, want %v", e["type"], path, got, want)
			}
		}
	}
	if at(t, list[0], "response.status") != "in_progress" || at(t, list[0], "response.usage") != nil {
		t.Errorf("created: %v", list[0])
	}
	final := list[len(list)-1]
	input, output, total := at(t, final, "response.usage.input_tokens").(float64), at(t, final, "response.usage.output_tokens").(float64), at(t, final, "response.usage.total_tokens").(float64)
	if input <= 0 || output <= 0 || total != input+output {
		t.Errorf("usage: %v + %v = %v", input, output, total)
	}
	if at(t, final, "response.usage.output_tokens_details.reasoning_tokens") == 0.0 {
		t.Errorf("usage details: %v", at(t, final, "response.usage"))
	}
	if sealed, _ := at(t, final, "response.output.0.encrypted_content").(string); sealed == "" {
		t.Error("no encrypted_content")
	}
	for _, name := range []string{"x-request-id", "openai-model", "openai-processing-ms", "x-models-etag", "x-codex-primary-used-percent", "x-ratelimit-limit-requests"} {
		if w.Header().Get(name) == "" {
			t.Errorf("no header %s", name)
		}
	}
}

func TestDeterminism(t *testing.T) {
	answer := func(members string) []byte {
		w := do(newServer(t, ""), "POST", "/backend-api/codex/responses", ask(members))
		var stable [][]byte
		for _, e := range events(t, w.Body.Bytes()) {
			if r, ok := e["response"].(map[string]any); ok {
				// Times differ.
				delete(r, "created_at")
				delete(r, "completed_at")
			}
			stable = append(stable, encode(e))
		}
		return bytes.Join(stable, []byte("\n"))
	}
	if a, b := answer(""), answer(""); !bytes.Equal(a, b) {
		t.Errorf("the same request, two answers:\n%s\n%s", a, b)
	}
	if a, b := answer(""), answer(`"prompt_cache_key":"other"`); bytes.Equal(a, b) {
		t.Error("two requests, the same ids")
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct{ name, body, path, want string }{
		{"no JSON", `{`, "detail", "Request body is not a JSON object"},
		{"no object", `[]`, "detail", "Request body is not a JSON object"},
		{"unsupported", ask(`"temperature":1,"top_p":1`), "detail", "Unsupported parameter: temperature"},
		{"no stream", ask(`"stream":false`), "detail", "Stream must be set to true"},
		{"store", ask(`"store":true`), "detail", "Store must be set to false"},
		{"store absent", ask(`"store":null`), "detail", "Store must be set to false"},
		{"instructions type", ask(`"instructions":5`), "error.param", "instructions"},
		{"input text", ask(`"input":"x"`), "detail", "Input must be a list"},
		{"model", ask(`"model":""`), "detail", "Model is required"},
		{"role", ask(`"input":[{"role":"robot","content":"x"}]`), "error.param", "input[0].role"},
		{"item type", ask(`"input":[{}]`), "error.param", "input[0].type"},
		{"assistant input_text", ask(`"input":[{"role":"assistant","content":[{"type":"input_text","text":"x"}]}]`), "error.param", "input[0].content[0]"},
		{"content", ask(`"input":[{"role":"user","content":5}]`), "error.param", "input[0].content"},
		{"lost call", ask(`"input":[` + output1 + `]`), "error.message", "No tool call found for function call output with call_id c1."},
		{"tools", ask(`"tools":{}`), "error.param", "tools"},
		{"tool without type", ask(`"tools":[{}]`), "error.param", "tools[0].type"},
		{"tool without name", ask(`"tools":[{"type":"function"}]`), "error.param", "tools[0].name"},
		{"namespace without name", ask(`"tools":[{"type":"namespace","tools":[]}]`), "error.param", "tools[0].name"},
		{"tool of a namespace", ask(`"tools":[{"type":"namespace","name":"n","tools":[{}]}]`), "error.param", "tools[0].tools[0].type"},
		{"namespace in a namespace", ask(`"tools":[{"type":"namespace","name":"n","tools":[{"type":"namespace","name":"m"}]}]`), "error.param", "tools[0].tools[0]"},
		{"additional tools", ask(`"input":[{"type":"additional_tools","tools":5}]`), "error.param", "input[0].tools"},
		{"tool choice", ask(`"tools":[` + function + `],"tool_choice":{"type":"function","name":"x"}`), "error.param", "tool_choice"},
		{"tool choice type", ask(`"tool_choice":5`), "error.param", "tool_choice"},
		{"format", ask(`"text":{"format":{"type":"xml"}}`), "error.param", "text.format.type"},
		{"format type", ask(`"text":{"format":5}`), "error.param", "text.format"},
		{"format name", ask(`"text":{"format":{"type":"json_schema","schema":{}}}`), "error.param", "text.format.name"},
		{"format schema", ask(`"text":{"format":{"type":"json_schema","name":"x"}}`), "error.param", "text.format.schema"},
	} {
		w := do(newServer(t, ""), "POST", "/backend-api/codex/responses", c.body)
		if got := at(t, object(t, w.Body.Bytes()), c.path); w.Code != 400 || got != c.want {
			t.Errorf("%s: %d, %s is %v, want %s", c.name, w.Code, c.path, got, c.want)
		}
	}
}

func FuzzPieces(f *testing.F) {
	f.Add("You said: \"naïve 日本\"", 3)
	f.Add("", 2)
	f.Add("👩‍👩‍👧", 40)
	f.Fuzz(func(t *testing.T, text string, n int) {
		n = max(0, min(n, 1000))
		var joined strings.Builder
		count := 0
		for piece := range pieces(text, n) {
			joined.WriteString(piece)
			count++
			if n == 0 && piece == "" {
				t.Error("an empty word")
			}
			if validUTF8 := strings.ToValidUTF8(text, "") == text; validUTF8 && strings.ToValidUTF8(piece, "") != piece {
				t.Errorf("%q splits a character", piece)
			}
		}
		if joined.String() != text || n > 0 && count != n {
			t.Errorf("%d pieces make %q of %q", count, joined.String(), text)
		}
	})
}
