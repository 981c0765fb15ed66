package openai

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// A burst of events, between two flushes, is written in large parts.
func TestBurstOverHTTP(t *testing.T) {
	w := &countingWriter{ResponseRecorder: httptest.NewRecorder()}
	reply := &httpReply{w: w, flusher: http.NewResponseController(w)}
	if err := reply.Begin(http.StatusOK, http.Header{}); err != nil {
		t.Fatal(err)
	}
	const events = 2000
	want := strings.Repeat("event: e\ndata: {\"n\":1}\n\n", events)
	for range events {
		if err := reply.Event("e", parse(`{"n":1}`)); err != nil {
			t.Fatal(err)
		}
	}
	if err := reply.Flush(); err != nil {
		t.Fatal(err)
	}
	if got := w.Body.String(); got != want || !w.Flushed {
		t.Errorf("%d bytes were written, %d expected; flushed: %t", len(got), len(want), w.Flushed)
	}
	if most := len(want)/eventBatchBytes + 1; w.writes > most {
		t.Errorf("%d writes for %d bytes; at most %d expected", w.writes, len(want), most)
	}
	reply.Event("e", parse(`{"n":1}`))
	if err := reply.End(true); err != nil {
		t.Fatal(err)
	}
	if got := w.Body.String(); got != want+"event: e\ndata: {\"n\":1}\n\ndata: [DONE]\n\n" {
		t.Errorf("the end of the stream is %q", got[len(want):])
	}
}

type countingWriter struct {
	*httptest.ResponseRecorder
	writes int
}

func (w *countingWriter) Write(p []byte) (int, error) {
	w.writes++
	return w.ResponseRecorder.Write(p)
}
