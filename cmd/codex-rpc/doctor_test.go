package main

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

func TestCheckClock(t *testing.T) {
	for _, test := range []struct {
		name    string
		reached []reach
		status  string
		found   string
	}{
		{"no time", []reach{{}, {}}, warning, "no server reported its time"},
		{"in time", []reach{{}, {dated: true, ahead: -30 * time.Second}}, passed, "agrees with the servers"},
		{"early", []reach{{check: check{Name: "a"}, dated: true, ahead: 31 * time.Second}}, warning, "31s ahead of that of a"},
		{"late", []reach{{check: check{Name: "a"}, dated: true, ahead: -time.Hour}}, failing, "1h0m0s behind that of a"},
	} {
		if got := checkClock(test.reached); got.Status != test.status || got.Found != test.found || (got.Action == "") != (test.status == passed) {
			t.Errorf("%s: %+v", test.name, got)
		}
	}
}

func TestProbe(t *testing.T) {
	dated := func(offset time.Duration, status int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", time.Now().Add(offset).UTC().Format(http.TimeFormat))
			w.WriteHeader(status)
		}
	}
	for _, test := range []struct {
		name   string
		served http.HandlerFunc
		status string
		found  string
		ahead  time.Duration // give or take the test's own time
		dated  bool
	}{
		{"in time", dated(0, 200), passed, " answers after ", 0, true},
		{"ours is late", dated(time.Hour, 403), passed, " answers after ", -time.Hour, true},
		{"ours is early", dated(-time.Hour, 404), passed, " answers after ", time.Hour, true},
		{"down", dated(0, 502), warning, " answers with HTTP 502", 0, true},
		{"no date", func(w http.ResponseWriter, _ *http.Request) { w.Header()["Date"] = nil }, passed, " answers after ", 0, false},
		{"to elsewhere", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://192.0.2.1/", http.StatusFound)
		}, passed, " answers after ", 0, true},
		{"no HTTP", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, failing, ": EOF", 0, false},
	} {
		server := httptest.NewServer(test.served)
		got := probeEndpoint(t.Context(), backend.NewTransport(), endpoint{"a", server.URL, ""})
		server.Close()
		if got.Name != "a" || got.Status != test.status || !strings.Contains(got.Found, test.found) || (got.Action == "") != (test.status == passed) {
			t.Errorf("%s: %+v", test.name, got.check)
		}
		if off := got.ahead - test.ahead; got.dated != test.dated || off.Abs() > time.Minute {
			t.Errorf("%s: dated %v, ahead by %v", test.name, got.dated, got.ahead)
		}
	}
}

func TestProbeTimeout(t *testing.T) {
	late, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	got := probeEndpoint(late, backend.NewTransport(), endpoint{"a", "http://127.0.0.1:1", ""})
	if got.Status != failing || got.Found != "http://127.0.0.1:1: no response within 4s" {
		t.Errorf("%+v", got.check)
	}
}

func TestProbeUntrusted(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of the handshake that fails
	defer server.Close()
	got := probeEndpoint(t.Context(), backend.NewTransport(), endpoint{"a", server.URL, ""})
	if got.Status != failing || !strings.Contains(got.Found, "its certificate is not trusted") || !strings.Contains(got.Action, "CODEX_CA_CERTIFICATE") {
		t.Errorf("%+v", got.check)
	}
}
