package rawjson

import (
	"strings"
	"testing"
)

// spell appends a value as a traversal with Cursors finds it.
func spell(dst []byte, at Cursor) ([]byte, Cursor) {
	kind := at.Kind()
	if kind != '{' && kind != '[' {
		return append(dst, at.Value().Bytes()...), at.Skip()
	}
	dst = append(dst, kind)
	inner, more := at.Enter()
	for first := true; more; first = false {
		if !first {
			dst = append(dst, ',')
		}
		if kind == '{' {
			var key Value
			key, inner = inner.Key()
			dst = append(append(dst, key.Bytes()...), ':')
		}
		dst, inner = spell(dst, inner)
		inner, more = inner.Next()
	}
	return append(dst, kind+2), inner
}

func TestCursor(t *testing.T) {
	for _, text := range []string{`1`, `"a\""`, `[]`, `{}`, ` [ 1 , [ ] , { "a" : [ true , null ] , "b\"" : -1e5 } , "x" ] `, "\n{\"a\"\n:\n1\n}\n"} {
		v, err := Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if !v.Cursor().Valid() || v.Cursor().Offset() != 0 {
			t.Errorf("%s: Offset = %d at the start", text, v.Cursor().Offset())
		}
		got, end := spell(nil, v.Cursor())
		want := strings.NewReplacer(" ", "", "\n", "").Replace(text)
		if string(got) != want || end.Offset() != len(v.Bytes()) {
			t.Errorf("%s: found %s up to offset %d", text, got, end.Offset())
		}
	}
}

func TestMoreThan(t *testing.T) {
	for _, tt := range []struct {
		text string
		n    int
		want bool
	}{
		{`1`, 0, true}, {`1`, 1, false}, {`[1,2,3]`, 3, true}, {`[1,2,3]`, 4, false}, {`{"a":[1,2],"b":"[,,,{,"}`, 4, true}, {`{"a":[1,2],"b":"[,,,{,"}`, 6, false},
		{`[]`, 1, false}, {`{ }`, 1, false}, {`[[],{},[ ]]`, 4, false}, {`[[],{},[ ]]`, 3, true},
		{"[" + strings.Repeat("1,", 1000) + "1]", 1001, true}, {"[" + strings.Repeat("1,", 1000) + "1]", 1002, false},
	} {
		v, err := Parse([]byte(tt.text))
		if err != nil {
			t.Fatal(err)
		}
		if got := v.MoreThan(tt.n); got != tt.want {
			t.Errorf("MoreThan(%d) of %.40s = %v", tt.n, tt.text, got)
		}
	}
}
