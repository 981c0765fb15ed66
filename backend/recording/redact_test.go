package recording

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
)

func TestRedactBytes(t *testing.T) {
	var r redactor
	r.hide("the-bearer")
	r.hide("the-bearer-and-more")
	r.hide("short")
	for _, test := range []struct{ in, want string }{
		{"", ""},
		{`{"a":"the-bearer","b":"the-bearer-and-more","c":"short"}`, `{"a":"[redacted]","b":"[redacted]","c":"short"}`},
		{`{"a":"x th\u0065-bearer y"}`, `{"a":"x [redacted] y"}`},
		{`{"the-bearer": 1.50}`, `{"[redacted]": 1.50}`},
		{`data: {"delta":"<\u00e9 & \u2028>"}` + "\n\n", `data: {"delta":"<\u00e9 & \u2028>"}` + "\n\n"},
		{`{"input":"use sk-proj-abcdefgh, or\neyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.c2ln"}`, `{"input":"use [redacted], or\n[redacted]"}`},
		{"Missing bearer token; try Bearer abcdefgh12", "Missing bearer token; try Bearer [redacted]"},
		{`an odd " quote and the-bearer`, `an odd " quote and [redacted]`},

		// By name.
		{`{"refresh_token":"rt","n":1,"x":"rt"}`, `{"refresh_token":"[redacted]","n":1,"x":"rt"}`},
		{`{"Access-Token" : "a" , "api_key":"","id_token":null}`, `{"Access-Token" : "[redacted]" , "api_key":"","id_token":null}`},
		{`{"extra_headers":{"X-A":"hunter2","X-B":["b",{"c":"d"}]},"e":"f"}`, `{"extra_headers":{"X-A":"[redacted]","X-B":["[redacted]",{"c":"[redacted]"}]},"e":"f"}`},
		{`{"cookie":["a"],"b":["c"]}`, `{"cookie":["[redacted]"],"b":["c"]}`},
		{`{"tools":[{"type":"mcp","server_url":"https://mcp.test","headers":{"X-Team":"hunter2"},"authorization":"hunter2"}]}`,
			`{"tools":[{"type":"mcp","server_url":"https://mcp.test","headers":{"X-Team":"[redacted]"},"authorization":"[redacted]"}]}`},
		{`{"headers":{"content-type":"a/b","X-A":"b","Accept":["c",{"d":"e"}]},"content-type":"f"}`, `{"headers":{"content-type":"a/b","X-A":"[redacted]","Accept":["[redacted]",{"d":"[redacted]"}]},"content-type":"f"}`},
		{`{"extra_query":{"pin":"1234","list":["a"]},"input":"1234"}`, `{"extra_query":{"pin":"[redacted]","list":["[redacted]"]},"input":"1234"}`},
		{`{"extra_query":{"pin":1234,"l":[-1.5e3, true,"a"]},"n":1234}`, `{"extra_query":{"pin":"[redacted]","l":["[redacted]", true,"[redacted]"]},"n":1234}`},
		{`{"password":12, "n":[1,2]}`, `{"password":"[redacted]", "n":[1,2]}`},
		{`{"access_token":"abc`, `{"access_token":"[redacted]`},
		{"data: {\"api_key\":\"a\\\"b\ndata: {\"b\":\"c\"}", "data: {\"api_key\":\"[redacted]\ndata: {\"b\":\"c\"}"},
		{`["authorization","x"]`, `["authorization","x"]`},
		{`{"token":"Hello","max_output_tokens":5}`, `{"token":"Hello","max_output_tokens":5}`},

		// In a URL.
		{`{"upload_url":"https://blob.test/f?sv=2020&sig=abcdefghijklmnop%2B"}`, `{"upload_url":"https://blob.test/f?sv=2020&sig=[redacted]"}`},
		{`{"u":"https://blob.test/f?sv=2020\u0026sig=abcdefghijklmnop"}`, `{"u":"https://blob.test/f?sv=2020&sig=[redacted]"}`},
		{`{"u":"https://a.test/?sig=short&v=2&X-Amz-Signature=1&api_key=k#f"}`, `{"u":"https://a.test/?sig=[redacted]&v=2&X-Amz-Signature=[redacted]&api_key=[redacted]#f"}`},
		{`{"u":"https://user:pa@ss@a.test/x@y and ftp://u@b.test"}`, `{"u":"https://[redacted]@a.test/x@y and ftp://[redacted]@b.test"}`},
		{`{"server_url":"https:\/\/user:pass@mcp.test\/sse?token=t"}`, `{"server_url":"https://[redacted]@mcp.test/sse?token=[redacted]"}`},
		{`{"u":"https://a.test/?keyword=k&design=d, mail a@b.test"}`, `{"u":"https://a.test/?keyword=k&design=d, mail a@b.test"}`},
		{`{"u":"is a?b=abcdefghijklmnopq so"}`, `{"u":"is a?b=abcdefghijklmnopq so"}`},
	} {
		got := string(r.bytes([]byte(test.in)))
		if got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.in, got, test.want)
		}
		if again := string(r.bytes([]byte(got))); again != got {
			t.Errorf("%s\nthe second time %s", got, again)
		}
	}
}

func TestRedactHeader(t *testing.T) {
	var r redactor
	r.hide("the-bearer")
	header := http.Header{
		"Authorization":                {"Bearer the-bearer"},
		"Chatgpt-Account-Id":           {"acct"},
		"Set-Cookie":                   {"a=b", "c=d"},
		"X-Api-Key":                    {"k"},
		"X-Echo":                       {"got the-bearer"},
		"Location":                     {"https://blob.test/f?sig=abcdefghijklmnop"},
		"X-Ratelimit-Remaining-Tokens": {"150"},
	}
	want := http.Header{
		"Authorization":                {"[redacted]"},
		"Chatgpt-Account-Id":           {"[redacted]"},
		"Set-Cookie":                   {"[redacted]", "[redacted]"},
		"X-Api-Key":                    {"[redacted]"},
		"X-Echo":                       {"got [redacted]"},
		"Location":                     {"https://blob.test/f?sig=[redacted]"},
		"X-Ratelimit-Remaining-Tokens": {"150"},
	}
	if got := r.header(header); !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
	if header.Get("X-Echo") != "got the-bearer" {
		t.Error("the header itself was changed")
	}
}

// The time is linear even with unterminated quotes.
func TestRedactIsLinear(t *testing.T) {
	text := []byte(`"` + strings.Repeat(`\"`, 4<<20))
	var r redactor
	if got := r.bytes(text); len(got) != len(text) {
		t.Errorf("%d bytes of %d", len(got), len(text))
	}
	if got := replaceMember(text, "upload_url", strings.ToUpper); len(got) != len(text) {
		t.Errorf("%d bytes of %d", len(got), len(text))
	}
}

// Headers and parameters added by a caller are redacted.
func TestRedactRequest(t *testing.T) {
	var r redactor
	header := http.Header{"X-Team": {"hunter2"}, "Cookie": {"a=hunter2"}, "Accept": {"text/plain"}, "X-Codex-Window-Id": {"w:1"}, "X-Codex-Team": {"hunter2"}}
	want := http.Header{"X-Team": {"[redacted]"}, "Cookie": {"[redacted]"}, "Accept": {"text/plain"}, "X-Codex-Window-Id": {"w:1"}, "X-Codex-Team": {"[redacted]"}}
	if got := r.requestHeader(header); !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
	for in, want := range map[string]string{
		"https://a.test/b": "https://a.test/b",
		"https://a.test/b?limit=20&pin=1234&empty=&bare":  "https://a.test/b?limit=20&pin=[redacted]&empty=&bare",
		"https://a.test/b?client_version=0.1&limit=1&a=b": "https://a.test/b?client_version=0.1&limit=1&a=[redacted]",
		"https://u:p@a.test/b?sv=1&sig=2":                 "https://[redacted]@a.test/b?sv=[redacted]&sig=[redacted]",
	} {
		got := r.address(in)
		if got != want {
			t.Errorf("%s became %s", in, got)
		}
		if again := r.address(got); again != got {
			t.Errorf("%s became %s the second time", got, again)
		}
	}
}

// FuzzRedactBytes tests that no secret remains in any text, and that JSON stays valid.
func FuzzRedactBytes(f *testing.F) {
	for _, seed := range []string{
		`{"a":"the-bearer","b":["th\u0065-bearer",1.50]}`, `"\"the-bearer`, `{"cookie":{"a":["x"]},"b":"c"}`,
		"data: {\"a\":\"b\"}\n\ndata: \"the-bearer", `]}"api_key":"x"`, `{"u":"https://a?b=0123456789012345"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var r redactor
		r.hide("the-bearer")
		clean := string(r.bytes([]byte(text)))
		if strings.Contains(clean, "the-bearer") {
			t.Fatalf("%q became %q", text, clean)
		}
		var value any
		if json.Unmarshal([]byte(text), &value) != nil {
			return
		}
		if json.Unmarshal([]byte(clean), &value) != nil {
			t.Fatalf("%q became %q", text, clean)
		}
		if decoded, _ := json.Marshal(value); strings.Contains(string(decoded), "the-bearer") {
			t.Fatalf("%q became %q", text, clean)
		}
		if again := string(r.bytes([]byte(clean))); again != clean {
			t.Fatalf("%q became %q the second time", clean, again)
		}
	})
}
