package rawjson

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// request returns a request with the elements of a list, which is long enough for a
// Parser.
func request(id int, elements string) []byte {
	return []byte(lengthen(fmt.Sprintf(`{"id":%d,"params":{"text":"%s","input":[%s],"tools":[{"a":1}]}}`, id, strings.Repeat("~", longText/longValue), elements)))
}

// checkSame compares the value of a Parser with that of Parse.
func checkSame(t *testing.T, p *Parser, text []byte) {
	t.Helper()
	got, err := p.Parse(text)
	want, wanted := Parse(text)
	if fmt.Sprint(err) != fmt.Sprint(wanted) {
		t.Fatalf("error = %v, want %v", err, wanted)
	}
	if err != nil {
		return
	}
	if !bytes.Equal(got.Bytes(), want.Bytes()) || got.form() != want.form() {
		t.Fatalf("value of form %v, want %v", got.form(), want.form())
	}
	checkOutline(t, got)
	for _, v := range []Value{got, got.Clone()} {
		checkFacts(t, v)
	}
}

// checkFacts notes the text of each value in v, and checks that no other text was
// noted about it.
func checkFacts(t *testing.T, v Value) {
	t.Helper()
	if c := v.Element(); c != nil {
		c.Note(string(v.Bytes()))
		for f := c.facts.Load(); f != nil; f = f.before {
			if f.what != string(v.Bytes()) {
				t.Fatalf("%q was noted about %q", f.what, v.Bytes())
			}
		}
	}
	if v.Cursor().Element() != v.Element() {
		t.Fatalf("at %q: another element", v.Bytes())
	}
	for _, value := range v.members() {
		checkFacts(t, value)
	}
	for element := range v.Elements() {
		checkFacts(t, element)
	}
}

func TestParser(t *testing.T) {
	const first = `{"role":"user"},{"content":["~",{"text":"~"}]},"~"`
	for _, test := range []struct {
		name, elements string
		repeated       int // elements that are not scanned
	}{
		{"the same", first, 4},
		{"more", first + `,{"a":"~"},[]`, 3},
		{"fewer", `{"role":"user"}`, 1},
		{"another in between", `{"role":"user"},{},{"content":["~",{"text":"~"}]},"~"`, 1},
		{"with spaces", strings.ReplaceAll(first, `"user"}, {`, `"user"} , {`), 4},
		{"a number in between", `{"role":"user"},1,{"content":["~",{"text":"~"}]},"~"`, 4},
		{"beyond ASCII", first + `,"é~"`, 3},
		{"none", ``, 0},
		{"not closed", `{"role":"user"},{"content":["~",{"text":"~"}]`, 1},
		{"no comma", `{"role":"user"}"~"`, 1},
		{"in a body", `],"body":{"input":[` + first + `]},"more":[` + first, 0},
		{"an escape", `{"role":"user"},{"content":["~",{"text":"~"}]},"~\""`, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			var p Parser
			checkSame(t, &p, request(9, first))
			checkSame(t, &p, []byte(`{"id":1}`)) // is too short to be remembered
			checkSame(t, &p, request(10, test.elements))
			checkSame(t, &p, request(11, first))

			p = Parser{}
			p.Parse(request(9, first))
			const mark = 1 << 7
			for i := range p.last {
				p.last[i].form |= mark
			}
			p.Parse(request(10, test.elements))
			repeated := 0
			for _, e := range p.seen {
				repeated += int(e.form / mark)
			}
			if repeated != test.repeated {
				t.Errorf("%d elements are not scanned, want %d", repeated, test.repeated)
			}
		})
	}
}

// TestParserOfBody checks that the history in the body of a request is remembered,
// and not the lists in its items.
func TestParserOfBody(t *testing.T) {
	body := func(items string) []byte {
		return []byte(lengthen(`{"params":{"headers":{},"body":{"input":[` + items + `,"` + strings.Repeat("~", longText/longValue) + `"]}}}`))
	}
	const items = `{"content":[{"text":"~"},{"text":"~"}]},{"content":[]}`
	var p Parser
	for range 2 {
		checkSame(t, &p, body(items))
		if len(p.last) != 3 {
			t.Fatalf("%d elements are remembered, want 3", len(p.last))
		}
	}
	if !p.repeats {
		t.Error("the same body was scanned again")
	}
	deepest := strings.Repeat("[", MaxDepth-paramDepth) + strings.Repeat("]", MaxDepth-paramDepth)
	if _, err := p.Parse(request(1, deepest)); err != nil {
		t.Error(err)
	}
	if _, err := p.Parse(body(deepest)); err == nil {
		t.Error("a list that is nested too deeply in a body is accepted")
	}
}

// TestParserMemory checks that what a Parser remembers is bounded, and that the
// outline of a text stays smaller than the text.
func TestParserMemory(t *testing.T) {
	var p Parser
	deep := strings.Repeat("[", 5000) + strings.Repeat("]", 5000)
	for _, elements := range []string{
		strings.Repeat(`"",`, 3*maxElements) + `""`,
		strings.Repeat(`["~"],`, maxPlaces) + `""`,
		`"` + strings.Repeat("~", 5000) + `",` + deep,
		deep,
	} {
		for range 2 {
			text := request(1, elements)
			v, err := p.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(v.outline.places); n > firstPlaces+1+len(text)/bytesAPlace {
				t.Errorf("%d places for %d bytes", n, len(text))
			}
			if len(p.last) > maxElements || len(p.places) > maxPlaces {
				t.Errorf("%d elements and %d places are remembered", len(p.last), len(p.places))
			}
		}
	}
}

// TestParserWithoutElements checks that a text without elements takes no memory for
// those of a text before it.
func TestParserWithoutElements(t *testing.T) {
	var p Parser
	if _, err := p.Parse(request(1, strings.Repeat(`"",`, maxElements)+`""`)); err != nil {
		t.Fatal(err)
	}
	text := []byte(`{"params":{"input":"` + strings.Repeat("x", longText) + `"}}`)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const times = 10
	for range times {
		p.Parse(text)
	}
	runtime.ReadMemStats(&after)
	if got := (after.TotalAlloc - before.TotalAlloc) / times; got > longText {
		t.Errorf("%d bytes are allocated per text", got)
	}
}

func TestNotes(t *testing.T) {
	var p Parser
	input := func(elements string) []Value {
		t.Helper()
		v, err := p.Parse(request(1, elements))
		if err != nil {
			t.Fatal(err)
		}
		return slices.Collect(v.Get("params").Get("input").Elements())
	}
	type fact struct{ n int }
	first := input(`{"a":1},{"b":"~"},[2],3`)
	for _, v := range first {
		v.Element().Note(fact{1})
	}
	if !first[1].Element().Noted(fact{1}) || first[1].Element().Noted(fact{2}) || first[1].Element().Noted(1) {
		t.Error("a fact is not compared by ==")
	}
	first[1].Get("b").Element().Note(fact{1})
	for i, v := range input(`{"a":1},{"b":"~"},[4],{"b":"~"}`) {
		if got, want := v.Element().Noted(fact{1}), i < 2; got != want {
			t.Errorf("Noted of element %d = %v", i, got)
		}
		if i == 1 && (!v.Clone().Element().Noted(fact{1}) || v.Get("b").Element().Noted(fact{1})) {
			t.Error("a fact belongs to the element and its copy, and not to its members")
		}
	}
	for n := range 3 * maxFacts {
		first[0].Element().Note(fact{n})
	}
	if !first[0].Element().Noted(fact{1}) || first[0].Element().Noted(fact{2 * maxFacts}) {
		t.Error("the number of facts is not bounded")
	}
	var ready sync.WaitGroup
	for n := range maxFacts {
		ready.Go(func() { first[2].Element().Note(fact{n}) })
	}
	ready.Wait()
	for n := range maxFacts {
		if !first[2].Element().Noted(fact{n}) {
			t.Errorf("fact %d was lost", n)
		}
	}
}

func FuzzParser(f *testing.F) {
	for _, text := range outlined {
		f.Add(text, text+`,{"a":"~"}`)
	}
	f.Add(`1e`, `"~",-`)
	f.Fuzz(func(t *testing.T, one, two string) {
		var p Parser
		for _, elements := range []string{one, one + "," + two, two, one + two, one} {
			checkSame(t, &p, request(1, elements))
		}
	})
}
