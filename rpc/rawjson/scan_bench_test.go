package rawjson

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// BenchmarkParse compares Parse with json.Valid, alternating in the same run.
func BenchmarkParse(b *testing.B) {
	text := func(line string) string { return `{"text":"` + strings.Repeat(line, 1<<20/len(line)) + `"}` }
	for _, bench := range []struct{ name, text string }{
		{"prose", text("The words of a text that has hardly an escape in it, as prose has.")},
		{"code", text(`\tif name, ok := v.Get(\"name\").Text(); ok {\n\t\treturn \"a \\\"word\\\"\"\n\t}\n`)},
		{"lines", text(`A line of the text, with a \"word\" in it.\n`)},
		{"escapes", text(`\"\\\n\u00e9`)},
		{"cyrillic", text("Слова текста. ")},
		{"objects", "[" + strings.Repeat(string(delta)+",", 1<<20/len(delta)) + "0]"},
		{"numbers", "[" + strings.Repeat("12345, -0.5e3,", 1<<16) + "0]"},
	} {
		b.Run("text="+bench.name, func(b *testing.B) {
			src := []byte(bench.text)
			own, std := time.Hour, time.Hour // the minimum is least affected by other load
			for b.Loop() {
				start := time.Now()
				if _, err := Parse(src); err != nil {
					b.Fatal(err)
				}
				middle := time.Now()
				if !json.Valid(src) {
					b.Fatal("invalid")
				}
				own, std = min(own, middle.Sub(start)), min(std, time.Since(middle))
			}
			b.ReportMetric(float64(own)/float64(std), "time/valid")
			b.ReportMetric(own.Seconds()*1e3/(float64(len(src))/(1<<20)), "ms/MiB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkParser compares a request that begins as the last one did with a new one.
func BenchmarkParser(b *testing.B) {
	const line = `\tif name, ok := v.Get(\"name\").Text(); ok {\n\t\treturn \"a \\\"word\\\"\"\n\t}\n`
	item := `{"type":"function_call_output","output":"` + strings.Repeat(line, 10<<10/len(line)) + `"},`
	src := []byte(`{"params":{"input":[` + strings.Repeat(item, 100) + `{}]}}`)
	var p Parser
	again, anew := time.Hour, time.Hour
	for b.Loop() {
		start := time.Now()
		if _, err := p.Parse(src); err != nil {
			b.Fatal(err)
		}
		middle := time.Now()
		if _, err := Parse(src); err != nil {
			b.Fatal(err)
		}
		again, anew = min(again, middle.Sub(start)), min(anew, time.Since(middle))
	}
	b.ReportMetric(float64(again)/float64(anew), "time/parse")
	b.ReportMetric(again.Seconds()*1e3/(float64(len(src))/(1<<20)), "ms/MiB")
	b.ReportMetric(0, "ns/op")
}
