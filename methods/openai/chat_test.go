package openai

import (
	"slices"
	"strings"
	"testing"
)

// hi is a list of messages, and hiItem the input that it becomes.
const (
	hi     = `[{"role": "user", "content": "Hi"}]`
	hiItem = `[{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Hi"}]}]`
)

// TestChatRequest checks the call for a chat completion.
func TestChatRequest(t *testing.T) {
	const user = `{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "x"}]}`
	tests := []struct{ name, body, want string }{
		{"roles", `{"messages": [{"role": "system", "content": "S"}, {"role": "developer", "content": [{"type": "text", "text": "D"}]}, {"role": "user", "content": "x"}, {"role": "assistant", "content": "a"}]}`,
			`{"input": [
				{"type": "message", "role": "system", "content": [{"type": "input_text", "text": "S"}]},
				{"type": "message", "role": "developer", "content": [{"type": "input_text", "text": "D"}]}, ` + user + `,
				{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}]}]}`},
		{"images and files", `{"messages": [{"role": "user", "content": [{"type": "text", "text": "x"},
			{"type": "image_url", "image_url": {"url": "data:image/png;base64,AA==", "detail": "low"}}, {"type": "image_url", "image_url": "https://h/i.png"},
			{"type": "file", "file": {"filename": "a.pdf", "file_data": "data:,x"}}]}]}`,
			`{"input": [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "x"},
				{"type": "input_image", "image_url": "data:image/png;base64,AA==", "detail": "low"}, {"type": "input_image", "image_url": "https://h/i.png"},
				{"type": "input_file", "filename": "a.pdf", "file_data": "data:,x"}]}]}`},
		{"calls and their outputs", `{"messages": [{"role": "user", "content": "x"},
			{"role": "assistant", "content": null, "tool_calls": [
				{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{\"a\":1}"}},
				{"id": "c2", "type": "custom", "custom": {"name": "g", "input": "text"}}]},
			{"role": "tool", "tool_call_id": "c1", "content": "1"},
			{"role": "tool", "tool_call_id": "c2", "content": [{"type": "text", "text": "2"}]}]}`,
			`{"input": [` + user + `,
				{"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{\"a\":1}"},
				{"type": "custom_tool_call", "call_id": "c2", "name": "g", "input": "text"},
				{"type": "function_call_output", "call_id": "c1", "output": "1"},
				{"type": "custom_tool_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "2"}]}]}`},
		{"a refusal and a text", `{"messages": [{"role": "assistant", "content": [{"type": "text", "text": "a"}], "refusal": "no"}]}`,
			`{"input": [{"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}, {"type": "refusal", "refusal": "no"}]}]}`},
		{"deprecated functions", `{"messages": [{"role": "assistant", "content": null, "function_call": {"name": "f", "arguments": "{}"}}, {"role": "function", "name": "f", "content": "1"}],
			"functions": [{"name": "f", "parameters": {"type": "object"}}], "function_call": {"name": "f"}}`,
			`{"input": [{"type": "function_call", "call_id": "call_of_messages[0]_0", "name": "f", "arguments": "{}"}, {"type": "function_call_output", "call_id": "call_of_messages[0]_0", "output": "1"}],
				"tools": [{"type": "function", "name": "f", "parameters": {"type": "object"}, "strict": false}], "tool_choice": {"type": "function", "name": "f"}}`},
		{"tools", `{"messages": ` + hi + `, "tools": [{"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object", "properties": {"n": {"minimum": 1.50}}}, "strict": true}},
				{"type": "function", "function": {"name": "bare"}},
				{"type": "custom", "custom": {"name": "c", "format": {"type": "grammar", "grammar": {"syntax": "lark", "definition": "start: \"x\""}}}}],
				"tool_choice": {"type": "function", "function": {"name": "f"}}, "parallel_tool_calls": true}`,
			`{"input": ` + hiItem + `, "tools": [{"type": "function", "name": "f", "description": "d", "parameters": {"type": "object", "properties": {"n": {"minimum": 1.50}}}, "strict": true},
				{"type": "function", "name": "bare", "parameters": {"type": "object", "properties": {}}, "strict": false},
				{"type": "custom", "name": "c", "format": {"type": "grammar", "syntax": "lark", "definition": "start: \"x\""}}],
				"tool_choice": {"type": "function", "name": "f"}, "parallel_tool_calls": true}`},
		{"allowed tools", `{"messages": ` + hi + `, "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [{"type": "function", "function": {"name": "f"}}]}}}`,
			`{"input": ` + hiItem + `, "tool_choice": {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "f"}]}}`},
		{"a format", `{"messages": ` + hi + `, "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}, "strict": true}}, "verbosity": "low", "reasoning_effort": "high"}`,
			`{"input": ` + hiItem + `, "text": {"verbosity": "low", "format": {"type": "json_schema", "name": "n", "schema": {"type": "object"}, "strict": true}}, "reasoning": {"effort": "high"}}`},
		{"a format that is not strict", `{"messages": ` + hi + `, "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {}}}}`,
			`{"input": ` + hiItem + `, "text": {"format": {"type": "json_schema", "name": "n", "schema": {}, "strict": false}}}`},
		{"JSON", `{"messages": ` + hi + `, "response_format": {"type": "json_object"}}`, `{"input": ` + hiItem + `, "text": {"format": {"type": "json_object"}}}`},
		{"values without an effect", `{"messages": ` + hi + `, "n": 1, "stop": null, "logprobs": false, "modalities": ["text"], "truncation": null, "service_tier": "auto", "store": false, "top_k": null}`, `{"input": ` + hiItem + `}`},
		{"numbers without an effect, in other notations", `{"messages": ` + hi + `, "n": 1.0, "top_logprobs": 0e0, "presence_penalty": -0.0}`, `{"input": ` + hiItem + `}`},
		{"parameters that are sent unchanged", `{"messages": ` + hi + `, "model": "gpt-6-sol", "prompt_cache_key": "k", "service_tier": "priority"}`,
			`{"model": "gpt-6-sol", "input": ` + hiItem + `, "prompt_cache_key": "k", "service_tier": "priority"}`},
		{"web search", `{"messages": ` + hi + `, "web_search_options": {}}`, `{"input": ` + hiItem + `, "tools": [{"type": "web_search"}]}`},
	}
	for _, test := range tests {
		h := &host{answers: []answer{{result: message}}}
		w := do(h.api(Preferences{}), "POST", "/v1/chat/completions", test.body)
		if w.Code != 200 || len(h.calls) != 1 || h.calls[0].method != "responses.create" {
			t.Errorf("%s: %d %s", test.name, w.Code, w.Body)
			continue
		}
		same(t, test.name, h.calls[0].params, test.want)
		if dropped := w.Header().Get(droppedHeader); dropped != "" {
			t.Errorf("%s: dropped %s", test.name, dropped)
		}
	}
}

// TestChatDropped checks the header that lists dropped parameters, including
// unknown ones.
func TestChatDropped(t *testing.T) {
	tests := []struct{ members, want string }{
		{`"temperature": 1, "top_p": 1.0, "store": true, "user": "u"`, "store, temperature, top_p, user"},
		{`"top_k": 4, "min_p": 0, "seed": 1`, "seed, top_k, min_p"},
		{`"stream_options": {"include_usage": true}, "verbosity": "low", "functions": []`, ""},
		{`"a\r\nb: c": 1, "` + strings.Repeat("x", 100) + `": 1`, ""},
	}
	for _, test := range tests {
		h := &host{answers: []answer{{result: message}}}
		w := do(h.api(Preferences{}), "POST", "/v1/chat/completions", `{"model": "gpt-5.5", "messages": [{"role": "user", "content": "x"}], `+test.members+`}`)
		if got := w.Header().Get(droppedHeader); w.Code != 200 || got != test.want {
			t.Errorf("%s: %d, dropped %q, want %q", test.members, w.Code, got, test.want)
		}
	}
}

// TestChatRefusals checks the errors for unsupported chat completions.
func TestChatRefusals(t *testing.T) {
	tests := []struct{ name, body, param, phrase string }{
		{"no JSON", `{`, "", "could not parse"},
		{"no object", `[]`, "", "must be a JSON object"},
		{"no messages", `{}`, "messages", "Missing required parameter"},
		{"an empty list of messages", `{"messages": []}`, "messages", "Invalid 'messages': empty array."},
		{"messages that are no list", `{"messages": "x"}`, "messages", "Invalid type for 'messages': expected an array."},
		{"a model that is no name", `{"messages": ` + hi + `, "model": 5}`, "model", "Invalid type for 'model': expected a string."},
		{"a stream that is no boolean", `{"messages": ` + hi + `, "stream": "yes"}`, "stream", "Invalid type for 'stream': expected a boolean."},
		{"tools that are no list", `{"messages": ` + hi + `, "tools": {}}`, "tools", "Invalid type for 'tools': expected an array."},
		{"several choices", `{"messages": ` + hi + `, "n": 2}`, "n", "rejects these official Responses parameters: n."},
		{"several of them", `{"messages": ` + hi + `, "logprobs": true, "audio": {}}`, "audio", "parameters: audio, logprobs."},
		{"stop", `{"messages": ` + hi + `, "stop": ["x"]}`, "stop", "stop"},
		{"a role", `{"messages": [{"role": "user", "content": "x"}, {"role": "robot"}]}`, "messages[1].role", "robot"},
		{"no content", `{"messages": [{"role": "user"}]}`, "messages[0].content", "Missing required parameter: 'messages[0].content'."},
		{"null for content", `{"messages": [{"role": "system", "content": null}]}`, "messages[0].content", "Missing required parameter"},
		{"a text part without text", `{"messages": [{"role": "user", "content": [{"type": "text"}]}]}`, "messages[0].content[0].text", "Missing required parameter"},
		{"a text part with a number", `{"messages": [{"role": "user", "content": [{"type": "text", "text": 5}]}]}`, "messages[0].content[0].text", "expected a string"},
		{"an image without a URL", `{"messages": [{"role": "user", "content": ["x", {"type": "image_url", "image_url": {}}]}]}`, "messages[0].content[1].image_url.url", "Missing required parameter"},
		{"an image that is none", `{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}`, "messages[0].content[0].image_url", "Missing required parameter"},
		{"a call without a function", `{"messages": [{"role": "assistant", "tool_calls": [{"id": "c", "type": "function"}]}]}`, "messages[0].tool_calls[0].function.name", "Missing required parameter"},
		{"audio", `{"messages": [{"role": "user", "content": [{"type": "text", "text": "x"}, {"type": "input_audio"}]}]}`, "messages[0].content[1]", "input_audio"},
		{"an output without a call", `{"messages": [{"role": "tool", "content": "x"}]}`, "messages[0].tool_call_id", "tool_call_id"},
		{"a tool", `{"messages": ` + hi + `, "tools": [{"type": "robot"}]}`, "tools[0].type", "robot"},
	}
	for _, test := range tests {
		h := &host{answers: []answer{{result: message}}}
		w := do(h.api(Preferences{}), "POST", "/chat/completions", test.body)
		e := parse(w.Body.String()).Get("error")
		param, _ := e.Get("param").Text()
		text, _ := e.Get("message").Text()
		if w.Code != 400 || param != test.param || !strings.Contains(text, test.phrase) || len(h.calls) > 0 {
			t.Errorf("%s: %d %s", test.name, w.Code, e.Bytes())
		}
	}
}

// TestChatAnswer checks the chat completion for a response.
func TestChatAnswer(t *testing.T) {
	const usage = `"usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4, "prompt_tokens_details": {"cached_tokens": 2, "audio_tokens": 0},
		"completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0, "accepted_prediction_tokens": 0, "rejected_prediction_tokens": 0}}`
	tests := []struct{ name, params, output, details, message, finish string }{
		{"a text", "", `{"type": "message", "content": [{"type": "output_text", "text": "Hel"}, {"type": "output_text", "text": "lo"}]}`, "",
			`{"role": "assistant", "content": "Hello", "refusal": null, "annotations": []}`, "stop"},
		{"calls", "", `{"type": "reasoning"}, {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{}"}, {"type": "custom_tool_call", "id": "ct", "call_id": "c2", "name": "g", "input": "x"}`, "",
			`{"role": "assistant", "content": null, "refusal": null, "annotations": [], "tool_calls": [
				{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}, {"id": "c2", "type": "custom", "custom": {"name": "g", "input": "x"}}]}`, "tool_calls"},
		{"a call of the deprecated form", `, "functions": [{"name": "f"}]`, `{"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{}"}`, "",
			`{"role": "assistant", "content": null, "refusal": null, "annotations": [], "function_call": {"name": "f", "arguments": "{}"}}`, "function_call"},
		{"a refusal", "", `{"type": "message", "content": [{"type": "refusal", "refusal": "no"}]}`, "",
			`{"role": "assistant", "content": null, "refusal": "no", "annotations": []}`, "stop"},
		{"incomplete", "", `{"type": "message", "content": [{"type": "output_text", "text": "He"}]}`, `, "incomplete_details": {"reason": "max_output_tokens"}`,
			`{"role": "assistant", "content": "He", "refusal": null, "annotations": []}`, "length"},
		{"incomplete without a reason", "", ``, `, "status": "incomplete"`, `{"role": "assistant", "content": null, "refusal": null, "annotations": []}`, "length"},
		{"filtered", "", ``, `, "incomplete_details": {"reason": "content_filter"}`, `{"role": "assistant", "content": null, "refusal": null, "annotations": []}`, "content_filter"},
		{"citations", "", `{"type": "message", "content": [{"type": "output_text", "text": "x", "annotations": [{"type": "url_citation", "url": "u", "title": "t", "start_index": 0, "end_index": 1}, {"type": "other"}]}]}`, "",
			`{"role": "assistant", "content": "x", "refusal": null, "annotations": [{"type": "url_citation", "url_citation": {"url": "u", "title": "t", "start_index": 0, "end_index": 1}}]}`, "stop"},
		{"commentary", "", `{"type": "message", "phase": "commentary", "content": [{"type": "output_text", "text": "Hm. "}]}, {"type": "message", "content": [{"type": "output_text", "text": "x"}]}`, "",
			`{"role": "assistant", "content": "Hm. x", "refusal": null, "annotations": []}`, "stop"},
		{"commentary before JSON", `, "response_format": {"type": "json_object"}`, `{"type": "message", "phase": "commentary", "content": [{"type": "output_text", "text": "Hm. "}]}, {"type": "message", "content": [{"type": "output_text", "text": "{}"}]}`, "",
			`{"role": "assistant", "content": "{}", "refusal": null, "annotations": []}`, "stop"},
	}
	for _, test := range tests {
		h := &host{answers: []answer{{result: `{"id": "resp_1", "created_at": 1790000000.5, "model": "m", "output": [` + test.output + `]` + test.details + `,
			"usage": {"input_tokens": 3, "input_tokens_details": {"cached_tokens": 2}, "output_tokens": 1, "output_tokens_details": {"cached_tokens": null}, "total_tokens": 4}}`}}}
		w := do(h.api(Preferences{}), "POST", "/v1/chat/completions", `{"messages": `+hi+``+test.params+`}`)
		got := parse(w.Body.String())
		if id := stringOf(got, "id"); !strings.HasPrefix(id, "chatcmpl_") && !strings.HasPrefix(id, "chatcmpl-") {
			t.Errorf("%s: id %q", test.name, id)
		}
		same(t, test.name, string(got.Without("id").Bytes()), `{"object": "chat.completion", "created": 1790000000, "model": "m", "system_fingerprint": null,
			"choices": [{"index": 0, "message": `+test.message+`, "logprobs": null, "finish_reason": "`+test.finish+`"}], `+usage+`}`)
	}
}

// TestChatStream checks the chunks for the events of a response.
func TestChatStream(t *testing.T) {
	const first, noText, done = `{"role": "assistant", "content": "", "refusal": null}`, `{"role": "assistant", "content": null, "refusal": null}`, `{}`
	tests := []struct {
		name   string
		events []string
		output string
		want   []string // deltas
		finish string
	}{
		{"a text", []string{
			`{"type": "response.created", "response": {"model": "m"}}`, `{"type": "response.output_item.added", "item": {"type": "message", "id": "msg_1"}}`,
			`{"type": "response.output_text.delta", "item_id": "msg_1", "delta": "H\u00e9"}`, `{"type": "response.output_text.delta", "item_id": "msg_1", "delta": "l"}`, `{"type": "response.new"}`,
		}, `{"type": "message", "content": [{"type": "output_text", "text": "Hél"}]}`, []string{first, `{"content": "Hé"}`, `{"content": "l"}`, done}, "stop"},
		{"an empty text", nil, `{"type": "message", "content": [{"type": "output_text", "text": ""}]}`, []string{first, done}, "stop"},
		{"nothing", []string{`{"type": "response.created", "response": {"model": "m"}}`}, ``, []string{noText, done}, "stop"},
		{"parallel calls", []string{
			`{"type": "response.created", "response": {"model": "m"}}`,
			`{"type": "response.output_item.added", "item": {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": ""}}`,
			`{"type": "response.output_item.added", "item": {"type": "custom_tool_call", "id": "ct_1", "call_id": "c2", "name": "g", "input": ""}}`,
			`{"type": "response.function_call_arguments.delta", "item_id": "fc_1", "delta": "{\"a\":"}`,
			`{"type": "response.custom_tool_call_input.delta", "item_id": "ct_1", "delta": "x"}`,
			`{"type": "response.function_call_arguments.delta", "item_id": "fc_1", "delta": "1}"}`,
		}, `{"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{\"a\":1}"}, {"type": "custom_tool_call", "id": "ct_1", "call_id": "c2", "name": "g", "input": "x"}`,
			[]string{noText,
				`{"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {"name": "f", "arguments": ""}}]}`,
				`{"tool_calls": [{"index": 1, "id": "c2", "type": "custom", "custom": {"name": "g", "input": ""}}]}`,
				`{"tool_calls": [{"index": 0, "function": {"arguments": "{\"a\":"}}]}`, `{"tool_calls": [{"index": 1, "custom": {"input": "x"}}]}`,
				`{"tool_calls": [{"index": 0, "function": {"arguments": "1}"}}]}`, done}, "tool_calls"},
		{"items without deltas", nil, `{"type": "message", "content": [{"type": "output_text", "text": "Hi"}]}, {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{}"}`,
			[]string{first, `{"content": "Hi"}`, `{"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}`, done}, "tool_calls"},
		{"arguments without deltas", []string{`{"type": "response.output_item.added", "item": {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{}"}}`},
			`{"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{}"}`,
			[]string{noText, `{"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {"name": "f", "arguments": ""}}]}`, `{"tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]}`, done}, "tool_calls"},
		{"a refusal", []string{`{"type": "response.refusal.delta", "delta": "no"}`}, ``, []string{noText, `{"refusal": "no"}`, done}, "stop"},
		{"a refusal without deltas", nil, `{"type": "message", "content": [{"type": "refusal", "refusal": "no"}]}`, []string{noText, `{"refusal": "no"}`, done}, "stop"},
		{"incomplete deltas", []string{
			`{"type": "response.output_text.delta", "item_id": "m", "delta": "H\u00e9"}`,
			`{"type": "response.output_item.added", "item": {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f"}}`,
			`{"type": "response.function_call_arguments.delta", "item_id": "fc_1", "delta": "{\"a\":"}`,
		}, `{"type": "message", "id": "m", "content": [{"type": "output_text", "text": "Hél"}]}, {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{\"a\":1}"}`,
			[]string{first, `{"content": "Hé"}`, `{"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {"name": "f", "arguments": ""}}]}`,
				`{"tool_calls": [{"index": 0, "function": {"arguments": "{\"a\":"}}]}`, `{"content": "l"}`, `{"tool_calls": [{"index": 0, "function": {"arguments": "1}"}}]}`, done}, "tool_calls"},
		{"calls without ids", nil, `{"type": "function_call", "call_id": "c1", "name": "f", "arguments": "{}"}, {"type": "function_call", "call_id": "c2", "name": "g", "arguments": "{}"}`,
			[]string{noText, `{"tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}`,
				`{"tool_calls": [{"index": 1, "id": "c2", "type": "function", "function": {"name": "g", "arguments": "{}"}}]}`, done}, "tool_calls"},
	}
	for _, test := range tests {
		h := &host{answers: []answer{{events: test.events, result: `{"id": "r", "model": "m", "output": [` + test.output + `], "usage": {"total_tokens": 4}}`}}}
		w := do(h.api(Preferences{}), "POST", "/v1/chat/completions", `{"messages": `+hi+`, "stream": true, "stream_options": {"include_usage": true}}`)
		list := events(w)
		if len(list) != len(test.want)+2 || list[len(list)-1] != "[DONE]" {
			t.Errorf("%s: %q", test.name, list)
			continue
		}
		for i, want := range test.want {
			chunk := parse(list[i])
			for choice := range chunk.Get("choices").Elements() {
				same(t, test.name, string(choice.Get("delta").Bytes()), want)
				finish, _ := choice.Get("finish_reason").Text()
				if last := i == len(test.want)-1; last != (finish != "") || last && finish != test.finish {
					t.Errorf("%s: chunk %d ends with %q", test.name, i, finish)
				}
			}
			if stringOf(chunk, "object") != "chat.completion.chunk" || chunk.Get("usage").Kind() != 'n' {
				t.Errorf("%s: chunk %s", test.name, list[i])
			}
		}
		last := parse(list[len(list)-2])
		if total := last.Get("usage").Get("total_tokens"); string(total.Bytes()) != "4" || string(last.Get("choices").Bytes()) != "[]" {
			t.Errorf("%s: the last chunk is %s", test.name, last.Bytes())
		}
		if got := w.Header().Get("Content-Type"); got != "text/event-stream; charset=utf-8" {
			t.Errorf("%s: %s", test.name, got)
		}
	}
}

// TestChatStreamOfFunction checks the chunks of a call for a request of the
// deprecated form.
func TestChatStreamOfFunction(t *testing.T) {
	h := &host{answers: []answer{{events: []string{
		`{"type": "response.output_item.added", "item": {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": ""}}`,
		`{"type": "response.function_call_arguments.delta", "item_id": "fc_1", "delta": "{}"}`,
	}, result: `{"id": "r", "model": "m", "output": [{"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "f", "arguments": "{}"}]}`}}}
	list := events(do(h.api(Preferences{}), "POST", "/v1/chat/completions", `{"messages": `+hi+`, "stream": true, "functions": [{"name": "f"}]}`))
	var got []string
	for _, text := range list[:len(list)-1] {
		for choice := range parse(text).Get("choices").Elements() {
			got = append(got, string(choice.Get("delta").Bytes())+stringOf(choice, "finish_reason"))
		}
	}
	want := []string{`{"role":"assistant","content":null,"refusal":null}`, `{"function_call":{"name":"f","arguments":""}}`, `{"function_call":{"arguments":"{}"}}`, `{}function_call`}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
