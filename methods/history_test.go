package methods

import (
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
	"github.com/codex-rpc/codex-rpc/rpc/rawschema"
	"github.com/codex-rpc/codex-rpc/schema"
)

// TestItemsOfHistory converts an input that repeats the last one, to all forms, and
// compares the result with that of an input that is parsed on its own.
func TestItemsOfHistory(t *testing.T) {
	items := []string{
		`{"role":"user","content":"x"}`,
		`{"type":"message","role":"assistant","content":[{"type":"output_text","text":"` + strings.Repeat("x", 10<<10) + `"}],"id":"m"}`,
		`{"id":"m","type":"message","role":"assistant","content":[{"type":"output_text","text":"` + strings.Repeat("x", 10<<10) + `"}]}`,
		`{"type":"message","role":"user","content":[{"type":"input_image","detail":"high","image_url":"u"}]}`,
		`{"type":"function_call","name":"f","call_id":"c","arguments":"{}"}`,
		`{"type":"custom_tool_call","name":"f","call_id":"c","input":"","namespace":"n"}`,
		`{"type":"function_call_output","call_id":"c","output":[{"type":"input_image","detail":"low","image_url":"v"}]}`,
		`{"type":"function_call_output","call_id":"c","output":"` + strings.Repeat(`\n`, 5<<10) + `"}`,
		`{"type": "function_call_output", "call_id": "c", "output": "é"}`,
		`{"role":"system","content":["a",{"type":"input_text","text":"b"}]}`, `{}`, `"x"`, `[]`,
	}
	forms := []itemForm{{}, {lane: liteLane}, {lane: liteLane, wraps: true}}
	var p rawjson.Parser
	noted := 0
	for turn := range 3 * len(items) {
		given := items[:min(turn/2+1, len(items))]
		if turn > 2*len(items) {
			given = items[2:]
		}
		list := "[" + strings.Join(given, ", ") + "]"
		request, err := p.Parse([]byte(`{"params":{"input":` + list + `,"text":"` + strings.Repeat("x", 8<<10) + `"}}`))
		if err != nil {
			t.Fatal(err)
		}
		input := request.Get("params").Get("input")
		for _, f := range forms[:1+turn%len(forms)] {
			var got, want rawjson.Array
			f.appendItems(&got, input)
			f.appendItems(&want, rawjson.MustParse(list))
			if got, want := string(got.Value().Bytes()), string(want.Value().Bytes()); got != want {
				t.Fatalf("turn %d, %+v:\ngot  %s\nwant %s", turn, f, got, want)
			}
		}
		noted = 0
		for item := range input.Elements() {
			for _, f := range forms {
				if item.Element().Noted(f) {
					noted++
				}
			}
		}
	}
	// Eight of the last items are sent as they are on the full lane, without two on
	// the lite lane, whose images have no detail, and without a call in a namespace.
	if noted != 8+6+5 {
		t.Errorf("%d items are not converted again, want 19", noted)
	}
}

// BenchmarkHistory checks and converts an input of 1 MiB in 600 items that repeats
// the last one, and compares that with one that is parsed on its own.
func BenchmarkHistory(b *testing.B) {
	validator, err := rawschema.Compile("urn:x", schema.Params("responses.create"))
	if err != nil {
		b.Fatal(err)
	}
	var turns []string
	for range 200 {
		turns = append(turns, `{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Now I read the file.","annotations":[]}]}`,
			`{"type":"function_call","name":"read","call_id":"c","arguments":"{}"}`,
			`{"type":"function_call_output","call_id":"c","output":"`+strings.Repeat("x", 5<<10)+`"}`)
	}
	text := []byte(`{"params":{"input":[` + strings.Join(turns, ",") + `]}}`)
	convert := func(request rawjson.Value, err error) time.Duration {
		start := time.Now()
		params := request.Get("params")
		faults, failed := validator.Check(b.Context(), params, rawschema.Options{NullIsAbsent: true})
		if err != nil || failed != nil || len(faults) > 0 {
			b.Fatal(err, failed, faults)
		}
		var items rawjson.Array
		itemForm{}.appendItems(&items, params.Get("input"))
		return time.Since(start)
	}
	var p rawjson.Parser
	again, alone := time.Hour, time.Hour
	for b.Loop() {
		again, alone = min(again, convert(p.Parse(text))), min(alone, convert(rawjson.Parse(text)))
	}
	b.ReportMetric(float64(again)/float64(alone), "time/alone")
	b.ReportMetric(alone.Seconds()*1e6, "µs-alone")
	b.ReportMetric(0, "ns/op")
}
