package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A trap is an address to which nothing may connect.
type trap struct {
	net.Listener
	sprung atomic.Int32
}

func setTrap(t testing.TB) *trap {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	trap := &trap{Listener: listener}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			trap.sprung.Add(1)
			c.Close()
		}
	}()
	t.Cleanup(func() {
		listener.Close()
		<-done
	})
	return trap
}

// A hostileRecording is made to obtain the file of an upload.
type hostileRecording struct {
	attack string
	// chunks are the pieces of the answer to POST /files, in which {trap} is
	// the author's address.
	chunks []string
	base64 bool   // whether the pieces are in base64
	header string // of that answer, members of a JSON object
	status int    // of that answer; 0: 200
	put    string // an answer to the upload: its header
	bases  bool   // the author's address is that of the bases
}

var hostileRecordings = []hostileRecording{
	{attack: "the plain URL", chunks: []string{`{"file_id":"f","upload_url":"http://{trap}/up?a=b"}`}},
	{attack: "an escaped member name", chunks: []string{`{"file_id":"f","upload\u005furl":"http://{trap}/up"}`}},
	{attack: "a chunk in base64", base64: true, chunks: []string{`{"file_id":"f","upload_url":"http://{trap}/up"}`}},
	{attack: "a member name split over chunks", chunks: []string{`{"file_id":"f","upload`, `_url":"http://{trap}/up"}`}},
	{attack: "a URL split over chunks", chunks: []string{`{"file_id":"f","upload_url":"ht`, `tp://{tr`, `ap}/up"}`}},
	{attack: "an event stream", header: `"Content-Type":["text/event-stream"]`, chunks: []string{`{"file_id":"f","upload_url":"http://{trap}/up"}`}},
	{attack: "an event stream in base64, escaped and split", base64: true, header: `"Content-Type":["text/event-stream"]`,
		chunks: []string{`{"file_id":"f","upload_u`, `\u0072l":"http:\/\/{tr`, `ap}\/up"}`}},
	{attack: "the member given twice", chunks: []string{`{"upload_url":"http://{trap}/1","file_id":"f","upload_url":"http://{trap}/2"}`}},
	{attack: "a URL without a scheme", chunks: []string{`{"file_id":"f","upload_url":"//{trap}/up"}`}},
	{attack: "a URL with a user", chunks: []string{`{"file_id":"f","upload_url":"http://127.0.0.1:1@{trap}/up"}`}},
	{attack: "https", chunks: []string{`{"file_id":"f","upload_url":"https://{trap}/up"}`}},
	{attack: "a name in capitals", chunks: []string{`{"file_id":"f","Upload_URL":"http://{trap}/up"}`}},
	{attack: "UTF-16", base64: true, chunks: []string{widened(`{"file_id":"f","upload_url":"http://{trap}/up"}`)}},
	{attack: "a redirect of the upload", put: `"Location":["http://{trap}/up"]`, chunks: []string{`{"file_id":"f","upload_url":"https://blob.test/up"}`}},
	{attack: "a redirect of the upload, the header in small letters", put: `"location":["http://{trap}/up"]`, chunks: []string{`{"file_id":"f","upload_url":"https://blob.test/up"}`}},
	{attack: "a redirect of the upload, without a scheme", put: `"Location":["//{trap}/up"]`, chunks: []string{`{"file_id":"f","upload_url":"https://blob.test/up"}`}},
	{attack: "a redirect of the upload, one of two", put: `"Location":["/up","http://{trap}/up"]`, chunks: []string{`{"file_id":"f","upload_url":"https://blob.test/up"}`}},
	{attack: "a redirect of the call", status: 307, header: `"Location":["http://{trap}/backend-api/files"]`, chunks: []string{`{}`}},
	{attack: "bases at the author's", bases: true, chunks: []string{`{"file_id":"f","upload_url":"http://{trap}/up"}`}},
}

// widened returns a text in a form that Python's json module also accepts.
func widened(text string) string {
	var wide strings.Builder
	for _, c := range text {
		wide.Write([]byte{0, byte(c)})
	}
	return wide.String()
}

// write writes the recording and returns its path.
func (h *hostileRecording) write(t testing.TB, trap string) string {
	t.Helper()
	base := "https://chatgpt.com/backend-api"
	if h.bases {
		base = "http://" + trap
	}
	header := `"Content-Type":["application/json"]`
	if h.header != "" {
		header = h.header
	}
	authors := strings.NewReplacer("{trap}", trap, "{tr", trap[:4], "ap}", trap[4:])
	var text strings.Builder
	fmt.Fprintf(&text, `{"type":"header","at":0,"format":1,"codex_rpc":"0.1.0","chatgpt_base_url":%q,"openai_base_url":"https://api.openai.com/v1"}`+"\n", base)
	fmt.Fprintf(&text, `{"type":"request","at":1,"exchange":1,"method":"POST","url":"%s/files","truncated":true,"size":%d}`+"\n", base, len(announcement))
	fmt.Fprintf(&text, `{"type":"response","at":1,"exchange":1,"status":%d,"header":{%s}}`+"\n", max(h.status, 200), header)
	for _, chunk := range h.chunks {
		member, value := "text", chunk
		if h.base64 {
			plain := authors.Replace(strings.ReplaceAll(chunk, "\x00", ""))
			if chunk[0] == 0 {
				plain = widened(plain)
			}
			member, value = "base64", base64.StdEncoding.EncodeToString([]byte(plain))
		}
		quoted, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, `{"type":"chunk","at":1,"exchange":1,"%s":%s}`+"\n", member, quoted)
	}
	text.WriteString(`{"type":"end","at":1,"exchange":1}` + "\n")
	for exchange, path := range []string{"/up", "/up?a=b"} {
		status, header := 201, ""
		if h.put != "" {
			status, header = 307, h.put
		}
		fmt.Fprintf(&text, `{"type":"request","at":2,"exchange":%d,"method":"PUT","url":"https://blob.test%s","truncated":true,"size":%d}`+"\n", exchange+2, path, len(secretFile))
		fmt.Fprintf(&text, `{"type":"response","at":2,"exchange":%d,"status":%d,"header":{%s}}`+"\n", exchange+2, status, header)
		fmt.Fprintf(&text, `{"type":"end","at":2,"exchange":%d}`+"\n", exchange+2)
	}
	file := filepath.Join(t.TempDir(), "recording.jsonl")
	if err := os.WriteFile(file, []byte(authors.Replace(text.String())), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const (
	secretFile   = "a secret of this machine\n"
	announcement = `{"file_name":"secret.txt","file_size":25,"use_case":"codex"}`
)

// TestReplayReachesNothingElse checks that a host which replays any recording
// sends no file to anyone: it only connects to the embedded backend.
func TestReplayReachesNothingElse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(file, []byte(secretFile), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, h := range hostileRecordings {
		t.Run(h.attack, func(t *testing.T) {
			trap := setTrap(t)
			recording := h.write(t, trap.Addr().String())
			proxy := "http://" + trap.Addr().String()
			for _, name := range []string{"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"} {
				t.Setenv(name, proxy)
			}
			t.Setenv("NO_PROXY", "")
			for _, name := range []string{"CODEX_REFRESH_TOKEN_URL_OVERRIDE", "CODEX_REVOKE_TOKEN_URL_OVERRIDE"} {
				t.Setenv(name, proxy+"/oauth/token")
			}
			host := start(t, "--replay", recording, "--max-retries", "0")
			host.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"files.upload","params":{"path":%q,"finalize_timeout":0}}`, file))
			answer := host.receive()
			host.in.Close()
			host.exit()
			seen := "a result"
			if answer.Error != nil {
				seen = fmt.Sprintf("%d %s", answer.Error.Code, answer.Error.Data.Type)
			}
			sprung := trap.sprung.Load()
			if sprung > 0 {
				t.Errorf("%d connections to the author of the recording", sprung)
			}
			t.Attr("table", "replay-reaches")
			t.Attr("attack", h.attack)
			t.Attr("files.upload", seen)
			t.Attr("connections-elsewhere", fmt.Sprint(sprung))
			t.Attr("client-of-mock", h.obey(t, recording))
		})
	}
}

// obey replays the recording on a port for a client that follows all redirects,
// and returns the outcome.
func (h *hostileRecording) obey(t *testing.T, recording string) string {
	t.Helper()
	mock := start(t, "mock", "--replay", recording)
	line, err := mock.out.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	base := strings.TrimSpace(line)
	var elsewhere []string
	dead := errors.New("elsewhere")
	client := &http.Client{Timeout: patience, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			if address == strings.TrimPrefix(base, "http://") {
				return new(net.Dialer).DialContext(ctx, network, address)
			}
			// Names below .invalid lead nowhere.
			if name, _, _ := net.SplitHostPort(address); !strings.HasSuffix(name, ".invalid") {
				elsewhere = append(elsewhere, address)
			}
			return nil, dead
		},
	}}
	ask := func(method, address, body string) (string, string) {
		req, err := http.NewRequest(method, address, strings.NewReader(body))
		if err != nil {
			return "no URL", ""
		}
		resp, err := client.Do(req)
		if err != nil {
			return "no answer", ""
		}
		defer resp.Body.Close()
		text, _ := io.ReadAll(resp.Body)
		if len(text) > 1 && text[0] == 0 {
			text = []byte(strings.ReplaceAll(string(text), "\x00", ""))
		}
		return resp.Status[:3], string(text)
	}
	path := "/backend-api/files"
	seen, text := ask("POST", base+path, announcement)
	var created struct {
		URL string `json:"upload_url"`
	}
	if json.Unmarshal([]byte(text), &created) == nil && created.URL != "" {
		status, _ := ask("PUT", created.URL, secretFile)
		seen += ", upload " + status
	}
	if len(elsewhere) > 0 {
		t.Errorf("a client of mock --replay was sent to %v", elsewhere)
	}
	return seen
}

// TestMockUsesNoProxy checks that the embedded backend, and nothing else, is
// reached whatever the proxy settings.
func TestMockUsesNoProxy(t *testing.T) {
	trap := setTrap(t)
	for _, name := range []string{"HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"} {
		t.Setenv(name, "http://"+trap.Addr().String())
	}
	host := start(t, "--mock")
	host.send(`{"jsonrpc":"2.0","id":1,"method":"codex.usage"}`,
		`{"jsonrpc":"2.0","id":2,"method":"authenticate","params":{"force":true}}`,
		`{"jsonrpc":"2.0","id":3,"method":"authenticate","params":{"force":true,"method":"device_code"}}`)
	deadline := time.AfterFunc(patience, func() { host.cmd.Process.Kill() })
	defer deadline.Stop()
	for answered := 0; answered < 3; {
		if m := host.receive(); m.ID != nil {
			answered++
			if m.Error != nil {
				t.Errorf("%s: %+v", m.ID, m.Error)
			}
		}
	}
	if n := trap.sprung.Load(); n > 0 {
		t.Errorf("%d connections to the proxy", n)
	}
}
