package methods

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// sizedFile creates a sparse file and returns its path.
func sizedFile(t *testing.T, name string, size int64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
	return path
}

func quoted(text string) string { return string(rawjson.AppendString(nil, text)) }

func TestFileErrors(t *testing.T) {
	dir := t.TempDir()
	large := sizedFile(t, "large.bin", maxFileBytes+1)
	c := harness(t, script())
	for path, message := range map[string]string{
		filepath.Join(dir, "absent"):   "path `" + filepath.Join(dir, "absent") + "` does not exist",
		dir:                            "path `" + dir + "` is not a file",
		large:                          "file `" + large + "` is too large: 536870913 bytes exceeds the limit of 536870912 bytes",
		filepath.Join(large, "within"): "path `" + filepath.Join(large, "within") + "` ", // followed by an error of the system
	} {
		for method, params := range map[string]string{
			"files.upload":                `{"path": %s}`,
			"audio.transcriptions.create": `{"model": "m", "file": {"path": %s}}`,
		} {
			failed := c.failure(method, fmt.Sprintf(params, quoted(path)))
			if failed.Code != -32602 || failed.kind() != "file_error" || !strings.HasPrefix(failed.Message, message) {
				t.Errorf("%s: %+v\nwant %s", method, failed, message)
			}
		}
	}
}

// TestFileShrinks truncates a file while it is sent.
func TestFileShrinks(t *testing.T) {
	path := sizedFile(t, "a.bin", 1<<20)
	c := harnessOn(t, backend.Config{Transport: transport(func(r *http.Request) (*http.Response, error) {
		if r.URL.Host == "store.test" {
			if err := os.Truncate(path, 10); err != nil {
				return nil, err
			}
			_, err := io.Copy(io.Discard, r.Body)
			return nil, err
		}
		return answer(r, `{"file_id": "f", "upload_url": "https://store.test/f"}`), nil
	})})
	failed := c.failure("files.upload", `{"path": `+quoted(path)+`}`)
	if failed.kind() != "file_error" || failed.Message != "file `"+path+"` was truncated while it was being read" {
		t.Errorf("%+v", failed)
	}
}

func TestUploadFailures(t *testing.T) {
	created := jsonReply(`{"file_id": "f", "upload_url": "{{origin}}/store"}`)
	again := jsonReply(`{"status": "retry"}`)
	tests := []struct {
		name, params string
		replies      []reply
		code         int
		message      string
		retryable    bool
	}{
		{"no URL", ``, []reply{jsonReply(`{"file_id": "f"}`)}, CodeConnectionError, "it has no file_id or no upload_url", false},
		{"a URL that is not https", ``, []reply{jsonReply(`{"file_id": "f", "upload_url": "http://store.test/?sig=s"}`)}, CodeConnectionError, "the upload URL must be https", false},
		{"not created", ``, []reply{{Status: 413, Body: `{"detail": "too large"}`}}, 413, "too large", false},
		{"not stored", ``, []reply{created, {Status: 403, Body: "denied"}}, 403, "denied", false},
		{"a virus", ``, []reply{created, {}, jsonReply(`{"status": "error", "error_message": "virus\nfound"}`)}, CodeResponseFailed, "OpenAI file upload for `f` failed: virus found", false},
		{"no reason", ``, []reply{created, {}, jsonReply(`{"status": 1}`)}, CodeResponseFailed, "OpenAI file upload for `f` failed: upload finalization returned an error", false},
		{"no download", ``, []reply{created, {}, again, jsonReply(`{"status": "success"}`)}, CodeResponseFailed, "OpenAI file upload for `f` failed: missing download_url", false},
		{"never ready", `, "finalize_timeout": 0`, []reply{created, {}, again}, CodeTimeout, "OpenAI file upload for `f` is not ready yet", true},
		{"not finalised", ``, []reply{created, {}, {Status: 500, Body: `{"detail": "broken"}`}}, 500, "broken", true},
	}
	path := sizedFile(t, "a.bin", 3)
	for _, test := range tests {
		backend := script(test.replies...)
		failed := harness(t, backend).failure("files.upload", `{"path": `+quoted(path)+`, "finalize_retry_delay": 0`+test.params+`}`)
		if failed.Code != test.code || !strings.Contains(failed.Message, test.message) || failed.Data["retryable"] != test.retryable {
			t.Errorf("%s: %+v", test.name, failed)
		}
		if got := len(backend.Requests()); got != len(test.replies) {
			t.Errorf("%s: %d requests, want %d", test.name, got, len(test.replies))
		}
	}
}

// A transport serves the backend and the store.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(r *http.Request, text string) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(text)), Request: r,
	}
}

// TestUploadProgress checks the progress events, on a fake clock. The store reads a
// piece every 7 ms, and the backend is ready at the third check.
func TestUploadProgress(t *testing.T) {
	const piece, pieces = 10_000, 50
	path := sizedFile(t, "a.bin", piece*pieces)
	for _, test := range []struct {
		stream bool
		want   []int64 // bytes sent, at each event
	}{
		{false, nil},
		{true, []int64{150_000, 290_000, 430_000, 500_000}}, // after 100, 200, 300 and 350 ms
	} {
		synctest.Test(t, func(t *testing.T) {
			var asked []time.Time
			c := harnessOn(t, backend.Config{Transport: transport(func(r *http.Request) (*http.Response, error) {
				switch {
				case r.URL.Host == "store.test":
					for range pieces {
						if _, err := io.CopyN(io.Discard, r.Body, piece); err != nil {
							return nil, err
						}
						time.Sleep(7 * time.Millisecond)
					}
					return answer(r, ""), nil
				case strings.HasSuffix(r.URL.Path, "/uploaded"):
					if asked = append(asked, time.Now()); len(asked) < 3 {
						return answer(r, `{"status": "retry"}`), nil
					}
					return answer(r, `{"status": "success", "download_url": "https://store.test/f"}`), nil
				}
				return answer(r, `{"file_id": "f", "upload_url": "https://store.test/f?sig=1"}`), nil
			})})
			seen, result, failed := c.call("files.upload", fmt.Sprintf(`{"path": %s, "stream": %t}`, quoted(path), test.stream))
			if failed != nil {
				t.Fatalf("%+v", failed)
			}
			var sent []int64
			for _, event := range seen {
				var progress UploadProgress
				if err := event.Decode(&progress); err != nil || progress.Type != "upload.progress" || progress.TotalBytes != piece*pieces {
					t.Errorf("event %s: %v", event.Bytes(), err)
				}
				sent = append(sent, progress.BytesSent)
			}
			if !slices.Equal(sent, test.want) {
				t.Errorf("stream %t: events at %d, want %d", test.stream, sent, test.want)
			}
			if len(asked) != 3 || asked[1].Sub(asked[0]) != 250*time.Millisecond || asked[2].Sub(asked[1]) != 250*time.Millisecond {
				t.Errorf("finalised at %v", asked)
			}
			var uploaded UploadedFile
			if err := json.Unmarshal(result.Bytes(), &uploaded); err != nil || uploaded.URI != "sediment://f" || uploaded.MIMEType != nil && *uploaded.MIMEType == "" {
				t.Errorf("%s: %v", result.Bytes(), err)
			}
		})
	}
}

// TestUploadTimeout checks the timeout for a backend that is never ready.
func TestUploadTimeout(t *testing.T) {
	path := sizedFile(t, "a.bin", 1)
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		c := harnessOn(t, backend.Config{Transport: transport(func(r *http.Request) (*http.Response, error) {
			return answer(r, `{"file_id": "f", "upload_url": "https://store.test/f", "status": "retry"}`), nil
		})})
		if failed := c.failure("files.upload", `{"path": `+quoted(path)+`}`); failed.Code != CodeTimeout || failed.kind() != "timeout" {
			t.Errorf("%+v", failed)
		}
		if took := time.Since(began); took != 30*time.Second {
			t.Errorf("gave up after %v", took)
		}
	})
}

// TestUploadCancel cancels an upload while the store does not read.
func TestUploadCancel(t *testing.T) {
	path := sizedFile(t, "a.bin", 1<<20)
	for _, stream := range []bool{false, true} {
		var c *caller
		closed := make(chan error, 1)
		c = harnessOn(t, backend.Config{Transport: transport(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host != "store.test" {
				return answer(r, `{"file_id": "f", "upload_url": "https://store.test/f"}`), nil
			}
			io.WriteString(c.in, `{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":1}}`+"\n")
			<-r.Context().Done()
			closed <- r.Context().Err()
			return nil, r.Context().Err()
		})})
		failed := c.failure("files.upload", fmt.Sprintf(`{"path": %s, "stream": %t}`, quoted(path), stream))
		if failed.Code != -32800 || failed.kind() != "cancelled" {
			t.Errorf("%+v", failed)
		}
		if err := <-closed; err == nil {
			t.Error("the upload was not ended")
		}
	}
}

func TestGuessMIMEType(t *testing.T) {
	for name, want := range map[string]string{
		"a.csv": "text/csv", "A.PNG": "image/png", "a.tar.zip": "application/zip", "a": "", "a.unheard-of": "",
	} {
		if got := guessMIMEType(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
