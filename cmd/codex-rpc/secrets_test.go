package main

import (
	"encoding/json"
	"fmt"
	entities "html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
)

// Secrets of the session, which look like nothing that is known by its looks.
const (
	accessSecret  = "tOk/En+0a1B2c3D4e5F6g7H8~i9_J0-kL=="
	refreshSecret = "rEf/rEsh+9z8Y7x6W5v4U3t2S1~r0_Q9-pO=="
	renewedSecret = "nEw/Er+1q2W3e4R5t6Y7u8I9~o0_P1-aS=="
	keySecret     = "kEy/Of+5m6N7b8V9c0X1z2L3~k4_J5-hG=="
	signedSecret  = "sIg+0123/456789abcdef+ABCDEF="
)

// disguises are the encodings in which a backend may repeat a secret.
var disguises = []struct {
	name  string
	write func(secret string) string
}{
	{"as it is", func(s string) string { return s }},
	{"percent-encoded", url.QueryEscape},
	{"percent-encoded twice", func(s string) string { return url.QueryEscape(url.QueryEscape(s)) }},
	{"every byte percent-encoded", func(s string) string { return eachByte(s, "%%%02x") }},
	{`\u escapes`, func(s string) string { return eachByte(s, `\u%04x`) }},
	{`\x escapes`, func(s string) string { return eachByte(s, `\x%02X`) }},
	{"escaped slashes", func(s string) string { return strings.ReplaceAll(s, "/", `\/`) }},
	{"JSON in a string", func(s string) string { text, _ := json.Marshal(map[string]string{"token": s}); return string(text) }},
	{"JSON in a string, escaped", func(s string) string { return `{"token":"` + eachByte(s, `\u%04x`) + `"}` }},
	{"entities of HTML", func(s string) string { return eachByte(s, "&#x%x;") }},
	{"kept apart by control characters", func(s string) string { return s[:5] + "\x01" + s[5:20] + "\x1b" + s[20:] }},
	{"kept apart by characters of no width", func(s string) string { return s[:5] + "\u200b" + s[5:20] + "\u202e" + s[20:] }},
	{"over several lines", func(s string) string { return s[:12] + "\r\n  " + s[12:24] + "\n" + s[24:] }},
	{"cut off", func(s string) string { return s[:len(s)-4] }},
}

func eachByte(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

// reveals reports whether a text contains most of a secret, in any form that a
// program or a person could read.
func reveals(text, secret string) bool {
	if len(text) < 16 {
		return false
	}
	readings, known := []string{text}, map[string]bool{text: true}
	read := func(t string) {
		if !known[t] {
			readings, known[t] = append(readings, t), true
		}
	}
	for range 3 {
		for _, t := range readings {
			if plain, err := url.PathUnescape(t); err == nil {
				read(plain)
			}
			if plain, err := strconv.Unquote(`"` + strings.ReplaceAll(t, `"`, `\"`) + `"`); err == nil {
				read(plain)
			}
			read(entities.UnescapeString(t))
			read(strings.ReplaceAll(t, `\/`, "/"))
		}
	}
	for t := range known {
		t = strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				return -1
			}
			return r
		}, t)
		if strings.Contains(t, secret[:16]) {
			return true
		}
	}
	return false
}

// stringsOf calls each with every string in a decoded JSON text, including
// names.
func stringsOf(v any, each func(string)) {
	switch v := v.(type) {
	case string:
		each(v)
	case []any:
		for _, element := range v {
			stringsOf(element, each)
		}
	case map[string]any:
		for name, value := range v {
			each(name)
			stringsOf(value, each)
		}
	}
}

func jsonString(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

// streamOf responds with events.
func streamOf(events ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, sse(events...))
	}
}

func bodyOf(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

// echoes are the places in which a backend may repeat a secret in an encoding.
var echoes = []struct {
	place  string
	method string // and parameters; "" is responses.create
	answer func(disguised string) http.HandlerFunc
}{
	{"message of an error", "", func(s string) http.HandlerFunc {
		return bodyOf(400, `{"error":{"message":`+jsonString("bad token "+s)+`}}`)
	}},
	{"code and type of an error", "", func(s string) http.HandlerFunc {
		return bodyOf(500, `{"error":{"code":`+jsonString(s)+`,"type":`+jsonString(s)+`,"plan_type":`+jsonString(s)+`}}`)
	}},
	{"name of a member", "", func(s string) http.HandlerFunc { return bodyOf(400, `{"detail":{`+jsonString(s)+`:1}}`) }},
	{"a body of text", "", func(s string) http.HandlerFunc { return bodyOf(400, "bad token: "+s) }},
	{"a long body of text", "", func(s string) http.HandlerFunc { return bodyOf(400, strings.Repeat("x", 185)+s) }},
	{"a page", "", func(s string) http.HandlerFunc { return bodyOf(403, "<html>"+s+"</html>") }},
	{"headers", "", func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Request-Id", s)
			w.Header().Set("X-Codex-Echo", s)
			w.WriteHeader(400)
		}
	}},
	{"an encoding", "", func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Encoding", s) }
	}},
	{"a redirect", "", func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "https://"+url.QueryEscape(s)+".example/?t="+s)
			w.WriteHeader(307)
		}
	}},
	{"JSON in place of a stream", "", func(s string) http.HandlerFunc { return bodyOf(200, `{"error":`+jsonString("x "+s)+`}`) }},
	{"an error event", "", func(s string) http.HandlerFunc {
		return streamOf(created, `{"type":"error","error":{"message":`+jsonString(s)+`,"detail":[`+jsonString(s)+`]}}`)
	}},
	{"response.failed", "", func(s string) http.HandlerFunc {
		return streamOf(created, `{"type":"response.failed","response":{"error":{"code":`+jsonString(s)+`,"message":`+jsonString(s)+`}}}`)
	}},
	{"an error event of text", "", func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			io.WriteString(w, "event: error\ndata: "+strings.NewReplacer("\n", " ", "\r", " ").Replace(s)+"\n\n")
		}
	}},
	{"the beginning of a broken stream", `responses.create {"input":"x"}`, func(s string) http.HandlerFunc {
		return streamOf(`{"type":"response.created","response":{"id":`+jsonString(s)+`}}`,
			`{"type":"response.output_item.done","item":{"type":"message","content":[{"type":"output_text","text":`+jsonString(s)+`}],`+jsonString(s)+`:1}}`,
			`{"type":"response.output_text.delta","delta":`+jsonString(s[:len(s)/2])+`}`, `{"type":"response.output_text.delta","delta":`+jsonString(s[len(s)/2:])+`}`)
	}},
	{"a refusal", `responses.parse {"input":"x","text_format":{"name":"n","schema":{"type":"object"}}}`, func(s string) http.HandlerFunc {
		return streamOf(`{"type":"response.completed","response":{"output":[{"type":"message","content":[{"type":"refusal","refusal":` + jsonString("I will not: "+s) + `}]}]}}`)
	}},
	{"a text that does not fit", `responses.parse {"input":"x","text_format":{"name":"n","schema":{"type":"object","additionalProperties":false}}}`, func(s string) http.HandlerFunc {
		return streamOf(`{"type":"response.completed","response":{"output":[{"type":"message","content":[{"type":"output_text","text":` + jsonString(`{`+jsonString(s)+`:1}`) + `}]}]}}`)
	}},
	{"an incomplete response", `responses.parse {"input":"x","text_format":{"name":"n","schema":{"type":"object"}}}`, func(s string) http.HandlerFunc {
		return streamOf(`{"type":"response.incomplete","response":{"incomplete_details":{"reason":` + jsonString(s) + `}}}`)
	}},
	{"a compaction", `responses.compact {"input":[{"role":"user","content":"x"}]}`, func(s string) http.HandlerFunc {
		return streamOf(`{"type":"response.completed","response":{"status":` + jsonString(s) + `,"output":[]}}`)
	}},
	{"the answer to an upload's end", `files.upload {"path":"FILE"}`, func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == "PUT":
			case strings.HasSuffix(r.URL.Path, "/uploaded"):
				bodyOf(200, `{"status":"error","error_message":`+jsonString(s)+`}`)(w, r)
			default:
				bodyOf(200, `{"file_id":`+jsonString(s)+`,"upload_url":"http://`+r.Host+`/put"}`)(w, r)
			}
		}
	}},
	{"the refusal of an upload", `files.upload {"path":"FILE"}`, func(s string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if r.Method == "PUT" {
				bodyOf(403, "<Error><Message>"+s+"</Message><Url>"+r.URL.String()+"</Url></Error>")(w, r)
			} else {
				bodyOf(200, `{"file_id":"f","upload_url":"http://`+r.Host+`/put?sig=`+url.QueryEscape(signedSecret)+`"}`)(w, r)
			}
		}
	}},
	{"the path of a request, in the log", `codex.tasks.retrieve {"task_id":SECRET}`, func(s string) http.HandlerFunc { return bodyOf(404, `{}`) }},
	{"a token from before a renewal", "", nil},
}

// TestSecretsComeOutNowhere checks that a secret repeated by the backend, in
// any encoding, is in no error, partial response, failed event or log line.
func TestSecretsComeOutNowhere(t *testing.T) {
	var mu sync.Mutex
	var answer http.HandlerFunc
	issued := 0
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		mu.Lock()
		h := answer
		mu.Unlock()
		if r.URL.Path == "/oauth/token" {
			issued++
			fmt.Fprintf(w, `{"access_token":%q,"refresh_token":%q}`, fmt.Sprint(renewedSecret, issued), refreshSecret)
			return
		}
		h(w, r)
	}))
	t.Cleanup(backend.Close)
	dir := t.TempDir()
	document := fmt.Sprintf(`{"auth_mode":"chatgpt","OPENAI_API_KEY":%q,"tokens":{"id_token":"e30.e30.e30","access_token":%q,"refresh_token":%q,"account_id":"acct-1"}}`,
		keySecret, accessSecret, refreshSecret)
	if err := os.WriteFile(filepath.Join(dir, "auth.json"), []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "file.txt")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(built(t, "."), "--chatgpt-base-url", backend.URL+"/backend-api", "--auth-issuer", backend.URL, "--log-level", "debug", "--max-retries", "0", "--model", "gpt-5.5")
	cmd.Env = append(os.Environ(), "CODEX_HOME="+dir)
	host := startCommand(t, cmd)
	hangs := time.AfterFunc(patience, func() { host.cmd.Process.Kill() })
	defer hangs.Stop()

	id := 0
	for _, echo := range echoes {
		t.Run(echo.place, func(t *testing.T) {
			tried, blanked, shown := 0, 0, 0
			for _, disguise := range disguises {
				for _, secret := range []string{accessSecret, refreshSecret, keySecret} {
					disguised := disguise.write(secret)
					handler := echo.answer
					if handler == nil {
						if secret != accessSecret {
							continue
						}
						before := fmt.Sprint(renewedSecret, issued)
						if issued == 0 {
							before = accessSecret
						}
						disguised = disguise.write(before)
						handler = func(s string) http.HandlerFunc {
							tries := 0
							return func(w http.ResponseWriter, r *http.Request) {
								if tries++; tries == 1 {
									bodyOf(401, `{}`)(w, r)
								} else {
									bodyOf(400, `{"detail":`+jsonString(s)+`}`)(w, r)
								}
							}
						}
					}
					mu.Lock()
					answer = handler(disguised)
					mu.Unlock()
					method, params, _ := strings.Cut(echo.method, " ")
					if method == "" {
						method, params = "responses.create", `{"input":"x","stream":true}`
					}
					params = strings.NewReplacer("FILE", file, "SECRET", jsonString(secret)).Replace(params)
					id++
					host.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`, id, method, params))
					for answered := false; !answered; {
						line, err := host.out.ReadBytes('\n')
						if err != nil {
							t.Fatalf("%v; stderr: %s", err, &host.log)
						}
						var m map[string]any
						if err := json.Unmarshal(line, &m); err != nil {
							t.Fatal(err)
						}
						answered = m["id"] != nil
						if answered && strings.Contains(string(line), "[redacted]") {
							blanked++
						}
						if answered && m["error"] == nil {
							t.Fatalf("%s: no error, but %s", disguise.name, line)
						}
						stringsOf(m, func(text string) {
							for _, hidden := range []string{secret, signedSecret, renewedSecret} {
								if reveals(text, hidden) {
									shown++
									t.Errorf("%s: %q in %.300s", disguise.name, text, line)
								}
							}
						})
						message, _ := m["error"].(map[string]any)
						if text, _ := message["message"].(string); strings.ContainsFunc(text, func(r rune) bool {
							return unicode.IsControl(r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
						}) {
							t.Errorf("%s: the message %q", disguise.name, text)
						}
					}
					tried++
				}
			}
			t.Attr("table", "secrets")
			t.Attr("place", echo.place)
			t.Attr("tried", fmt.Sprint(tried))
			t.Attr("blanked", fmt.Sprint(blanked))
			t.Attr("shown", fmt.Sprint(shown))
		})
	}
	host.in.Close()
	if code := host.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	for line := range strings.Lines(host.log.String()) {
		for _, hidden := range []string{accessSecret, refreshSecret, keySecret, signedSecret, renewedSecret} {
			if reveals(line, hidden) {
				t.Errorf("in the log: %s", line)
			}
		}
	}
	if !strings.Contains(host.log.String(), "path=") {
		t.Error("the log has no paths")
	}
}
