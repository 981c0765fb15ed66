package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// A hostileInput is a message that is designed to be expensive.
type hostileInput struct {
	input  string
	method string
	params string
	want   string // the outcome
}

// repeated joins n copies of a text with commas.
func repeated(n int, text string) string {
	return strings.TrimSuffix(strings.Repeat(text+",", n), ",")
}

// numbered joins n results of a format with their number as its argument.
func numbered(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format+",", i)
	}
	return strings.TrimSuffix(b.String(), ",")
}

func outputOf(schema string) string {
	return `{"input":"x","text_format":{"name":"n","schema":` + schema + `}}`
}

func doubledReferences() string {
	var definitions []string
	for i := range 24 {
		definitions = append(definitions, fmt.Sprintf(`"a%d":{"allOf":[{"$ref":"#/$defs/a%d"},{"$ref":"#/$defs/a%d"}]}`, i, i+1, i+1))
	}
	return `{"$ref":"#/$defs/a0","$defs":{` + strings.Join(definitions, ",") + `,"a24":{}}}`
}

func hostileInputs() []hostileInput {
	const unfit, served = "-32602 invalid_params", "result"
	embed := func(input string) string { return `{"model":"text-embedding-3-small","input":` + input + `}` }
	return []hostileInput{
		{"input of 16 million 1", "responses.create", `{"input":[` + repeated(16_000_000, "1") + `]}`, unfit},
		{"input of 10 million empty lists", "responses.create", `{"input":[` + repeated(10_000_000, "[]") + `]}`, unfit},
		{"input of 10 million empty items", "responses.create", `{"input":[` + repeated(10_000_000, "{}") + `]}`, unfit},
		{"16 million 1 to embed", "embeddings.create", embed("[" + repeated(16_000_000, "1") + "]"), unfit},
		{"16 million 1 in extra_body", "embeddings.create", `{"model":"m","input":"x","extra_body":{"a":[` + repeated(16_000_000, "1") + `]}}`, unfit},
		{"3 million unknown parameters", "responses.create", `{` + numbered(3_000_000, `"k%d":1`) + `}`, unfit},
		{"10 million texts in include", "responses.create", `{"input":"x","include":[` + repeated(10_000_000, `""`) + `]}`, unfit},
		{"900,000 headers", "responses.create", `{"input":"x","extra_headers":{` + numbered(900_000, `"k%d":""`) + `}}`, unfit},
		{"900,000 query values", "responses.create", `{"input":"x","extra_query":{"a":[` + repeated(900_000, "1") + `]}}`, unfit},
		{"1,000 numbers 1e999999", "responses.create", `{"input":"x","tools":[` + repeated(1000, `{"type":1e999999}`) + `]}`, unfit},
		{"1,000 numbers 1e999999 that go out", "responses.create", `{"input":"x","tools":[{"type":"function","name":"f","parameters":{"type":"object","default":[` + repeated(1000, "1e999999") + `]}}]}`, served},
		{"timeout of 1e999999", "codex.usage", `{"timeout":1e999999}`, unfit},
		{"limit of two million digits", "codex.tasks.list", `{"limit":` + strings.Repeat("9", 2_000_000) + `}`, unfit},
		{"timeout of two million digits", "codex.usage", `{"timeout":` + strings.Repeat("9", 2_000_000) + `}`, unfit},
		{"unknown parameters of 100 KB each", "codex.usage", `{` + numbered(300, `"`+strings.Repeat("n", 100_000)+`%d":1`) + `}`, unfit},
		{"escapes all over", "responses.create", `{"input":["` + strings.Repeat(`\u0000`, 5_000_000) + `"]}`, unfit},
		{"input nested 9,000 deep", "responses.create", `{"input":[` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `]}`, unfit},
		{"schema of doubled references", "responses.parse", outputOf(doubledReferences()), unfit},
		{"schema nested 9,000 deep", "responses.parse", outputOf(strings.Repeat(`{"items":`, 9000) + "{}" + strings.Repeat("}", 9000)), unfit},
		{"schema of 100,000 properties", "responses.parse", outputOf(`{"properties":{` + numbered(100_000, `"p%d":{}`) + `}}`), unfit},
		{"schema of 10,000 faults", "responses.parse", outputOf(`{"allOf":[` + repeated(9_000, `{"type":5}`) + `]}`), unfit},
	}
}

// TestHostileInput checks that any message is answered with memory and
// processor time linear in its bytes.
func TestHostileInput(t *testing.T) {
	for _, in := range hostileInputs() {
		t.Run(in.input, func(t *testing.T) {
			c := connect(t, "lines", "--mock")
			message := `{"jsonrpc":"2.0","id":1,"method":"` + in.method + `","params":` + in.params + `}`
			go c.in.Write([]byte(message + "\n"))
			got := c.expect("1", in.want)
			peak, spent := status(t, c.cmd.Process.Pid, "VmHWM"), processorTime(t, c.cmd.Process.Pid)
			c.goesOn()
			c.end(0)
			t.Attr("table", "hostile-input")
			t.Attr("input", in.input)
			t.Attr("size", fmt.Sprintf("%.1f MB", float64(len(message))/1e6))
			t.Attr("answer", got)
			t.Attr("processor-time", fmt.Sprintf("%.2f s", spent.Seconds()))
			t.Attr("peak-memory", fmt.Sprintf("%d MB", peak>>20))
			if limit := 96<<20 + 4*len(message); peak > limit {
				t.Errorf("peak memory is %d MB for %d bytes, want %d MB at most", peak>>20, len(message), limit>>20)
			}
			// About 5 ns per byte, and twenty times that on a busy machine.
			if limit := 2*time.Second + time.Duration(len(message))*100*time.Nanosecond; spent > limit {
				t.Errorf("it took %v of processor time, want %v at most", spent, limit)
			}
		})
	}
}

// processorTime returns the processor time that a process has used.
func processorTime(t testing.TB, pid int) time.Duration {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		t.Fatal(err)
	}
	system, err := strconv.Atoi(fields[12])
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}

// TestHostileRequests checks the same for the OpenAI API over HTTP.
func TestHostileRequests(t *testing.T) {
	for _, in := range []struct {
		input, path, body string
		want              int
	}{
		{"input of 16 million ones", "/responses", `{"input":[` + repeated(16_000_000, "1") + `]}`, 413},
		{"a million tools", "/responses", `{"input":"x","tools":[` + repeated(1_000_001, "{}") + `]}`, 413},
		{"a million short messages", "/chat/completions", `{"messages":[` + repeated(1_000_000, `{"role":"user","content":"a"}`) + `]}`, 413},
		{"a million parts", "/chat/completions", `{"messages":[{"role":"user","content":[` + repeated(1_000_001, "{}") + `]}]}`, 413},
		{"a million texts to embed", "/embeddings", `{"input":[` + repeated(1_000_001, `"a"`) + `]}`, 413},
		{"200,000 short messages", "/chat/completions", `{"messages":[` + repeated(200_000, `{"role":"user","content":"a"}`) + `]}`, 400},
		{"100,000 short items", "/responses", `{"input":[` + repeated(100_000, `{"role":"user","content":"a"}`) + `]}`, 200},
		{"n of 16 million digits", "/chat/completions", `{"n":` + strings.Repeat("1", 16_000_000) + `,"messages":[{"role":"user","content":"a"}]}`, 400},
	} {
		t.Run(in.input, func(t *testing.T) {
			h := startHTTP(t, "--mock")
			w, text := h.ask("POST", in.path, in.body)
			peak, spent := status(t, h.cmd.Process.Pid, "VmHWM"), processorTime(t, h.cmd.Process.Pid)
			if w.StatusCode != in.want || in.want == 413 && !strings.Contains(text, `"code":"frame_too_large"`) {
				t.Errorf("answered %d %.300s, want %d", w.StatusCode, text, in.want)
			}
			t.Logf("%.1f MB: %v, %d MB", float64(len(in.body))/1e6, spent, peak>>20)
			if limit := 256<<20 + 4*len(in.body); peak > limit {
				t.Errorf("peak memory is %d MB for %d bytes, want %d MB at most", peak>>20, len(in.body), limit>>20)
			}
			if limit := 2*time.Second + time.Duration(len(in.body))*100*time.Nanosecond; spent > limit {
				t.Errorf("it took %v of processor time, want %v at most", spent, limit)
			}
		})
	}
}
