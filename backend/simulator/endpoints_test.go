package simulator

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"image/png"
	"math"
	"mime/multipart"
	"net/url"
	"strings"
	"testing"
)

// TestEndpoints tests a success and the errors of each endpoint that has no test of its own.
func TestEndpoints(t *testing.T) {
	const b = "/backend-api"
	for _, c := range []struct {
		method, path, body string
		status             int
		at                 string // path in the answer
		want               any
	}{
		{"GET", b + "/codex/models", "", 400, "detail.0.msg", "Field required"},
		{"POST", b + "/codex/memories/trace_summarize", `{"model":"gpt-5.5","traces":[{"id":"t1","items":[1,2]}]}`, 200, "output.0.trace_summary", "Trace t1 holds 2 items."},
		{"POST", b + "/codex/memories/trace_summarize", `{"model":"m"}`, 400, "detail", "Model and traces are required"},
		{"POST", b + "/codex/memories/trace_summarize", `{"model":5}`, 400, "error.param", "model"},
		{"GET", b + "/wham/usage", "", 200, "rate_limit.primary_window.limit_window_seconds", 18000.0},
		{"GET", b + "/wham/config/requirements", "", 200, "requirements.0.name", "sandbox"},
		{"GET", b + "/memories", "", 200, "memory_max_tokens", 12000.0},
		{"GET", b + "/user_system_messages", "", 200, "object", "user_system_message_detail"},
		{"GET", b + "/wham/tasks/list", "", 200, "cursor", nil},
		{"GET", b + "/wham/tasks/list?limit=2", "", 200, "cursor", "after_2"},
		{"GET", b + "/wham/tasks/list?limit=2&cursor=after_2", "", 200, "items.0.id", "task_3"},
		{"GET", b + "/wham/tasks/list?limit=2&cursor=after_4", "", 200, "cursor", nil},
		{"GET", b + "/wham/tasks/list?cursor=after_99", "", 200, "cursor", nil},
		{"GET", b + "/wham/tasks/list?task_filter=archived", "", 200, "items.1.id", "task_4"},
		{"GET", b + "/wham/tasks/list?task_filter=current&environment_id=env_2", "", 200, "items.0.id", "task_5"},
		{"GET", b + "/wham/tasks/list?limit=0", "", 422, "detail", "limit must be a whole number from 1 to 100"},
		{"GET", b + "/wham/tasks/list?cursor=7", "", 400, "detail", "Invalid cursor"},
		{"GET", b + "/wham/tasks/list?task_filter=x", "", 422, "detail", "task_filter must be one of all, current, active, archived"},
		{"GET", b + "/wham/tasks/task_1", "", 200, "current_user_turn.items.0.content.0.text", "Fix the login page"},
		{"GET", b + "/wham/tasks/task%2F1", "", 404, "detail", "Task not found"},
		{"GET", b + "/wham/tasks/task_1/turns", "", 200, "turn_mapping.task_1_turn_2.parent", "task_1_turn_1"},
		{"GET", b + "/wham/tasks/none/turns", "", 404, "detail", "Task not found"},
		{"GET", b + "/wham/tasks/task_1/turns/task_1_turn_2/sibling_turns", "", 200, "sibling_turns.0.id", "task_1_turn_2_b"},
		{"GET", b + "/wham/tasks/task_1/turns/x/sibling_turns", "", 404, "detail", "Turn not found"},
		{"GET", b + "/wham/tasks/x/turns/x/sibling_turns", "", 404, "detail", "Task not found"},
		{"GET", b + "/wham/tasks/task_1/turns/task_1_turn_1", "", 200, "turn.items.0.role", "user"},
		{"GET", b + "/wham/tasks/task_1/turns/task_1_turn_2/logs", "", 200, "logs.2", "Done."},
		{"POST", b + "/wham/tasks/task_1/turns/task_1_turn_2/pr", `{"title":"t"}`, 200, "url", "https://example.test/pull/task_1_turn_2"},
		{"GET", b + "/wham/tasks/task_1/turns/x/logs", "", 404, "detail", "Turn not found"},
		{"POST", b + "/wham/tasks", `{}`, 422, "detail.0.loc.2", "environment_id"},
		{"POST", b + "/wham/tasks", `{"new_task":{"environment_id":"env_1"}}`, 422, "detail.0.loc.1", "input_items"},
		{"POST", b + "/wham/tasks", `{"new_task":{"environment_id":"env_9"},"input_items":[]}`, 404, "detail", "Environment not found"},
		{"POST", b + "/wham/tasks/none/archive", "", 404, "detail", "Task not found"},
		{"POST", b + "/wham/tasks/task_1/burn", "", 404, "detail", "Not Found"},
		{"GET", b + "/wham/environments/search?query=oc", "", 200, "items.0.id", "env_2"},
		{"GET", b + "/wham/environments/env_1/with-creator-and-machine", "", 200, "machine.id", "machine_1"},
		{"GET", b + "/wham/environments/env_9/with-creator-and-machine", "", 404, "detail", "Environment not found"},
		{"GET", b + "/wham/environments/by-repo/gitlab/o/docs", "", 422, "detail", "provider must be github"},
		{"GET", b + "/wham/accounts/check", "", 200, "accounts.0.workspace_backend_origin", "NO_CONSTRAINT"},
		{"GET", b + "/wham/rate-limit-reset-credits", "", 200, "available_count", 1.0},
		{"POST", b + "/wham/rate-limit-reset-credits/consume", `{}`, 422, "detail.0.msg", "Field required"},
		{"POST", b + "/wham/rate-limit-reset-credits/consume", `{"redeem_request_id":"r","credit_id":"x"}`, 200, "code", "no_credit"},
		{"POST", b + "/codex/images/generations", `{"prompt":"p","model":"any","n":2,"size":"auto"}`, 200, "data.1.revised_prompt", "p"},
		{"POST", b + "/codex/images/generations", `{"prompt":""}`, 400, "error.param", "prompt"},
		{"POST", b + "/codex/images/generations", `{"prompt":"p","n":0}`, 400, "error.param", "n"},
		{"POST", b + "/codex/images/edits", `{"prompt":"p","images":[{"image_url":"data:image/png;base64,AA=="},{"file_id":"f"}],"mask":{"file_id":"m"}}`, 200, "quality", "medium"},
		{"POST", b + "/codex/images/edits", `{"prompt":"p","images":[]}`, 400, "error.param", "images"},
		{"POST", b + "/codex/images/edits", `{"prompt":"p","images":[{}]}`, 400, "error.param", "images"},
		{"POST", b + "/codex/images/edits", `{"prompt":"p","images":[{"file_id":"f"}],"mask":{}}`, 400, "error.param", "mask"},
		{"POST", b + "/codex/alpha/search", `{"id":"s","model":"gpt-5.5","commands":{"search_query":[{"q":"a"},{"q":"b"}]}}`, 200, "results.1.title", "b"},
		{"POST", b + "/codex/alpha/search", `{"id":"s","model":"gpt-5.5"}`, 200, "output", "The mock found nothing more."},
		{"POST", b + "/codex/alpha/search", `{"model":"gpt-5.5"}`, 400, "error.param", "id"},
		{"POST", b + "/codex/alpha/search", `{"id":"s","model":"gpt-5.4"}`, 400, "detail", "The 'gpt-5.4' model is not supported when using Codex with a ChatGPT account."},
		{"POST", b + "/codex/alpha/search", `{"id":"s","model":"gpt-5.5","max_output_tokens":0}`, 400, "error.param", "max_output_tokens"},
		{"GET", b + "/nowhere", "", 404, "detail", "Not Found: GET /backend-api/nowhere"},
		{"POST", b + "/memories", "", 404, "detail", "Not Found: POST /backend-api/memories"},
	} {
		w := do(newServer(t, ""), c.method, c.path, c.body)
		if w.Code != c.status || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: %d %s", c.method, c.path, w.Code, w.Body)
			continue
		}
		if got := at(t, object(t, w.Body.Bytes()), c.at); got != c.want {
			t.Errorf("%s %s: %s is %v, want %v", c.method, c.path, c.at, got, c.want)
		}
	}
	if w := do(newServer(t, ""), "GET", b+"/wham/environments", ""); !strings.HasPrefix(w.Body.String(), `[{"id":"env_1","label":"default"`) {
		t.Errorf("environments: %s", w.Body)
	}
}

// A new task is listed, with its changes.
func TestTasks(t *testing.T) {
	const tasks = "/backend-api/wham/tasks"
	s := newServer(t, "")
	w := do(s, "POST", tasks, `{"new_task":{"environment_id":"env_2"},"input_items":[{"type":"message","role":"user","content":[{"content_type":"text","text":"fix"}]}]}`)
	id := at(t, object(t, w.Body.Bytes()), "task.id").(string)
	for _, c := range []struct {
		change, member string
		want           any
	}{
		{"", "title", "fix"},
		{"", "has_unread_turn", true},
		{"mark_read", "has_unread_turn", false},
		{"archive", "archived", true},
		{"recover", "archived", false},
		{"cancel", "task_status_display.state", "cancelled"},
	} {
		if c.change != "" {
			if w := do(s, "POST", tasks+"/"+id+"/"+c.change, ""); w.Code != 200 {
				t.Errorf("%s: %d %s", c.change, w.Code, w.Body)
			}
		}
		if got := at(t, object(t, do(s, "GET", tasks+"/"+id, "").Body.Bytes()), "task."+c.member); got != c.want {
			t.Errorf("%s: %s is %v", c.change, c.member, got)
		}
	}
	if list := object(t, do(s, "GET", tasks+"/list", "").Body.Bytes()); at(t, list, "items.5.id") != id {
		t.Errorf("%v", list)
	}
}

// A credit is redeemed once, however often the request is repeated.
func TestResetCredits(t *testing.T) {
	const credits = "/backend-api/wham/rate-limit-reset-credits"
	s := newServer(t, "")
	for i, want := range []string{"reset", "already_redeemed", "no_credit"} {
		request := []string{"a", "a", "b"}[i]
		if got := at(t, object(t, do(s, "POST", credits+"/consume", `{"redeem_request_id":"`+request+`"}`).Body.Bytes()), "code"); got != want {
			t.Errorf("request %d: %v", i, got)
		}
	}
	if spent := object(t, do(s, "GET", credits+"/history", "").Body.Bytes()); at(t, spent, "items.0.id") != "credit_1" {
		t.Errorf("%v", spent)
	}
	list := object(t, do(s, "GET", credits, "").Body.Bytes())
	if list["available_count"] != 0.0 || list["total_earned_count"] != 1.0 || at(t, list, "credits.0.status") != "redeemed" {
		t.Errorf("%v", list)
	}
}

func TestPixel(t *testing.T) {
	data, err := base64.StdEncoding.DecodeString(pixel)
	if err != nil {
		t.Fatal(err)
	}
	if shown, err := png.Decode(bytes.NewReader(data)); err != nil || shown.Bounds().Dx() != 1 || shown.Bounds().Dy() != 1 {
		t.Errorf("%v", err)
	}
}

func TestStats(t *testing.T) {
	s := newServer(t, "status=500")
	do(s, "GET", "/backend-api/wham/tasks/a", "")
	do(s, "GET", "/backend-api/wham/tasks/b", "", "Authorization: ")
	before := s.Stats()
	do(s, "GET", "/backend-api/wham/tasks/b", "")
	if n := before.Requests["GET /backend-api/wham/tasks/{task}"]; n != 2 {
		t.Errorf("counted %d: %v", n, before.Requests)
	}
}

func TestRealtime(t *testing.T) {
	const offer = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
	for _, c := range []struct {
		kind, body string
		status     int
	}{
		{"application/sdp", offer, 201},
		{"application/json; charset=utf-8", `{"sdp":` + string(encode(offer)) + `,"session":{"model":"gpt-realtime"}}`, 201},
		{"application/sdp", "hello", 400},
		{"application/json", `{"session":{}}`, 400},
		{"text/plain", offer, 415},
		{"application/json", `{"sdp":"v=0","session":{"model":"mock:status=503"}}`, 503},
	} {
		w := do(newServer(t, ""), "POST", "/backend-api/codex/realtime/calls?intent=quicksilver&architecture=avas", c.body,
			"Content-Type: "+c.kind, "openai-alpha: quicksilver=v2", "session-id: s", "thread-id: s")
		if w.Code != c.status {
			t.Errorf("%s: %d %s", c.kind, w.Code, w.Body)
		}
		if c.status != 201 {
			continue
		}
		if !strings.HasPrefix(w.Header().Get("Location"), "/v1/realtime/calls/rtc_") || w.Header().Get("Content-Type") != "application/sdp" ||
			!strings.HasPrefix(w.Body.String(), "v=0\r\n") || !strings.Contains(w.Body.String(), "\r\nm=audio 9 ") {
			t.Errorf("%s: %v %q", c.kind, w.Header(), w.Body)
		}
	}
}

func TestFiles(t *testing.T) {
	s := newServer(t, "")
	w := do(s, "POST", "/backend-api/files", `{"file_name":"report.csv","file_size":4,"use_case":"codex"}`)
	created := object(t, w.Body.Bytes())
	id := created["file_id"].(string)
	target, err := url.Parse(created["upload_url"].(string))
	if err != nil || !strings.HasPrefix(target.Query().Get("sig"), hash(id)+"+/=") {
		t.Fatalf("upload_url: %s", created["upload_url"])
	}
	finalize := func() map[string]any {
		w := do(s, "POST", "/backend-api/files/"+id+"/uploaded", `{}`)
		if w.Code != 200 {
			t.Fatalf("finalise: %d %s", w.Code, w.Body)
		}
		return object(t, w.Body.Bytes())
	}
	for range 2 {
		if got := finalize()["status"]; got != "retry" {
			t.Errorf("before the upload: %v", got)
		}
	}
	const none, block = "Authorization: ", "x-ms-blob-type: BlockBlob"
	for _, c := range []struct {
		name, target, body string
		header             []string
		status             int
	}{
		{"bearer", target.RequestURI(), "abcd", []string{block}, 403},
		{"unsigned", target.Path, "abcd", []string{none, block}, 403},
		{"other file", strings.Replace(target.RequestURI(), "file_", "file_0", 1), "abcd", []string{none, block}, 403},
		{"no blob type", target.RequestURI(), "abcd", []string{none}, 400},
		{"too short", target.RequestURI(), "abc", []string{none, block}, 400},
		{"good", target.RequestURI(), "abcd", []string{none, block}, 201},
	} {
		if w := do(s, "PUT", c.target, c.body, c.header...); w.Code != c.status {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
	}
	if got := finalize()["status"]; got != "retry" {
		t.Errorf("first finalise: %v", got)
	}
	for range 2 {
		done := finalize()
		if done["status"] != "success" || done["file_name"] != "report.csv" || done["mime_type"] != "text/csv" || done["download_url"] == "" {
			t.Errorf("finalised: %v", done)
		}
	}
	for _, c := range []struct {
		path, body string
		status     int
	}{
		{"/backend-api/files", `{"file_name":"a","use_case":"codex"}`, 422},
		{"/backend-api/files", `{"file_name":"a","file_size":-1,"use_case":"codex"}`, 413},
		{"/backend-api/files", `{"file_name":"a","file_size":536870913,"use_case":"codex"}`, 413},
		{"/backend-api/files/none/uploaded", `{}`, 404},
	} {
		if w := do(s, "POST", c.path, c.body); w.Code != c.status {
			t.Errorf("%s %s: %d", c.path, c.body, w.Code)
		}
	}
}

func TestMimeType(t *testing.T) {
	for name, want := range map[string]string{
		"a.CSV": "text/csv", "a.txt": "text/plain", "a.md": "text/markdown", "a.json": "application/json", "a.pdf": "application/pdf",
		"a.png": "image/png", "a.jpeg": "image/jpeg", "a": "application/octet-stream",
	} {
		if got := mimeType(name); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func vectors(t *testing.T, members string) [][]float64 {
	t.Helper()
	w := do(newServer(t, ""), "POST", "/v1/embeddings", `{"model":"text-embedding-3-small",`+members+`}`)
	if w.Code != 200 {
		t.Fatalf("%s: %d %s", members, w.Code, w.Body)
	}
	var list [][]float64
	for i, d := range object(t, w.Body.Bytes())["data"].([]any) {
		if at(t, d, "index") != float64(i) {
			t.Errorf("%s: index %v", members, at(t, d, "index"))
		}
		var vector []float64
		switch e := at(t, d, "embedding").(type) {
		case []any:
			for _, x := range e {
				vector = append(vector, x.(float64))
			}
		case string:
			raw, err := base64.StdEncoding.DecodeString(e)
			if err != nil {
				t.Fatal(err)
			}
			for i := 0; i < len(raw); i += 4 {
				vector = append(vector, float64(math.Float32frombits(binary.LittleEndian.Uint32(raw[i:]))))
			}
		}
		list = append(list, vector)
	}
	return list
}

func dot(a, b []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}

func TestEmbeddings(t *testing.T) {
	v := vectors(t, `"input":["the cat sat","the cat slept","profit rose","?"],"dimensions":512`)
	for i := range v {
		if len(v[i]) != 512 || math.Abs(dot(v[i], v[i])-1) > 1e-5 {
			t.Errorf("vector %d: %d long, square %v", i, len(v[i]), dot(v[i], v[i]))
		}
	}
	if near, far := dot(v[0], v[1]), dot(v[0], v[2]); near < 0.4 || far > 0.3 {
		t.Errorf("shared words %v, others %v", near, far)
	}
	same := vectors(t, `"input":"the cat sat","encoding_format":"base64","dimensions":512`)
	if math.Abs(dot(v[0], same[0])-1) > 1e-5 {
		t.Error("base64 encodes another vector")
	}
	for members, n := range map[string]int{`"input":[1,2,3]`: 1, `"input":[[1],[2]]`: 2, `"input":"x"`: 1} {
		if got := vectors(t, members); len(got) != n || len(got[0]) != 1536 {
			t.Errorf("%s: %d vectors of %d", members, len(got), len(got[0]))
		}
	}
	for _, body := range []string{
		`{"input":"x"}`, `{"model":"m","input":""}`, `{"model":"m","input":[]}`, `{"model":"m","input":["a",""]}`, `{"model":"m","input":[[]]}`,
		`{"model":"m","input":{}}`, `{"model":"m"}`, `{"model":"m","input":"x","dimensions":0}`, `{"model":"m","input":"x","dimensions":1537}`,
		`{"model":"m","input":"x","encoding_format":"hex"}`,
	} {
		if w := do(newServer(t, ""), "POST", "/v1/embeddings", body); w.Code != 400 {
			t.Errorf("%s: %d", body, w.Code)
		}
	}
}

// form makes a multipart body of "name=value" fields and a file.
func form(file string, fields ...string) (body, contentType string) {
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	if file != "" {
		part, _ := m.CreateFormFile("file", "clip.wav")
		part.Write([]byte(file))
	}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, "=")
		m.WriteField(name, value)
	}
	m.Close()
	return b.String(), "Content-Type: " + m.FormDataContentType()
}

func TestTranscriptions(t *testing.T) {
	for _, c := range []struct {
		directives, file string
		fields           []string
		status           int
		want             string
	}{
		{"lenient", "RIFF", []string{"model=m", "response_format=text"}, 200, `{"text":"This is a mock transcript of clip.wav, 4 bytes."}`},
		{"lenient,reply=a%20b", "RIFF", []string{"model=m"}, 200, `{"text":"a b"}`},
		{"lenient", "", []string{"model=m"}, 400, "'file'"},
		{"lenient", "RIFF", nil, 400, "model"},
		{"lenient", strings.Repeat("x", maxAudio+1), []string{"model=m"}, 413, "exceeded"},
		{"", "RIFF", []string{"model=mock:status=503"}, 503, "overloaded"},
	} {
		body, kind := form(c.file, c.fields...)
		if w := do(newServer(t, c.directives), "POST", "/backend-api/transcribe", body, kind); w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%s %v: %d %s", c.directives, c.fields, w.Code, w.Body)
		}
	}
	if w := do(newServer(t, "lenient"), "POST", "/backend-api/transcribe", `{}`); w.Code != 400 {
		t.Errorf("JSON: %d", w.Code)
	}
}
