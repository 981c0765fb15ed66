package main

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func TestReadParams(t *testing.T) {
	for _, test := range []struct {
		name string
		args []string
		want string // or part of the error
	}{
		{"none", nil, `{}`},
		{"an object, as it is", []string{`{"b": 1e3, "a": 1e3}`}, `{"b": 1e3, "a": 1e3}`},
		{"standard input", []string{"-"}, `{"from": "stdin"}`},
		{"standard input and more", []string{"-", "a=b"}, `{"a":"b","from":"stdin"}`},
		{"a text", []string{"a=b"}, `{"a":"b"}`},
		{"a text with separators", []string{"a=b=c:=d@e"}, `{"a":"b=c:=d@e"}`},
		{"lines", []string{"a=b\nc"}, `{"a":"b\nc"}`},
		{"an empty text", []string{"a="}, `{"a":""}`},
		{"JSON", []string{"a:=1e400", "b:=null", `c:=[1, "x"]`}, `{"a":1e400,"b":null,"c":[1,"x"]}`},
		{"the last counts", []string{"a=b", "a=c"}, `{"a":"c"}`},
		{"digits of the object stay", []string{`{"a": 12345678901234567890}`, "b=c"}, `{"a":12345678901234567890,"b":"c"}`},
		{"within", []string{"a.b=c", "a.d:=1"}, `{"a":{"b":"c","d":1}}`},
		{"within the object", []string{`{"a": {"x": 1}}`, "a.b=c"}, `{"a":{"b":"c","x":1}}`},
		{"within what is none", []string{"a=x", "a.b=c"}, "a is not an object"},
		{"within a list", []string{"a:=[]", "a.b=c"}, "a is not an object"},
		{"no JSON", []string{"a:=x"}, "a is not JSON"},
		{"no object", []string{"[1]", "a=b"}, "must be a JSON object"},
		{"an object too late", []string{"a=b", "{}"}, `"{}" is not a parameter`},
		{"no file", []string{"@absent"}, "absent"},
		{"a file to upload", []string{"file@x.wav"}, `{"file":{"path":"x.wav"}}`},
	} {
		got, err := readParams("audio.transcriptions.create", test.args, strings.NewReader(`{"from": "stdin"}`))
		if err != nil && !strings.Contains(err.Error(), test.want) || err == nil && string(got.Bytes()) != test.want {
			t.Errorf("%s: %s, %v; want %s", test.name, got.Bytes(), err, test.want)
		}
	}
}

// TestFlagsAreExplained checks that every flag with a value has a placeholder,
// and that the flags of all commands belong to a group.
func TestFlagsAreExplained(t *testing.T) {
	grouped := make(map[string]int)
	for _, group := range flagGroups {
		for _, name := range group.names {
			grouped[name]++
		}
	}
	var c config
	root := newRoot(&c)
	root.PersistentFlags().VisitAll(func(f *pflag.Flag) {
		if grouped[f.Name] != 1 {
			t.Errorf("--%s is in %d groups", f.Name, grouped[f.Name])
		}
	})
	for _, cmd := range append([]*cobra.Command{root}, root.Commands()...) {
		cmd.Flags().AddFlagSet(cmd.PersistentFlags())
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if isSwitch := f.Value.Type() == "bool"; isSwitch != (valueNames[f.Name] == "") {
				t.Errorf("%s --%s takes %q", cmd.Name(), f.Name, valueNames[f.Name])
			}
		})
	}
}
