package methods

import (
	"fmt"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// What is known of the request before is known, whether its input comes back to
// the byte or written in another way.
func TestFrameOfKnownInput(t *testing.T) {
	item := func(n int) string { return fmt.Sprintf(`{"role":"user","content":"%d \"é\" \u00e9"}`, n) }
	output := rawjson.MustParse(`[{"role":"assistant","content":"x"}]`)
	const said = `{"role":"assistant","content":"x"}`
	body := func(input ...string) rawjson.Value {
		return rawjson.MustParse(`{"model":"m","input":[` + strings.Join(input, ",") + `],"stream":true}`)
	}
	first := newCreateFrame(body(item(1)))
	from := first.after("resp_1", output)
	second := newCreateFrame(body(item(1), said, item(2)))
	if !second.continues(from) || second.known != 1 {
		t.Fatalf("the second does not go on, or knows %d", second.known)
	}
	from = second.after("resp_2", output)
	history := []string{item(1), said, item(2), said, item(3)}
	for _, c := range []struct {
		name  string
		input []string
		known int
		goes  bool
	}{
		{"to the byte", history, 3, true},
		{"with blanks", []string{" " + item(1), said, item(2), said, item(3)}, 0, true},
		{"with other escapes", []string{strings.ReplaceAll(item(1), "é", `\u00e9`), said, item(2), said, item(3)}, 0, true},
		{"an answer with blanks", []string{item(1), said, item(2), strings.ReplaceAll(said, ":", ": "), item(3)}, 3, true},
		{"nothing new", history[:4], 3, false},
		{"without the answer", append(history[:3:3], item(3)), 3, false},
		{"shorter", history[:2], 0, false},
		{"another beginning", append([]string{item(7)}, history[1:]...), 0, false},
		{"another end of the known", []string{item(1), said, item(8), said, item(3)}, 0, false},
		{"none", nil, 0, false},
	} {
		f := newCreateFrame(body(c.input...))
		if goes := f.continues(from); goes != c.goes || f.known != c.known {
			t.Errorf("%s: goes on %t, knows %d", c.name, goes, f.known)
			continue
		}
		if c.goes {
			text := string(f.text(from, rawjson.Value{}))
			want := `"previous_response_id":"resp_2","input":[` + item(3) + `]`
			if !strings.Contains(text, want) {
				t.Errorf("%s: %s does not hold %s", c.name, text, want)
			}
		}
		// What is known or not, the next request finds the same.
		a, b := f.after("r", output), newCreateFrame(body(c.input...)).after("r", output)
		if *a != *b {
			t.Errorf("%s: %+v, and from nothing %+v", c.name, a, b)
		}
	}
}
