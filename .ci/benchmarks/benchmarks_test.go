package main

import (
	"errors"
	"os"
	"strings"
	"testing"
)

const printed = `goos: linux
BenchmarkRelay/events=1/writes=32KB/tls1-2 	       3	         1.250 cpu/copy	         1.000 cpu/copy:q1	         2.000 cpu/copy:q3	   1234567 events/s
PASS
`

func TestParse(t *testing.T) {
	results, err := parse(printed)
	if err != nil {
		t.Fatal(err)
	}
	if len(results) != 1 || results[0].Name != "Relay/events=1/writes=32KB/tls1" {
		t.Fatalf("got %+v", results)
	}
	if got, want := results[0].figures["cpu/copy"], (figure{1.25, 1, 2}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, broken := range []string{"PASS\n", "BenchmarkRelay-2 3 one ms 2 MB\n", "BenchmarkRelay-2 3 1 ms 2\n"} {
		if results, err := parse(broken); err == nil {
			t.Errorf("%q gives %+v", broken, results)
		}
	}
}

func TestClientResult(t *testing.T) {
	r, err := clientResult("Node", []byte(`{"against":"openai 1.2","cold":[[10,20],[30,30],[10,40]],"rate":[[8,2]]}`))
	if err != nil {
		t.Fatal(err)
	}
	if r.Name != "Node/openai 1.2" || r.figures["cold/sdk"].Median != 0.5 || r.figures["rate/sdk"].Median != 4 || r.figures["events/s"].Median != 8 {
		t.Errorf("got %+v", r)
	}
	if _, ok := r.figures["cpu/sdk"]; ok {
		t.Error("there is a figure that was not measured")
	}
}

// TestRows checks that a row names what was measured, and a missed target as
// well as a met one.
func TestRows(t *testing.T) {
	var rows, missed strings.Builder
	results := []result{{"Large/size=2MB", map[string]figure{"cpu/half": {2, 1.9, 2.456}, "used-MB": {Median: 1.5}, "events/s": {Median: 1234567}}}}
	var p parts
	err := p.add([]rule{
		{"Large/", "event", "cpu/half", "half", "events/s", atMost(2.3)},
		{"Large/", "event", "cpu/half", "half", "", atLeast(2.3).since("half is fast")},
		{"Large/", "memory", "used-MB", "", "", target{}},
		{"Python/", "left out", "cpu/sdk", "the SDK", "", atMost(1)},
		{"Node fetch/", "left out", "cpu/sdk", "the SDK", "", atMost(1)},
	}, results)
	if err := errors.Join(err, templates.ExecuteTemplate(&rows, "rows", p), templates.ExecuteTemplate(&missed, "missed", p)); err != nil {
		t.Fatal(err)
	}
	const want = "| what | benchmark | against | median | quartiles | | target | |\n|---|---|---|---|---|---|---|---|\n" +
		"| event | `Large/size=2MB` | half | 2 × | 1.9 to 2.46 | 1,230,000 events/s | ≤ 2.3 | met |\n" +
		"| event | `Large/size=2MB` | half | 2 × | 1.9 to 2.46 |  | ≥ 2.3 | **missed** |\n" +
		"| memory | `Large/size=2MB` |  | 1.5 MB | 0 to 0 |  |  |  |\n"
	if rows.String() != want || p.Targets != 2 || p.Met != 1 {
		t.Errorf("%d of %d met, got\n%swant\n%s", p.Met, p.Targets, rows.String(), want)
	}
	if want := "- **event** against half, target ≥ 2.3, in `Large/size=2MB`: missed, since half is fast.\n"; missed.String() != want {
		t.Errorf("got %q, want %q", missed.String(), want)
	}
	if err := p.add([]rule{{prefix: "Small/", unit: "ms"}}, results); err == nil {
		t.Error("a rule without a result is not an error")
	}
}

func TestNumber(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 0.00512: "0.00512", 2.144: "2.14", 99.96: "100", 123.4: "123",
		999.7: "1,000", 25_000: "25,000", 1_330_363: "1,330,000",
	} {
		if got := number(v); got != want {
			t.Errorf("%v is %s, want %s", v, got, want)
		}
	}
}

// TestIntroduction checks that the introduction of the page in the tree is
// current.
func TestIntroduction(t *testing.T) {
	page, err := os.ReadFile("../../conformance/BENCHMARKS.md")
	if err != nil {
		t.Fatal(err)
	}
	rest := string(page)
	for _, part := range []string{"hour.tmpl", "parts.tmpl"} {
		text, err := render(part, map[string]any{"About": "ABOUT"})
		if err != nil {
			t.Fatal(err)
		}
		introduction, _, _ := strings.Cut(text, "ABOUT")
		before, after, found := strings.Cut(rest, introduction)
		if !found || part == "hour.tmpl" && before != "" {
			t.Errorf("the introduction of BENCHMARKS.md by %s is out of date", part)
		}
		rest = after
	}
}
