package rawschema

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// tooLong is far more than any case below takes on a slow machine, and far less
// than superlinear implementations took.
const tooLong = 15 * time.Second

func parse(t testing.TB, text string) rawjson.Value {
	t.Helper()
	v, err := rawjson.Parse([]byte(text))
	if err != nil {
		t.Fatalf("%v in %.100s", err, text)
	}
	return v
}

// each joins n repetitions of a format, with # as the number of each and + as
// the next number.
func each(n int, format string) string {
	if !strings.ContainsAny(format, "#+") {
		return strings.TrimSuffix(strings.Repeat(format+",", n), ",")
	}
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		for _, c := range []byte(format) {
			switch c {
			case '#':
				fmt.Fprint(&b, i)
			case '+':
				fmt.Fprint(&b, i+1)
			default:
				b.WriteByte(c)
			}
		}
	}
	return b.String()
}

func nest(n int, open, inner, end string) string {
	return strings.Repeat(open, n) + inner + strings.Repeat(end, n)
}

// doubled returns a small schema that checks a value against 2^n others.
func doubled(n int, keyword string) string {
	return `{"$ref": "urn:schema%23/$defs/a0", "$defs": {` + strings.ReplaceAll(each(n, `"a#": {"`+keyword+`": [{"$ref": "%23/$defs/a+"}, {"$ref": "%23/$defs/a+"}]}`), "%23", "#") +
		fmt.Sprintf(`, "a%d": {"type": "object"}}}`, n)
}

// TestHostileSchemas checks that foreign schemas are compiled or refused in
// bounded time and memory.
func TestHostileSchemas(t *testing.T) {
	const fine = ""
	for _, tt := range []struct{ name, schema, refused string }{
		{"doubled references, allOf", strings.Replace(doubled(24, "allOf"), "urn:schema%23", "#", 1), "its references expand to too many schemas"},
		{"doubled references, anyOf", strings.Replace(doubled(24, "anyOf"), "urn:schema%23", "#", 1), "its references expand to too many schemas"},
		{"10,000 doubled references", strings.Replace(doubled(10_000, "oneOf"), "urn:schema%23", "#", 1), "more than 10000 schemas"},
		{"a chain of references", `{"$ref": "#/$defs/a0", "$defs": {` + strings.ReplaceAll(each(9000, `"a#": {"$ref": "%/$defs/a+"}`), "%", "#") + `, "a9000": {}}}`, fine},
		{"9,000 places in an enum", `{"anyOf": [` + strings.ReplaceAll(each(9000, `{"$ref": "%/enum/#"}`), "%", "#") + `], "enum": [` + each(9000, "true") + `]}`, "references to more than 1000 places"},
		{"10,000 alternatives", `{"anyOf": [` + each(10_001, "{}") + `]}`, "more than 10000 schemas"},
		{"9,000 properties", `{"properties": {` + each(9000, `"p#": {"type": "string"}`) + `}}`, fine},
		{"9,000 properties of draft 2020-12", `{"prefixItems": [true], "properties": {` + each(9000, `"p#": {"type": "string"}`) + `}}`, "schemas of draft 2020-12"},
		{"nested 9,000 deep", nest(9000, `{"items":`, "{}", "}"), "levels of nested schemas"},
		{"nested 100 deep", nest(99, `{"not":`, "{}", "}"), fine},
		{"a name of 200 KB above 5,000", `{"properties": {"` + strings.Repeat("x", 200_000) + `": {"properties": {` + each(5000, `"p#": {}`) + `}}}}`, "a path of"},
		{"2 MB", `{"description": "` + strings.Repeat("x", 2<<20) + `"}`, "bytes"},
		{"5,000 patterns of 1,000 instructions", `{"allOf": [` + each(5000, `{"pattern": "#(a{1000})"}`) + `]}`, fine},
		{"a pattern of 300,000 classes", `{"pattern": "` + strings.Repeat(`(\\pL{1000})`, 300) + `"}`, fine},
		{"a pattern of a million repetitions", `{"pattern": "((a{1000}){1000}){1000}"}`, fine},
		{"patterns of Unicode classes", `{"allOf": [` + each(250, `{"pattern": "#`+strings.Repeat(`(?:\\p{Lu}|\\p{Ll}|x)`, 150)+`"}`) + `]}`, fine},
		{"patterns that fold the case of a range", `{"allOf": [` + each(250, `{"pattern": "#(?i)`+strings.Repeat(`[\\x{100}-\\x{10000}]`, 150)+`"}`) + `]}`, fine},
		{"a pattern of 1 MB", `{"pattern": "` + strings.Repeat("(a|", 1<<17) + `"}`, fine},
		{"100,000 values in enum", `{"enum": [` + each(100_000, "#") + `]}`, fine},
		{"vast numbers in enum", `{"enum": [` + each(10_000, "1e99999#") + `]}`, fine},
		{"vast numbers all over", `{"minimum": 1e999999, "multipleOf": 1e-9999999, "minLength": 1e99999999, "const": ` + strings.Repeat("9", 500_000) + `}`, fine},
		{"4,000 anchors", `{"$defs": {` + each(4000, `"a#": {"$anchor": "x#"}`) + `}}`, "identifiers"},
		{"references to odd places", `{"foo": ` + nest(60, `{"properties": {"a":`, `{"enum": [`+each(5000, "#")+`]}`, "}}") + `, "allOf": [` +
			strings.ReplaceAll(each(59, `{"$ref": "%/foo#"}`), "%", "#") + `]}`, "not found"},
		{"9,000 faults", `{"allOf": [` + each(9000, `{"type": 5}`) + `]}`, "value must be one of"},
		{"60,000 required names", `{"required": [` + each(60_000, `"p#"`) + `]}`, fine},
	} {
		t.Run(tt.name, func(t *testing.T) {
			v := parse(t, tt.schema)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := CompileForeign(v)
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			t.Logf("%d bytes: %v, %d MB allocated", len(tt.schema), took.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)>>20)
			if took > tooLong {
				t.Errorf("compiling took %v", took)
			}
			if after.TotalAlloc-before.TotalAlloc > 400<<20 {
				t.Errorf("%d MB allocated", (after.TotalAlloc-before.TotalAlloc)>>20)
			}
			if tt.refused == fine && err != nil || tt.refused != fine && (err == nil || !strings.Contains(err.Error(), tt.refused)) {
				t.Errorf("got %v, want %q", err, tt.refused)
			}
		})
	}
}

// TestHostileValues checks that checks take time linear in the text, or end
// when their budget is exhausted.
func TestHostileValues(t *testing.T) {
	const recursive = `{"anyOf": [{"type": "string"}, {"type": "array", "items": {"$ref": "#"}}, {"type": "object", "additionalProperties": {"$ref": "#"}}]}`
	for _, tt := range []struct {
		name, schema, value string
		valid               bool
	}{
		{"numbers with huge exponents", `{"items": {"type": "integer", "minimum": 0, "multipleOf": 1}}`, `[` + each(10_000, "1e99999#") + `]`, true},
		{"the same, not integers", `{"items": {"type": "integer"}}`, `[` + each(10_000, "1e-99999#") + `]`, false},
		{"a number of two million digits", `{"type": "integer", "maximum": 5, "multipleOf": 0.1}`, strings.Repeat("9", 2_000_000), false},
		{"the same in enum", `{"enum": [1, 2]}`, strings.Repeat("9", 2_000_000), false},
		{"equal numbers", `{"uniqueItems": true}`, `[` + each(1000, "1e99999#") + `,1e99999]`, true},
		{"millions of faults", `{"items": {"type": "string"}}`, `[` + each(2_000_000, "1") + `]`, false},
		{"millions of alternatives without faults", `{"items": {"anyOf": [{"type": "string"}, {"type": "null"}, {"type": "integer"}]}}`, `[` + each(500_000, "1") + `]`, true},
		{"nested 9,000 deep", recursive, nest(9000, "[", `"x"`, "]"), true},
		{"nested 300 deep around 4 MB", recursive, nest(300, "[", `"`+strings.Repeat("x", 4<<20)+`"`, "]"), true},
		{"nested 300 deep around 500,000 values", recursive, nest(300, "[", each(500_000, `"x"`), "]"), true},
		{"nested 900 deep around 10,000,000 values", recursive, nest(900, "[", each(10_000_000, `"x"`), "]"), true},
		{"names of 10 KB in each other", recursive, nest(300, `{"`+strings.Repeat("n", 10_000)+`":`, "1", "}"), false},
		{"a thousand faults below a name of 1 MB", `{"additionalProperties": {"items": {"type": "string"}}}`, `{"` + strings.Repeat("n", 1<<20) + `": [` + each(5000, "1") + `]}`, false},
		{"a tree that is recursive twice", `{"$ref": "#/$defs/t", "$defs": {"t": {"anyOf": [{"properties": {"a": {"$ref": "#/$defs/t"}, "k": {"const": 1}}, "required": ["k"]},
			{"properties": {"a": {"$ref": "#/$defs/t"}, "k": {"const": 2}}, "required": ["k"]}]}}}`, nest(200, `{"a":`, `1`, `, "k": 2}`), true},
		{"enum times items", `{"items": {"enum": [` + each(1000, `"e#"`) + `]}}`, `[` + each(100_000, `"e#"`) + `]`, false},
		{"equal beginnings", `{"uniqueItems": true}`, `[` + each(15, `[`+each(20_000, "1")+`,#]`) + `]`, true},
		{"required names times members", `{"required": [` + each(5000, `"p#"`) + `]}`, `{` + each(5000, `"p#": 1`) + `}`, true},
		{"a long text for a large pattern", `{"pattern": "^(a|b|ab)*c(a?){900}$"}`, `"` + strings.Repeat("ab", 2<<20) + `"`, true},
		{"many texts for a pattern", `{"items": {"pattern": "(x+x+)+y"}}`, `[` + each(1000, `"`+strings.Repeat("x", 1000)+`"`) + `]`, false},
		{"many names for many patterns", `{"patternProperties": {` + each(200, `"^x#(a|b)*$": {}`) + `}}`, `{` + each(20_000, `"name#": 1`) + `}`, true},
		{"unevaluated in each other", `{"$ref": "#/$defs/t", "$defs": {"t": {"allOf": [{"properties": {"a": {"$ref": "#/$defs/t"}}}, {"properties": {"a": {"$ref": "#/$defs/t"}}}], "unevaluatedProperties": false}}}`,
			nest(300, `{"a":`, "1", "}"), true},
		{"members evaluated below 900 references", `{"unevaluatedProperties": false, "$ref": "#/$defs/a0", "$defs": {` + strings.ReplaceAll(each(900, `"a#": {"$ref": "%/$defs/a+"}`), "%", "#") + `, "a900": {"patternProperties": {"^n": {}}}}}`,
			`{` + each(100_000, `"n#": 1`) + `}`, true},
		{"twice the same name", `{"additionalProperties": {"type": "string"}}`, `{` + each(100_000, `"n#": 1`) + "," + each(100_000, `"n#": "x"`) + `}`, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			schema, err := CompileForeign(parse(t, tt.schema))
			if err != nil {
				t.Fatal(err)
			}
			v := parse(t, strings.ReplaceAll(tt.value, "%", "2"))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			faults, err := schema.Check(t.Context(), v, Options{Budget: new(1<<20 + 8*len(tt.value))})
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			t.Logf("%d bytes: %v, %.1f bytes allocated for each, %d faults, %v", len(tt.value), took.Round(time.Millisecond), float64(after.TotalAlloc-before.TotalAlloc)/float64(len(tt.value)), len(faults), err)
			if took > tooLong {
				t.Errorf("checking took %v", took)
			}
			if n := after.TotalAlloc - before.TotalAlloc; n > 64<<20+10*uint64(len(tt.value)) {
				t.Errorf("%d MB allocated for %d bytes", n>>20, len(tt.value))
			}
			size := 0
			for _, f := range faults {
				size += len(f.Path) + len(f.Message)
			}
			if len(faults) > MaxFaults || size > 4<<20 {
				t.Errorf("%d faults, %d bytes", len(faults), size)
			}
			if err != ErrBudget && (err != nil || tt.valid != (len(faults) == 0)) {
				t.Errorf("got %d faults, %v", len(faults), err)
			}
		})
	}
}

// TestCheckStops checks that a check ends with its context or its budget.
func TestCheckStops(t *testing.T) {
	schema, err := Compile("urn:x", []byte(`{"items": {"type": "integer"}}`))
	if err != nil {
		t.Fatal(err)
	}
	why := errors.New("why")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	v := parse(t, `[`+each(100_000, "#")+`]`)
	if faults, err := schema.Check(ctx, v, Options{}); err != why || faults != nil {
		t.Errorf("Check with an ended context = %v, %v", faults, err)
	}
	if _, err := schema.Check(t.Context(), v, Options{Budget: new(50_000)}); err != ErrBudget {
		t.Errorf("Check with too small a budget: %v", err)
	}
	if faults, err := schema.Check(t.Context(), v, Options{Budget: new(500_000)}); err != nil || faults != nil {
		t.Errorf("Check = %v, %v", faults, err)
	}
}
