package auth

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestDocumentSet(t *testing.T) {
	for _, c := range []struct{ name, doc, want string }{
		{"empty", `{}`, `{"k": 1}`},
		{"empty over two lines", "{\n}\n", "{\n  \"k\": 1\n}\n"},
		{"replaced in place", `{"a":1,"k" : [2] ,"b":3}`, `{"a":1,"k" : 1 ,"b":3}`},
		{"last of two", `{"k":2,"a":1,"k":3}`, `{"k":2,"a":1,"k":1}`},
		{"escaped name", `{"\u006b":2}`, `{"\u006b":1}`},
		{"other case is another name", `{"K":2}`, `{"K":2,"k": 1}`},
		{"compact", `{"a":1,"b":{"k":7}}`, `{"a":1,"b":{"k":7},"k": 1}`},
		{"indented", "{\n    \"a\": 1.50,\n    \"b\": \"\\u00e9\"\n}", "{\n    \"a\": 1.50,\n    \"b\": \"\\u00e9\",\n    \"k\": 1\n}"},
		{"CRLF", "{\r\n\t\"a\": 1\r\n}\r\n", "{\r\n\t\"a\": 1,\r\n\t\"k\": 1\r\n}\r\n"},
		{"digits", `{"n":12345678901234567890.10,"k":0}`, `{"n":12345678901234567890.10,"k":1}`},
	} {
		if got := document(c.doc).set("k", []byte("1")); string(got) != c.want {
			t.Errorf("%s: %q; want %q", c.name, got, c.want)
		}
	}
}

func TestDocumentRemove(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{`{"a":1}`, `{"a":1}`},
		{`{"k":1}`, `{}`},
		{`{ "k":1, "a":2 }`, `{ "a":2 }`},
		{`{"a":2, "k":1 }`, `{"a":2 }`},
		{`{"k":0,"a":2,"k":1,"b":3,"k":2}`, `{"a":2,"b":3}`},
	} {
		if got := document(c.doc).remove("k"); string(got) != c.want {
			t.Errorf("%s: %q; want %q", c.doc, got, c.want)
		}
	}
}

func TestDocumentErrors(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{``, "truncated"},
		{`{"a":1`, "truncated"},
		{`{"a":"secr`, "truncated"},
		{`[]`, "not a JSON object"},
		{`null`, "not a JSON object"},
		{`{"a":1} {"b":2}`, "text after the JSON object"},
		{`{"a":nul}`, "not valid JSON at byte 7"},
	} {
		if _, err := document(c.doc).members(); err == nil || err.Error() != c.want {
			t.Errorf("%q: %v; want %s", c.doc, err, c.want)
		}
	}
}

// FuzzDocument tests that editing a member does not change the bytes and the order of the others.
func FuzzDocument(f *testing.F) {
	f.Add([]byte(`{}`), "k", "v")
	f.Add([]byte("{\n  \"a\": 1.0,\n  \"k\": null,\n  \"b\": {\"x\": [1, 2]}\n}\n"), "k", "v")
	f.Add([]byte(`{"k":1,"k":2,"\u006b":3}`), "k", "")
	f.Add([]byte("{\"a\xff\":1}"), "b\xff", "\u2028<&>")
	f.Fuzz(func(t *testing.T, text []byte, name, value string) {
		before, err := document(text).members()
		if err != nil {
			return
		}
		edited, removed := document(text).setText(name, value), document(text).remove(name)
		if !json.Valid(edited) || !json.Valid(removed) {
			t.Fatalf("not JSON: %q, %q", edited, removed)
		}
		same(t, document(text), edited, before, name)
		same(t, document(text), removed, before, name)
		if v := removed.get(name); v != nil {
			t.Errorf("still there: %q", v)
		}
		var want string
		quoted, _ := json.Marshal(value)
		_ = json.Unmarshal(quoted, &want) // without invalid UTF-8, as in JSON
		quoted, _ = json.Marshal(name)
		_ = json.Unmarshal(quoted, &name)
		if got := edited.text(name); got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	})
}

func same(t *testing.T, from, to document, before []member, but string) {
	t.Helper()
	after, err := to.members()
	if err != nil {
		t.Fatal(err)
	}
	others := func(d document, list []member) (all [][]byte) {
		for _, m := range list {
			if m.name != but {
				all = append(all, d[m.start:m.end])
			}
		}
		return all
	}
	want, got := others(from, before), others(to, after)
	// A name with invalid UTF-8 is decoded as another one, which is then added at the end.
	if len(got) < len(want) || !bytes.Equal(bytes.Join(got[:len(want)], []byte{0}), bytes.Join(want, []byte{0})) {
		t.Errorf("other members were changed:\n%q\n%q", from, to)
	}
}
