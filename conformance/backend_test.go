package conformance

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestBackendReplies(t *testing.T) {
	text := "a\r\n"
	b := serve(t, &Step{Backend: []Reply{
		{Status: 201, JSON: json.RawMessage(`{"u":"{{origin}}/up","n":1.0}`)},
		{Status: 200, Events: []json.RawMessage{json.RawMessage(`{"n":1}`), json.RawMessage(`{"n":2}`)}},
		{Status: 429, Headers: map[string]string{"Content-Type": "x/y", "Retry-After": "1.5"}, Text: &text},
	}})
	for _, want := range []struct {
		status            int
		contentType, body string
	}{
		{201, "application/json", `{"u":"` + b.Origin() + `/up","n":1.0}`},
		{200, "text/event-stream", "data: {\"n\":1}\n\ndata: {\"n\":2}\n\n"},
		{429, "x/y", "a\r\n"},
		{400, "", "the script has no answer to request 4"},
	} {
		r, err := http.Get(b.Origin())
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || r.StatusCode != want.status || r.Header.Get("Content-Type") != want.contentType || string(body) != want.body {
			t.Errorf("want %+v, got %d %s %q, %v", want, r.StatusCode, r.Header.Get("Content-Type"), body, err)
		}
	}
	if got := len(b.Requests()); got != 4 {
		t.Errorf("%d requests were recorded", got)
	}
	if got := b.Faults(); len(got) != 5 || got[0] != "requests: want 0, got 4" {
		t.Errorf("faults: %q", got)
	}
}

// TestBackendOfSeveralSteps checks that the replies and the expected requests
// of the steps follow each other, and that pauses count within a step.
func TestBackendOfSeveralSteps(t *testing.T) {
	reply := []Reply{{Status: 200, JSON: json.RawMessage("1")}}
	get := func(path string) Request { return Request{Method: "GET", Path: path} }
	b := serve(t,
		&Step{Backend: append(reply, reply...), Expect: Expect{Requests: []Request{get("/a"), get("/b")}, PausesS: []float64{0}}},
		&Step{Backend: reply, Expect: Expect{Requests: []Request{get("/c")}}},
		&Step{Backend: append(reply, reply...), Expect: Expect{Requests: []Request{get("/d"), get("/e")}, PausesS: []float64{5}}})
	for _, path := range []string{"/a", "/b", "/x", "/d", "/e"} {
		r, err := http.Get(b.Origin() + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != 200 {
			t.Errorf("%s: status %d", path, r.StatusCode)
		}
	}
	got := strings.Join(b.Faults(), "\n")
	for _, want := range []string{`requests[2].path: want "/c", got "/x"`, "pauses_s[0]: want 5s to 6.5s"} {
		if !strings.Contains(got, want) {
			t.Errorf("want a fault with %q, got:\n%s", want, got)
		}
	}
	if n := strings.Count(got, "\n"); n != 1 {
		t.Errorf("want two faults, got:\n%s", got)
	}
}

func TestBackendRecords(t *testing.T) {
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	parts.WriteField("z", "last")
	file, err := parts.CreateFormFile("file", "a b.wav")
	if err != nil {
		t.Fatal(err)
	}
	file.Write([]byte("RIFF"))
	parts.Close()
	for _, tc := range []struct{ path, contentType, body, want string }{
		{"/a%2Fb?q=c+1&r=1&r=2", "", "", `{"method":"POST","path":"/a%2Fb","query":{"q":"c 1","r":"1, 2"}}`},
		{"/", "application/json; charset=utf-8", `{"n":1.0}`,
			`{"method":"POST","path":"/","headers":{"content-type":"application/json","content-length":"9"},"json":{"n":1.0}}`},
		{"/", "application/json", `{`, `{"method":"POST","path":"/","text":"{"}`},
		{"/", "application/sdp", "v=0\r\n", `{"method":"POST","path":"/","headers":{"content-type":"application/sdp"},"text":"v=0\r\n"}`},
		{"/", "", "\x89PNG", `{"method":"POST","path":"/","headers":{"x-absent":null},"base64":"iVBORw=="}`},
		{"/", parts.FormDataContentType(), form.String(), `{"method":"POST","path":"/","headers":{"content-type":"multipart/form-data"},
			"multipart":[{"name":"file","filename":"a b.wav","base64":"UklGRg=="},{"name":"z","text":"last"}]}`},
		{"/", "multipart/form-data; boundary=x", "broken", `{"method":"POST","path":"/","text":"multipart: NextPart: EOF"}`},
	} {
		var want Request
		if err := json.Unmarshal([]byte(tc.want), &want); err != nil {
			t.Fatal(err)
		}
		b := serve(t, &Step{Backend: []Reply{{Status: 200, JSON: json.RawMessage("1")}}, Expect: Expect{Requests: []Request{want}}})
		r, err := http.Post(b.Origin()+tc.path, tc.contentType, strings.NewReader(tc.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if faults := b.Faults(); len(faults) > 0 {
			t.Errorf("%s %q: %q", tc.path, tc.body, faults)
		}
	}
}

func TestDiffRequest(t *testing.T) {
	x, y := "x", "y"
	header := func(value string) json.RawMessage { return mustMarshal(value) }
	base := Request{Method: "POST", Path: "/p", Query: map[string]string{"q": "1"},
		Headers:   map[string]json.RawMessage{"accept": header(x), "cookie": json.RawMessage("null"), "content-type": header("multipart/form-data")},
		Multipart: []Part{{Name: "a", Text: &x}, {Name: "f", Filename: "f.wav", Base64: []byte("RIFF")}}}
	for fault, change := range map[string]func(*Request){
		"":                            func(r *Request) { r.Multipart[1].ContentType = "audio/wav"; r.Headers["more"] = header(y) },
		"r.method: want":              func(r *Request) { r.Method = "PUT" },
		"r.path: want":                func(r *Request) { r.Path = "/p/" },
		"r.query.q: want":             func(r *Request) { r.Query = map[string]string{"q": "2"} },
		"r.query.z: unexpected":       func(r *Request) { r.Query["z"] = "1" },
		"r.headers.accept: want":      func(r *Request) { r.Headers["accept"] = header(y) },
		"r.headers.cookie: want":      func(r *Request) { r.Headers["cookie"] = header(y) },
		"r.json: unexpected":          func(r *Request) { r.JSON = json.RawMessage("{}") },
		"r.multipart: want 2":         func(r *Request) { r.Multipart = r.Multipart[:1] },
		"r.multipart[0].text: want":   func(r *Request) { r.Multipart[0].Text = &y },
		"r.multipart[1].base64: want": func(r *Request) { r.Multipart[1].Base64 = []byte("RIFX") },
	} {
		got := base
		got.Query, got.Headers, got.Multipart = merged(base.Query, nil), merged(base.Headers, nil), slices.Clone(base.Multipart)
		delete(got.Headers, "cookie")
		change(&got)
		faults := diffRequest("r", base, got)
		if fault == "" && len(faults) > 0 || fault != "" && (len(faults) != 1 || !strings.HasPrefix(faults[0], fault)) {
			t.Errorf("want the one fault %q, got %q", fault, faults)
		}
	}
}

func serve(t *testing.T, steps ...*Step) *Backend {
	t.Helper()
	c := Case{}
	for _, s := range steps {
		s.Call.Params = json.RawMessage(`{}`)
		c.Steps = append(c.Steps, *s)
	}
	b, err := Serve(&c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	if u, err := url.Parse(b.Origin()); err != nil || u.Hostname() != "127.0.0.1" || u.Path != "" {
		t.Fatalf("origin %s, %v", b.Origin(), err)
	}
	return b
}
