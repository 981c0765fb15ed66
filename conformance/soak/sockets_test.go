package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

// TestSocketViolations checks that a host which loses or repeats items, or
// continues another response than the last, is detected.
func TestSocketViolations(t *testing.T) {
	userMessage := func(n int) string {
		return fmt.Sprintf(`{"role":"user","content":[{"type":"input_text","text":"call %d."}]}`, n)
	}
	for _, c := range []struct{ name, second, fault string }{
		{"what is new", `"previous_response_id":"resp_1","input":[` + userMessage(2) + `]`, ""},
		{"all of it", `"input":[` + userMessage(1) + `,{"content":[{"text":"ANSWER"}]},` + userMessage(2) + `]`, ""},
		{"too little", `"input":[` + userMessage(2) + `]`, "the backend received 1 items, want 3"},
		{"twice", `"previous_response_id":"resp_1","input":[` + userMessage(1) + `,` + userMessage(2) + `]`, "received 4 items, want 3"},
		{"from elsewhere", `"previous_response_id":"resp_0","input":[` + userMessage(2) + `]`, `continues "resp_0", want "resp_1"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			l := newLedger(&out)
			b := serveBackend(l)
			defer b.close()
			first := script{call: 1, seed: 5, ending: completed, deltas: 1, full: true, turn: turn{texts: []string{"call 1."}}}
			answer := first.text(1)
			second := script{call: 2, seed: 6, ending: completed, deltas: 1, turn: turn{texts: []string{"call 1.", answer, "call 2."}}}
			conn, _, err := websocket.Dial(t.Context(), b.server.URL+"/backend-api/codex/responses", nil)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.CloseNow()
			ask := func(s script, members string) {
				quoted := string(quote(answer))
				members = strings.ReplaceAll(members, `"ANSWER"`, quoted)
				x := b.expect(s, nil)
				if err := conn.Write(t.Context(), websocket.MessageText, []byte(`{"type":"response.create",`+members+`}`)); err != nil {
					t.Fatal(err)
				}
				for range s.total() {
					if _, _, err := conn.Read(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				idle, _ := x.idleAndAttempts()
				<-idle
			}
			ask(first, `"input":[`+userMessage(1)+`]`)
			ask(second, c.second)
			if found := out.String(); (found == "") != (c.fault == "") || !strings.Contains(found, c.fault) {
				t.Errorf("found %q, want %q", found, c.fault)
			}
		})
	}
}
