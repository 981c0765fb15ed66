package methods

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// TestFrameOfKnownInput checks that a request continues the previous one if its
// input starts with the same items, in the same or another notation.
func TestFrameOfKnownInput(t *testing.T) {
	item := func(n int) string { return fmt.Sprintf(`{"role":"user","content":"%d \"é\" \u00e9"}`, n) }
	output := rawjson.MustParse(`[{"role":"assistant","content":"x"}]`)
	const reply = `{"role":"assistant","content":"x"}`
	body := func(input ...string) rawjson.Value {
		return rawjson.MustParse(`{"model":"m","input":[` + strings.Join(input, ",") + `],"stream":true}`)
	}
	first := frameOf(body(item(1)))
	from := first.after("resp_1", output)
	second := frameOf(body(item(1), reply, item(2)))
	if !second.continues(from) || second.known != 1 {
		t.Fatalf("the second request does not continue the first, or knows %d items", second.known)
	}
	from = second.after("resp_2", output)
	history := []string{item(1), reply, item(2), reply, item(3)}
	for _, c := range []struct {
		name  string
		input []string
		known int
		ok    bool
	}{
		{"to the byte", history, 3, true},
		{"with blanks", []string{" " + item(1), reply, item(2), reply, item(3)}, 0, true},
		{"with other escapes", []string{strings.ReplaceAll(item(1), "é", `\u00e9`), reply, item(2), reply, item(3)}, 0, true},
		{"an answer with blanks", []string{item(1), reply, item(2), strings.ReplaceAll(reply, ":", ": "), item(3)}, 3, true},
		{"nothing new", history[:4], 3, false},
		{"without the answer", append(history[:3:3], item(3)), 3, false},
		{"shorter", history[:2], 0, false},
		{"another start", append([]string{item(7)}, history[1:]...), 0, false},
		{"another last known item", []string{item(1), reply, item(8), reply, item(3)}, 0, false},
		{"none", nil, 0, false},
	} {
		f := frameOf(body(c.input...))
		if ok := f.continues(from); ok != c.ok || f.known != c.known {
			t.Errorf("%s: continues: %t, knows %d items", c.name, ok, f.known)
			continue
		}
		if c.ok {
			text := string(f.text(from, rawjson.Value{}))
			want := `"previous_response_id":"resp_2","input":[` + item(3) + `]`
			if !strings.Contains(text, want) {
				t.Errorf("%s: %s does not hold %s", c.name, text, want)
			}
		}
		// The continuation does not depend on what is known.
		a, b := f.after("r", output), frameOf(body(c.input...)).after("r", output)
		if *a != *b {
			t.Errorf("%s: %+v, without known items %+v", c.name, a, b)
		}
	}
}

// TestFrameOfAnotherItem checks that different items have different fingerprints.
func TestFrameOfAnotherItem(t *testing.T) {
	body := func(input ...string) rawjson.Value {
		return rawjson.MustParse(`{"model":"m","input":[` + strings.Join(input, ",") + `]}`)
	}
	var many strings.Builder
	for i := range 40 {
		fmt.Fprintf(&many, `,"m%d":0`, i)
	}
	pairs := [][2]string{
		{`{"a":"A","a":"B"}`, `{"a":"B","a":"A"}`}, // the last member of a name counts
		{`{"a":"A","a":null}`, `{"a":null,"a":"A"}`},
		{`{"a":"A","\u0061":"B"}`, `{"a":"B","\u0061":"A"}`},
		{`{"x":1` + many.String() + `,"a":"A","a":"B"}`, `{"x":1` + many.String() + `,"a":"B","a":"A"}`},
	}
	for i := range 64 { // enough to detect any confusion of the two kinds
		pairs = append(pairs, [2]string{fmt.Sprintf(`{"a":%d}`, i), fmt.Sprintf(`{"a":"%d"}`, i)})
	}
	for _, pair := range pairs {
		for _, p := range [][2]string{pair, {pair[1], pair[0]}} {
			from := frameOf(body(p[0])).after("resp_1", rawjson.MustParse(`[]`))
			if frameOf(body(p[1], `"new"`)).continues(from) {
				t.Errorf("%s continues %s", p[1], p[0])
			}
			if !frameOf(body(p[0], `"new"`)).continues(from) {
				t.Errorf("%s does not continue itself", p[0])
			}
		}
	}
}

// frameOf returns the frame of a body.
func frameOf(body rawjson.Value) *createFrame {
	return newCreateFrame(func() rawjson.Value { return body }, body.Without("input"), inParts(body.Get("input")))
}

// inParts returns the text of a value in parts of two bytes.
func inParts(v rawjson.Value) (p splitText) {
	for part := range slices.Chunk(v.Bytes(), 2) {
		p = append(p, part)
	}
	return p
}
