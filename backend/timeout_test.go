package backend

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/codex-rpc/codex-rpc/backend/backendtest"
)

// inBubble runs test on a fake clock, with a client of a server that answers
// with handler. The timeout is two seconds.
func inBubble(t *testing.T, handler http.HandlerFunc, test func(*testing.T, *Client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server, transport := backendtest.Pipe(handler)
		config := config("http://localhost")
		config.Transport = transport
		config.Settings = Settings{Timeout: 2 * time.Second, RetryBaseDelay: 250 * time.Millisecond, MaxRetries: 2}
		test(t, newClient(t, config))
		transport.CloseIdleConnections()
		if err := server.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// took fails unless exactly d have passed since start.
func took(t *testing.T, start time.Time, d time.Duration) {
	t.Helper()
	if got := time.Since(start); got != d {
		t.Errorf("took %v, want %v", got, d)
	}
}

func TestPauses(t *testing.T) {
	for _, test := range []struct {
		name   string
		header http.Header
		want   time.Duration
	}{
		{"backoff", nil, 750 * time.Millisecond},
		{"seconds", http.Header{"Retry-After": {"1.5"}}, 3 * time.Second},
		{"date", http.Header{"Date": {"Sun, 06 Nov 1994 08:49:37 GMT"}, "Retry-After": {"Sun, 06 Nov 1994 08:49:47 GMT"}}, 20 * time.Second},
		{"a minute", http.Header{"Retry-After": {"60"}}, 2 * time.Minute},
		{"over a minute", http.Header{"Retry-After": {"60.5"}}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, func(w http.ResponseWriter, r *http.Request) {
				for name := range test.header {
					w.Header().Set(name, test.header.Get(name))
				}
				w.WriteHeader(429)
			}, func(t *testing.T, client *Client) {
				start := time.Now()
				_, err := client.Do(t.Context(), &Request{})
				failure(t, err, ErrStatus)
				took(t, start, test.want)
			})
		})
	}
}

func TestSilence(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

	t.Run("before the head", func(t *testing.T) {
		inBubble(t, hang, func(t *testing.T, client *Client) {
			start := time.Now()
			_, err := client.Do(t.Context(), &Request{})
			if e := failure(t, err, ErrTimeout); !e.Retryable || !strings.Contains(e.Message, "2s") {
				t.Errorf("%+v", e)
			}
			took(t, start, 3*2*time.Second+750*time.Millisecond)
		})
	})
	t.Run("the request's own timeout", func(t *testing.T) {
		inBubble(t, hang, func(t *testing.T, client *Client) {
			client.SetSettings(Settings{Timeout: time.Second})
			start := time.Now()
			_, err := client.Do(t.Context(), &Request{Timeout: time.Minute})
			failure(t, err, ErrTimeout)
			took(t, start, time.Minute)
		})
	})
	t.Run("within an answer", func(t *testing.T) {
		inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, "data: 1\n\ndata: 2")
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, func(t *testing.T, client *Client) {
			stream, err := client.Stream(t.Context(), &Request{})
			if err != nil {
				t.Fatal(err)
			}
			defer stream.Close()
			if event, err := stream.Next(); err != nil || string(event.Data) != "1" {
				t.Fatal(event, err)
			}
			start := time.Now()
			_, err = stream.Next()
			failure(t, err, ErrTimeout)
			took(t, start, 2*time.Second)
		})
	})
	t.Run("while sending", func(t *testing.T) {
		inBubble(t, func(http.ResponseWriter, *http.Request) { time.Sleep(time.Hour) }, func(t *testing.T, client *Client) {
			client.SetSettings(Settings{Timeout: 2 * time.Second})
			start := time.Now()
			err := client.Upload(t.Context(), &Upload{URL: "http://localhost/", Body: JSONBody(make([]byte, 1<<20))})
			failure(t, err, ErrTimeout)
			took(t, start, 2*time.Second)
		})
	})
	t.Run("in an error body", func(t *testing.T) {
		inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(400)
			io.WriteString(w, "so far")
			for r.Context().Err() == nil {
				w.(http.Flusher).Flush()
				time.Sleep(time.Second)
				io.WriteString(w, ".")
			}
		}, func(t *testing.T, client *Client) {
			start := time.Now()
			_, err := client.Do(t.Context(), &Request{})
			if e := failure(t, err, ErrStatus); !strings.HasPrefix(e.Message, "so far.") {
				t.Errorf("message %q", e.Message)
			}
			took(t, start, 5*time.Second)
		})
	})
}

// A slow peer, or a slow caller, does not cause a timeout.
func TestPatience(t *testing.T) {
	t.Run("a slow caller", func(t *testing.T) {
		inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			for range 3 {
				io.WriteString(w, "data: x\n\n")
				w.(http.Flusher).Flush()
				time.Sleep(1900 * time.Millisecond)
			}
		}, func(t *testing.T, client *Client) {
			stream, err := client.Stream(t.Context(), &Request{})
			if err != nil {
				t.Fatal(err)
			}
			defer stream.Close()
			for range 3 {
				if _, err := stream.Next(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
			}
			if _, err := stream.Next(); err != io.EOF {
				t.Error(err)
			}
		})
	})
	t.Run("a slow answer and no hurry", func(t *testing.T) {
		inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			time.Sleep(time.Hour)
			io.WriteString(w, "{}")
		}, func(t *testing.T, client *Client) {
			client.SetSettings(Settings{})
			if _, _, err := client.JSON(t.Context(), &Request{}); err != nil {
				t.Error(err)
			}
		})
	})
	t.Run("a slow receiver", func(t *testing.T) {
		inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			for err := error(nil); err == nil; {
				time.Sleep(1900 * time.Millisecond)
				_, err = io.CopyN(io.Discard, r.Body, 100<<10)
			}
		}, func(t *testing.T, client *Client) {
			start := time.Now()
			if err := client.Upload(t.Context(), &Upload{URL: "http://localhost/", Body: JSONBody(make([]byte, 1<<20))}); err != nil {
				t.Error(err)
			}
			took(t, start, 11*1900*time.Millisecond)
		})
	})
	// The transport sends the body while the response is read.
	t.Run("an early answer", func(t *testing.T) {
		inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			http.NewResponseController(w).EnableFullDuplex()
			io.WriteString(w, `"early"`)
			w.(http.Flusher).Flush()
			time.Sleep(time.Second)
			io.CopyN(io.Discard, r.Body, 100<<10)
			time.Sleep(time.Hour)
		}, func(t *testing.T, client *Client) {
			resp, err := client.Do(t.Context(), &Request{Method: "POST", Body: JSONBody(make([]byte, 1<<20))})
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			time.Sleep(30 * time.Minute)
			if n, err := resp.Body.Read(make([]byte, 7)); n != 7 {
				t.Error(n, err)
			}
		})
	})
}

func TestCancel(t *testing.T) {
	t.Run("in a pause", func(t *testing.T) {
		inBubble(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(503)
		}, func(t *testing.T, client *Client) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			start := time.Now()
			if _, err := client.Do(ctx, &Request{}); err != context.DeadlineExceeded {
				t.Error(err)
			}
			took(t, start, time.Second)
		})
	})
	for _, test := range []struct {
		name string
		read bool
	}{{"before the header", false}, {"between reads", false}, {"in a read", true}} {
		t.Run(test.name, func(t *testing.T) {
			var gone chan time.Time
			inBubble(t, func(w http.ResponseWriter, r *http.Request) {
				if test.name != "before the head" {
					io.WriteString(w, "data: x\n\n")
					w.(http.Flusher).Flush()
				}
				<-r.Context().Done()
				gone <- time.Now()
			}, func(t *testing.T, client *Client) {
				gone = make(chan time.Time, 1) // of this bubble
				client.SetSettings(Settings{})
				ctx, cancel := context.WithCancel(t.Context())
				at := time.Now().Add(time.Minute)
				time.AfterFunc(time.Minute, cancel)
				stream, err := client.Stream(ctx, &Request{})
				if test.name == "before the head" {
					if err != context.Canceled {
						t.Error(err)
					}
				} else {
					if err != nil {
						t.Fatal(err)
					}
					defer stream.Close()
					stream.Next()
					if test.read {
						if _, err := stream.Next(); err != context.Canceled {
							t.Error(err)
						}
					}
				}
				if when := <-gone; !when.Equal(at) {
					t.Errorf("upstream was closed %v after the cancellation", when.Sub(at))
				}
			})
		})
	}
}

func TestCloseWhileReading(t *testing.T) {
	inBubble(t, func(w http.ResponseWriter, r *http.Request) {
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}, func(t *testing.T, client *Client) {
		stream, err := client.Stream(t.Context(), &Request{})
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Second, func() { stream.Close() })
		if _, err := stream.Next(); err == nil || errors.Is(err, ErrTimeout) {
			t.Error(err)
		}
	})
}

// Streams do not accept compression, and a compressed one is refused: a kilobyte of
// it may be a megabyte of events.
func TestCompressedStream(t *testing.T) {
	for encoding, taken := range map[string]bool{"": true, "identity": true, "gzip": false, "GZIP": false, "x-gzip": false, "gzip, gzip": false, "br": false, "zstd": false} {
		client := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if got := r.Header.Get("Accept-Encoding"); got != "identity" {
				t.Errorf("Accept-Encoding: %s", got)
			}
			if encoding != "" {
				w.Header().Set("Content-Encoding", encoding)
			}
			body := gzip.NewWriter(w)
			io.WriteString(body, "data: 1\n\n")
			body.Close()
		})
		stream, err := client.Stream(t.Context(), &Request{})
		if err == nil {
			stream.Close()
		} else if e := failure(t, err, ErrConnection); e.Retryable || !strings.Contains(e.Message, fmt.Sprintf("%q", encoding)) {
			t.Errorf("%s: %+v", encoding, e)
		}
		if taken != (err == nil) {
			t.Errorf("%s: %v", encoding, err)
		}
	}
}

// A compressed error body is decoded, up to its limit.
func TestCompressedRefusal(t *testing.T) {
	said := `{"error":{"message":"No."}}`
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(400)
		body := gzip.NewWriter(w)
		io.WriteString(body, said)
		body.Close()
	})
	_, err := client.Stream(t.Context(), &Request{})
	if e := failure(t, err, ErrStatus); e.Message != "No." {
		t.Errorf("%+v", e)
	}
	said = strings.Repeat(" ", 64<<20)
	_, err = client.Stream(t.Context(), &Request{})
	if e := failure(t, err, ErrStatus); len(e.Body) > errorBodyBytes {
		t.Errorf("%d bytes", len(e.Body))
	}
}

// A kept connection that the server closes does not fail a request.
func TestKeptConnectionCloses(t *testing.T) {
	bodies := 0
	inBubble(t, func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); string(body) == "whole" {
			bodies++
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
		time.Sleep(time.Second)
		conn.Close()
	}, func(t *testing.T, client *Client) {
		for range 3 {
			if err := client.Upload(t.Context(), &Upload{URL: "http://localhost", Body: BytesBody("", []byte("whole"))}); err != nil {
				t.Error(err)
			}
			time.Sleep(time.Second)
			synctest.Wait()
		}
	})
	if bodies != 3 {
		t.Errorf("%d bodies arrived, want 3", bodies)
	}
}
