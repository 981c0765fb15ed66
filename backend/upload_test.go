package backend

import (
	"context"
	"crypto/sha256"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
)

func TestUpload(t *testing.T) {
	var got http.Header
	var line, body string
	var length int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, _ := io.ReadAll(r.Body)
		got, line, body, length = r.Header, r.Method+" "+r.RequestURI, string(data), r.ContentLength
		w.WriteHeader(http.StatusCreated)
	}))
	defer server.Close()
	client := newClient(t, config("https://chatgpt.invalid"))

	for _, content := range []string{"", "12345678"} {
		var counts []int64
		err := client.Upload(t.Context(), &Upload{
			URL:      server.URL + "/upload/file_123?sig=a%2Fb",
			Header:   http.Header{"x-ms-blob-type": {"BlockBlob"}},
			Body:     BytesBody("", []byte(content)),
			Progress: func(sent int64) { counts = append(counts, sent) },
		})
		if err != nil {
			t.Fatal(err)
		}
		if line != "PUT /upload/file_123?sig=a%2Fb" || body != content || length != int64(len(content)) {
			t.Errorf("%s, body %q of %d", line, body, length)
		}
		for _, name := range []string{"Authorization", "Chatgpt-Account-Id", "Originator", "Openai-Beta", "Transfer-Encoding"} {
			if got.Get(name) != "" {
				t.Errorf("%s was sent", name)
			}
		}
		if got.Get("X-Ms-Blob-Type") != "BlockBlob" {
			t.Errorf("headers are %v", got)
		}
		if want := int64(len(content)); want > 0 && (len(counts) == 0 || counts[len(counts)-1] != want) {
			t.Errorf("progress %v", counts)
		}
	}
}

func TestUploadRefusals(t *testing.T) {
	tries, answer, body := 0, 403, ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tries++
		io.Copy(io.Discard, r.Body)
		w.WriteHeader(answer)
		io.WriteString(w, body)
	}))
	defer server.Close()
	client := newClient(t, config("https://chatgpt.invalid"))
	upload := func(url string, body Body, header http.Header) error {
		return client.Upload(t.Context(), &Upload{URL: url, Body: body, Header: header})
	}
	data := BytesBody("", []byte("x"))

	for name, err := range map[string]error{
		"clear":      upload("http://storage.example/?sig=hushhushhushhush", data, nil),
		"no scheme":  upload("storage.example/?sig=hushhushhushhush", data, nil),
		"no URL":     upload("https://a\x00b/?sig=hushhushhushhush", data, nil),
		"user":       upload("https://hush:hush@storage.example/", data, nil),
		"no size":    upload(server.URL, Body{Size: -1, Open: data.Open}, nil),
		"no body":    upload(server.URL, Body{}, nil),
		"bearer":     upload(server.URL, data, http.Header{"Authorization": {"Bearer x"}}),
		"line break": upload(server.URL, data, http.Header{"X-A": {"a\nb"}}),
	} {
		if e := failure(t, err, ErrRequest); strings.Contains(e.Message, "hush") || tries != 0 {
			t.Errorf("%s: %v, %d tries", name, err, tries)
		}
	}

	signed := server.URL + "/f?sv=2024-01-01&sig=hush%2Fhush%2Fhush%2Fhush%3D"
	for _, answer = range []int{403, 429, 503} {
		tries, body = 0, "The signature hush/hush/hush/hush= (hush%2Fhush%2Fhush%2Fhush%3D) of 2024-01-01 is wrong"
		err := upload(signed, data, nil)
		e := failure(t, err, ErrStatus)
		if e.Status != answer || tries != 1 || strings.Contains(client.Secrets().Redact(err.Error())+string(client.Secrets().RedactJSON(e.Body)), "hush") || !strings.Contains(e.Message, "of 2024-01-01") {
			t.Errorf("%v after %d tries", err, tries)
		}
	}
	server.Close()
	err := upload(signed, data, nil)
	if failure(t, err, ErrConnection); strings.Contains(err.Error(), "hush") {
		t.Error(err)
	}
}

// An upload of 64 MiB is not held in memory.
func TestUploadIsStreamed(t *testing.T) {
	const size = 64 << 20
	sum := sha256.New()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(sum, r.Body)
	}))
	defer server.Close()
	source := func() io.Reader { return io.LimitReader(rand.NewChaCha8([32]byte{}), size) }
	want := sha256.New()
	io.Copy(want, source())

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var last int64
	err := newClient(t, config("https://chatgpt.invalid")).Upload(t.Context(), &Upload{
		URL:  server.URL,
		Body: Body{Size: size, Open: func() (io.ReadCloser, error) { return io.NopCloser(source()), nil }},
		Progress: func(sent int64) {
			if sent < last {
				t.Errorf("progress fell from %d to %d", last, sent)
			}
			last = sent
		},
	})
	runtime.ReadMemStats(&after)
	if err != nil || last != size || string(sum.Sum(nil)) != string(want.Sum(nil)) {
		t.Errorf("%v, %d bytes", err, last)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 4<<20 {
		t.Errorf("%d bytes were allocated", grown)
	}
}

func TestUploadCancel(t *testing.T) {
	began, gone := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(began)
		io.Copy(io.Discard, r.Body)
		close(gone)
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-began
		cancel()
	}()
	endless := Body{Size: 1 << 40, Open: func() (io.ReadCloser, error) { return io.NopCloser(rand.NewChaCha8([32]byte{})), nil }}
	err := newClient(t, config("https://chatgpt.invalid")).Upload(ctx, &Upload{URL: server.URL, Body: endless})
	if err != context.Canceled {
		t.Error(err)
	}
	<-gone
}
