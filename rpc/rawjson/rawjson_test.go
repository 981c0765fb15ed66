package rawjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func mustParse(t testing.TB, text string) Value {
	t.Helper()
	v, err := Parse([]byte(text))
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return v
}

func TestParseRejects(t *testing.T) {
	tests := []struct {
		in     string
		offset int
	}{
		{"", 0},
		{"  ", 2},
		{"nul", 3},
		{"nulls", 4},
		{"True", 0},
		{"{", 1},
		{`{"a"`, 4},
		{`{"a" 1}`, 5},
		{`{"a":}`, 5},
		{`{"a":1`, 6},
		{`{"a":1,}`, 7},
		{`{"a":1 "b":2}`, 7},
		{`{a:1}`, 1},
		{`{'a':1}`, 1},
		{"[", 1},
		{"[1", 2},
		{"[1,]", 3},
		{"[1 2]", 3},
		{"[}", 1},
		{"01", 1},
		{"-", 1},
		{"+1", 0},
		{"1.", 2},
		{".5", 0},
		{"1e", 2},
		{"1e+", 3},
		{"NaN", 0},
		{"Infinity", 0},
		{`"`, 1},
		{`"abc`, 4},
		{`"a` + "\n" + `"`, 2},
		{`"a` + "\x00" + `"`, 2},
		{`"12345678` + "\x1f" + `"`, 9},
		{`"\`, 2},
		{`"\x"`, 2},
		{`"\u12g4"`, 5},
		{`"\u12`, 5},
		{"1 1", 2},
		{"{}{}", 2},
		{"\ufeff{}", 0},
		{strings.Repeat("[", MaxDepth+1) + strings.Repeat("]", MaxDepth+1), MaxDepth},
	}
	for _, tt := range tests {
		_, err := Parse([]byte(tt.in))
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("Parse(%.40q) = %v, want a SyntaxError", tt.in, err)
		} else if syntax.Offset != tt.offset {
			t.Errorf("Parse(%.40q): %v, want offset %d", tt.in, err, tt.offset)
		}
	}
}

func TestAppendTo(t *testing.T) {
	tests := []struct{ in, want string }{
		{`{"b":1,"a":[2.50,-0,1E3,12345678901234567890]}`, ``},
		{" \t{ \"a\" : 1 } \r\n", `{ "a" : 1 }`},
		{"{\n\t\"a\": 1,\r\n\t\"b\": 2\n}", "{\t\"a\": 1,\t\"b\": 2}"},
		{`"<>&\/\u0041\n"`, ``},
		{`"é"`, `"\u00e9"`},
		{"\"\u2028\u2029\"", `"\u2028\u2029"`},
		{`"😀x"`, `"\ud83d\ude00x"`},
		{"\"\x7f\"", `"\u007f"`},
		{"\"a\xffb\xc3\"", `"a\ufffdb\ufffd"`},
		{"\"\xed\xa0\x80\"", `"\ufffd\ufffd\ufffd"`},
		{`{"ключ":"значение"}`, `{"\u043a\u043b\u044e\u0447":"\u0437\u043d\u0430\u0447\u0435\u043d\u0438\u0435"}`},
		{`"\ud800"`, ``},
		{"null", ``},
		{" true ", `true`},
		{strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth), ``},
	}
	for _, tt := range tests {
		if tt.want == "" {
			tt.want = tt.in
		}
		if got := string(mustParse(t, tt.in).AppendTo([]byte("x"))); got != "x"+tt.want {
			t.Errorf("AppendTo(%.40q) = %.60q, want %.60q", tt.in, got[1:], tt.want)
		}
	}
}

func TestInside(t *testing.T) {
	if s := mustParse(t, `"a\nb"`).Inside(); string(s) != `a\nb` {
		t.Errorf("Inside = %q", s)
	}
	if s := mustParse(t, `5`).Inside(); s != nil {
		t.Errorf("Inside of a number = %q", s)
	}
}

func TestMembersAndElements(t *testing.T) {
	v := mustParse(t, ` { "a" : 1 , "b\u0063" : [ 1, "]\"," , {"x": "}"} ] ,"d":{},"e":[],"f":"","g":true } `)
	var got []string
	for name, value := range v.Members() {
		got = append(got, name+"="+string(value.Bytes()))
	}
	want := []string{`a=1`, `bc=[ 1, "]\"," , {"x": "}"} ]`, `d={}`, `e=[]`, `f=""`, `g=true`}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("Members = %q\nwant %q", got, want)
	}
	got = nil
	for element := range v.Get("bc").Elements() {
		got = append(got, fmt.Sprintf("%c%s", element.Kind(), element.Bytes()))
	}
	if want := []string{`01`, `""]\","`, `{{"x": "}"}`}; !reflect.DeepEqual(got, want) {
		t.Errorf("Elements = %q, want %q", got, want)
	}
	for range v.Members() {
		break // leaving early is allowed
	}
	if s, ok := v.Get("f").Text(); s != "" || !ok {
		t.Errorf("Text of an empty string = %q, %v", s, ok)
	}
	if v.Get("none").Kind() != 0 || v.Get("a").Get("b").Kind() != 0 {
		t.Error("an absent member has a kind other than 0")
	}
}

func TestValidUTF8(t *testing.T) {
	if !mustParse(t, `"é"`).ValidUTF8() || mustParse(t, "\"\xff\"").ValidUTF8() {
		t.Error(`ValidUTF8 is wrong for "é" or an invalid byte`)
	}
}

func TestAppendString(t *testing.T) {
	for _, s := range []string{"", "plain", "\"\\\n\r\t\b\x00\x7f", "é\u2028漢😀", "a\xffb"} {
		quoted := AppendString(nil, s)
		var back string
		if err := json.Unmarshal(quoted, &back); err != nil || back != strings.ToValidUTF8(s, "\ufffd") {
			t.Errorf("AppendString(%q) = %s, which is %q, %v", s, quoted, back, err)
		}
		if !isASCII(quoted) {
			t.Errorf("AppendString(%q) = %q", s, quoted)
		}
	}
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c > 0x7e || c < 0x20 && c != '\t' {
			return false
		}
	}
	return true
}

// TestAnyOfDeepText checks that deep and long text is decoded in linear time.
func TestAnyOfDeepText(t *testing.T) {
	text := strings.Repeat(`[`, MaxDepth) + `"` + strings.Repeat(`\n`, 1<<20) + `"` + strings.Repeat(`]`, MaxDepth)
	v := mustParse(t, text).Any()
	for range MaxDepth {
		v = v.([]any)[0]
	}
	if s := v.(string); len(s) != 1<<20 {
		t.Errorf("the innermost string has %d bytes", len(s))
	}
}

func TestBeginning(t *testing.T) {
	for _, test := range []struct {
		text  string
		limit int
		want  string
	}{
		{`"abc"`, 3, "abc"},
		{`"abc"`, 2, "ab"},
		{`"abc"`, 0, ""},
		{`"a\nb"`, 2, "a\n"},
		{`"a\u00e9b"`, 2, "aé"},
		{`"a\\\\b"`, 4, `a\\`},
		{`"a\\\"b"`, 4, `a\"`},
		{`"aéb"`, 2, "aé"},
		{"\"a\xffb\"", 2, "a\ufffd"},
		{`["abc"]`, 2, ""},
	} {
		if got := mustParse(t, test.text).Beginning(test.limit); got != test.want {
			t.Errorf("%s to %d: %q, want %q", test.text, test.limit, got, test.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`{"type":"x","a":[1,-2.5e+3,null,true,"é\u00e9\"\\"]}`, " [ ] ", "\"\xff\"", `{"a":{"a":{}}}`, "1\n", "\"12345678\x7f\""} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		v, err := Parse(in)
		// encoding/json does not check that strings are UTF-8 either.
		if valid := json.Valid(in); valid != (err == nil) {
			t.Fatalf("Parse error = %v, json.Valid = %v", err, valid)
		}
		if err != nil {
			return
		}
		if v.ValidUTF8() != utf8.Valid(in) {
			t.Fatalf("ValidUTF8 = %v", v.ValidUTF8())
		}
		out := v.AppendTo(nil)
		if !isASCII(out) {
			t.Fatalf("AppendTo = %q", out)
		}
		want, got := decodeStd(t, in), decodeStd(t, out)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("AppendTo changed the value: %q", out)
		}
		if any := v.Any(); !reflect.DeepEqual(any, want) {
			t.Fatalf("Any = %#v, want %#v", any, want)
		}
		if text, ok := want.(string); ok {
			for limit := range min(len(text), 20) {
				short := v.Beginning(limit)
				// Truncation may split a surrogate pair.
				if !strings.HasPrefix(text, strings.TrimSuffix(short, "\uFFFD")) || len(short) > 3*(limit+6) {
					t.Fatalf("Beginning(%d) = %q", limit, short)
				}
			}
		}
		if object, ok := want.(map[string]any); ok {
			for key, value := range object {
				if got := v.Get(key).Any(); !reflect.DeepEqual(got, value) {
					t.Fatalf("Get(%q) = %#v, want %#v", key, got, value)
				}
			}
		}
	})
}

func decodeStd(t *testing.T, text []byte) any {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("decode %q: %v", text, err)
	}
	return v
}

// TestGetAll checks that GetAll finds what Get finds, however the names are
// written.
func TestGetAll(t *testing.T) {
	names := []string{"a", "é", "none", "\ufffd", ""}
	for _, text := range []string{`{"a":1,"\u00e9":2,"b":{"a":3},"\u0061":4,"":5}`, "{\"\xff\":1,\"é\":2}", `{}`, `["a"]`, `1`} {
		v := mustParse(t, text)
		found := []Value{Null(), Null(), Null(), Null(), Null()} // to be overwritten
		v.GetAll(names, found)
		for i, name := range names {
			if got, want := string(found[i].Bytes()), string(v.Get(name).Bytes()); got != want {
				t.Errorf("%q in %s: %q, want %q", name, text, got, want)
			}
		}
	}
}

func TestIs(t *testing.T) {
	for _, tt := range []struct {
		text, s string
		want    bool
	}{
		{`"a"`, "a", true}, {`"\u0061"`, "a", true}, {`"é"`, "é", true}, {`"a"`, "b", false}, {`""`, "", true},
		{`1`, "", false}, {`1`, "1", false}, {`null`, "", false}, {`{}`, "", false},
	} {
		if got := mustParse(t, tt.text).Is(tt.s); got != tt.want {
			t.Errorf("Is(%q) of %s = %v", tt.s, tt.text, got)
		}
	}
	if (Value{}).Is("") {
		t.Error(`Is("") of the absent Value is true`)
	}
}

// A byte that is not plain is found wherever it is, and whatever follows.
func TestPlainTo(t *testing.T) {
	for size := range 200 {
		text := bytes.Repeat([]byte("a"), size)
		for from := range min(size, 9) {
			if got := plainTo(text, from); got != size {
				t.Fatalf("%d bytes from %d: %d", size, from, got)
			}
			for at := from; at < size; at++ {
				for _, c := range []byte{0, 0x1f, '"', '\\', 0x7f, 0x80, 0xff} {
					text[at] = c
					if got := plainTo(text, from); got != at {
						t.Fatalf("0x%02x at %d of %d bytes from %d: %d", c, at, size, from, got)
					}
				}
				text[at] = ' '
			}
		}
	}
}
