package methods

import (
	"encoding/base64"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/backendtest"
	"github.com/codex-rpc/codex-rpc/backend/simulator"
)

// spokenParams returns the parameters for a WAV file with a tone.
func spokenParams(seconds float64, more string) string {
	file := waveOf(pcmFormat{8000, 1, 16, false}, int(8000*seconds), func(frame, _ int) float64 { return math.Sin(float64(frame) / 5) })
	return fmt.Sprintf(`{"model":"gpt-4o-mini-transcribe","file":{"name":"a.wav","data":%q}%s}`, base64.StdEncoding.EncodeToString(file), more)
}

// TestTranscribeSpoken checks that WAV files are sent over a WebSocket if the backend
// rejects files, and that later files are not posted first.
func TestTranscribeSpoken(t *testing.T) {
	s, err := simulator.New(simulator.Options{Scenario: "closed"})
	if err != nil {
		t.Fatal(err)
	}
	c := harness(t, s)
	sameJSON(t, "json", string(c.result("audio.transcriptions.create", spokenParams(1.5, `,"language":"en","prompt":"names"`)).Bytes()),
		`{"text":"This is a mock transcript of 1.5 seconds.","usage":{"type":"duration","seconds":1.5}}`)
	sameJSON(t, "text", string(c.result("audio.transcriptions.create", spokenParams(2, `,"response_format":"text","temperature":0`)).Bytes()),
		`"This is a mock transcript of 2.0 seconds."`)
	if posted := s.Stats().Requests["POST /backend-api/transcribe"]; posted != 1 {
		t.Errorf("%d files were posted", posted)
	}
	failed := c.failure("audio.transcriptions.create", `{"model":"m","file":{"name":"a.ogg","data":"T2dnUw=="}}`)
	if failed.Code != http.StatusForbidden || !strings.Contains(failed.Message, "neither WAV nor PCM") || !strings.Contains(failed.Message, "ffmpeg -i INPUT") {
		t.Errorf("another container: %+v", failed)
	}
	failed = c.failure("audio.transcriptions.create", spokenParams(0.05, ""))
	if failed.kind() != "response_failed" || !strings.Contains(failed.Message, "buffer too small") {
		t.Errorf("too short: %+v", failed)
	}
}

// TestTranscribePosted checks that files are posted if the backend accepts them.
func TestTranscribePosted(t *testing.T) {
	c := harness(t, simulated(t, ""))
	if got := textOf(c.result("audio.transcriptions.create", spokenParams(1, "")), "text"); !strings.Contains(got, "of a.wav") {
		t.Errorf("got %q", got)
	}
	// Other errors do not mean that the route is disabled.
	c = harness(t, simulated(t, "path=transcribe,status=500"))
	if failed := c.failure("audio.transcriptions.create", spokenParams(1, "")); failed.Code != 500 {
		t.Errorf("%+v", failed)
	}
}

// TestTranscribeSpokenFaults checks that faults of the WebSocket are errors.
func TestTranscribeSpokenFaults(t *testing.T) {
	for _, test := range []struct {
		directives, kind, message string
	}{
		{"path=realtime,status=401", "api_error", ""},
		{"path=realtime,status=503", "api_error", ""},
		{"path=realtime,end=error,message=No%20more", "response_failed", "No more"},
		{"path=realtime,end=failed,message=Not%20heard", "response_failed", "Not heard"},
		{"path=realtime,cut=0", "stream_interrupted", "transcription"},
		{"path=realtime,cut=1", "stream_interrupted", "transcription"},
		{"path=realtime,cut=3", "stream_interrupted", "transcription"},
		{"path=realtime,close=4", "stream_interrupted", "closed the connection"},
		{"path=realtime,close=3,close_code=1011", "stream_interrupted", "1011"},
		{"path=realtime,binary=2", "stream_interrupted", "binary"},
		{"path=realtime,garbage=2", "connection_error", "not a JSON object"},
	} {
		c := harness(t, simulated(t, "closed;"+test.directives))
		failed := c.failure("audio.transcriptions.create", spokenParams(1, ""))
		if failed.kind() != test.kind || !strings.Contains(failed.Message, test.message) {
			t.Errorf("%s: %+v", test.directives, failed)
		}
	}
	c := harness(t, simulated(t, "closed;path=realtime,stall=3"))
	if failed := c.failure("audio.transcriptions.create", spokenParams(1, `,"timeout":0.2`)); failed.kind() != "timeout" {
		t.Errorf("silence: %+v", failed)
	}
}

// TestTranscribeSpokenHandshake checks the headers and the query of the handshake.
func TestTranscribeSpokenHandshake(t *testing.T) {
	served := backendtest.New(backendtest.Serve(simulated(t, "closed")))
	c := harnessServed(t, served, backend.Config{Originator: "me"})
	c.result("audio.transcriptions.create", spokenParams(1, `,"extra_headers":{"X-A":"b"},"extra_query":{"q":"1"}`))
	requests := served.Requests()
	i := slices.IndexFunc(requests, func(r backendtest.Request) bool { return r.URL.Path == "/v1/realtime" })
	if i < 0 {
		t.Fatal("no session was opened")
	}
	r := requests[i]
	for name, want := range map[string]string{"Authorization": "Bearer access", "Chatgpt-Account-Id": "account", "Originator": "me", "X-A": "b"} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if r.URL.RawQuery != "intent=transcription&q=1" || len(r.Header.Get("X-Session-Id")) != 36 {
		t.Errorf("query %s, session %q", r.URL.RawQuery, r.Header.Get("X-Session-Id"))
	}
}
