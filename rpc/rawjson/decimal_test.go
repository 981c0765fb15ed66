package rawjson

import (
	"math/big"
	"strings"
	"testing"
)

func decimal(t testing.TB, text string) Decimal {
	t.Helper()
	v, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v.Decimal()
}

func TestDecimal(t *testing.T) {
	long := strings.Repeat("9", 2_000_000)
	for _, tt := range []struct {
		text, canonical string
		whole           bool
	}{
		{"0", "e0", true}, {"-0.00", "e0", true}, {"0e999", "e0", true}, {"1", "1e1", true}, {"-1", "-1e1", true},
		{"20", "2e2", true}, {"20.0", "2e2", true}, {"2e1", "2e2", true}, {"2E+1", "2e2", true}, {"0.2e2", "2e2", true}, {"2000e-2", "2e2", true},
		{"0.05", "5e-1", false}, {"1.5", "15e1", false}, {"1e-1", "1e0", false}, {"10e-1", "1e1", true}, {"1.50e1", "15e2", true},
		{"1e999999", "1e1000000", true}, {"1e-999999999999999999999", "1e-1152921504606846975", false}, {"1e999999999999999999999", "1e1152921504606846977", true},
		{long, "", true}, {"0." + long, "", false},
	} {
		d := decimal(t, tt.text)
		if got := string(d.AppendTo(nil)); tt.canonical != "" && got != tt.canonical {
			t.Errorf("%s is %s, want %s", tt.text, got, tt.canonical)
		}
		if d.Whole() != tt.whole {
			t.Errorf("Whole of %.20s = %v", tt.text, d.Whole())
		}
	}
	for text, want := range map[string]int{"20.0": 20, "2e1": 20, "-5": -5, "0": 0, "-0.0": 0, "1.20e2": 120, "100000000000e-9": 100} {
		if n, ok := decimal(t, text).Int(); !ok || n != want {
			t.Errorf("Int of %s = %d, %v", text, n, ok)
		}
	}
	for _, text := range []string{"1.5", "1e99", "99999999999999999999", "1e999999999", "-1e-5"} {
		if n, ok := decimal(t, text).Int(); ok {
			t.Errorf("Int of %s = %d", text, n)
		}
	}
}

func TestDecimalCmp(t *testing.T) {
	for _, tt := range []struct {
		text, bound string
		want        int
	}{
		{"1", "1.0", 0}, {"0.1", "1e-1", 0}, {"-1", "0", -1}, {"0", "-0", 0}, {"1e999999999", "9e399", 1}, {"-1e999999999", "-9e399", -1},
		{"1e-999999999", "1e-399", -1}, {"1e-999999999", "0", 1}, {"-1e-999999999", "0", -1},
		{"1" + strings.Repeat("0", 500) + "1e-500", "1", 1}, {"0." + strings.Repeat("9", 1_000_000), "1", -1},
	} {
		bound, ok := decimal(t, tt.bound).Rat()
		if !ok {
			t.Fatalf("Rat of %s failed", tt.bound)
		}
		if got := decimal(t, tt.text).Cmp(bound); got != tt.want {
			t.Errorf("Cmp of %.20s and %s = %d, want %d", tt.text, tt.bound, got, tt.want)
		}
	}
	if _, ok := decimal(t, "1e999999").Rat(); ok {
		t.Error("Rat of 1e999999 succeeded")
	}
}

// FuzzDecimal compares Decimal with math/big.
func FuzzDecimal(f *testing.F) {
	f.Add("20.0", "2e1")
	f.Add("-0.001e3", "1")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, err := Parse([]byte(a))
		y, err2 := Parse([]byte(b))
		if err != nil || err2 != nil || x.Kind() != '0' || y.Kind() != '0' {
			return
		}
		rx, ok := x.Decimal().Rat()
		ry, ok2 := y.Decimal().Rat()
		if !ok || !ok2 || len(a)+len(b) > 200 {
			return
		}
		want, _ := new(big.Rat).SetString(strings.TrimSpace(a))
		if rx.Cmp(want) != 0 || x.Decimal().Whole() != want.IsInt() {
			t.Fatalf("%s: Rat = %s, Whole = %v", a, rx, x.Decimal().Whole())
		}
		if got := x.Decimal().Cmp(ry); got != rx.Cmp(ry) {
			t.Fatalf("Cmp of %s and %s = %d", a, b, got)
		}
		if same := string(x.Decimal().AppendTo(nil)) == string(y.Decimal().AppendTo(nil)); same != (rx.Cmp(ry) == 0) {
			t.Fatalf("%s and %s have the same text: %v", a, b, same)
		}
	})
}
