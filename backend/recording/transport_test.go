package recording

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// roundTrip is an http.RoundTripper.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// taped returns the records of a use of the transport.
func taped(t *testing.T, next http.RoundTripper, use func(*Recorder, http.RoundTripper)) ([]record, string) {
	t.Helper()
	var file sink
	r := newRecorder(&file, Options{})
	use(r, r.Transport(next))
	r.Close()
	return file.records(t), file.String()
}

func serve(t *testing.T, handler http.HandlerFunc) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

func post(t *testing.T, ctx context.Context, address, body string) *http.Request {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return req
}

func readAll(t *testing.T, transport http.RoundTripper, req *http.Request) string {
	t.Helper()
	resp, err := transport.RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Request != req {
		t.Error("the response belongs to another request")
	}
	return string(text)
}

func TestExchange(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Answer", "yes")
		w.WriteHeader(http.StatusCreated)
		w.Write(append([]byte("got "), body...))
	})
	records, _ := taped(t, http.DefaultTransport, func(_ *Recorder, transport http.RoundTripper) {
		req := post(t, t.Context(), address+"/a?b=c", "hello")
		req.Header.Set("Originator", "yes")
		if got := readAll(t, transport, req); got != "got hello" {
			t.Error(got)
		}
	})
	if len(records) != 4 {
		t.Fatalf("%+v", records)
	}
	for i, want := range []record{
		{Type: typeRequest, Method: "POST", URL: address + "/a?b=[redacted]", Text: "hello", Size: 5},
		{Type: typeResponse, Status: 201},
		{Type: typeChunk, Text: "got hello"},
		{Type: typeEnd},
	} {
		got := records[i]
		if got.Type != want.Type || got.Exchange != 1 || got.Method != want.Method || got.URL != want.URL ||
			got.Text != want.Text || got.Size != want.Size || got.Status != want.Status || got.Failure != "" || got.Truncated {
			t.Errorf("%+v, want %+v", got, want)
		}
		if i > 0 && got.At < records[i-1].At {
			t.Errorf("%f after %f", got.At, records[i-1].At)
		}
	}
	if records[0].Header.Get("Originator") != "yes" || records[1].Header.Get("X-Answer") != "yes" {
		t.Errorf("%+v", records)
	}
}

// A long body is recorded in part, and sent completely.
func TestLongBody(t *testing.T) {
	var got int64
	address := serve(t, func(w http.ResponseWriter, r *http.Request) { got, _ = io.Copy(io.Discard, r.Body) })
	const size = 5 * bodyLimit / 2
	records, _ := taped(t, http.DefaultTransport, func(_ *Recorder, transport http.RoundTripper) {
		readAll(t, transport, post(t, t.Context(), address, strings.Repeat("x", size)))
	})
	if r := records[0]; got != size || r.Size != size || len(r.Text) != bodyLimit || !r.Truncated {
		t.Errorf("%d bytes sent, %d kept of %d, truncated %t", got, len(r.Text), r.Size, r.Truncated)
	}
}

// If net/http reopens a body, the last one is recorded.
func TestBodyAgain(t *testing.T) {
	again := roundTrip(func(req *http.Request) (*http.Response, error) {
		req.Body.Read(make([]byte, 2))
		body, err := req.GetBody()
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(body)
		return &http.Response{StatusCode: 200, Body: io.NopCloser(bytes.NewReader(text)), ContentLength: -1}, err
	})
	records, _ := taped(t, again, func(_ *Recorder, transport http.RoundTripper) {
		if got := readAll(t, transport, post(t, t.Context(), "http://a.test", "hello")); got != "hello" {
			t.Error(got)
		}
	})
	if records[0].Text != "hello" || records[0].Size != 5 {
		t.Errorf("%+v", records[0])
	}
}

// TestExchangeFails tests failures before and during a response.
func TestExchangeFails(t *testing.T) {
	errCause := errors.New("the cause")
	cancelled := func() context.Context {
		ctx, cancel := context.WithCancelCause(context.Background())
		cancel(errCause)
		return ctx
	}
	left := func() context.Context {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		return ctx
	}
	timeout := &url.Error{Op: "Get", URL: "x", Err: context.DeadlineExceeded}
	for _, test := range []struct {
		name    string
		ctx     func() context.Context
		err     error
		failure string
		said    string
	}{
		{"broken", context.Background, io.ErrUnexpectedEOF, failureBroken, "unexpected EOF"},
		{"a timeout of net/http", context.Background, timeout, failureSilent, timeout.Error()},
		{"cancelled", cancelled, io.ErrUnexpectedEOF, failureSilent, "the cause"},
		{"left", left, io.ErrUnexpectedEOF, failureClosed, ""},
		{"closed", context.Background, nil, failureClosed, ""},
		{"cancelled and closed", cancelled, nil, failureSilent, "the cause"},
	} {
		t.Run(test.name, func(t *testing.T) {
			body, w := io.Pipe()
			w.CloseWithError(test.err)
			within := roundTrip(func(*http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, Body: body, ContentLength: -1}, nil
			})
			before := roundTrip(func(*http.Request) (*http.Response, error) { return nil, test.err })
			use := func(_ *Recorder, transport http.RoundTripper) {
				resp, err := transport.RoundTrip(post(t, test.ctx(), "http://a.test", ""))
				if err != nil {
					return
				}
				if test.err != nil {
					io.ReadAll(resp.Body)
				}
				resp.Body.Close()
			}
			runs := []http.RoundTripper{within}
			if test.err != nil {
				runs = append(runs, before)
			}
			for _, next := range runs {
				records, _ := taped(t, next, use)
				if end := records[len(records)-1]; end.Type != typeEnd || end.Failure != test.failure || end.Error != test.said {
					t.Errorf("%+v", end)
				}
			}
		})
	}
}

// A response without a body, such as that to an upload, is complete without being
// read.
func TestNoBody(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {})
	records, _ := taped(t, http.DefaultTransport, func(_ *Recorder, transport http.RoundTripper) {
		resp, err := transport.RoundTrip(post(t, t.Context(), address, ""))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	})
	if end := records[len(records)-1]; len(records) != 3 || end.Type != typeEnd || end.Failure != "" {
		t.Errorf("%+v", records)
	}
}

// Events are not delayed by the file.
func TestNotDelayed(t *testing.T) {
	more := make(chan struct{})
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "data: 1\n")
		http.NewResponseController(w).Flush()
		<-more
	})
	disk := stuckDisk{new(sink), make(chan struct{})}
	r := newRecorder(disk, Options{})
	resp, err := r.Transport(http.DefaultTransport).RoundTrip(post(t, t.Context(), address, "{}"))
	if err != nil {
		t.Fatal(err)
	}
	first := make([]byte, 8)
	if _, err := io.ReadFull(resp.Body, first); err != nil || string(first) != "data: 1\n" {
		t.Errorf("%q, %v", first, err)
	}
	close(more)
	resp.Body.Close()
	close(disk.freed)
	r.Close()
}

// The file contains no secret of the account.
func TestNoSecrets(t *testing.T) {
	const (
		bearer  = "made-up-bearer-0123"
		account = "made-up-account-4567"
		cookie  = "made-up-cookie-89"
		refresh = "made-up-refresh-ab"
		code    = "made-up-code-cdef-0123"
		signed  = "made-up-signature-4567"
		packed  = "made-up-packed-89ab"
	)
	address := serve(t, func(w http.ResponseWriter, r *http.Request) {
		flush := http.NewResponseController(w).Flush
		w.Header().Set("Set-Cookie", cookie)
		w.Header().Set("X-Echo", r.Header.Get("Authorization"))
		switch r.URL.Path {
		case "/events":
			w.Header().Set("Content-Type", "text/event-stream")
			half := len(bearer) / 2
			io.WriteString(w, `data: {"a":"`+bearer[:half])
			flush()
			io.WriteString(w, bearer[half:]+`","b":"\u006dade-up-bearer-0123"}`+"\n\n")
		case "/compressed":
			w.Header().Set("Content-Encoding", "zip")
			io.WriteString(w, packed)
		case "/oauth/token":
			w.Header().Set("Location", "https://a.test?code="+code)
			io.WriteString(w, `{"refresh_token":"`+refresh+`"}`)
		case "/cut":
			io.WriteString(w, "no JSON: "+bearer)
			flush()
			panic(http.ErrAbortHandler)
		default:
			io.WriteString(w, `{"echo":"`+bearer+` of `+account+`","upload_url":"https://a.test/f?sig=`+signed+`"}`)
		}
	})
	records, text := taped(t, http.DefaultTransport, func(r *Recorder, transport http.RoundTripper) {
		for _, path := range []string{"/plain", "/events", "/compressed", "/cut", "/f?sig=" + signed} {
			req := post(t, t.Context(), address+path, `{"input":"`+bearer+`"}`)
			req.Header.Set("Authorization", "Bearer "+bearer)
			req.Header.Set("ChatGPT-Account-ID", account)
			req.Header.Set("Cookie", cookie)
			req.Header.Set("Accept-Encoding", "identity")
			resp, err := transport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			io.ReadAll(resp.Body)
			resp.Body.Close()
		}
		signIn := r.SignInTransport(http.DefaultTransport)
		readAll(t, signIn, post(t, t.Context(), address+"/oauth/token?code="+code, "refresh_token="+refresh))
		failing := roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("no way to " + bearer) })
		if _, err := r.Transport(failing).RoundTrip(post(t, t.Context(), "http://a.test", "")); err == nil {
			t.Error("no error")
		}
		r.Frame(frame(`{"error":"` + bearer + `"}` + "\n"))
		r.Frame(frame(`not JSON ` + account + "\n"))
	})
	for _, secret := range []string{bearer, account, cookie, refresh, code, signed, packed} {
		if strings.Contains(text, secret) || strings.Contains(text, secret[len(secret)/2:]) {
			t.Errorf("%s is in the file:\n%s", secret, text)
		}
	}
	exchanges := 0
	for _, r := range records {
		if r.Type == typeEnd {
			exchanges++
		}
		if r.SignIn && !strings.HasSuffix(r.URL, "/oauth/token") {
			t.Errorf("%+v", r)
		}
	}
	if exchanges != 7 {
		t.Errorf("%d exchanges", exchanges)
	}
}

// Concurrent exchanges are distinguished.
func TestManyExchanges(t *testing.T) {
	address := serve(t, func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, r.URL.Path) })
	const exchanges = 100
	records, _ := taped(t, http.DefaultTransport, func(_ *Recorder, transport http.RoundTripper) {
		done := make(chan struct{})
		for i := range exchanges {
			go func() {
				defer func() { done <- struct{}{} }()
				req, err := http.NewRequest(http.MethodGet, address+"/"+string(rune('a'+i%26)), nil)
				if err != nil {
					t.Error(err)
					return
				}
				resp, err := transport.RoundTrip(req)
				if err != nil {
					t.Error(err)
					return
				}
				io.ReadAll(resp.Body)
				resp.Body.Close()
			}()
		}
		for range exchanges {
			select {
			case <-done:
			case <-time.After(30 * time.Second):
				t.Fatal("an exchange has no end")
			}
		}
	})
	asked, answered := make(map[int]string), make(map[int]string)
	for _, r := range records {
		switch r.Type {
		case typeRequest:
			asked[r.Exchange] = strings.TrimPrefix(r.URL, address)
		case typeChunk:
			answered[r.Exchange] += r.Text
		}
	}
	if len(asked) != exchanges {
		t.Errorf("%d requests", len(asked))
	}
	for number, path := range asked {
		if answered[number] != path {
			t.Errorf("exchange %d: %q was answered %q", number, path, answered[number])
		}
	}
}

// The recorder and the player refuse responses over a WebSocket without a request
// to the backend.
func TestNoSocket(t *testing.T) {
	asked := func() *http.Request {
		req := httptest.NewRequest("GET", "http://backend/codex/responses", nil)
		req.Header.Set("Connection", "Upgrade")
		req.Header.Set("Upgrade", "websocket")
		return req
	}
	next := roundTrip(func(*http.Request) (*http.Response, error) {
		t.Error("the request was sent")
		return nil, io.EOF
	})
	taped(t, next, func(_ *Recorder, transport http.RoundTripper) {
		resp, err := transport.RoundTrip(asked())
		if err != nil || resp.StatusCode != http.StatusUpgradeRequired {
			t.Fatal(resp, err)
		}
		if body, err := io.ReadAll(resp.Body); err != nil || string(body) != noSockets {
			t.Errorf("%s, %v", body, err)
		}
	})
	w := httptest.NewRecorder()
	new(Player).ServeHTTP(w, asked())
	if w.Code != http.StatusUpgradeRequired || w.Body.String() != noSockets {
		t.Error(w.Code, w.Body)
	}
}
