package simulator

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// chain returns a schema of n links, each of which refers to the next one twice.
func chain(n int, link string) string {
	var b strings.Builder
	b.WriteString(`{"$ref":"#/$defs/a0","$defs":{`)
	for i := range n {
		fmt.Fprintf(&b, `"a%d":%s,`, i, strings.ReplaceAll(link, "@", fmt.Sprintf(`{"$ref":"#/$defs/a%d"}`, i+1)))
	}
	fmt.Fprintf(&b, `"a%d":{"type":"string"}}}`, n)
	return b.String()
}

// each repeats a text for the numbers below n, replacing # by the number and + by the next one.
func each(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.NewReplacer("#/", "#/", "#", fmt.Sprint(i), "+", fmt.Sprint(i+1)).Replace(text))
	}
	return b.String()
}

// hostileTime is far more than any schema takes if the work is bounded, also on a
// tenth of a processor: the slowest one takes 0.7 s of processor time.
var hostileTime = 30 * time.Second

// Schemas that are designed to explode cost little more than others. If the work
// is not bounded they take minutes, or all memory.
func TestHostileSchemas(t *testing.T) {
	for name, schema := range map[string]string{
		"allOf":           chain(30, `{"allOf":[@,@]}`),
		"anyOf":           chain(30, `{"anyOf":[@,@]}`),
		"oneOf":           chain(30, `{"oneOf":[@,@]}`),
		"not":             chain(30, `{"not":{"allOf":[@,@]}}`),
		"if":              chain(30, `{"if":@,"then":@,"else":@}`),
		"properties":      chain(30, `{"type":"object","properties":{"x":@,"y":@},"required":["x","y"]}`),
		"items":           chain(30, `{"type":"array","items":@,"minItems":2}`),
		"prefixItems":     chain(30, `{"type":"array","prefixItems":[@,@],"minItems":2}`),
		"minItems":        `{"type":"array","minItems":1000000000,"items":{"type":"string"}}`,
		"nested minItems": `{"type":"array","minItems":1000,"items":{"type":"array","minItems":1000,"items":{"type":"array","minItems":1000}}}`,
		"minLength":       `{"type":"string","minLength":1000000000000}`,
		"minProperties":   `{"type":"object","minProperties":100000000}`,
		"uniqueItems":     `{"type":"array","uniqueItems":true,"minItems":100000,"items":{"type":"integer"}}`,
		"pattern":         `{"type":"string","pattern":"^(a{900}){900}$"}`,
		"exponents":       `{"type":"number","minimum":1e999999,"multipleOf":1e-999999}`,
		"digits":          `{"type":"integer","multipleOf":` + strings.Repeat("7", 4_000_000) + `,"minimum":1}`,
		"enum":            `{"enum":[` + strings.Repeat(`1e99999,`, 40_000) + `1],"minimum":0}`,
		"nested allOf":    strings.Repeat(`{"allOf":[`, 4000) + `{"enum":["` + strings.Repeat("x", 3<<20) + `"]}` + strings.Repeat(`]}`, 4000),
		"nested objects": strings.Repeat(`{"type":"object","required":["a"],"properties":{"a":`, 4000) + `{"enum":["` + strings.Repeat("x", 3<<20) + `"]}` +
			strings.Repeat(`}}`, 4000),
		"members held twice":  chain(30, `{"type":"object","required":["x"],"allOf":[{"properties":{"x":@}},{"properties":{"x":@}}]}`),
		"one of two members":  chain(30, `{"type":"object","required":["x"],"anyOf":[{"properties":{"x":@}},{"properties":{"x":@}}]}`),
		"elements held twice": chain(30, `{"type":"array","items":@,"contains":@,"minItems":1}`),
		"dependentSchemas":    chain(30, `{"type":"object","properties":{"x":{},"y":{}},"dependentSchemas":{"x":@,"y":@}}`),
		"minItems alone":      `{"type":"array","minItems":1000000000}`,
		"slow pattern":        `{"type":"string","pattern":"^(x?){900}(x?){900}(x?){900}(a|aa)+$","minLength":9000}`,
		"many references":     `{"$ref":"#/$defs/a0","$defs":{` + each(12_000, `"a#":{"$ref":"#/$defs/a+"},`) + `"a12000":{}}}`,
		"many properties":     `{"properties":{` + each(12_000, `"a#":{"$ref":"#/properties/a+"},`) + `"a12000":{}}}`,
		"many booleans":       `{"prefixItems":[],"allOf":[` + each(40_000, `true,`) + `true]}`,
		"many loops":          `{"$ref":"#/$defs/a0","$defs":{` + each(40, `"a#":{"anyOf":[{"$ref":"#/$defs/a+"},{"$ref":"#/$defs/a0"}]},`) + `"a40":{}}}`,
		"many places":         `{"allOf":[` + each(10_000, `{"$ref":"#/enum/#"},`) + `true],"enum":[` + strings.Repeat(`{"minimum":1},`, 10_000) + `5]}`,
		"loop of one":         `{"$ref":"#/$ref"}`,
		"large pattern":       `{"type":"string","pattern":"^(` + strings.Repeat("x?", 1000) + `){900}y$"}`,
		"many patterns":       `{"allOf":[` + each(300, `{"type":"string","pattern":"^(abcdefgh#){1000}$"},`) + `true]}`,
		"folded ranges":       `{"allOf":[` + each(250, `{"type":"string","pattern":"#(?i)`+strings.Repeat(`[\\x{100}-\\x{10000}]`, 150)+`"},`) + `true]}`,
		"Unicode classes":     `{"allOf":[` + each(250, `{"type":"string","pattern":"#`+strings.Repeat(`(?:\\p{Lu}|\\p{Ll}|x)`, 150)+`"},`) + `true]}`,
		"lookaheads":          `{"type":"string","pattern":"^` + strings.Repeat("(?=(?=a)", 20_000) + strings.Repeat("(?!b)", 100_000) + `c"}`,
		"empty repetitions":   `{"type":"string","pattern":"^((((|a)*)*)*)*b$","minLength":300}`,
		"small range":         `{"type":"array","minItems":1000,"uniqueItems":true,"items":{"type":"number","minimum":1e-400,"maximum":2e-400}}`,
		"required":            `{"type":"object","required":["` + strings.Repeat(`a","a`, 20000) + `"]}`,
	} {
		start := time.Now()
		value, ok := generate([]byte(schema), "")
		if took := time.Since(start); took > hostileTime || len(value) > 1<<21 {
			t.Errorf("%s: %v, %d bytes, %t", name, took, len(value), ok)
		}
	}
}

// References to more places than the library compiles in a bounded time are refused.
func TestManyReferences(t *testing.T) {
	for places, want := range map[int]bool{maxReferences: true, maxReferences + 1: false} {
		schema := `{"allOf":[` + each(places, `{"$ref":"#/enum/#"},`) + `true],"enum":[` + strings.Repeat(`{"minimum":1},`, places) + `5]}`
		if value, ok := generate([]byte(schema), ""); ok != want {
			t.Errorf("%d places: %.20s, %t", places, value, ok)
		}
	}
}
