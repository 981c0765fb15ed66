package methods

import (
	"fmt"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// outputCases are streams whose output is not simply one
// response.output_item.done for each item, in order.
var outputCases = []struct {
	name   string
	events []string // without those that start and end the response
	output string   // items
	text   string   // output_text
}{
	{"items out of order", []string{
		`{"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","id":"fc_2","name":"f2"}}`,
		`{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","id":"fc_1","name":"f1"}}`,
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"m","content":[{"type":"output_text","text":"Hi"}]}}`},
		`[{"type":"message","id":"m","content":[{"type":"output_text","text":"Hi"}]},{"type":"function_call","id":"fc_1","name":"f1"},{"type":"function_call","id":"fc_2","name":"f2"}]`, "Hi"},
	{"items that all have index 0", []string{
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","id":"rs_1","summary":[]}}`,
		`{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"H"}`,
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"m","content":[{"type":"output_text","text":"Hi"}]}}`,
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"fc_1","name":"f1"}}`},
		`[{"type":"reasoning","id":"rs_1","summary":[]},{"type":"message","id":"m","content":[{"type":"output_text","text":"Hi"}]},{"type":"function_call","id":"fc_1","name":"f1"}]`, "Hi"},
	{"some items without an index", []string{
		`{"type":"response.output_item.done","output_index":1,"item":{"type":"a","id":"a"}}`,
		`{"type":"response.output_item.done","item":{"type":"b","id":"b"}}`,
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"c","id":"c"}}`},
		`[{"type":"c","id":"c"},{"type":"a","id":"a"},{"type":"b","id":"b"}]`, ""},
	{"an item done twice", []string{
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"fc_1","name":"f1"}}`,
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"fc_1","name":"f1"}}`},
		`[{"type":"function_call","id":"fc_1","name":"f1"}]`, ""},
	{"an item done twice, at another index", []string{
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"fc_1","name":"f1"}}`,
		`{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","id":"fc_1","name":"f1"}}`},
		`[{"type":"function_call","id":"fc_1","name":"f1"}]`, ""},
	{"an item done twice, the second time with more", []string{
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"fc_1","name":"f1","status":"in_progress"}}`,
		`{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","id":"fc_2","name":"f2"}}`,
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"fc_1","name":"f1","status":"completed"}}`},
		`[{"type":"function_call","id":"fc_1","name":"f1","status":"completed"},{"type":"function_call","id":"fc_2","name":"f2"}]`, ""},
	{"a call done twice by its call_id", []string{
		`{"type":"response.output_item.done","item":{"type":"function_call","call_id":"c1","name":"f1"}}`,
		`{"type":"response.output_item.done","item":{"type":"function_call","call_id":"c1","name":"f1"}}`},
		`[{"type":"function_call","call_id":"c1","name":"f1"}]`, ""},
	{"a call done twice, each time with an id of its own", []string{
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"fc_1","call_id":"c1","name":"f1","arguments":"{}"}}`,
		`{"type":"response.output_item.done","output_index":1,"item":{"type":"function_call","id":"fc_2","call_id":"c1","name":"f1","arguments":"{}"}}`},
		`[{"type":"function_call","id":"fc_2","call_id":"c1","name":"f1","arguments":"{}"}]`, ""},
	{"two calls with one call_id", []string{
		`{"type":"response.output_item.done","item":{"type":"function_call","id":"fc_1","call_id":"c1","name":"f1","arguments":"{}"}}`,
		`{"type":"response.output_item.done","item":{"type":"function_call","id":"fc_2","call_id":"c1","name":"f2","arguments":"{}"}}`},
		`[{"type":"function_call","id":"fc_1","call_id":"c1","name":"f1","arguments":"{}"},{"type":"function_call","id":"fc_2","call_id":"c1","name":"f2","arguments":"{}"}]`, ""},
	{"a call by the end of its arguments alone", []string{
		`{"type":"response.function_call_arguments.done","item_id":"fc_1","output_index":0,"call_id":"c1","name":"f1","arguments":"{}"}`},
		`[{"type":"function_call","id":"fc_1","call_id":"c1","name":"f1","status":"completed","arguments":"{}"}]`, ""},
	{"a text in the events of the Realtime API", []string{
		`{"type":"response.text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"Hel"}`,
		`{"type":"response.text.done","item_id":"m","output_index":0,"content_index":0,"text":"Hello"}`},
		`[{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello"}]}]`, "Hello"},
	{"an item without an id done twice", []string{
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"Hi"}]}}`,
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"message","content":[{"type":"output_text","text":"Hi"}]}}`},
		`[{"type":"message","content":[{"type":"output_text","text":"Hi"}]}]`, "Hi"},
	{"two calls that differ in their ids alone", []string{
		`{"type":"response.output_item.done","item":{"type":"function_call","id":"1","name":"f"}}`,
		`{"type":"response.output_item.done","item":{"type":"function_call","id":"2","name":"f"}}`},
		`[{"type":"function_call","id":"1","name":"f"},{"type":"function_call","id":"2","name":"f"}]`, ""},
	{"two messages of one id, at two indexes", []string{
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"m","content":[{"type":"output_text","text":"A"}]}}`,
		`{"type":"response.output_item.done","output_index":1,"item":{"type":"message","id":"m","content":[{"type":"output_text","text":"B"}]}}`},
		`[{"type":"message","id":"m","content":[{"type":"output_text","text":"A"}]},{"type":"message","id":"m","content":[{"type":"output_text","text":"B"}]}]`, "AB"},
	{"phases", []string{
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"m1","phase":"commentary","content":[{"type":"output_text","text":"A"}]}}`,
		`{"type":"response.output_item.done","output_index":1,"item":{"type":"message","id":"m2","phase":"final_answer","content":[{"type":"output_text","text":"B"}]}}`},
		`[{"type":"message","id":"m1","phase":"commentary","content":[{"type":"output_text","text":"A"}]},{"type":"message","id":"m2","phase":"final_answer","content":[{"type":"output_text","text":"B"}]}]`, "AB"},
	{"a call by its beginning and its arguments", []string{
		`{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"fc_1","call_id":"c1","name":"f1","arguments":"","status":"in_progress"}}`,
		`{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":0,"delta":"{\"a\":"}`,
		`{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":0,"delta":"1}"}`},
		`[{"type":"function_call","id":"fc_1","call_id":"c1","name":"f1","status":"completed","arguments":"{\"a\":1}"}]`, ""},
	{"a call by its beginning and all of its arguments", []string{
		`{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"fc_1","call_id":"c1","name":"f1","arguments":"","status":"in_progress"}}`,
		`{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":0,"delta":"{\"a"}`,
		`{"type":"response.function_call_arguments.done","item_id":"fc_1","output_index":0,"arguments":"{\"a\":1}"}`},
		`[{"type":"function_call","id":"fc_1","call_id":"c1","name":"f1","status":"completed","arguments":"{\"a\":1}"}]`, ""},
	{"a call of no arguments", []string{
		`{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"fc_1","call_id":"c1","name":"f1","arguments":"{}"}}`},
		`[{"type":"function_call","id":"fc_1","call_id":"c1","name":"f1","arguments":"{}","status":"completed"}]`, ""},
	{"two calls at once", []string{
		`{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"1","name":"f","arguments":""}}`,
		`{"type":"response.output_item.added","output_index":1,"item":{"type":"function_call","id":"2","name":"g","arguments":""}}`,
		`{"type":"response.function_call_arguments.delta","item_id":"2","output_index":1,"delta":"[2"}`,
		`{"type":"response.function_call_arguments.delta","item_id":"1","output_index":0,"delta":"[1"}`,
		`{"type":"response.function_call_arguments.delta","item_id":"2","output_index":1,"delta":"]"}`,
		`{"type":"response.function_call_arguments.delta","item_id":"1","output_index":0,"delta":"]"}`},
		`[{"type":"function_call","id":"1","name":"f","status":"completed","arguments":"[1]"},{"type":"function_call","id":"2","name":"g","status":"completed","arguments":"[2]"}]`, ""},
	{"a call of a custom tool, by its call_id", []string{
		`{"type":"response.output_item.added","output_index":0,"item":{"type":"custom_tool_call","call_id":"c1","name":"patch","input":""}}`,
		`{"type":"response.custom_tool_call_input.delta","call_id":"c1","delta":"*** Begin"}`},
		`[{"type":"custom_tool_call","call_id":"c1","name":"patch","status":"completed","input":"*** Begin"}]`, ""},
	{"a text by its end alone", []string{
		`{"type":"response.output_text.done","item_id":"m","output_index":0,"content_index":0,"text":"Hello"}`},
		`[{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello"}]}]`, "Hello"},
	{"a text by deltas and its end", []string{
		`{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"Hel"}`,
		`{"type":"response.output_text.done","item_id":"m","output_index":0,"content_index":0,"text":"Hello"}`},
		`[{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hello"}]}]`, "Hello"},
	{"a text by its part", []string{
		`{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"m","role":"assistant","phase":"final_answer","status":"in_progress","content":[]}}`,
		`{"type":"response.content_part.added","item_id":"m","output_index":0,"content_index":0,"part":{"type":"output_text","text":""}}`,
		`{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"Hello"}`,
		`{"type":"response.content_part.done","item_id":"m","output_index":0,"content_index":0,"part":{"type":"output_text","text":"Hello","annotations":[1]}}`},
		`[{"type":"message","id":"m","role":"assistant","phase":"final_answer","status":"completed","content":[{"type":"output_text","text":"Hello","annotations":[1]}]}]`, "Hello"},
	{"a text of two parts, out of order", []string{
		`{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":1,"delta":"lo"}`,
		`{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"Hel"}`},
		`[{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Hel"},{"type":"output_text","text":"lo"}]}]`, "Hello"},
	{"a text whose first delta is empty, behind another text", []string{
		`{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"A"}`,
		`{"type":"response.output_text.delta","item_id":"n","output_index":1,"content_index":0,"delta":""}`,
		`{"type":"response.output_text.delta","item_id":"n","output_index":1,"content_index":0,"delta":"B"}`},
		`[{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"output_text","text":"A"}]},{"type":"message","id":"n","role":"assistant","status":"completed","content":[{"type":"output_text","text":"B"}]}]`, "AB"},
	{"a text behind an unknown event about it, behind another text", []string{
		`{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"A"}`,
		`{"type":"response.unknown","item_id":"n","output_index":1,"content_index":0,"delta":"?"}`,
		`{"type":"response.output_text.delta","item_id":"n","output_index":1,"content_index":0,"delta":"B"}`},
		`[{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"output_text","text":"A"}]},{"type":"message","id":"n","role":"assistant","status":"completed","content":[{"type":"output_text","text":"B"}]}]`, "AB"},
	{"a text beside a message that is done", []string{
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"m","content":[{"type":"output_text","text":"A"}]}}`,
		`{"type":"response.output_text.delta","item_id":"n","output_index":1,"content_index":0,"delta":"B"}`},
		`[{"type":"message","id":"m","content":[{"type":"output_text","text":"A"}]},{"type":"message","id":"n","role":"assistant","status":"completed","content":[{"type":"output_text","text":"B"}]}]`, "AB"},
	{"deltas behind the end of their message", []string{
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"m","content":[{"type":"output_text","text":"A"}]}}`,
		`{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"A"}`,
		`{"type":"response.output_text.done","item_id":"m","output_index":0,"content_index":0,"text":"A"}`},
		`[{"type":"message","id":"m","content":[{"type":"output_text","text":"A"}]}]`, "A"},
	{"ids that differ from event to event", []string{
		`{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"x1","content":[]}}`,
		`{"type":"response.output_text.delta","item_id":"x2","output_index":0,"content_index":0,"delta":"A"}`,
		`{"type":"response.output_text.done","item_id":"x3","output_index":0,"content_index":0,"text":"A"}`,
		`{"type":"response.output_item.done","output_index":0,"item":{"type":"message","id":"x4","content":[{"type":"output_text","text":"A"}]}}`},
		`[{"type":"message","id":"x4","content":[{"type":"output_text","text":"A"}]}]`, "A"},
	{"a refusal", []string{
		`{"type":"response.refusal.delta","item_id":"m","output_index":0,"content_index":0,"delta":"No"}`,
		`{"type":"response.refusal.delta","item_id":"m","output_index":0,"content_index":0,"delta":"."}`},
		`[{"type":"message","id":"m","role":"assistant","status":"completed","content":[{"type":"refusal","refusal":"No."}]}]`, ""},
	{"reasoning", []string{
		`{"type":"response.reasoning_summary_text.delta","item_id":"r","output_index":0,"summary_index":0,"delta":"A"}`,
		`{"type":"response.reasoning_summary_text.delta","item_id":"r","output_index":0,"summary_index":1,"delta":"B"}`,
		`{"type":"response.reasoning_summary_text.delta","item_id":"r","output_index":0,"summary_index":1,"delta":"C"}`,
		`{"type":"response.reasoning_text.delta","item_id":"r","output_index":0,"content_index":0,"delta":"D"}`},
		`[{"type":"reasoning","id":"r","status":"completed","summary":[{"type":"summary_text","text":"A"},{"type":"summary_text","text":"BC"}],"content":[{"type":"reasoning_text","text":"D"}]}]`, ""},
	{"what was begun and says nothing", []string{
		`{"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","id":"r","summary":[]}}`,
		`{"type":"response.output_item.added","output_index":1,"item":{"type":"message","id":"m","content":[]}}`},
		`[]`, ""},
	{"places that are none", []string{
		`{"type":"response.output_item.done","output_index":1e999999999,"item":{"type":"a","id":"a"}}`,
		`{"type":"response.output_item.done","output_index":-5,"item":{"type":"b","id":"b"}}`,
		`{"type":"response.output_item.done","output_index":` + strings.Repeat("9", 1000) + `,"item":{"type":"c","id":"c"}}`,
		`{"type":"response.output_item.done","output_index":"0","item":{"type":"d","id":"d"}}`},
		`[{"type":"a","id":"a"},{"type":"b","id":"b"},{"type":"c","id":"c"},{"type":"d","id":"d"}]`, ""},
}

// TestOutput checks the output that is collected from streams of all forms,
// whichever event ends the response.
func TestOutput(t *testing.T) {
	for _, test := range outputCases {
		t.Run(test.name, func(t *testing.T) {
			for _, end := range []string{ended, `{"type":"response.done","response":{"id":"resp_1","status":"completed","output":[]}}`} {
				_, result, failed := harness(t, script(events(append(append([]string{begun}, test.events...), end)...))).call("responses.create", `{"input": "x"}`)
				if failed != nil {
					t.Fatalf("%+v", failed)
				}
				sameJSON(t, "output", string(result.Get("output").Bytes()), test.output)
				if text, _ := result.Get("output_text").Text(); text != test.text {
					t.Errorf("output_text %q, want %q", text, test.text)
				}
			}
			t.Attr("table", "collected-output")
			t.Attr("stream", test.name)
			t.Attr("events", fmt.Sprint(len(test.events)))
			t.Attr("output", test.output)
		})
	}
}

// TestPartialOutput checks that the error of an interrupted stream has the
// partial response, whose unfinished items keep their status.
func TestPartialOutput(t *testing.T) {
	failed := harness(t, script(events(begun,
		`{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"fc_1","name":"f","arguments":"","status":"in_progress"}}`,
		`{"type":"response.function_call_arguments.delta","item_id":"fc_1","output_index":0,"delta":"{\"a"}`,
		`{"type":"response.output_text.delta","item_id":"m","output_index":1,"content_index":0,"delta":"He"}`))).failure("responses.create", `{"input": "x"}`)
	holdsData(t, "partial", failed, `{"type": "stream_interrupted", "partial": {"output_text": "He", "output": [
		{"type":"function_call","id":"fc_1","name":"f","status":"in_progress","arguments":"{\"a"},
		{"type":"message","id":"m","role":"assistant","content":[{"type":"output_text","text":"He"}]}]}}`)
}

// TestResponseStatus checks the status that each event that ends a response gives it.
func TestResponseStatus(t *testing.T) {
	for _, test := range []struct{ name, event, want string }{ // want: status, or the message of an error
		{"response.done", `{"type":"response.done","response":{"status":"completed"}}`, "completed"},
		{"response.done without a response", `{"type":"response.done"}`, "completed"},
		{"response.done, incomplete", `{"type":"response.done","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}}`, "incomplete"},
		{"response.done, cancelled", `{"type":"response.done","response":{"status":"cancelled"}}`, "cancelled"},
		{"response.done, failed", `{"type":"response.done","response":{"status":"failed","status_details":{"error":{"code":"insufficient_quota","message":"No."}}}}`, "No."},
		{"response.completed, failed", `{"type":"response.completed","response":{"status":"failed","error":{"code":"insufficient_quota","message":"No."}}}`, "No."},
		{"response.incomplete", `{"type":"response.incomplete","response":{}}`, "incomplete"},
	} {
		_, result, failed := harness(t, script(events(begun, hello, test.event))).call("responses.create", `{"input": "x"}`)
		got, _ := result.Get("status").Text()
		if failed != nil {
			got = failed.Message
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestMemoryBudget checks that the memory of all calls together is bounded, and
// that calls release theirs when they end.
func TestMemoryBudget(t *testing.T) {
	text := strings.Repeat("x", 2*heldStep)
	long := events(`{"type":"response.output_text.delta","item_id":"m","delta":"`+text+`"}`, ended)
	c := harness(t, script(long, long, long))
	c.service.memory.limit = 4 * heldStep
	for range 2 {
		if got, _ := c.result("responses.create", `{"input": "x"}`).Get("output_text").Text(); got != text {
			t.Errorf("%d bytes", len(got))
		}
	}
	c.service.memory.limit = heldStep
	failed := c.failure("responses.create", `{"input": "x"}`)
	if failed.kind() != "overloaded" || failed.Data["retryable"] != true {
		t.Errorf("%+v", failed)
	}
	if held := c.service.memory.used.Load(); held != 0 {
		t.Errorf("%d bytes are still reserved", held)
	}
}

// FuzzCollector checks that the response is JSON and that the memory is counted
// correctly, whatever events come in whatever order.
func FuzzCollector(f *testing.F) {
	for _, test := range outputCases {
		f.Add(strings.Join(test.events, "\n"))
	}
	f.Add(`{"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"a"}}
{"type":"response.output_item.added","output_index":0,"item":{"type":"message","id":"a"}}
{"type":"response.content_part.done","output_index":0,"part":{"type":"refusal","refusal":"x"}}
{"type":"response.output_item.done","output_index":1,"item":{"type":"message","id":"a"}}
{"type":"response.reasoning_summary_part.done","item_id":"a","part":{"type":"summary_text"}}
{"type":"response.custom_tool_call_input.done","call_id":"a","input":"x"}`)
	f.Fuzz(func(t *testing.T, text string) {
		c := collector{request: &preparedRequest{}}
		finder := newEventFinder()
		for line := range strings.Lines(text) {
			if e, ok := finder.parse(&backend.Event{Data: []byte(strings.TrimSuffix(line, "\n"))}); ok && !c.done {
				c.handle(e)
			}
		}
		if _, err := rawjson.Parse(c.response().Bytes()); err != nil {
			t.Fatalf("%v: %s", err, c.response().Bytes())
		}
		size := len(c.created.Bytes())
		for id := range c.byID {
			size += len(id)
		}
		parts := 0
		for _, it := range c.items {
			size += itemCost + len(it.text.Bytes())
			for _, part := range it.parts {
				size += partCost + part.text.Size() + len(part.whole.Bytes())
				parts++
			}
		}
		if size != c.size || parts != len(c.parts) {
			t.Errorf("counted %d bytes and %d parts, want %d and %d", c.size, len(c.parts), size, parts)
		}
	})
}
