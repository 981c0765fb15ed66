package rawjson

import (
	"slices"
	"testing"
)

func TestBuild(t *testing.T) {
	given, err := Parse([]byte(` { "a" : 1.50, "\u00e9": "é", "a": [ ], "b": null } `))
	if err != nil {
		t.Fatal(err)
	}
	var built Object
	built.SetString("s", "é\n\u2028")
	built.Set("absent", Value{})
	built.Set("t", Bool(true))
	built.SetAll(given, "a", "none")
	var empty Object
	for what, test := range map[string]struct {
		got  Value
		want string
	}{
		"an object":        {built.Value(), `{"s":"\u00e9\n\u2028","t":true,"\u00e9":"\u00e9","b":null}`},
		"nothing":          {empty.Value(), `{}`},
		"a list":           {List(slices.Values([]Value{Null(), given.Get("a"), String("x"), Bool(false)})), `[null,[ ],"x",false]`},
		"no elements":      {List(slices.Values([]Value(nil))), `[]`},
		"set":              {given.With("b", String("é")), `{"a":1.50,"\u00e9":"\u00e9","a":[ ],"b":"\u00e9"}`},
		"set, repeated":    {given.With("a", Null()), `{"a":null,"\u00e9":"\u00e9","b":null}`},
		"added":            {given.Without("a").With("c", Null()), `{"\u00e9":"\u00e9","b":null,"c":null}`},
		"set in no object": {Value{}.With("a", Null()), `{"a":null}`},
		"less":             {given.Without("a", "é", "b"), `{}`},
	} {
		if text := string(test.got.AppendTo(nil)); text != test.want {
			t.Errorf("%s: %s, want %s", what, text, test.want)
		}
		if _, err := Parse(test.got.Bytes()); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}
