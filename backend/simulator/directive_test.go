package simulator

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ text, fault string }{
		{"", ""},
		{" status=503 , times=2 ; html ", ""},
		{"reply=", ""},
		{"reply=a%2Cb%3Bc", ""},
		{"retry_after=date", ""},
		{"retry_after=Wed%2C 21 Oct 2026 07:28:00 GMT", ""},
		{"delay=1.5,pace=20ms,token_life=0", ""},
		{"statsu=503", `unknown directive "statsu"`},
		{"status", `directive "status"`},
		{"status=200", "from 400 to 599"},
		{"status=x", "whole number"},
		{"html=1", "takes no value"},
		{"end=later", "want one of completed, failed, incomplete, error"},
		{"delay=-1s", "want seconds"},
		{"delay=1e300", "too long"},
		{"delay=NaN", "too long"},
		{"retry_after=soon", "want seconds, an HTTP date"},
		{"reply=%f", "percent-encoded"},
		{"reply=%ff", "percent-encoded"},
		{"code=", "requires a value"},
		{"times=0", "from 1"},
		{"size=999999999999", "whole number"},
	} {
		_, err := parse(c.text)
		if c.fault == "" {
			if err != nil {
				t.Errorf("%q: %v", c.text, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%q: got %v, want %s", c.text, err, c.fault)
		} else if strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "device_polls") {
			t.Errorf("%q: the message does not list the known directives: %v", c.text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("status=429,retry_after=1.5,times=1")
	f.Add("path=/a,reply=%41;html")
	f.Fuzz(func(t *testing.T, text string) {
		sets, err := parse(text)
		if err != nil {
			return
		}
		s := normal()
		for i := range sets {
			sets[i].apply(&s)
		}
		if s.Delay < 0 || s.Pace < 0 || s.Status != 0 && s.Status < 400 || s.Reply != nil && !utf8.ValidString(*s.Reply) {
			t.Errorf("%q gives %+v", text, s)
		}
	})
}

// TestPlaces tests the precedence of the scenario, the header and the model's name.
func TestPlaces(t *testing.T) {
	s := newServer(t, "status=500,message=scenario")
	for _, c := range []struct {
		header, model string
		status        int
		message       string
	}{
		{"", "gpt-5.5", 500, "scenario"},
		{"X-Mock: status=502", "gpt-5.5", 502, "scenario"},
		{"X-Mock: status=502,message=header", "mock:status=503", 503, "header"},
		{"", "mock:message=a%20model,status=429", 429, "a model"},
		{"X-Mock: wrong", "gpt-5.5", 400, "unknown directive"},
		{"", "mock:wrong=1", 400, "unknown directive"},
	} {
		w := do(s, "POST", "/backend-api/codex/responses", ask(`"model":"`+c.model+`"`), c.header)
		if got := at(t, object(t, w.Body.Bytes()), "error.message").(string); w.Code != c.status || !strings.HasPrefix(got, c.message) {
			t.Errorf("%+v: %d %s", c, w.Code, got)
		}
	}
	// The response repeats the name of the model, including its directives.
	w := do(newServer(t, ""), "POST", "/backend-api/codex/responses", ask(`"model":"mock:reply=a%2C%20b"`))
	list := events(t, w.Body.Bytes())
	final := list[len(list)-1]
	if at(t, final, "response.model") != "mock:reply=a%2C%20b" || at(t, final, "response.output.0.content.0.text") != "a, b" {
		t.Errorf("%v", final)
	}
}

func TestErrorBodies(t *testing.T) {
	for _, c := range []struct {
		directives string
		status     int
		want       map[string]any
	}{
		{"status=400", 400, map[string]any{"type": "invalid_request_error"}},
		{"status=401", 401, map[string]any{"code": "token_expired"}},
		{"status=418", 418, map[string]any{"code": nil, "message": "I'm a teapot"}},
		{"status=429", 429, map[string]any{"code": "rate_limit_exceeded", "message": "Rate limit reached. Please try again in 1s."}},
		{"status=429,retry_after=1.5", 429, map[string]any{"message": "Rate limit reached. Please try again in 1.5s."}},
		{"status=507", 507, map[string]any{"type": "server_error"}},
		{"status=503", 503, map[string]any{"code": "server_is_overloaded"}},
		{"code=flex_unavailable", 503, map[string]any{"code": "flex_unavailable"}},
		{"code=credit_balance_exhausted", 402, map[string]any{"code": "credit_balance_exhausted"}},
		{"code=slow_down", 503, map[string]any{"code": "slow_down"}},
		{"code=context_length_exceeded", 400, map[string]any{"code": "context_length_exceeded"}},
		{"code=usage_limit_reached", 429, map[string]any{"type": "usage_limit_reached", "code": nil, "plan_type": "plus", "resets_in_seconds": 3600.0}},
		{"code=refresh_token_reused,status=400", 400, map[string]any{"code": "refresh_token_reused"}},
		{"code=made_up,message=No.", 400, map[string]any{"code": "made_up", "message": "No."}},
		{"code=made_up", 400, map[string]any{"message": "The request failed with made_up."}},
	} {
		w := do(newServer(t, c.directives), "GET", "/backend-api/wham/usage", "")
		body := object(t, w.Body.Bytes())
		if w.Code != c.status {
			t.Errorf("%s: status %d", c.directives, w.Code)
		}
		for member, want := range c.want {
			if got := at(t, body, "error."+member); got != want {
				t.Errorf("%s: %s is %v, want %v", c.directives, member, got, want)
			}
		}
	}
	w := do(newServer(t, "code=usage_limit_reached"), "GET", "/backend-api/wham/usage", "")
	if w.Header().Get("x-codex-primary-used-percent") != "100" || w.Header().Get("x-codex-rate-limit-reached-type") == "" || at(t, object(t, w.Body.Bytes()), "error.resets_at").(float64) < 1.7e9 {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
}

func TestImageLimit(t *testing.T) {
	h := do(newServer(t, "code=usage_limit_reached"), "POST", "/backend-api/codex/images/generations", `{"prompt":"p"}`).Header()
	if h.Get("x-codex-active-limit") != "image_gen" || h.Get("x-image-gen-primary-used-percent") != "100" || h.Get("x-codex-primary-used-percent") != "" {
		t.Errorf("%v", h)
	}
}

func TestRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for given, want := range map[string]string{
			"1.5":  "1.5",
			"0":    "0",
			"date": time.Now().Add(2 * time.Second).UTC().Format(http.TimeFormat),
			"Wed%2C%2021%20Oct%202026%2007:28:00%20GMT": "Wed, 21 Oct 2026 07:28:00 GMT",
		} {
			w := do(newServer(t, "status=429,retry_after="+given), "GET", "/backend-api/memories", "")
			if got := w.Header().Get("Retry-After"); got != want {
				t.Errorf("%s: %q, want %q", given, got, want)
			}
		}
		if w := do(newServer(t, "retry_after=1"), "GET", "/backend-api/memories", ""); w.Header().Get("Retry-After") != "" {
			t.Error("Retry-After on a success")
		}
	})
}

func TestTimesAndPath(t *testing.T) {
	s := newServer(t, "path=/memories,status=503,times=2;path=/usage,status=500")
	for i, c := range []struct {
		path, header string
		status       int
	}{
		{"/backend-api/user_system_messages", "", 200},
		{"/backend-api/memories", "", 503},
		{"/backend-api/wham/usage", "", 500},
		{"/backend-api/memories", "", 503},
		{"/backend-api/memories", "", 200},
		{"/backend-api/wham/usage", "", 500},
		{"/backend-api/memories", "X-Mock: status=502,times=1", 502},
		{"/backend-api/memories", "X-Mock: status=502,times=1", 200},
		{"/backend-api/memories", "X-Mock: status=502,times=1,tag=b", 502},
	} {
		if w := do(s, "GET", c.path, "", c.header); w.Code != c.status {
			t.Errorf("request %d, %+v: %d", i, c, w.Code)
		}
	}
}

func TestTextDirectives(t *testing.T) {
	tools := `"tools":[` + function + `]`
	for _, c := range []struct {
		directives, members string
		deltas, size        int
		text                string
	}{
		{"reply=Bonjour%20é", tools, 2, 0, "Bonjour é"},
		{"reply=", "", 0, 0, ""},
		{"reply=abcd,deltas=2", "", 2, 0, "abcd"},
		{"reply=é,deltas=3", "", 3, 0, "é"},
		{"deltas=1000", tools, 1000, 6000, ""},
		{"size=100000,deltas=1", "", 1, 100000, ""},
		{"size=7", "", 1, 7, "lorem l"},
		{"size=10000", "", 3, 10000, ""},
		{"reply=a%20b,size=10000", "", 2, 0, "a b"},
	} {
		w := do(newServer(t, ""), "POST", "/backend-api/codex/responses", ask(c.members), "X-Mock: "+c.directives)
		list := events(t, w.Body.Bytes())
		deltas := 0
		for _, e := range list {
			if e["type"] == "response.output_text.delta" {
				deltas++
			}
		}
		text := said(at(t, list[len(list)-1], "response.output").([]any))
		if c.size > 0 && c.text == "" {
			if len(text) != c.size {
				t.Errorf("%s: %d bytes", c.directives, len(text))
			}
		} else if text != c.text {
			t.Errorf("%s: %q", c.directives, text)
		}
		if deltas != c.deltas {
			t.Errorf("%s: %d deltas, want %d", c.directives, deltas, c.deltas)
		}
	}
}

func TestEnds(t *testing.T) {
	for _, c := range []struct {
		directives, kind string
		want             map[string]any
	}{
		{"end=completed", "response.completed", map[string]any{"response.status": "completed"}},
		{"end=failed", "response.failed", map[string]any{"response.status": "failed", "response.error.code": "server_error", "response.usage": nil}},
		{"end=failed,code=rate_limit_exceeded,retry_after=3", "response.failed", map[string]any{"response.error.message": "Rate limit reached. Please try again in 3s."}},
		{"end=failed,code=odd,message=Odd.", "response.failed", map[string]any{"response.error.code": "odd", "response.error.message": "Odd."}},
		{"end=incomplete", "response.incomplete", map[string]any{"response.incomplete_details.reason": "max_output_tokens", "response.output.0.status": "incomplete"}},
		{"end=incomplete,code=content_filter", "response.incomplete", map[string]any{"response.incomplete_details.reason": "content_filter"}},
		{"end=error", "error", map[string]any{"error.code": "server_error"}},
		{"end=error,code=context_length_exceeded", "error", map[string]any{"error.code": "context_length_exceeded", "error.type": "invalid_request_error"}},
	} {
		w := do(newServer(t, c.directives), "POST", "/backend-api/codex/responses", hello)
		list := events(t, w.Body.Bytes())
		last := list[len(list)-1]
		if w.Code != 200 || last["type"] != c.kind {
			t.Errorf("%s: %d, ends with %v", c.directives, w.Code, last["type"])
			continue
		}
		for path, want := range c.want {
			if got := at(t, last, path); got != want {
				t.Errorf("%s: %s is %v, want %v", c.directives, path, got, want)
			}
		}
	}
}

func TestHTML(t *testing.T) {
	w := do(newServer(t, "html"), "POST", "/backend-api/codex/responses", hello)
	if w.Code != 200 || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") || !strings.Contains(w.Body.String(), "<title>") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
}

// TestStreamEnds tests how directives end a stream, as seen by a client.
func TestStreamEnds(t *testing.T) {
	for _, c := range []struct {
		directives string
		events     int
		err        error
	}{
		{"close=0", 0, nil},
		{"close=3", 3, nil},
		{"close=5,pace=1", 5, nil},
		{"cut=0", 0, io.ErrUnexpectedEOF},
		{"cut=4", 4, io.ErrUnexpectedEOF},
		{"cut=4,pace=10ms", 4, io.ErrUnexpectedEOF},
		{"cut=400", 12, nil},
	} {
		inBubble(t, c.directives, func(t *testing.T) {
			s := newServer(t, "")
			resp := post(t, t.Context(), serve(t, s), c.directives)
			got, err := io.ReadAll(resp.Body)
			if !errors.Is(err, c.err) || strings.Count(string(got), "\n\n") != c.events {
				t.Errorf("%v after %q", err, got)
			}
			synctest.Wait()
			if n := s.Stats().OpenStreams; n != 0 {
				t.Errorf("open streams: %d", n)
			}
		})
	}
}

// A stalled stream sends its first events, and then nothing until the client disconnects.
func TestStall(t *testing.T) {
	for directives, count := range map[string]int{"stall=0": 0, "stall=3": 3, "stall=3,pace=1": 3} {
		inBubble(t, directives, func(t *testing.T) {
			s := newServer(t, "")
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			resp := post(t, ctx, serve(t, s), directives)
			seen := make(chan string, 1)
			go func() {
				b, _ := io.ReadAll(resp.Body)
				seen <- string(b)
			}()
			time.Sleep(24 * time.Hour) // on the bubble's clock
			synctest.Wait()
			if n := s.Stats().OpenStreams; n != 1 {
				t.Errorf("open streams before the client disconnected: %d", n)
			}
			cancel()
			if got := <-seen; strings.Count(got, "\n\n") != count {
				t.Errorf("saw %q", got)
			}
			synctest.Wait()
			if n := s.Stats().OpenStreams; n != 0 {
				t.Errorf("open streams after the client disconnected: %d", n)
			}
		})
	}
}

// A client that disconnects during a paced or a very long stream ends it.
func TestDisconnect(t *testing.T) {
	for _, directives := range []string{"pace=1h", "deltas=10000000"} {
		inBubble(t, directives, func(t *testing.T) {
			s := newServer(t, "")
			ctx, cancel := context.WithCancel(t.Context())
			resp := post(t, ctx, serve(t, s), directives)
			if _, err := io.ReadFull(resp.Body, make([]byte, 100)); err != nil {
				t.Fatal(err)
			}
			cancel()
			synctest.Wait()
			if n := s.Stats().OpenStreams; n != 0 {
				t.Errorf("open streams: %d", n)
			}
		})
	}
}

func TestDelayAndPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for directives, want := range map[string]time.Duration{
			"":                    0,
			"delay=1.5":           1500 * time.Millisecond,
			"pace=250ms":          11 * 250 * time.Millisecond,
			"delay=1s,pace=100ms": 2100 * time.Millisecond,
			"delay=1,status=503":  time.Second,
		} {
			start := time.Now()
			w := do(newServer(t, ""), "POST", "/backend-api/codex/responses", hello, "X-Mock: "+directives)
			if took := time.Since(start); took != want {
				t.Errorf("%q took %v, want %v (%d events)", directives, took, want, strings.Count(w.Body.String(), "\n\n"))
			}
		}
	})
}

// Paced events arrive one by one, and all others without delay.
func TestPacedEventsArrive(t *testing.T) {
	inBubble(t, "paced", func(t *testing.T) {
		resp := post(t, t.Context(), serve(t, newServer(t, "")), "pace=1s")
		start := time.Now()
		buf := make([]byte, 4096)
		for i := range 3 {
			if _, err := resp.Body.Read(buf); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took != time.Duration(i)*time.Second {
				t.Errorf("event %d after %v", i, took)
			}
		}
		resp.Body.Close()
	})
}

// Without a stream cut and stall withhold the body.
func TestPlainAnswers(t *testing.T) {
	inBubble(t, "cut", func(t *testing.T) {
		client := serve(t, newServer(t, "cut=0"))
		r, _ := http.NewRequest("GET", "http://mock/backend-api/memories", nil)
		r.Header.Set("Authorization", "Bearer anything")
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(resp.Body); !errors.Is(err, io.ErrUnexpectedEOF) || len(got) > 0 {
			t.Errorf("%q, %v", got, err)
		}
	})
	inBubble(t, "stall", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		r := httptest.NewRequestWithContext(ctx, "GET", "/backend-api/memories", nil)
		r.Header.Set("Authorization", "Bearer anything")
		w := httptest.NewRecorder()
		start := time.Now()
		newServer(t, "stall=0").ServeHTTP(w, r)
		if w.Body.Len() > 0 || time.Since(start) != time.Hour {
			t.Errorf("%q after %v", w.Body, time.Since(start))
		}
	})
	inBubble(t, "stalled answers leave the server to others", func(t *testing.T) {
		for _, target := range []string{"/backend-api/wham/tasks/list", "/backend-api/wham/tasks/task_1", "/oauth/authorize"} {
			s := newServer(t, "stall=0")
			ctx, cancel := context.WithCancel(t.Context())
			r := httptest.NewRequestWithContext(ctx, "GET", target, nil)
			r.Header.Set("Authorization", "Bearer anything")
			go s.ServeHTTP(httptest.NewRecorder(), r)
			synctest.Wait()
			if !s.mu.TryLock() {
				t.Fatalf("%s: the lock is held", target)
			}
			s.mu.Unlock()
			cancel()
		}
	})
}
