package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"
)

// faults are differences, one per line.
type faults []string

func (f *faults) add(format string, args ...any) { *f = append(*f, fmt.Sprintf(format, args...)) }

// diff compares two JSON texts. Numbers are compared by value, to the last digit.
// An open comparison allows members that are not expected, and null for absent
// ones. Faults refer to the value as where.
func diff(where string, want, got json.RawMessage, open bool) []string {
	w, err := decodeTree(want)
	if err != nil {
		return []string{fmt.Sprintf("%s: the expectation is not JSON: %v", where, err)}
	}
	g, err := decodeTree(got)
	if err != nil {
		return []string{fmt.Sprintf("%s: not JSON: %v: %s", where, err, brief(got))}
	}
	var f faults
	f.value(where, w, g, open)
	return f
}

// diffRequest compares requests. Headers and the attributes of form parts may
// have additional members; everything else must be equal.
func diffRequest(where string, want, got Request) []string {
	closedWant, closedGot := want, got
	closedWant.Headers, closedGot.Headers = nil, nil
	closedWant.Multipart, closedGot.Multipart = nil, nil
	faults := diff(where, mustMarshal(closedWant), mustMarshal(closedGot), false)
	headers := merged(want.Headers, nil) // an object even if nothing is expected
	faults = append(faults, diff(where+".headers", mustMarshal(headers), mustMarshal(got.Headers), true)...)
	return append(faults, diff(where+".multipart", mustMarshal(want.Multipart), mustMarshal(got.Multipart), true)...)
}

// value compares two values. Two placeholders are objects: {"{{has}}": …} for
// an object with at least these members, {"{{json}}": …} for a string that
// contains such JSON.
func (f *faults) value(where string, want, got any, open bool) {
	same := false
	switch w := want.(type) {
	case map[string]any:
		if some, ok := placeholder(w, "{{has}}"); ok {
			f.value(where, some, got, true)
			return
		}
		if inner, ok := placeholder(w, "{{json}}"); ok {
			f.embedded(where, inner, got)
			return
		}
		if g, ok := got.(map[string]any); ok {
			f.object(where, w, g, open)
			return
		}
	case []any:
		if g, ok := got.([]any); ok {
			f.array(where, w, g, open)
			return
		}
	case json.Number:
		g, ok := got.(json.Number)
		same = ok && equal(w, g)
	case string:
		same = matches(w, got)
	default: // bool, nil
		same = want == got
	}
	if !same {
		f.add("%s: want %s, got %s", where, show(want), show(got))
	}
}

// embedded compares the JSON in a string, which may have additional members in
// any order.
func (f *faults) embedded(where string, want, got any) {
	if text, ok := got.(string); ok {
		if inner, err := decodeTree(json.RawMessage(text)); err == nil {
			f.value(where, want, inner, true)
			return
		}
	}
	f.add("%s: want a string with JSON, got %s", where, show(got))
}

func (f *faults) object(where string, want, got map[string]any, open bool) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		g, ok := got[name]
		switch {
		case ok:
			f.value(where+"."+name, want[name], g, open)
		case !open || want[name] != nil:
			f.add("%s.%s: missing, want %s", where, name, show(want[name]))
		}
	}
	if open {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			f.add("%s.%s: unexpected: %s", where, name, show(got[name]))
		}
	}
}

func (f *faults) array(where string, want, got []any, open bool) {
	if len(want) != len(got) {
		f.add("%s: want %d elements, got %d: %s", where, len(want), len(got), show(got))
	}
	for i := range min(len(want), len(got)) {
		f.value(fmt.Sprintf("%s[%d]", where, i), want[i], got[i], open)
	}
}

// placeholder returns the value of an object whose only member has the given
// name.
func placeholder(object map[string]any, name string) (any, bool) {
	value, ok := object[name]
	return value, ok && len(object) == 1
}

// within are the placeholders within strings, for values that differ between
// runs.
var within = strings.NewReplacer(
	regexp.QuoteMeta("{{uuid}}"), `[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`,
	regexp.QuoteMeta("{{version}}"), `[0-9]+(\.[0-9]+){1,2}(-[0-9A-Za-z.]+)?`,
)

// matches reports whether a value equals the expected string, apart from the
// placeholders of case.schema.json.
func matches(want string, got any) bool {
	if want == "{{now}}" {
		n, ok := got.(json.Number)
		if !ok {
			return false
		}
		unix, err := n.Float64()
		return err == nil && max(unix-float64(time.Now().Unix()), float64(time.Now().Unix())-unix) <= 60
	}
	text, ok := got.(string)
	if pattern := regexp.QuoteMeta(want); strings.Contains(want, "{{") {
		return ok && regexp.MustCompile("^("+within.Replace(pattern)+")$").MatchString(text)
	}
	return ok && text == want
}

// equal reports whether two numbers have the same value. As floats, neighbouring
// integers beyond 2^53 would be equal. Numbers with exponents beyond a million
// are equal only if they are written alike.
func equal(a, b json.Number) bool {
	x, okX := new(big.Rat).SetString(string(a))
	y, okY := new(big.Rat).SetString(string(b))
	return a == b || okX && okY && x.Cmp(y) == 0
}

func decodeTree(text json.RawMessage) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var tree any
	err := dec.Decode(&tree)
	return tree, err
}

// mustMarshal encodes strings and valid JSON. It does not escape <, > and &, so
// that bodies and faults are as written.
func mustMarshal(v any) json.RawMessage {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err)
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}

func show(v any) string { return brief(mustMarshal(v)) }

// brief truncates a long text for a fault.
func brief(text []byte) string {
	const limit = 300
	if len(text) <= limit {
		return string(text)
	}
	return fmt.Sprintf("%s... (%d bytes)", bytes.ToValidUTF8(text[:limit], nil), len(text))
}
