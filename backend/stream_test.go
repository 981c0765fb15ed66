package backend

import (
	"errors"
	"io"
	"net/http"
	"testing"
)

func TestStream(t *testing.T) {
	content := "text/event-stream"
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Accept"); got != "text/event-stream" {
			t.Errorf("Accept: %s", got)
		}
		w.Header().Set("Content-Type", content)
		w.Header().Set("X-Codex-Turn-State", "turn")
		io.WriteString(w, "event: a\ndata: {}\n\n")
	})
	stream, err := client.Stream(t.Context(), &Request{})
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	if event, err := stream.Next(); err != nil || string(event.Name) != "a" || string(event.Data) != "{}" {
		t.Errorf("%+v, %v", event, err)
	}
	if _, err := stream.Next(); err != io.EOF {
		t.Error(err)
	}
	if got := stream.Header().Get("X-Codex-Turn-State"); got != "turn" {
		t.Errorf("header %q", got)
	}

	for _, content = range []string{"text/html; charset=utf-8", "application/json"} {
		_, err = client.Stream(t.Context(), &Request{})
		failure(t, err, ErrConnection)
	}
}

func TestStreamEventTooLarge(t *testing.T) {
	client := serve(t, func(http.ResponseWriter, *http.Request) {})
	stream, err := client.Stream(t.Context(), &Request{})
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	stream.OnWait = func() error { return ErrEventTooLarge }
	if _, err = stream.Next(); !errors.Is(err, ErrEventTooLarge) {
		t.Error(err)
	}
	failure(t, err, ErrConnection)
}
