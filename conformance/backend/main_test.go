package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

const usage = "../cases/codex.usage.json"

func TestServesACase(t *testing.T) {
	for _, tc := range []struct {
		name, path string
		matched    bool
	}{
		{"as recorded", "/backend-api/wham/usage", true},
		{"another path", "/backend-api/usage", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			stdin, input := io.Pipe()
			output, stdout := io.Pipe()
			done := make(chan bool, 1)
			go func() {
				matched, err := run([]string{usage, "usage"}, stdin, stdout)
				if err != nil {
					t.Error(err)
				}
				stdout.Close()
				done <- matched
			}()
			lines := bufio.NewScanner(output)
			if !lines.Scan() {
				t.Fatal("no origin")
			}
			body := get(t, lines.Text()+tc.path)
			if !strings.Contains(body, `"plan_type":"plus"`) {
				t.Errorf("reply: %s", body)
			}
			input.Close()
			if !lines.Scan() {
				t.Fatal("no report")
			}
			var report struct {
				Matched  *bool
				Faults   []string
				Requests []struct{ Method, Path string }
			}
			if err := json.Unmarshal(lines.Bytes(), &report); err != nil {
				t.Fatal(err)
			}
			if report.Matched == nil || *report.Matched != tc.matched || (len(report.Faults) == 0) != tc.matched {
				t.Errorf("report: %s", lines.Text())
			}
			if len(report.Requests) != 1 || report.Requests[0].Path != tc.path {
				t.Errorf("requests: %+v", report.Requests)
			}
			if got := <-done; got != tc.matched {
				t.Errorf("matched: %v", got)
			}
		})
	}
}

func TestRefusesWhatItCannotServe(t *testing.T) {
	for want, args := range map[string][]string{
		"usage: backend":    {usage},
		"absent.json":       {"absent.json", "usage"},
		`has no case "nil"`: {usage, "nil"},
	} {
		if _, err := run(args, strings.NewReader(""), io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: want an error with %q, got %v", args, want, err)
		}
	}
}

func get(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Authorization": "Bearer access-token", "Originator": "codex-rpc",
		"ChatGPT-Account-ID": "acct-1",
	} {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}
