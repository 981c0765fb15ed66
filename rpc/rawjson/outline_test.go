package rawjson

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// checkOutline compares a value that has an outline, all values in it and their
// copies with the results of a byte by byte scan.
func checkOutline(t *testing.T, v Value) {
	t.Helper()
	plain := Value{text: v.text}
	if got, want := v.Clone(), v.Bytes(); !bytes.Equal(got.Bytes(), want) || got.form() != v.form() {
		t.Fatalf("Clone of %q = %q", want, got.Bytes())
	}
	for what, of := range map[string]Value{"": v, "copied ": v.Clone(), "copied twice ": v.Clone().Clone()} {
		if got, want := parts(of), parts(plain); !slices.Equal(got, want) {
			t.Fatalf("%sparts of %q: %q, want %q", what, v.text, got, want)
		}
		if got, want := walked(of.Cursor()), walked(plain.Cursor()); !slices.Equal(got, want) {
			t.Fatalf("%scursors of %q: %q, want %q", what, v.text, got, want)
		}
		for _, n := range []int{0, 1, 3, 30, 300} {
			if of.MoreThan(n) != plain.MoreThan(n) {
				t.Fatalf("%sMoreThan(%d) of %q = %v", what, n, v.text, of.MoreThan(n))
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

// walked returns each value that a traversal reaches, with the offset to which
// Skip leads.
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

// lengthen makes values with a ~ long.
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

// TestOutlineSize checks that an outline is smaller than its text, however that
// nests.
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
		if v, err := Parse(slices.Grow(text, len(found))); err == nil { // with various capacities
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
			finder.Parse([]byte(lengthen(`["~",["~"],{"a":"~"}]`))) // overwrites the places
			for _, v := range kept {
				checkOutline(t, v)
			}
		}
	})
}

// TestKeep checks that a kept value does not change when the Finder parses the
// next text, in which other values are long.
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
