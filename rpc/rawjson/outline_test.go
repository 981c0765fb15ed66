package rawjson

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// checkOutline holds a value that has an outline, all values in it and their
// copies to what a look at each byte finds.
func checkOutline(t *testing.T, v Value) {
	t.Helper()
	plain := Value{text: v.text}
	if got, want := v.Clone(), v.Bytes(); !bytes.Equal(got.Bytes(), want) || got.form() != v.form() {
		t.Fatalf("the copy of %q is %q", want, got.Bytes())
	}
	for what, of := range map[string]Value{"": v, "copied ": v.Clone(), "copied twice ": v.Clone().Clone()} {
		if got, want := parts(of), parts(plain); !slices.Equal(got, want) {
			t.Fatalf("the %sparts of %q are %q, want %q", what, v.text, got, want)
		}
		if got, want := walked(of.Cursor()), walked(plain.Cursor()); !slices.Equal(got, want) {
			t.Fatalf("a %swalk through %q is %q, want %q", what, v.text, got, want)
		}
		for _, n := range []int{0, 1, 3, 30, 300} {
			if of.MoreThan(n) != plain.MoreThan(n) {
				t.Fatalf("%s%q has more than %d values: %v", what, v.text, n, of.MoreThan(n))
			}
		}
	}
}

// parts returns the texts of the members, elements and names in a value.
func parts(v Value) (texts []string) {
	for key, value := range v.members() {
		texts = append(append(texts, string(key.Bytes())), parts(value)...)
	}
	for element := range v.Elements() {
		texts = append(texts, parts(element)...)
	}
	return append(texts, string(v.Bytes()))
}

// walked returns the values that a walk finds, each of them and what it skips.
func walked(at Cursor) (texts []string) {
	texts = append(texts, string(at.Value().Bytes()), fmt.Sprint(at.Skip().Offset()))
	kind := at.Kind()
	if kind != '{' && kind != '[' {
		return texts
	}
	inner, more := at.Enter()
	for more {
		if kind == '{' {
			_, inner = inner.Key()
		}
		texts = append(texts, walked(inner)...)
		inner, more = inner.Skip().Next()
	}
	return texts
}

// lengthen makes of a text one whose values are long, if it can.
func lengthen(text string) string {
	return strings.ReplaceAll(text, "~", strings.Repeat("~", longValue))
}

var outlined = []string{
	`"~"`, ` ["~","a",["~"],{"~":"~","b":"~\\\"~"},[],{},1,"~"] `, `{"a":{"b":{"c":["~",{"d":"~"}]},"e":1},"f":"~","f":"~"}`,
	`[{"type":"message","content":[{"text":"~"}]},{"type":"message","content":[{"text":"é~"}]},"~"]`,
	strings.Repeat("[", 300) + `"~"` + strings.Repeat("]", 300),
	"[" + strings.Repeat(strings.Repeat("[", 90)+strings.Repeat("]", 90)+",", 30) + `{"a":"~"},"~"]`,
}

func TestOutline(t *testing.T) {
	for _, text := range outlined {
		v, err := Parse([]byte(lengthen(text)))
		if err != nil {
			t.Fatal(err)
		}
		checkOutline(t, v)
		if len(v.outline.places) == 0 {
			t.Errorf("%s has no outline", text)
		}
		for part := range v.Elements() {
			checkOutline(t, part)
		}
	}
}

// An outline is smaller than its text, whatever that nests.
func TestOutlineSize(t *testing.T) {
	for _, text := range []string{
		strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth),
		"[" + strings.Repeat(strings.Repeat("[", 100)+strings.Repeat("]", 100)+",", 1000) + "1]",
		"[" + strings.Repeat(`"`+strings.Repeat("a", longValue)+`",`, 1000) + "1]",
	} {
		v, err := Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if n := len(v.outline.places); n > firstPlaces+1+len(text)/bytesAPlace {
			t.Errorf("%d places for %d bytes", n, len(text))
		}
	}
}

func FuzzOutline(f *testing.F) {
	for _, text := range outlined {
		f.Add([]byte(`{"a":`+text+`,"type":`+text+`}`), "a")
	}
	f.Fuzz(func(t *testing.T, src []byte, found string) {
		text := []byte(lengthen(string(src)))
		if v, err := Parse(slices.Grow(text, len(found))); err == nil { // whatever its capacity is
			checkOutline(t, v)
		}
		finder := NewFinder("type", found)
		for range 2 {
			if _, err := finder.Parse(text); err != nil {
				return
			}
			var kept []Value
			for i := range 2 {
				if v := finder.Found(i); v.Kind() != 0 {
					checkOutline(t, v)
					kept = append(kept, v.Keep())
				}
			}
			finder.Parse([]byte(lengthen(`["~",["~"],{"a":"~"}]`))) // in the places of the one before
			for _, v := range kept {
				checkOutline(t, v)
			}
		}
	})
}

// What is kept of a text does not change with the next one, in which other values
// are long.
func TestKeep(t *testing.T) {
	long, longer := strings.Repeat("a", longValue), strings.Repeat("b", 2*longValue)
	f := NewFinder("a")
	if _, err := f.Parse(fmt.Appendf(nil, `{"a":[%q,%q]}`, long, longer)); err != nil {
		t.Fatal(err)
	}
	kept := f.Found(0).Keep()
	if _, err := f.Parse(fmt.Appendf(nil, `{"a":[%q,%q]}`, longer, long)); err != nil {
		t.Fatal(err)
	}
	checkOutline(t, kept)
}
