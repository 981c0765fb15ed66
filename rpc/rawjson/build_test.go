package rawjson

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestBuild(t *testing.T) {
	given := mustParse(t, ` { "a" : 1.50, "\u00e9": "é", "a": [ ], "b": null } `)
	var built Object
	built.SetString("s", "é\n\u2028")
	built.Set("absent", Value{})
	built.Set("t", Bool(true))
	built.SetAll(given, "a", "none")
	var empty Object
	var nested Object
	nested.SetObject("o", func(o *Object) {
		o.SetArray("empty", func(*Array) {})
		o.SetArray("a", func(a *Array) {
			a.Append(Value{}, Int(-1), String("{"), String("["))
			a.AppendObject(func(*Object) {})
			a.AppendObject(func(o *Object) { o.SetString("k", "v") })
		})
	})
	nested.SetJoined("j", String("a"), Null(), given.Get("é"))
	nested.SetJoined("none")
	var text Text
	text.Add(String("x\n"))
	text.Add(Int(1))
	text.Add(given.Get("é"))
	nested.SetText("t", &text)
	var list Array
	for name, test := range map[string]struct {
		got  Value
		want string
	}{
		"an object":        {built.Value(), `{"s":"\u00e9\n\u2028","t":true,"\u00e9":"\u00e9","b":null}`},
		"an empty object":  {empty.Value(), `{}`},
		"nested":           {nested.Value(), `{"o":{"empty":[],"a":[-1,"{","[",{},{"k":"v"}]},"j":"a\u00e9","none":"","t":"x\n\u00e9"}`},
		"a list":           {List(Null(), given.Get("a"), String("x"), Bool(false)), `[null,[ ],"x",false]`},
		"an empty list":    {List(), `[]`},
		"an empty array":   {list.Value(), `[]`},
		"mapped":           {mustParse(t, `[1, 2]`).Map(func(v Value) Value { return List(v) }), `[[1],[2]]`},
		"mapped, no array": {given.Map(func(v Value) Value { return v }), `[]`},
		"set":              {given.With("b", String("é")), `{"a":1.50,"\u00e9":"\u00e9","a":[ ],"b":"\u00e9"}`},
		"set, repeated":    {given.With("a", Null()), `{"a":null,"\u00e9":"\u00e9","b":null}`},
		"added":            {given.Without("a").With("c", Null()), `{"\u00e9":"\u00e9","b":null,"c":null}`},
		"set, no object":   {Value{}.With("a", Null()), `{"a":null}`},
		"without":          {given.Without("a", "é", "b"), `{}`},
		"merged":           {given.Merge(mustParse(t, `{"\u0061": 2, "c": "ü"}`)), `{"\u00e9":"\u00e9","b":null,"\u0061":2,"c":"\u00fc"}`},
		"merged, absent":   {Value{}.Merge(Value{}), `{}`},
	} {
		if text := string(test.got.AppendTo(nil)); text != test.want {
			t.Errorf("%s: %s, want %s", name, text, test.want)
		}
		if _, err := Parse(test.got.Bytes()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestMergeOfMany checks that objects are merged in linear time.
func TestMergeOfMany(t *testing.T) {
	var o Object
	for i := range 50_000 {
		o.Set(strconv.Itoa(i), Null())
	}
	v := o.Value()
	start := time.Now()
	if got := v.Merge(v); string(got.Bytes()) != string(v.Bytes()) {
		t.Error("an object merged with itself differs")
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

// TestText checks that a text is stored in pieces of bounded size and is
// returned unchanged.
func TestText(t *testing.T) {
	var text Text
	var want strings.Builder
	for i := range 3000 {
		part := strings.Repeat(string(rune('a'+i%26)), i%997)
		text.Add(String(part))
		want.WriteString(part)
	}
	var o Object
	o.SetText("t", &text)
	if got, _ := o.Value().Get("t").Text(); got != want.String() {
		t.Errorf("text of %d bytes, want %d", len(got), want.Len())
	}
	if text.Size() < want.Len() || text.Size() > want.Len()+largestPiece {
		t.Errorf("Size = %d for %d bytes", text.Size(), want.Len())
	}
	for _, piece := range text.pieces {
		if cap(piece) > largestPiece {
			t.Errorf("a piece of %d bytes", cap(piece))
		}
	}
}

// TestBuildLarge checks that large parts, which are not copied at once, appear
// in their places.
func TestBuildLarge(t *testing.T) {
	large, small := String(strings.Repeat("l", largePart)), String("s")
	build := func(first, second, third Value) Object {
		var text Text
		text.Add(first)
		text.Add(second)
		var o Object
		o.Set("a", first)
		o.Set("b", second)
		o.SetArray("c", func(a *Array) {
			a.Append(first, second, third)
			a.AppendObject(func(o *Object) { o.Set("d", first) })
			a.AppendObject(func(o *Object) { o.SetArray("e", func(a *Array) { a.Append(third) }) })
			for range 2000 {
				a.Append(small) // more than a part
			}
			a.Append(first)
		})
		o.SetJoined("f", first, second)
		o.SetText("g", &text)
		o.SetAll(third.With("h", first))
		o.Set("i", List(first, third))
		return o
	}
	values := []Value{large, small, List(large, small, large)}
	for _, first := range values {
		for _, second := range values {
			for _, third := range values {
				o := build(first, second, third)
				got := o.Value()
				again := build(first, second, third)
				if parts := bytes.Join(again.Parts(), nil); !bytes.Equal(parts, got.Bytes()) {
					t.Fatalf("the parts make %.100q, want %.100q", parts, got.Bytes())
				}
				want, err := json.Marshal(got.Any())
				if err != nil {
					t.Fatal(err)
				}
				if string(got.Bytes()) != string(want) { // the members are in alphabetical order
					t.Fatalf("%d bytes, %.100q, want %d", len(got.Bytes()), got.Bytes(), len(want))
				}
				if i := got.Get("i"); !bytes.Equal(i.Bytes(), List(first, third).Bytes()) || got.Get("f").Kind() != '"' {
					t.Fatalf("i is %.100q", i.Bytes())
				}
			}
		}
	}
	var array Array
	array.Append(large, large)
	if got, want := string(array.Value().Bytes()), "["+string(large.Bytes())+","+string(large.Bytes())+"]"; got != want {
		t.Errorf("an array of large values is %.50q", got)
	}
}

// FuzzBuild checks that values built from checked values are JSON, with the
// form that a scan finds.
func FuzzBuild(f *testing.F) {
	f.Add([]byte(`{"a":"é","b":[1,{"c":"\ud83d"}]}`), []byte(`{"a":1,"\u0062":"x"}`), "b")
	f.Add([]byte(`{"a":"~","b":["~",{"c":"~"},1]}`), []byte(`{"a":"~","d":1}`), "d")
	f.Fuzz(func(t *testing.T, base, over []byte, name string) {
		large := []byte(strings.Repeat("~", largePart))
		base, over = bytes.ReplaceAll(base, []byte("~"), large), bytes.ReplaceAll(over, []byte("~"), large)
		name = strings.ToValidUTF8(name, "")
		v, err := Parse(base)
		w, err2 := Parse(over)
		if err != nil || err2 != nil {
			return
		}
		var text Text
		text.Add(v)
		text.Add(w)
		var o Object
		o.SetText(name, &text)
		o.SetJoined(name, v, w)
		o.SetArray(name, func(a *Array) { a.Append(v, w, List(v), v.Map(func(v Value) Value { return v.With(name, w) })) })
		o.SetObject(name, func(o *Object) { o.SetAll(v, name) })
		for what, built := range map[string]Value{
			"object": o.Value(), "with": v.With(name, w), "without": v.Without(name), "merged": v.Merge(w),
		} {
			scanned, err := Parse(built.Bytes())
			if err != nil {
				t.Fatalf("%s: %v in %q", what, err, built.Bytes())
			}
			if scanned.form()&^built.form() != 0 {
				t.Fatalf("%s: form %b of %q, want %b", what, built.form(), built.Bytes(), scanned.form())
			}
		}
		if got := v.With(name, w).Get(name); string(got.Bytes()) != string(w.Bytes()) {
			t.Fatalf("With(%q) = %q", name, got.Bytes())
		}
		if got := v.Without(name).Get(name); got.Kind() != 0 {
			t.Fatalf("Without(%q) still has the member", name)
		}
	})
}
