package recording

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const testHeader = `{"type":"header","at":0,"format":1,"codex_rpc":"1.0.0","chatgpt_base_url":"https://chatgpt.test/api","openai_base_url":"https://openai.test"}` + "\n"

// reading returns a player of a recording without its header.
func reading(t *testing.T, lines string) *Player {
	t.Helper()
	p, err := Read(strings.NewReader(testHeader + lines))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// asking returns the body of a player's response, or an error if it is truncated.
func asking(t *testing.T, address, method, target, body string) (*http.Response, string, error) {
	t.Helper()
	req, err := http.NewRequest(method, address+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return resp, string(text), err
}

const ordered = `
{"type":"request","at":1,"exchange":2,"method":"POST","url":"https://chatgpt.test/api/codex/responses?limit=1&cursor=2","text":"{\"a\":[1.0,{\"b\":\"c\"}],\"d\":true}","size":29}
{"type":"request","at":1,"exchange":1,"method":"POST","url":"https://chatgpt.test/api/codex/responses?limit=1&cursor=2","text":"{\"d\":true,\"a\":[1.0,{\"b\":\"c\"}]}","size":29}
{"type":"something new","at":1,"exchange":1}
{"type":"response","at":2,"exchange":1,"status":503,"header":{"X-A":["b","c"],"Content-Length":["1000"],"Date":["Sun, 22 Nov 2026 14:04:21 GMT"]}}
{"type":"chunk","at":2,"exchange":1,"text":"fir"}
{"type":"response","at":2,"exchange":2,"status":200}
{"type":"chunk","at":2,"exchange":2,"base64":"/w=="}
{"type":"chunk","at":2,"exchange":1,"text":"st"}
{"type":"end","at":2,"exchange":1}
{"type":"end","at":3,"exchange":2,"failure":"closed"}
{"type":"request","at":3,"exchange":3,"method":"PUT","url":"https://blob.test/a%2Fb?sig=[redacted]","text":"abc","size":2000000,"truncated":true}
{"type":"response","at":3,"exchange":3,"status":201}
{"type":"end","at":3,"exchange":3}
{"type":"request","at":3,"exchange":4,"method":"GET","url":"https://openai.test/models/x"}
{"type":"response","at":3,"exchange":4,"status":200,"header":{"Content-Encoding":["zip"]},"truncated":true}
{"type":"end","at":3,"exchange":4}
{"type":"request","at":3,"exchange":5,"sign_in":true,"method":"POST","url":"https://auth.test/oauth/token"}
{"type":"response","at":3,"exchange":5,"status":200}
{"type":"end","at":3,"exchange":5}
`

// Equal requests are answered in the recorded order, regardless of the formatting
// of their JSON; others are refused.
func TestPlayer(t *testing.T) {
	player := reading(t, strings.TrimPrefix(ordered, "\n"))
	address := serve(t, player.ServeHTTP)
	const (
		responses = "/backend-api/codex/responses?cursor=2&limit=1"
		body      = `{"a": [1.0, {"b": "c"}], "d": true}`
	)
	for _, test := range []struct {
		name, method, target, body string
		status                     int
		want                       string // the body, or part of the message
	}{
		{"another element", "POST", responses, `{"a":[1.0,{"b":"x"}],"d":true}`, 404, `no such POST /backend-api/codex/responses. The nearest is exchange 1, whose body has "c" at "/a/1/b", not "x".`},
		{"another number", "POST", responses, `{"a":[1,{"b":"c"}],"d":true}`, 404, `has 1.0 at "/a/0", not 1.`},
		{"fewer elements", "POST", responses, `{"a":[1.0],"d":true}`, 404, `has 2 elements at "/a", not 1.`},
		{"another kind", "POST", responses, `{"a":{},"d":true}`, 404, `has [1.0,{"b":"c"}] at "/a", not {}.`},
		{"a member less", "POST", responses, `{"a":[1.0,{"b":"c"}]}`, 404, `whose body has /d.`},
		{"a member more", "POST", responses, `{"a":[1.0,{"b":"c","e/f":1}],"d":true}`, 404, `whose body has no /a/1/e~1f.`},
		{"no JSON", "POST", responses, `a`, 404, `whose body has 29 bytes, not 1.`},
		{"another query", "POST", "/backend-api/codex/responses?limit=1", body, 404, `whose query is "cursor=2&limit=1", not "limit=1".`},
		{"another path", "GET", "/backend-api/wham/usage", "", 404, "The recording has no GET /backend-api/wham/usage. It has GET /v1/models/x (1), POST /backend-api/codex/responses (2), PUT /a%2Fb (1)."},
		{"sign-in", "POST", "/oauth/token", "", 404, "no POST /oauth/token"},
		{"the first", "POST", responses, body, 503, "first"},
		{"the second", "POST", responses, body, 200, "\xff"},
		{"no third", "POST", responses, body, 404, "The nearest is exchange 2, which is identical but was already replayed."},
		{"an upload", "PUT", "/a%2Fb?sig=another-long-signature", strings.Repeat("x", 2_000_000), 201, ""},
		{"compressed", "GET", "/v1/models/x", "", 404, "(exchange 4): it was compressed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			resp, text, err := asking(t, address, test.method, test.target, test.body)
			if err != nil {
				t.Fatal(err)
			}
			var refused struct {
				Error struct{ Code, Message string }
			}
			if resp.StatusCode == 404 {
				if err := json.Unmarshal([]byte(text), &refused); err != nil || refused.Error.Code != "not_recorded" {
					t.Fatalf("%s, %v", text, err)
				}
			}
			if resp.StatusCode != test.status || text != test.want && !(test.status == 404 && strings.Contains(refused.Error.Message, test.want)) {
				t.Errorf("%d %s", resp.StatusCode, text)
			}
			if test.status == 503 && (!slices.Equal(resp.Header["X-A"], []string{"b", "c"}) || resp.Header.Get("Date") != "Sun, 22 Nov 2026 14:04:21 GMT") {
				t.Errorf("%v", resp.Header)
			}
		})
	}
	empty := serve(t, reading(t, "").ServeHTTP)
	if _, text, err := asking(t, empty, "GET", "/", ""); err != nil || !strings.Contains(text, "It has no exchange at all.") {
		t.Errorf("%s, %v", text, err)
	}
}

// A failure is replayed at the same place.
func TestPlayerFails(t *testing.T) {
	const (
		request  = `{"type":"request","at":1,"exchange":1,"method":"POST","url":"https://chatgpt.test/api/a","size":0}` + "\n"
		response = `{"type":"response","at":1,"exchange":1,"status":200}` + "\n" + `{"type":"chunk","at":1,"exchange":1,"text":"part"}` + "\n"
	)
	end := func(failure string) string {
		return `{"type":"end","at":1,"exchange":1,"failure":"` + failure + `"}` + "\n"
	}
	for _, test := range []struct {
		name, lines string
		head        bool // there is a response
		ends        bool // the response ends by itself
		fails       bool
	}{
		{"broken", request + end("broken"), false, true, true},
		{"broken within", request + response + end("broken"), true, true, true},
		{"silent", request + end("silent"), false, false, true},
		{"silent within", request + response + end("silent"), true, false, true},
		{"closed before", request + end("closed"), false, false, true},
		{"closed", request + response + end("closed"), true, true, false},
		{"under way", request, false, false, true},
		{"under way within", request + response, true, false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			player := reading(t, test.lines)
			started, left := make(chan struct{}), make(chan struct{})
			address := serve(t, func(w http.ResponseWriter, r *http.Request) {
				defer close(left)
				close(started)
				player.ServeHTTP(w, r)
			})
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if !test.head && !test.ends {
				go func() { // nothing follows
					<-started
					cancel()
				}()
			}
			resp, err := http.DefaultTransport.RoundTrip(post(t, ctx, address+"/backend-api/a", ""))
			if (err == nil) != test.head {
				t.Fatalf("%+v, %v", resp, err)
			}
			if err == nil {
				defer resp.Body.Close()
				part := make([]byte, 4)
				if _, err := io.ReadFull(resp.Body, part); err != nil || string(part) != "part" {
					t.Fatalf("%q, %v", part, err)
				}
				if !test.ends {
					cancel()
				}
				if rest, err := io.ReadAll(resp.Body); len(rest) > 0 || (err != nil) != test.fails {
					t.Errorf("%q, %v", rest, err)
				}
			}
			select {
			case <-left:
			case <-time.After(30 * time.Second):
				t.Error("the player does not end")
			}
		})
	}
}

// A replay sends nothing to the recorded hosts.
func TestPlayerKeepsRequests(t *testing.T) {
	player := reading(t, `{"type":"request","at":1,"exchange":1,"method":"POST","url":"https://chatgpt.test/api/files","size":0}
{"type":"response","at":1,"exchange":1,"status":200}
{"type":"chunk","at":1,"exchange":1,"text":"{\"upload_url\" : \"https:\\/\\/blob.test/a%2Fb?sv=1\\u0026sig=[redacted]\",\"down"}
{"type":"chunk","at":1,"exchange":1,"text":"load_url\":\"https://blob.test/c\"}"}
{"type":"end","at":1,"exchange":1}
{"type":"request","at":1,"exchange":2,"method":"GET","url":"https://chatgpt.test/api/a"}
{"type":"response","at":1,"exchange":2,"status":307,"header":{"Location":["https://chatgpt.test/api/b?c=d"]}}
{"type":"end","at":1,"exchange":2}
{"type":"request","at":1,"exchange":3,"method":"GET","url":"https://chatgpt.test/api/a"}
{"type":"response","at":1,"exchange":3,"status":307,"header":{"Location":["https://elsewhere.test/b"]}}
{"type":"end","at":1,"exchange":3}
`)
	address := serve(t, player.ServeHTTP)
	_, text, err := asking(t, address, "POST", "/backend-api/files", "")
	var urls struct {
		Upload   string `json:"upload_url"`
		Download string `json:"download_url"`
	}
	if err != nil || json.Unmarshal([]byte(text), &urls) != nil || urls.Upload != address+"/a%2Fb?sv=1&sig=[redacted]" || urls.Download != "https://blob.test/c" {
		t.Errorf("%s, %v", text, err)
	}
	for _, want := range []string{address + "/backend-api/b?c=d", "https://elsewhere.test.invalid/b"} {
		resp, _, err := asking(t, address, "GET", "/backend-api/a", "")
		if err != nil || resp.Header.Get("Location") != want {
			t.Errorf("%v, %v", resp, err)
		}
	}
}

// A timed player replays the recorded delays.
func TestPlayerTimed(t *testing.T) {
	const lines = `{"type":"request","at":100,"exchange":1,"method":"GET","url":"https://chatgpt.test/api/a"}
{"type":"response","at":101,"exchange":1,"status":200}
{"type":"chunk","at":102.5,"exchange":1,"text":"a"}
{"type":"chunk","at":160,"exchange":1,"text":"b"}
{"type":"end","at":161,"exchange":1}
`
	for _, timed := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			player := reading(t, lines)
			player.Timed = timed
			started := time.Now()
			w := &clocked{started: started}
			player.ServeHTTP(w, httptest.NewRequest("GET", "/backend-api/a", nil))
			w.note("end")
			want := "0s head 0s a 0s b 0s end "
			if timed {
				want = "1s head 2.5s a 1m0s b 1m1s end "
			}
			if w.String() != want {
				t.Errorf("timed %t: %s", timed, w)
			}
		})
	}
}

// A clocked is a ResponseWriter that records the times of its calls.
type clocked struct {
	bytes.Buffer
	started time.Time
	header  http.Header
}

func (c *clocked) Header() http.Header {
	if c.header == nil {
		c.header = make(http.Header)
	}
	return c.header
}

func (c *clocked) WriteHeader(int) { c.note("head") }

func (c *clocked) Write(p []byte) (int, error) {
	c.note(string(p))
	return len(p), nil
}

func (c *clocked) note(what string) {
	c.WriteString(time.Since(c.started).String() + " " + what + " ")
}

// endless is a file without lines or an end, as /dev/zero.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestRead(t *testing.T) {
	for _, test := range []struct{ text, fault string }{
		{"", "the file is empty"},
		{"no header", "line 1 cannot be read: EOF"},
		{"no header\n", "line 1 is not a record: "},
		{"{}\n", "line 1 is not a header: the file is not a recording"},
		{`{"type":"header","format":2,"codex_rpc":"9.9.9"}` + "\n", "its format is 2, but only formats up to 1 are supported: replay it with codex-rpc 9.9.9"},
		{testHeader + "{\n" + testHeader, "line 2 is not a record: "},
	} {
		if _, err := Read(strings.NewReader(test.text)); err == nil || !strings.Contains(err.Error(), test.fault) {
			t.Errorf("%q: %v", test.text, err)
		}
	}
	if _, err := Read(endless{}); !errors.Is(err, errNoHeader) {
		t.Errorf("a line without an end: %v", err)
	}
	if _, err := Open("absent"); err == nil {
		t.Error("no error")
	}
}

// A truncated file can be read.
func TestReadCutFile(t *testing.T) {
	whole := testHeader + strings.TrimPrefix(ordered, "\n")
	last := 0
	for n := len(testHeader); n <= len(whole); n++ {
		p, err := Read(strings.NewReader(whole[:n]))
		if err != nil {
			t.Fatalf("%d bytes: %v", n, err)
		}
		if len(p.exchanges) < last {
			t.Fatalf("%d exchanges of %d bytes, %d of less", len(p.exchanges), n, last)
		}
		last = len(p.exchanges)
	}
	if last != 4 {
		t.Errorf("%d exchanges", last)
	}
}

func FuzzRead(f *testing.F) {
	f.Add(testHeader + strings.TrimPrefix(ordered, "\n"))
	f.Add(testHeader + `{"type":"end","exchange":-1}` + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		if x, missing := p.find(requestKey{method: "GET", path: "/"}); x == nil && missing == "" {
			t.Error("no message about the missing exchange")
		}
	})
}
