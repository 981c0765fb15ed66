package rawjson

import (
	"bytes"
	"strings"
	"testing"
)

func TestFinder(t *testing.T) {
	tests := []struct{ in, kind, size string }{
		{`{"type":"a.b"}`, `"a.b"`, ""},
		{`{"x":{"type":"no"},"size":{"n":[1]},"type" : "yes","y":[{"type":"no"}]}`, `"yes"`, `{"n":[1]}`},
		{`{"type":"first","type":"last"}`, `"last"`, ""},
		{` {"type":1,"size": -1 } `, "1", "-1"},
		{`{"types":"a"}`, "", ""},
		{`{"\u0074ype":"a","s\u0069ze":1}`, `"a"`, "1"},
		{`{"type":"first","t\u0079pe":"last"}`, `"last"`, ""},
		{`[{"type":"a"}]`, "", ""},
		{`"type"`, "", ""},
		{`{}`, "", ""},
	}
	f := NewFinder("type", "size")
	for _, tt := range tests {
		if _, err := f.Parse([]byte(tt.in)); err != nil {
			t.Fatal(err)
		}
		if kind, size := string(f.Found(0).Bytes()), string(f.Found(1).Bytes()); kind != tt.kind || size != tt.size {
			t.Errorf("found in %s: %q, %q", tt.in, kind, size)
		}
	}
	if _, err := f.Parse([]byte(`{"type":1,`)); err == nil {
		t.Error("no error")
	}
}

// TestFinderOfTextsAlike checks that earlier texts do not affect the result.
func TestFinderOfTextsAlike(t *testing.T) {
	for _, texts := range [][]string{
		{`{"type":"a","n":1}`, `{"type":"a","n":22}`, `{"type":"bb","n":3}`, `{"type":"bb","n":3}`},
		{`{"size":[1],"type":"a"}`, `{"size":[1],"type":"b"}`, `{"size":[2],"type":"b"}`},
		{`{"n":1,"size":[1],"type":"a"}`, `{"n":100,"size":[1],"type":"a"}`},
		{`{"type":"a"}`, `{"type":"\n"}`, `{"type":"é"}`, "{\"type\":\"\xff\"}", `{"type":"a"}`},
		{`{"type":"a"}`, `{"type":"a"`, `{"type":"a"}x`, `{"type":"`, `{"type":`, `{`, ``, `{"type":"\x"}`},
		{`{"type":"a"}`, ` {"type":"a"}`, `{"type":"a"} `, `{"type":"b"}`},
		{`{"type":1}`, `{"type":-1}`, `{"type":01}`, `{"type":1.5}`, `{"type":"1"}`, `{"type":null}`, `{"type":2}`},
		{`{"type":"a","type":"b"}`, `{"type":"c","type":"d"}`},
		{`[1]`, `[1]`, `[2]`, `"type"`},
	} {
		f := NewFinder("type", "size")
		for _, text := range texts {
			checkFinder(t, f, []byte(text))
		}
	}
}

// TestFinderAlike checks that texts with different fixed members are not alike.
func TestFinderAlike(t *testing.T) {
	f := NewFinder("type")
	f.Fix("id", "place")
	for _, test := range []struct {
		text  string
		alike bool
	}{
		{`{"type":"a","n":1,"id":"x","place":0}`, false},
		{`{"type":"a","n":2,"id":"x","place":0}`, true},
		{`{"type":"b","n":33,"id":"x","place":0}`, true},
		{`{"type":"b","n":33,"id":"y","place":0}`, false},
		{`{"type":"b","n":34,"id":"y","place":0}`, true},
		{`{"type":"b","n":34,"id":"y","place":10}`, false},
		{`{"type":"b","n":34,"id":"y"}`, false},
		{`{"type":"b","n":34,"id":"y"}`, true},
		{`{"type":"b","n":34,"id":"y"`, false},
	} {
		if f.Parse([]byte(test.text)); f.Alike() != test.alike {
			t.Errorf("%s: alike %v", test.text, f.Alike())
		}
		if test.text[len(test.text)-1] == '}' {
			checkFinder(t, f, []byte(test.text))
		}
	}
}

// TestFinderOfManyMembers checks that the memory of a text is bounded.
func TestFinderOfManyMembers(t *testing.T) {
	f := NewFinder("type")
	text := []byte("{" + strings.Repeat(`"a":1,`, 1<<20) + `"type":"x"}`)
	if _, err := f.Parse(text); err != nil {
		t.Fatal(err)
	}
	if kind := string(f.Found(0).Bytes()); kind != `"x"` || cap(f.shape.slots) > maxShape {
		t.Errorf("found %s, with %d slots", kind, cap(f.shape.slots))
	}
}

// checkFinder compares a used Finder with a new one and with Get.
func checkFinder(t *testing.T, used *Finder, text []byte) {
	t.Helper()
	fresh := NewFinder(used.names...)
	want, wantErr := fresh.Parse(text)
	got, err := used.Parse(text)
	if (err == nil) != (wantErr == nil) || err != nil && err.Error() != wantErr.Error() {
		t.Fatalf("Parse(%q): error %v, want %v", text, err, wantErr)
	}
	if err != nil {
		return
	}
	if !bytes.Equal(got.Bytes(), want.Bytes()) || got.form() != want.form() {
		t.Fatalf("Parse(%q) = %q %b, want %q %b", text, got.Bytes(), got.form(), want.Bytes(), want.form())
	}
	for i, name := range used.names {
		if got, want := used.Found(i), fresh.Found(i); !bytes.Equal(got.Bytes(), want.Bytes()) || got.form() != want.form() {
			t.Fatalf("%s in %q: %q %b, want %q %b", name, text, got.Bytes(), got.form(), want.Bytes(), want.form())
		}
		if got, want := used.Found(i).Bytes(), got.Get(name).Bytes(); !bytes.Equal(got, want) {
			t.Fatalf("%s in %q: %q, want %q", name, text, got, want)
		}
	}
}

func FuzzFinder(f *testing.F) {
	f.Add([]byte(`{"type":"a","n":1}`), []byte(`{"type":"a","n":2}`), []byte(`{"type":"é","n":3}`))
	f.Fuzz(func(t *testing.T, first, second, third []byte) {
		finder := NewFinder("type", "n")
		for _, text := range [][]byte{first, second, third, second} {
			checkFinder(t, finder, text)
		}
	})
}

var delta = []byte(`{"type":"response.output_text.delta","sequence_number":17,"item_id":"msg_0123456789abcdef","output_index":0,"content_index":0,"delta":" word","logprobs":[]}`)

func BenchmarkFinder(b *testing.B) {
	b.SetBytes(int64(len(delta)))
	b.ReportAllocs()
	f := NewFinder("type", "delta")
	other := bytes.Replace(bytes.Replace(delta, []byte("17"), []byte("18"), 1), []byte("word"), []byte("another"), 1)
	for b.Loop() {
		if _, err := f.Parse(delta); err != nil {
			b.Fatal(err)
		}
		delta, other = other, delta
	}
}
